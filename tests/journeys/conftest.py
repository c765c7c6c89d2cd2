"""The world a journey starts in, and the people who walk through it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from takatuf.accounts import commands as accounts
from takatuf.accounts import queries as accounts_queries
from takatuf.accounts.models import Person
from takatuf.accounts.tests.factories import person, sign_in
from takatuf.opportunities import commands as opportunities
from takatuf.opportunities.models import Opportunity, Shift
from takatuf.registry import commands as registry
from takatuf.registry import queries
from takatuf.registry.enums import Role, Sector
from takatuf.registry.models import Body
from tests.browser import PHONE
from tests.journeys.visitor import CODE, Visitor

PASSWORD = "a long sentence of the unit's own"
LONG_AGO = date(2024, 1, 1)
HOUR = timedelta(hours=1)


@dataclass
class World:
    """A region with one body, its staff, and one opportunity everybody may join."""

    now: datetime
    desk_person: Person
    body: Body
    head: Person
    manager: Person
    colleague: Person
    opportunity: Opportunity

    def shifts(self, opportunity: Opportunity | None = None) -> list[Shift]:
        rows = Shift.objects.filter(opportunity=opportunity or self.opportunity)
        return list(rows.order_by("starts_at"))

    def let_pass(self, shift: Shift) -> None:
        """The shift was three hours ago: as if days had gone by."""
        start = timezone.now().replace(second=0, microsecond=0) - 4 * HOUR
        Shift.objects.filter(pk=shift.pk).update(starts_at=start, ends_at=start + 3 * HOUR)


@pytest.fixture
def world(live_server, settings) -> World:
    settings.DEMO = True  # the messages, and the codes in them, are at /demo/outbox
    now = timezone.now()
    call_command("load_region", verbosity=0)
    accounts.load_charter(at=now - timedelta(days=400))
    desk, body = queries.desk_body(), _body(now)
    desk_person = _staff(desk, Role.DESK, now, "مكتب تجريبي")
    head = _staff(body, Role.BODY_HEAD, now, "رئيسة تجريبية")
    registry.add_unit(body=body, name="وحدة التطوع", by=head, at=now)
    registry.activate_if_headed(body=body, by=None, at=now)
    body.refresh_from_db()
    manager = _staff(body, Role.UNIT_MANAGER, now, "مديرة تجريبية")
    colleague = _staff(body, Role.UNIT_MANAGER, now, "زميل تجريبي")
    opportunity = _opportunity(body, manager, now)
    return World(now, desk_person, body, head, manager, colleague, opportunity)


def _body(now: datetime) -> Body:
    details = registry.BodyDetails(
        name_ar="جمعية إطعام بتبوك (تجريبية)", name_en="Tabuk Food Society (demo)",
        sector=Sector.NON_PROFIT, governorate=queries.governorates().get(code="tabuk"),
        licence_number="DEMO-1", contact_email="body@demo.example",
        about="جمعية تجريبية تخدم الأسر في تبوك، ولها وحدة تطوع تستقبل المتطوعين وتتابعهم.",
    )  # fmt: skip
    return registry.add_body(
        details=details, by=None, at=now - timedelta(days=90), is_demo=True
    )


def _staff(body: Body, role: Role, now: datetime, name: str) -> Person:
    made = person(full_name=name, is_demo=True)
    registry.appoint(person=made, role=role, body=body, by=None, at=now, starts_on=LONG_AGO)
    return accounts.equip_demo_staff(person=made, password=PASSWORD, by=None, at=now)


def _opportunity(body: Body, manager: Person, now: datetime) -> Opportunity:
    """Written and handed in as its manager would, and good enough for the gate."""
    draft = opportunities.create_draft(body=body, by=manager, at=now)
    opportunities.save_step(
        opportunity_id=draft.pk, version=draft.version, by=manager, at=now,
        changes={
            "title": "تعبئة السلال الغذائية للأسر",
            "purpose": "تصل السلال إلى الأسر قبل بداية الشهر، فيخف عنها عبء المصاريف كل شهر.",
            "beneficiaries": "الأسر المحتاجة", "gains": "خبرة في العمل ضمن فريق",
            "tasks": ["فرز المواد الغذائية", "تعبئة السلال", "تحميل السيارات"],
            "field_id": queries.fields()[0].pk, "governorate_id": body.governorate_id,
            "place": "مستودع الجمعية", "support": ["meals"], "unpaid": True,
            "safety": "قفازات للجميع ومسعف في الموقع طوال المناوبة.",
            "training": "لقاء تعريفي مدته نصف ساعة قبل أول مناوبة.",
            "supervisor_id": manager.pk, "supervisor_role": "مديرة وحدة التطوع",
            "hours_estimate": 6, "min_age": 14, "minors_ready": True,
        },
    )  # fmt: skip
    role = draft.roles.get()
    morning = timezone.localtime(now).replace(hour=9, minute=0, second=0, microsecond=0)
    for days in (3, 4):
        start = morning + timedelta(days=days)
        opportunities.add_shift(
            opportunity_id=draft.pk, starts_at=start, ends_at=start + 3 * HOUR,
            seats={role.pk: (1, 5)}, by=manager, at=now,
        )  # fmt: skip
    opportunities.submit(opportunity_id=draft.pk, by=manager, at=now)
    draft.refresh_from_db()
    assert draft.status == "published"
    return draft


@pytest.fixture
def volunteer(world: World) -> Person:
    """Somebody who finished joining last month."""
    made = person(full_name="سعاد تجريبية", is_demo=True)
    registry.complete_welcome(
        person=made, governorate=world.body.governorate, interests=queries.fields()[:3],
        charter=accounts_queries.charter_in_force(world.now), by=made, at=world.now,
    )  # fmt: skip
    return made


@pytest.fixture
def visit(open_page, live_server) -> Callable[..., Visitor]:
    """``visit("/path/", language="en", signed_in=person)``: a visitor on that page."""

    def visit(
        path: str,
        *,
        language: str = "ar",
        signed_in: Person | None = None,
        scripts: bool = True,
        size: tuple[int, int] = PHONE,
    ) -> Visitor:
        page = open_page("/verify/", language=language, size=size, scripts=scripts)
        if signed_in:
            client = Client()
            sign_in(client, signed_in)
            name = django_settings.SESSION_COOKIE_NAME
            value = client.cookies[name].value
            page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        visitor = Visitor(page, language, scripts)
        visitor.go(path)
        return visitor

    return visit


@pytest.fixture
def code_sent_to(open_page) -> Callable[[str], str]:
    """The newest code written to an address, read where a visitor of the demo reads it."""

    def code_sent_to(address: str) -> str:
        page = open_page(f"/demo/outbox?q={address}")
        found = CODE.search(page.locator(".message-code").first.inner_text())
        assert found, page.content()
        return found[0]

    return code_sent_to
