"""Volunteers from spreadsheets: words understood, nothing guessed, nobody's account opened."""

import csv
import io
from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from takatuf.imports.importers import CellProblem, Duplicate, Entry, New, Row, RunContext
from takatuf.imports.models import ImportRun
from takatuf.imports.tests.sheets import delimited
from takatuf.kernel.identities import stored_id
from takatuf.kernel.references import reference
from takatuf.registry import commands, queries, vocabulary
from takatuf.registry.enums import Role
from takatuf.registry.importing import PeopleImporter
from takatuf.registry.models import SkillGrant, VolunteerProfile
from takatuf.registry.tests.factories import (
    BodyFactory,
    OfficeFactory,
    PersonFactory,
    TeamFactory,
    VolunteerFactory,
)

pytestmark = pytest.mark.django_db
VALID_ID = "1000000008"


@pytest.fixture(autouse=True)
def region():
    commands.load_region(at=timezone.now())


def run(by=None, body=""):
    return RunContext(
        kind="people",
        run=None,
        by=by,
        at=timezone.now(),
        acting_body=body,
        began=timezone.now(),
    )


def row(line=1, **values):
    return Row(sheet="", line=line, values={"name": "سارة العطوي"} | values)


def entered(*rows, context=None):
    importer, context = PeopleImporter(), context or run()
    outcomes = importer.prepare(rows, context)
    assert all(isinstance(outcome, New) for outcome in outcomes)
    return importer.apply(
        [Entry(r, o.data) for r, o in zip(rows, outcomes, strict=True)], context
    )


def taken(*rows, context=None):
    refs = entered(*rows, context=context)
    return [get_user_model().objects.get(pk=ref.rpartition(":")[2]) for ref in refs]


# ---------------------------------------------------------------- words
@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("تبوك", "tabuk"), ("مدينة تبوك", "tabuk"), ("Tabuk", "tabuk"), ("TABUK city", "tabuk"),
        ("املج", "umluj"), ("أملج", "umluj"), ("محافظة أملج", "umluj"), ("ضبا", "duba"),
        ("تبوك - حي المروج", "tabuk"), ("الوجه", "al-wajh"), ("وجه", "al-wajh"), ("حقل", "haql"),
        ("محافظة ضبا", "duba"), ("مدينة ضبا", "duba"), ("المحافظة: ضباء", "duba"),
        ("محافظة تيما", "tayma"), ("مدينة تيماء", "tayma"), ("جدة", ""), ("تبوك / ضباء", ""), ("", ""), (None, ""),
    ],
)  # fmt: skip
def test_places_in_many_spellings(written, code):
    assert vocabulary.read_place(written, vocabulary.place_codes()) == code


@pytest.mark.parametrize(
    ("said", "code"),
    [("تصميم جرافيك", "graphic-design"), ("قيادة فريق", "volunteer-management")],
)
def test_skills_in_the_words_of_the_lists_units_keep(said, code):
    person = taken(row(skills=(said,)))[0]

    assert [g.skill.code for g in SkillGrant.objects.filter(person=person)] == [code]


def test_skills_that_are_not_known_are_remarked_with_the_place():
    known, strange = PeopleImporter().prepare(
        [row(skills=("تصميم",)), row(skills=("ركوب الخيل", "تصميم"), place="جدة")], run()
    )

    assert not known.remark
    with translation.override("en"):
        said = str(strange.remark)
    assert "ركوب الخيل" in said
    assert "جدة" in said
    assert "تصميم" not in said


def test_skills_by_name_other_words_and_level_and_the_rest_is_left_as_it_is():
    known = vocabulary.skill_words(queries.skills())
    codes = {skill.pk: skill.code for skill in queries.skills()}

    found, unknown = vocabulary.read_skills(
        ("إسعافات أولية", "تصوير متقدم", "الترجمه", "Design", "قيادة المركبات الفضائية"), known
    )

    assert {codes[pk]: level for pk, level in found.items()} == {
        "first-aid": 1, "photography": 3, "translation-en": 1, "graphic-design": 1,
    }  # fmt: skip
    assert unknown == ["قيادة المركبات الفضائية"]


def test_every_word_for_a_language_is_one_we_keep():
    from takatuf.registry.enums import LANGUAGES_SPOKEN  # noqa: PLC0415

    assert set(vocabulary.LANGUAGE_WORDS) == {code for code, _name in LANGUAGES_SPOKEN}
    assert vocabulary.read_languages(["عربي", "English", "مريخي"]) == ({"ar", "en"}, ["مريخي"])


# ---------------------------------------------------------------- rows
def test_a_row_becomes_a_person_with_a_profile_and_declared_skills():
    (person,) = taken(row(
        national_id=VALID_ID, mobile="+966550000001", place="املج", languages=("عربي",),
        skills=("إسعافات أولية", "طيران"), notes="تفضل المساء",
    ))  # fmt: skip

    profile = VolunteerProfile.objects.get(person=person)
    assert (person.id_hash, person.id_last_three) == stored_id(VALID_ID)
    assert VALID_ID not in str(person.__dict__)
    assert not person.has_usable_password()
    assert person.phone_verified is False
    assert profile.governorate.code == "umluj"
    assert profile.import_note == "طيران\nتفضل المساء"
    grants = SkillGrant.objects.filter(person=person)
    assert [(g.skill.code, g.basis) for g in grants] == [("first-aid", "declared")]


