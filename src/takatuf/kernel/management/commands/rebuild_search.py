"""Make the search table again from what every module says should be found."""

from django.core.management.base import BaseCommand

from takatuf.kernel import search


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options):  # noqa: ARG002 - Django passes its own options
        self.stdout.write(f"{search.rebuild()} documents")
