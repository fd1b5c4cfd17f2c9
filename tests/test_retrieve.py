"""Fusion is the formula of the paper."""

import pytest

from index.retrieve import fuse
from index.types import Chunk, Hit, Span


def _hit(name: str, score: float = 0.0) -> Hit:
    return Hit(Chunk(name, "d", Span(0, 1), name), score)


def test_a_chunk_in_both_lists_gets_the_sum_of_both() -> None:
    fused = fuse([[_hit("a"), _hit("b")], [_hit("c"), _hit("d"), _hit("b")]], 10)
    scores = {hit.chunk.id: hit.score for hit in fused}
    assert scores["b"] == pytest.approx(1 / (60 + 2) + 1 / (60 + 3))
    assert scores["c"] == pytest.approx(1 / (60 + 1))
    assert fused[0].chunk.id == "b"


def test_equal_scores_keep_their_order_and_k_cuts() -> None:
    fused = fuse([[_hit("a")], [_hit("b")], [_hit("c")]], 2)
    assert [hit.chunk.id for hit in fused] == ["a", "b"]


def test_the_first_of_each_list_has_a_place() -> None:
    dense = [_hit(name) for name in "abcdefg"]
    lexical = [_hit("z"), *reversed(dense)]
    assert [hit.chunk.id for hit in fuse([dense, lexical], 10)][-1] == "z"
    assert [hit.chunk.id for hit in fuse([dense, lexical], 4)] == ["a", "b", "g", "z"]
    assert len(fuse([dense, lexical], 1)) == 1


def test_nothing_gives_nothing() -> None:
    assert fuse([[], []], 5) == ()
