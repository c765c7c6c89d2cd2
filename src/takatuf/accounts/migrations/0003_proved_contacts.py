from django.db import migrations, models
from django.db.models import Exists, F, OuterRef


def keep_what_was_proved(apps, _schema_editor):
    """What was proved is marked; whoever was made by ``createsuperuser`` counts as proved.

    What a list wrote beside a proved contact goes: it could open the account.
    """
    people = apps.get_model("accounts", "Person").objects
    addresses = apps.get_model("account", "EmailAddress").objects
    administrators = people.filter(is_superuser=True, email__isnull=False)
    for person in administrators.exclude(emailaddress__email=F("email")):
        addresses.create(user=person, email=person.email, primary=True)
    addresses.filter(user__in=administrators, email=F("user__email")).update(verified=True)
    proved = addresses.filter(user=OuterRef("pk"), email=OuterRef("email"), verified=True)
    people.filter(Exists(proved)).update(email_verified=True)
    people.filter(phone__isnull=True).update(phone_verified=False)
    for own, other, channel in (("phone", "email", "sms"), ("email", "phone", "email")):
        listed = people.filter(
            **{f"{own}_verified": True, f"{other}_verified": False, f"{other}__isnull": False}
        )
        listed.update(**{other: None, "channel": channel})
    addresses.exclude(email=F("user__email"), verified=True).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("accounts", "0002_birth_date_basis"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="email_verified",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(keep_what_was_proved, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("email_verified", False), ("email__isnull", False), _connector="OR"
                    ),
                    models.Q(
                        ("phone_verified", False), ("phone__isnull", False), _connector="OR"
                    ),
                ),
                name="person_proved_contact_is_there",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("email__isnull", True),
                    ("phone__isnull", True),
                    ("email_verified", models.F("phone_verified")),
                    _connector="OR",
                ),
                name="person_contacts_are_both_proved_or_neither",
            ),
        ),
    ]
