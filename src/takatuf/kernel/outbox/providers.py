"""How a provider can fail."""


class Refused(Exception):
    """It will never take this message: trying again is pointless."""


class Unreachable(Exception):
    """It did not take the message now: trying again may help."""
