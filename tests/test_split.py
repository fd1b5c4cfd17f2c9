"""Chunks are slices, cover the text, fit the limit; sentences end where Chinese sentences end."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.split import sentences, split
from index.types import Document, Section, Span

_TEXTS = st.text(alphabet="一二钱塘。！？”“…；，：、 \n1.2%a", max_size=200)


def _document(text: str, *sections: Section) -> Document:
    return Document("d", "d.txt", "题", text, sections=sections)


@given(_TEXTS, st.integers(1, 30))
def test_chunks_are_slices_in_order_that_cover_the_text(text: str, limit: int) -> None:
    chunks = split(_document(text), len, limit)
    assert all(chunk.text == chunk.span.of(text) for chunk in chunks)
    assert all(a.span.end <= b.span.start for a, b in pairwise(chunks))
    covered = {at for chunk in chunks for at in range(chunk.span.start, chunk.span.end)}
    assert all(at in covered for at, character in enumerate(text) if not character.isspace())


@given(_TEXTS, st.integers(1, 30))
def test_no_chunk_passes_the_limit(text: str, limit: int) -> None:
    assert all(len(chunk.text) <= limit for chunk in split(_document(text), len, limit))


@given(_TEXTS)
def test_splitting_is_deterministic(text: str) -> None:
    assert split(_document(text), len, 9) == split(_document(text), len, 9)


@given(_TEXTS)
def test_sentences_are_trimmed_slices_that_lose_nothing(text: str) -> None:
    found = [span.of(text) for span in sentences(text, Span(0, len(text)))]
    assert all(piece == piece.strip() and piece for piece in found)
    assert "".join("".join(found).split()) == "".join(text.split())


def test_no_chunk_crosses_a_section() -> None:
    text = "前言。\n一、甲\n内容甲。\n二、乙\n内容乙。\n"
    at, other = text.index("一、甲"), text.index("二、乙")
    sections = (Section("一、甲", Span(at, other)), Section("二、乙", Span(other, len(text))))
    chunks = split(_document(text, *sections), len, 100)
    assert [(chunk.heading, chunk.text) for chunk in chunks] == [
        ("", "前言。\n"),
        ("一、甲", "一、甲\n内容甲。\n"),
        ("二、乙", "二、乙\n内容乙。\n"),
    ]


def test_a_full_stop_and_the_closing_quotation_mark_stay_with_their_sentence() -> None:
    text = "他说：“数据亮眼。”会后发布。"
    assert [chunk.text for chunk in split(_document(text), len, 10)] == [
        "他说：“数据亮眼。”",
        "会后发布。",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("增长71.4%。达到175.42亿元。", ["增长71.4%。", "达到175.42亿元。"]),
        ("真的？！是的……完。", ["真的？！", "是的……", "完。"]),
        ("第一行\n第二行", ["第一行", "第二行"]),
        ("It grew. By 3.5 percent.", ["It grew.", "By 3.5 percent."]),
        ("", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [span.of(text) for span in sentences(text, Span(0, len(text)))] == expected
