"""Words that a sentence puts together, and that its evidence keeps apart."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.attached import astray, stretches
from qa.claims import sentences
from qa.verify import verify

_FERRY = (
    "霜河轮渡公布票价：成人单程8元，自行车加收2元；"
    "两岸游船每人35元，学生凭证减半。末班轮渡由20:30延长至21:40，早班船仍为6:40。"
)
_ORCHARD = (
    "雁塬果园今年采摘苹果46万公斤，其中早熟品种占三成。黄桃每公斤售价12元，"
    "比苹果贵3元，西侧仓库由县供销社代管，东侧仓库由村合作社代管。"
)


@pytest.mark.parametrize(
    ("evidence", "sentence"),
    [
        (_FERRY, "霜河轮渡成人单程票价8元。"),
        (_FERRY, "两岸游船的票价是每人35元。"),
        (_FERRY, "末班轮渡延长至21:40。"),
        (_ORCHARD, "果园里的黄桃每公斤卖12元。"),
        (_ORCHARD, "雁塬果园采摘的苹果有46万公斤。"),
        (_ORCHARD, "东侧仓库由村合作社代管。"),
    ],
)
def test_what_stands_together_is_supported_in_whatever_order(evidence: str, sentence: str) -> None:
    assert verify(sentence, evidence, date="2024-09-10").supported


@pytest.mark.parametrize(
    ("evidence", "sentence", "reason"),
    [
        (_FERRY, "游船成人单程8元。", "“游船”在原文中说的不是"),
        (_FERRY, "早班船延长至21:40。", "“早班”在原文中说的不是"),
        (_ORCHARD, "雁塬果园采摘黄桃46万公斤。", "“黄桃”在原文中说的不是"),
        (_ORCHARD, "苹果每公斤售价12元。", "不是“苹果”"),
        (_ORCHARD, "西侧仓库由村合作社代管。", "西侧"),
    ],
)
def test_a_word_of_another_figure_or_clause_is_named(
    evidence: str, sentence: str, reason: str
) -> None:
    verdict = verify(sentence, evidence, date="2024-09-10")
    assert not verdict.supported
    assert reason in "；".join(verdict.reasons)


_WORDS = "增长5%、和营收3亿元第二23路，；。：《》“”分别其中工业同比一二"


@given(st.text(_WORDS, max_size=60))
@settings(deadline=None)
def test_stretches_partition_the_sentences(text: str) -> None:
    whole = "".join(span.of(text) for span in sentences(text))
    assert "".join(one.text for one in stretches(text)) == whole
    assert all(text[one.start : one.end] == one.text for one in stretches(text))


@given(st.text(_WORDS, max_size=60))
@settings(deadline=None)
def test_a_text_does_not_stray_from_itself(text: str) -> None:
    assert list(astray(text, [text], lambda one, other: one.low == other.low)) == []
