"""``manage.py appoint_desk CONTACT``: the first member of the desk, who invites the others."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from takatuf.accounts import queries as accounts
from takatuf.kernel.errors import DomainError
from takatuf.registry import commands, queries
from takatuf.registry.enums import Role


class Command(BaseCommand):
    help = "Make somebody who has signed in once a member of the regional desk."

    def add_arguments(self, parser):
        parser.add_argument("contact", help="the e-mail or +966… mobile they signed in with")

    def handle(self, *, contact: str, **options):  # noqa: ARG002 - Django's signature
        desk = queries.desk_body()
        if desk is None:
            raise CommandError("There is no desk yet: run manage.py load_region first.")
        person = accounts.person_who_proved(contact)
        if person is None:
            raise CommandError(
                "Nobody signs in with this contact. Let them sign in once, then try again."
            )
        try:
            commands.appoint(
                person=person, role=Role.DESK, body=desk, by=None, at=timezone.now()
            )
        except DomainError as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{person} is at the desk of {desk.name_ar}.")
