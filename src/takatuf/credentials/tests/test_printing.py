import io
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import get_user_model
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pypdf import PdfReader

from takatuf.credentials import words
from takatuf.credentials.models import Certificate, IdCard
from takatuf.credentials.printing import card_pdf, certificate_pdf
from takatuf.credentials.printing.sheets import certificate_sheet, clean, text
from takatuf.credentials.tests.factories import SNAPSHOT
from takatuf.registry.models import Body

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TASHKEEL = ("عَبْدُ الرَّحْمٰنِ بْنُ مُحَمَّدِ بْنِ عَبْدِ اللهِ الْعَطَوِيُّ " * 3)[:120]


def paper(name="نورة سالم العطوي", status="valid", *, is_demo=False, **said) -> Certificate:
    return Certificate(
        serial="TK-2026-000123", code="ABCDE23456", printed_name=name, issued_at=AT,
        snapshot=SNAPSHOT | said, status=status, is_demo=is_demo,
    )  # fmt: skip


def plastic(name="نورة سالم العطوي", **fields) -> IdCard:
    return IdCard(
        number="TC-2026-000012", code="XYZAB98765", printed_name=name, issued_at=AT,
        body=Body(name_ar="جمعية", name_en="Society"),
        valid_from=date(2026, 11, 23), valid_until=date(2027, 11, 22), **fields,
    )  # fmt: skip


def read(pdf: bytes) -> tuple[int, str]:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return len(pages), "\n".join(page.extract_text() for page in pages)


def test_a_certificate_is_one_page_with_serial_code_and_both_calendars():
    pages, said = read(certificate_pdf(paper(name="Maria Smith", work="Beach clean-up")))

    assert pages == 1
    for words_ in (
        "TK-2026-000123", "ABCDE-23456", "Maria Smith", "Beach clean-up", "13.5 hours",
        "2 October 2026", "21 Rabi II 1448 AH", "23 November 2026", "Skilled volunteering",
        "10 hours · Scanned on the day", "3.5 hours · Confirmed by the leader", "4 times", "Excel",
    ):  # fmt: skip
        assert words_ in said


def test_office_and_last_digits_are_printed_if_known_and_still_fit_one_page():
    known = paper(office="Volunteer unit", place="Warehouse")
    known.holder = get_user_model()(pk=1, id_last_three="417")

    pages, said = read(certificate_pdf(known))

    assert pages == 1
    assert "National ID ends in 417" in said
    assert "Volunteer unit" in said
    assert said.count("Warehouse") == 2  # it stands in the English column too
    nobody = paper(name="")  # the name is erased, and with it the digits
    nobody.holder = known.holder
    assert "417" not in read(certificate_pdf(nobody))[1]
    assert "National ID" not in read(certificate_pdf(paper()))[1]


def test_the_same_certificate_gives_the_same_bytes():
    certificate_pdf(paper(name="Somebody else"))

    assert certificate_pdf(paper()) == certificate_pdf(paper())


def test_the_file_is_tagged_and_made_for_archives():
    pdf = certificate_pdf(paper())
    root = PdfReader(io.BytesIO(pdf)).trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfaid" in root["/Metadata"].get_object().get_data()
    assert PdfReader(io.BytesIO(pdf)).metadata.creation_date == AT


@pytest.mark.parametrize(
    "name",
    [
        "#pagebreak() #panic()",
        "\\ \" ' $ * _ ` @ <label> // /* ]",
        '#read("/etc/passwd")',
        TASHKEEL,
        "Mia #[x] الحربي-O'Neill",
    ],
)
def test_a_name_is_never_markup(name):
    pages, said = read(certificate_pdf(paper(name=name, work=name, tasks=[name])))

    assert pages == 1
    assert "TK-2026-000123" in said
    assert "root:" not in said
    if name.isascii():
        assert name.split()[0] in said


def test_letters_no_font_of_ours_has_still_give_a_file():
    pages, said = read(certificate_pdf(paper(name="山田 太郎 😀 Ünïcode")))

    assert pages == 1
    assert "TK-2026-000123" in said


