"""Pages of opportunities."""

from takatuf.opportunities.views.confirming import still_stands
from takatuf.opportunities.views.designing import design, start
from takatuf.opportunities.views.own import (
    act,
    manage,
    preview,
    review_queue,
    studio,
    submit,
)
from takatuf.opportunities.views.planning import (
    move,
    role_remove,
    role_save,
    shift,
    shift_add,
    shift_cancel,
    shift_move,
    shift_remove,
)
from takatuf.opportunities.views.public import public_list
from takatuf.opportunities.views.wishing import wish, wish_confirm, wish_stop

__all__ = [
    "act",
    "design",
    "manage",
    "move",
    "preview",
    "public_list",
    "review_queue",
    "role_remove",
    "role_save",
    "shift",
    "shift_add",
    "shift_cancel",
    "shift_move",
    "shift_remove",
    "start",
    "still_stands",
    "studio",
    "submit",
    "wish",
    "wish_confirm",
    "wish_stop",
]
