"""Moved shifts told of by the release before, one a notice, in the words of this one."""

from django.db import migrations

TASK = "takatuf.kernel.notices.deliver_notice"
BEFORE, NOW = "opportunities.shift_moved", "opportunities.shifts_moved"


def rename_what_waits(apps, _schema_editor):
    jobs = apps.get_model("kernel", "Job").objects
    for job in jobs.filter(task=TASK).exclude(status="done").iterator(chunk_size=500):
        notice, receiver, told = job.args
        if notice != BEFORE:
            continue
        told = {
            "old_shift_ids": [told["old_shift_id"]],
            "new_shift_ids": [told["new_shift_id"]],
            "reason": told["reason"],
        }
        jobs.filter(pk=job.pk).update(args=[NOW, receiver, told])


class Migration(migrations.Migration):
    dependencies = [("placement", "0002_matching_rounds"), ("kernel", "0005_immutable_evidence")]

    operations = [migrations.RunPython(rename_what_waits, migrations.RunPython.noop)]
