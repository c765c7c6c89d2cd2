"""Hijri beside Gregorian: the one door to converting, labelling and reading dates."""

from takatuf.kernel.text.dates import parse_date
from takatuf.kernel.text.times import parse_duration, parse_time
from takatuf.kernel.text.umm_al_qura import HijriDate, gregorian, hijri, hijri_label

__all__ = [
    "HijriDate",
    "gregorian",
    "hijri",
    "hijri_label",
    "parse_date",
    "parse_duration",
    "parse_time",
]
