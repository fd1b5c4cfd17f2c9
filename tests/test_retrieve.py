"""Fusion is the formula of the paper."""

import pytest

from index.retrieve import fuse
from index.types import Chunk, Hit, Span


def _hit(name: str, score: float = 0.0) -> Hit:
    return Hit(Chunk(name, "d", Span(0, 1), name), score)


def test_a_chunk_in_both_lists_gets_the_sum_of_both() -> None:
    fused = fuse([[_hit("a"), _hit("b")], [_hit("c"), _hit("d"), _hit("b")]], 10, 60)
    scores = {hit.chunk.id: hit.score for hit in fused}
    assert scores["b"] == pytest.approx(1 / (60 + 2) + 1 / (60 + 3))
    assert scores["c"] == pytest.approx(1 / (60 + 1))
    assert fused[0].chunk.id == "b"


def test_equal_scores_keep_their_order_and_k_cuts() -> None:
    fused = fuse([[_hit("a")], [_hit("b")], [_hit("c")]], 2)
    assert [hit.chunk.id for hit in fused] == ["a", "b"]


def test_the_first_of_one_list_is_not_lost_behind_what_both_have() -> None:
    both = [_hit(str(number)) for number in range(49)]
    assert "z" in [hit.chunk.id for hit in fuse([[_hit("z"), *both], both], 12)]


def test_nothing_gives_nothing() -> None:
    assert fuse([[], []], 5) == ()
