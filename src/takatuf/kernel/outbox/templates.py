"""The words of messages, in both languages."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.conf import settings
from django.template.backends.django import DjangoTemplates
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from takatuf.kernel.registries import message_templates

MISSING = "\N{WHITE SQUARE}missing:"
SUBJECT_LENGTH = 200


class MissingVariable(Exception):
    """The sender did not give a value the template's words need."""


@dataclass(frozen=True, kw_only=True)
class Template:
    """What a module says about one of its messages.

    :param purpose: for whom and why, as the list of messages shows it.
    :param sample: a complete context; the tests render the words with it.
    :param in_inbox: False for codes and the like, which must not lie in the inbox.
    """

    purpose: Any  # words, usually lazy
    sample: dict[str, Any] = field(default_factory=dict)
    in_inbox: bool = True


class Words(NamedTuple):
    subject: str
    body: str


def _engine() -> DjangoTemplates:
    """Plain text: nothing is escaped, and a missing value is a bug that must show."""
    return DjangoTemplates(
        {
            "NAME": "messages",
            "DIRS": [],
            "APP_DIRS": True,
            "OPTIONS": {
                "autoescape": False,
                "string_if_invalid": MISSING + "%s",
                "builtins": ["takatuf.kernel.templatetags.ui"],
            },
        }
    )


engine = SimpleLazyObject(_engine)


def rendered(name: str, *, language: str, context: dict[str, Any]) -> Words:
    """Subject and body in one language.

    :raises KeyError: if no module registered the template.
    :raises MissingVariable: if the words name a value the context does not have.
    """
    message_templates[name]  # nothing is written that no module declares
    module, _, short = name.partition(".")
    given = {"base_url": settings.BASE_URL, "name": "", **context}
    with translation.override(language):
        template = engine.get_template(f"{module}/messages/{short}.{language}.txt")
        text = template.render(given)
    if MISSING in text:
        missing = text.split(MISSING, 1)[1].split()[0]
        raise MissingVariable(f"{name} ({language}) needs {missing!r}")
    subject, _, body = text.strip().partition("\n")
    # One line, whatever a name in it contains: no header can be injected.
    return Words(" ".join(subject.split())[:SUBJECT_LENGTH], body.strip())
