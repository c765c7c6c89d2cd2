from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.migrations.state import ProjectState
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from takatuf.kernel import search
from takatuf.kernel.models import SearchDocument, Sequence
from takatuf.kernel.registries import invariants
from takatuf.kernel.search.index import SearchIndex
from takatuf.kernel.visibility import Visibility

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
IN_STEP = "the search index holds what its table holds"


def put(number, title, **options):
    thing = Sequence(pk=number)
    search.put(
        thing, kind=options.pop("kind", "thing"), title=title, url="/x/", at=AT, **options
    )
    return thing


def titles(query, **options):
    return [row.title for row in search.find(query, **options).items]


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["الفرص", "فرصة", "والفرص", "بالفرصه", "للفُرَص", "ﻓﺮﺻﺔ"])
def test_a_word_is_found_behind_its_clitics_and_spellings(query):
    put(1, "فرص التطوّع في تبوك")

    assert titles(query) == ["فرص التطوّع في تبوك"]


@pytest.mark.django_db
def test_every_word_of_the_query_must_be_found():
    put(1, "تنظيف الشاطئ", text="في أملج")
    put(2, "تنظيف المساجد")

    assert titles("تنظيف شاطئ املج") == ["تنظيف الشاطئ"]
    assert titles("تنظيف حديقة") == []


@pytest.mark.django_db
def test_the_beginning_of_a_word_finds_it():
    put(1, "متطوعون للإسعاف")

    assert titles("متطو") == titles("المتطو") == ["متطوعون للإسعاف"]
    assert titles("مت") == []


@pytest.mark.django_db
def test_a_title_comes_before_a_text_a_word_before_its_beginning_and_weight_decides_ties():
    put(1, "لقاء الفرق", text="حديث عن التشجير")
    put(2, "تشجيرنا الحي")
    put(3, "تشجير الحي")
    put(4, "تشجير وادٍ", weight=5)

    assert titles("تشجير") == ["تشجير وادٍ", "تشجير الحي", "تشجيرنا الحي", "لقاء الفرق"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", ["الاسغافات", "الاسعاافات", "الاسعفات", "الاسعافت", "الاعسافات"]
)
def test_one_wrong_letter_is_forgiven_when_nothing_else_answers(typed):
    put(1, "الإسعافات الأولية")

    results = search.find(typed)

    assert [row.title for row in results.items] == ["الإسعافات الأولية"]
    assert results.corrected
    assert not search.find("الإسعافات").corrected


@pytest.mark.django_db
def test_a_short_word_is_not_guessed_at():
    put(1, "حقل")

    assert search.find("حفل").items == []
    assert not search.find("حفل").corrected


@pytest.mark.django_db
def test_filters_by_kind_place_and_audience():
    put(1, "تشجير", kind="opportunity", place="haql")
    put(2, "تشجير", kind="body", place="tabuk")
    put(3, "تشجير", kind="body", audience=Visibility.MEMBERS)

    assert len(titles("تشجير")) == 2
    assert [row.kind for row in search.find("تشجير", kinds=["body"]).items] == ["body"]
    assert [row.place for row in search.find("تشجير", place="haql").items] == ["haql"]
    assert len(titles("تشجير", audiences=[Visibility.PUBLIC, Visibility.MEMBERS])) == 3
    assert titles("تشجير", kinds=[]) == titles("تشجير", audiences=[]) == []


@pytest.mark.django_db
def test_renewing_replaces_and_removing_removes():
    thing = put(1, "تشجير الحي")
    put(1, "تنظيف الحي")
    assert titles("تشجير") == []
    assert titles("تنظيف") == ["تنظيف الحي"]

    search.remove(thing)
    search.remove(thing)
    assert titles("تنظيف") == []
    assert list(invariants[IN_STEP]()) == []


@pytest.mark.django_db
def test_what_is_no_longer_visible_is_taken_out():
    put(1, "تشجير الحي")
    put(1, "تشجير الحي", visible=False)

    assert titles("تشجير") == []


@pytest.mark.django_db
def test_a_rollback_takes_the_index_with_it():
    with transaction.atomic():
        put(1, "تشجير الحي")
        assert titles("تشجير")
        transaction.set_rollback(True)

    assert titles("تشجير") == []


@pytest.mark.django_db
def test_pages_follow_one_another_without_gap_or_repeat():
    search.put_many(
        search.build(Sequence(pk=n), kind="x", title=f"تشجير {n}", url="/", at=AT)
        for n in range(45)
    )
    seen, after = [], ""
    while True:
        page = search.find("تشجير", limit=20, after=after)
        assert page.total == 45
        assert not page.capped
        seen += [row.pk for row in page.items]
        after = page.next
        if not after:
            break

    assert len(seen) == len(set(seen)) == 45


@pytest.mark.django_db
def test_references_alone_are_what_everybody_would_be_shown():
    put(1, "لقاء", text="تشجير")
    put(2, "تشجير الحي")
    put(3, "تشجير", kind="other")
    put(4, "تشجير", audience=Visibility.MEMBERS)

    assert search.references("تشجير", kinds=["thing"]) == [
        "kernel.sequence:2",
        "kernel.sequence:1",
    ]
    assert search.references("تشحير", kinds=["thing"]) == ["kernel.sequence:2"]
    assert search.references("", kinds=["thing"]) == []


@pytest.mark.django_db
@pytest.mark.parametrize("after", ["", "x", "1.2", "9" * 400, "-1.0.0", "1.2.3; DROP TABLE x"])
def test_a_made_up_cursor_gives_the_first_page(after):
    put(1, "تشجير")

    assert search.find("تشجير", after=after).total == 1


