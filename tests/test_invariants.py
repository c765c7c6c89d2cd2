"""What `manage.py check_invariants` is worth: every registered invariant finds a corruption.

Each case of ``tests/invariants`` makes sound rows, about which the invariant has nothing to say,
and then the damage, which it must find. An invariant without a case fails the build.
"""

from importlib import import_module
from io import StringIO
from pkgutil import iter_modules

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from takatuf.kernel import transitions
from takatuf.kernel.registries import invariants
from takatuf.needs import commands
from takatuf.needs.tests.factories import NeedFactory, desk_person
from tests import invariants as damage
from tests.invariants import CASES

pytestmark = pytest.mark.django_db
for module in iter_modules(damage.__path__, "tests.invariants."):
    import_module(module.name)


def test_every_invariant_has_a_corruption_to_find():
    assert {name for name, _damage in CASES} == {name for name, _check in invariants}


@pytest.mark.parametrize(("name", "case"), CASES)
def test_the_corruption_is_found(name, case):
    steps = case()
    next(steps)
    assert list(invariants[name]()) == [], "broken before anything was spoilt"

    assert next(steps, "done") == "done"

    assert list(invariants[name]()), "the corruption was not found"
    with pytest.raises(CommandError, match="broken"):
        call_command("check_invariants", only=name, stdout=StringIO())


def test_what_changes_while_it_is_looked_at_is_not_called_broken(monkeypatch):
    need = NeedFactory()
    commands.validate_need(need_id=need.pk, by=desk_person(), at=timezone.now())
    read = transitions._states_said

    def read_and_then_changed():
        said = list(read())
        commands.close_need(
            need_id=need.pk, answer="لُبي كله.", by=desk_person(), at=timezone.now()
        )
        yield from said

    monkeypatch.setattr(transitions, "_states_said", read_and_then_changed)

    assert list(transitions.states_out_of_step()) == []
