"""The Arabic texts: `tools/messages.py update | check | prune | compile`.

Every module keeps its own `locale/ar/LC_MESSAGES/django.po`. `update` brings each file in
step with the code and keeps what is translated, set aside (`#~`) where the code no longer asks
for it; `prune` drops what was set aside; `check` fails with a list of what is missing, wrong,
left over, or said differently by two modules; `compile` writes the `.mo` files Django reads,
where they are stale. Works without GNU gettext: Django turns templates into Python, Babel reads
the Python.
"""

import io
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT / "src") not in sys.path:
    sys.path.insert(0, str(ROOT / "src"))

import django.conf  # noqa: E402
from django.utils.translation.template import templatize  # noqa: E402

PACKAGE = ROOT / "src" / "takatuf"
# Rooms that are no Django app have no place for a catalogue of their own.
HOMELESS = {"config": "kernel", "engine": "kernel"}
SKIPPED = {"migrations", "tests", "static", "locale"}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
FORMS = 6
PLURAL = (
    "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : "
    "n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5"
)
# Zero, one and two are words in Arabic, so those forms may leave the number out.
WORDED_FORMS = 3
HEADER = f"""\
# Arabic texts of takatuf.{{module}}. `tools/messages.py update` keeps it in step with the code.
msgid ""
msgstr ""
"Language: ar\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals={FORMS}; plural={PLURAL};\\n"

"""
# No Arabic sentence is written so: where two were, a merge of two files joined their lines.
GLUED = re.compile(r"\S*[.,،][\u0621-\u064a]\S*")
PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?[-+ #0]*[\d.]*([sdifr])|\{(\w*)\}")


# ---------------------------------------------------------------- reading the code
def modules() -> list[str]:
    return sorted(path.parent.name for path in PACKAGE.glob("*/apps.py"))


def source_files(module: str) -> Iterator[Path]:
    rooms = [module, *(room for room, home in HOMELESS.items() if home == module)]
    for room in rooms:
        for path in sorted((PACKAGE / room).rglob("*")):
            inside = path.relative_to(PACKAGE / room).parts
            if path.suffix in {".py", ".html", ".txt"} and not SKIPPED & set(inside[:-1]):
                yield path


def messages_in(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None, list[str]]]:
    """(msgid or its forms, context, comments for the translator) of one file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        if "{" not in text:
            return
        # Python's tokenizer would take the template's indentation for blocks.
        lines = templatize(text, origin=str(path)).splitlines()
        text = "\n".join(line.strip() for line in lines)
    source = io.BytesIO(text.encode())
    found = extract(
        "python", source, keywords=KEYWORDS, comment_tags=("Translators:",), options={}
    )
    for _line, msgid, comments, context in found:
        if msgid:
            yield msgid, context, comments


def extracted(module: str) -> Catalog:
    """Every text the module's code asks for."""
    catalog = _empty_catalog()
    for path in source_files(module):
        name = path.relative_to(ROOT / "src").as_posix()
        for msgid, context, comments in messages_in(path):
            catalog.add(msgid, None, [(name, 0)], auto_comments=comments, context=context)
    return catalog


# ---------------------------------------------------------------- catalogues on disk
def _empty_catalog() -> Catalog:
    catalog = Catalog(locale="ar", fuzzy=False)
    catalog._num_plurals, catalog._plural_expr = FORMS, f"({PLURAL})"
    return catalog


def po_path(module: str, language: str = "ar") -> Path:
    return PACKAGE / module / "locale" / language / "LC_MESSAGES" / "django.po"


def translated(module: str) -> Catalog:
    """What the module's file holds; an empty catalogue if it has none."""
    path = po_path(module)
    if not path.exists():
        return _empty_catalog()
    with path.open("rb") as file:
        catalog = read_po(file, locale="ar", abort_invalid=True)
    catalog._num_plurals, catalog._plural_expr = FORMS, f"({PLURAL})"
    return catalog


def _texts(catalog: Catalog) -> dict[tuple[str, str | None], Message]:
    return {_key(message): message for message in catalog if message.id}


def _key(message: Message) -> tuple[str, str | None]:
    return _first(message.id), message.context


def _first(value: str | tuple[str, ...] | list[str]) -> str:
    return value if isinstance(value, str) else value[0]


def update(module: str, *, keep_unused: bool = True) -> bool:
    """Rewrite the module's file; True if it changed.

    A text that gained or lost its plural keeps no translation: it has to be written anew.
    """
    wanted, before = extracted(module), translated(module)
    known = _unused(before) | _texts(before)
    for key, message in _texts(wanted).items():
        old = known.pop(key, None)
        if old is None or old.pluralizable != message.pluralizable:
            continue
        message.string, message.flags = old.string, message.flags | (old.flags & {"fuzzy"})
        message.user_comments = old.user_comments
    if keep_unused:
        for key, old in sorted(known.items(), key=str):
            if any(old.string):
                wanted.obsolete[key] = old
    return _write(module, wanted)


def _unused(catalog: Catalog) -> dict[tuple[str, str | None], Message]:
    return {_key(message): message for message in catalog.obsolete.values()}


def _write(module: str, catalog: Catalog) -> bool:
    path = po_path(module)
    if not _texts(catalog) and not path.exists():
        return False
    body = io.BytesIO()
    write_po(
        body,
        catalog,
        width=96,
        omit_header=True,
        sort_output=True,
        include_lineno=False,
    )
    text = HEADER.format(module=module) + body.getvalue().decode().strip() + "\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True