@pytest.mark.django_db
@pytest.mark.parametrize("size", [3, 300])
@pytest.mark.parametrize(("query", "most"), [("تشجير", 3), ("تشحير", 4), ("", 0)])
def test_the_number_of_queries_does_not_grow(size, query, most, django_assert_max_num_queries):
    search.put_many(
        search.build(Sequence(pk=n), kind="x", title=f"تشجير {n}", url="/", at=AT)
        for n in range(size)
    )
    with django_assert_max_num_queries(most):
        search.find(query)


@pytest.mark.django_db
def test_writing_takes_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        put(1, "تشجير الحي")
    with django_assert_num_queries(1):
        put(1, "تنظيف الحي")


HOSTILE = [
    "", " ", '"', "'", '"" OR ""', "a AND", "NOT", "NEAR(a b)", "title_terms : a", "a*", "* *", "(((", "a:*|b",
    "\\", "\x00", "تشجير\x00", "\ud800", "َُِ", "\u200f", "ـــ", "!@#$%^&*()", "'; DROP TABLE kernel_searchdocument; --",
    "ا" * 10_000, "تشجير " * 2_000, "\U0001e900\U0001e901", "𝓐𝓑", "zzzz", "من", "في على", "٪", "a" * 41, "-" * 500,
    "' | 'x", ":* & !", "{terms}: x", "^a", "a + b", "😀", "\U00010ffff"[:1],
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("query", HOSTILE)
def test_a_hostile_query_is_only_text(query):
    put(1, "تشجير الحي")

    search.find(query)
    assert SearchDocument.objects.count() == 1


class AnyText(TestCase):
    @settings(max_examples=60)
    @given(st.text(max_size=60), st.text(max_size=200))
    def test_any_title_can_be_stored_and_any_query_asked(self, title, text):
        storable = text.replace("\x00", "").encode("utf-8", "ignore").decode()
        shown = title.replace("\x00", "").encode("utf-8", "ignore").decode()
        put(1, shown, text=storable)

        search.find(text)
        found = search.find(title)

        assert all(row.title == shown for row in found.items)
        for word in title.split()[:1]:
            search.find(word, limit=-5)


@pytest.mark.django_db
def test_the_address_and_heading_follow_the_language():
    put(1, "تشجير", title_en="Tree planting")
    row = search.find("planting").items[0]

    with translation.override("ar"):
        assert (row.heading, row.get_absolute_url()) == ("تشجير", "/x/")
    with translation.override("en"):
        assert (row.heading, row.get_absolute_url()) == ("Tree planting", "/en/x/")


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"url": "javascript:alert(1)"}, {"audience": "anyone"}])
def test_the_database_refuses_a_bad_row(wrong):
    row = search.build(Sequence(pk=1), kind="x", title="x", **{"url": "/", "at": AT, **wrong})

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


# ---------------------------------------------------------------- keeping in step
@pytest.mark.django_db
def test_the_table_can_be_made_again_from_its_sources(monkeypatch):
    monkeypatch.setattr(search.sources, "_items", {})

    @search.sources.register("things")
    def things():
        yield search.build(Sequence(pk=7), kind="x", title="تشجير", url="/", at=AT)

    put(1, "left over")
    out = StringIO()
    call_command("rebuild_search", stdout=out)

    assert out.getvalue() == "1 documents\n"
    assert titles("تشجير") == ["تشجير"]
    assert titles("left") == []
    assert list(invariants[IN_STEP]()) == []


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its own indexes")
def test_an_index_out_of_step_is_reported():
    put(1, "تشجير")
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER kernel_search_index_delete")
    SearchDocument.objects.all().delete()

    assert any("rebuild_search" in sentence for sentence in invariants[IN_STEP]())


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its own indexes")
def test_a_busy_database_is_not_called_an_index_out_of_step(monkeypatch):
    def busy():
        raise OperationalError("database is locked")

    monkeypatch.setattr(connection, "cursor", busy)
    [sentence] = invariants[IN_STEP]()
    assert "check again" in sentence
    assert "rebuild_search" not in sentence


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite always asks its index")
def test_a_beginning_in_every_text_reads_no_whole_table():
    filler = " ".join(f"سطر{n}" for n in range(120))
    search.put_many(
        search.build(
            Sequence(pk=n),
            kind="thing",
            title="عنوان",
            text=f"متطوع{n} {filler}",
            url="/",
            at=AT,
        )
        for n in range(1, 2_001)
    )
    with CaptureQueriesContext(connection) as captured, connection.cursor() as cursor:
        # What a vacuum does: rows not yet sorted into an index make it look dear.
        for index in ("kernel_search_index_terms", "kernel_search_index_title_terms"):
            cursor.execute("SELECT gin_clean_pending_list(%s)", [index])
        cursor.execute("ANALYZE kernel_searchdocument")
        assert search.find("متطوع").total == 2_000
        asked = [row["sql"] for row in captured if "terms_vector @@" in row["sql"]]
        plans = []
        for sql in asked:
            cursor.execute("EXPLAIN " + sql.replace("%", "%%"))
            plans.append(str(cursor.fetchall()))

    assert len(plans) == 2
    assert all("Bitmap Index Scan" in plan and "Seq Scan" not in plan for plan in plans)


@pytest.mark.django_db(transaction=True)
def test_the_index_can_be_unmade_and_made_again_over_what_is_there():
    put(1, "تشجير الحي")
    operation, state = SearchIndex(), ProjectState()
    with connection.schema_editor() as editor:
        operation.database_backwards("kernel", editor, state, state)
    with connection.schema_editor() as editor:
        operation.database_forwards("kernel", editor, state, state)

    assert titles("تشجير") == ["تشجير الحي"]
