"""Bodies: registering, verifying, editing, suspending; their units."""

from dataclasses import dataclass, fields
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from takatuf.kernel import evidence, outbox
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.text.arabic import sort_key
from takatuf.kernel.transitions import change_state, record
from takatuf.registry import documents, links, policies, queries
from takatuf.registry.commands.codes import free_code
from takatuf.registry.commands.team_life import appoint_heads, close_office
from takatuf.registry.commands.telling import call_office
from takatuf.registry.enums import BODY_STEPS, BodyStatus, Role, Sector
from takatuf.registry.models import Body, BodyFigures, Governorate, Office, Unit

LICENCE = gettext_noop("Licence")  # the title evidence is kept under


class CannotRegister(DomainError):
    """The body cannot be entered like this."""


class CannotVerify(DomainError):
    """The body cannot be decided on like this."""


# What the desk saw when it verified the body: only the desk changes it afterwards.
VERIFIED_DETAILS = frozenset({"name_ar", "sector", "licence_number"})


@dataclass(frozen=True, kw_only=True)
class BodyDetails:
    """What a body says about itself."""

    name_ar: str
    name_en: str = ""
    sector: str
    governorate: Governorate
    licence_number: str = ""
    about: str = ""
    website: str = ""
    contact_email: str = ""
    contact_phone: str = ""

    def columns(self) -> dict:
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        values["contact_phone"] = values["contact_phone"] or ""
        return values | {
            "name_sort_key": sort_key(self.name_ar, length=180),
            "serves_profit": self.sector == Sector.PRIVATE,
        }


@transaction.atomic
def register_body(
    *, details: BodyDetails, by, at: datetime, is_demo: bool = False,
    licence_file: UploadedFile | None = None, licence_link: str = "",
) -> Body:  # fmt: skip
    """A body enters itself and waits for the desk; who enters it becomes its head if verified.

    :param licence_file: its licence, kept as evidence for the desk; or where to find it.
    :raises takatuf.kernel.evidence.CannotKeep: if the file is too large, or of another type.
    :raises CannotRegister: if its licence, or its name in that governorate, is there already.
    """
    _check_unknown(details)
    body = Body.objects.create(
        code=_code_for(details), created_at=at, registered_by=by, is_demo=is_demo,
        **details.columns(),
    )  # fmt: skip
    BodyFigures.objects.create(body=body)
    # Nobody appointed this head yet: the desk does, by verifying the body.
    Office.objects.create(
        person=by, role=Role.BODY_HEAD, body=body, starts_on=timezone.localdate(at)
    )
    record(subject=body, action="registered", by=by, at=at, to_state=body.status)
    _keep_licence(body, licence_file, licence_link, by=by, at=at)
    call_office(queue="registry.bodies", by=by)
    return body


@transaction.atomic
def hand_in_licence(
    *, body: Body, by, at: datetime, licence_file: UploadedFile | None = None,
    licence_link: str = "",
) -> None:  # fmt: skip
    """The head shows the licence after registration, or the renewed one; nothing is replaced.

    The desk is told while the body waits to be verified.

    :raises NotAllowed: if ``by`` does not head the body.
    :raises CannotRegister: without a file or an address.
    :raises takatuf.kernel.evidence.CannotKeep: if the file is too large, or of another type.
    """
    if not policies.may_head_body(by, body, timezone.localdate(at)):
        raise NotAllowed(_("Only the head of the body can change this."))
    if not licence_file and not licence_link:
        raise CannotRegister(
            _("Choose the file, or write where the licence can be looked up."),
            field="licence_file",
        )
    _keep_licence(body, licence_file, licence_link, by=by, at=at)
    record(subject=body, action="licence_shown", by=by, at=at, acting_body=body)
    if body.status == BodyStatus.REGISTERED:
        call_office(queue="registry.bodies", by=by)


def _keep_licence(body: Body, file: UploadedFile | None, link: str, *, by, at) -> None:
    for proof in ({"file": file}, {"url": link}):
        if any(proof.values()):
            evidence.keep(subject=body, title=LICENCE, by=by, at=at, **proof)


