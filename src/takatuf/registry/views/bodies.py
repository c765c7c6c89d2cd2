"""Bodies from the inside: registering, editing, staff; and the desk's decisions."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from takatuf.kernel import evidence, one_click, signed_links
from takatuf.kernel.rate_limits import limit
from takatuf.kernel.refusals import status_of, tried
from takatuf.kernel.transitions import WrongState
from takatuf.registry import commands, links, policies, queries
from takatuf.registry.enums import BodyStatus, Role
from takatuf.registry.forms import (
    BodyForm,
    InvitationForm,
    LicenceOfBodyForm,
    NewBodyForm,
    ReasonForm,
    UnitForm,
)
from takatuf.registry.models import Body
from takatuf.registry.views.helpers import (
    body_or_404,
    did,
    now,
    reason_forms,
    require,
    today,
)

DETAILS = ("name_ar", "name_en", "sector", "licence_number", "governorate", "about",
           "contact_email", "contact_phone", "website")  # fmt: skip
REASONED = {
    "refuse": commands.refuse_body,
    "suspend": commands.suspend_body,
    "close": commands.close_body,
}


@login_required
def body_new(request: HttpRequest) -> HttpResponse:
    """A body registers itself."""
    form = NewBodyForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        limit(f"registry.body:{request.user.pk}", count=10, per_seconds=86400)
        made = tried(
            form,
            lambda: commands.register_body(
                details=form.details(), by=request.user, at=now(),
                licence_file=form.cleaned_data["licence_file"],
                licence_link=form.cleaned_data["licence_link"],
            ),
        )  # fmt: skip
        if made:
            return redirect("registry:body", made.code)
    return render(request, "registry/body_new.html", {"form": form}, status=status_of(form))


@login_required
def body_edit(request: HttpRequest, code: str) -> HttpResponse:
    body = body_or_404(request, code)
    desk = policies.may_verify_body(request.user, body, today())
    require(desk or policies.may_head_body(request.user, body, today()))
    form = BodyForm(
        request.POST or None, initial={name: getattr(body, name) for name in DETAILS},
        verified=not desk and body.status != BodyStatus.REGISTERED,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        edit = tried(
            form,
            lambda: commands.edit_body(
                body=body, details=form.details(), by=request.user, at=now()
            ),
        )
        if edit:
            return redirect("registry:body", body.code)
    context = {"form": form, "body": body}
    return render(request, "registry/body_edit.html", context, status=status_of(form))


@login_required
def body_licence(request: HttpRequest, code: str) -> HttpResponse:
    """The head hands the licence in after registration, or the renewed one."""
    body = body_or_404(request, code)
    require(policies.may_head_body(request.user, body, today()))
    form = LicenceOfBodyForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        limit(f"registry.licence:{request.user.pk}", count=10, per_seconds=86400)
        shown = tried(
            form,
            lambda: commands.hand_in_licence(
                body=body, by=request.user, at=now(), **form.cleaned_data
            ),
        )
        if shown:
            messages.success(request, _("The regional desk has it."))
            return redirect("registry:body", body.code)
    context = {"form": form, "body": body, "evidence": evidence.of(body)}
    return render(request, "registry/body_licence.html", context, status=status_of(form))


@login_required
def body_staff(request: HttpRequest, code: str) -> HttpResponse:
    """Offices, invitations, units; POST invites."""
    body = body_or_404(request, code)
    form = _invitation_form(request, body, request.POST or None)
    if request.method == "POST" and form.is_valid() and _invited(request, body, form):
        messages.success(request, _("The invitation has been sent."))
        return redirect("registry:body_staff", body.code)
    return _staff_page(request, body, form=form, unit_form=UnitForm(), status=status_of(form))


def _invitation_form(request: HttpRequest, body: Body, data) -> InvitationForm:
    """With the offices this person may fill; :raises NotAllowed: if there is none."""
    roles = [role for role in Role.values
             if policies.may_invite(request.user, body, role, today())]  # fmt: skip
    require(bool(roles))
    return InvitationForm(data, roles=roles, teams=queries.public_teams_of(body))


def _staff_page(request: HttpRequest, body: Body, *, form, unit_form, status) -> HttpResponse:
    by, on = request.user, today()
    context = {
        "body": body,
        "form": form,
        "staff": [
            (office, policies.may_end_office(by, office, on))
            for office in queries.staff_of(body, on)
        ],
        "invitations": [
            (invitation, policies.may_invite(by, body, invitation.role, on))
            for invitation in queries.open_invitations(body, now())
        ],
        "units": queries.units_of(body),
        "unit_form": unit_form,
        "may_head": policies.may_head_body(by, body, on),
    }
    return render(request, "registry/body_staff.html", context, status=status)


def _invited(request: HttpRequest, body: Body, form: InvitationForm) -> bool:
    limit(f"registry.invite:{request.user.pk}", count=50, per_seconds=86400)
    given = form.cleaned_data
    sent = tried(
        form,
        lambda: commands.invite(
            body=body, role=given["role"], contact=given["contact"], team=given.get("team"),
            by=request.user, at=now(),
        ),
    )  # fmt: skip
    return bool(sent)


@login_required
@require_POST
def unit_add(request: HttpRequest, code: str) -> HttpResponse:
    body = body_or_404(request, code)
    require(policies.may_head_body(request.user, body, today()))
    form = UnitForm(request.POST)
    if not form.is_valid():
        invitation = _invitation_form(request, body, None)
        return _staff_page(
            request, body, form=invitation, unit_form=form, status=status_of(form)
        )
    did(
        request,
        lambda: commands.add_unit(
            body=body, name=form.cleaned_data["name"], by=request.user, at=now()
        ),
        _("The unit has been added."),
    )
    return redirect("registry:body_staff", body.code)


@login_required
@require_POST
def office_end(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    body = body_or_404(request, code)
    office = get_object_or_404(queries.staff_of(body, today()), pk=pk)
    require(policies.may_end_office(request.user, office, today()))
    did(
        request,
        lambda: commands.end_office(office=office, by=request.user, at=now()),
        _("The office has ended."),
    )
    if office.person_id == request.user.pk:
        return redirect("registry:body", body.code)
    return redirect("registry:body_staff", body.code)


@login_required
@require_POST
def invitation_revoke(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    body = body_or_404(request, code)
    invitation = get_object_or_404(queries.open_invitations(body, now()), pk=pk)
    require(policies.may_invite(request.user, body, invitation.role, today()))
    did(
        request,
        lambda: commands.revoke_invitation(invitation=invitation, by=request.user, at=now()),
        _("The invitation has been taken back."),
    )
    return redirect("registry:body_staff", body.code)


@login_required
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of an invitation; who is not signed in is asked to first."""

    def asked():
        pk = signed_links.read(token, links.INVITATION)["i"]
        found = queries.invitation_for_link(pk)
        if found is None:
            raise signed_links.BadLink(_("This invitation is not known any more."))
        return found

    def question():
        found = asked()
        _require_unanswered(found, request.user)
        commands.require_invited(found, request.user)
        facts = {_("Body"): found.body.name, _("Office"): found.get_role_display()}
        if found.team:
            facts[_("Team")] = found.team.name
        facts[_("Invited by")] = found.invited_by
        return one_click.OneClick(
            title=_("%(body)s invites you") % {"body": found.body.name},
            text=_("You would act for this body from today. Either side can end it."),
            button=_("Accept the office"),
            facts=facts,
        )

    def accept():
        office = commands.accept_invitation(invitation=asked(), by=request.user, at=now())
        return _("You now hold this office: %(role)s, %(body)s.") % {
            "role": office.get_role_display(),
            "body": office.body.name,
        }

    def way_on():
        found = asked()
        if found.accepted_by_id == request.user.pk:
            return reverse("site:desk"), _("To the desk")
        try:
            _require_unanswered(found, request.user)
            commands.require_invited(found, request.user)
        except commands.WrongContact:
            return reverse("contact_change"), _("Add this contact to my account")
        except WrongState:  # there is nothing left to come in for
            pass
        return reverse("registry:body", args=[found.body.code]), _("See the body")

    return one_click.answer(request, question, accept, way_on=way_on)


