"""The region's package data: what was published, with its source, and nothing else."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from takatuf.registry import commands, facts, queries
from takatuf.registry.models import Body, Field, Governorate, Skill, Team


@pytest.mark.django_db
def test_loading_twice_changes_nothing_and_keeps_what_was_edited():
    first = commands.load_region(at=timezone.now())
    Skill.objects.filter(code="first-aid").update(name_en="First aid course")

    second = commands.load_region(at=timezone.now())

    assert first.new == {"governorate": 7, "field": 33, "skill": Skill.objects.count(),
                         "desk": 1, "team": 10}  # fmt: skip
    assert not any(second.new.values())
    assert Skill.objects.get(code="first-aid").name_en == "First aid course"


@pytest.mark.django_db
def test_unknown_figures_stay_unknown():
    commands.load_region(at=timezone.now())

    people = dict(Governorate.objects.values_list("code", "population"))
    assert people["tabuk"] == 623665
    assert people["haql"] is None
    assert set(Team.objects.values_list("body", flat=True)) == {None}
    desk = Body.objects.get(is_desk=True)
    assert (desk.contact_email, desk.licence_number) == ("", "")
    assert not desk.is_demo
    assert Field.objects.filter(basis="proposed").count() == 8


@pytest.mark.django_db
def test_announced_teams_are_listed_as_announced_and_take_nobody(client):
    commands.load_region(at=timezone.now())
    team = queries.public_teams().first()

    page = client.get(f"/en/teams/{team.code}/").content.decode()

    assert "Announced in public sources" in page
    assert "Ask to join" not in page
    assert "Not published" in page
    with translation.override("en"):
        assert facts.day_words(team.announced) in page != team.announced


@pytest.mark.django_db
def test_another_region_than_the_one_set_up_is_refused(settings):
    with pytest.raises(CommandError, match="TAKATUF_REGION"):
        call_command("load_region", "madinah")
    settings.REGION = "atlantis"
    with pytest.raises(CommandError, match="No package data"):
        call_command("load_region", "atlantis")


def test_every_tag_has_its_source_and_every_skill_its_field():
    tags = set()
    for name in ("association", "association_figures", "region_figures", "teams", "forum",
                 "strategy", "council", "governorates"):  # fmt: skip
        for row in facts.rows(name):
            if row["source"] != "not published":
                tags |= set(row["source"].split())
    known_fields = {row["code"] for row in facts.rows("fields")}

    assert tags == {row["tag"] for row in facts.rows("sources")}
    assert {row["field"] for row in facts.rows("skills")} <= known_fields
    assert len({row["code"] for row in facts.rows("skills")}) == len(facts.rows("skills")) >= 80


@pytest.mark.parametrize("language", ["ar", "en"])
def test_figures_carry_qualifier_period_and_source(language):
    with translation.override(language):
        trained = facts.association_figures()
        volunteers = next(f for f in trained if (f.period, f.measure) == ("2017", "volunteers"))
        region = facts.region_figures()

        assert volunteers.words == {"ar": "أكثر من 1,800", "en": "more than 1,800"}[language]
        assert [source.tag for source in volunteers.sources] == ["T3"]
        assert next(f for f in region if f.measure == "teams").words == "225"
        assert len(facts.region_figures("saudi_arabia")) == 11
        half = next(f for f in trained if f.period == "2020-H1")
        assert "2020" in half.period_words != "2020-H1"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_forum_strategy_recommendations_and_council_are_as_announced(language):
    with translation.override(language):
        assert len(facts.forum().axes) == 8
        assert len(facts.strategy()) == 7
        assert len(facts.recommendations()) == 10
        unknown = [fact for fact in facts.council() if not fact.value]
        assert {fact.words for fact in unknown} == {
            {"ar": "لم يُنشر", "en": "Not published"}[language]
        }
        assert len(unknown) == 3
        # In words: digits with hyphens turn round between Arabic words.
        day = {"ar": "7 فبراير 2023", "en": "7 February 2023"}[language]
        assert day in facts.recommendations()[0].status
        assert day in {fact.value for fact in facts.council()}


@pytest.mark.django_db
@pytest.mark.parametrize(("way", "name"), [("/", "منطقة تبوك"), ("/en/", "Tabuk region")])
def test_every_page_carries_the_regions_name_from_its_data(
    client, tmp_path, monkeypatch, way, name
):
    assert f"<small>{name}</small>" in client.get(way).text

    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "region.csv").write_text("name_ar,name_en\nمكان آخر,Elsewhere\n")
    monkeypatch.setattr(facts, "PACKAGE", tmp_path)
    monkeypatch.setattr(facts.settings, "REGION", "elsewhere")
    page = client.get(way).text
    assert name not in page
    assert ("<small>مكان آخر</small>" if way == "/" else "<small>Elsewhere</small>") in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("way", "words"),
    [("/", "لم تُنشر طريقة حسابها"), ("/en/", "how it is worked out was not published")],
)
def test_a_figure_worked_out_in_an_unknown_way_says_so_beside_it(client, way, words):
    assert client.get(way).text.count(words) == 1
    assert client.get(f"{way}about/").text.count(words) == 1
