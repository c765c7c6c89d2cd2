"""The stamp of the list, and the lock that orders changes of one opportunity."""

from django.db import connection

from takatuf.kernel.prepared import Prepared
from takatuf.opportunities.enums import SHARDS
from takatuf.opportunities.models import ListVersion, Shift


def lock_listing(opportunity_id: int, *, shared: bool = False) -> None:
    """Wait until no other change of this opportunity is under way. Inside a transaction.

    Whoever changes an opportunity, its shifts or seats takes this lock first, so that no two
    of them ever wait for each other crosswise.

    :param shared: only to see it stand still: beside others who want no more. Whoever holds
        it so must not go on to change it in the same transaction.
    """
    shard = opportunity_id % SHARDS
    if shared and _share(shard):
        return
    row = ListVersion.objects.select_for_update().filter(shard=shard)
    if not list(row):
        ListVersion.objects.get_or_create(shard=shard)
        list(row)


def _share(shard: int) -> bool:
    """False where there is no row to share yet, and on SQLite, which has one writer anyway."""
    if not connection.features.has_select_for_update:
        return False
    table = connection.ops.quote_name(ListVersion._meta.db_table)
    with connection.cursor() as cursor:  # Django's ORM has no FOR SHARE
        cursor.execute(f"SELECT 1 FROM {table} WHERE shard = %s FOR SHARE", [shard])  # noqa: S608
        return cursor.fetchone() is not None


def lock_listing_of_shift(shift_id: int) -> None:
    """:raises Shift.DoesNotExist: if there is no such shift."""
    lock_listing(Shift.objects.values_list("opportunity_id", flat=True).get(pk=shift_id))


_versions = Prepared(lambda: ListVersion.objects.values_list("shard", "epoch", "number"))


def shard_numbers() -> dict[int, tuple[object, int]]:
    """``{shard: (epoch, number)}``: equal answers mean that no list changed in between."""
    return {shard: (epoch, number) for shard, epoch, number in _versions()}
