from django.db import models
from django.db.models import F, Q


class TraceLink(models.Model):
    """A link between two objects, whatever floors they live on; acyclic per relation."""

    class Relation(models.TextChoices):
        ANSWERS = "answers"
        ORIGINATES = "originates"
        IMPLEMENTS = "implements"
        DUPLICATES = "duplicates"
        SUPERSEDES = "supersedes"
        FUNDS = "funds"
        TRAINS_FOR = "trains_for"
        REPORTED_BY = "reported_by"

    source = models.CharField(max_length=80)
    relation = models.CharField(max_length=20, choices=Relation)
    target = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "relation", "target"], name="trace_link_once"
            ),
            models.CheckConstraint(
                name="trace_link_joins_two_objects", condition=~Q(source=F("target"))
            ),
            models.CheckConstraint(
                name="trace_link_relation_is_known",
                condition=Q(
                    relation__in=[
                        "answers",
                        "originates",
                        "implements",
                        "duplicates",
                        "supersedes",
                        "funds",
                        "trains_for",
                        "reported_by",
                    ]
                ),
            ),
        ]
        indexes = [models.Index(fields=["target", "relation"], name="trace_link_by_target")]

    def __str__(self):
        return f"{self.source} {self.relation} {self.target}"


class Evidence(models.Model):
    """A file, address or record kept as proof of something; never changed once stored.

    Append-only: the database refuses to change or remove a row.
    """

    subject = models.CharField(max_length=80, db_index=True)
    title = models.CharField(max_length=200)
    file = models.FileField(upload_to="evidence/%Y/%m", blank=True)
    url = models.URLField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    actor = models.UUIDField(null=True)  # Person.ref; null: the system itself
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="evidence_is_a_file_or_an_address", condition=~Q(file="", url="")
            ),
            models.CheckConstraint(
                name="evidence_file_has_a_digest", condition=Q(file="") | ~Q(sha256="")
            ),
        ]

    def __str__(self):
        return self.title
