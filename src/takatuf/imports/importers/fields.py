"""Fields an importer takes: how a column is recognised, a cell parsed, a value shown.

The ready ones cover what volunteering units keep. Use ``as_required()`` or
``dataclasses.replace`` to adapt one; the synonyms are compared after normalising, so that
hamzas, taa marbuta, the article and punctuation need no variants.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any, Self

from django.utils.translation import gettext_lazy as _

from takatuf.imports.importers import parsing as p


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a row may hold.

    :param others: words which make a heading another thing's, whatever else it says.
    :param parse: a non-blank cell to a value, or None for "unknown"; raises CellProblem.
    :param looks_like: whether a cell is clearly of this kind, to recognise columns by values.
    :param distinctive: ``looks_like`` alone names the field, even without a header.
    :param show: a value in words, for the preview; translatable ones lazy.
    :param made_of: fields which together say it where its own cell does not.
    """

    name: str
    label: Any
    parse: Callable[[Any], Any] = p.parse_text
    required: bool = False
    synonyms: tuple[str, ...] = ()
    looks_like: Callable[[Any], bool] | None = None
    distinctive: bool = False
    show: Callable[[Any], Any] = p.show
    made_of: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def is_in(self, mapped: Collection[str]) -> bool:
        """Whether these mapped fields say it: itself, or the first and another of its parts."""
        parts = [name for name in self.made_of if name in mapped]
        return self.name in mapped or (len(parts) > 1 and parts[0] == self.made_of[0])

    def as_required(self) -> Self:
        return replace(self, required=True)

    def named(self, name: str, label: Any, *synonyms: str) -> Self:
        """The same kind of field under another name, with further synonyms."""
        return replace(self, name=name, label=label, synonyms=synonyms or self.synonyms)