def _require_unanswered(invitation, person) -> None:
    """:raises WrongState: where the button would only be refused."""
    if invitation.accepted_by_id == person.pk:
        raise WrongState(_("You hold this office already."))
    if invitation.revoked_at:
        raise WrongState(_("This invitation has been taken back."))
    if invitation.accepted_at:
        raise WrongState(_("This invitation has been answered already."))
    if invitation.expires_at <= now():
        raise WrongState(_("This invitation has run out. Ask for a new one."))


@login_required
@require_GET
def bodies_waiting(request: HttpRequest) -> HttpResponse:
    """The desk's queue of bodies to verify."""
    require(policies.may_act_for_desk(request.user, today()))
    return render(
        request,
        "registry/bodies_waiting.html",
        {
            "waiting": [
                (row, queries.verification_due(row)) for row in queries.bodies_waiting()
            ],
            "suspended": queries.bodies_suspended(),
        },
    )


@login_required
def body_decide(request: HttpRequest, code: str) -> HttpResponse:
    """Verify, refuse, suspend, resume, close: the desk only, and nobody of the body."""
    body = body_or_404(request, code)
    require(policies.may_verify_body(request.user, body, today()))
    act = request.POST.get("act", "")
    forms = reason_forms(request, act, REASONED)
    if request.method == "POST" and _decided(request, body, act, forms.get(act)):
        return redirect("registry:body", body.code)
    form = forms.get(act)
    context = {"body": body, "forms": forms, "form": form, "registrar": body.registered_by,
               "history": queries.what_happened(body),
               "evidence": evidence.of(body)}  # fmt: skip
    if body.status in policies.CLOSABLE and not body.is_desk:
        context["obstacles"] = policies.obstacles_to_closing(body)
        context["ends"] = queries.what_closing_ends(body, now())
    status = status_of(form) if form else 200
    return render(request, "registry/body_decide.html", context, status=status)


@login_required
@require_GET
def body_evidence(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A document a body handed in, for the desk that decides and for nobody else."""
    body = body_or_404(request, code)
    require(policies.may_verify_body(request.user, body, today()))
    row = next((one for one in evidence.of(body) if one.pk == pk and one.file), None)
    if row is None:
        raise Http404
    return evidence.answer_with(row)


def _decided(request: HttpRequest, body, act: str, form: ReasonForm | None) -> bool:
    plain = {
        "verify": (commands.verify_body, _("The body is verified.")),
        "resume": (commands.resume_body, _("The body is active again.")),
    }
    if act in plain:
        command, words = plain[act]
        return did(request, lambda: command(body=body, by=request.user, at=now()), words)
    if form is not None and form.is_valid():
        reason = form.cleaned_data["reason"]
        say = REASONED[act]
        return bool(
            tried(form, lambda: say(body=body, reason=reason, by=request.user, at=now()))
        )
    return False
