"""What words give away: that a text says nothing of the work, or promises pay."""

import re

from takatuf.kernel.text.arabic import tokens

# Words that say "volunteering" and nothing about the work.
EMPTY_WORDS = frozenset(
    tokens(
        """
        مطلوب مطلوبه نحتاج متطوع متطوعه متطوعين متطوعات متطوعون المتطوعين فرصه فرص الفرصه تطوع
        التطوع تطوعيه تطوعي التطوعيه عمل العمل مبادره حمله برنامج جديده عاجل مشاركه
        انضم سجل معنا في من على مع الى و ل لـ
        volunteer volunteers volunteering needed wanted opportunity opportunities
        work new urgent join us help the a an for of in at with and to
        """
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
        """
        تقرير تقارير خطه خطط دليل ادله تصميم تصاميم دراسه دراسات استشاره استشارات نموذج نماذج
        تسليم سياسه سياسات لائحه لوائح منصه تطبيق مراجعه تدقيق تقييم مخطط عرض مسوده
        report reports plan plans guide guides design designs study studies advice deliver draft
        drafts policy policies template templates review audit prototype assessment
        """
    )
)
# Letters that stand in front of an Arabic word without changing what it is.
PREFIX = re.compile(r"^[وف]?[بلك]?(?:ال)?(?=\w{3})")


def names_work(title: str) -> bool:
    """Whether at least two words, a verb and its object, say what is done."""
    said = [word for word in tokens(title) if word not in EMPTY_WORDS]
    return len([word for word in said if not word.isdecimal()]) >= 2  # noqa: PLR2004


def promises_pay(text: str) -> bool:
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


def delivers(task: str) -> bool:
    """Whether something is handed over at the end of the task."""
    words = tokens(task)
    return any(word in DELIVERABLES or _bare(word) in DELIVERABLES for word in words)


def _bare(word: str) -> str:
    return PREFIX.sub("", word)