def test_an_unknown_place_gives_no_profile_and_a_remark():
    outcome = PeopleImporter().prepare([row(place="جدة")], run())[0]

    assert "جدة" in str(outcome.remark)
    (person,) = taken(row(place="جدة"))
    assert not VolunteerProfile.objects.filter(person=person).exists()


@pytest.mark.parametrize(
    ("known", "given", "may_differ"),
    [
        ({"phone": "+966550000001"}, {"mobile": "+966550000001"}, True),
        ({"email": "a@example.com"}, {"email": "a@example.com"}, True),
        ({"id_hash": None}, {"national_id": VALID_ID}, False),
        ({"full_name": "ساره العطوى"}, {}, True),
    ],
)
def test_whoever_may_be_known_is_proposed_never_merged(known, given, may_differ):
    if "id_hash" in known:
        known["id_hash"], known["id_last_three"] = stored_id(VALID_ID)
    person = PersonFactory(**known)
    if "full_name" in known:
        given = {"birth_date": person.birth_date}

    outcome = PeopleImporter().prepare([row(**given)], run())[0]

    assert isinstance(outcome, Duplicate)
    assert [c.reference for c in outcome.candidates] == [reference(person)]
    assert outcome.may_differ is may_differ


def test_a_body_sees_less_of_a_likely_duplicate_than_the_desk():
    PersonFactory(full_name="خالد الشهري", phone="+966550000001", email="k@example.com")
    body = BodyFactory()
    manager = OfficeFactory(body=body).person
    same = row(mobile="+966550000001")

    as_desk = PeopleImporter().prepare([same], run())[0].candidates[0]
    as_body = PeopleImporter().prepare([same], run(manager, reference(body)))[0].candidates[0]

    assert as_desk.title == "خالد الشهري"
    assert "الشهري" not in as_body.title
    assert "550000001" not in str(as_body.facts) + str(as_desk.facts)


def test_a_merge_never_puts_a_contact_on_somebody_elses_account():
    body = BodyFactory()
    manager = OfficeFactory(body=body).person
    victim = PersonFactory(email=None, full_name="سارة العطوي")
    attack = row(email="thief@example.com", national_id=VALID_ID, place="تبوك",
                 skills=("تصوير",))  # fmt: skip

    PeopleImporter().merge(attack, reference(victim), run(manager, reference(body)))

    victim.refresh_from_db()
    assert (victim.email, victim.id_hash) == (None, None)
    assert SkillGrant.objects.filter(person=victim).count() == 1


def test_the_desk_completes_who_never_signed_in_and_nobody_who_did():
    never = PersonFactory(email=None)
    signed_in = PersonFactory(email=None, last_login=timezone.now())

    PeopleImporter().merge(row(email="one@example.com"), reference(never), run())
    PeopleImporter().merge(row(email="two@example.com"), reference(signed_in), run())

    never.refresh_from_db()
    signed_in.refresh_from_db()
    assert (never.email, signed_in.email) == ("one@example.com", None)


def test_whoever_signs_in_is_put_into_no_team_by_a_list():
    """A body would read in its roster whose mobile it guessed."""
    team = TeamFactory(name="فريق النور", name_sort_key="فريق نور")
    context = run(body=reference(team.body))
    known = PersonFactory(phone="+966550000001", last_login=timezone.now())
    never = PersonFactory(phone="+966550000002", last_login=None)

    for person in (known, never):
        again = row(mobile=person.phone, team="فريق النور")
        PeopleImporter().merge(again, reference(person), context)

    assert [member.person for member in queries.team_roster(team)] == [never]


def test_a_familys_one_mobile_stays_with_its_first_owner():
    first = PersonFactory(phone="+966550000001")
    other = row(mobile="+966550000001")

    (ref,) = PeopleImporter().apply([Entry(other)], run())

    second = get_user_model().objects.get(pk=ref.rpartition(":")[2])
    first.refresh_from_db()
    assert (first.phone, second.phone) == ("+966550000001", None)


def test_adults_come_into_the_bodys_own_team_minors_do_not():
    team = TeamFactory(name="فريق النور", name_sort_key="فريق نور")
    context = run(body=reference(team.body))
    year = timezone.localdate().replace(month=1, day=1)

    adult, minor = taken(
        row(1, team="فريق النور", birth_date=year.replace(year=year.year - 30)),
        row(2, name="ليان", team="فريق النور", birth_date=year.replace(year=year.year - 12)),
        context=context,
    )

    assert [m.person for m in queries.team_roster(team)] == [adult]
    assert {adult.birth_date_basis, minor.birth_date_basis} == {"sheet"}  # only suggested


