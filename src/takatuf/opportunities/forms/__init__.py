"""Forms of the studio and of the pages about an opportunity's life."""

from takatuf.opportunities.forms.acts import ReasonForm, WishForm
from takatuf.opportunities.forms.shifts import (
    ChangeShiftForm,
    MoveOpportunityForm,
    MoveShiftForm,
    RoleForm,
    ShiftForm,
    WeeklyForm,
)
from takatuf.opportunities.forms.steps import STEPS, step_form

__all__ = [
    "STEPS",
    "ChangeShiftForm",
    "MoveOpportunityForm",
    "MoveShiftForm",
    "ReasonForm",
    "RoleForm",
    "ShiftForm",
    "WeeklyForm",
    "WishForm",
    "step_form",
]
