"""The short name a body or a team has in its address."""

from django.db import models

from takatuf.kernel.text.arabic import slug


def free_code(model: type[models.Model], *, name: str, otherwise: str, reserved: str) -> str:
    """A code made of the name that no row of the model has: the name, or the name-2, …

    :param otherwise: where the name has no letter an address can hold.
    :param reserved: stands in that place of the address for a page of its own.
    """
    base = slug(name, length=50) or otherwise
    rows = model._base_manager.filter(code__startswith=base)
    taken = {reserved, *rows.values_list("code", flat=True)}
    if base not in taken:
        return base
    return next(f"{base}-{n}" for n in range(2, len(taken) + 3) if f"{base}-{n}" not in taken)
