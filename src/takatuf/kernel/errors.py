"""The root of every refusal the domain can give."""


class DomainError(Exception):
    """The domain said no, for a reason a person can read and act on.

    Anticipated: shown to the user in place with status 409, never logged as a fault.
    Anything else that escapes a command is a bug and must reach the error log untouched.

    :param message: one sentence in the reader's language that says what to change.
    :param field: the form field the sentence belongs to, if there is one.
    """

    status = 409  # of the page a refusal becomes when no view shows it in place

    def __init__(self, message, *, field: str | None = None):
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self):
        return str(self.message)


class NotAllowed(DomainError):
    """Not for this person; shown with status 403."""

    status = 403
