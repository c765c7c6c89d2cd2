from django.conf import settings
from django.db import models
from django.utils.translation import get_language

from takatuf.kernel.visibility import Visibility


class SearchDocument(models.Model):
    """What search knows of one object, written in the transaction that wrote the object.

    The last two columns are the shadow texts both engines index (``kernel.search.index``):
    folded words, what they may be behind their clitics, and their stems. They stand last,
    so that reading a candidate's other columns does not touch the long text.
    """

    kind = models.CharField(max_length=30)
    reference = models.CharField(max_length=80, unique=True)  # kernel.references.reference(obj)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    summary = models.CharField(max_length=300, blank=True)  # shown below the title
    url = models.CharField(max_length=300)  # the Arabic address, which has no language prefix
    audience = models.CharField(max_length=8, choices=Visibility, default=Visibility.PUBLIC)
    place = models.CharField(max_length=30, blank=True)  # code of the governorate
    weight = models.PositiveSmallIntegerField(default=0)  # among equal matches, heavier first
    at = models.DateTimeField()
    title_terms = models.TextField()
    terms = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="search_document_audience_is_known",
                condition=models.Q(audience__in=Visibility.values),
            ),
            models.CheckConstraint(
                name="search_document_url_is_a_path",
                condition=models.Q(url__startswith="/"),
            ),
        ]

    def __str__(self):
        return f"{self.kind}: {self.title}"

    @property
    def heading(self) -> str:
        """The title in the language of the moment, or the Arabic one if there is no other."""
        return self.title_en if self.title_en and get_language() == "en" else self.title

    def get_absolute_url(self) -> str:
        language = get_language() or settings.LANGUAGE_CODE
        return self.url if language == settings.LANGUAGE_CODE else f"/{language}{self.url}"
