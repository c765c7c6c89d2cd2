"""Matching rounds: one locked, in lists, what their plan says, who is proposed for what."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from takatuf.kernel.models import Transition
from takatuf.kernel.references import reference
from takatuf.opportunities import queries as opportunities
from takatuf.opportunities.enums import PUBLIC, ShiftStatus, Way
from takatuf.placement.enums import (
    HOLDING,
    LET_LAPSE,
    LIVE_PROPOSALS,
    RUNNING_ROUNDS,
    SOLVED,
    WITHDREW,
    ApplicationStatus,
    ProposalStatus,
    RoundStatus,
)
from takatuf.placement.models import Application, Proposal, Round, RoundPlace
from takatuf.registry import queries as registry
from takatuf.registry.enums import MANAGERS, Role

WITH_PLACE = (
    "person", "body", "opportunity__body", "opportunity__governorate", "shift",
    "shift_role__role__skill", "shift_role__role__credential",
    "shift_role__shift__opportunity__body", "shift_role__shift__opportunity__governorate",
    "application",
)  # fmt: skip
WAYS_OF_EVERY_ROUND = (Way.ROUND,)
WAYS_WITH_FREE_SEATS = (Way.ROUND, Way.OPEN, Way.BY_REQUEST)  # by invitation the body invites
OVER = (RoundStatus.CLOSED, RoundStatus.CANCELLED)


def lock_round(pk: int) -> Round:
    """The round's row, held until the transaction ends.

    :raises Round.DoesNotExist: if there is none.
    """
    return Round.objects.select_for_update(of=("self",)).select_related("body").get(pk=pk)


def lock_proposal(pk: int) -> Proposal:
    """:raises Proposal.DoesNotExist: if there is none."""
    rows = Proposal.objects.select_for_update(of=("self",))
    return rows.select_related("round", *WITH_PLACE).get(pk=pk)


def proposal_keys(pk: int) -> tuple[int, int, int]:
    """Whose, of which opportunity and round: what is locked before the proposal itself.

    :raises Proposal.DoesNotExist: if there is none.
    """
    return Proposal.objects.values_list("person_id", "opportunity_id", "round_id").get(pk=pk)


def proposals_by_ids(matching_round: Round, pks: Iterable[int]) -> QuerySet[Proposal]:
    """Those of the round, each with its body and person; one person's stand together."""
    rows = Proposal.objects.filter(round=matching_round, pk__in=list(pks))
    return rows.select_related("body", "person").order_by("person_id", "pk")


def bodies_proposed_for(matching_round: Round) -> list:
    """Every body somebody was proposed for in the round."""
    rows = Proposal.objects.filter(round=matching_round).order_by().values("body_id")
    firsts = rows.annotate(first=Min("pk")).values("first")
    return [row.body for row in Proposal.objects.filter(pk__in=firsts).select_related("body")]


def how_decided(matching_round: Round) -> tuple[bool, bool]:
    """Whether a proposal is undecided, and whether one was approved."""
    rows = Proposal.objects.filter(round=matching_round)
    came = rows.filter(status__in=[ProposalStatus.APPROVED, ProposalStatus.ENDED])
    return rows.filter(status=ProposalStatus.PROPOSED).exists(), came.exists()


def places_with_live(matching_round: Round, shift_role_ids: Iterable[int]) -> list:
    """A round's places with ``live`` proposals, ``undecided`` ones, and the role's seats."""
    mine = Q(shift_role__proposals__round=F("round"))
    places = RoundPlace.objects.filter(
        round=matching_round, shift_role_id__in=list(shift_role_ids)
    )
    proposed = "shift_role__proposals"
    live = mine & Q(**{f"{proposed}__status__in": LIVE_PROPOSALS})
    undecided = mine & Q(**{f"{proposed}__status": ProposalStatus.PROPOSED})
    return list(
        places.select_related("shift_role")
        .annotate(
            live=Count(proposed, filter=live), undecided=Count(proposed, filter=undecided)
        )
        .order_by("pk")
    )


