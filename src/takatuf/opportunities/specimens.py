"""The list's card and filters as they stand on `/ui/`: invented figures, no body real."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import get_language

from takatuf.kernel.specimens import Part
from takatuf.opportunities import showing
from takatuf.opportunities.enums import Class, Length, Mode, Way, When
from takatuf.opportunities.filters import FLAGS, Filters
from takatuf.opportunities.queries.cards import Card
from takatuf.registry import queries as registry

COUNTS = (1204, 62, 7, 1)


def list_parts() -> Part:
    """Cards: many seats, one left, full and remote; filters with two in force."""
    language = get_language() or "ar"
    filters = Filters(klass=(Class.SKILLED,), seats=True)
    return Part(
        template="opportunities/ui_parts.html",
        stylesheet="opportunities/list.css",
        context={
            "cards": [showing.draw_card(card, language) for card in _cards()],
            "panel": showing.panel(filters, _counts()),
            "chosen": showing.chosen(filters),
        },
    )


def _cards() -> list[Card]:
    seated = Card(
        pk=0, code="A", title="إسعاف زوار كورنيش ضباء في عطلة نهاية الأسبوع",
        klass=Class.SKILLED, mode=Mode.ONSITE, way=Way.OPEN, place="الكورنيش",
        next_start=timezone.now() + timedelta(days=3), last_end=timezone.now(),
        shift_count=12, shift_minutes=240, seats_total=120, seats_taken=17,
        needs_label_ar="إسعافات أولية (متوسط)", needs_label_en="First aid (intermediate)",
        is_demo=True, body_ar="هيئة صحية", body_en="A health body", team="فريق الإسعاف",
        governorate_ar="ضباء", governorate_en="Duba", answered=50, in_time=46,
    )  # fmt: skip
    full = seated._replace(
        title="Website of a charity", klass=Class.PROFESSIONAL, mode=Mode.REMOTE, shift_count=1,
        seats_total=3, seats_taken=3, team=None, answered=None, in_time=None, is_demo=False,
    )  # fmt: skip
    last = seated._replace(
        title="غرس شتلات السدر في متنزه الأمير فهد بن سلطان وتنظيف ممراته مع الأسر",
        klass=Class.GENERAL, seats_total=25, seats_taken=24, shift_count=2, team=None,
        needs_label_ar="بلا مهارة مسبقة", needs_label_en="No skill needed",
    )  # fmt: skip
    return [seated, last, full]


def _counts() -> dict:
    def some(values) -> dict:
        return dict(zip(values, COUNTS, strict=False))

    return {
        "klass": some(Class.values), "mode": some(Mode.values), "length": some(Length.values),
        "when": some(When.values), **{name: {True: 62} for name in FLAGS},
        "field": some(registry.fields().values_list("code", flat=True)[: len(COUNTS)]),
        "place": some(registry.governorates().values_list("code", flat=True)[: len(COUNTS)]),
    }  # fmt: skip
