"""The words demo data is made of. Names are common ones put together by chance."""

from dataclasses import dataclass
from typing import NamedTuple

WOMEN = (
    "نورة سارة ريم هند منى أمل عهود شهد لمى رغد دانة جواهر مها أسماء خلود وجدان بشاير ليان "
    "غادة عبير تهاني حصة مريم فاطمة عائشة العنود"
).split()
MEN = (
    "محمد عبدالله فهد سلطان خالد سعود ناصر تركي بندر ماجد فيصل عبدالعزيز يوسف إبراهيم أحمد علي "
    "صالح حمد مشعل نايف راكان زياد عمر أنس ياسر هاني"
).split()
FATHERS = MEN
FAMILIES = (
    "العطوي البلوي الحويطي العنزي الشهراني القرني الجهني الحربي الغامدي الزهراني الشمري المطيري "
    "العمراني السبيعي الدوسري القحطاني الرشيدي الصقر العسيري المالكي الثقفي الحسن السالم الراشد"
).split()


class BodyKind(NamedTuple):
    """A kind of body and the code of the field it works in."""

    sector: str
    name_ar: str
    name_en: str
    field: str


BODY_KINDS = [
    BodyKind(
        "non_profit", "جمعية رعاية كبار السن", "Older People's Care Society", "elderly_care"
    ),
    BodyKind("non_profit", "جمعية الإسعاف والاستجابة", "First Response Society", "health"),
    BodyKind("non_profit", "جمعية البيئة الخضراء", "Green Environment Society", "environment"),
    BodyKind("non_profit", "جمعية حفظ النعمة", "Food Saving Society", "food_saving"),
    BodyKind("non_profit", "جمعية التنمية الأسرية", "Family Development Society", "social"),
    BodyKind(
        "non_profit",
        "جمعية ذوي الإعاقة",
        "Society of People with Disabilities",
        "disability_support",
    ),
    BodyKind("non_profit", "جمعية البر والخدمات", "Welfare and Services Society", "relief"),
    BodyKind("non_profit", "جمعية العناية بالمساجد", "Mosque Care Society", "mosque_care"),
    BodyKind("non_profit", "جمعية التراث والثقافة", "Heritage and Culture Society", "heritage"),
    BodyKind("government", "مستشفى عام", "General Hospital", "health"),
    BodyKind("government", "مكتب تعليم", "Education Office", "education"),
    BodyKind("government", "بلدية", "Municipality", "urban_scene"),
    BodyKind("government", "مركز الشباب والرياضة", "Youth and Sports Centre", "youth_sports"),
    BodyKind("government", "مكتبة عامة", "Public Library", "culture"),
    BodyKind("educational", "كلية تقنية", "Technical College", "technology"),
    BodyKind("educational", "مدرسة ثانوية", "Secondary School", "education"),
    BodyKind("private", "شركة تقنية", "Technology Company", "technology"),
]
PLACES = {
    "tabuk": "تبوك", "umluj": "أملج", "al-wajh": "الوجه", "duba": "ضباء",
    "tayma": "تيماء", "haql": "حقل", "al-bad": "البدع",
}  # fmt: skip
PLACES_EN = {
    "tabuk": "Tabuk", "umluj": "Umluj", "al-wajh": "Al-Wajh", "duba": "Duba",
    "tayma": "Tayma", "haql": "Haql", "al-bad": "Al-Bad'",
}  # fmt: skip
# How the region's people are spread, roughly by population.
WEIGHTS = {
    "tabuk": 70, "umluj": 8, "al-wajh": 6, "duba": 6, "tayma": 5, "haql": 3, "al-bad": 2,
}  # fmt: skip
SPOTS = [
    "حي المروج", "حي الورود", "حي السليمانية", "الكورنيش", "الحديقة المركزية", "ساحة السوق القديم",
    "المركز الحضاري", "الواجهة البحرية", "مقر الجهة", "حي الفيصلية",
]  # fmt: skip

