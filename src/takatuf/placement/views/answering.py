"""Yes or no to a place from a message, or another time, without signing in."""

import re
from functools import cache

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from takatuf.kernel import one_click, signed_links
from takatuf.kernel.transitions import WrongState
from takatuf.kernel.typography import day, times, when
from takatuf.opportunities.enums import OpportunityStatus, ShiftStatus
from takatuf.placement import commands, queries
from takatuf.placement.enums import ENDED, HOLDING, ApplicationStatus, Origin
from takatuf.placement.links import PURPOSE, alike, answer_token
from takatuf.placement.models import Application

IS_KEY = re.compile(r"[0-9]{1,18}").fullmatch  # what a row's key can be
LEAVABLE = (
    ApplicationStatus.APPLIED,
    ApplicationStatus.WAITING,
    ApplicationStatus.OFFERED,
    ApplicationStatus.CONFIRMED,
)


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST acts. Whoever holds the link answers for the person it was sent to."""
    leaving = request.GET.get("leave") == "1"
    linked = cache(lambda: _linked(request, token))
    choice = request.POST.get("choice", "")
    return one_click.answer(
        request,
        lambda: _question(linked(), leaving=leaving),
        lambda: _act(linked(), leaving=leaving, choice=choice),
        way_on=lambda: _way_on(linked(), chosen=bool(choice)),
        about=lambda: _about(linked(), with_time=not choice),
    )


def _about(application: Application, *, with_time: bool) -> str:
    """Which place; the time left out where the answer was another one."""
    title, shift = application.opportunity.title, application.shift
    if not with_time:
        return format_html("<bdi>{}</bdi>", title)
    return format_html(
        "<bdi>{}</bdi><br>{} · {}",
        title, day(shift.starts_at, "short"), times(shift.starts_at, shift.ends_at),
    )  # fmt: skip


def _way_on(application: Application, *, chosen: bool) -> tuple[str, str]:
    """:param chosen: another time was asked for just now; the row was read before that."""
    if (chosen or application.status in ENDED) and (has := _has_instead(application)):
        token = answer_token(has, at=timezone.now())
        return reverse("placement:answer", args=[token]), _("See that place")
    if _moved_to(application):
        return reverse("placement:mine"), _("See my places")
    is_off = application.opportunity.status == OpportunityStatus.CANCELLED
    if is_off or application.went_with_its_shift:
        return alike(application.opportunity), _("Opportunities like it")
    address = reverse("site:opportunity", args=[application.opportunity.code])
    if application.origin == Origin.MOVED:
        return f"{address}#shifts", _("Choose another shift")
    return address, _("See the opportunity")


def _linked(request: HttpRequest, token: str) -> Application:
    payload = signed_links.read(token, PURPOSE)
    try:
        application = queries.application_for_link(payload["application"])
    except Application.DoesNotExist:
        raise Http404 from None
    one_click.require_its_person(request, application.person)
    return application


def _question(application: Application, *, leaving: bool) -> one_click.OneClick:
    """:raises WrongState: where there is nothing left to answer; it says how things stand."""
    at, status = timezone.now(), application.status
    if application.went_with_its_shift and not queries.taken_instead(application):
        return _choose_anew(application, at=at)
    if status not in LEAVABLE or application.shift.starts_at <= at:
        raise WrongState(_over(application, at))
    if leaving or status in (ApplicationStatus.APPLIED, ApplicationStatus.WAITING):
        return _leave(application)
    if status == ApplicationStatus.OFFERED and application.offer_expires_at <= at:
        raise WrongState(_("This offer is over. See the opportunity for places that are left."))
    return one_click.OneClick(
        title=application.opportunity.title,
        text=_asked(application),
        button="" if _has_said(application) else _("Yes, I am coming"),
        facts=_facts(application),
        other=("?leave=1", _("I cannot come")),
        choices_title=_("Another time suits better"),
        choices=_choices(application, at=at),
    )


def _choose_anew(application: Application, *, at) -> one_click.OneClick:
    """The shift is off: another one instead, where there is one for them."""
    choices = _choices(application, at=at)
    left = (
        _("One of the shifts below is yours with one tap.")
        if choices
        else _("No other shift of this opportunity has a seat for you.")
    )
    stands = application.shift.get_status_display()
    return one_click.OneClick(
        title=application.opportunity.title,
        text=f"{_ended(application)} {left}",
        facts=_facts(application) | {_("How it stands"): stands},
        choices_title=_("Another shift instead"),
        choices=choices,
        none=_("No, thanks"),
    )


def _choices(application: Application, *, at) -> dict[int, str]:
    return {
        role.pk: format_html(
            '{} · {}<br><span class="small soft">{}</span>',
            day(role.shift.starts_at, "short"),
            times(role.shift.starts_at, role.shift.ends_at),
            ngettext("one seat left", "%(n)s seats left", role.seats_left)
            % {"n": role.seats_left},
        )
        for role in queries.fitting_shifts(application, at=at)
    }


def _has_said(application: Application) -> bool:
    """The place is theirs, and no question about it is open."""
    is_had = application.status == ApplicationStatus.CONFIRMED
    return is_had and not application.is_asked_again


def _asked(application: Application) -> str:
    if _has_said(application):
        return _("You have a place, and the unit knows you are coming. Nothing more is needed.")
    if application.status != ApplicationStatus.OFFERED:
        return _("You have a place. Will you come?")
    if application.origin != Origin.MOVED:
        return _("A place is kept for you. Will you come?")
    if not application.reason:
        return _("The body has moved your shift to the time below. Will you come?")
    return _("The body has moved your shift to the time below: %(reason)s. Will you come?") % {
        "reason": application.why.rstrip(".")
    }


def _leave(application: Application) -> one_click.OneClick:
    words: dict[str, tuple[str, str]] = {
        ApplicationStatus.APPLIED: (
            _("Your application waits for the body's answer."), _("Withdraw the application"),
        ),
        ApplicationStatus.WAITING: (
            _("You are on the waiting list; a seat is offered to you as soon as one is free."),
            _("Leave the waiting list"),
        ),
    }  # fmt: skip
    text, button = words.get(
        application.status,
        (
            _("Leaving passes the place to the next in line. You may apply again later."),
            _("Leave the place"),
        ),
    )
    holds = application.status not in words
    return one_click.OneClick(
        title=application.opportunity.title,
        text=text,
        button=button,
        facts=_facts(application),
        danger=True,
        other=("?", _("Keep it")) if holds else None,
    )


def _facts(application: Application) -> dict[str, object]:
    shift, opportunity = application.shift, application.opportunity
    facts: dict[str, object] = {
        _("When"): day(shift.starts_at),
        _("Time"): times(shift.starts_at, shift.ends_at),
        _("Where"): where(opportunity),
        _("Role"): application.shift_role.role.title,
        _("Body"): opportunity.body.name,
        _("How it stands"): application.get_status_display(),
    }
    if application.status == ApplicationStatus.OFFERED:
        facts[_("Answer before")] = when(application.offer_expires_at)
    return facts


def where(opportunity) -> str:
    """The quarter with its governorate: two have a quarter of the same name."""
    if not opportunity.place or not opportunity.governorate:
        return opportunity.place or _("remote")
    return _("%(governorate)s, %(place)s") % {
        "governorate": opportunity.governorate.name, "place": opportunity.place,
    }  # fmt: skip


def _over(application: Application, at) -> str:
    has = _has_instead(application) if application.status in ENDED else None
    if has:
        sentence = _("You have another place instead of this one: %(time)s.")
        return sentence % {"time": when(has.shift.starts_at)}
    if application.status == ApplicationStatus.WITHDRAWN:
        had_one = application.confirmed_at or application.offer_expires_at
        return (
            _("You have already left this place. Apply again if seats are left.")
            if had_one
            else _("You have already withdrawn the request. Apply again if seats are left.")
        )
    if application.status == ApplicationStatus.DECLINED:
        return _("The body has answered with a no: %(reason)s") % {"reason": application.why}
    if application.status == ApplicationStatus.EXPIRED:
        return _ended(application)
    if application.shift.ends_at <= at:
        return _("This shift is over. Thank you.")
    return _("This shift has already started.")


def _ended(application: Application) -> str:
    shift, why = application.shift, application.why.rstrip(".")
    if _moved_to(application):
        sentence = _(
            "The body has moved this shift to %(time)s: %(reason)s. A newer message asks for "
            "your answer there."
        )
        return sentence % {"time": when(shift.moved_to.starts_at), "reason": why}
    if shift.status == ShiftStatus.CANCELLED:
        return _("The body has called this shift off: %(reason)s.") % {"reason": why}
    if why:
        return _("This place is no longer kept for you: %(reason)s.") % {"reason": why}
    return _("The time to answer has passed. See the opportunity for places that are left.")


def _has_instead(application: Application) -> Application | None:
    """The place the person changed to, while they have it."""
    new = queries.taken_instead(application)
    return new if new and new.status in HOLDING else None


def _moved_to(application: Application) -> Application | None:
    """Where the person was carried over to, when the shift took place at another time."""
    if application.status != ApplicationStatus.EXPIRED or not application.shift.moved_to_id:
        return None
    return queries.standing_application(application.person_id, application.shift.moved_to_id)


def _act(application: Application, *, leaving: bool, choice: str) -> str:
    at, person = timezone.now(), application.person
    if choice:
        new = commands.change_place(
            application_id=application.pk, by=person, at=at,
            shift_role_id=int(choice) if IS_KEY(choice) else 0,
        )  # fmt: skip
        sentence = _("You have a place on %(day)s. See you there.")
        return format_html(sentence.replace("%(day)s", "{}"), day(new.shift.starts_at, "short"))
    if application.status in ENDED and _has_instead(application):
        raise WrongState(_over(application, at))
    if application.went_with_its_shift:
        return _("All right, nothing more is needed. Thank you for your readiness.")
    if leaving or application.status in (ApplicationStatus.APPLIED, ApplicationStatus.WAITING):
        held = application.status in (ApplicationStatus.OFFERED, ApplicationStatus.CONFIRMED)
        commands.withdraw(application_id=application.pk, by=person, at=at)
        if held:
            return _(
                "Done: the place is free for somebody else. Thank you for saying so in time."
            )
        return _("Done. You may apply again at any time.")
    if application.status == ApplicationStatus.CONFIRMED:
        commands.reconfirm_place(application_id=application.pk, by=person, at=at)
    else:
        commands.confirm_place(application_id=application.pk, by=person, at=at)
    return _("You have a place. See you there.")
