"""Changing needs. One function, one thing that can happen, one transaction."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from takatuf.kernel import outbox, search, traces
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.sequences import bind_number, issue_number
from takatuf.kernel.text.arabic import normalise
from takatuf.kernel.transitions import change_state, record
from takatuf.kernel.working_days import add_working_days
from takatuf.needs import links, policies, queries
from takatuf.needs.enums import JOINED_STEPS, NEED_STEPS, OPEN_NEEDS, NeedStatus
from takatuf.needs.models import Need
from takatuf.registry import commands as registry

ANSWER_WORKING_DAYS = 10
OVER = (NeedStatus.REJECTED, NeedStatus.MERGED, NeedStatus.CLOSED)  # nobody is written to again


def report_once(*, submission: str, at: datetime, **values) -> Need:
    """``report_need``; of the same sent twice at once, both get the one need.

    :param submission: ``queries.submission_of`` the report.
    """
    try:
        return report_need(submission=submission, at=at, **values)
    except IntegrityError:  # its column is unique: the other one was first
        if found := queries.sent_before(submission, at=at):
            return found
        raise


@transaction.atomic
def report_need(
    *, by, at: datetime, title: str, description: str, field, governorate, target_group: str,
    urgency: int, place: str = "", people_estimate: int | None = None, estimate_basis: str = "",
    body=None, reporter_contact: str = "", language: str = "ar", is_demo: bool = False,
    tell: bool = True, submission: str | None = None,
) -> Need:  # fmt: skip
    """Record what is needed; the desk answers within ten working days.

    :param by: the reporting person, or None for a visitor.
    :param body: the body that reports it, if one does.
    :param tell: whether the reporter gets the number and the link now.
    :param language: in which a visitor reads the answer.
    :param submission: what this report is known by, see ``report_once``.
    :raises NotAllowed: if ``by`` does not manage the body.
    :raises IntegrityError: if the same submission has just been recorded.
    """
    if body is not None and not policies.may_report_for(by, body):
        raise NotAllowed(_("Only the body's manager reports a need in its name."))
    if submission:  # of long ago, or answered since: now it is meant anew
        same = Need.objects.filter(submission=submission)
        same.exclude(queries.sent_just_now(at)).update(submission=None)
    need = Need(
        title=title.strip(), description=description.strip(), field=field,
        governorate=governorate, place=place.strip(), target_group=target_group,
        urgency=urgency, people_estimate=people_estimate, estimate_basis=estimate_basis.strip(),
        body=body, reporter=by, reporter_contact=reporter_contact.strip(),
        reporter_language=language, reported_at=at,
        due_at=add_working_days(at, ANSWER_WORKING_DAYS), is_demo=is_demo,
        search_text=normalise(f"{title} {description} {place}"), submission=submission,
    )  # fmt: skip
    number = issue_number(kind="need", at=at)
    need.code = f"N-{timezone.localtime(at).year}-{number.number:04d}"
    need.save()
    bind_number(number, need)
    record(
        subject=need, action="reported", by=by, at=at, to_state=need.status, acting_body=body
    )
    registry.call_office(queue="needs.reported", by=by)
    if tell:
        _tell_reporter(need, "needs.reported", at=at, **_where_to_follow(need, need.due_at, at))
    return need


def _where_to_follow(need: Need, due_at: datetime, at: datetime) -> dict:
    """``link`` and ``due`` of a message to its reporter: a day in words."""
    reader = need.reporter.language if need.reporter else need.reporter_language
    with translation.override(reader):
        due = date_format(timezone.localdate(due_at), "l j F Y")
    return {"link": links.follow_link(need, language=reader, at=at), "due": due}


@transaction.atomic
def validate_need(
    *, need_id: int, by, at: datetime, people_estimate: int | None = None,
    estimate_basis: str = "",
) -> Need:  # fmt: skip
    """The desk takes the need up: it becomes public and can be answered.

    :param people_estimate: the desk's own figure, where it knows better than the reporter.
    :raises NotAllowed: if ``by`` does not act for the desk.
    :raises WrongState: if it was answered already.
    :raises DomainError: for a new figure without its basis.
    """
    need = _to_decide(need_id, by=by)
    fields: dict = {"decided_at": at}
    if people_estimate and people_estimate != need.people_estimate:
        if not estimate_basis.strip():
            raise DomainError(
                _("Say in a few words where the number comes from."), field="estimate_basis"
            )
        fields |= {"people_estimate": people_estimate, "estimate_basis": estimate_basis.strip()}
    _step(need, NeedStatus.VALIDATED, by=by, at=at, action="validated", **fields)
    for one in (need, *_joined_to(need)):
        _tell_reporter(one, "needs.validated", at=at)
    return need


@transaction.atomic
def reject_need(*, need_id: int, answer: str, by, at: datetime) -> Need:
    """The desk does not take the need up, nor what was joined to it, and says why.

    :raises NotAllowed: if ``by`` does not act for the desk.
    :raises DomainError: without an answer.
    """
    need = _to_decide(need_id, by=by)
    if not answer.strip():
        raise DomainError(_("Tell who reported it why, in a sentence."), field="words")
    joined = _joined_to(need)
    for one in (need, *joined):
        _step(one, NeedStatus.REJECTED, table=JOINED_STEPS if one in joined else NEED_STEPS,
              by=by, at=at, action="rejected", reason=answer.strip(), answer=answer.strip(),
              decided_at=at, merged_into=None)  # fmt: skip
        _tell_reporter(one, "needs.rejected", at=at)
    return need


@transaction.atomic
def merge_need(*, need_id: int, into_id: int, by, at: datetime) -> Need:
    """The same need is there already: this one and what was joined to it lead to it now.

    Of two that wait both get the one answer, by the day of whichever was due first.

    :raises NotAllowed: if ``by`` does not act for the desk.
    :raises DomainError: if the other one is not open, or is this one, or waits while this one
        is public.
    """
    _desk_only(by)
    need, into = queries.lock_two(need_id, into_id)
    if into.pk == need.pk or into.status not in queries.may_lead_to(need):
        raise DomainError(_("Choose another need, one that is still open."), field="into")
    joined = _joined_to(need)
    _step(
        need, NeedStatus.MERGED, by=by, at=at, action="merged", merged_into=into, decided_at=at
    )
    for one in joined:
        one.merged_into = into
        one.save(update_fields=["merged_into"])
        record(subject=one, action="merged", by=by, at=at)
    if into.status == NeedStatus.REPORTED:
        _answer_by(into, need.due_at, by=by, at=at)
    for one in (need, *joined):
        traces.link(one, traces.Relation.DUPLICATES, into, at=at)
        follow = _where_to_follow(one, into.due_at, at) if one.waits else {}
        _tell_reporter(one, "needs.merged", at=at, **follow)
    return need


def _joined_to(need: Need) -> list[Need]:
    """Each with the need itself as what it leads to, so that it sees the need's next state."""
    joined = list(queries.merged_into(need))
    for one in joined:
        one.merged_into = need
    return joined


