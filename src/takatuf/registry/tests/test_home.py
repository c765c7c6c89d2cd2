"""Home on the profile: a place people know, not two numbers."""

import pytest

from takatuf.registry.tests.factories import GovernorateFactory, VolunteerFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("home", "arabic", "english"),
    [
        (("28.43", "36.55"), "قرب تبوك", "near Tabuk"),
        (("27.90", "35.90"), "على بعد نحو 64 كم من ضباء", "about 64 km from Duba"),
    ],
)
def test_home_is_read_by_the_nearest_town(client, home, arabic, english):
    tabuk = GovernorateFactory(name_ar="تبوك", name_en="Tabuk")
    GovernorateFactory(
        code="duba", name_ar="ضباء", name_en="Duba", latitude="27.3500", longitude="35.7000"
    )
    profile = VolunteerFactory(governorate=tabuk, home_latitude=home[0], home_longitude=home[1])
    client.force_login(profile.person)

    for address, words in (("/me/profile/", arabic), ("/en/me/profile/", english)):
        page = client.get(address).text
        assert words in page
        assert f"mlat={home[0]}" in page
        assert f"{home[0]}, {home[1]}" not in page
