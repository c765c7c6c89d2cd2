from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import assume, given
from hypothesis import strategies as st

from takatuf.opportunities.enums import Class, Gate, Support
from takatuf.opportunities.quality import CHECKS, Draft, RoleDraft, ShiftDraft, hours_of, judge
from takatuf.opportunities.quality.pay import promises_pay

START = datetime(2026, 12, 1, 13, 0, tzinfo=UTC)
SHIFTS = tuple(
    ShiftDraft(starts_at=START + timedelta(days=n), ends_at=START + timedelta(days=n, hours=3), seats=5)
    for n in range(2)
)  # fmt: skip
GOOD = Draft(
    title="تعبئة السلال الغذائية",
    field="1",
    purpose="تصل السلال إلى الأسر قبل بداية الشهر، فيخف عنها عبء المصاريف.",
    beneficiaries="الأسر المحتاجة",
    tasks=("فرز المواد", "تعبئة السلال", "تحميل السيارات"),
    roles=(RoleDraft(title="متطوع"),),
    shifts=SHIFTS,
    support=(Support.MEALS,),
    safety="قفازات للجميع ومسعف في الموقع.",
    training="لقاء تعريفي قبل أول مناوبة.",
    has_supervisor=True,
    supervisor_role="مديرة الوحدة",
    unpaid=True,
    hours_estimate=Decimal("6.0"),
    body_entitled=True,
    body_about="جمعية أهلية تخدم سكان المنطقة وتنظم العمل التطوعي فيها.",
)
SKILL = RoleDraft(title="مسعف", has_skill=True, least_basis="declared")
SEEN = RoleDraft(title="مصمم", has_skill=True, least_basis="evidenced")


def failed(draft: Draft) -> list[str]:
    return sorted(result.check.key for result in judge(draft).failed)


def test_a_good_draft_passes_every_check_and_publishes():
    verdict = judge(GOOD)

    assert (verdict.failed, verdict.score, verdict.outcome) == ((), 10, Gate.PUBLISHES)


def test_ten_checks_count():
    assert sum(check.counts for check in CHECKS) == 10
    assert len({check.key for check in CHECKS}) == len(CHECKS)


@pytest.mark.parametrize(
    "text",
    [
        "ويصرف لكل متطوع 150 ريال يوميا مقابل مادي على عمله", "العمل بمقابل مادي",
        "مكافأة قدرها 500 ريال", "نعطي كل مشارك ٢٠٠ ريال", "دفع أجور يومية للعاملين",
        "يُصرف للمتطوعين مبلغ ١٠٠ ريال عن اليوم", "We pay 50 SAR per hour",
        "paid 100 riyals a day", "hourly rate 40 SAR", "Each volunteer receives SAR 300",
        "نوفر وجبة ويصرف 100 ريال لكل متطوع", "يصرف لكل متطوع 100 ريال يوميا مع وجبة",
        "a meal, and we pay 100 riyals a day", "We pay each volunteer 150 riyals. Registration is open.",
        "نصرف لكل متطوع 200 ريال، للتسجيل من الرابط.", "يصرف للمتطوع 300 ريال يوميا، التسجيل مفتوح",
        "نعطي كل متطوع 200 ريال. رسوم النقل علينا", "مكافأة مع السكن 300 ريال يوميا لكل متطوع",
        "أجر المتطوع مع السكن والنقل 3000 ريال شهريا",
    ],
)  # fmt: skip
def test_a_promise_of_pay_is_read(text):
    assert promises_pay(text)
    assert failed(replace(GOOD, gains=text)) == ["is_not_a_paid_post"]


@pytest.mark.parametrize(
    "text",
    [
        "توزيع رواتب على المستفيدين", "إعداد سلم الرواتب للجمعية", "لا يُصرف للمتطوع أي مبلغ",
        "توزيع 500 ريال على كل أسرة", "بيع تذاكر بقيمة 20 ريالا للطفل", "جمع 10,000 ريال للمرضى",
        "بلا مقابل مادي", "نكسب أجرا وثوابا", "Draft a salary scale for the society",
        "Unpaid, no salary", "تغطية مواصلات المتطوعين",
        "يدفع كل متطوع رسوم تسجيل 50 ريال", "يدفع كل متطوع 50 ريالا رسوما للتسجيل",
        "تأمين وجبة يومية بقيمة 20 ريال للمتطوعين مقابل الحضور",
        "صرف بدل مواصلات 30 ريال للمتطوع", "Each volunteer pays a fee of 50 SAR",
        "Volunteers pay a 50 SAR registration fee", "You receive a daily meal worth 20 SAR",
    ],
)  # fmt: skip
def test_what_only_speaks_of_money_promises_no_pay(text):
    assert not promises_pay(text)


def test_an_empty_draft_fails_everything_but_the_minors_flow():
    assert judge(Draft()).score == 0
    assert "minors_are_looked_after" not in failed(Draft())


