"""People's own words without a blank: no page grows wider than the screen for them."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from takatuf.imports import commands as imports
from takatuf.imports import layouts, work
from takatuf.kernel.references import reference
from takatuf.needs.tests.factories import NeedFactory
from takatuf.opportunities.tests.factories import manager_of, soon
from takatuf.opportunities.tests.test_browser import enter
from takatuf.registry.commands import suspend_team
from takatuf.registry.enums import Role
from takatuf.registry.tests.factories import (
    BodyFactory,
    FieldFactory,
    OfficeFactory,
    TeamFactory,
    desk_member,
)
from tests.browser import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORD = "متطوعون_في_خدمة_المجتمع_والبيئة_والصحة_والتعليم_والثقافة_" * 3
FILE = "كشف_ساعات_المتطوعين_لشهر_رمضان_المبارك_النسخة_النهائية_المعدلة.csv"
SHEET = f"الاسم,الفرصة,التاريخ,من,إلى\n{WORD[:100]},{WORD[:120]},27/01/2025,8:00,12:00\n"


@pytest.fixture
def pages(settings, tmp_path):
    """Who opens which pages, everything on them named by one long word."""
    settings.MEDIA_ROOT = tmp_path / "media"
    names = {"name_ar": WORD[:160], "name_en": WORD[:160]}
    body, waiting = BodyFactory(**names), BodyFactory(waiting=True, **names)
    team = TeamFactory(body=body, name=WORD[:120], about=WORD)
    field = FieldFactory(name_ar=WORD[:80], name_en=WORD[:80])
    work_of = soon(body=body, field=field, title=WORD[:120], place=WORD[:160], purpose=WORD)
    words = {"title": WORD[:120], "description": WORD}
    need, _reported = NeedFactory(validated=True, **words), NeedFactory(**words)
    manager = manager_of(body)
    manager.full_name = WORD[:120]
    manager.save(update_fields=["full_name"])
    checked, uploaded = (_uploaded(manager, body) for _ in range(2))
    imports.set_mapping(
        run=checked, layout=layouts.load(checked.layout), by=manager, at=timezone.now(),
        check=False,
    )  # fmt: skip
    work.check_rows(checked)
    of_manager = [
        reverse("site:home"), reverse("site:me"), reverse("site:desk"),
        reverse("opportunities:list"), reverse("site:opportunity", args=[work_of.code]),
        reverse("opportunities:manage", args=[work_of.code]),
        reverse("registry:bodies"), reverse("registry:body", args=[body.code]),
        reverse("registry:body_staff", args=[body.code]), reverse("registry:teams"),
        reverse("registry:team", args=[team.code]), reverse("needs:list"),
        reverse("needs:detail", args=[need.code]), reverse("imports:home"),
        reverse("imports:run", args=[checked.pk]),
        reverse("imports:columns", args=[uploaded.pk]),
    ]  # fmt: skip
    of_desk = [
        reverse("registry:bodies_waiting"),
        reverse("registry:body_decide", args=[waiting.code]), reverse("needs:queue"),
    ]  # fmt: skip
    desk = desk_member()
    auditor = OfficeFactory(role=Role.AUDITOR, body=desk.offices.get().body).person
    suspend_team(team=TeamFactory(body=body, name=WORD[:120]), reason=WORD, by=manager,
                 at=timezone.now())  # fmt: skip
    of_auditor = [reverse("site:log")]
    return [(manager, of_manager), (desk, of_desk), (auditor, of_auditor)]


def _uploaded(manager, body):
    return imports.upload(
        kind="hours", file=ContentFile(SHEET.encode("utf-8-sig"), FILE),
        acting_body=reference(body), body_title=str(body), by=manager, at=timezone.now(),
    )  # fmt: skip


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_word_longer_than_the_screen_is_broken(open_page, language, size, pages):
    page = open_page("/", language=language, size=size)
    wide, prefix = {}, "" if language == "ar" else "/en"
    for person, paths in pages:
        page.goto("/")  # where a cookie is set is where it holds
        enter(page, person, "/")
        for path in paths:
            answer = page.goto(prefix + path)
            assert answer.ok, path
            assert WORD[:10] in page.inner_text("main"), path
            wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if wider > 0:
                wide[path] = wider

    assert not wide
