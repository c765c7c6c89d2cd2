"""What placement announces upward."""

from dataclasses import dataclass

from takatuf.kernel.notices import Notice


@dataclass(frozen=True, kw_only=True)
class PlaceConfirmed(Notice, name="placement.place_confirmed"):
    """Somebody has a place; the day sheet lists them."""

    application_id: int


@dataclass(frozen=True, kw_only=True)
class PlaceFreed(Notice, name="placement.place_freed"):
    """Somebody who had a place has it no longer."""

    application_id: int
