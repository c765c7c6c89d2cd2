"""What the registry's pages ask. Words and reach only: no form saves anything."""

from takatuf.registry.forms.bodies import (
    AnswerForm,
    BodyForm,
    ConcernForm,
    ContactField,
    FollowForm,
    InvitationForm,
    LicenceOfBodyForm,
    NewBodyForm,
    ReasonForm,
    TeamForm,
    UnitForm,
)
from takatuf.registry.forms.volunteers import (
    AvailabilityForm,
    LicenceForm,
    PreferencesForm,
    SkillsForm,
    WelcomeForm,
)

__all__ = [
    "AnswerForm",
    "AvailabilityForm",
    "BodyForm",
    "ConcernForm",
    "ContactField",
    "FollowForm",
    "InvitationForm",
    "LicenceForm",
    "LicenceOfBodyForm",
    "NewBodyForm",
    "PreferencesForm",
    "ReasonForm",
    "SkillsForm",
    "TeamForm",
    "UnitForm",
    "WelcomeForm",
]
