"""`/ui/` shows what modules above the kernel draw, by their own templates."""

import pytest

from takatuf.site.tests.factories import governorates

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "mark",
    ['class="tabs"', 'class="card opp"', 'id="filters"', 'class="region-map"',
     'class="menu-list"', 'class="qr"', 'class="demo-mark"'],
)  # fmt: skip
@pytest.mark.parametrize("address", ["/ui/", "/en/ui/"])
def test_every_part_stands_on_the_page(client, address, mark):
    governorates()

    assert mark in client.get(address).content.decode()


def test_the_page_stands_before_the_region_is_loaded(client):
    page = client.get("/ui/")

    assert page.status_code == 200
    assert 'class="region-map"' not in page.content.decode()
