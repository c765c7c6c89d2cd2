"""The checks, one function each, in the order people read their answers."""

from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from takatuf.accounts.enums import ADULT_AGE
from takatuf.kernel.text.arabic import normalise, tokens
from takatuf.opportunities.enums import Class
from takatuf.opportunities.quality import exact
from takatuf.opportunities.quality.draft import Draft, RoleDraft
from takatuf.opportunities.quality.pay import promises_pay
from takatuf.opportunities.quality.verdict import Check, Result, Verdict
from takatuf.opportunities.quality.words import delivers, names_work
from takatuf.registry.enums import BASIS_STRENGTH, Basis

LEAST_TASKS, LEAST_SHIFTS = 3, 2
LEAST_PURPOSE, LEAST_ABOUT = 40, 40
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
    mend = None if passed else exact.say(check.key, draft)
    return Result(check=check, passed=passed, mend=mend or check.mend)


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
    return names_work(draft.title)


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
    texts = (draft.title, draft.purpose, draft.gains, *draft.tasks)
    return draft.unpaid and not any(map(promises_pay, texts))


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
    return any(_is_shown(role) for role in skilled) and any(map(delivers, draft.tasks))


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
        "confirm that you keep to the covenant they sign; or raise the age to 18."
    ),
    step="people", blocks=True, counts=False,
)  # fmt: skip
def minors_are_looked_after(draft: Draft) -> bool:
    told = draft.tells_safety and draft.tells_training
    return draft.min_age >= ADULT_AGE or (draft.minors_ready and told)


def _is_shown(role: RoleDraft) -> bool:
    """Seen by a body, passed in a course, or licensed: more than the volunteer's own word."""
    strength = BASIS_STRENGTH.get(role.least_basis, 0)  # type: ignore[call-overload]
    return strength >= BASIS_STRENGTH[Basis.EVIDENCED]
