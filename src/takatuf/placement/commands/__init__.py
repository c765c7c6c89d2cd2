"""Changing placement. One function, one thing that can happen, one transaction."""

from takatuf.placement.commands.answering import (
    Accepted,
    DoesNotFit,
    NoSeatLeft,
    accept_application,
    accept_applications,
    close_overtaken,
    confirm_place,
    decline_application,
    expire_offers,
    invite,
    reconfirm_place,
    withdraw,
)
from takatuf.placement.commands.applying import NotEligible, NothingChosen, apply
from takatuf.placement.commands.approving import (
    Approved,
    approve_all,
    approve_proposal,
    approve_proposals,
    reject_proposal,
)
from takatuf.placement.commands.changing import NotThere, change_place
from takatuf.placement.commands.covenants import CannotSign, sign_covenant
from takatuf.placement.commands.following import (
    fill_seats,
    follow_moved_shifts,
    free_places_of,
    mark_outcome,
    release_cancelled_shift,
    release_cancelled_shifts,
    remind_of_shifts,
)
from takatuf.placement.commands.proposals import CannotApprove
from takatuf.placement.commands.proving import ask_to_confirm, confirm_skill
from takatuf.placement.commands.rounds import (
    CannotOpen,
    Scope,
    cancel_round,
    change_round,
    close_round,
    close_rounds_over,
    give_up_stalled,
    open_round,
    start_round,
)

__all__ = [
    "Accepted",
    "Approved",
    "CannotApprove",
    "CannotOpen",
    "CannotSign",
    "DoesNotFit",
    "NoSeatLeft",
    "NotEligible",
    "NotThere",
    "NothingChosen",
    "Scope",
    "accept_application",
    "accept_applications",
    "apply",
    "approve_all",
    "approve_proposal",
    "approve_proposals",
    "ask_to_confirm",
    "cancel_round",
    "change_place",
    "change_round",
    "close_overtaken",
    "close_round",
    "close_rounds_over",
    "confirm_place",
    "confirm_skill",
    "decline_application",
    "expire_offers",
    "fill_seats",
    "follow_moved_shifts",
    "free_places_of",
    "give_up_stalled",
    "invite",
    "mark_outcome",
    "open_round",
    "reconfirm_place",
    "reject_proposal",
    "release_cancelled_shift",
    "release_cancelled_shifts",
    "remind_of_shifts",
    "sign_covenant",
    "start_round",
    "withdraw",
]
