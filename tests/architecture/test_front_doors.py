"""A module is used through its front door.

Other modules may import its queries, commands, policies, enums and notices; kernel and engine
are everyone's. Tests and demo data may reach further, config may include the urls.
"""

import grimp
import pytest

EVERYONES = {"kernel", "engine"}
FRONT_DOOR = {"queries", "commands", "policies", "enums", "notices"}
# What an importer must be, and its command line, is declared where imports are run; what those
# of a body have in common, where bodies are.
OWN_DOORS = {"imports": {"importers", "management"}, "registry": {"importers"}}
REACH_FURTHER = {"tests", "demo"}


def crossings() -> list[tuple[str, str]]:
    graph = grimp.build_graph("takatuf", cache_dir=None)
    return [
        (importer, imported)
        for importer in sorted(graph.modules)
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
        if importer.count(".") and imported.count(".")
        if importer.split(".")[1] != imported.split(".")[1]
    ]


def is_allowed(importer: str, imported: str) -> bool:
    _, ours, *our_rooms = importer.split(".")
    _, theirs, *their_rooms = imported.split(".")
    if theirs in EVERYONES:
        return True
    if REACH_FURTHER & {ours, *our_rooms}:
        return True
    if ours == "config":
        return their_rooms == ["urls"]
    doors = FRONT_DOOR | OWN_DOORS.get(theirs, set())
    return bool(their_rooms) and their_rooms[0] in doors


def test_modules_meet_at_the_front_door():
    outside = [crossing for crossing in crossings() if not is_allowed(*crossing)]
    assert not outside, "\n".join(map(" -> ".join, outside))


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("takatuf.placement.commands", "takatuf.registry.models"),
        ("takatuf.placement.views", "takatuf.registry.views"),
        ("takatuf.placement.queries", "takatuf.registry"),
        ("takatuf.config.urls", "takatuf.registry.queries"),
    ],
)
def test_a_way_round_the_front_door_is_seen(importer, imported):
    assert not is_allowed(importer, imported)


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("takatuf.placement.commands", "takatuf.registry.commands.volunteers"),
        ("takatuf.placement.demo", "takatuf.registry.models"),
        ("takatuf.config.urls", "takatuf.registry.urls"),
    ],
)
def test_the_front_door_is_open(importer, imported):
    assert is_allowed(importer, imported)
