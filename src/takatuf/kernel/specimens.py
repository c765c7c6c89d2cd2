"""What stands in the parts on the `/ui/` page: invented, in both languages, no person real."""

from dataclasses import dataclass, field
from types import SimpleNamespace as Specimen
from typing import Any


@dataclass(frozen=True)
class Part:
    """A part that lives in a module above, as its own template draws it.

    :param template: a whole ``<section>``, drawn with ``context`` and nothing else.
    :param stylesheet: the path of its own style sheet among the static files, or empty.
    """

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    stylesheet: str = ""


ARABIC = Specimen(
    language="ar",
    direction="rtl",
    title="إسعاف زوار كورنيش ضباء في عطلة نهاية الأسبوع",
    bodies="هيئة صحية · فريق الإسعاف (تجريبي)",
    kind="مهارية",
    place="ضباء، الكورنيش",
    needs="إسعافات أولية (متوسط)",
    when="الجمعة",
    facts=("متى", "أين", "تحتاج"),
    seats="9 من 12 مقعدًا",
    left="بقي 3 مقاعد",
    extras="4 ساعات · نقل ووجبة",
    reply="تردّ خلال يومين",
    prose="زيارة كبار السن المقيمين وحدهم، مع مشرف مدرَّب في كل مناوبة.",
    name="نورة بنت سالم التجريبية",
    plain_name="نورة بنت سالم بن عبدالرحمن",
    acting="العمل باسم",
    letters="الرسائل",
    tabs=(("الكل", 1204), ("مسودات", 3), ("معلنة", 141), ("منتهية", 0)),
    queue=(
        ("اليوم", "bad", "مناوبة «إسعاف زوار الكورنيش» ينقصها شخصان",
         "غدًا · خمسة مناسبون متاحون، أقربهم على بعد 3 كم", "عرض المقترحين"),
        ("بقي يوم", "warn", "أربعة متقدمين ينتظرون ردًا",
         "مهلة الرد 5 أيام عمل، ونسبة ردّكم المعلنة 92%", "مراجعة الطلبات"),
        ("تداخل", "clay", "حملة التبرع بالدم تشبه خطة جهة أخرى في الأسبوع نفسه",
         "العنوان والمجال والمحافظة والتاريخ · يمكن تحويلها إلى فرصة مشتركة", "فتح الحالة"),
    ),
    rules=(
        {"met": True, "text": "العمر 18 فأكثر"},
        {"met": False, "text": "إسعافات أولية (متوسط)",
         "way": "دورة من 6 ساعات يوم السبت في ضباء.",
         "href": "#rules", "href_text": "التسجيل في الدورة"},
        {"met": None, "text": "لا تعارض مع مناوبة أخرى",
         "way": "يُتحقق منه عند اختيار المناوبة."},
    ),
    steps=(("الفكرة", "done"), ("المهام والمواعيد", "done"), ("السلامة والإشراف", "now"),
           ("المعاينة والنشر", "ahead")),
    story=(("اعتمدها المجلس", "14 سبتمبر", "done"), ("بدأ التنفيذ", "2 أكتوبر", "done"),
           ("تقرير متابعة", "هذا الأسبوع", "now"), ("الأثر بعد ستة أشهر", "أبريل", "ahead")),
    rows=(("تيماء", 25, 600, 0.35), ("أملج", 41, 240, 0.12), ("الوجه", 22, 180, 0.58)),
    columns=("المحافظة", "الفرص", "المستفيدون", "التغطية"),
    days=("الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"),
    parts=("صباحًا", "عصرًا", "مساءً"),
)  # fmt: skip

ENGLISH = Specimen(
    language="en",
    direction="ltr",
    title="First aid for visitors of the Duba corniche at the weekend",
    bodies="Health body · first-aid team (demo)",
    kind="Skilled",
    place="Duba, the corniche",
    needs="First aid (intermediate)",
    when="Friday",
    facts=("When", "Where", "Needs"),
    seats="9 of 12 seats",
    left="3 seats left",
    extras="4 hours · transport and a meal",
    reply="Replies within two days",
    prose="Visits to older people who live alone, with a trained supervisor on every shift.",
    name="Noura Salem (demo)",
    plain_name="Noura Salem",
    acting="Acting for",
    letters="Messages",
    tabs=(("All", 1204), ("Drafts", 3), ("Published", 141), ("Ended", 0)),
    queue=(
        ("Today", "bad", "The shift “First aid on the corniche” is two people short",
         "Tomorrow · five suitable people are free, the nearest 3 km away", "See suggestions"),
        ("One day left", "warn", "Four applicants wait for an answer",
         "Answers are due within 5 working days; your published rate is 92%",
          "Review requests"),
        ("Overlap", "clay", "The blood donation day looks like another body's plan that week",
         "Title, field, governorate and date · it could become a joint opportunity",
          "Open the case"),
    ),
    rules=(
        {"met": True, "text": "18 years or older"},
        {"met": False, "text": "First aid (intermediate)",
         "way": "A six-hour course on Saturday in Duba.",
         "href": "#rules", "href_text": "Enrol in the course"},
        {"met": None, "text": "No other shift at that time",
         "way": "Checked when a shift is chosen."},
    ),
    steps=(("The idea", "done"), ("Tasks and dates", "done"), ("Safety and supervision", "now"),
           ("Preview and publish", "ahead")),
    story=(("Adopted by the council", "14 September", "done"), ("Work began", "2 October",
     "done"),
           ("Progress report", "this week", "now"), ("Outcome after six months", "April",
            "ahead")),
    rows=(("Tayma", 25, 600, 0.35), ("Umluj", 41, 240, 0.12), ("Al Wajh", 22, 180, 0.58)),
    columns=("Governorate", "Opportunities", "People served", "Coverage"),
    days=("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
    parts=("Morning", "Afternoon", "Evening"),
)  # fmt: skip

SPECIMENS = {"ar": ARABIC, "en": ENGLISH}
HOSTILE = '<script>alert("x")</script> & “quotes”'
