"""Which certificates somebody revoked for cause. Of those revoked before now nothing tells on
which side it was: the body that issued each one is asked.
"""

from django.db import migrations, models
from django.db.models import Q

SUPERSEDED = "The hours changed since; a newer certificate takes its place."


def bar_what_was_revoked(apps, _schema_editor):
    certificates = apps.get_model("credentials", "Certificate").objects
    certificates.filter(status="revoked").exclude(revoke_reason=SUPERSEDED).update(
        revoked_by="body"
    )


class Migration(migrations.Migration):
    dependencies = [("credentials", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="certificate",
            name="revoked_by",
            field=models.CharField(
                blank=True,
                choices=[("body", "The body that issued it"), ("desk", "The regional desk")],
                default="",
                max_length=4,
            ),
        ),
        migrations.RunPython(bar_what_was_revoked, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=Q(revoked_by="")
                | Q(revoked_by__in=["body", "desk"], status="revoked"),
                name="certificate_revoked_by_one_who_may",
            ),
        ),
    ]
