"""A library of contexts is made once, and knows in which chunk each answer stands."""

from pathlib import Path

import pytest

from index.types import Span
from train.evaluate import operations
from train.open_book import is_hit, open_book
from train.questions import GoldQuestion

_CONTEXTS = {
    "a": "滨河图书馆由建筑师王工设计，1998年建成开放。馆内藏书四十万册，周一闭馆整理。",
    "b": "东岭体育中心占地三百亩，设有游泳馆和田径场，2012年投入使用，由区体育局管理。",
}


def _question(key: str, text: str, answer: str) -> GoldQuestion:
    at = _CONTEXTS[key].index(answer)
    return GoldQuestion(
        text, key, f"{key}介绍", _CONTEXTS[key], text, (Span(at, at + len(answer)),)
    )


def test_the_right_chunk_is_known(tmp_path: Path) -> None:
    asked = [
        _question("a", "滨河图书馆是谁设计的", "王工"),
        _question("b", "体育中心占地多少", "三百亩"),
    ]
    book = open_book(tmp_path, asked)
    for question in asked:
        document = book.documents[question.context_id]
        assert [span.of(document.text) for span in book.gold(question)] == list(question.texts)
        right = [
            is_hit(book, question, hit.chunk.document_id, hit.chunk.span)
            for hit in book.archive.retrieve(question.question, 5)
        ]
        assert right[0]
        assert sum(right) == 1
    revision = {entry.added for entry in book.archive.entries()}
    book.archive.close()
    again = open_book(tmp_path, asked)
    assert {entry.added for entry in again.archive.entries()} == revision
    again.archive.close()


def test_operations_grow_with_tokens_and_their_square() -> None:
    assert operations(400) == pytest.approx(2 * operations(200) + 12 * 4 * 2 * 200 * 200 * 384)