# ---------------------------------------------------------------- the scope
def days_of(matching_round: Round) -> tuple[datetime, datetime]:
    """``[start, end)`` of the round's days, local midnights."""
    return _midnight(matching_round.first_day), _midnight(
        matching_round.last_day + timedelta(days=1)
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def places_in(matching_round: Round, *, at: datetime) -> QuerySet:
    """Shift roles a round is to fill: in its scope, to come, with a seat free."""
    start, end = days_of(matching_round)
    ways = WAYS_WITH_FREE_SEATS if matching_round.all_ways else WAYS_OF_EVERY_ROUND
    rows = opportunities.shift_roles().filter(
        shift__starts_at__gte=max(start, at), shift__starts_at__lt=end,
        shift__status=ShiftStatus.PLANNED, shift__opportunity__status__in=PUBLIC,
        shift__opportunity__way__in=ways, taken__lt=F("seats"),
        shift__opportunity__reconfirm_by__gte=timezone.localdate(at),
    )  # fmt: skip
    bodies = list(matching_round.bodies.values_list("pk", flat=True))
    if bodies:
        rows = rows.filter(shift__opportunity__body_id__in=bodies)
    where = list(matching_round.governorates.values_list("pk", flat=True))
    if where:
        rows = rows.filter(shift__opportunity__governorate_id__in=where)
    return rows


def unplaced_in(matching_round: Round, *, at: datetime) -> QuerySet[Application]:
    """Who took part by asking and has no answer yet; nobody before it is worked out."""
    if matching_round.solved_at is None:
        return Application.objects.none()
    placed = RoundPlace.objects.filter(
        round=matching_round, shift_role=OuterRef("shift_role_id")
    )
    rows = Application.objects.filter(
        Exists(placed), status=ApplicationStatus.APPLIED, opportunity__way=Way.ROUND,
        shift__starts_at__gt=at, applied_at__lte=matching_round.solved_at,
    )  # fmt: skip
    return rows.order_by("person_id", "pk")


def with_a_line(places: QuerySet | Collection[int]) -> set[int]:
    """Opportunities where somebody waits for one of these places (``ShiftRole``)."""
    rows = Application.objects.filter(
        shift_role_id__in=places, status=ApplicationStatus.WAITING
    )
    return set(rows.order_by().values_list("opportunity_id", flat=True).distinct())


def unlike_their_plans() -> QuerySet[Round]:
    """Rounds worked out whose figures, places or proposals are not those of the stored plan."""
    proposals = Proposal.objects.filter(round=OuterRef("pk"), in_plan=True)
    places = RoundPlace.objects.filter(round=OuterRef("pk"))
    rows = Round.objects.filter(status__in=SOLVED).annotate(
        proposed=_total_of(proposals, Count("pk")), placed=_total_of(places, Sum("filled"))
    )
    return rows.exclude(
        plan__objective=F("objective"), plan__seats_filled=F("seats_filled"),
        plan__seats_asked=F("seats_asked"), proposed=F("seats_filled"),
        placed=F("seats_filled"),
    ).order_by("pk")  # fmt: skip


def _total_of(rows: QuerySet, total: Any) -> Coalesce:
    grouped = rows.order_by().values("round").annotate(total=total)
    return Coalesce(Subquery(grouped.values("total")), 0)


def approved_for_another() -> QuerySet[Proposal]:
    """Approved proposals whose place is another person's, or another role's."""
    theirs = Q(application__person=F("person"), application__shift_role=F("shift_role"))
    rows = Proposal.objects.filter(application__isnull=False).exclude(theirs)
    return rows.order_by("pk")


def unlike_their_places() -> QuerySet[Proposal]:
    """Approved without a place that is held, or ended with one."""
    held = Q(application__status__in=HOLDING)
    wrong = Q(status=ProposalStatus.APPROVED) & ~held | Q(status=ProposalStatus.ENDED) & held
    return Proposal.objects.filter(wrong).select_related("application").order_by("pk")


def approved_twice() -> QuerySet[Proposal]:
    """Approved although the same person is approved for another shift at that time.

    By the number in the plan: two records made one may have been in two places.
    """
    approved = Proposal.objects.filter(status=ProposalStatus.APPROVED)
    other = approved.filter(
        round=OuterRef("round"), agent=OuterRef("agent"), pk__lt=OuterRef("pk"),
        shift__starts_at__lt=OuterRef("shift__ends_at"),
        shift__ends_at__gt=OuterRef("shift__starts_at"),
    )  # fmt: skip
    return approved.filter(Exists(other)).order_by("pk")


def overproposed() -> QuerySet[Any]:
    """Places with more ``live`` proposals than the round has seats for there."""
    live = Proposal.objects.filter(
        round=OuterRef("round"), shift_role=OuterRef("shift_role"), status__in=LIVE_PROPOSALS
    )
    counted = live.order_by().values("shift_role").annotate(n=Count("pk")).values("n")
    rows = RoundPlace.objects.annotate(live=Coalesce(Subquery(counted), 0))
    return rows.filter(live__gt=F("seats")).order_by("pk")


def unlike_their_proposals() -> QuerySet[Round]:
    """Approved with something undecided, open without a yes, over with something undecided."""
    rows = Proposal.objects.filter(round=OuterRef("pk"))
    undecided = Exists(rows.filter(status=ProposalStatus.PROPOSED))
    came = Exists(rows.filter(status__in=[ProposalStatus.APPROVED, ProposalStatus.ENDED]))
    wrong = (
        Q(status=RoundStatus.PROPOSED) & Q(came)
        | Q(status=RoundStatus.PARTLY_APPROVED) & ~(Q(came) & Q(undecided))
        | Q(status=RoundStatus.APPROVED) & (~Q(came) | Q(undecided))
        | Q(status__in=OVER) & Q(undecided)
    )
    return Round.objects.filter(wrong).order_by("pk")


def rounds_over(at: datetime) -> QuerySet[Round]:
    today = timezone.localdate(at)
    rows = Round.objects.filter(status__in=RUNNING_ROUNDS, last_day__lt=today)
    return rows.order_by("last_day", "pk")


def rounds_stalled(*, since: datetime) -> QuerySet[Round]:
    """Being worked out, without a sign of life since then."""
    return Round.objects.filter(status=RoundStatus.SOLVING, touched_at__lt=since)


def who_gave_up(matching_round: Round) -> set[int]:
    """Numbers in the plan (person and week) of those who left or refused a place the round
    gave, or let its offer lapse; not where it went with its shift or became another's.
    """
    ended = Proposal.objects.filter(round=matching_round, status=ProposalStatus.ENDED)
    agents = {
        reference(Application(pk=place)): agent
        for place, agent in ended.values_list("application_id", "agent")
    }
    told = Transition.objects.filter(subject__in=agents, action__in=(WITHDREW, LET_LAPSE))
    return {agents[subject] for subject in told.values_list("subject", flat=True)}


def running_round_behind(application) -> Round | None:
    """The round that gave this place, as long as it runs."""
    return Round.objects.filter(
        status__in=RUNNING_ROUNDS, proposals__application=application
    ).first()


def running_round_of(shift_role_id: int) -> Round | None:
    """The latest round whose order this role's seats follow."""
    rows = Round.objects.filter(status__in=RUNNING_ROUNDS, places__shift_role=shift_role_id)
    return rows.order_by("-solved_at", "-pk").first()


def round_with_order(shift_role_id: int) -> Round | None:
    """The latest round with a plan for this role, running or closed."""
    rows = Round.objects.filter(status__in=SOLVED, places__shift_role=shift_role_id)
    return rows.order_by("-solved_at", "-pk").first()


# ---------------------------------------------------------------- lists
def rounds_visible_to(person) -> QuerySet[Round]:
    """Of the region for the desk and auditors; for managers their bodies' own, and those that
    propose people for their shifts. The latest first, each with its body, ``waiting``, how many
    proposals nobody has decided, and ``offered``, how many are a place by now.
    """
    rows = Round.objects.select_related("body").order_by("-pk")
    offices = registry.offices_of(person)
    if not any(o.role in (Role.DESK, Role.AUDITOR) and o.body.is_desk for o in offices):
        bodies = [o.body_id for o in offices if o.role in MANAGERS]
        theirs = RoundPlace.objects.filter(round=OuterRef("pk"), body_id__in=bodies)
        rows = rows.filter(Q(body_id__in=bodies) | Exists(theirs))
    undecided = Q(proposals__status=ProposalStatus.PROPOSED)
    became = Q(proposals__status=ProposalStatus.APPROVED)
    return rows.annotate(
        waiting=Count("proposals", filter=undecided), offered=Count("proposals", filter=became)
    )


def round_visible_to(person, pk: int) -> Round:
    """:raises Round.DoesNotExist: missing and not theirs look alike."""
    return rounds_visible_to(person).get(pk=pk)


def undecided_ids(matching_round: Round, *, bodies: Sequence[int] | None = None) -> list[int]:
    rows = Proposal.objects.filter(round=matching_round, status=ProposalStatus.PROPOSED)
    if bodies is not None:
        rows = rows.filter(body_id__in=bodies)
    return list(rows.order_by("person_id", "pk").values_list("pk", flat=True))
