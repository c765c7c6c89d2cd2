"""Arabic search over 100,000 texts: how much it finds, how long the database takes.

The labelled texts of the kernel's tests stand among invented ones made of the same words, the
frequent ones frequent; a text answers a query when it holds a labelled spelling of each word.
"""

import importlib
import random
import re
import sys
import time
from datetime import UTC, datetime
from typing import Any

from bench.clock import Spent
from bench.house import Stop, arguments, environment, prepare, start_django

SEED = 20260101
AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
KIND = "bench"
CAP = 2_000  # what search ranks at most
ROUNDS = 3
PRECISE = 10
Texts = dict[str, set[str]]  # title → its words


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--texts", type=int, default=100_000)
    wanted = parser.parse_args()
    start_django(environment(wanted.folder, wanted.database))
    prepare()
    search = importlib.import_module("takatuf.kernel.search")
    labelled = importlib.import_module("takatuf.kernel.tests.labelled_search")
    documents = importlib.import_module("takatuf.kernel.models").SearchDocument.objects
    if documents.exists():
        raise Stop("This database has texts already: name an empty one.")
    texts = _texts(labelled.TEXTS, wanted.texts)
    seconds = _fill(search, texts)
    words = {title: _words(f"{title} {text}") for title, text in texts}
    sys.stdout.write(f"{len(words):,} texts written at {len(words) / seconds:,.0f} a second\n")
    _quality(search, labelled.QUERIES, words)
    typed = [line.split(" | ")[0] for line in labelled.QUERIES]
    alone = sorted({word for query in typed for word in query.split()})
    for title, asked in (
        ("labelled queries", typed),
        ("their words one by one", alone),
        ("first three letters", sorted({word[:3] for word in alone if len(word) > 3})),
        ("one letter wrong", [_misspelt(word) for word in alone if len(word) > 4]),
    ):
        _speed(search, title, asked)


# ---------------------------------------------------------------- texts
def _texts(labelled: list[str], size: int) -> list[tuple[str, str]]:
    """(title, further text): the labelled ones, then invented ones. Titles differ."""
    rng = random.Random(SEED)
    pairs = [(title, text) for title, text in (line.split(" | ") for line in labelled)]
    vocabulary = sorted(set().union(*(_words(f"{title} {text}") for title, text in pairs)))
    rng.shuffle(vocabulary)
    weights = [1 / (rank + 2) for rank in range(len(vocabulary))]
    for number in range(size - len(pairs)):
        words = rng.choices(vocabulary, weights, k=rng.randrange(8, 18))
        pairs.append((" ".join([*words[:5], str(number)]), " ".join(words[5:])))
    return pairs


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\s|«»:]+", text))


def _fill(search: Any, texts: list[tuple[str, str]]) -> float:
    sequence = importlib.import_module("takatuf.kernel.models").Sequence
    started = time.perf_counter()
    search.put_many(
        search.build(sequence(pk=number), kind=KIND, title=title, text=text, url="/", at=AT)
        for number, (title, text) in enumerate(texts, start=1)
    )
    connection = importlib.import_module("django.db").connection
    if connection.vendor == "postgresql":  # what autovacuum does some minutes later
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE kernel_searchdocument")
    return time.perf_counter() - started


# ---------------------------------------------------------------- what is found
def _quality(search: Any, queries: list[str], texts: Texts) -> None:
    recalls, precisions, beyond = [], [], 0
    for line in queries:
        query, groups = line.split(" | ")
        spellings = [set(group.split()) for group in groups.split("+")]
        right = {t for t, words in texts.items() if all(words & group for group in spellings)}
        found = _titles(search, query)
        precisions.append(len(right & set(found[:PRECISE])) / max(1, len(found[:PRECISE])))
        if len(right) > CAP:
            beyond += 1
        else:
            recalls.append(len(right & set(found)) / len(right))
    sys.stdout.write(
        f"recall {sum(recalls) / max(1, len(recalls)):.3f} over {len(recalls)} queries "
        f"({beyond} have more than {CAP:,} answers), "
        f"precision@{PRECISE} {sum(precisions) / len(precisions):.3f} over {len(precisions)}\n"
    )


def _titles(search: Any, query: str) -> list[str]:
    """Every answer, page by page."""
    titles: list[str] = []
    after = ""
    while True:
        page = search.find(query, limit=100, after=after)
        titles += [item.title for item in page.items]
        after = page.next
        if not after:
            return titles


# ---------------------------------------------------------------- how long it takes
def _speed(search: Any, title: str, asked: list[str]) -> None:
    connection = importlib.import_module("django.db").connection
    whole, database, spent = [], [], Spent(connection)
    cpu = []
    for query in asked * ROUNDS:
        started = time.perf_counter()
        search.find(query)
        whole.append(time.perf_counter() - started)
        before = spent.seconds()
        database.append(_sql_seconds(query))
        cpu.append(spent.seconds() - before)
    sys.stdout.write(
        f"{title} ({len(asked)}, {ROUNDS} times): SQL {_spread(database)}, CPU of it "
        f"{_spread(cpu)}; with ranking and the page's texts {_spread(whole)}\n"
    )


def _sql_seconds(query: str) -> float:
    """The candidates' queries alone, fetched to the last row."""
    index = importlib.import_module("takatuf.kernel.search.index")
    words = importlib.import_module("takatuf.kernel.search.terms").query_words(query)
    connection = importlib.import_module("django.db").connection
    spent, found = 0.0, 0
    with connection.cursor() as cursor:
        for scope in ("title", "text", "misspelt"):
            if found >= CAP or (scope == "misspelt" and found):
                break
            sql, values = index.candidates_sql(
                connection.vendor, words, scope, "d.audience IN (%s)", CAP - found
            )
            started = time.perf_counter()
            cursor.execute(sql, [*values, "public"])
            found += len(cursor.fetchall())
            spent += time.perf_counter() - started
    return spent


def _spread(seconds: list[float]) -> str:
    ordered = [1000 * each for each in sorted(seconds)]
    middle, late = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    return f"p50 {middle:.1f} ms, p99 {late:.1f} ms"


def _misspelt(word: str) -> str:
    return word[:2] + word[3:]


if __name__ == "__main__":
    main()
