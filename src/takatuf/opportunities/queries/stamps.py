"""The stamp of the list, and the lock that orders changes of one opportunity."""

from takatuf.opportunities.enums import SHARDS
from takatuf.opportunities.models import ListVersion, Shift


def lock_listing(opportunity_id: int) -> None:
    """Wait until no other change of this opportunity is under way. Inside a transaction.

    Whoever changes an opportunity, its shifts or seats takes this lock first, so that no two
    of them ever wait for each other crosswise.
    """
    shard = opportunity_id % SHARDS
    row = ListVersion.objects.select_for_update().filter(shard=shard)
    if not list(row):
        ListVersion.objects.get_or_create(shard=shard)
        list(row)


def lock_listing_of_shift(shift_id: int) -> None:
    """:raises Shift.DoesNotExist: if there is no such shift."""
    lock_listing(Shift.objects.values_list("opportunity_id", flat=True).get(pk=shift_id))


def shard_numbers() -> dict[int, tuple[str, int]]:
    """``{shard: (epoch, number)}``: equal answers mean that no list changed in between."""
    rows = ListVersion.objects.values_list("shard", "epoch", "number")
    return {shard: (str(epoch), number) for shard, epoch, number in rows}
