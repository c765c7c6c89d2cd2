"""The region's work: opportunities with shifts, and for each place the sheet and the ledger.

Shares: three opportunities of four are over and carry all attendance, one is open to all with
two shifts to come. Rows look as the commands leave them; the log of transitions is not made.
"""

import json
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from bench.bulk import Row, Writer
from bench.crowd import Crowd, ref_of
from takatuf.attendance.commands.hours import entry_digest
from takatuf.attendance.models import HourClaim, HourEntry, PeopleServed, Presence
from takatuf.attendance.queries import RECENT
from takatuf.demo.past import role_fields, work_fields, work_of
from takatuf.demo.world import World
from takatuf.kernel.working_days import WEEKEND
from takatuf.opportunities.commands.listing import needs_label, summary_of
from takatuf.opportunities.enums import SHARDS
from takatuf.opportunities.models import (
    ListVersion,
    Opportunity,
    OpportunityRole,
    Shift,
    ShiftRole,
)
from takatuf.placement.models import Application
from takatuf.registry.models import BodyFigures

LABOUR = (
    Opportunity, OpportunityRole, Shift, ShiftRole, Application, Presence, HourClaim, HourEntry,
    PeopleServed,
)  # fmt: skip
OVER_SHARE = 0.75
SHIFTS_OVER, SHIFTS_TO_COME = 4, 2
YEARS = 3
RIYADH = timedelta(hours=3)
COLUMNS = {
    Opportunity: "id code body title klass mode field purpose beneficiaries tasks gains support "
    "accessible safety training supervisor supervisor_role unpaid hours_estimate governorate "
    "place latitude longitude status quality created_by created_at submitted_at submitted_by "
    "published_at reconfirm_by closed_at is_demo summary needs_label_ar needs_label_en "
    "first_start last_end shift_count shift_minutes seats_total seats_taken on_weekend "
    "gives_training listed listing_shard listing_version",
    OpportunityRole: "id opportunity title skill level least_basis",
    Shift: "id opportunity starts_at ends_at status",
    ShiftRole: "id shift role seats minimum taken",
    Application: "id opportunity shift shift_role person batch status applied_at confirmed_at "
    "reminded_at",
    Presence: "id shift application person status came_at left_at recorded_by recorded_at",
    HourClaim: "id person body governorate opportunity presence work started_at ended_at state "
    "minutes evidence is_demo",
    HourEntry: "claim position state evidence minutes counted actor claimant beneficiary "
    "days_late at previous_digest digest",
    PeopleServed: "shift count basis entered_by entered_at confirmed_by confirmed_at",
}


class Line:
    """What ``entry_digest`` reads of a ledger line; one object for all of them."""

    evidence, reason_digest = "leader", ""
    claim_id: str
    position: int
    state: str
    minutes: int
    counted: int
    actor: str
    claimant: str
    beneficiary: str
    days_late: int
    at: datetime
    previous_digest: str


