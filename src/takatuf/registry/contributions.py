"""What the registry adds to the kernel's registries, and to accounts' questions."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from takatuf.accounts import policies as accounts
from takatuf.kernel import search
from takatuf.kernel.desk import DeskItem
from takatuf.kernel.jobs import every
from takatuf.kernel.outbox import Template
from takatuf.kernel.privacy import Erase, PersonalField, classify
from takatuf.kernel.references import reference
from takatuf.kernel.registries import (
    desk_items,
    importers,
    invariants,
    message_templates,
    reminders,
    shell_parts,
)
from takatuf.kernel.typography import when
from takatuf.registry import commands, documents, links, models, policies, queries
from takatuf.registry.enums import REGIONAL_ROLES, STAFF_ROLES, BodyStatus, Role
from takatuf.registry.importing import PeopleImporter
from takatuf.registry.models import (
    Body,
    BodyFigures,
    Concern,
    Office,
    TeamMember,
    VolunteerProfile,
)
from takatuf.registry.policies import GOES, STAYS, Clash, merge_clashes

LINK = "https://example.org/x"
BODY = {"body": "جمعية", "link": LINK}
search.sources.add("registry", documents.all_documents)
importers.add("people", PeopleImporter())


# ---------------------------------------------------------------- who needs a second factor
@accounts.staff_checks.register("offices")
def holds_staff_office(person, at: datetime) -> bool:
    return policies.holds(person, STAFF_ROLES, on=timezone.localdate(at))


@accounts.desk_checks.register("offices")
def sits_at_the_desk(person, at: datetime) -> bool:
    return policies.holds(person, Role.DESK, on=timezone.localdate(at))


# ---------------------------------------------------------------- every page's shell
@shell_parts.register("registry")
def shell(request) -> dict:
    person = getattr(request, "user", None)
    region = {"region": queries.region_name()}
    if person is None or not person.is_authenticated:
        return region
    offices = queries.offices_of(person)
    bodies = {office.body_id: office.body for office in offices}
    return region | {
        # While the office waits, its ways lead to the proof that is missing.
        "has_desk": bool(offices) or accounts.is_administrator(person) or person.office_waits,
        "has_office": bool(offices) or person.office_waits,
        "audits": policies.holds(person, Role.AUDITOR, offices=offices),
        "offices": [
            {
                "title": body.name,
                "url": reverse("registry:body", args=[body.code]),
                "current": request.path == reverse("registry:body", args=[body.code]),
            }
            for body in bodies.values()
        ],
    }


# ---------------------------------------------------------------- queues
@desk_items.register("bodies to verify")
def bodies_to_verify(person, offices, at: datetime) -> list[DeskItem]:  # noqa: ARG001
    if not policies.holds(person, Role.DESK, offices=offices):
        return []
    own = {office.body_id for office in offices}
    return [
        DeskItem(
            title=body.name,
            detail=_("Registered, waiting for verification"),
            action=_("Verify"),
            url=reverse("registry:body_decide", args=[body.code]),
            label=_("Body"),
            tone="warn",
            due_at=queries.verification_due(body),
        )
        for body in queries.bodies_waiting()[:20]
        if body.pk not in own and body.registered_by_id != person.pk
    ]


@desk_items.register("concerns")
def concerns_to_answer(person, offices, at: datetime) -> list[DeskItem]:
    if not policies.holds(person, REGIONAL_ROLES, offices=offices):
        return []
    return [
        DeskItem(
            title=f"{concern.number}: {concern.get_kind_display()}",
            detail=concern.get_status_display(),
            action=_("Answer"),
            url=reverse("registry:concern", args=[concern.pk]),
            label=_("Concern"),
            tone="bad" if concern.due_at <= at or concern.kind == "safety" else "warn",
            due_at=concern.due_at,
            main=concern.kind == "safety",
        )
        for concern in queries.open_concerns(person, timezone.localdate(at))[:20]
    ]


# ---------------------------------------------------------------- offices are told
def _bodies_waiting(_body, due_by) -> Iterator[commands.Waiting]:
    for body in queries.bodies_waiting():
        due_at = queries.verification_due(body)
        if due_by is None or due_at <= due_by:
            own = queries.holders_of(body, list(Role)).values_list("person_id", flat=True)
            yield commands.Waiting(
                ref=reference(body), title=body.name, body=None, due_at=due_at,
                page=("registry:body_decide", (body.code,)),
                barred=frozenset([*own, body.registered_by_id or 0]),
            )  # fmt: skip


def _concerns_waiting(*, safety: bool):
    def find(_body, due_by) -> Iterator[commands.Waiting]:
        for concern, barred in queries.concerns_waiting(due_by=due_by):
            if (concern.kind == Concern.Kind.SAFETY) is safety:
                yield commands.Waiting(
                    ref=reference(concern), title=concern.number, body=None,
                    due_at=concern.due_at, page=("registry:concern", (concern.pk,)),
                    barred=frozenset(barred),
                )  # fmt: skip

    return find


def _concern_words(n: int) -> str:
    return ngettext(
        "%(count)s concern waits for an answer", "%(count)s concerns wait for an answer", n
    ) % {"count": n}


def _safety_words(n: int) -> str:
    return ngettext(
        "%(count)s concern about somebody's safety waits",
        "%(count)s concerns about somebody's safety wait",
        n,
    ) % {"count": n}


commands.office_queues.add(
    "registry.bodies",
    commands.OfficeQueue(
        roles=(Role.DESK,), page="registry:bodies_waiting", find=_bodies_waiting,
        words=lambda n: ngettext(
            "%(count)s body waits for verification", "%(count)s bodies wait for verification", n
        ) % {"count": n},
    ),
)  # fmt: skip
for _name, _safety in {"concerns": False, "safety": True}.items():
    commands.office_queues.add(
        f"registry.{_name}",
        commands.OfficeQueue(
            roles=REGIONAL_ROLES, page="registry:concerns", urgent=_safety,
            find=_concerns_waiting(safety=_safety),
            words=_safety_words if _safety else _concern_words,
        ),
    )  # fmt: skip


@reminders.register("registry: clocks of the offices")
@every(minutes=30)
def remind_offices(at: datetime) -> int:
    return commands.remind_offices(at=at)


@reminders.register("registry: skills that ran out")
@every(minutes=60)
def expire_grants(at: datetime) -> int:
    return commands.expire_grants(at=at)


@reminders.register("registry: skills that will run out")
@every(hours=6)
def remind_of_ends(at: datetime) -> int:
    return commands.remind_of_ends(at=at)


@desk_items.register("invitations to me")
def invitations_waiting(person, offices, at: datetime) -> list[DeskItem]:  # noqa: ARG001
    return [
        DeskItem(
            title=_("%(body)s invites you") % {"body": invitation.body.name},
            detail=invitation.get_role_display(),
            action=_("Answer"),
            url=links.invitation_link(invitation, at=at),
            label=_("Invitation"),
            due_at=invitation.expires_at,
        )
        for invitation in queries.invitations_to(person, at)[:5]
    ]


@desk_items.register("requests to join teams")
def team_requests(person, offices, at: datetime) -> list[DeskItem]:  # noqa: ARG001
    led = [office.team for office in offices if office.team_id]
    if not led:
        return []
    return [
        DeskItem(
            title=_("%(name)s asks to join %(team)s")
            % {"name": asked.person, "team": asked.team.name},
            detail=when(asked.asked_at),
            action=_("Answer"),
            url=reverse("registry:team_roster", args=[asked.team.code]),
            label=_("Team"),
        )
        for asked in queries.open_requests_of(led)[:20]
    ]


# ---------------------------------------------------------------- messages
WAITS = {
    "what": "3 طلبات بانتظار الرد", "first": "غرس شتلات", "more": True, "body": "جمعية",
    "due": "الأحد 1 مارس 13:00", "link": LINK,
}  # fmt: skip
SKILL = BODY | {
    "body_en": "Society", "skill": "الإسعافات الأولية", "skill_en": "First aid",
    "until": "الاثنين 1 مارس 2027",
}  # fmt: skip
TEAM = BODY | {"team": "فريق", "body_en": "Society", "body_closed": False, "reason": "…"}
MESSAGES: list[tuple[str, Any, dict[str, Any]]] = [
    ("invitation", gettext_lazy("Whoever is invited to an office: the link"),
     BODY | {"body_en": "Society", "role": "unit_manager", "team": "", "days": 14}),
    ("invitation_accepted", gettext_lazy("Whoever invited: the office is taken"),
     BODY | {"person": "سارة", "role": "unit_manager"}),
    ("body_verified", gettext_lazy("Whoever registered a body: it is verified"), BODY),
    ("body_refused", gettext_lazy("Whoever registered a body: what is missing"),
     BODY | {"reason": "…"}),
    ("body_suspended", gettext_lazy("Heads of a body: it is suspended, and why"),
     BODY | {"reason": "…"}),
    ("body_resumed", gettext_lazy("Heads of a body: the suspension has ended"), BODY),
    ("body_closed", gettext_lazy("Staff of a body: it is closed, and why"),
     BODY | {"body_en": "Society", "reason": "…"}),
    ("team_suspended", gettext_lazy("Members of a team: it is suspended, and why"), TEAM),
    ("team_resumed", gettext_lazy("Members of a team: the suspension has ended"), TEAM),
    ("team_ended", gettext_lazy("Members of a team: it has ended, and why"), TEAM),
    ("team_asked", gettext_lazy("Team leader: somebody asks to join"),
     {"team": "فريق", "link": LINK}),
    ("team_answered", gettext_lazy("Whoever asked to join a team: the answer"),
     {"team": "فريق", "accepted": True, "link": LINK}),
    ("concern_received", gettext_lazy("Whoever reported a concern: number and clock"),
     {"number": "C-2026-00001", "due": "01/03/2026", "code": "ABCDE", "link": LINK}),
    ("concern_answered", gettext_lazy("Whoever reported a concern: it is answered"),
     {"number": "C-2026-00001", "link": LINK}),
    ("skill_confirmed", gettext_lazy("Volunteer: a skill is confirmed"),
     SKILL | {"licence": False}),
    ("skill_refused", gettext_lazy("Volunteer: a skill was not confirmed, and why"),
     SKILL | {"reason": "…"}),
    ("skill_taken_back", gettext_lazy("Volunteer: a confirmation was taken back, and why"),
     SKILL | {"reason": "…"}),
    ("skill_ends", gettext_lazy("Volunteer: a confirmed skill runs out within a month"),
     SKILL | {"licence": False}),
    ("office_news", gettext_lazy("Holders of an office: something waits"), WAITS),
    ("office_due", gettext_lazy("Holders of an office: the answer is due"), WAITS),
    ("office_late", gettext_lazy("The desk: an answer is late"), WAITS),
]  # fmt: skip
for name, purpose, sample in MESSAGES:
    message_templates.add(f"registry.{name}", Template(purpose=purpose, sample=sample))


# ---------------------------------------------------------------- invariants
@invariants.register("verified bodies have a head who was appointed")
def bodies_without_a_head() -> Iterator[str]:
    today = timezone.localdate()
    held = Office.objects.filter(role=Role.BODY_HEAD, starts_on__lte=today).filter(
        Q(ends_on=None) | Q(ends_on__gt=today)
    )
    rows = Body.objects.filter(status=BodyStatus.ACTIVE, is_desk=False)
    for body in rows.exclude(pk__in=held.values("body_id")).iterator():
        yield f"registry.body:{body.pk} is active and nobody heads it"


@invariants.register("the region has one desk, and regional offices are in it")
def regional_offices_astray() -> Iterator[str]:
    rows = Office.objects.filter(role__in=REGIONAL_ROLES, body__is_desk=False)
    for office in rows.iterator():
        yield f"registry.office:{office.pk} is regional, but not in the desk's body"


@invariants.register("team leaders and members are in teams of their body")
def leaders_astray() -> Iterator[str]:
    rows = Office.objects.filter(team__isnull=False).exclude(team__body=F("body"))
    for office in rows.iterator():
        yield f"registry.office:{office.pk} is in a team of another body"
    doubled = TeamMember.objects.filter(left_on=None).values("team", "person")
    for row in doubled.annotate(n=Count("pk")).filter(n__gt=1):
        yield f"registry.team:{row['team']} counts person {row['person']} twice"


@invariants.register("registry roll-ups are possible figures")
def impossible_figures() -> Iterator[str]:
    for row in VolunteerProfile.objects.filter(
        recent_minutes__gt=F("total_minutes")
    ).iterator():
        yield f"registry.volunteerprofile:{row.pk} has more recent minutes than minutes"
    wrong = BodyFigures.objects.filter(answered_in_time__gt=F("applications_answered"))
    wrong |= BodyFigures.objects.filter(applications_answered=0, answer_minutes__gt=0)
    for figures in wrong.iterator():
        yield f"registry.bodyfigures:{figures.pk} counts more than was answered"


@invariants.register("concerns keep their clock")
def concerns_without_sense() -> Iterator[str]:
    for concern in Concern.objects.filter(due_at__lte=F("reported_at")).iterator():
        yield f"registry.concern:{concern.pk} was due before it was reported"
    inside = Concern.objects.filter(handler__offices__body=F("about_body"))
    for concern in inside.exclude(about_body__is_desk=True).distinct().iterator():
        yield f"registry.concern:{concern.pk} is handled by the body it is about"


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
for _once in ("Office", "SkillGrant", "SkillRequest", "TeamMember", "TeamRequest"):
    merge_clashes.add(f"registry.{_once}", GOES)


# ---------------------------------------------------------------- personal data
BODIES = gettext_lazy("Bodies whose opportunity the person joins")
NOBODY = gettext_lazy("Nobody else")
EVERYBODY = gettext_lazy("Everybody, if the person agreed")
DESK = gettext_lazy("The association's desk")


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