# ---------------------------------------------------------------- checking
def faults(module: str) -> list[str]:
    """One line for each text that an Arabic reader would not get right."""
    catalog = translated(module)
    wanted, known = _texts(extracted(module)), _texts(catalog)
    lines = []
    for key, message in sorted(wanted.items(), key=lambda item: (item[0][0], item[0][1] or "")):
        place = sorted({name for name, _ in message.locations})
        fault = _fault(message, known.get(key))
        if fault:
            lines.append(f"{module}: {key[0]!r}{_context(key)}: {fault} ({', '.join(place)})")
    lines += [
        f"{module}: {key[0]!r}{_context(key)}: no longer used (update, then prune)"
        for key in sorted((set(known) | set(_unused(catalog))) - set(wanted), key=str)
    ]
    return lines


def clashes() -> list[str]:
    """Texts that two modules give different Arabic. Django merges every catalogue into one,
    so a reader would get one module's words on the other's pages.
    """
    given: dict[tuple[str, str | None], dict[str, str]] = {}
    for module in modules():
        for key, message in _texts(translated(module)).items():
            arabic = message.string
            text = arabic if isinstance(arabic, str) else " | ".join(arabic)
            given.setdefault(key, {})[module] = text
    return [
        f"{key[0]!r}{_context(key)}: different Arabic in two modules (agree, or give one a "
        "context): " + "; ".join(f"{module} {text!r}" for module, text in texts.items())
        for key, texts in sorted(given.items(), key=str)
        if len(set(texts.values())) > 1
    ]


def _context(key: tuple[str, str | None]) -> str:
    return f" [{key[1]}]" if key[1] else ""


def _fault(wanted: Message, known: Message | None) -> str | None:
    if known is None:
        return "not in the file"
    if known.fuzzy:
        return "marked fuzzy"
    if known.pluralizable != wanted.pluralizable:
        return "its plural came or went"
    if wanted.pluralizable:
        return _plural_fault(wanted, known)
    if not known.string:
        return "no Arabic"
    return _glued_fault(known.string) or _placeholder_fault(
        wanted.id, known.string, may_omit=False
    )


def _plural_fault(wanted: Message, known: Message) -> str | None:
    if isinstance(known.string, str) or len(known.string) != FORMS or not all(known.string):
        return f"needs {FORMS} plural forms"
    checked = (
        _glued_fault(form)
        or _placeholder_fault(wanted.id[1], form, may_omit=number < WORDED_FORMS)
        for number, form in enumerate(known.string)
    )
    return next((fault for fault in checked if fault), None)


def _glued_fault(arabic: str) -> str | None:
    found = GLUED.search(arabic)
    return f"no space after the mark in {found.group()!r}" if found else None


def _placeholder_fault(source: str, arabic: str, *, may_omit: bool) -> str | None:
    asked, given = _placeholders(source), _placeholders(arabic)
    if asked == given or (
        may_omit and all(given.count(each) <= asked.count(each) for each in given)
    ):
        return None
    return f"placeholders differ: {' '.join(asked) or 'none'} / {' '.join(given) or 'none'}"


def _placeholders(text: str) -> list[str]:
    return sorted(match.group() for match in PLACEHOLDER.finditer(text.replace("%%", "")))


# ---------------------------------------------------------------- compiling
def compile_stale() -> list[str]:
    """Write the `.mo` of every module whose texts are others by now; their names."""
    return [module for module in modules() if _compile(module)]


def _compile(module: str) -> bool:
    """Its Arabic, and the English that replaces Django's where the module keeps some."""
    arabic, english = po_path(module), po_path(module, "en")
    stale = [_compile_one(source) for source in (arabic, english)]
    return any(stale)


def _compile_one(source: Path) -> bool:
    target = source.with_suffix(".mo")
    if not source.exists():
        target.unlink(missing_ok=True)
        return False
    written = source.stat().st_mtime_ns
    if target.exists() and target.stat().st_mtime_ns == written:
        return False
    # Two programs may compile at once: each file appears whole or not at all.
    descriptor, name = tempfile.mkstemp(dir=source.parent, suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file, source.open("rb") as texts:
            write_mo(file, read_po(texts, abort_invalid=True))
        Path(name).chmod(0o644)
        os.utime(name, ns=(written, written))  # of the text it was made from, older or newer
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)  # where it failed
    return True


def main(arguments: list[str]) -> int:
    known = set(modules())
    match arguments:
        case ["update", *names] if set(names) <= known:
            changed = [module for module in names or modules() if update(module)]
            print("updated: " + (", ".join(changed) or "nothing"))
            return 0
        case ["prune", *names] if set(names) <= known:
            changed = [name for name in names or modules() if update(name, keep_unused=False)]
            print("pruned: " + (", ".join(changed) or "nothing"))
            return 0
        case ["check", *names] if set(names) <= known:
            lines = [line for module in names or modules() for line in faults(module)]
            lines += clashes()
            print("\n".join(lines) if lines else "every text has its Arabic")
            return 1 if lines else 0
        case ["compile"]:
            print("compiled: " + (", ".join(compile_stale()) or "nothing was stale"))
            return 0
    print("tools/messages.py update [module …] | check [module …] | prune [module …] | compile")
    return 2


if __name__ == "__main__":
    if not django.conf.settings.configured:
        django.conf.settings.configure(USE_I18N=True)
    sys.exit(main(sys.argv[1:]))