TEAM_NAMES = (
    "غيث سواعد مدد نبض همم إشراق وصل أثر بصمة عون سنابل مرسى رؤية أجاويد ضياء قطوف إيثار وفاء "
    "شراع نماء رواد مبادرون سفراء معًا بذل رفد ظلال أمواج نخيل مشاعل"
).split()


@dataclass(frozen=True, kw_only=True)
class Work:
    """What an opportunity is about; ``{spot}`` and ``{place}`` are filled in for each.

    :param field: code of the field of work; klass, basis: values of their enums.
    :param skill: code of the skill the role asks for, "" where anybody can do it.
    :param second: code of one to be held beside it.
    :param minutes: of one shift.
    """

    title: str
    field: str
    klass: str
    skill: str = ""
    second: str = ""
    level: int = 0
    basis: str = ""
    minutes: int
    beneficiaries: str
    purpose: str
    tasks: list[str]
    gains: str


WORK = {
    "first_aid": Work(
        title="إسعاف زوار {spot}",
        field="health",
        klass="skilled",
        skill="first-aid",
        level=2,
        basis="evidenced",
        minutes=240,
        beneficiaries="زوار {spot} من الأسر",
        purpose="تقديم الإسعاف الأولي لزوار الموقع في أوقات الذروة حتى وصول الهلال الأحمر، وتقليل زمن الاستجابة للحالات البسيطة.",
        tasks=[
            "تجهيز نقطة الإسعاف وفحص الحقيبة",
            "تقديم الإسعاف الأولي للحالات البسيطة",
            "تسجيل الحالات وتسليمها للمشرف",
        ],
        gains="خبرة ميدانية في الإسعاف الأولي والعمل ضمن فريق استجابة",
    ),
    "road_aid": Work(
        title="إسعاف متنقل على طريق {place} الدولي",
        field="health",
        klass="skilled",
        skill="first-aid",
        second="driving",
        level=2,
        basis="evidenced",
        minutes=240,
        beneficiaries="المسافرون والمعتمرون على الطريق",
        purpose="الوصول بمركبة مجهزة إلى المصابين على الطريق في مواسم السفر، وإسعافهم حتى وصول الهلال الأحمر.",
        tasks=[
            "فحص المركبة وحقيبة الإسعاف قبل الانطلاق",
            "التنقل بين نقاط الوقوف وتقديم الإسعاف الأولي",
            "تسجيل الحالات وتسليمها للمشرف",
        ],
        gains="خبرة ميدانية في الإسعاف على الطرق",
    ),
    "planting": Work(
        title="غرس شتلات في {spot}",
        field="afforestation",
        klass="general",
        minutes=180,
        beneficiaries="سكان {spot}",
        purpose="زيادة الغطاء النباتي في الموقع بأشجار محلية تتحمل الجفاف، وإشراك السكان في العناية بها بعد الغرس.",
        tasks=[
            "تجهيز الحفر وتوزيع الشتلات",
            "غرس الشتلات وتثبيتها",
            "الري الأول وتنظيف الموقع",
        ],
        gains="معرفة عملية بغرس الأشجار المحلية والعناية بها",
    ),
    "visits": Work(
        title="زيارة كبار السن المقيمين وحدهم في {place}",
        field="elderly_care",
        klass="general",
        minutes=120,
        beneficiaries="كبار السن المقيمون وحدهم",
        purpose="تخفيف العزلة عن كبار السن المقيمين وحدهم بزيارة أسبوعية منظمة، ورفع احتياجاتهم إلى الجهة المختصة.",
        tasks=[
            "زيارة منزلية مع مرافق",
            "الاطمئنان على الاحتياجات الأساسية",
            "كتابة ملاحظة قصيرة للمشرف",
        ],
        gains="مهارات التواصل مع كبار السن",
    ),
    "lessons": Work(
        title="دروس تقوية في الرياضيات للمرحلة المتوسطة",
        field="education",
        klass="skilled",
        skill="tutoring",
        level=2,
        basis="declared",
        minutes=120,
        beneficiaries="طلاب وطالبات المرحلة المتوسطة",
        purpose="مساعدة الطلاب المتعثرين في الرياضيات على تجاوز الاختبارات بشرح مركز في مجموعات صغيرة.",
        tasks=[
            "شرح الدرس لمجموعة من ستة طلاب",
            "حل تمارين ومتابعة التقدم",
            "تقرير قصير عن كل طالب",
        ],
        gains="خبرة في التعليم والشرح لمجموعات صغيرة",
    ),
    "food_baskets": Work(
        title="فرز وتعبئة السلال الغذائية",
        field="food_saving",
        klass="general",
        minutes=180,
        beneficiaries="الأسر المستفيدة من الجهة",
        purpose="تجهيز السلال الغذائية وفق احتياج كل أسرة وتقليل الهدر من الفائض الصالح.",
        tasks=[
            "فرز المواد والتأكد من الصلاحية",
            "تعبئة السلال حسب القائمة",
            "ترتيب المستودع بعد العمل",
        ],
        gains="العمل ضمن سلسلة توزيع منظمة",
    ),
    "design": Work(
        title="تصميم هوية بصرية لحملة توعوية",
        field="creative_arts",
        klass="skilled",
        skill="graphic-design",
        level=2,
        basis="evidenced",
        minutes=240,
        beneficiaries="الجهة وجمهور الحملة",
        purpose="إعداد تصاميم موحدة لحملة توعوية محلية تصل رسالتها بوضوح عبر القنوات المختلفة.",
        tasks=["اجتماع قصير لفهم الرسالة", "تصميم ثلاث بطاقات وملصق", "تسليم الملفات المفتوحة"],
        gains="بناء ملف أعمال في تصميم الحملات",
    ),
    "policies": Work(
        title="إعداد سياسة مالية للجمعية",
        field="finance_admin",
        klass="professional",
        skill="accounting",
        level=3,
        basis="evidenced",
        minutes=300,
        beneficiaries="الجمعية ومستفيدوها",
        purpose="إعداد سياسة مالية معتمدة تنظم الصرف والرقابة في الجمعية وتلبي متطلبات الحوكمة.",
        tasks=[
            "مراجعة الوضع القائم",
            "إعداد مسودة السياسة ونماذجها",
            "عرض السياسة على الإدارة وتسليمها",
        ],
        gains="مخرج مهني معتمد باسم المتطوع",
    ),
    "clinic": Work(
        title="تنظيم عيادة الأسنان المتنقلة",
        field="health",
        klass="general",
        minutes=180,
        beneficiaries="طلاب المدارس",
        purpose="تسهيل دخول الطلاب إلى العيادة المتنقلة وتنظيم أدوارهم حتى يُفحص أكبر عدد منهم.",
        tasks=[
            "استقبال الطلاب وترتيب الدور",
            "توزيع نماذج الموافقة وجمعها",
            "إدخال بيانات الحضور",
        ],
        gains="خبرة في تنظيم الفعاليات الصحية",
    ),
    "pilgrims": Work(
        title="استقبال وإرشاد المعتمرين على الطريق الدولي",
        field="pilgrims_service",
        klass="general",
        minutes=300,
        beneficiaries="المعتمرون العابرون",
        purpose="استقبال المعتمرين العابرين وتقديم الماء والإرشاد إلى الخدمات القريبة.",
        tasks=["الاستقبال وتقديم الضيافة", "الإرشاد إلى المرافق", "رفع الملاحظات للمشرف"],
        gains="خدمة ضيوف الرحمن والتواصل مع ثقافات متعددة",
    ),
    "website": Work(
        title="تطوير موقع إلكتروني لجمعية",
        field="technology",
        klass="professional",
        skill="programming",
        level=3,
        basis="evidenced",
        minutes=240,
        beneficiaries="الجمعية وزوار موقعها",
        purpose="تطوير موقع واضح وسهل التحديث يعرّف بخدمات الجمعية ويستقبل طلبات المستفيدين.",
        tasks=[
            "جمع المتطلبات وخطة العمل",
            "تصميم وتطوير الموقع",
            "تسليم الموقع وتدريب الموظفين",
        ],
        gains="مشروع منجز موثق باسم المتطوع",
    ),
    "beach": Work(
        title="تنظيف شاطئ {place} وفرز المخلفات",
        field="environment",
        klass="general",
        minutes=180,
        beneficiaries="مرتادو الشاطئ والحياة البحرية",
        purpose="إزالة المخلفات البلاستيكية من الشاطئ وفرزها وتوثيق كمياتها للحد من مصادرها.",
        tasks=["تمشيط الشاطئ على مجموعات", "فرز المخلفات ووزنها", "توثيق النتائج بالصور"],
        gains="معرفة بالعمل البيئي وتوثيق أثره",
    ),
    "companions": Work(
        title="مرافقة ذوي الإعاقة في الفعاليات",
        field="disability_support",
        klass="skilled",
        skill="sign-language",
        level=1,
        basis="declared",
        minutes=180,
        beneficiaries="ذوو الإعاقة وأسرهم",
        purpose="تمكين ذوي الإعاقة من حضور الفعاليات بمرافقة مدرَّبة تلبي احتياجاتهم.",
        tasks=[
            "استقبال المستفيد ومرافقته",
            "المساعدة في التنقل والتواصل",
            "أخذ رأي المستفيد في نهاية الفعالية",
        ],
        gains="مهارات المرافقة والتواصل",
    ),
    "blood": Work(
        title="حملة التبرع بالدم في {spot}",
        field="blood_donation",
        klass="general",
        minutes=240,
        beneficiaries="مرضى المستشفيات",
        purpose="رفع مخزون بنك الدم بتنظيم حملة ميدانية تستقبل المتبرعين وتيسر إجراءاتهم.",
        tasks=[
            "استقبال المتبرعين وتسجيلهم",
            "تنظيم الانتظار وتقديم الضيافة",
            "متابعة المتبرع بعد التبرع",
        ],
        gains="خبرة في تنظيم الحملات الصحية",
    ),
    "translation": Work(
        title="ترجمة مطبوعات إرشادية للزوار",
        field="translation",
        klass="professional",
        skill="translation-en",
        level=3,
        basis="evidenced",
        minutes=180,
        beneficiaries="زوار المنطقة",
        purpose="ترجمة مطبوعات إرشادية دقيقة تساعد زوار المنطقة من غير الناطقين بالعربية.",
        tasks=["ترجمة النص الأصلي", "مراجعة لغوية", "تسليم النسخة النهائية"],
        gains="نشر العمل باسم المترجم",
    ),
    "facades": Work(
        title="تجميل واجهات {spot}",
        field="urban_scene",
        klass="general",
        minutes=240,
        beneficiaries="سكان الحي",
        purpose="تحسين المشهد الحضري في الموقع بالدهان والتنظيف والزراعة بمشاركة السكان.",
        tasks=["تجهيز الجدران وتنظيفها", "الدهان وفق التصميم المعتمد", "تنظيف الموقع وتسليمه"],
        gains="العمل الجماعي ومهارات يدوية",
    ),
}

