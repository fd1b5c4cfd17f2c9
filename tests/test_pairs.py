"""A row holds question, heading and passage, and its offsets are characters of the passage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.embed import SHIPPED
from index.pairs import QUESTION, SHARED, PairMaker

_TOKENIZER = Tokenizer.from_file(str(SHIPPED / "tokenizer.json"))
_MAKER = PairMaker(_TOKENIZER)
_PASSAGE = "全区完成固定资产投资310.2亿元，同比下降3.4%。"


def test_the_parts_stand_in_order_between_the_special_tokens() -> None:
    row = _MAKER.pair("固定资产投资多少", "年报", _PASSAGE)
    pieces = [_TOKENIZER.id_to_token(number) for number in row.ids]
    assert pieces[0] == "<s>"
    ends = [place for place, piece in enumerate(pieces) if piece == "</s>"]
    assert ends[1:] == [row.first - 1, len(pieces) - 1]
    assert len(ends) == 3
    assert len(row.marks) == len(row.ids)
    assert set(row.marks[: pieces.index("</s>") + 1]) == {QUESTION}


def test_tokens_of_the_question_are_marked_in_the_passage() -> None:
    row = _MAKER.pair("固定资产投资多少", "", _PASSAGE)
    shared = {
        _PASSAGE[a:b]
        for (a, b), mark in zip(row.offsets, row.marks[row.first :], strict=False)
        if mark == SHARED
    }
    assert shared
    assert all(text in "固定资产投资" for text in shared)


def test_an_answer_is_found_by_its_characters() -> None:
    row = _MAKER.pair("固定资产投资多少", "年报", _PASSAGE)
    at = _PASSAGE.index("310.2亿元")
    first, last = row.tokens_of(at, at + len("310.2亿元"))
    held = _PASSAGE[row.offsets[first - row.first][0] : row.offsets[last - row.first][1]]
    assert "310.2亿元" in held
    assert len(held) <= len("310.2亿元") + 2


def test_what_is_cut_off_is_not_found() -> None:
    row = PairMaker(_TOKENIZER, 24).pair("固定资产投资多少", "", _PASSAGE * 3)
    assert len(row.ids) == 24
    with pytest.raises(ValueError, match="not in the row"):
        row.tokens_of(len(_PASSAGE) * 3 - 5, len(_PASSAGE) * 3)


@given(st.text(max_size=80), st.text(max_size=30), st.text(max_size=200))
def test_any_texts_make_a_row(question: str, heading: str, passage: str) -> None:
    row = _MAKER.pair(question, heading, passage)
    assert len(row.ids) == len(row.marks) == row.first + len(row.offsets) + 1 <= 512
    assert all(0 <= a <= b <= len(passage) for a, b in row.offsets)
    assert [a for a, _ in row.offsets] == sorted(a for a, _ in row.offsets)
