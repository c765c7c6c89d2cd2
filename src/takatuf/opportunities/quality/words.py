"""What words give away: that a text says nothing of the work, or hands something over."""

import re

from takatuf.kernel.text.arabic import tokens

# Words that say "volunteering" and nothing about the work.
EMPTY_WORDS = frozenset(
    tokens(
        """
        مطلوب مطلوبه نحتاج متطوع متطوعه متطوعين متطوعات متطوعون المتطوعين فرصه فرص الفرصه تطوع
        التطوع تطوعيه تطوعي التطوعيه عمل العمل مبادره حمله برنامج جديده عاجل مشاركه
        متطوعي متاح متاحه تسجيل منطقه محافظه مدينه
        انضم سجل معنا في من على مع الى و ل لـ
        volunteer volunteers volunteering needed wanted opportunity opportunities
        work new urgent join us help the a an for of in at with and to
        """
    )
)
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
    said = [word for word in tokens(title) if not {word, bare(word)} & EMPTY_WORDS]
    return len([word for word in said if not word.isdecimal()]) >= 2  # noqa: PLR2004


def delivers(task: str) -> bool:
    """Whether something is handed over at the end of the task."""
    words = tokens(task)
    return any(word in DELIVERABLES or bare(word) in DELIVERABLES for word in words)


def bare(word: str) -> str:
    """An Arabic word, normalised, without the letters that stand in front of it."""
    return PREFIX.sub("", word)
