"""The quality gate: is this a good opportunity, and what would make it one?

Pure: a plain ``Draft`` in, a ``Verdict`` out. Ten checks, one for each defect bodies are known
for, make the score. Some of them, and three more, block at any score.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from takatuf.kernel.text.arabic import normalise, tokens
from takatuf.opportunities import quality_words
from takatuf.opportunities.enums import Class, Gate
from takatuf.registry.enums import BASIS_STRENGTH, Basis

PUBLISHES_AT, REVIEWED_AT = 8, 6
LEAST_TASKS, LEAST_SHIFTS = 3, 2
ADULT = 18
LEAST_PURPOSE, LEAST_ABOUT, LEAST_NOTE = 40, 40, 15
# Words that say "volunteering" and nothing about the work.
EMPTY_WORDS = frozenset(
    tokens(
        "مطلوب مطلوبه نحتاج متطوع متطوعه متطوعين متطوعات متطوعون المتطوعين فرصه فرص "
        "الفرصه تطوع"
        "التطوع تطوعيه تطوعي التطوعيه عمل العمل مبادره حمله برنامج جديده عاجل مشاركه "
        "انضم سجل معنا"
        "في من على مع الى و ل لـ "
        "volunteer volunteers volunteering needed wanted opportunity opportunities "
        "work new urgent"
        "join us help the a an for of in at with and to"
    )
)
PAY = tuple(
    tokens(words)
    for words in (
        "راتب", "رواتب", "مقابل مالي", "مكافأة مالية", "مكافآت مالية", "أجر شهري", "أجر يومي",
        "أجر مادي", "وظيفة شاغرة", "وظائف شاغرة", "عقد عمل",
        "salary", "salaries", "wage", "wages",
        "paid position", "paid job", "paid post", "stipend", "monthly pay",
    )
)  # fmt: skip
DENIALS = frozenset(tokens("بدون بلا دون غير لا ليس ليست لن without no not non never"))
DELIVERABLES = frozenset(
    tokens(
        "تقرير تقارير خطه خطط دليل ادله تصميم تصاميم دراسه دراسات استشاره استشارات نموذج نماذج "
        "تسليم سياسه سياسات لائحه لوائح منصه تطبيق مراجعه تدقيق تقييم مخطط عرض مسوده "
        "report reports plan plans guide guides design designs study studies advice "
        "deliver draft"
        "drafts policy policies template templates review audit prototype assessment"
    )
)
# Letters that stand in front of an Arabic word without changing what it is.
PREFIX = re.compile(r"^[وف]?[بلك]?(?:ال)?(?=\w{3})")


@dataclass(frozen=True, kw_only=True)
class RoleDraft:
    """A role as the gate sees it. ``least_basis`` is empty where no skill is asked for."""

    title: str = ""
    has_skill: bool = False
    least_basis: str = ""
    unlicensed: bool = False  # licensed work, and the licence is not asked for


@dataclass(frozen=True, kw_only=True)
class ShiftDraft:
    starts_at: datetime
    ends_at: datetime
    seats: int = 0

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An opportunity as it stands at a moment. ``shifts`` are those still to come."""

    title: str = ""
    klass: str = Class.GENERAL
    field: str = ""
    purpose: str = ""
    beneficiaries: str = ""
    tasks: tuple[str, ...] = ()
    roles: tuple[RoleDraft, ...] = ()
    shifts: tuple[ShiftDraft, ...] = ()
    min_age: int = ADULT
    minors_ready: bool = False
    support: tuple[str, ...] = ()
    safety: str = ""
    training: str = ""
    has_supervisor: bool = False
    supervisor_role: str = ""
    unpaid: bool = False
    hours_estimate: Decimal | None = None
    body_entitled: bool = False
    body_about: str = ""

    @property
    def hours(self) -> Decimal:
        return hours_of(self.shifts)

    @property
    def tells_safety(self) -> bool:
        return len(normalise(self.safety)) >= LEAST_NOTE

    @property
    def tells_training(self) -> bool:
        return len(normalise(self.training)) >= LEAST_NOTE


@dataclass(frozen=True, kw_only=True)
class Check:
    """One question of the gate.

    :param key: the function's name; stable, for tests and records.
    :param mend: the sentence shown when it fails: what is wrong, and how to mend it.
    :param step: the studio's step where it can be mended.
    :param blocks: refuses publication whatever the score.
    :param counts: is one of the ten.
    """

    key: str
    title: object
    mend: object
    step: str
    passes: Callable[[Draft], bool]
    blocks: bool = False
    counts: bool = True


