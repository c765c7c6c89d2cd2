"""What the life-cycle machines of placement share: one transaction an example, and refusals."""

from django.db import transaction
from django.utils import timezone
from hypothesis.stateful import RuleBasedStateMachine

from takatuf.kernel.errors import DomainError


class LifeCycle(RuleBasedStateMachine):
    """Each example in a transaction of its own, rolled back, with a clock it may move.

    ``models`` names what a refused command must leave as it was.
    """

    models: tuple = ()

    def __init__(self):
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.now = timezone.now()

    def teardown(self):
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    def rows(self):
        return [list(model.objects.order_by("pk").values()) for model in self.models]

    def attempt(self, command, **arguments):
        """A refusal is an answer, and leaves everything as it was."""
        before = self.rows()
        try:
            with transaction.atomic():
                return command(**arguments, at=self.now)
        except DomainError:
            assert self.rows() == before
            return None

    def one_of(self, rows, number):
        found = list(rows.order_by("pk"))
        return found[number % len(found)] if found else None
