"""Work to do later, kept in the database so that nothing is lost when a process dies.

``@task()`` above a module-level function makes it a job; ``function.enqueue(…)`` inside a
command's transaction writes one row, which exists exactly if the change does. The worker
(``manage.py work``) runs it at least once. A job is *atomic* unless it says otherwise: its
effect and its completion are one transaction, so a worker killed in the middle leaves
nothing behind and the retry does it, once. ``@task(atomic=False)`` is for work that reaches
outside the database (a message provider) or takes longer than a transaction should: such a
function must be able to run twice.
"""

from django_tasks import task

from takatuf.kernel.jobs.periodic import every

__all__ = ["every", "task"]
