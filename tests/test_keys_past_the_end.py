"""A number in an address or a form that no row can have is like any other that none has.

Asked by its own key, Django knows that no row has it; asked by a foreign key or among several,
the database is given a number it cannot hold.
"""

import pytest
from django.db import transaction
from django.urls import get_resolver, reverse
from django.urls.converters import IntConverter

from takatuf.accounts.tests.factories import sign_in
from takatuf.registry.tests.factories import PersonFactory
from tests.address_table import TABLE
from tests.asked_region import let_go

PAST = 2**63  # one more than a key can be


def numbers(resolver=None, namespace="") -> dict[str, list[str]]:
    """``{name of an address: its parts that are whole numbers}``"""
    found = {}
    for each in (resolver or get_resolver()).url_patterns:
        if hasattr(each, "url_patterns"):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            found |= numbers(each, inner)
        elif each.name:
            parts = each.pattern.converters.items()
            found[f"{namespace}{each.name}"] = [
                name for name, converter in parts if isinstance(converter, IntConverter)
            ]
    return found


def test_a_key_no_row_can_have_is_answered_by_a_page(region):
    wrong = []
    parts = numbers()
    for name, (allowed, named) in TABLE.items():
        for part in parts.get(name, ()):
            for who in sorted(allowed - {"visitor"}):
                client = region.browser(who)
                kwargs = {key: region.names.get(row, row) for key, row in named.items()}
                kwargs[part] = PAST
                for method in (client.get, client.post):
                    with transaction.atomic():
                        response = method(reverse(name, kwargs=kwargs))
                        code = response.status_code
                        let_go(response)
                        transaction.set_rollback(True)
                    if code >= 500:
                        wrong.append(f"{name} {part} {who} {method.__name__}: {code}")
    assert wrong == []


@pytest.mark.parametrize(
    ("who", "name", "field"),
    [
        ("desk", "placement:round_new", "governorates"),
        ("desk", "placement:round_new", "bodies"),
        ("stranger", "registry:profile_edit", "interests"),
        ("newcomer", "registry:welcome", "interests"),
    ],
)
def test_a_key_no_row_can_have_is_no_choice_among_several(client, region, who, name, field):
    person = PersonFactory() if who == "newcomer" else region.cast[who]
    sign_in(client, person)

    answer = client.post(reverse(name), {field: [1, 10 * PAST]})

    assert (answer.status_code, field in answer.context["form"].errors) == (422, True)


@pytest.mark.parametrize("number", [PAST, "9" * 5000])
@pytest.mark.parametrize(
    "address",
    ["/desk/recoveries/{}/approve/", "/desk/birth-dates/requests/{}/accept/"],
)
def test_a_number_of_any_length_is_a_page_that_is_not_there(region, address, number):
    asked = region.browser("desk").post(address.format(number))

    assert asked.status_code == 404