@dataclass(frozen=True, kw_only=True)
class Result:
    check: Check
    passed: bool
    mend: object


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the gate says of a draft."""

    results: tuple[Result, ...]

    @property
    def score(self) -> int:
        return sum(result.passed for result in self.results if result.check.counts)

    @property
    def blocked_by(self) -> tuple[Check, ...]:
        return tuple(r.check for r in self.results if r.check.blocks and not r.passed)

    @property
    def failed(self) -> tuple[Result, ...]:
        """Everything to mend, what blocks first."""
        missing = [result for result in self.results if not result.passed]
        return tuple(sorted(missing, key=lambda result: not result.check.blocks))

    @property
    def outcome(self) -> Gate:
        if self.blocked_by or self.score < REVIEWED_AT:
            return Gate.RETURNS
        return Gate.PUBLISHES if self.score >= PUBLISHES_AT else Gate.REVIEWS

    def reasons(self) -> list[str]:
        return [str(result.mend) for result in self.failed]


CHECKS: list[Check] = []


def check(*, title, mend, step: str, blocks: bool = False, counts: bool = True):
    """Add the function below to the gate."""

    def add(function: Callable[[Draft], bool]) -> Callable[[Draft], bool]:
        CHECKS.append(
            Check(
                key=function.__name__, title=title, mend=mend, step=step, passes=function,
                blocks=blocks, counts=counts,
            )
        )  # fmt: skip
        return function

    return add


def judge(draft: Draft) -> Verdict:
    """Every check's answer, in the order people read them."""
    return Verdict(results=tuple(_answer(each, draft) for each in CHECKS))


def _answer(check: Check, draft: Draft) -> Result:
    passed = check.passes(draft)
    exact = None if passed else quality_words.say(check.key, draft)
    return Result(check=check, passed=passed, mend=exact or check.mend)


# ---------------------------------------------------------------- the ten
@check(
    title=_("The title names the work"),
    mend=_(
        "The title does not say what people will do: name the work and for whom, "
        "such as “Packing food baskets for families”."
    ),
    step="work",
)  # fmt: skip
def title_names_the_work(draft: Draft) -> bool:
    said = [word for word in tokens(draft.title) if word not in EMPTY_WORDS]
    return len([word for word in said if not word.isdecimal()]) >= 2  # noqa: PLR2004 - verb and object


@check(
    title=_("Purpose and beneficiaries"),
    mend=_(
        "It does not say why and for whom: write the purpose in two sentences, and "
        "who benefits."
    ),
    step="work",
)  # fmt: skip
def purpose_and_beneficiaries_are_told(draft: Draft) -> bool:
    return len(normalise(draft.purpose)) >= LEAST_PURPOSE and bool(tokens(draft.beneficiaries))


@check(
    title=_("Not a paid post"),
    mend=_(
        "It reads like a paid post, or nobody confirmed that it is not one: take "
        "out words about pay and tick the confirmation."
    ),
    step="people", blocks=True,
)  # fmt: skip
def is_not_a_paid_post(draft: Draft) -> bool:
    text = " . ".join((draft.title, draft.purpose, *draft.tasks))
    return draft.unpaid and not _promises_pay(text)


@check(
    title=_("At least three tasks"),
    mend=_("Fewer than three tasks are named: write what people will do, one task a line."),
    step="work",
)  # fmt: skip
def has_three_tasks(draft: Draft) -> bool:
    return len({normalise(task) for task in draft.tasks if tokens(task)}) >= LEAST_TASKS


@check(
    title=_("A choice of shifts"),
    mend=_("There is one time only: offer at least two shifts, so that people can choose."),
    step="shifts",
)  # fmt: skip
def offers_a_choice_of_shifts(draft: Draft) -> bool:
    return len({shift.starts_at for shift in draft.shifts}) >= LEAST_SHIFTS


@check(
    title=_("Supervisor and structure"),
    mend=_("Nobody is named to turn to: choose the supervisor and write their post."),
    step="people", blocks=True,
)  # fmt: skip
def has_a_supervisor(draft: Draft) -> bool:
    return draft.has_supervisor and bool(tokens(draft.supervisor_role))