@transaction.atomic
def add_body(*, details: BodyDetails, by, at: datetime, is_demo: bool = False) -> Body:
    """The desk enters a body it knows; verified at once, active when its head has accepted.

    :raises NotAllowed: if ``by`` is not at the desk. None is the system (loading, demo).
    :raises CannotRegister: as ``register_body``.
    """
    if by is not None and not policies.may_act_for_desk(by, timezone.localdate(at)):
        raise NotAllowed(_("Only the regional desk can do this."))
    _check_unknown(details)
    body = Body.objects.create(
        code=_code_for(details), created_at=at, registered_by=by, is_demo=is_demo,
        status=BodyStatus.VERIFIED, verified_at=at, **details.columns(),
    )  # fmt: skip
    BodyFigures.objects.create(body=body)
    record(subject=body, action="added", by=by, at=at, to_state=body.status)
    documents.put_body(body, at=at)
    return body


@transaction.atomic
def verify_body(*, body: Body, by, at: datetime) -> None:
    """The desk has seen the licence: the body is public, and its head appointed.

    :raises NotAllowed: if ``by`` is not at the desk, or belongs to the body.
    :raises takatuf.kernel.transitions.WrongState: if it was decided already.
    """
    _require_verifier(by, body, at)
    change_state(
        body, BodyStatus.VERIFIED, table=BODY_STEPS, by=by, at=at, action="verified",
        verified_at=at,
    )  # fmt: skip
    appoint_heads(body=body, by=by, at=at)
    activate_if_headed(body=body, by=by, at=at)
    documents.put_body(body, at=at)
    _tell_registrar(body, "registry.body_verified", at=at)


@transaction.atomic
def refuse_body(*, body: Body, reason: str, by, at: datetime) -> None:
    """The desk does not verify it, and says why; it may be registered again, mended.

    :raises CannotVerify: without a reason.
    """
    _require_verifier(by, body, at)
    if not reason.strip():
        raise CannotVerify(_("Say what is missing, so that it can be mended."), field="reason")
    if body.status != BodyStatus.REGISTERED:  # a verified one is closed, with what is its
        raise CannotVerify(_("This body has been decided on already."))
    change_state(
        body, BodyStatus.CLOSED, table=BODY_STEPS, by=by, at=at, action="refused", reason=reason
    )
    for office in Office.objects.filter(body=body, ends_on=None).select_related("body"):
        close_office(office, by=by, at=at, reason=reason)
    _tell_registrar(body, "registry.body_refused", at=at, reason=reason)


@transaction.atomic
def suspend_body(*, body: Body, reason: str, by, at: datetime) -> None:
    """The desk suspends a body; it stays visible, with a mark, and publishes nothing.

    :raises CannotVerify: without a reason, or for the desk's own body.
    """
    _require_verifier(by, body, at)
    if body.is_desk:
        raise CannotVerify(_("The desk cannot suspend its own body."))
    if not reason.strip():
        raise CannotVerify(_("Say why it is suspended."), field="reason")
    change_state(
        body, BodyStatus.SUSPENDED, table=BODY_STEPS, by=by, at=at, action="suspended",
        reason=reason,
    )  # fmt: skip
    documents.put_body(body, at=at)
    _tell_heads(body, "registry.body_suspended", at=at, reason=reason)


@transaction.atomic
def resume_body(*, body: Body, by, at: datetime) -> None:
    """The suspension ends: active again, or only verified while nobody heads it."""
    _require_verifier(by, body, at)
    if body.status != BodyStatus.SUSPENDED:
        raise CannotVerify(_("This body is not suspended."))
    change_state(body, BodyStatus.VERIFIED, table=BODY_STEPS, by=by, at=at, action="resumed")
    activate_if_headed(body=body, by=by, at=at)
    documents.put_body(body, at=at)
    _tell_heads(body, "registry.body_resumed", at=at)


