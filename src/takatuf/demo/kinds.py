"""Kinds of work that are seldom met, one example each, and what takes people from fourteen on."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from takatuf.demo.past import role_fields, work_fields
from takatuf.demo.words import WORK, Work
from takatuf.demo.world import World
from takatuf.opportunities import commands as opportunities
from takatuf.opportunities.enums import GenderRule, Mode
from takatuf.opportunities.models import Opportunity

# By the field of the body, light and in company; a guardian agrees first.
YOUNG: list[tuple[str, str, dict[str, Any]]] = [
    ("environment", "planting", {
        "title": "غرس فسائل النخيل مع الأهالي، بموافقة ولي الأمر",
        "place": "الحديقة المركزية",
        "beneficiaries": "زوار الحديقة من الأسر",
        "purpose": "غرس فسائل النخيل على أطراف الحديقة مع الأهالي، ليكبر الظل ويعرف الناشئة كيف يُعتنى بالنخلة.",
        "tasks": ["نقل الفسائل إلى مواضعها مع المشرف", "الغرس والري الأول", "تعليق بطاقة باسم كل نخلة"],
        "gains": "معرفة عملية بغرس النخيل والعناية به",
    }),
    ("food_saving", "food_baskets", {
        "title": "تغليف تمور الموسم للأسر، من عمر 14 عامًا",
        "purpose": "تغليف فائض التمور قبل توزيعه على الأسر، وتعريف الناشئة بحفظ النعمة والعمل معًا.",
        "beneficiaries": "الأسر المستفيدة من الجهة",
        "tasks": ["فرز التمور ووزنها", "تغليف العلب وإلصاق بطاقاتها", "تسليم الصناديق لفريق التوزيع"],
        "gains": "العمل ضمن فريق ومعرفة بحفظ الطعام",
    }),
    ("education", "planting", {
        "title": "حديقة المدرسة: غرس وسقيا مع المعلمين",
        "place": "فناء المدرسة",
        "beneficiaries": "طلاب المدرسة وأهل الحي",
        "purpose": "تحويل زاوية من فناء المدرسة إلى حديقة صغيرة يعتني بها الطلاب طوال العام.",
    }),
]  # fmt: skip


def add_kinds(world: World) -> None:
    """From home, both ways, for women, for men, weekly, with two roles, with two skills, and
    from fourteen on.
    """
    kinds: list[tuple[str, dict[str, Any]]] = [
        ("translation", {"mode": Mode.REMOTE, "title": "ترجمة محتوى توعوي عن بُعد", "place": ""}),
        ("design", {"mode": Mode.HYBRID, "title": "تصميم هوية بصرية لحملة الصيف"}),
        ("visits", {"gender_rule": GenderRule.WOMEN, "title": "زيارة مسنات يسكنّ وحدهن",
                    "gender_reason": "الزيارات لنساء يسكنّ وحدهن."}),
        ("facades", {"gender_rule": GenderRule.MEN, "title": "تجميل واجهة سكن العمال",
                     "gender_reason": "العمل في سكن مخصص للرجال."}),
        ("planting", {"title": "سقيا الأشجار كل أسبوع"}),
    ]  # fmt: skip
    for number, (work, kind) in enumerate(kinds):
        weekly = number == len(kinds) - 1
        _work(world, world.bodies[number + 1], WORK[work], kind, weekly=weekly)
    health = next(body for body in world.bodies if world.fields_of[body.pk] == "health")
    _work(world, health, WORK["road_aid"], {"place": "نقطة الإسعاف على الطريق"}, weekly=False)
    for field, work, kind in YOUNG:
        body = next(body for body in world.bodies if world.fields_of[body.pk] == field)
        young = kind | {"min_age": 14, "minors_ready": True}
        _work(world, body, WORK[work], young, weekly=False)


def _work(world: World, body, work: Work, kind: dict, *, weekly: bool) -> None:
    manager = world.managers[body.pk][0]
    made = world.now - timedelta(days=4)
    draft = opportunities.create_draft(body=body, by=manager, at=made)
    values = work_fields(world, body, work) | {
        "supervisor": manager, "supervisor_role": "إدارة وحدة التطوع",
        "hours_estimate": 16 if weekly else 6,
    }  # fmt: skip
    Opportunity.objects.filter(pk=draft.pk).update(**values | kind)
    role = draft.roles.get()
    for name, value in role_fields(world, work).items():
        setattr(role, name, value)
    role.save()
    helper = opportunities.save_role(
        opportunity_id=draft.pk, title="منسق استقبال", by=manager, at=made
    )
    seats = {role.pk: (2, 8), helper.pk: (1, 2)}
    if weekly:
        _every_week(world, draft, seats, by=manager, at=made)
    else:
        for day in (5, 12):
            start = world.local(day, 16)
            opportunities.add_shift(
                opportunity_id=draft.pk, starts_at=start, ends_at=start + timedelta(hours=3),
                seats=seats, by=manager, at=made,
            )  # fmt: skip
    opportunities.submit(opportunity_id=draft.pk, by=manager, at=made)


def _every_week(world: World, draft, seats, *, by, at) -> None:
    first = timezone.localdate(world.now) + timedelta(days=2)
    clock = world.local(0, 16).time()
    opportunities.add_series(
        opportunity_id=draft.pk, seats=seats, by=by, at=at,
        weekly_plan=opportunities.Weekly(
            weekdays=[1, 4], starts=clock, ends=clock.replace(hour=18), first_day=first,
            last_day=first + timedelta(days=27),
        ),
    )  # fmt: skip
