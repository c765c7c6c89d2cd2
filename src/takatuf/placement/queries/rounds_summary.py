"""What a round's plan says in figures: filled, at risk, scarce, changed since, body by body."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Case, Count, F, Min, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from takatuf.opportunities.enums import PUBLIC, ShiftStatus
from takatuf.placement.enums import (
    LIVE_PROPOSALS,
    WITH_A_PLACE,
    ApplicationStatus,
    ProposalStatus,
)
from takatuf.placement.models import Application, Proposal, Round, RoundPlace, RoundPlan

SCARCE_SHOWN, RISKS_SHOWN, WHERE_SHOWN = 5, 5, 3
MISSING_HEADS = Case(When(filled__lt=F("minimum"), then=F("minimum") - F("filled")), default=0)
ACCEPTED = Q(status=ProposalStatus.APPROVED, application__status__in=WITH_A_PLACE)
AT_RISK = Q(filled__lt=F("minimum"))


@dataclass(kw_only=True)
class Decided:
    """What became of the proposals made since the plan.

    :param own: undecided ones for who looks, which a colleague approves.
    """

    by_status: Counter = field(default_factory=Counter)
    accepted: int = 0
    own: int = 0

    def add(self, other: "Decided") -> None:
        self.by_status.update(other.by_status)
        self.accepted += other.accepted
        self.own += other.own

    def __bool__(self) -> bool:
        return self.by_status.total() > self.waiting

    @property
    def waiting(self) -> int:
        return self.by_status[ProposalStatus.PROPOSED]

    @property
    def offered(self) -> int:
        """The places accepted among them."""
        return self.by_status[ProposalStatus.APPROVED]

    @property
    def refused(self) -> int:
        return self.by_status[ProposalStatus.REJECTED]

    @property
    def lapsed(self) -> int:
        return self.by_status[ProposalStatus.LAPSED]

    @property
    def ended(self) -> int:
        return self.by_status[ProposalStatus.ENDED]


@dataclass(frozen=True, kw_only=True)
class Part:
    """What the plan gives one body.

    :param risky: shifts with a role below its minimum, lacking ``short`` heads.
    """

    body_id: int
    code: str
    name: str
    desk_may_place: bool
    seats: int
    filled: int
    short: int
    risky: int
    decided: Decided
    is_desk: bool = False

    @property
    def pk(self) -> int:
        """A part answers to policies as its body does."""
        return self.body_id

    @property
    def to_approve(self) -> int:
        return self.decided.waiting - self.decided.own


@dataclass(kw_only=True)
class Scarce:
    """A skill with empty seats.

    :param short: heads missing below the minima of its roles; the other empty seats can wait.
    :param price: points that one person more would be worth beside their own; 0: none.
    :param where: how many of the empty seats lie in each governorate, the most first.
    :param whose: the same for each body.
    """

    name: str
    empty: int = 0
    short: int = 0
    price: float = 0.0
    where: Counter = field(default_factory=Counter)
    whose: Counter = field(default_factory=Counter)

    @property
    def places(self) -> list[tuple[str, int]]:
        return self.where.most_common(WHERE_SHOWN)

    @property
    def bodies(self) -> list[tuple[str, int]]:
        return self.whose.most_common(WHERE_SHOWN)


@dataclass(frozen=True, kw_only=True)
class Since:
    """What happened after the plan was made, so that it is no more quite the plan.

    :param gone: places whose shift is cancelled, moved or over.
    :param tight: places with fewer free seats than people still proposed.
    :param asked: people who asked for one of its places since.
    """

    gone: int
    tight: int
    asked: int

    def __bool__(self) -> bool:
        return bool(self.gone or self.tight or self.asked)


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What a round's plan says.

    :param at_risk: the first roles below their minimum, the soonest first, with ``short``.
    :param kept: places given that the plan before gave too; ``new`` others; ``dropped``: of
        the plan before, and no more in it.
    """

    plan: RoundPlan | None
    parts: list[Part]
    asked: int
    kept: int
    new: int
    at_risk: list
    scarce: list[Scarce]

    @property
    def seats(self) -> int:
        return sum(part.seats for part in self.parts)

    @property
    def filled(self) -> int:
        return sum(part.filled for part in self.parts)

    @property
    def empty(self) -> int:
        return self.seats - self.filled

    @property
    def risky(self) -> int:
        return sum(part.risky for part in self.parts)

    @property
    def dropped(self) -> int:
        return self.plan.dropped if self.plan else 0

    @property
    def is_another_try(self) -> bool:
        """A plan stood before, with which it can be compared."""
        return bool(self.kept or self.dropped)

    @cached_property
    def decided(self) -> Decided:
        together = Decided()
        for part in self.parts:
            together.add(part.decided)
        return together


