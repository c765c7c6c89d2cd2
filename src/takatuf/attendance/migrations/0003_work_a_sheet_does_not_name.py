from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("attendance", "0002_append_only_ledger")]

    operations = [
        migrations.AlterField(
            "hourclaim", "work", models.CharField(blank=True, max_length=160)
        ),
    ]
