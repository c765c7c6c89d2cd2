"""Somebody who fits a general place, the place, and what may stand between them."""

from datetime import UTC, datetime, timedelta

from takatuf.placement.eligibility import Applicant, Engagement, Grant, Place

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)  # Monday noon in Riyadh
START = datetime(2026, 11, 29, 6, tzinfo=UTC)  # Sunday 09:00 there
FIRST_AID, DRIVING = 7, 9
HERE, THERE = (35_000, 31_000), (35_600, 31_800)  # 100 km apart

PERSON = Applicant(
    age=30,
    gender="female",
    has_profile=True,
    charter_accepted=True,
    consent_given=False,
    covenant_signed=False,
    languages=frozenset({"ar"}),
    grants=(),
    engagements=(),
    weekly_minutes=600,
    minutes_in_week=0,
    free=None,
    invited=False,
)
PLACE = Place(
    shift_id=1,
    starts_at=START,
    ends_at=START + timedelta(hours=3),
    title="غرس شتلات",
    stands=True,
    paused=False,
    confirmed_until=None,
    by_invitation=False,
    min_age=18,
    max_age=None,
    gender_rule="anyone",
    gender_reason="",
    languages=frozenset(),
    skill_id=None,
    skill_name="",
    level=None,
    least_basis="",
)
SKILLED = {
    "skill_id": FIRST_AID,
    "skill_name": "First aid",
    "level": 2,
    "least_basis": "evidenced",
}


BOTH = SKILLED | {"credential_id": DRIVING, "credential_name": "Driving"}
LICENSED = BOTH | {"credential_licensed": True}


def grant(**fields):
    return Grant(
        **{"skill_id": FIRST_AID, "level": 2, "basis": "course", "valid_until": None, **fields}
    )


def drives(**fields):
    return grant(**{"skill_id": DRIVING, "level": 1, "basis": "declared"} | fields)


def busy(start, hours=2, shift_id=9, spot=None):
    return Engagement(
        shift_id=shift_id, starts_at=start, ends_at=start + timedelta(hours=hours), title="عمل",
        spot=spot,
    )  # fmt: skip