# title, field, target group, people, urgency, description
NEEDS = [
    ("زيارة كبار السن المقيمين وحدهم", "elderly_care", "older_people", 240, 2,
     "عدد من كبار السن يعيشون وحدهم ولا يزورهم أحد لأسابيع، وبعضهم يحتاج من يوصله إلى موعده في المستشفى."),
    ("دروس تقوية للمرحلة المتوسطة", "education", "youth", 600, 2,
     "نتائج الاختبارات تظهر تعثرًا في الرياضيات والإنجليزية لدى طلاب لا تقدر أسرهم على الدروس الخاصة."),
    ("تأهيل مواقع إلكترونية للجمعيات", "technology", "non_profits", 14, 1,
     "كثير من الجمعيات بلا موقع محدث، فلا يعرف المستفيد طريق الخدمة ولا المتبرع طريق التبرع المرخص."),
    ("إسعاف أولي في أماكن التنزه", "health", "visitors", 5000, 3,
     "تزدحم الواجهات البحرية في العطل وتقع إصابات بسيطة لا يجد المصاب من يسعفه حتى يصل الهلال الأحمر."),
    ("تشجير الأحياء الجديدة", "afforestation", "everyone", 12000, 1,
     "الأحياء الجديدة بلا ظل ولا خضرة، والسكان مستعدون للعناية بالأشجار بعد غرسها."),
    ("إعداد سياسات مالية للجمعيات الناشئة", "finance_admin", "non_profits", 9, 2,
     "الجمعيات الناشئة تحتاج سياسات مالية معتمدة لتستوفي متطلبات الحوكمة."),
    ("مرافقة ذوي الإعاقة في الفعاليات العامة", "disability_support", "disability", 180, 2,
     "يتعذر على كثير من ذوي الإعاقة حضور الفعاليات لعدم وجود مرافق مدرب."),
    ("فرز فائض الولائم وتوزيعه", "food_saving", "families", 900, 3,
     "يُهدر طعام صالح بعد المناسبات بينما تحتاجه أسر قريبة."),
    ("تنظيف الشواطئ بعد المواسم", "environment", "environment", 20000, 2,
     "تتراكم المخلفات على الشواطئ بعد مواسم الإجازات وتؤذي الحياة البحرية."),
    ("ترجمة إرشادات للزوار", "translation", "visitors", 8000, 1,
     "الزوار من غير الناطقين بالعربية لا يجدون إرشادات بلغتهم."),
    # Said again in other words: merged into the first.
    ("مؤانسة كبار السن في بيوتهم", "elderly_care", "older_people", 350, 2,
     "في الحي كبار سن لا يطرق بابهم أحد، ويسألون عمن يؤنسهم ويقضي بعض حاجاتهم."),
    ("مكتبة متنقلة للقرى", "culture", "children", 420, 1,
     "أطفال القرى البعيدة لا تصلهم الكتب ولا الأنشطة الثقافية."),
]  # fmt: skip

