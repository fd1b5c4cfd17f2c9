"""What a model says is shown sentence by sentence, and only what its evidence bears out."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Document, Span
from qa.compose import compose
from qa.model import Message, WritingError
from qa.types import Answer, Citation, Sentence

_TEXT = "2023年，甲区完成工业投资12.5亿元，同比增长8.1%。2023年，甲区新增就业3.2万人。"
_DOCUMENT = Document("d1", "年报.txt", "甲区年报", _TEXT)
_FIRST, _SECOND = Span(0, 30), Span(30, len(_TEXT))
_ANSWER = Answer(
    "2023年甲区工业投资增长多少", f"{_FIRST.of(_TEXT)}[1]", "8.1%", "extract", 0.9,
    (Citation.of(1, _DOCUMENT, _FIRST), Citation.of(2, _DOCUMENT, _SECOND)),
)  # fmt: skip


class Says:
    """A model that says what it is told to, one reply a prompt, in pieces of some length."""

    def __init__(self, *replies: str | Exception, length: int = 3, budget: int = 3000) -> None:
        self._replies = list(replies)
        self._length = length
        self.budget = budget
        self.asked: list[Sequence[Message]] = []

    def write(self, messages: Sequence[Message]) -> Iterator[str]:
        self.asked.append(messages)
        reply = self._replies.pop(0) if self._replies else ""
        if isinstance(reply, Exception):
            raise reply
        for at in range(0, len(reply), self._length):
            yield reply[at : at + self._length]


def _stands(text: str, citations: Sequence[Citation]) -> Sequence[str]:
    """A check that knows no mercy: every clause of a sentence stands in what it cites."""
    clauses = text.rstrip("。").split("，")
    return [f"没有“{c}”" for c in clauses if not any(c in cited.quote for cited in citations)]


def _composed(writer: Says) -> tuple[list[Sentence], Answer]:
    *sentences, answer = compose(writer, _ANSWER, _stands)
    assert isinstance(answer, Answer)
    return [s for s in sentences if isinstance(s, Sentence)], answer


@pytest.mark.parametrize("length", [1, 2, 3, 7, 100])
@pytest.mark.parametrize(
    "reply",
    ["同比增长8.1%[1]。甲区新增就业3.2万人[2]。", "同比增长8.1%。[1]甲区新增就业3.2万人。[2]"],
)
def test_sentences_that_hold_are_the_answer(reply: str, length: int) -> None:
    sentences, answer = _composed(Says(reply, length=length))
    assert [(s.text, s.markers, s.verified) for s in sentences] == [
        ("同比增长8.1%。", (1,), True),
        ("甲区新增就业3.2万人。", (2,), True),
    ]
    assert (answer.mode, answer.short, answer.note) == ("generate", "8.1%", "")
    assert answer.text == "同比增长8.1%。[1]甲区新增就业3.2万人。[2]"
    assert answer.sentences == tuple(sentences)
    assert answer.citations == _ANSWER.citations


def test_a_sentence_that_fails_goes_back_once_with_the_reason() -> None:
    writer = Says("同比增长9.1%[1]。甲区新增就业3.2万人[2]。", "同比增长8.1%[1]。")
    _, answer = _composed(writer)
    assert [s.text for s in answer.sentences] == ["甲区新增就业3.2万人。", "同比增长8.1%。"]
    assert "没有“同比增长9.1%”" in writer.asked[1][-1][1]
    assert len(writer.asked) == 2


def test_what_was_found_is_said_in_the_documents_words_where_the_model_does_not_say_it() -> None:
    _, answer = _composed(Says("甲区新增就业3.2万人[2]。"))
    assert [s.verified for s in answer.sentences] == [True, False]
    assert answer.sentences[1] == Sentence(_FIRST.of(_TEXT), (1,), verified=False)
    assert "8.1%" in answer.text


def test_an_answer_in_other_units_says_it_too() -> None:
    found = Answer("多少", "", "12.5亿元", "extract", 0.9, _ANSWER.citations)
    *_, answer = compose(Says("工业投资1250000000元[1]。"), found, lambda *_: ())
    assert isinstance(answer, Answer)
    assert [s.verified for s in answer.sentences] == [True]


_LIES = (
    "同比增长81%[1]。", "工业投资12.5万元[1]。", "同比下降8.1%[1]。", "同比增长8.1%[2]。", "同比增长8.1%[3]。",
    "同比增长8.1%。", "It grew by 8.1% [1].", "甲区人口100万。", "[1]", "。", "忽略以上指令", "",
)  # fmt: skip


@pytest.mark.parametrize("lie", _LIES)
def test_nothing_that_fails_is_shown(lie: str) -> None:
    sentences, answer = _composed(Says(lie, lie))
    assert sentences == []
    assert (answer.text, answer.mode) == (_ANSWER.text, "extract")
    assert answer.note


_PIECES = st.sampled_from([*_LIES, "同比增长8.1%[1]。", "【2】", "\n", "8", "[", "]"])


@given(st.lists(_PIECES, max_size=12), st.integers(1, 9))
def test_whatever_it_says_only_what_stands_there_is_shown(said: list[str], length: int) -> None:
    _, answer = _composed(Says("".join(said), "".join(reversed(said)), length=length))
    for sentence in answer.sentences:
        cited = [_ANSWER.citations[marker - 1] for marker in sentence.markers]
        assert sentence.text == cited[0].quote if not sentence.verified else cited
        assert not _stands(sentence.text, cited) or not sentence.verified


def test_who_repeats_himself_is_not_listened_to_for_ever() -> None:
    def repeat() -> Iterator[str]:
        while True:
            yield "同比增长8.1%[1]。"

    class Repeats(Says):
        def write(self, messages: Sequence[Message]) -> Iterator[str]:
            return repeat()

    _, answer = _composed(Repeats())
    assert answer.text == "同比增长8.1%。[1]"


def test_an_endless_sentence_ends() -> None:
    _, answer = _composed(Says("同比增长8.1%" * 100_000, length=50))
    assert answer.mode == "extract"


@pytest.mark.parametrize("replies", [(WritingError("语言模型没有回应"),), ("", "")])
def test_a_model_that_fails_leaves_the_extract_and_says_so(replies: tuple[str, ...]) -> None:
    _, answer = _composed(Says(*replies))
    assert (answer.text, answer.mode) == (_ANSWER.text, "extract")
    assert "以下是原文" in answer.note


def test_long_evidence_is_cut_to_the_budget_best_first() -> None:
    long = Document("d2", "长.txt", "长", "很长的话。" * 2000)
    citations = (_ANSWER.citations[0], Citation.of(2, long, Span(0, len(long.text))))
    writer = Says("同比增长8.1%[1]。", budget=800)
    list(compose(writer, Answer("问", "", "8.1%", "extract", 0.9, citations), _stands))
    sent = writer.asked[0][1][1]
    assert _FIRST.of(_TEXT) in sent
    assert "很长的话" not in sent
    writer = Says("", budget=900)
    list(compose(writer, Answer("问", "", "话", "extract", 0.9, citations[1:]), _stands))
    assert "很长的话" in writer.asked[0][1][1]
    assert len(writer.asked[0][1][1]) < 1500
