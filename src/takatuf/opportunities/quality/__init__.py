"""The quality gate: is this a good opportunity, and what would make it one?

Pure: a plain ``Draft`` in, a ``Verdict`` out. Ten checks, one for each defect bodies are known
for, make the score. Some of them, and three more, block at any score.
"""

from takatuf.opportunities.quality.checks import CHECKS, judge
from takatuf.opportunities.quality.draft import Draft, RoleDraft, ShiftDraft, hours_of
from takatuf.opportunities.quality.verdict import Verdict

__all__ = ["CHECKS", "Draft", "RoleDraft", "ShiftDraft", "Verdict", "hours_of", "judge"]
