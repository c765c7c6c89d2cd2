"""Ready certificates and cards, issued as in life, for tests of this floor and those above."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from takatuf.credentials import commands
from takatuf.registry.enums import Role
from takatuf.registry.tests.factories import BodyFactory, OfficeFactory, PersonFactory

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SNAPSHOT = {
    "work": "تجهيز السلال الغذائية وتوزيعها",
    "class": "skilled",
    "field_ar": "الخدمات الاجتماعية",
    "field_en": "Social services",
    "place": "مستودع الجمعية",
    "governorate_ar": "تبوك",
    "governorate_en": "Tabuk",
    "tasks": ["فرز المواد", "تعبئة السلال", "إدخال البيانات في Excel"],
    "experience": "العمل ضمن فريق وتنظيم المستودع",
    "first_day": "2026-10-02",
    "last_day": "2026-11-20",
    "times": 4,
    "minutes": 810,
    "minutes_by_evidence": {"scanned": 600, "leader": 210},
    "opportunity": "P-00001",
    "body_ar": "جمعية",
    "body_en": "Society",
    "team": "فريق العطاء",
}


def manager_of(body):
    return OfficeFactory(body=body, role=Role.UNIT_MANAGER).person


def head_of(body):
    return OfficeFactory(body=body, role=Role.BODY_HEAD).person


def desk_person():
    return OfficeFactory(body=BodyFactory(desk=True), role=Role.DESK).person


def certificate(
    *, holder=None, body=None, subject=None, by=None, at=AT, is_demo=False, anew="", **said
):  # fmt: skip
    """A certificate about ``subject`` (any row; the body itself if none is given)."""
    body = body or BodyFactory()
    holder = holder or PersonFactory(full_name="نورة سالم العطوي")
    return commands.issue_certificate(
        kind="volunteering",
        holder=holder,
        body=body,
        subject=subject or body,
        snapshot=SNAPSHOT | said,
        by=by,
        at=at,
        is_demo=is_demo,
        anew=anew,
    )


def card(*, holder=None, body=None, by=None, at=None, days=364, **fields):
    """A card valid from the day of issue for so many days."""
    body = body or BodyFactory()
    at = at or timezone.now()
    holder = holder or PersonFactory(full_name="نورة سالم العطوي")
    first = timezone.localdate(at)
    return commands.issue_card(
        person_id=holder.pk,
        body=body,
        valid_from=fields.get("valid_from", first),
        valid_until=fields.get("valid_until", first + timedelta(days=days)),
        by=by or manager_of(body),
        at=at,
    )
