"""The messages the registry sends, each with a sample."""

from typing import Any

from django.utils.translation import gettext_lazy

from takatuf.kernel.outbox import Template
from takatuf.kernel.registries import message_templates

LINK = "https://example.org/x"
BODY = {"body": "جمعية", "link": LINK}
WAITS = {
    "what": "3 طلبات بانتظار الرد", "first": "غرس شتلات", "more": True, "body": "جمعية",
    "due": "الأحد 1 مارس 13:00", "link": LINK,
}  # fmt: skip
SKILL = BODY | {
    "body_en": "Society", "skill": "الإسعافات الأولية", "skill_en": "First aid",
    "until": "الاثنين 1 مارس 2027",
}  # fmt: skip
TEAM = BODY | {"team": "فريق", "body_en": "Society", "body_closed": False, "reason": "…"}
MESSAGES: list[tuple[str, Any, dict[str, Any]]] = [
    ("invitation", gettext_lazy("Whoever is invited to an office: the link"),
     BODY | {"body_en": "Society", "role": "unit_manager", "team": "", "days": 14}),
    ("invitation_accepted", gettext_lazy("Whoever invited: the office is taken"),
     BODY | {"person": "سارة", "role": "unit_manager"}),
    ("body_verified", gettext_lazy("Whoever registered a body: it is verified"), BODY),
    ("body_refused", gettext_lazy("Whoever registered a body: what is missing"),
     BODY | {"reason": "…"}),
    ("body_suspended", gettext_lazy("Heads of a body: it is suspended, and why"),
     BODY | {"reason": "…"}),
    ("body_resumed", gettext_lazy("Heads of a body: the suspension has ended"), BODY),
    ("body_closed", gettext_lazy("Staff of a body: it is closed, and why"),
     BODY | {"body_en": "Society", "reason": "…"}),
    ("team_suspended", gettext_lazy("Members of a team: it is suspended, and why"), TEAM),
    ("team_resumed", gettext_lazy("Members of a team: the suspension has ended"), TEAM),
    ("team_ended", gettext_lazy("Members of a team: it has ended, and why"), TEAM),
    ("team_asked", gettext_lazy("Team leader: somebody asks to join"),
     {"team": "فريق", "link": LINK}),
    ("team_answered", gettext_lazy("Whoever asked to join a team: the answer"),
     {"team": "فريق", "accepted": True, "link": LINK}),
    ("concern_received", gettext_lazy("Whoever reported a concern: number and clock"),
     {"number": "C-2026-00001", "due": "01/03/2026", "code": "ABCDE", "link": LINK}),
    ("concern_answered", gettext_lazy("Whoever reported a concern: it is answered"),
     {"number": "C-2026-00001", "link": LINK}),
    ("skill_confirmed", gettext_lazy("Volunteer: a skill is confirmed"),
     SKILL | {"licence": False}),
    ("skill_refused", gettext_lazy("Volunteer: a skill was not confirmed, and why"),
     SKILL | {"reason": "…"}),
    ("skill_taken_back", gettext_lazy("Volunteer: a confirmation was taken back, and why"),
     SKILL | {"reason": "…"}),
    ("skill_ends", gettext_lazy("Volunteer: a confirmed skill runs out within a month"),
     SKILL | {"licence": False}),
    ("office_news", gettext_lazy("Holders of an office: something waits"), WAITS),
    ("office_due", gettext_lazy("Holders of an office: the answer is due"), WAITS),
    ("office_late", gettext_lazy("The desk: an answer is late"), WAITS),
]  # fmt: skip
for name, purpose, sample in MESSAGES:
    message_templates.add(f"registry.{name}", Template(purpose=purpose, sample=sample))
