from django.db import migrations

from takatuf.kernel.database import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("attendance", "0001_initial")]

    operations = [AppendOnly("attendance_hourentry")]