# Dates of a person or of a paper: no day on which anybody did anything.
OTHER_DATES = (
    "الميلاد", "ميلاده", "ميلادها", "ميلادك", "ولادة", "المواليد", "الإصدار", "إصدارها",
    "الصلاحية", "تاريخ التسجيل", "تسجيل المتطوع", "انتهاء الهوية", "انتهاء الإقامة",
    "انتهاء الرخصة", "انتهاء البطاقة",
    "birth", "birthdate", "birthday", "dob", "born", "expiry", "expires", "expiration",
    "issued", "issue date", "date of issue", "registration", "registered",
)  # fmt: skip
PERSON_NAME = Field(
    "name", _("Name"), p.parse_name,
    synonyms=(
        "الاسم", "اسم المتطوع", "اسم المتطوعة", "الاسم الرباعي", "الاسم الثلاثي",
        "الاسم الكامل", "اسم الطالب", "اسم المشارك", "الاسم واللقب", "أسماء المتطوعين",
        "name", "full name", "volunteer", "volunteer name", "المتطوع", "المتطوعة", "المشارك",
    ),
    looks_like=p.looks_like_name,
    made_of=("first_name", "father_name", "grandfather_name", "family_name"),
)  # fmt: skip
# Where a sheet keeps a name in several columns.
NAME_PARTS = (
    Field(
        "first_name", _("First name"),
        synonyms=("الاسم الأول", "اسم المتطوع الأول", "first name", "given name"),
    ),
    Field(
        "father_name", _("Father's name"),
        synonyms=(
            "اسم الأب", "الأب", "الاسم الثاني", "father name", "second name", "middle name",
        ),
    ),
    Field(
        "grandfather_name", _("Grandfather's name"),
        synonyms=("اسم الجد", "الجد", "الاسم الثالث", "grandfather name", "third name"),
    ),
    Field(
        "family_name", _("Family name"),
        synonyms=(
            "اسم العائلة", "العائلة", "اللقب", "الاسم الأخير", "القبيلة", "الاسم الرابع",
            "family name", "last name", "surname",
        ),
    ),
)  # fmt: skip
NATIONAL_ID = Field(
    "national_id", _("National ID or residence number"), p.parse_national_id,
    synonyms=(
        "رقم الهوية", "الهوية", "الهوية الوطنية", "رقم الهوية الوطنية",
        "رقم الهوية / الإقامة", "السجل المدني", "رقم السجل المدني", "رقم السجل", "الإقامة",
        "رقم الإقامة", "رقم الأحوال", "رقم البطاقة", "national id", "id", "id number",
        "identity", "iqama", "iqama number",
    ),
    looks_like=p.looks_like_national_id, distinctive=True, show=p.show_national_id,
)  # fmt: skip
MOBILE = Field(
    "mobile", _("Mobile"), p.parse_mobile,
    synonyms=(
        "الجوال", "رقم الجوال", "جوال", "رقم الهاتف", "الهاتف", "هاتف", "الموبايل",
        "رقم التواصل", "التواصل", "وسيلة التواصل", "واتساب", "رقم الواتساب", "mobile",
        "mobile number", "phone", "phone number", "whatsapp", "cell", "contact", "tel",
        "telephone",
    ),
    looks_like=p.looks_like_mobile, distinctive=True,
)  # fmt: skip
EMAIL = Field(
    "email", _("E-mail"), p.parse_email,
    synonyms=(
        "البريد", "البريد الإلكتروني", "الايميل", "بريد", "عنوان البريد", "email", "e-mail",
        "email address", "mail",
    ),
    looks_like=p.looks_like_email, distinctive=True,
)  # fmt: skip
GENDER = Field(
    "gender", _("Gender"), p.parse_gender,
    synonyms=(
        "الجنس", "النوع", "ذكر/أنثى", "gender", "sex",
    ),
    looks_like=p.looks_like_gender, distinctive=True,
    show=p.show_gender,
)  # fmt: skip
BIRTH_DATE = Field(
    "birth_date", _("Birth date"), p.parse_birth_date,
    synonyms=(
        "تاريخ الميلاد", "الميلاد", "تاريخ الولادة", "المواليد", "birth date",
        "date of birth", "dob", "birthday",
    ),
    looks_like=p.looks_like_date,
)  # fmt: skip
PLACE = Field(
    "place", _("Governorate or town"), p.parse_text,
    synonyms=(
        "المدينة", "المحافظة", "المنطقة", "مقر السكن", "السكن", "مكان السكن", "مدينة السكن",
        "المدينة / المحافظة", "المركز", "المكان", "الموقع",
        "city", "town", "governorate", "location", "place",
    ),
)  # fmt: skip
SKILLS = Field(
    "skills", _("Skills"), p.parse_list,
    synonyms=(
        "المهارات", "المهارة", "مهارات", "القدرات", "الخبرات", "مجالات الخبرة", "skills",
        "skill", "expertise",
    ),
)  # fmt: skip
HOURS = Field(
    "minutes", _("Hours"), p.parse_duration,
    synonyms=(
        "الساعات", "عدد الساعات", "ساعات", "المجموع", "مجموع الساعات", "إجمالي الساعات",
        "المدة", "عدد ساعات التطوع", "الساعات التطوعية", "hours", "total", "total hours",
        "duration",
    ),
    looks_like=p.looks_like_duration, show=p.show_duration,
)  # fmt: skip
NOTES = Field(
    "notes", _("Notes"), p.parse_text,
    synonyms=(
        "ملاحظات", "ملاحظة", "الملاحظات", "notes", "note", "remarks", "comments",
    ),
)  # fmt: skip
OPPORTUNITY_TITLE = Field(
    "title", _("Opportunity"), p.parse_title,
    synonyms=(
        "الفرصة", "عنوان الفرصة", "اسم الفرصة", "الفرصة التطوعية", "اسم الفرصة التطوعية",
        "المبادرة", "اسم المبادرة", "النشاط", "اسم النشاط", "البرنامج", "العمل التطوعي",
        "الفعالية", "المشروع", "opportunity", "opportunity title", "title", "activity",
        "event", "initiative",
    ),
)  # fmt: skip
DATE = Field(
    "date", _("Date"), p.parse_date_cell,
    synonyms=(
        "التاريخ", "اليوم", "تاريخ التطوع", "تاريخ المشاركة", "تاريخ التنفيذ", "date", "day",
        "التاريخ الميلادي", "التاريخ الهجري", "تاريخ اليوم", "تاريخ العمل",
    ),
    looks_like=p.looks_like_date, others=OTHER_DATES,
)  # fmt: skip
START_DATE = Field(
    "start_date", _("First day"), p.parse_date_cell,
    synonyms=(
        "تاريخ البداية", "البداية", "تاريخ البدء", "بداية الفرصة", "من تاريخ",
        "تاريخ بداية الفرصة", "start date", "starts", "from date", "first day",
    ),
    looks_like=p.looks_like_date, others=OTHER_DATES,
)  # fmt: skip
END_DATE = Field(
    "end_date", _("Last day"), p.parse_date_cell,
    synonyms=(
        "تاريخ الانتهاء", "تاريخ النهاية", "النهاية", "نهاية الفرصة", "إلى تاريخ",
        "تاريخ نهاية الفرصة", "end date", "ends", "to date", "last day",
    ),
    looks_like=p.looks_like_date, others=OTHER_DATES,
)  # fmt: skip
START_TIME = Field(
    "start_time", _("From"), p.parse_time,
    synonyms=(
        "من", "من الساعة", "وقت الحضور", "الحضور", "وقت البداية", "البداية", "وقت البدء",
        "وقت الدخول", "بداية الوقت",
        "الدخول", "from", "start", "start time", "time in", "check in", "in",
    ),
    looks_like=p.looks_like_time, show=p.show_time,
)  # fmt: skip
END_TIME = Field(
    "end_time", _("Until"), p.parse_time,
    synonyms=(
        "إلى", "إلى الساعة", "وقت الانصراف", "الانصراف", "وقت النهاية", "النهاية",
        "وقت الانتهاء", "وقت الخروج",
        "الخروج", "نهاية الوقت", "to", "end", "until", "end time", "time out", "check out",
        "out",
    ),
    looks_like=p.looks_like_time, show=p.show_time,
)  # fmt: skip
TIMES = Field(
    "times", _("From and until in one cell"), p.parse_times,
    synonyms=(
        "الوقت", "وقت التطوع", "وقت العمل", "الفترة", "الفترة الزمنية", "التوقيت", "من - إلى",
        "من الساعة إلى الساعة", "time", "times", "period", "from - to",
    ),
    looks_like=p.looks_like_times, show=p.show_times,
)  # fmt: skip
SEATS = Field(
    "seats", _("Seats"), p.parse_count,
    synonyms=(
        "عدد المقاعد", "المقاعد", "العدد المطلوب", "عدد المتطوعين", "العدد",
        "المتطوعين المطلوبين", "seats", "places", "capacity", "volunteers needed",
        "number of volunteers",
    ),
)  # fmt: skip
STATUS = Field(
    "status", _("Status"), p.parse_text,
    synonyms=(
        "الحالة", "حالة الفرصة", "حالة الطلب", "status", "state",
    ),
)  # fmt: skip
TIMESTAMP = Field(
    "timestamp", _("Time of entry"), p.parse_timestamp,
    synonyms=(
        "طابع زمني", "وقت الإدخال", "تاريخ الطلب", "تاريخ التقديم", "timestamp",
        "submitted at",
    ),
    looks_like=p.looks_like_timestamp,
)  # fmt: skip
URL = Field(
    "url", _("Link"), p.parse_url,
    synonyms=(
        "الرابط", "رابط", "رابط التسجيل", "رابط الفرصة", "link", "url", "registration link",
    ),
    looks_like=p.looks_like_url,
)  # fmt: skip
