"""The registry's tables."""

from takatuf.registry.models.bodies import (
    Body,
    BodyFigures,
    Invitation,
    Office,
    OfficeReminder,
    Team,
    TeamMember,
    TeamRequest,
    Unit,
)
from takatuf.registry.models.concerns import Concern
from takatuf.registry.models.merges import PersonMerge
from takatuf.registry.models.region import Field, Governorate, Skill
from takatuf.registry.models.volunteers import (
    Availability,
    Interest,
    LanguageSpoken,
    SkillGrant,
    SkillRequest,
    VolunteerProfile,
)

__all__ = [
    "Availability",
    "Body",
    "BodyFigures",
    "Concern",
    "Field",
    "Governorate",
    "Interest",
    "Invitation",
    "LanguageSpoken",
    "Office",
    "OfficeReminder",
    "PersonMerge",
    "Skill",
    "SkillGrant",
    "SkillRequest",
    "Team",
    "TeamMember",
    "TeamRequest",
    "Unit",
    "VolunteerProfile",
]