def test_queries_do_not_grow_with_the_rows():
    def counted(rows):
        with CaptureQueriesContext(connection) as found:
            entered(*rows)
        return len(found)

    few = counted([row(n, name=f"شخص {n}", mobile=f"+9665500001{n:02}") for n in range(2)])
    many = counted([row(n, name=f"فرد {n}", mobile=f"+9665500002{n:02}") for n in range(30)])

    assert many == few


# ---------------------------------------------------------------- who may import
@pytest.mark.parametrize("role", Role.values)
def test_heads_managers_and_the_desk_import_for_their_bodies(role):
    body = queries.desk_body() if role in {"desk", "auditor"} else BodyFactory()
    team = TeamFactory(body=body) if role == Role.TEAM_LEADER else None
    person = OfficeFactory(role=role, body=body, team=team).person
    may = role in {Role.DESK, Role.BODY_HEAD, Role.UNIT_MANAGER}

    found = PeopleImporter().bodies_for(person, at=timezone.now())

    assert [b.reference for b in found] == ([reference(body)] if may else [])


def test_a_volunteer_imports_nobody():
    person = VolunteerFactory().person

    assert not PeopleImporter().bodies_for(person, at=timezone.now())


def test_the_body_of_an_import_is_named_in_the_readers_language():
    body = BodyFactory(name_ar="جمعية العطاء", name_en="Giving Society")

    def named(acting_body):
        return ImportRun(acting_body=acting_body, body_title="جمعية العطاء").body_name

    with translation.override("en"):
        assert named(reference(body)) == "Giving Society"
        assert named("registry.body:0") == "جمعية العطاء"  # gone: as it was written down
        assert named("") == "جمعية العطاء"
    with translation.override("ar"):
        assert named(reference(body)) == "جمعية العطاء"


# ---------------------------------------------------------------- a file, from the shell
def sheet(tmp_path):
    file = io.StringIO()
    written = csv.writer(file)
    written.writerow(["كشف المتطوعين"])
    written.writerow(["الاسم", "رقم الهوية", "الجوال", "المدينة", "المهارات"])
    written.writerow(["سارة العطوي", VALID_ID, "٠٥٥٠٠٠٠٠٠١", "تبوك", "تصوير، إسعافات"])
    written.writerow(["خالد البلوي", "1234567890", "0550000002", "تبوك", ""])
    written.writerow(["ساره العطوى", VALID_ID, "0550000001", "Tabuk", ""])
    written.writerow(["نورة العنزي", "", "0550000003", "ضبا", "ترجمة"])
    path = tmp_path / "people.csv"
    path.write_text(file.getvalue(), encoding="utf-8")
    return path


def last_line(path, capsys):
    call_command("import_people", str(path))
    return capsys.readouterr().out.strip().splitlines()[-1]


def test_a_file_is_taken_once(tmp_path, capsys, transactional_db):
    commands.load_region(at=timezone.now())
    path = sheet(tmp_path)

    assert last_line(path, capsys) == "imported 2, bad 1, duplicates 1, unchanged 0"
    assert last_line(path, capsys) == "imported 0, bad 1, duplicates 1, unchanged 2"
    assert get_user_model().objects.count() == 2


# ---------------------------------------------------------------- what says too little
def test_a_name_alone_is_nobody():
    fields = {field.name: None for field in PeopleImporter.fields}

    with pytest.raises(CellProblem):
        PeopleImporter().check(fields | {"name": "القسم النسائي"})
    with pytest.raises(CellProblem):
        PeopleImporter().check(fields | {"name": "سعد العطوي", "first_name": "سعد"})
    PeopleImporter().check(fields | {"name": "سعد العطوي", "mobile": "+966500000000"})


@pytest.mark.parametrize(("years", "said"), [(3, "under seven"), (-1, "cannot be right")])
def test_a_birth_date_that_makes_a_small_child_is_a_slip(years, said):
    today = timezone.localdate()
    values = {field.name: None for field in PeopleImporter.fields}
    values |= {"name": "سعد العطوي", "mobile": "+966500000000"}

    with pytest.raises(CellProblem) as refusal:
        PeopleImporter().check(values | {"birth_date": date(today.year - years, 1, 1)})
    with translation.override("en"):
        assert said in str(refusal.value.sentence)
    assert refusal.value.field == "birth_date"
    PeopleImporter().check(values | {"birth_date": date(today.year - 8, 1, 1)})


def test_a_name_in_four_columns_is_one_name(tmp_path):
    path = tmp_path / "people.csv"
    heads = ["الاسم الأول", "اسم الأب", "اسم الجد", "اسم العائلة", "الجوال"]
    path.write_bytes(delimited([heads, ["سارة", "فهد", "", "العطوي", "0500000001"]]))

    call_command("import_people", str(path), stdout=io.StringIO())

    assert get_user_model().objects.get(phone="+966500000001").full_name == "سارة فهد العطوي"