def summary_of(
    matching_round: Round, *, bodies: Iterable[int] | None = None, viewer: int | None = None
) -> Summary:
    """Five questions however large the round.

    :param bodies: of their shifts alone; None: of all.
    :param viewer: the key of who looks at it.
    """
    ours = _ours(matching_round, bodies)
    counted = list(_proposals_counted(ours, matching_round, viewer))
    return Summary(
        plan=RoundPlan.objects.filter(round=matching_round).defer("arrays").first(),
        parts=_parts(ours, counted),
        asked=sum(row["asked_n"] for row in counted),
        kept=sum(row["kept_n"] for row in counted),
        new=sum(row["new_n"] for row in counted),
        at_risk=list(_at_risk(ours)[:RISKS_SHOWN]), scarce=_scarce(ours),
    )  # fmt: skip


def part_of(
    matching_round: Round, code: str, *, bodies: Iterable[int] | None = None,
    viewer: int | None = None,
) -> Part | None:  # fmt: skip
    """The part of the body with this code, if it is one of these; two questions."""
    ours = _ours(matching_round, bodies) & Q(body__code=code)
    counted = _proposals_counted(ours, matching_round, viewer)
    return next(iter(_parts(ours, counted)), None)


def _ours(matching_round: Round, bodies: Iterable[int] | None) -> Q:
    return Q(round=matching_round) & (Q() if bodies is None else Q(body_id__in=list(bodies)))


def _parts(ours: Q, counted: Iterable[dict[str, Any]]) -> list[Part]:
    decided: defaultdict[int, Decided] = defaultdict(Decided)
    for row in counted:
        decided[row["body_id"]].add(
            Decided(
                by_status=Counter({row["status"]: row["n"]}), accepted=row["accepted_n"],
                own=row["own_n"],
            )
        )  # fmt: skip
    return [_part(row, decided[row["body_id"]]) for row in _places_counted(ours)]


def since_solved(
    matching_round: Round, *, bodies: Iterable[int] | None = None, at
) -> Since:  # fmt: skip
    """One question."""
    ours = _ours(matching_round, bodies)
    still = Proposal.objects.filter(
        round=matching_round, status=ProposalStatus.PROPOSED,
        shift_role=OuterRef("shift_role_id"),
    )  # fmt: skip
    asking = Application.objects.filter(
        shift_role=OuterRef("shift_role_id"), status=ApplicationStatus.APPLIED,
        applied_at__gt=matching_round.solved_at,
    )  # fmt: skip
    stands = Q(
        shift_role__shift__status=ShiftStatus.PLANNED, shift_role__shift__starts_at__gt=at,
        shift_role__shift__opportunity__status__in=PUBLIC,
    )  # fmt: skip
    free = F("shift_role__seats") - F("shift_role__taken")
    rows = RoundPlace.objects.filter(ours).annotate(
        waiting=_counted(still), asking=_counted(asking), free=free
    )
    found = rows.aggregate(
        gone=Count("pk", filter=~stands & Q(waiting__gt=0)),
        tight=Count("pk", filter=stands & Q(waiting__gt=F("free"))),
        asked=Sum("asking"),
    )
    return Since(gone=found["gone"], tight=found["tight"], asked=found["asked"] or 0)


def in_tongue(arabic: str, english: str) -> str:
    """A name in the reader's language; Arabic where no English one is known."""
    return (english if get_language() == "en" else "") or arabic


