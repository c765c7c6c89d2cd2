from django.db import migrations

from takatuf.kernel.database import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [AppendOnly("kernel_transition")]