@pytest.mark.parametrize(
    ("change", "keys"),
    [
        ({"title": "متطوعين"}, ["title_names_the_work"]),
        ({"title": "مطلوب متطوعات"}, ["title_names_the_work"]),
        ({"title": "فرصة تطوعية جديدة 2026"}, ["title_names_the_work"]),
        ({"title": "فرصة تطوع في برنامج التطوع"}, ["title_names_the_work"]),
        ({"title": "انضم معنا في حملة"}, ["title_names_the_work"]),
        ({"title": "Volunteers needed"}, ["title_names_the_work"]),
        ({"title": "Urgent: join us"}, ["title_names_the_work"]),
        ({"title": "المشاركة في الحملة التطوعية"}, ["title_names_the_work"]),
        ({"title": "البرنامج التطوعي"}, ["title_names_the_work"]),
        ({"title": "الفرص التطوعية المتاحة"}, ["title_names_the_work"]),
        ({"title": "متطوعي منطقة تبوك"}, ["title_names_the_work"]),
        ({"title": "التسجيل في العمل التطوعي"}, ["title_names_the_work"]),
        ({"title": "إسعاف زوار الكورنيش"}, []),
        ({"title": "Beach clean-up"}, []),
        ({"purpose": "خير"}, ["purpose_and_beneficiaries_are_told"]),
        ({"beneficiaries": " - "}, ["purpose_and_beneficiaries_are_told"]),
        ({"unpaid": False}, ["is_not_a_paid_post"]),
        ({"title": "محاسب براتب شهري"}, ["is_not_a_paid_post"]),
        ({"tasks": ("استلام المكافأة المالية", *GOOD.tasks)}, ["is_not_a_paid_post"]),
        ({"tasks": ("paid position in the office", *GOOD.tasks)}, ["is_not_a_paid_post"]),
        ({"purpose": GOOD.purpose + " العمل بدون راتب."}, []),
        ({"purpose": GOOD.purpose + " ولكم الأجر والثواب."}, []),
        ({"purpose": GOOD.purpose + " على مراتب عدة وتوظيف المهارات."}, []),
        ({"tasks": GOOD.tasks[:2]}, ["has_three_tasks"]),
        ({"tasks": ("فرز", "فَرز", "فـرز")}, ["has_three_tasks"]),
        ({"shifts": SHIFTS[:1], "hours_estimate": Decimal(3)}, ["offers_a_choice_of_shifts"]),
        ({"has_supervisor": False}, ["has_a_supervisor"]),
        ({"supervisor_role": ""}, ["has_a_supervisor"]),
        ({"training": "نعم"}, ["prepares_people"]),
        ({"hours_estimate": Decimal(4)}, ["hours_match_the_shifts"]),
        ({"hours_estimate": None}, ["hours_match_the_shifts"]),
        ({"shifts": (), "hours_estimate": Decimal(0)}, ["hours_match_the_shifts", "offers_a_choice_of_shifts"]),
        ({"shifts": (replace(SHIFTS[0], seats=0), SHIFTS[1])}, ["hours_match_the_shifts"]),
        ({"field": ""}, ["class_and_field_fit"]),
        ({"klass": Class.SKILLED}, ["class_and_field_fit"]),
        ({"klass": Class.SKILLED, "roles": (SKILL,)}, []),
        ({"roles": (SKILL,)}, ["class_and_field_fit"]),
        ({"klass": Class.PROFESSIONAL, "roles": (SKILL,), "tasks": (*GOOD.tasks, "تصميم دليل")}, ["class_and_field_fit"]),
        ({"klass": Class.PROFESSIONAL, "roles": (SEEN,)}, ["class_and_field_fit"]),
        ({"klass": Class.PROFESSIONAL, "roles": (SEEN,), "tasks": (*GOOD.tasks, "planting trees")}, ["class_and_field_fit"]),
        ({"klass": Class.PROFESSIONAL, "roles": (SEEN,), "tasks": (*GOOD.tasks, "وتسليم التقارير")}, []),
        ({"body_about": "جمعية"}, ["body_is_introduced"]),
        ({"body_entitled": False}, ["body_may_use_volunteers"]),
        ({"safety": ""}, ["safety_and_support_are_stated"]),
        ({"support": ()}, ["safety_and_support_are_stated"]),
        ({"min_age": 15}, ["minors_are_looked_after"]),
        ({"min_age": 15, "minors_ready": True}, []),
        ({"min_age": 15, "minors_ready": True, "training": ""}, ["minors_are_looked_after", "prepares_people"]),
    ],
)  # fmt: skip
def test_each_check_finds_its_defect_and_nothing_else(change, keys):
    assert failed(replace(GOOD, **change)) == keys


BLOCKS = {check.key for check in CHECKS if check.blocks}


def test_what_blocks_is_what_the_house_says():
    assert {
        "is_not_a_paid_post", "has_a_supervisor", "hours_match_the_shifts",
        "body_may_use_volunteers", "safety_and_support_are_stated", "minors_are_looked_after",
    } == BLOCKS  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [{"unpaid": False}, {"has_supervisor": False}, {"hours_estimate": None}, {"body_entitled": False},
     {"safety": ""}, {"min_age": 12}],
)  # fmt: skip
def test_what_blocks_returns_the_draft_at_any_score(change):
    verdict = judge(replace(GOOD, **change))

    assert verdict.score >= 9
    assert verdict.outcome == Gate.RETURNS
    assert verdict.failed[0].check.blocks