def _counted(rows: QuerySet) -> Coalesce:
    grouped = rows.order_by().values("shift_role").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(grouped), 0)


def _proposals_counted(ours: Q, matching_round: Round, viewer: int | None) -> QuerySet:
    """Those of an earlier attempt, which were said no to, are not of this plan."""
    live = Q(status__in=LIVE_PROPOSALS, in_plan=True)
    rows = Proposal.objects.filter(ours, made_at__gte=matching_round.solved_at)
    own = Q(status=ProposalStatus.PROPOSED, person=viewer)
    return rows.values("body_id", "status").annotate(
        n=Count("pk"), asked_n=Count("pk", filter=Q(asked=True)),
        accepted_n=Count("pk", filter=ACCEPTED), own_n=Count("pk", filter=own),
        kept_n=Count("pk", filter=Q(kept=True) & live),
        new_n=Count("pk", filter=Q(kept=False) & live),
    ).order_by()  # fmt: skip


def _places_counted(ours: Q) -> QuerySet:
    rows = RoundPlace.objects.filter(ours).values("body_id")
    counted = rows.annotate(  # a name once given hides the column it was made of
        heads=Sum(MISSING_HEADS),
        risky=Count("shift_role__shift", filter=AT_RISK, distinct=True),
        all_seats=Sum("seats"), all_filled=Sum("filled"),
    )  # fmt: skip
    return counted.order_by("body__name_sort_key", "body_id").values(
        "body_id", "body__code", "body__name_ar", "body__name_en", "body__desk_may_place",
        "heads", "risky", "all_seats", "all_filled",
    )  # fmt: skip


def _part(row: dict[str, Any], decided: Decided) -> Part:
    return Part(
        body_id=row["body_id"], code=row["body__code"],
        name=in_tongue(row["body__name_ar"], row["body__name_en"]),
        desk_may_place=row["body__desk_may_place"], seats=row["all_seats"],
        filled=row["all_filled"], short=row["heads"], risky=row["risky"], decided=decided,
    )  # fmt: skip


def _at_risk(ours: Q) -> QuerySet[RoundPlace]:
    rows = RoundPlace.objects.filter(ours & AT_RISK)
    return (
        rows.annotate(short=F("minimum") - F("filled"))
        .select_related("shift_role__shift__opportunity", "shift_role__role", "body", "skill")
        .order_by("shift_role__shift__starts_at", "pk")
    )


def _scarce(ours: Q) -> list[Scarce]:
    """The skills with most heads missing first, then with most seats empty.

    A seat that asks for two skills counts for either: it stays empty for want of one of them.
    So does its price, which is what filling the seat is worth, not what a skill is.
    """
    where = "shift_role__shift__opportunity__governorate__name"
    skills = ("skill", "shift_role__role__credential")
    rows = RoundPlace.objects.filter(ours, skill__isnull=False, filled__lt=F("seats"))
    counted = rows.values(
        *(f"{skill}__{column}" for skill in skills for column in ("id", "name_ar", "name_en")),
        f"{where}_ar", f"{where}_en", "body__name_ar", "body__name_en",
    ).annotate(
        empty=Sum(F("seats") - F("filled")), short=Sum(MISSING_HEADS), least=Min("price")
    )  # fmt: skip
    found: dict[int, Scarce] = {}
    for row in counted.order_by("skill_id"):
        place = in_tongue(row[f"{where}_ar"] or "", row[f"{where}_en"] or "")
        body = in_tongue(row["body__name_ar"], row["body__name_en"])
        asked = {row[f"{each}__id"]: each for each in skills}  # the role may ask otherwise now
        asked.pop(None, None)
        for key, each in asked.items():
            name = in_tongue(row[f"{each}__name_ar"], row[f"{each}__name_en"])
            skill = found.setdefault(key, Scarce(name=name))
            skill.empty += row["empty"]
            skill.short += row["short"]
            skill.price = max(skill.price, -row["least"])
            skill.whose[body] += row["empty"]
            if place:
                skill.where[place] += row["empty"]
    scarcest = sorted(found.values(), key=lambda each: (-each.short, -each.empty, each.name))
    return scarcest[:SCARCE_SHOWN]