REASONS_DECLINED = [
    "اكتمل العدد لهذا الموعد، ونسعد بك في موعد قادم.",
    "تحتاج المهمة خبرة أقرب إلى التخصص المطلوب.",
]
REASON_CANCELLED = "تحذير من عاصفة رملية في المنطقة."
CONCERNS = [
    ("conduct", "لم يحضر المشرف إلى الموقع إلا بعد ساعة من بداية المناوبة ولم يبلغنا أحد."),
    ("hours", "سُجلت لي ساعات أقل من التي حضرتها في آخر مناوبة."),
    ("other", "رابط الموقع في صفحة الفرصة يشير إلى مكان آخر."),
]

# The works that suit a body, by its field; a society asks for policies, a school does not.
SUITS: dict[str, tuple[str, ...]] = {
    "elderly_care": ("visits", "policies", "blood"),
    "health": ("first_aid", "clinic", "blood"),
    "environment": ("planting", "beach", "facades"),
    "food_saving": ("food_baskets", "policies", "visits"),
    "social": ("food_baskets", "lessons", "visits", "policies"),
    "disability_support": ("companions", "website", "policies"),
    "relief": ("food_baskets", "pilgrims", "visits"),
    "mosque_care": ("pilgrims", "food_baskets", "planting"),
    "heritage": ("translation", "design", "facades"),
    "education": ("lessons", "planting", "website"),
    "urban_scene": ("facades", "planting", "beach"),
    "youth_sports": ("first_aid", "companions", "beach"),
    "culture": ("translation", "lessons", "design"),
    "technology": ("website", "design", "lessons"),
}
BEACH = "beach"
INLAND = ("tabuk", "tayma")
BY_THE_SEA = ("الكورنيش", "الواجهة البحرية")
