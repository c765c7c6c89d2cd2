"""Placement's tables: places, covers, covenants; matching rounds, their plans and proposals."""

from takatuf.placement.models.applications import Application, Covenant
from takatuf.placement.models.asks import CoverAsk
from takatuf.placement.models.covers import Cover
from takatuf.placement.models.rounds import Proposal, Round, RoundPlace, RoundPlan
from takatuf.placement.models.trials import RoundTrial

__all__ = [
    "Application",
    "Covenant",
    "Cover",
    "CoverAsk",
    "Proposal",
    "Round",
    "RoundPlace",
    "RoundPlan",
    "RoundTrial",
]
