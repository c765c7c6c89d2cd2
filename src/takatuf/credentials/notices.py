"""What credentials announce upward."""

from dataclasses import dataclass

from takatuf.kernel.notices import Notice


@dataclass(frozen=True, kw_only=True)
class CertificateIssued(Notice):
    """Somebody's work is certified."""

    certificate_id: int


@dataclass(frozen=True, kw_only=True)
class CertificateRevoked(Notice):
    """A certificate no longer holds: revoked, or replaced by one with other hours."""

    certificate_id: int
    replaced: bool
