"""Personal data of the registry, and what people under two records need settled."""

from django.utils.translation import gettext_lazy

from takatuf.kernel.privacy import Erase, PersonalField, classify
from takatuf.registry import models
from takatuf.registry.models import VolunteerProfile
from takatuf.registry.policies import GOES, STAYS, Clash, merge_clashes

# ---------------------------------------------------------------- people under two records
merge_clashes.add("accounts.CharterAcceptance", STAYS)
merge_clashes.add(
    "accounts.GuardianConsent",
    Clash(
        settle=gettext_lazy(
            "A guardian was asked, or agreed, under both records: have one taken back."
        )
    ),
)
merge_clashes.add(
    "accounts.RecoveryRequest",
    Clash(settle=gettext_lazy("Both records have a way back in under way: end one of them.")),
)
merge_clashes.add(
    "accounts.BirthDateRequest",
    Clash(
        settle=gettext_lazy(
            "Both records wait for the desk to correct a birth date: decide on one of them."
        )
    ),
)
for _once in ("Office", "SkillGrant", "SkillRequest", "TeamMember", "TeamRequest"):
    merge_clashes.add(f"registry.{_once}", GOES)


# ---------------------------------------------------------------- personal data
BODIES = gettext_lazy("Bodies whose opportunity the person joins")
NOBODY = gettext_lazy("Nobody else")
EVERYBODY = gettext_lazy("Everybody, if the person agreed")
DESK = gettext_lazy("The regional desk")


def _profile(field: str):
    def export(person):
        value = VolunteerProfile.objects.filter(person=person).values_list(field, flat=True)
        return next((str(one) for one in value), None)

    return export


def _rows(model, owner: str, field: str):
    def export(person):
        rows = model.objects.filter(**{owner: person}).order_by("pk")
        return [str(value) for value in rows.values_list(field, flat=True)]

    return export


for field, purpose, who in [
    ("governorate", gettext_lazy("To show what is near"), BODIES),
    ("home_latitude", gettext_lazy("Distance, rounded to 1 km; optional"), NOBODY),
    ("home_longitude", gettext_lazy("Distance, rounded to 1 km; optional"), NOBODY),
    ("reach_km", gettext_lazy("To offer only what is within reach"), NOBODY),
    ("weekly_minutes", gettext_lazy("So that nobody is placed beyond it"), BODIES),
    ("suggestions_a_week", gettext_lazy("So that nobody hears more than they wish"), NOBODY),
    ("about", gettext_lazy("The person's own words to bodies"), BODIES),
    ("import_note", gettext_lazy("Words of an imported list to be sorted out"), NOBODY),
    ("card_number", gettext_lazy("The volunteer's card"), BODIES),
    (
        "proposals_agreed_at",
        gettext_lazy("To propose places that were not asked for"),
        gettext_lazy("Bodies whose places the person is proposed for, and the desk"),
    ),
]:
    classify(
        PersonalField(
            model="registry.VolunteerProfile", field=field, purpose=purpose,
            who_may_see=who, export=_profile(field), erase=Erase.DELETE_ROW,
        )
    )  # fmt: skip
for model, owner, field, purpose, who, erase in [
    ("Interest", "profile__person", "field__code", gettext_lazy("To offer what fits"), NOBODY,
     Erase.DELETE_ROW),
    ("LanguageSpoken", "profile__person", "language", gettext_lazy("To offer what fits"),
     BODIES, Erase.DELETE_ROW),
    ("Availability", "profile__person", "part", gettext_lazy("To offer what fits"), NOBODY,
     Erase.DELETE_ROW),
    ("SkillGrant", "person", "skill__code", gettext_lazy("To check what a place asks for"),
     BODIES, Erase.DELETE_ROW),
    ("SkillGrant", "person", "source", gettext_lazy("What a confirmed skill rests on"),
     BODIES, Erase.DELETE_ROW),
    ("SkillRequest", "person", "skill__code", gettext_lazy("To ask a body to confirm a skill"),
     gettext_lazy("The body that was asked"), Erase.DELETE_ROW),
    ("SkillRequest", "person", "reason", gettext_lazy("Why a skill was not confirmed"),
     gettext_lazy("The body that was asked"), Erase.DELETE_ROW),
    ("TeamMember", "person", "team__name", gettext_lazy("The team's record"), EVERYBODY,
     Erase.KEEP),
    ("Office", "person", "role", gettext_lazy("Who acted for a body, and when"), EVERYBODY,
     Erase.KEEP),
    ("Concern", "reporter", "text", gettext_lazy("To answer the concern"), DESK, Erase.KEEP),
]:  # fmt: skip
    classify(
        PersonalField(
            model=f"registry.{model}", field=field, purpose=purpose, who_may_see=who,
            export=_rows(getattr(models, model), owner, field), erase=erase,
        )
    )  # fmt: skip