@check(
    title=_("Training or briefing"),
    mend=_(
        "It does not say how people are prepared: write what the training or "
        "briefing covers and when it is."
    ),
    step="support",
)  # fmt: skip
def prepares_people(draft: Draft) -> bool:
    return draft.tells_training


@check(
    title=_("Hours equal dates × length"),
    mend=_(
        "The hours do not match the shifts: there must be shifts to come with "
        "seats, and the hours must equal the number of shifts times their length."
    ),
    step="shifts", blocks=True,
)  # fmt: skip
def hours_match_the_shifts(draft: Draft) -> bool:
    if not draft.shifts or draft.hours_estimate is None:
        return False
    if any(shift.seats < 1 or shift.minutes < 1 for shift in draft.shifts):
        return False
    return abs(draft.hours_estimate - draft.hours) < Decimal("0.1")


@check(
    title=_("Class and field fit together"),
    mend=_(
        "Class, field and roles do not fit: choose the field; “skilled” needs a "
        "role with a skill; “professional” needs a skill that was seen or licensed, "
        "and a task that delivers something; “general” asks for none."
    ),
    step="work",
)  # fmt: skip
def class_and_field_fit(draft: Draft) -> bool:
    if not draft.field:
        return False
    skilled = [role for role in draft.roles if role.has_skill]
    if draft.klass == Class.GENERAL:
        return not skilled
    if any(role.unlicensed for role in skilled):
        return False
    if draft.klass == Class.SKILLED:
        return bool(skilled)
    return any(_is_shown(role) for role in skilled) and any(map(_delivers, draft.tasks))


@check(
    title=_("The body introduces itself"),
    mend=_("People cannot tell who you are: add a few sentences about the body on its page."),
    step="review",
)  # fmt: skip
def body_is_introduced(draft: Draft) -> bool:
    return len(normalise(draft.body_about)) >= LEAST_ABOUT


# ---------------------------------------------------------------- what blocks besides
@check(
    title=_("The body may use volunteers"),
    mend=_(
        "This body may not publish volunteer work: it must be verified, and its "
        "work must not serve a profit. It may partner, give or lend staff."
    ),
    step="review", blocks=True, counts=False,
)  # fmt: skip
def body_may_use_volunteers(draft: Draft) -> bool:
    return draft.body_entitled


@check(
    title=_("Safety and support"),
    mend=_(
        "It does not say how people are kept safe and what they are given: write "
        "the safety note and choose the support, even if it is none."
    ),
    step="support", blocks=True, counts=False,
)  # fmt: skip
def safety_and_support_are_stated(draft: Draft) -> bool:
    return draft.tells_safety and bool(draft.support)


@check(
    title=_("Under 18: covenant and briefing"),
    mend=_(
        "People under 18 may join: write the safety note and the briefing, and "
        "confirm that you keep the signed covenant of each; or raise the age to 18."
    ),
    step="people", blocks=True, counts=False,
)  # fmt: skip
def minors_are_looked_after(draft: Draft) -> bool:
    told = draft.tells_safety and draft.tells_training
    return draft.min_age >= ADULT or (draft.minors_ready and told)


# ---------------------------------------------------------------- words
def hours_of(shifts) -> Decimal:
    """Dates × length, in hours."""
    minutes = sum(shift.minutes for shift in shifts)
    return (Decimal(minutes) / 60).quantize(Decimal("0.1"))


def _promises_pay(text: str) -> bool:
    """Whether pay is named without being denied just before ("without salary")."""
    words = tokens(text)
    for start in range(len(words)):
        for pay in PAY:
            said = [
                word in (bare, raw)
                for raw, bare, word in zip(
                    words[start:], map(_bare, words[start:]), pay, strict=False
                )
            ]
            denied = DENIALS & set(words[max(0, start - 2) : start])
            if len(said) == len(pay) and all(said) and not denied:
                return True
    return False


def _bare(word: str) -> str:
    return PREFIX.sub("", word)


def _is_shown(role: RoleDraft) -> bool:
    """Seen by a body, passed in a course, or licensed: more than the volunteer's own word."""
    strength = BASIS_STRENGTH.get(role.least_basis, 0)  # type: ignore[call-overload]
    return strength >= BASIS_STRENGTH[Basis.EVIDENCED]


def _delivers(task: str) -> bool:
    words = tokens(task)
    return any(word in DELIVERABLES or _bare(word) in DELIVERABLES for word in words)
