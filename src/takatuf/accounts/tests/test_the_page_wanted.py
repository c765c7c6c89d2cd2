"""Whoever came for a page gets there, however long the way in and whatever happens on it."""

from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts import commands, queries
from takatuf.accounts.models import Person
from takatuf.accounts.tests import factories

pytestmark = pytest.mark.django_db
NEW = "new@example.org"
WANTED = "/opportunities/ABCD2345/"
BACK = "?" + urlencode({"next": WANTED})
ENTRANCES = pytest.mark.parametrize(
    ("name", "steps"), [("join", True), ("account_login", False)]
)


def ask(client, name):
    return client.post(reverse(name), {"contact": NEW, "next": WANTED})


@ENTRANCES
def test_a_code_that_ran_out_is_said_so_and_asked_for_anew(client, last_code, name, steps):
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), tick=False) as clock:
        ask(client, name)
        clock.shift(601)
        answer = client.post(reverse("join_code"), {"code": last_code(NEW)})
        page = client.get(answer.url).content.decode()

    assert answer.url == reverse(name) + BACK
    assert "انتهت الدقائق العشر" in page
    assert f'value="{NEW}"' in page
    assert f'name="next" value="{WANTED}"' in page
    assert ('class="steps"' in page) is steps
    assert NEW not in client.get(answer.url).content.decode()  # for the once
    assert not Person.objects.exists()


@ENTRANCES
def test_five_wrong_codes_keep_the_frame_and_the_page(client, last_code, name, steps):
    ask(client, name)
    wrong = "000000" if last_code(NEW) != "000000" else "111111"

    answers = [client.post(reverse("join_code"), {"code": wrong}) for _ in range(5)]

    page = client.get(answers[-1].url).content.decode()
    assert answers[-1].url == reverse(name) + BACK
    assert "خمس مرات" in page
    assert f'value="{NEW}"' in page
    assert ('class="steps"' in page) is steps


@ENTRANCES
def test_another_contact_is_written_where_the_first_was(client, name, steps):
    ask(client, name)

    assert f'href="{reverse(name)}{BACK}"' in client.get(reverse("join_code")).content.decode()


def test_a_new_contact_s_code_that_ran_out_is_said_so(client, last_code):
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), tick=False) as clock:
        factories.sign_in(client, factories.person(), methods=["code"])
        client.post(reverse("contact_change"), {"contact": NEW})
        clock.shift(601)
        answer = client.post(reverse("contact_code"), {"code": last_code(NEW)})
        page = client.get(answer.url).content.decode()

    assert answer.url == reverse("contact_change")
    assert "انتهت الدقائق العشر" in page
    assert f'value="{NEW}"' in page


def test_a_minor_gets_past_the_guardian_to_the_page_they_came_for(client):
    joining, now = factories.person(full_name="", birth_date=None), timezone.now()
    charter = queries.charter_in_force(now) or commands.load_charter(at=now)
    factories.sign_in(client, joining, methods=["code"])

    named = client.post(
        reverse("join_name") + BACK,
        {"full_name": "سالم العطوي", "birth_date": "2012-01-01", "next": WANTED},
    )
    assert named.url == reverse("join_guardian") + BACK
    guardian = {"guardian_name": "أب تجريبي", "relation": "father", "contact": "0551230009"}
    asked = client.post(named.url, guardian | {"next": WANTED})
    assert asked.url == named.url
    welcome = reverse("registry:welcome") + BACK
    assert f'href="{welcome}"' in client.get(asked.url).content.decode()

    joining.refresh_from_db()
    commands.accept_charter(person=joining, charter=charter, by=joining, at=now)
    page = client.get(asked.url).content.decode()
    assert f'href="{WANTED}"' in page
    assert 'class="steps"' not in page


def test_the_guardians_step_leads_on_whoever_has_no_need_of_it(client):
    factories.sign_in(client, factories.person(), methods=["code"])
    assert client.get(reverse("join_guardian") + BACK).url == WANTED

    factories.sign_in(client, factories.person(birth_date=None), methods=["code"])
    assert client.get(reverse("join_guardian") + BACK).url == reverse("join_name") + BACK
    assert client.get(reverse("my_birth_date") + BACK).url == reverse("join_name") + BACK


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("my_profile", {"full_name": "هند العطوي", "language": "ar", "channel": "email",
                        "gender": "female"}),
        ("my_birth_date", {"birth_date": "1/2/1990", "reason": "خطأ في الكتابة"}),
        ("my_identity", {"identity": "1000000008"}),
    ],
)  # fmt: skip
def test_a_form_of_the_account_leads_back_to_where_it_was_asked_for(client, name, typed):
    factories.sign_in(client, factories.person(), methods=["code"])
    page = client.get(reverse(name) + BACK).content.decode()

    answer = client.post(reverse(name) + BACK, typed)

    assert f'href="{WANTED}"' in page  # also without saving
    assert answer.url == WANTED
    assert client.post(reverse(name) + "?next=//evil.example/", typed).url == reverse(
        "my_account"
    )
