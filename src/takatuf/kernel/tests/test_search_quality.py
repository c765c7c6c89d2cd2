"""What a person types finds what is meant: figures over a labelled set."""

import re
from datetime import UTC, datetime

import pytest

from takatuf.kernel import search
from takatuf.kernel.models import Sequence
from takatuf.kernel.tests.labelled_search import QUERIES, TEXTS

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
DEEP = 100


@pytest.fixture
def texts(db):
    rows = [line.split(" | ") for line in TEXTS]
    search.put_many(
        search.build(Sequence(pk=number), kind="text", title=title, text=text, url="/", at=AT)
        for number, (title, text) in enumerate(rows)
    )
    return {title: set(re.findall(r"[^\s|«»:]+", f"{title} {text}")) for title, text in rows}


def wanted(groups: str, texts: dict[str, set[str]]) -> set[str]:
    spellings = [set(group.split()) for group in groups.split("+")]
    return {
        title for title, words in texts.items() if all(words & group for group in spellings)
    }


def test_the_labelled_set_is_large_and_each_query_has_an_answer(texts):
    assert len(texts) >= 120
    assert len(QUERIES) >= 40
    assert all(wanted(query.split(" | ")[1], texts) for query in QUERIES)


def test_search_finds_what_a_reader_would(texts):
    recalls, precisions, faults = [], [], []
    for line in QUERIES:
        query, groups = line.split(" | ")
        right = wanted(groups, texts)
        found = [row.title for row in search.find(query, limit=DEEP).items]
        recalls.append(len(right & set(found)) / len(right))
        first = found[:10]
        precisions.append(len(right & set(first)) / len(first) if first else 0.0)
        if recalls[-1] < 1 or precisions[-1] < 1:
            faults.append((query, right - set(found), [t for t in first if t not in right]))

    recall, precision = sum(recalls) / len(recalls), sum(precisions) / len(precisions)
    assert recall >= 0.98, faults
    assert precision >= 0.9, faults


def test_a_query_of_one_engine_word_without_our_folding_would_not_pass(texts):
    """Control: the same set, looked up as typed, stays far below the figure."""
    recalls = []
    for line in QUERIES:
        query, groups = line.split(" | ")
        right = wanted(groups, texts)
        found = {title for title, words in texts.items() if set(query.split()) <= words}
        recalls.append(len(right & found) / len(right))

    assert sum(recalls) / len(recalls) < 0.6