class Labour:
    """Writes opportunities one after the other, oldest first."""

    def __init__(self, world: World, crowd: Crowd, writer: Writer, *, size: int, places: int):
        self.world, self.crowd, self.rng = world, crowd, world.rng
        self.size, self.places = size, places
        self.over = int(size * OVER_SHARE)
        self.tables = {model: writer.table(model, names) for model, names in COLUMNS.items()}
        self.now = world.now.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        local_day = timezone.localtime(world.now).date()
        self.midnight = datetime.combine(local_day, datetime.min.time()) - RIYADH
        self.shifts = self.applications = 0  # rows so far
        self.shards: Counter[int] = Counter()
        self.held: Counter[int] = Counter()  # body → shifts
        self.answered: Counter[int] = Counter()  # body → applications
        self.out: dict[int, set[int]] = defaultdict(set)  # day → who works that day
        self.line = Line()

    def add(self, model: type, row: Row) -> None:
        self.tables[model].add(row)

    def write(self) -> None:
        for number in range(self.size):
            work = Work(self, number)
            if number < self.over:
                self._over(work)
            else:
                self._to_come(work)

    # ------------------------------------------------------------ what is over
    def _over(self, work: "Work") -> None:
        day = -30 - int(YEARS * 360 * (1 - work.number / self.over))
        days = [day + 7 * week for week in range(SHIFTS_OVER)]
        starts = [self._moment(each) for each in days]
        work.write(status="closed", made=day - 20, starts=starts, seats=0, taken=0)
        # Works come in the order of their first days: who was out before is free again.
        self.out = defaultdict(
            set, {each: who for each, who in self.out.items() if each >= day}
        )
        for each, start in zip(days, starts, strict=True):
            done = self.shifts * self.places // (self.over * SHIFTS_OVER)
            upto = (self.shifts + 1) * self.places // (self.over * SHIFTS_OVER)
            people = self.crowd.some(upto - done, self.out[each])
            self.out[each].update(people)
            seats = max(len(people), 1) + self.rng.randrange(4)
            sitting = Sitting(self, work, start, seats=seats, people=people)
            sitting.attended()
        self.held[work.body.pk] += len(starts)

    # ------------------------------------------------------------ what is to come
    def _to_come(self, work: "Work") -> None:
        day = 1 + work.number % 28
        starts = [self._moment(day + 7 * week) for week in range(SHIFTS_TO_COME)]
        plan = []
        for start in starts:
            seats = self.rng.randrange(6, 22)
            plan.append((start, seats, self.crowd.some(self.rng.randrange(seats + 1) // 2)))
        work.write(
            status="published", made=-1 - work.number % 20, starts=starts,
            seats=sum(seats for _, seats, _ in plan), taken=sum(len(p) for *_, p in plan),
        )  # fmt: skip
        for start, seats, people in plan:
            Sitting(self, work, start, seats=seats, people=people).expected()

    def _moment(self, day: int) -> datetime:
        return self.midnight + timedelta(days=day, hours=self.rng.choice([8, 9, 16, 17]))

    # ------------------------------------------------------------ afterwards
    def roll_up(self) -> None:
        """The small sums the commands would have kept on the way."""
        for shard, number in self.shards.items():
            ListVersion.objects.update_or_create(shard=shard, defaults={"number": number})
        for body, count in self.answered.items():
            in_time = count - count // 12
            BodyFigures.objects.filter(body_id=body).update(
                shifts_held=self.held[body], applications_answered=count,
                answered_in_time=in_time, answer_minutes=count * 60 * (14 + body % 60),
            )  # fmt: skip


class Work:
    """One opportunity as it is being written."""

    def __init__(self, labour: Labour, number: int):
        world = labour.world
        self.labour, self.number, self.pk = labour, number, number + 1
        self.body = world.bodies[number % len(world.bodies)]
        self.manager, self.approver = world.managers[self.body.pk]
        work = work_of(world, self.body, number)
        self.fields = work_fields(world, self.body, work)
        self.role = role_fields(world, work)
        self.minutes = work.minutes
        self.length = timedelta(minutes=self.minutes)

    def write(
        self, *, status: str, made: int, starts: list[datetime], seats: int, taken: int
    ) -> None:
        labour, fields = self.labour, self.fields
        at = labour.midnight + timedelta(days=made, hours=9)
        shard = self.pk % SHARDS
        labour.shards[shard] += 1
        skill = self.role.get("skill")
        listed = status == "published"
        labour.add(Opportunity, (
            self.pk, f"R{self.pk:06d}", self.body.pk, fields["title"], str(fields["klass"]),
            "remote" if self.number % 9 == 0 else "onsite", fields["field"].pk,
            fields["purpose"], fields["beneficiaries"], json.dumps(fields["tasks"]),
            fields["gains"], json.dumps(fields["support"]), int(self.number % 5 == 0),
            fields["safety"], fields["training"], self.manager.pk, "مدير وحدة التطوع", 1,
            f"{self.minutes * len(starts) / 60:.1f}", fields["governorate"].pk, fields["place"],
            str(fields["latitude"]), str(fields["longitude"]), status, 9, self.manager.pk,
            str(at), str(at), self.manager.pk, str(at),
            str((labour.midnight + RIYADH + timedelta(days=30)).date() if listed else at.date()),
            None if listed else str(starts[-1] + self.length + timedelta(hours=2)), 1,
            summary_of(Opportunity(purpose=fields["purpose"])),
            needs_label([skill.name_ar] if skill else [], 18, "ar"),
            needs_label([skill.name_en] if skill else [], 18, "en"),
            *self._derived(starts, seats, taken, listed=listed), shard, labour.shards[shard],
        ))  # fmt: skip
        labour.add(OpportunityRole, (
            self.pk, self.pk, self.role["title"], skill and skill.pk, self.role.get("level"),
            str(self.role.get("least_basis", "")),
        ))  # fmt: skip

    def _derived(self, starts: list[datetime], seats: int, taken: int, *, listed: bool) -> Row:
        """first_start … listed, as ``derive`` would say."""
        if not listed:
            return None, None, 0, 0, 0, 0, 0, 1, 0
        weekend = any((start + RIYADH).weekday() in WEEKEND for start in starts)
        last = str(starts[-1] + self.length)
        return str(starts[0]), last, len(starts), self.minutes, seats, taken, int(weekend), 1, 1


class Sitting:
    """One shift with the people placed in it."""

    def __init__(
        self, labour: Labour, work: Work, start: datetime, *, seats: int, people: list[int]
    ):
        labour.shifts += 1
        self.pk, self.labour, self.work, self.people = labour.shifts, labour, work, people
        self.start, self.end = start, start + work.length
        status = "closed" if self.end < labour.now else "planned"
        labour.add(Shift, (self.pk, work.pk, str(start), str(self.end), status))
        minimum = max(1, seats // 2)
        labour.add(ShiftRole, (self.pk, self.pk, work.pk, seats, minimum, len(people)))
        labour.answered[work.body.pk] += len(people)

    def expected(self) -> None:
        """They have a place; the day is to come."""
        for number in self.people:
            asked = self.labour.now - timedelta(minutes=self.labour.rng.randrange(1, 1400))
            self._application(number, "confirmed", str(asked), None)

    def attended(self) -> None:
        """They came or did not; who came has approved hours."""
        labour, rng = self.labour, self.labour.rng
        asked = [str(self.start - timedelta(days=days)) for days in range(2, 15)]
        reminded, recorded = str(self.start - timedelta(hours=47)), str(self.end)
        for number in self.people:
            luck = rng.random()
            state = "attended" if luck < 0.9 else "no_show" if luck < 0.97 else "excused"
            pk = self._application(number, state, asked[int(rng.random() * 13)], reminded)
            person, manager = labour.crowd.first + number, self.work.manager.pk
            if state != "attended":
                sheet = (pk, self.pk, pk, person, state, None, None, manager, recorded)
                labour.add(Presence, sheet)
                continue
            came = self.start + timedelta(minutes=int(rng.random() * 17) - 5)
            left = self.end - timedelta(minutes=int(rng.random() * 25) - 10)
            sheet = (pk, self.pk, pk, person, "left", str(came), str(left), manager, recorded)
            labour.add(Presence, sheet)
            self._hours(number, pk, came, left)
        self._served()

    def _application(self, number: int, state: str, asked: str, reminded: str | None) -> int:
        labour, work = self.labour, self.work
        labour.applications += 1
        pk = labour.applications
        batch = f"{labour.rng.getrandbits(128):032x}"
        labour.add(Application, (
            pk, work.pk, self.pk, self.pk, labour.crowd.first + number, batch, state, asked, asked,
            reminded,
        ))  # fmt: skip
        return pk

    def _hours(self, number: int, presence: int, came: datetime, left: datetime) -> None:
        """A claim with two lines: the leader confirmed, a colleague approved days later."""
        labour, work, rng = self.labour, self.work, self.labour.rng
        minutes = int((left - came).total_seconds() // 60)
        # Ascending in front, so that the tables grow at their end; random behind.
        random = rng.getrandbits(72)
        claim = f"{presence:012x}4{random & 0xFFF:03x}8{random >> 12:015x}"
        labour.add(HourClaim, (
            claim, labour.crowd.first + number, work.body.pk, work.body.governorate_id, work.pk,
            presence, work.fields["title"], str(came), str(left), "approved", minutes, "leader", 1,
        ))  # fmt: skip
        whose, late = ref_of(number), 1 + int(rng.random() * 5)
        first = self._line(claim, whose=whose, minutes=minutes)
        self._line(claim, first, whose=whose, minutes=minutes, late=late)
        labour.crowd.total[number] += minutes
        if came > labour.now - RECENT:
            labour.crowd.recent[number] += minutes

    def _line(
        self, claim: str, previous: str = "", *, whose: str, minutes: int, late: int = 0
    ) -> str:
        """Without a previous line the leader's; after it the approver's."""
        line, manager = self.labour.line, self.work.manager
        at = self.end + timedelta(days=late)
        line.claim_id, line.position = dashed(claim), 2 if previous else 1
        line.state, line.counted = ("approved", minutes) if previous else ("confirmed", 0)
        actor = self.work.approver if previous else manager
        line.actor, line.claimant = str(actor.ref), str(manager.ref)
        line.beneficiary, line.minutes, line.days_late = dashed(whose), minutes, late
        line.at, line.previous_digest = at.replace(tzinfo=UTC), previous
        digest = entry_digest(line)  # type: ignore[arg-type]
        self.labour.add(HourEntry, (
            claim, line.position, line.state, "leader", minutes, line.counted, actor.ref.hex,
            manager.ref.hex, whose, late, str(at), previous, digest,
        ))  # fmt: skip
        return digest

    def _served(self) -> None:
        self.labour.add(PeopleServed, (
            self.pk, self.labour.rng.randrange(20, 160), "عدّ عند نقطة الخدمة",
            self.work.manager.pk, str(self.end + timedelta(hours=1)), self.work.approver.pk,
            str(self.end + timedelta(hours=30)),
        ))  # fmt: skip


def dashed(text: str) -> str:
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
