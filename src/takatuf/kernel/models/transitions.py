from django.conf import settings
from django.db import models
from django.db.models import Q

from takatuf.kernel.sayings import read_out


class Transition(models.Model):
    """One thing that happened to one object: who, when, from, to. Append-only.

    Each row carries the digest of the row before it on the same object, so that an edited
    or removed row shows. Names and free text are not here but in TransitionNote, which can
    be erased: the digest covers the note's own salted digest, not its words.
    """

    subject = models.CharField(max_length=80)  # kernel.references.reference(obj)
    position = models.PositiveIntegerField()  # 1, 2, 3… on this subject
    action = models.CharField(max_length=60)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, blank=True)
    actor = models.UUIDField(null=True)  # Person.ref; null: the system itself
    acting_body = models.CharField(max_length=80, blank=True)  # a reference, or empty
    at = models.DateTimeField()
    note_digest = models.CharField(max_length=64, blank=True)
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "position"], name="transition_positions_are_unique"
            ),
            models.CheckConstraint(
                name="transition_first_has_no_previous",
                condition=Q(position=1, previous_digest="")
                | (Q(position__gt=1) & ~Q(previous_digest="")),
            ),
        ]
        indexes = [
            models.Index(fields=["actor", "at"], name="transition_by_actor"),
            models.Index(fields=["at"], name="transition_by_time"),
        ]

    def __str__(self):
        return f"{self.subject}#{self.position} {self.action}"


class TransitionNote(models.Model):
    """The words of a transition: erasable without breaking the chain."""

    transition = models.OneToOneField(
        Transition, on_delete=models.PROTECT, related_name="note", db_constraint=True
    )
    reason = models.TextField(blank=True)  # as kernel.sayings writes it down
    changes = models.JSONField(default=dict, blank=True)  # field -> [old, new]
    salt = models.CharField(max_length=32)
    person = models.ForeignKey(  # whose data the words are about; erased with them
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    @property
    def why(self) -> str:
        """The reason, in the language of the moment where the words are ours."""
        return read_out(self.reason)

    def __str__(self):
        return f"note of {self.transition_id}"
