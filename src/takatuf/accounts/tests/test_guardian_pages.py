"""The guardian's page behind the link, and the young person's step that asks for it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from takatuf.accounts import commands, links, queries, texts
from takatuf.accounts.codes import SESSION_KEY
from takatuf.accounts.tests import factories
from takatuf.kernel import outbox
from takatuf.kernel.errors import NotAllowed
from takatuf.kernel.transitions import history

pytestmark = pytest.mark.django_db
GUARDIAN = "+966551230009"


def page_of(consent) -> str:
    return "/guardian/" + links.consent_link(consent, at=timezone.now()).split("/guardian/")[1]


@pytest.fixture
def asked():
    return factories.consent(
        guardian_contact=GUARDIAN, asked_at=timezone.now(),
        expires_on=timezone.localdate() + timedelta(days=300),
    )  # fmt: skip


def test_the_page_shows_and_only_posting_with_the_code_answers(client, asked, last_code):
    address = page_of(asked)
    page = client.get(address)
    assert page.status_code == 200
    assert asked.minor.full_name in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert page["Referrer-Policy"] == "same-origin"  # "no-referrer" would break the form
    asked.refresh_from_db()
    assert asked.status == "asked"

    client.post(address, {"action": "code"})
    client.post(address, {"action": "answer", "answer": "give", "code": last_code(GUARDIAN)})

    asked.refresh_from_db()
    assert asked.status == "given"


@pytest.mark.parametrize(
    ("prefix", "subject"),
    [
        ("", "رمز ولي الأمر بشأن تطوع {}: {}"),
        ("/en", "Guardian's code about {} volunteering: {}"),
    ],
)
def test_the_guardians_code_says_whose_it_is_and_what_for(
    client, asked, last_code, prefix, subject
):
    client.post(prefix + page_of(asked), {"action": "code"})

    message = outbox.messages_to_address(GUARDIAN)[0]
    assert message.template == "accounts.consent_code"
    assert message.subject == subject.format(asked.minor.full_name, last_code(GUARDIAN))
    assert "10" in message.body


def test_a_code_that_does_not_come_is_sent_again_and_then_waited_for(client, asked):
    address = page_of(asked)
    for _time in range(4):
        assert client.post(address, {"action": "code"}).status_code == 302

    page = client.get(address).content.decode()
    again = client.post(address, {"action": "code"})

    assert 'value="code"' not in page
    assert "طلب رمز جديد بعد 10 دقائق" in page
    assert again.status_code == 409
    assert outbox.messages_to_address(GUARDIAN).count() == 4


def test_the_link_without_the_code_answers_nothing(client, asked):
    client.post(page_of(asked), {"action": "answer", "answer": "give", "code": "123456"})

    asked.refresh_from_db()
    assert asked.status == "asked"


def test_a_wrong_code_answers_nothing(client, asked, last_code):
    address = page_of(asked)
    client.post(address, {"action": "code"})
    wrong = "000000" if last_code(GUARDIAN) != "000000" else "111111"

    response = client.post(address, {"action": "answer", "answer": "give", "code": wrong})

    asked.refresh_from_db()
    assert (response.status_code, asked.status) == (409, "asked")


def test_sending_the_code_leads_to_where_it_is_written(client, asked):
    address = page_of(asked)
    response = client.post(address, {"action": "code"})
    assert response.url == address + "#answer"

    page = client.get(address).content.decode()
    assert page.index('id="answer"') < page.index('name="code"')
    assert "أُرسلت ستة أرقام إلى" in page


def test_a_code_without_an_answer_is_asked_for_one(client, asked, last_code):
    client.post(page_of(asked), {"action": "code"})
    answer = {"action": "answer", "code": last_code(GUARDIAN)}
    page = client.post(page_of(asked), answer).content.decode()

    asked.refresh_from_db()
    assert asked.status == "asked"
    assert "يلزم اختيار أحد الردين" in page


def test_the_guardian_takes_it_back_by_the_same_link(client, asked, last_code):
    address = page_of(asked)
    client.post(address, {"action": "code"})
    client.post(address, {"action": "answer", "answer": "give", "code": last_code(GUARDIAN)})
    client.post(address, {"action": "code"})
    assert 'name="answer" value="withdraw"' in client.get(address).content.decode()

    client.post(
        address, {"action": "answer", "answer": "withdraw", "code": last_code(GUARDIAN)}
    )

    asked.refresh_from_db()
    assert asked.status == "withdrawn"


@pytest.mark.parametrize("with_a_code", [True, False])
@pytest.mark.parametrize("answers", [("give", "given"), ("refuse", "refused")])
def test_an_answer_sent_twice_is_the_answer_once(
    client, asked, last_code, answers, with_a_code
):
    (given, stands), address = answers, page_of(asked)
    client.post(address, {"action": "code"})
    answer = {"action": "answer", "answer": given, "code": last_code(GUARDIAN)}
    before = dict(client.session)
    client.post(address, answer)
    if with_a_code:  # what a request sent at the same time still carries
        session = client.session
        session.update(before)
        session.save()

    again = client.post(address, answer, follow=True)

    assert (again.status_code, again.redirect_chain) == (200, [(address, 302)])
    asked.refresh_from_db()
    assert asked.status == stands
    assert [entry.action for entry in history(asked)] == [stands]


def test_of_two_presses_at_once_the_second_is_shown_what_the_first_gave(
    client, asked, last_code, monkeypatch
):
    """Both requests read the consent before either has written."""
    address, before = page_of(asked), type(asked).objects.get(pk=asked.pk)
    client.post(address, {"action": "code"})
    commands.give_consent(consent=asked, at=timezone.now())
    monkeypatch.setattr(queries, "consent_for_link", lambda _pk: before)

    again = client.post(
        address, {"action": "answer", "answer": "give", "code": last_code(GUARDIAN)}
    )

    assert (again.status_code, again.url) == (302, address)
    assert [entry.action for entry in history(asked)] == ["given"]


@pytest.mark.parametrize("left_open", [{"answer": "refuse"}, {}, {"answer": "else"}])
def test_only_the_word_for_it_takes_a_consent_back(client, asked, last_code, left_open):
    address = page_of(asked)
    commands.give_consent(consent=asked, at=timezone.now())
    client.post(address, {"action": "code"})
    answer = {"action": "answer", "code": last_code(GUARDIAN)}

    page = client.post(address, answer | left_open)

    assert page.status_code == 409
    assert "الموافقة قائمة" in page.content.decode()
    asked.refresh_from_db()
    assert asked.status == "given"
    client.post(address, answer | {"answer": "withdraw"})  # the code was not used up
    asked.refresh_from_db()
    assert asked.status == "withdrawn"


def test_a_code_for_one_consent_answers_no_other(client, asked, last_code):
    other = factories.consent(guardian_contact=GUARDIAN)
    client.post(page_of(asked), {"action": "code"})

    client.post(
        page_of(other), {"action": "answer", "answer": "give", "code": last_code(GUARDIAN)}
    )

    other.refresh_from_db()
    assert other.status == "asked"


def test_a_consent_given_to_older_words_is_shown_and_ends_with_them(client, asked):
    asked.text_version = "1"
    asked.save(update_fields=["text_version"])
    older, newer = "أن تُطلب له فرص تطوعية", "دون سؤالك من جديد عن كل فرصة"

    page = client.get(page_of(asked)).content.decode()
    assert older in page
    assert newer not in page

    again = commands.ask_consent(
        minor=asked.minor, guardian_name="أم تجريبية", relation="mother", contact=GUARDIAN,
        by=asked.minor, at=timezone.now(),
    )  # fmt: skip
    page = client.get(page_of(again)).content.decode()
    assert again.text_version == texts.CONSENT_VERSION
    assert newer in page
    assert older not in page


def test_a_request_that_was_replaced_shows_nothing_of_the_young_person(client, asked):
    address, minor = page_of(asked), asked.minor
    client.post(address, {"action": "code"})
    commands.ask_consent(
        minor=minor, guardian_name="أم تجريبية", relation="mother",
        contact="+966551230010", by=minor, at=timezone.now(),
    )  # fmt: skip
    sent = outbox.messages_to_address(GUARDIAN).count()

    for answer in (client.get(address), client.post(address, {"action": "code"})):
        page = answer.content.decode()
        assert answer.status_code == 410
        assert "لم يعد هذا الطلب قائمًا" in page
        assert minor.full_name not in page
        assert asked.guardian_name not in page
    assert outbox.messages_to_address(GUARDIAN).count() == sent


def test_an_answer_after_the_codes_time_is_told_so(client, asked):
    client.post(page_of(asked), {"action": "code"})
    session = client.session
    session[SESSION_KEY]["at"] -= 11 * 60
    session.save()

    answer = client.post(
        page_of(asked), {"action": "answer", "answer": "give", "code": "123456"}
    )

    assert answer.status_code == 409
    assert "انتهت الدقائق العشر" in answer.content.decode()


@pytest.mark.parametrize("elsewhere", [True, False])
def test_an_answer_where_no_code_waits_is_told_so(client, asked, elsewhere):
    if elsewhere:  # a browser has one code under way: the page opened later took its place
        client.post(page_of(asked), {"action": "code"})
        client.post(page_of(factories.consent(guardian_contact=GUARDIAN)), {"action": "code"})

    answer = client.post(
        page_of(asked), {"action": "answer", "answer": "give", "code": "123456"}
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "لا رمز تنتظره هذه الصفحة" in page
    assert "انتهت الدقائق العشر" not in page
    assert asked.minor.guardian_consents.get().status == "asked"


def test_a_damaged_link_gets_a_sentence(client, asked):
    assert client.get(page_of(asked)[:-4] + "xxx/").status_code == 409


def test_the_minor_sees_the_step_and_asks_through_the_page(client):
    young = factories.minor()
    factories.sign_in(client, young, methods=["code"])

    response = client.post(
        reverse("join_guardian"),
        {"guardian_name": "أب تجريبي", "relation": "father", "contact": "٠٥٥١٢٣٠٠٠٩"},
    )

    assert response.url == reverse("join_guardian")
    assert queries.live_consent_of(young).guardian_contact == GUARDIAN


def test_one_tap_sends_the_link_again_to_the_same_guardian(client, asked):
    minor, wanted = asked.minor, "/opportunities/ABCD2345/"
    factories.sign_in(client, minor, methods=["code"])
    address = f"{reverse('join_guardian')}?next=%2Fopportunities%2FABCD2345%2F"
    assert 'value="resend"' in client.get(address).content.decode()

    answer = client.post(address, {"action": "resend"})

    assert answer.url == address
    page = client.get(address).content.decode()
    assert "أُرسل الرابط إلى ولي الأمر" in page
    assert wanted in page
    assert outbox.messages_to_address(GUARDIAN).get().template == "accounts.consent_asked"
    assert queries.live_consent_of(minor) == asked
    assert [entry.action for entry in history(asked)] == ["asked_again"]


def test_the_link_goes_again_only_while_it_is_waited_for_and_not_too_often(client, asked):
    factories.sign_in(client, asked.minor, methods=["code"])
    for _ in range(6):
        answer = client.post(reverse("join_guardian"), {"action": "resend"}, follow=True)
    assert outbox.messages_to_address(GUARDIAN).count() == 5
    assert 'class="notice bad"' in answer.content.decode()

    with pytest.raises(NotAllowed):
        commands.ask_consent_again(minor=asked.minor, by=factories.person(), at=timezone.now())
    commands.refuse_consent(consent=asked, at=timezone.now())
    with pytest.raises(commands.ConsentRefused):
        commands.ask_consent_again(minor=asked.minor, by=asked.minor, at=timezone.now())


@pytest.mark.parametrize("ahead", [True, False])
def test_steps_are_shown_to_those_who_still_have_some(client, ahead):
    young, now = factories.minor(), timezone.now()
    factories.sign_in(client, young, methods=["code"])
    charter = queries.charter_in_force(now) or commands.load_charter(at=now)
    if not ahead:
        commands.accept_charter(person=young, charter=charter, by=young, at=now)

    page = client.get(reverse("join_guardian")).content.decode()

    assert ('class="steps"' in page) is ahead
    assert ('class="crumbs"' in page) is not ahead


def test_a_minor_cannot_flood_other_peoples_phones(client):
    young = factories.minor()
    factories.sign_in(client, young, methods=["code"])
    form = {"guardian_name": "أب", "relation": "father", "contact": "0551230009"}

    statuses = [client.post(reverse("join_guardian"), form).status_code for _ in range(6)]

    assert statuses == [302] * 5 + [429]


def test_adults_have_no_guardians_step(client):
    factories.sign_in(client, factories.person(), methods=["code"])

    assert client.get(reverse("join_guardian")).status_code == 302


def test_the_page_speaks_both_languages(asked):
    address = page_of(asked)

    assert 'dir="rtl"' in Client().get(address).content.decode()
    assert "Consent for" in Client().get("/en" + address).content.decode()


@pytest.mark.parametrize(
    ("guardian", "typed"),
    [(GUARDIAN, "٠٥٥ ١٢٣ ٠٠٠٩"), ("Mother@Example.org", "MOTHER@example.org")],
)
def test_who_answered_for_themself_does_not_take_the_guardians_contact_after(
    client, last_code, guardian, typed
):
    young = factories.minor()
    asked = factories.consent(
        young, guardian_contact=guardian, asked_at=timezone.now(),
        expires_on=timezone.localdate() + timedelta(days=300),
    )  # fmt: skip
    factories.sign_in(client, young, methods=["code"])
    client.post(page_of(asked), {"action": "code"})
    answer = {"action": "answer", "answer": "give", "code": last_code(guardian)}
    client.post(page_of(asked), answer)
    sent_to = queries.plain_contact(guardian)

    client.post(reverse("contact_change"), {"contact": typed})
    answer = client.post(reverse("contact_code"), {"code": last_code(sent_to)})

    assert answer.status_code == 409
    assert "ولي الأمر" in answer.content.decode()
    young.refresh_from_db()
    assert sent_to not in {young.phone, young.email}


def test_once_the_consent_is_taken_back_its_contact_is_as_any_other(asked):
    young, now = asked.minor, timezone.now()
    commands.give_consent(consent=asked, at=now)
    with pytest.raises(commands.CannotChange):
        commands.change_contact(person=young, contact=GUARDIAN, by=young, at=now)
    commands.withdraw_consent(consent=asked, at=now)

    commands.change_contact(person=young, contact=GUARDIAN, by=young, at=now)

    young.refresh_from_db()
    assert young.phone == GUARDIAN