def _answer_by(need: Need, day: datetime, *, by, at: datetime) -> None:
    """The day promised to whoever reported first is kept."""
    if day >= need.due_at:
        return
    changes = {"due_at": [need.due_at.isoformat(), day.isoformat()]}
    need.due_at = day
    need.save(update_fields=["due_at"])
    record(subject=need, action="day moved", by=by, at=at, changes=changes)


@transaction.atomic
def close_need(*, need_id: int, answer: str, by, at: datetime) -> Need:
    """Nothing more is needed here: the words say what came of it, and are public.

    :raises NotAllowed: if ``by`` does not act for the desk.
    :raises DomainError: without words.
    """
    need = _to_decide(need_id, by=by)
    if not answer.strip():
        raise DomainError(_("Say in a sentence what came of it."), field="answer")
    _step(need, NeedStatus.CLOSED, by=by, at=at, action="closed", reason=answer.strip(),
          answer=answer.strip())  # fmt: skip
    _tell_reporter(need, "needs.closed", at=at)
    return need


@transaction.atomic
def put_in_plan(*, need_id: int, by, at: datetime) -> Need:
    """An opportunity that answers the need was published; a second one changes nothing."""
    need = queries.lock_need(need_id)
    if need.status in (NeedStatus.VALIDATED, NeedStatus.PRIORITISED):
        _step(need, NeedStatus.IN_PLAN, by=by, at=at, action="being answered")
    return need


@transaction.atomic
def add_people_served(*, need_id: int, count: int, by, at: datetime) -> None:
    """Confirmed people served, from attendance, in the same transaction."""
    Need.objects.filter(pk=need_id).update(people_served=F("people_served") + count)
    need = Need.objects.get(pk=need_id)
    record(
        subject=need, action="people served", by=by, at=at, changes={"people": [None, count]}
    )


def _to_decide(need_id: int, *, by) -> Need:
    _desk_only(by)
    return queries.lock_need(need_id)


def _desk_only(by) -> None:
    if not policies.may_decide(by):
        raise NotAllowed(_("Only the regional desk answers needs."))


def _step(
    need: Need, to: str, *, by, at: datetime, action: str, reason: str = "", table=NEED_STEPS,
    **fields,
):  # fmt: skip
    change_state(
        need, to, table=table, by=by, at=at, action=action, reason=reason,
        submission=None, **fields,
    )  # fmt: skip
    visible = need.status in OPEN_NEEDS
    search.put(need, visible=visible, **(queries.search_row(need) if visible else {}))


def _tell_reporter(need: Need, template: str, *, at: datetime, **more) -> None:
    """Whoever reported it hears of it, if they can be reached.

    A visitor's address is forgotten with the last message it was given for. Nobody knows yet
    whether it is theirs, so no words of theirs go to it: the number and the link lead to them.
    """
    context = {
        "title": need.title if need.reporter else "", "code": need.code, "answer": need.answer,
        "into": need.merged_into.code if need.merged_into else "", **more,
    }  # fmt: skip
    if need.reporter:
        outbox.send(template=template, to=need.reporter, context=context, at=at)
    elif need.reporter_contact:
        outbox.send(
            template=template, address=need.reporter_contact, context=context, at=at,
            language=need.reporter_language,
        )  # fmt: skip
    if need.reporter_contact and need.status in OVER and not need.waits:
        Need.objects.filter(pk=need.pk).update(reporter_contact="")
        need.reporter_contact = ""
