from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Named(models.Model):
    """Something of the region's own lists, named in both languages."""

    code = models.SlugField(max_length=40, unique=True)
    name_ar = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if get_language() == "en" else self.name_ar


class Governorate(Named):
    """A governorate, or the region's seat."""

    latitude = models.DecimalField(max_digits=7, decimal_places=4)
    longitude = models.DecimalField(max_digits=7, decimal_places=4)
    population = models.PositiveIntegerField(null=True)  # null: not published
    population_year = models.PositiveSmallIntegerField(null=True)
    source = models.CharField(max_length=60, blank=True)

    class Meta(Named.Meta):
        verbose_name = _("governorate")
        constraints = [
            models.CheckConstraint(
                name="governorate_population_has_a_year",
                condition=Q(population__isnull=True) | Q(population_year__isnull=False),
            )
        ]


class Field(Named):
    """A field of volunteer work (مجال)."""

    basis = models.CharField(max_length=10, default="seen")  # seen in a source, or proposed

    class Meta(Named.Meta):
        verbose_name = _("field of work")


class Skill(Named):
    """Something a person can do, at a level."""

    field = models.ForeignKey(Field, on_delete=models.PROTECT, related_name="skills")
    needs_licence = models.BooleanField(default=False)

    class Meta(Named.Meta):
        verbose_name = _("skill")
