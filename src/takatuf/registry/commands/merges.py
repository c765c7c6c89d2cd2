"""Two records of one person become one, in one transaction, by two people of the desk."""

from collections.abc import Iterator
from datetime import datetime

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from takatuf.accounts import commands as accounts
from takatuf.accounts import queries as people
from takatuf.kernel.errors import DomainError, NotAllowed
from takatuf.kernel.four_eyes import require_another
from takatuf.kernel.transitions import change_state, record
from takatuf.registry import policies, queries
from takatuf.registry.commands.team_life import close_office
from takatuf.registry.enums import MERGE_STEPS, MergeStatus
from takatuf.registry.models import Office, PersonMerge, VolunteerProfile

# Owned by the profile, not by the person: they go with the profile that is given up.
PROFILE_ROWS = ("interests", "languages", "availability")
MERGED = ("keep", "drop")  # what was merged stays said; who proposed and decided it moves
# Ways of signing in belong to an account, not to a person: the given-up account's are dropped.
SIGN_IN_APPS = frozenset(("account", "mfa", "usersessions", "auth", "sessions", "admin"))

OFFICE = ("role", "body_id", "unit_id", "team_id")

HAD_TWICE = gettext_lazy("Both records hold something a person has only one of.")


class CannotMerge(DomainError):
    """The two records cannot become one as they stand."""


@transaction.atomic
def propose_merge(*, keep, drop, reason: str, by, at: datetime) -> PersonMerge:
    """One of the desk says that two records are one person.

    :raises NotAllowed: if ``by`` is not at the desk, or is one of the two.
    :raises CannotMerge: without a reason; if their identity numbers differ; if one of them was
        erased or given up; if a module above objects.
    """
    _require_desk(by, keep, drop, at)
    if not reason.strip():
        raise CannotMerge(_("Say why these are one person."), field="reason")
    _must_be_two_of_one(keep, drop)
    if sentence := _obstacle(keep, drop):
        raise CannotMerge(sentence)
    merge, _is_new = PersonMerge.objects.get_or_create(
        keep=keep, drop=drop, status=MergeStatus.PROPOSED,
        defaults={"reason": reason.strip()[:300], "proposed_by": by, "proposed_at": at},
    )  # fmt: skip
    record(subject=merge, action="proposed", by=by, at=at, to_state=merge.status)
    return merge


def _obstacle(keep, drop) -> str:
    """Why the two cannot be taken for one, here or by a module above; or nothing."""
    if grant := queries.vouched_for(keep, drop).select_related("skill").first():
        return _(
            "One of the records confirmed a skill of the other (%(skill)s): have it taken back "
            "first."
        ) % {"skill": grant.skill.name}
    if people.answers_for(keep, drop) or people.answers_for(drop, keep):
        return _(
            "One of the records answers as the other's guardian: have the consent taken back "
            "first."
        )
    sentences = (obstacle(keep, drop) for _name, obstacle in policies.merge_obstacles)
    return next(filter(None, sentences), "")


@transaction.atomic
def refuse_merge(*, merge: PersonMerge, by, at: datetime) -> None:
    """They are two people; the pair is not proposed again."""
    _require_desk(by, merge.keep, merge.drop, at)
    change_state(
        merge, MergeStatus.REFUSED, table=MERGE_STEPS, by=by, at=at, action="refused",
        decided_by=by, decided_at=at,
    )  # fmt: skip


@transaction.atomic
def confirm_merge(*, merge: PersonMerge, by, at: datetime) -> None:
    """A second person of the desk agrees, and the records become one.

    :raises SamePerson: if it is the one who proposed it.
    :raises CannotMerge: if both hold something of which a person has only one, or what was so
        when it was proposed is not so any more.
    """
    _require_desk(by, merge.keep, merge.drop, at)
    require_another(first=merge.proposed_by, second=by)
    keep, drop = _held(merge.keep, merge.drop)
    _must_be_two_of_one(keep, drop)
    change_state(
        merge, MergeStatus.DONE, table=MERGE_STEPS, by=by, at=at, action="confirmed",
        decided_by=by, decided_at=at,
    )  # fmt: skip
    merge_people(keep=keep, drop=drop, by=by, at=at)


def _held(keep, drop) -> tuple:
    """Both, and their profiles, locked: approved hours add to the sums that are added here."""
    people = get_user_model()._default_manager.select_for_update().order_by("pk")
    found = {row.pk: row for row in people.filter(pk__in=[keep.pk, drop.pk])}
    list(VolunteerProfile.objects.select_for_update().filter(person__in=found).order_by("pk"))
    return found[keep.pk], found[drop.pk]


def _must_be_two_of_one(keep, drop) -> None:
    """:raises CannotMerge: if they are no two living records of what may be one person."""
    if keep.pk == drop.pk or keep.erased_at or drop.erased_at:
        raise CannotMerge(_("Choose two different living records."))
    if queries.people_merged([keep.pk, drop.pk]):
        raise CannotMerge(_("One of these records was merged into another already."))
    if keep.id_hash and drop.id_hash and keep.id_hash != drop.id_hash:
        raise CannotMerge(_("Their identity numbers differ: these are two people."))


