"""May this person take this place, and if not, what would change it?

Pure rules over plain values; ``queries.known_about`` gathers the values.
"""

from takatuf.placement.eligibility.rules import RULES, judge, title_of
from takatuf.placement.eligibility.values import (
    About,
    Answer,
    Applicant,
    Engagement,
    Grant,
    Place,
    Verdict,
    parts_of,
)
from takatuf.placement.eligibility.words import requirements

__all__ = [
    "RULES",
    "About",
    "Answer",
    "Applicant",
    "Engagement",
    "Grant",
    "Place",
    "Verdict",
    "judge",
    "parts_of",
    "requirements",
    "title_of",
]
