"""The people a visitor of the demo signs in as: one for each role."""

import json
from datetime import timedelta
from pathlib import Path

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils import timezone

from takatuf.accounts import commands as accounts
from takatuf.accounts import queries as accounts_queries
from takatuf.accounts.enums import Relation
from takatuf.accounts.models import Person
from takatuf.credentials import commands as credentials
from takatuf.demo.bodies import staff_member
from takatuf.demo.people import BATCH
from takatuf.demo.queries import FILE
from takatuf.demo.world import World
from takatuf.kernel.text.arabic import sort_key
from takatuf.registry import commands as registry
from takatuf.registry.enums import Role


def add_desk(world: World) -> None:
    """The association's own people come first: they decide on what follows."""
    since = timezone.localdate(world.now) - timedelta(days=395)
    for role, handle, name in (
        (Role.DESK, "desk", "منيرة تجريبية"),
        (Role.DESK, "desk2", "عبدالرحمن تجريبي"),
        (Role.REVIEWER, "reviewer", "سمية تجريبية"),
        (Role.AUDITOR, "auditor", "وليد تجريبي"),
    ):
        person = staff_member(world, handle, name=name)
        registry.appoint(
            person=person, role=role, body=world.desk, by=None, at=world.now, starts_on=since
        )
        if role == Role.DESK:
            world.desk_people.append(person)
            world.desk_person = world.desk_people[0]
        world.cast.append((person, role.value))


def name_cast(world: World) -> None:
    """Before anything is written to them, so that every message knows them by these names."""
    body = world.bodies[0]
    manager, colleague = world.managers[body.pk]
    _known(world.volunteers[0], "نورة تجريبية", "volunteer")
    _known(world.minors[0], "راكان تجريبي", "minor")
    _known(world.minors[1], "لمى تجريبية", "minor2")
    _known(world.teams[0][1], "تركي تجريبي", "leader")
    _known(manager, "هند تجريبية", "manager")
    _known(colleague, "أحمد تجريبي", "colleague")
    _known(world.heads[body.pk], "فاطمة تجريبية", "head")


def add_cast(world: World) -> None:
    """A volunteer, a minor with and one without consent, a manager, a head, a team leader."""
    body = world.bodies[0]
    volunteer, minor, leader = world.volunteers[0], world.minors[0], world.teams[0][1]
    manager, colleague = world.managers[body.pk]
    head = world.heads[body.pk]
    _consent(world, world.minors[1])
    today = timezone.localdate(world.now)
    credentials.issue_card(
        person_id=volunteer.pk, body=body, valid_from=today,
        valid_until=today + timedelta(days=365), by=manager, at=world.now, is_demo=True,
    )  # fmt: skip
    admin = staff_member(world, "admin", name="إدارة النظام التجريبية")
    Person.objects.filter(pk=admin.pk).update(is_staff=True, is_superuser=True)
    world.cast = [
        (volunteer, "volunteer"), (minor, "minor"), (leader, "team_leader"),
        (manager, "unit_manager"), (colleague, "unit_manager"), (head, "body_head"),
        *world.cast, (admin, "admin"),
    ]  # fmt: skip
    prove_addresses()
    for person, role in world.cast:
        if role not in ("volunteer", "minor", "team_leader"):
            accounts.equip_demo_staff(
                person=person, password=world.password, by=None, at=world.now
            )


def prove_addresses() -> None:
    """Everybody invented so far has proved the address they were given."""
    invented = Person.objects.filter(is_demo=True, email_verified=True, emailaddress=None)
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=p, email=p.email, verified=True, primary=True) for p in invented],
        batch_size=BATCH,
    )


def _known(person: Person, name: str, handle: str) -> None:
    """Give somebody a name and an address that can be remembered."""
    person.full_name, person.name_sort_key = name, sort_key(name)[:140]
    person.email = f"{handle}@demo.example"
    person.save(update_fields=["full_name", "name_sort_key", "email"])


def _consent(world: World, minor: Person) -> None:
    accounts.ask_consent(
        minor=minor, guardian_name="ولي أمر تجريبي", relation=Relation.FATHER,
        contact="guardian@demo.example", by=minor, at=world.now - timedelta(days=5),
    )  # fmt: skip
    if consent := accounts_queries.live_consent_of(minor):
        accounts.give_consent(consent=consent, at=world.now - timedelta(days=4))


TITLES = {
    "volunteer": ("تطوع", "volunteer"), "minor": ("تطوع دون 18", "volunteer under 18"),
    "team_leader": ("قيادة فريق", "team leader"), "unit_manager": ("إدارة وحدة التطوع", "unit manager"),
    "body_head": ("رئاسة الجهة", "head of a body"), "desk": ("المكتب الإقليمي", "regional desk"),
    "reviewer": ("مراجعة الفرص", "reviewer"), "auditor": ("التدقيق", "auditor"), "admin": ("إدارة النظام", "administrator"),
}  # fmt: skip


def write_cast(world: World) -> None:
    """Leave the list for `bin/demo`: who signs in how."""
    by_code = "code: /demo/outbox"
    second = "the page of the second factor shows its code"
    rows = [
        {
            "role_ar": TITLES[role][0],
            "role_en": TITLES[role][1],
            "name": person.full_name,
            "sign_in": person.email,
            "secret": world.password if has_password(person) else "",
            "note": second if has_password(person) else by_code,
        }
        for person, role in world.cast
    ]
    path = Path(settings.DATA_DIR) / FILE
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1))
    path.chmod(0o600)


def has_password(person: Person) -> bool:
    return Authenticator.objects.filter(user=person).exists()
