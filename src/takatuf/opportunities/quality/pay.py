"""Whether a text promises pay: by words for it, or by an amount of money for whoever comes."""

import re

from takatuf.kernel.text.arabic import tokens
from takatuf.opportunities.quality.words import bare


def _all(words: str) -> frozenset[str]:
    return frozenset(tokens(words))


PAY = tuple(
    tokens(words)
    for words in (
        "راتب", "رواتب", "مقابل مالي", "مقابل مادي", "مقابل نقدي", "مكافأة مالية",
        "مكافأة مادية", "مكافأة نقدية", "مكافأة شهرية", "مكافأة يومية", "مكافأة رمزية",
        "مكافأة مجزية", "مكافأة قدرها", "مكافآت مالية", "مكافآت مادية", "مكافآت نقدية",
        "مكافآت شهرية", "أجر شهري", "أجر يومي", "أجر مادي", "أجر بالساعة", "أجر رمزي",
        "أجرة يومية", "أجور يومية", "أجور شهرية", "أجور رمزية", "بدل مالي", "بدل نقدي",
        "وظيفة شاغرة", "وظائف شاغرة", "عقد عمل", "salary", "salaries", "wage", "wages",
        "paid position", "paid job", "paid post", "paid work", "get paid", "stipend",
        "monthly pay", "hourly pay", "daily pay", "hourly rate", "daily rate",
    )
)  # fmt: skip
DENIALS = _all("بدون بلا دون غير لا ليس ليست لن without no not non never")
# Work about other people's pay, such as a pay scale drawn up for a body, is no promise of it.
ITS_SUBJECT = _all("توزيع نظام سلم لائحة سياسة جدول مسير مسيرات كشف كشوف سجل حساب")
ITS_SUBJECT_AFTER = _all("scale scales policy policies system survey register table structure")
MONEY = _all("ريال ريالات ريالا sar riyal riyals دولار usd")
PAYS = _all(
    """
    يصرف نصرف تصرف صرف يدفع ندفع تدفع دفع نعطي يعطى تعطى نمنح يمنح تمنح يتقاضى يستلم مكافأة
    مكافآت أجر أجرة أجور مقابل بدل pay pays paid paying payment earn earns receive receives
    rate reward
    """
)
WHO_COMES = _all(
    "متطوع متطوعة متطوعين متطوعات مشارك مشاركة مشاركين volunteer volunteers participant you"
)
FOR_A_TIME = _all(
    """
    يوم يوميا يومي يومية شهر شهريا شهري شهرية أسبوع أسبوعيا ساعة day daily month monthly week
    weekly hour hourly
    """
)
# Money a volunteer brings, or what is handed out in kind: its amount is no pay.
FEES = _all(
    """
    رسم رسوم رسوما اشتراك اشتراكات تذكرة تذاكر fee fees subscription ticket tickets deposit
    """
)
SUPPORT = _all(
    """
    وجبة وجبات إفطار غداء عشاء ضيافة مواصلات نقل تنقل سكن إعاشة قميص زي meal meals lunch
    dinner breakfast transport transportation travel housing uniform shirt
    """
)
BESIDES = _all("مع with")  # what comes with the pay is not what the amount is of
NEAR = 6  # words on either side of an amount
STOP = re.compile(r"[!?؟؛;\n]|\.(?!\d)")


def promises_pay(text: str) -> bool:
    """Whether pay is promised and not denied just before ("without salary")."""
    return any(_in_sentence(tokens(sentence)) for sentence in STOP.split(text))


def _in_sentence(words: list[str]) -> bool:
    return any(_is_pay(words, at) or _is_amount(words, at) for at in range(len(words)))


def _is_pay(words: list[str], at: int) -> bool:
    for pay in PAY:
        said = words[at : at + len(pay)]
        if len(said) == len(pay) and all(map(_is, said, pay)):
            before = set(words[max(0, at - 2) : at])
            after = set(words[at + len(pay) : at + len(pay) + 1])
            subject = _any(before, ITS_SUBJECT) or after & ITS_SUBJECT_AFTER
            return not (before & DENIALS or subject)
    return False


def _is_amount(words: list[str], at: int) -> bool:
    """Money counted, next to a word for paying, for each who comes or for a time."""
    if not _any({words[at]}, MONEY):
        return False
    if not any(word.isdecimal() for word in words[max(0, at - 2) : at + 2]):
        return False
    if _is_of_something_else(words, at):
        return False
    around = set(words[max(0, at - NEAR) : at + NEAR])
    return (
        _any(around, PAYS)
        and (_any(around, WHO_COMES) or _any(around, FOR_A_TIME))
        and not around & DENIALS
    )


def _is_of_something_else(words: list[str], at: int) -> bool:
    """Whether an amount is a fee's or a meal's: the word before it that is nearest decides,
    so that "a meal, and we pay 100 riyals" and "a reward with housing: 300" are pay still.
    """
    if _any(set(words[at + 1 : at + 3]), FEES):
        return True
    before = words[max(0, at - NEAR) : at]
    of_other = FEES if BESIDES & set(before) else FEES | SUPPORT
    for word in reversed(before):
        if _any({word}, of_other):
            return True
        if _any({word}, PAYS):
            return False
    return False


def _is(said: str, word: str) -> bool:
    return word in (said, bare(said))


def _any(said: set[str], words: frozenset[str]) -> bool:
    return bool({*said, *map(bare, said)} & words)
