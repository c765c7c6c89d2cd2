"""The word alone: a verified body whose head is in office is called verified too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0009_an_office_is_held_once")]

    operations = [
        migrations.AlterField(
            model_name="body",
            name="status",
            field=models.CharField(
                choices=[
                    ("registered", "Registered, waiting for verification"),
                    ("verified", "Verified"),
                    ("active", "Verified"),
                    ("suspended", "Suspended"),
                    ("closed", "Closed"),
                ],
                default="registered",
                max_length=10,
            ),
        ),
    ]