@transaction.atomic
def merge_people(*, keep, drop, by, at: datetime) -> int:
    """Move everything that names ``drop`` to ``keep``; ``drop`` stays behind, empty, closed.

    Append-only rows keep the reference they were written with, and lead back through the
    transition this leaves on both. Answers how many rows moved.

    :raises CannotMerge: if both hold something of which a person has only one, such as a place
        on the same shift, or a module above objects: settle that first. Nothing is moved then.
    """
    keep, drop = _held(keep, drop)
    if sentence := _obstacle(keep, drop):
        raise CannotMerge(sentence)
    moved = _merge_profiles(keep, drop)
    _end_offices_held_twice(keep, drop, by=by, at=at)
    accounts.unite_contacts(keep=keep, drop=drop, by=by, at=at)
    _move_own_columns(keep, drop)
    for model, field in references():
        moved += _move(model, field, keep, drop)
    for person, other in ((keep, drop), (drop, keep)):
        record(
            subject=person, action="merged", by=by, at=at, to_state=str(other.ref)[:20],
            changes={"merged_with": ["", str(other.ref)]}, about=person,
        )  # fmt: skip
    return moved


def references() -> Iterator[tuple[type[models.Model], models.ForeignKey]]:
    """Every column of every module that names a person, but those that must not move."""
    person = get_user_model()
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            if (
                isinstance(field, models.ForeignKey)
                and field.related_model is person
                and model is not VolunteerProfile
                and (model is not PersonMerge or field.name not in MERGED)
                and not getattr(model, "append_only", False)
            ):
                yield model, field


def _move(model, field, keep, drop) -> int:
    rows = model._base_manager.filter(**{field.attname: drop.pk})
    if model._meta.app_label in SIGN_IN_APPS or model._meta.auto_created:
        return rows.delete()[0]
    moved = {field.attname: keep.pk}
    try:
        with transaction.atomic():
            return rows.update(**moved)
    except IntegrityError:
        return sum(_move_or_give_way(row, moved) for row in rows.order_by("pk"))


def _move_or_give_way(row, moved: dict) -> int:
    """One row of those of which some are had twice: ``1`` if it moved.

    :raises CannotMerge: if it is had twice and people must settle that.
    """
    label = row._meta.label
    try:
        with transaction.atomic():
            return type(row)._base_manager.filter(pk=row.pk).update(**moved)
    except IntegrityError as twice:
        known = label in policies.merge_clashes
        clash = policies.merge_clashes[label] if known else policies.Clash(settle=HAD_TWICE)
        if clash.settle:
            raise CannotMerge(str(clash.settle)) from twice
        if clash.goes:
            row.delete()
        return 0


def _end_offices_held_twice(keep, drop, *, by, at: datetime) -> None:
    """What the record that stays holds already; every other office moves to it."""
    held = set(Office.objects.filter(person=keep, ends_on=None).values_list(*OFFICE))
    for office in Office.objects.filter(person=drop, ends_on=None).order_by("pk"):
        if tuple(getattr(office, name) for name in OFFICE) in held:
            close_office(office, by=by, at=at, reason="")


def _merge_profiles(keep, drop) -> int:
    """Keep's own words stand; what it left empty, and the sums, come from the other."""
    old = VolunteerProfile.objects.filter(person=drop).first()
    if old is None:
        return 0
    own = VolunteerProfile.objects.filter(person=keep).first()
    if own is None:
        return VolunteerProfile.objects.filter(pk=old.pk).update(person=keep)
    own.total_minutes += old.total_minutes
    own.recent_minutes += old.recent_minutes
    own.about = own.about or old.about
    own.import_note = "\n".join(filter(None, [own.import_note, old.import_note]))[:2000]
    if own.home_latitude is None:
        own.home_latitude, own.home_longitude = old.home_latitude, old.home_longitude
    own.card_number = own.card_number or old.card_number
    own.save()
    for name in PROFILE_ROWS:
        getattr(old, name).all().delete()
    old.delete()
    return 1


def _move_own_columns(keep, drop) -> None:
    """An identity number is unique, so it leaves the one before it reaches the other."""
    taken = {
        name: getattr(drop, name)
        for name in ("id_hash", "birth_date", "gender")
        if not getattr(keep, name) and getattr(drop, name)
    }
    if "birth_date" in taken:
        taken["birth_date_basis"] = drop.birth_date_basis
    if "id_hash" in taken:
        taken["id_last_three"] = drop.id_last_three
    rows = get_user_model()._default_manager
    rows.filter(pk=drop.pk).update(id_hash=None, id_last_three="", is_active=False)
    if taken:
        rows.filter(pk=keep.pk).update(**taken)


def _require_desk(by, keep, drop, at: datetime) -> None:
    if not policies.may_merge_people(by, timezone.localdate(at)) or by.pk in (keep.pk, drop.pk):
        raise NotAllowed(_("Only the regional desk can do this, and not for oneself."))