def test_what_a_body_wrote_at_length_stays_on_the_page():
    wordy = paper(
        tasks=["مهمة طويلة تشرح ما يجري في اليوم"] * 20, experience="خبرة مكتسبة. " * 45
    )

    assert read(certificate_pdf(wordy))[0] == 1


def test_examples_and_revoked_ones_are_stamped():
    assert "DEMO" in read(certificate_pdf(paper(is_demo=True)))[1]
    assert "REVOKED" in read(certificate_pdf(paper(status="revoked")))[1]
    plain = read(certificate_pdf(paper()))[1]
    assert "DEMO" not in plain
    assert "REVOKED" not in plain


def test_after_erasure_no_name_is_printed():
    said = read(certificate_pdf(paper(name="")))[1]

    assert "Name removed at the holder's request" in said


def test_a_card_has_two_faces_of_a_bank_cards_size():
    document = PdfReader(io.BytesIO(card_pdf(plastic(name=TASHKEEL))))
    box = document.pages[0].mediabox

    assert len(document.pages) == 2
    assert (round(box.width / 72 * 25.4, 1), round(box.height / 72 * 25.4, 1)) == (85.6, 54.0)
    assert "TC-2026-000012" in document.pages[0].extract_text()
    assert "XYZAB-98765" in document.pages[1].extract_text()


def test_the_qr_leads_to_the_page_that_checks_this_code(settings):
    settings.BASE_URL = "https://takatuf.example"

    sheet = certificate_sheet(paper())

    assert sheet["address"] == "takatuf.example/verify"
    assert sheet["qr"].startswith("<svg")


def test_evidence_stands_strongest_first_and_unknown_kinds_are_kept():
    said = {"minutes_by_evidence": {"imported": 5, "new": 7, "scanned": 3, "leader": 0}}

    assert words.by_evidence(said) == [("scanned", 3), ("imported", 5), ("new", 7)]


def test_marks_that_turn_text_round_are_left_out():
    assert clean("M\u00ada\u2010B") == "Ma-B"
    assert clean("می\u200cخواهم") == "می\u200cخواهم"
    assert clean("a\u202eb\u2066c\n d\x00e\ud800") == "abc d e"


@pytest.mark.parametrize(
    ("line", "rtl"), [("نورة", True), ("Nora", False), ("123 (نورة)", True), ("12", True)]
)
def test_a_line_has_the_direction_of_its_first_letter(line, rtl):
    assert text(line)["rtl"] is rtl


anything = st.text(max_size=120)


@hypothesis_settings(max_examples=60)
@example(name="\xad", said={})
@example(name="A\u2011B", said={})
@given(
    name=anything,
    said=st.fixed_dictionaries(
        {},
        optional={
            "work": anything,
            "class": anything,
            "place": anything,
            "team": anything,
            "body_ar": anything,
            "body_en": anything,
            "experience": st.text(max_size=600),
            "tasks": st.lists(anything, max_size=20),
            "first_day": anything,
            "last_day": st.dates().map(str),
            "times": st.integers(0, 10_000),
            "minutes": st.integers(0, 10**7),
            "minutes_by_evidence": st.dictionaries(anything, st.integers(0, 10**6), max_size=6),
        },
    ),
)
def test_whatever_was_written_gives_a_file(name, said):
    row = Certificate(
        serial="TK-2026-000123",
        code="ABCDE23456",
        printed_name=name,
        issued_at=AT,
        snapshot=said,
    )

    assert "TK-2026-000123" in read(certificate_pdf(row))[1]


@pytest.mark.parametrize("letters", ["شسصض ", "WMQ@ ", "abc ", "عَبْد "])
@pytest.mark.parametrize("length", [40, 58, 78, 110, 160])
def test_what_is_taken_for_few_words_fits_without_trying_sizes(letters, length):
    line = (letters * length)[:length]
    wide = paper(
        name=(letters * 30)[:30], work=line, team=line, tasks=[line], experience=line,
        place=line[:60], minutes_by_evidence={"scanned": 600, "leader": 210, "self": 60},
    )  # fmt: skip

    assert read(certificate_pdf(wide))[0] == 1
