"""Placement's tables: places and covenants; matching rounds with their plans and proposals."""

from takatuf.placement.models.applications import Application, Covenant
from takatuf.placement.models.rounds import Proposal, Round, RoundPlace, RoundPlan

__all__ = ["Application", "Covenant", "Proposal", "Round", "RoundPlace", "RoundPlan"]
