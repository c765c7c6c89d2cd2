import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class MessageChannel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Text message")
    IN_APP = "in_app", _("In Takatuf")


class MessageStatus(models.TextChoices):
    QUEUED = "queued", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Could not be sent")
    SUPPRESSED = "suppressed", _("Not sent")
    HELD = "held", _("Kept here, not sent")


class Message(models.Model):
    """One message to one person or address, in one language, over one channel."""

    key = models.UUIDField(default=uuid.uuid4, unique=True)  # the provider's idempotency key
    person = models.ForeignKey(  # empty: a guardian or guest known by an address only
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="messages",
    )
    channel = models.CharField(max_length=8, choices=MessageChannel)
    address = models.CharField(max_length=254, blank=True)
    template = models.CharField(max_length=80)
    language = models.CharField(max_length=2)
    context = models.JSONField(default=dict)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    status = models.CharField(
        max_length=10, choices=MessageStatus, default=MessageStatus.QUEUED
    )
    urgent = models.BooleanField(default=False)
    collapse_key = models.CharField(max_length=120, blank=True)
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    provider_id = models.CharField(max_length=120, blank=True)
    in_inbox = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    cleared_at = models.DateTimeField(null=True)  # words removed after the retention term

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="message_channel_is_known",
                condition=Q(channel__in=["email", "sms", "in_app"]),
            ),
            models.CheckConstraint(
                name="message_status_is_known",
                condition=Q(
                    status__in=["queued", "sending", "sent", "failed", "suppressed", "held"]
                ),
            ),
            models.CheckConstraint(
                name="message_goes_to_an_address_or_an_inbox",
                condition=(~Q(channel="in_app") & ~Q(address=""))
                | Q(channel="in_app", address="", person__isnull=False)
                | Q(status="suppressed"),
            ),
            models.CheckConstraint(
                name="message_sent_has_a_time",
                condition=Q(status="sent", sent_at__isnull=False)
                | (~Q(status="sent") & Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="message_in_an_inbox_has_an_owner",
                condition=Q(in_inbox=False) | Q(person__isnull=False),
            ),
            models.CheckConstraint(
                name="message_of_the_demo_never_leaves",
                condition=Q(is_demo=False)
                | Q(channel="in_app")
                | Q(status__in=["held", "suppressed"])
                | Q(status="failed", attempts=0),  # what the demo shows as undeliverable
            ),
        ]
        indexes = [
            models.Index(
                fields=["person", "-created_at"],
                condition=Q(in_inbox=True),
                name="message_inbox",
            ),
            models.Index(
                fields=["collapse_key"], condition=~Q(collapse_key=""), name="message_collapse"
            ),
            models.Index(fields=["-created_at", "-id"], name="message_newest"),
            models.Index(fields=["address", "-created_at"], name="message_by_address"),
        ]

    @property
    def button_url(self) -> str:
        """Where the one button of the message leads, if it has one."""
        link = str(self.context.get("link", ""))
        if link.startswith("/"):
            return settings.BASE_URL + link
        return link if link.startswith(("https://", "http://")) else ""

    def __str__(self):
        return f"{self.template} to {self.person_id or 'an address'} ({self.status})"
