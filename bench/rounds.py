"""A matching round on the database, from its rows to a seat that is passed on.

The association's demo (22,000 volunteers) gets 2,000 shifts in one week, filled by round, and
everybody agrees to be proposed: the size M. Then the round is gathered, solved, stored and
verified as its job does it; some proposals are approved, some of these people leave, and each
freed seat goes on, one job at a time; at the end all that is undecided is thought over again.
"""

import importlib
import time
from datetime import date, datetime, timedelta
from itertools import cycle
from statistics import median
from typing import Any

from bench.house import arguments, environment, prepare, start_django

SHIFTS, HOURS, LASTS = 2000, (8, 11, 16, 19), timedelta(hours=3)
APPROVED, LEAVING = 200, 40


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--shifts", type=int, default=SHIFTS)
    wanted = parser.parse_args()
    start_django(environment(wanted.folder, wanted.database))
    prepare()
    call = importlib.import_module("django.core.management").call_command
    if not importlib.import_module("takatuf.accounts.models").Person.objects.exists():
        call("load_demo", scale="association", verbosity=0)
    call("match_compile", verbosity=0)
    _measure(wanted.shifts)


def _measure(shifts: int) -> None:
    from django.utils import timezone  # noqa: PLC0415 - needs Django started

    from takatuf.placement import commands  # noqa: PLC0415
    from takatuf.placement.commands import replanning, solving  # noqa: PLC0415
    from takatuf.placement.models import Proposal  # noqa: PLC0415
    from takatuf.placement.rounds import checking, gathering, judging  # noqa: PLC0415

    desk, first = _desk(), _a_sunday(timezone.localdate())
    _make_places(first, shifts)
    found = commands.open_round(
        body=desk.body, by=desk.person, at=timezone.now(), options={},
        scope=commands.Scope(first_day=first, last_day=first + timedelta(days=6)),
    )  # fmt: skip
    _told("gathered alone", lambda: gathering.gather(found, at=timezone.now()))
    commands.start_round(matching_round=found, by=desk.person, at=timezone.now())
    found.refresh_from_db()
    _told("the whole job", lambda: solving.work_out(found.pk, found.attempt))
    found.refresh_from_db()
    print(
        f"  {found.people} people, {found.seats_filled} of {found.seats_asked} seats, gap "
        f"{found.gap:.3%}, {found.plan.pairs} pairs, {len(found.plan.arrays) / 1e6:.1f} MB kept"
    )
    faults = _told("verified without the solver", lambda: checking.faults_of(found))
    anew = _told("everybody judged anew", lambda: judging.judged_anew(found))
    print(f"  {len(faults)} faults; {anew}")
    some = list(Proposal.objects.filter(round=found).order_by("?").values_list("pk", flat=True))
    done = _told(
        f"{APPROVED} approved",
        lambda: commands.approve_proposals(
            matching_round=found, proposal_ids=some[:APPROVED], by=desk.person,
            at=timezone.now(),
        ),
    )  # fmt: skip
    taken = []
    for application in done.approved[:LEAVING]:
        commands.withdraw(
            application_id=application.pk, by=application.person, at=timezone.now()
        )
        began = time.perf_counter()
        replanning.pass_seat_on(application.pk)
        taken.append(time.perf_counter() - began)
    passed = Proposal.objects.filter(takes_over__in=done.approved[:LEAVING]).count()
    print(
        f"seats passed on: {passed} of {len(taken)}, median {median(taken):.2f} s, at most "
        f"{max(taken):.2f} s"
    )
    _told("all undecided thought over", lambda: replanning.rethink(found.pk))


def _told(what: str, act) -> Any:
    clock, processor = time.perf_counter(), time.process_time()
    found = act()
    print(
        f"{what}: {time.perf_counter() - clock:.2f} s, of them "
        f"{time.process_time() - processor:.2f} of a processor",
        flush=True,
    )
    return found


def _desk() -> Any:
    """Whoever runs the demo's regional desk, in an office there."""
    from takatuf.registry.models import Body, Office  # noqa: PLC0415

    Body.objects.update(desk_may_place=True)
    offices = Office.objects.filter(body__is_desk=True, role="desk", ends_on=None)
    return offices.select_related("person", "body").order_by("pk")[0]


def _a_sunday(today: date) -> date:
    """The next but one: everything of it is still to come."""
    return today + timedelta(days=7 + (6 - today.weekday()) % 7)


def _make_places(first: date, shifts: int) -> None:
    """Shifts over the week in opportunities that are public, a role of each in every one."""
    from django.utils import timezone  # noqa: PLC0415

    from takatuf.opportunities.enums import PUBLIC, Way  # noqa: PLC0415
    from takatuf.opportunities.models import (  # noqa: PLC0415
        Opportunity,
        OpportunityRole,
        Shift,
        ShiftRole,
    )
    from takatuf.registry.models import VolunteerProfile  # noqa: PLC0415

    VolunteerProfile.objects.update(proposals_agreed_at=timezone.now(), reach_km=60)
    public = Opportunity.objects.filter(status__in=PUBLIC).exclude(roles=None)
    keys = list(public.distinct().order_by("pk").values_list("pk", flat=True))
    Opportunity.objects.filter(pk__in=keys).update(
        way=Way.ROUND, reconfirm_by=first + timedelta(days=30), intake_paused=False
    )
    midnight = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    made, moments = [], [(day, hour) for day in range(7) for hour in HOURS]
    for number, key in zip(range(shifts), cycle(keys), strict=False):
        turn = number // len(keys)
        day, hour = moments[(turn + key) % len(moments)]
        starts = midnight + timedelta(days=day, hours=hour, minutes=7 + turn // len(moments))
        made.append(Shift(opportunity_id=key, starts_at=starts, ends_at=starts + LASTS))
    made = Shift.objects.bulk_create(made)
    roles: dict[int, list[OpportunityRole]] = {}
    for role in OpportunityRole.objects.filter(opportunity__in=keys):
        roles.setdefault(role.opportunity_id, []).append(role)
    ShiftRole.objects.bulk_create(
        ShiftRole(shift=shift, role=role, seats=4, minimum=1 + shift.pk % 3)
        for shift in made
        for role in roles[shift.opportunity_id]
    )


if __name__ == "__main__":
    main()
