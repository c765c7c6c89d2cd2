"""The demo's invented staff: the page says what their app would show, and only theirs."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import reverse

from takatuf.accounts import commands
from takatuf.accounts.tests import factories
from takatuf.accounts.tests.test_second_factor import SECRET, code_now, sign_in_by_password
from takatuf.kernel.errors import NotAllowed

pytestmark = pytest.mark.django_db


def test_the_demo_says_what_an_invented_persons_app_shows(client, staff_names, settings):
    settings.DEMO = True
    invented = factories.person(full_name="مديرة تجريبية", is_demo=True)
    staff_names.add(invented.full_name)
    commands.equip_demo_staff(
        person=invented, password=factories.PASSWORD, by=None, at=factories.NOW
    )
    page = client.get(sign_in_by_password(client, login=invented.email).url)

    client.post(reverse("mfa_authenticate"), {"code": page.context["form"].demo_code})

    assert client.get(reverse("my_account")).status_code == 200
    assert shown_again(client)


def shown_again(client) -> str:
    """What the page that asks "is it still you?" says of the demo's invented app."""
    session = client.session
    session["account_authentication_methods"] = [
        method | {"at": method["at"] - 7 * 86400}
        for method in session["account_authentication_methods"]
    ]
    session.save()
    page = client.get(reverse("mfa_reauthenticate"))
    code = page.context["form"].demo_code
    assert code in page.content.decode()
    return code


@pytest.mark.parametrize(("demo", "invented"), [(False, True), (True, False), (False, False)])
def test_no_code_is_shown_outside_the_demo_or_for_real_people(
    client, staff, settings, demo, invented
):
    settings.DEMO = demo
    staff.is_demo = invented
    staff.save()
    TOTP.activate(staff, SECRET)

    page = client.get(sign_in_by_password(client).url)

    assert page.context["form"].demo_code == ""
    assert code_now() not in page.content.decode()


def test_real_people_are_not_equipped_by_the_demo(staff, settings):
    settings.DEMO = True

    with pytest.raises(NotAllowed):
        commands.equip_demo_staff(person=staff, password="x" * 12, by=None, at=factories.NOW)

    staff.refresh_from_db()
    assert staff.check_password(factories.PASSWORD)
    assert not Authenticator.objects.filter(user=staff).exists()
