"""One typst compiler per process. Data goes in as JSON, never as markup."""

import json
import threading
from datetime import datetime
from functools import cache
from pathlib import Path

import typst

from takatuf.credentials.models import Certificate, IdCard
from takatuf.credentials.printing.sheets import card_sheet, certificate_sheet

HERE = Path(__file__).parent
# A compiler keeps fonts, templates and layouts between documents and serves one at a time.
_one_at_a_time = threading.Lock()


def certificate_pdf(certificate: Certificate) -> bytes:
    """A4, one page; a second where the body wrote more than fits."""
    return _compile("certificate", certificate_sheet(certificate), certificate.issued_at)


def card_pdf(card: IdCard) -> bytes:
    """Two pages of a bank card's size: front and back."""
    return _compile("card", card_sheet(card), card.issued_at)


def _compile(template: str, sheet: dict, moment: datetime) -> bytes:
    inputs = {"sheet": json.dumps(sheet, ensure_ascii=False)}
    with _one_at_a_time:
        try:
            return _pdf(template, inputs, moment, standards=["a-2b"])
        except typst.TypstError:
            # The archive format refuses letters no font here has; a plain PDF shows the rest.
            return _pdf(template, inputs, moment, standards=[])


def _pdf(template: str, inputs: dict[str, str], moment: datetime, standards: list) -> bytes:
    made = _compiler(template).compile(
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=standards,
        timestamp=int(moment.timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single document")
    return made


@cache
def _compiler(template: str) -> typst.Compiler:
    return typst.Compiler(HERE / f"{template}.typ", root=HERE, font_paths=_fonts())


@cache
def _fonts() -> typst.Fonts:
    """Ours, and those inside typst for the odd foreign letter; never the machine's."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[HERE / "fonts"]
    )
