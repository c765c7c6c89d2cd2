"""A password that may have been set from an address which only a list gave opens nothing.

Until contacts were told apart, whoever reads a listed e-mail could set the account's password.
That address is gone since, or is still nobody's; the password stayed. Nothing tells such a
password from its owner's own, so it ends wherever no e-mail is proved: the owner comes in by a
code, and staff set up their password and second factor again.
"""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.db import migrations
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from takatuf.kernel.transitions import digest


def end_what_opens_them(apps, _schema_editor):
    """Nobody invented for the demo is meant: their passwords are printed for its visitors."""
    people = apps.get_model("accounts", "Person").objects
    factors = apps.get_model("mfa", "Authenticator").objects
    has_password = ~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX) & ~Q(password="")
    has_factor = Exists(factors.filter(user=OuterRef("pk")))
    found = people.filter(has_password | has_factor, email_verified=False, is_demo=False)
    for person in found.order_by("pk"):
        factors.filter(user=person).delete()
        person.password = make_password(None)
        person.session_stamp += 1
        person.save(update_fields=["password", "session_stamp"])
        _log(apps, person)


def _log(apps, person):
    entries = apps.get_model("kernel", "Transition").objects
    subject = f"accounts.person:{person.pk}"
    last = entries.filter(subject=subject).order_by("-position").first()
    entry = entries.model(
        subject=subject, position=last.position + 1 if last else 1, action="sign_in_reset",
        at=timezone.now(), previous_digest=last.digest if last else "",
    )  # fmt: skip
    entry.digest = digest(entry)
    entry.save(force_insert=True)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_birth_date_requests"),
        ("kernel", "0006_a_demo_message_may_have_failed"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(end_what_opens_them, migrations.RunPython.noop)]
