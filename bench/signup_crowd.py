"""An opportunity with a hundred seats, and five hundred people at its door, signed in."""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts import queries as accounts
from takatuf.accounts.models import CharterAcceptance, Person
from takatuf.opportunities.models import Opportunity, OpportunityRole, Shift, ShiftRole
from takatuf.placement.models import Application
from takatuf.registry.models import Body, Field, Governorate, VolunteerProfile


@dataclass(frozen=True, kw_only=True)
class Gathering:
    """:param cookies: each person's session, as the browser sends it."""

    path: str
    role: int
    cookies: list[str]

    def outcome(self) -> tuple[dict[str, int], int]:
        """How many are in which state, and how many seats count as taken."""
        rows = Application.objects.filter(shift_role=self.role)
        states = Counter(rows.values_list("status", flat=True))
        return dict(states), ShiftRole.objects.get(pk=self.role).taken


@transaction.atomic
def gather(*, people: int, seats: int) -> Gathering:
    run = uuid.uuid4().hex[:8]
    role = _role(run, seats)
    crowd = _people(run, people)
    return Gathering(
        path=reverse("site:opportunity", args=[role.shift.opportunity.code]),
        role=role.pk,
        cookies=_cookies(crowd),
    )


def _role(run: str, seats: int) -> ShiftRole:
    now = timezone.now()
    opportunity = Opportunity.objects.create(
        code=run.upper(), body=_body(), title="غرس شتلات", field=_field(),
        governorate=_governorate(), way="open", place="تبوك", tasks=["غرس"], unpaid=True,
        status="published", imported=True, is_demo=True, created_at=now, published_at=now,
        reconfirm_by=timezone.localdate() + timedelta(days=30), seats_total=seats,
    )  # fmt: skip
    start = now + timedelta(days=3)
    shift = Shift.objects.create(
        opportunity=opportunity, starts_at=start, ends_at=start + timedelta(hours=3)
    )
    part = OpportunityRole.objects.create(opportunity=opportunity, title="متطوع")
    return ShiftRole.objects.create(shift=shift, role=part, seats=seats, minimum=1)


def _governorate() -> Governorate:
    made = {"name_ar": "تبوك", "name_en": "Tabuk", "latitude": "28.415", "longitude": "36.534"}
    return Governorate.objects.get_or_create(code="tabuk", defaults=made)[0]


def _field() -> Field:
    made = {"name_ar": "تشجير", "name_en": "Tree planting"}
    return Field.objects.get_or_create(code="bench", defaults=made)[0]


def _body() -> Body:
    now = timezone.now()
    made = {
        "name_ar": "جمعية القياس", "name_en": "Bench Society", "name_sort_key": "جمعيه",
        "sector": "non_profit", "governorate": _governorate(), "licence_number": "bench",
        "status": "active", "verified_at": now, "created_at": now, "is_demo": True,
    }  # fmt: skip
    return Body.objects.get_or_create(code="bench", defaults=made)[0]


def _people(run: str, count: int) -> list[Person]:
    now = timezone.now()
    crowd = Person.objects.bulk_create(
        Person(
            full_name=f"متطوع {n}", name_sort_key=f"متطوع {n}", is_demo=True,
            email=f"{run}-{n}@demo.example", birth_date=date(1995, 5, 5),
        )
        for n in range(count)
    )  # fmt: skip
    VolunteerProfile.objects.bulk_create(
        VolunteerProfile(person=p, governorate=_place, created_at=now)
        for _place in [_governorate()]
        for p in crowd
    )
    if charter := accounts.charter_in_force(now):
        CharterAcceptance.objects.bulk_create(
            CharterAcceptance(person=p, charter=charter, accepted_at=now) for p in crowd
        )
    return crowd


def _cookies(crowd: list[Person]) -> list[str]:
    store, ends = SessionStore(), timezone.now() + timedelta(days=1)
    rows = [
        Session(
            session_key=uuid.uuid4().hex, expire_date=ends,
            session_data=store.encode({
                SESSION_KEY: str(person.pk),
                BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                HASH_SESSION_KEY: person.get_session_auth_hash(),
            }),
        )
        for person in crowd
    ]  # fmt: skip
    Session.objects.bulk_create(rows)
    return [f"{settings.SESSION_COOKIE_NAME}={row.session_key}" for row in rows]