@transaction.atomic
def edit_body(*, body: Body, details: BodyDetails, by, at: datetime) -> None:
    """The head changes the body's page. What the desk verified stays as it was verified.

    :raises NotAllowed: if ``by`` is not its head, and not at the desk.
    :raises CannotRegister: if the name, sector or licence of a verified body would change.
    """
    today = timezone.localdate(at)
    desk = policies.may_verify_body(by, body, today)
    if not desk and not policies.may_head_body(by, body, today):
        raise NotAllowed(_("Only the head of the body can change this."))
    columns = details.columns()
    changes = {n: [str(getattr(body, n)), str(v)] for n, v in columns.items()
               if getattr(body, n) != v}  # fmt: skip
    verified = changes.keys() & VERIFIED_DETAILS
    if verified and body.status != BodyStatus.REGISTERED and not desk:
        raise CannotRegister(
            _("Name, sector and licence were verified. Ask the desk to change them."),
            field=min(verified),
        )
    if not changes:
        return
    Body.objects.filter(pk=body.pk).update(**columns)
    body.refresh_from_db()
    record(subject=body, action="edited", by=by, at=at, changes=changes)
    documents.put_body(body, at=at)


@transaction.atomic
def let_desk_place(*, body: Body, may: bool, by, at: datetime) -> None:
    """The head lets the regional desk approve a round's proposals for the body's shifts, or
    takes that back. Saying the same twice is saying it once.

    :raises NotAllowed: if ``by`` is not the head.
    """
    if not policies.may_head_body(by, body, timezone.localdate(at)):
        raise NotAllowed(_("Only the head of the body can change this."))
    if body.desk_may_place == may:
        return
    Body.objects.filter(pk=body.pk).update(desk_may_place=may)
    body.desk_may_place = may
    action = "placing left to the desk" if may else "placing taken back"
    record(subject=body, action=action, by=by, at=at, acting_body=body)


@transaction.atomic
def add_unit(*, body: Body, name: str, by, at: datetime) -> Unit:
    """A volunteering unit of the body.

    :raises NotAllowed: if ``by`` is not the head.
    :raises CannotRegister: if the body has a unit of this name.
    """
    if by is not None and not policies.may_head_body(by, body, timezone.localdate(at)):
        raise NotAllowed(_("Only the head of the body can change this."))
    name = " ".join(name.split())
    if Unit.objects.filter(body=body, name=name).exists():
        raise CannotRegister(_("The body has a unit of this name already."), field="name")
    unit = Unit.objects.create(body=body, name=name)
    record(subject=unit, action="added", by=by, at=at, acting_body=body)
    return unit


def activate_if_headed(*, body: Body, by, at: datetime) -> None:
    """A verified body becomes active with its first head in office."""
    heads = queries.holders_of(body, [Role.BODY_HEAD], timezone.localdate(at))
    if body.status == BodyStatus.VERIFIED and heads.exists():
        change_state(
            body, BodyStatus.ACTIVE, table=BODY_STEPS, by=by, at=at, action="activated"
        )


def _check_unknown(details: BodyDetails) -> None:
    standing = Body.objects.exclude(status=BodyStatus.CLOSED)
    if (
        details.licence_number
        and standing.filter(licence_number=details.licence_number).exists()
    ):
        raise CannotRegister(
            _("A body with this licence number is already registered."), field="licence_number"
        )
    twin = standing.filter(
        name_sort_key=sort_key(details.name_ar, length=180), governorate=details.governorate
    )
    if twin.exists():
        raise CannotRegister(
            _("A body of this name is registered in this governorate. Ask its head for an "
              "invitation, or report a concern if it is not who it says."),
            field="name_ar",
        )  # fmt: skip


def _code_for(details: BodyDetails) -> str:
    name = details.name_en or details.name_ar
    # /bodies/new/ is the form.
    return free_code(Body, name=name, otherwise="body", reserved="new")


def _require_verifier(by, body: Body, at: datetime) -> None:
    if not policies.may_verify_body(by, body, timezone.localdate(at)):
        raise NotAllowed(
            _("Only the regional desk can do this, and nobody who belongs to the body.")
        )


def _tell_registrar(body: Body, template: str, *, at: datetime, **context) -> None:
    if body.registered_by is not None:
        outbox.send(
            template=template, to=body.registered_by, at=at,
            context={"body": body.name_ar, "link": links.body_page(body), **context},
        )  # fmt: skip


def _tell_heads(body: Body, template: str, *, at: datetime, **context) -> None:
    for office in queries.holders_of(body, [Role.BODY_HEAD], timezone.localdate(at)):
        outbox.send(
            template=template, to=office.person, at=at,
            context={"body": body.name_ar, "link": links.body_page(body), **context},
        )  # fmt: skip
