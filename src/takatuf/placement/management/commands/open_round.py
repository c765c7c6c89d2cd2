"""Open a matching round from the shell, and work it out: `open_round --desk --days 14 --run`.

The last line is `round N: STATUS` with its figures. Exit code 1 if it is refused or fails.
"""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone, translation

from takatuf.kernel.errors import DomainError
from takatuf.placement import commands
from takatuf.placement.commands.solving import work_out
from takatuf.placement.enums import RoundStatus
from takatuf.placement.models import Round
from takatuf.registry import queries as registry


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--by", required=True, metavar="PERSON", help="an e-mail or mobile")
        parser.add_argument(
            "--body", default="", metavar="CODE",
            help="for this body's shifts; without it, for the region's desk",
        )  # fmt: skip
        parser.add_argument(
            "--only", action="append", default=[], metavar="CODE",
            help="the desk: only the shifts of this body; repeatable",
        )  # fmt: skip
        parser.add_argument(
            "--governorate", action="append", default=[], metavar="CODE",
            help="only here; repeatable",
        )  # fmt: skip
        parser.add_argument(
            "--from", default=None, dest="first", type=date.fromisoformat, metavar="DAY",
            help="the first day, as 2026-12-01; today unless given",
        )  # fmt: skip
        parser.add_argument("--days", type=int, default=14, help="how many days")
        parser.add_argument(
            "--all-ways", action="store_true", help="also open opportunities and by request"
        )
        parser.add_argument("--asked-only", action="store_true", help="only who asked")
        parser.add_argument("--seed", type=int, default=1, help="the same seed, the same plan")
        parser.add_argument(
            "--option", action="append", default=[], metavar="NAME=NUMBER",
            help="a setting of the round, such as spread=300; repeatable",
        )  # fmt: skip
        parser.add_argument("--run", action="store_true", help="work it out here and now")

    def handle(self, **given: Any) -> None:
        with translation.override("en"):
            try:
                found = self._open(given)
            except DomainError as refusal:
                raise CommandError(str(refusal)) from None
            if given["run"]:
                work_out(found.pk, found.attempt, self._tell)
            found.refresh_from_db()
            if found.status == RoundStatus.FAILED:
                raise CommandError(found.why_failed)
        self._tell(found)

    def _open(self, given: dict[str, Any]) -> Round:
        by, at = self._person(given["by"]), timezone.now()
        first = given["first"] or timezone.localdate(at)
        scope = commands.Scope(
            first_day=first, last_day=first + timedelta(days=given["days"] - 1),
            bodies=[self._body(code) for code in given["only"]],
            governorates=self._governorates(given["governorate"]),
            all_ways=given["all_ways"], with_agreed=not given["asked_only"],
        )  # fmt: skip
        body = self._body(given["body"]) if given["body"] else registry.desk_body()
        if body is None:
            raise CommandError("No association runs the regional desk yet: name a --body.")
        found = commands.open_round(
            body=body, scope=scope, options=dict(map(self._option, given["option"])),
            seed=given["seed"], by=by, at=at,
        )  # fmt: skip
        return commands.start_round(
            matching_round=found, by=by, at=at, enqueue=not given["run"]
        )

    def _tell(self, found: Round) -> None:
        gap = "" if found.gap is None else f", gap {found.gap:.3%}"
        self.stdout.write(
            f"round {found.pk}: {found.status}, {found.people} people, "
            f"{found.seats_filled}/{found.seats_asked} seats{gap}"
        )

    def _person(self, contact: str) -> Any:
        people = get_user_model()._default_manager.filter(erased_at=None)
        found = people.filter(Q(email=contact.lower()) | Q(phone=contact)).first()
        if found is None:
            raise CommandError(f"Nobody signs in with {contact}.")
        return found

    def _body(self, code: str) -> Any:
        found = registry.body_by_code(code)
        if found is None:
            raise CommandError(f"There is no body with the code {code}.")
        return found

    def _governorates(self, codes: list[str]) -> list:
        known = {row.code: row for row in registry.governorates()}
        if unknown := [code for code in codes if code not in known]:
            raise CommandError(f"There is no governorate {unknown[0]}.")
        return [known[code] for code in codes]

    def _option(self, words: str) -> tuple[str, int]:
        name, _sign, number = words.partition("=")
        try:
            return name, int(number)
        except ValueError:
            raise CommandError(f"--option {words}: write NAME=NUMBER.") from None
