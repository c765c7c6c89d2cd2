"""A plan's numbers in plain words: why somebody is proposed, under which name."""

from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _

from takatuf.kernel import typography
from takatuf.placement.enums import ProposalStatus


def reasons(parts: Mapping[str, int], weights: Mapping[str, int]) -> list[Any]:
    """What speaks for somebody, and how far it is; the weightiest first.

    :param parts: of the score, as a proposal keeps them.
    :param weights: the settings it was worked out with.
    """
    found: list[Any] = []
    if "applied" in parts:
        found.append(_("asked for it"))
    if "fit" in parts:
        exact = parts["fit"] >= weights["fit"]
        found.append(_("the right skill") if exact else _("more skill than needed"))
    if "cause" in parts:
        found.append(_("cares for the field"))
    if 2 * parts.get("rest", 0) >= weights["rest"] > 0:
        found.append(_("few hours lately"))
    if "stay" in parts:
        found.append(_("proposed before too"))
    if "away" in parts and weights["away"]:
        km = typography.num(round(-parts["away"] / weights["away"]))
        found.append(format_html(_("{km} km away"), km=km))
    return found


def name_for_body(proposal) -> str:
    """Whoever did not ask the body is known by the first name until a place is offered."""
    known = proposal.asked or proposal.status in (ProposalStatus.APPROVED, ProposalStatus.ENDED)
    name = proposal.person.full_name
    return name if known else name.partition(" ")[0]