@pytest.mark.parametrize(
    ("spoilt", "outcome"),
    [
        (0, Gate.PUBLISHES),
        (2, Gate.PUBLISHES),
        (3, Gate.REVIEWS),
        (4, Gate.REVIEWS),
        (5, Gate.RETURNS),
    ],
)
def test_the_score_decides_the_rest(spoilt, outcome):
    harm = [
        {"title": "متطوعين"},
        {"beneficiaries": ""},
        {"tasks": ()},
        {"training": ""},
        {"body_about": ""},
    ]
    draft = GOOD
    for change in harm[:spoilt]:
        draft = replace(draft, **change)

    verdict = judge(draft)

    assert (verdict.score, verdict.outcome) == (10 - spoilt, outcome)


def test_every_failure_has_a_sentence_and_a_step():
    for check in CHECKS:
        assert str(check.title)
        assert str(check.mend).endswith(".")
        assert check.step in {"work", "people", "shifts", "support", "review"}


@pytest.mark.parametrize(
    ("change", "key", "words"),
    [
        ({"shifts": ()}, "offers_a_choice_of_shifts", "No shift is ahead yet: add two"),
        ({"shifts": ()}, "hours_match_the_shifts", "counted from the shifts"),
        ({"hours_estimate": None}, "hours_match_the_shifts", "by the dates it is 6."),
        ({"hours_estimate": Decimal(7)}, "hours_match_the_shifts", "have 6 hours"),
        ({"field": ""}, "class_and_field_fit", "field of work is not chosen"),
        ({"roles": (SKILL,)}, "class_and_field_fit", "the role “"),
        ({"klass": "skilled"}, "class_and_field_fit", "needs a role that asks for a skill"),
        ({"min_age": 15}, "minors_are_looked_after", "keep to the covenant"),
        ({"min_age": 15, "training": ""}, "minors_are_looked_after", "the briefing, the conf"),
    ],
)
def test_a_failure_says_what_exactly_was_found(change, key, words):
    with override("en"):
        said = {r.check.key: str(r.mend) for r in judge(replace(GOOD, **change)).failed}

    assert words in said[key]


# ---------------------------------------------------------------- rules that hold for all
words = st.text(alphabet="ابتثجحخدذرزسشعغفقكلمنهوي abc123.,", max_size=60)
drafts = st.builds(
    Draft,
    title=words, klass=st.sampled_from(Class.values), field=st.sampled_from(["", "1"]), purpose=words,
    beneficiaries=words, tasks=st.lists(words, max_size=5).map(tuple),
    roles=st.lists(st.sampled_from([SKILL, SEEN, RoleDraft(title="م")]), max_size=3).map(tuple),
    shifts=st.sampled_from([(), SHIFTS[:1], SHIFTS]), min_age=st.integers(10, 20), minors_ready=st.booleans(),
    support=st.sampled_from([(), (Support.MEALS,)]), safety=words, training=words,
    has_supervisor=st.booleans(), supervisor_role=words, unpaid=st.booleans(),
    hours_estimate=st.sampled_from([None, Decimal(3), Decimal(6)]), body_entitled=st.booleans(),
    body_about=words,
)  # fmt: skip
MENDS = [
    {"title": GOOD.title}, {"purpose": GOOD.purpose, "beneficiaries": GOOD.beneficiaries},
    {"unpaid": True}, {"has_supervisor": True, "supervisor_role": GOOD.supervisor_role},
    {"training": GOOD.training}, {"body_entitled": True}, {"body_about": GOOD.body_about},
    {"support": GOOD.support, "safety": GOOD.safety}, {"minors_ready": True}, {"min_age": 18},
    {"shifts": SHIFTS, "hours_estimate": Decimal(6)}, {"field": "1"},
]  # fmt: skip


@given(drafts, st.sampled_from(MENDS))
def test_mending_something_never_lowers_the_score_nor_blocks_more(draft, mend):
    before, after = judge(draft), judge(replace(draft, **mend))

    assert after.score >= before.score
    assert set(after.blocked_by) <= set(before.blocked_by)


@given(drafts, words)
def test_one_more_task_never_harms(draft, task):
    assume(not promises_pay(task))
    before, after = judge(draft), judge(replace(draft, tasks=(*draft.tasks, task)))

    assert after.score >= before.score


@given(drafts)
def test_what_is_published_has_eight_points_and_nothing_blocking(draft):
    verdict = judge(draft)

    if verdict.outcome == Gate.PUBLISHES:
        assert verdict.score >= 8
        assert not verdict.blocked_by
    assert verdict.score == 10 - sum(result.check.counts for result in verdict.failed)


@given(st.lists(st.integers(1, 960), min_size=1, max_size=30))
def test_hours_are_dates_times_length(minutes):
    shifts = [
        ShiftDraft(
            starts_at=START + timedelta(days=n), ends_at=START + timedelta(days=n, minutes=m)
        )
        for n, m in enumerate(minutes)
    ]

    assert abs(hours_of(shifts) * 60 - sum(minutes)) <= 3
