"""Why typed text could not be read."""


class Unreadable(ValueError):
    """Text that is not what was asked for.

    :param kind: a short stable word for the reason, such as ``"impossible_date"``; each one
        has its sentence in ``kernel.explain``.
    :param typed: what was typed, for the message.
    """

    def __init__(self, kind: str, typed: object = ""):
        super().__init__(f"{kind}: {str(typed)[:80]!r}")
        self.kind = kind
        self.typed = str(typed)[:80]
