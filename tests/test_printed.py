"""Pages of a PDF as pictures: drawn apart, in time, and a quotation boxed where it stands."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import printed
from index.apart import Limits
from index.errors import LoadError
from index.load import load
from index.printed import Box, Page
from index.types import Document
from tests.test_load import make_pdf

_ROWS = [
    ["甲区统计公报", "甲区完成投资12.5亿元，同比增长8.1%，高于全市平均水平三个百分点。"],
    ["乙区完成投资3.5亿元，同比增长8.1%；丙区完成投资4.5亿元，同比增长8.1%。"],
]


def _kept(folder: Path, data: bytes) -> Path:
    file = folder / "page.pdf"
    file.write_bytes(data)
    return file


def test_a_page_is_a_bounded_picture_with_its_characters(tmp_path: Path) -> None:
    page = printed.draw(_kept(tmp_path, make_pdf(_ROWS)), 2)
    assert page.png.startswith(b"\x89PNG")
    assert max(page.width, page.height) <= 1600
    assert page.text == "".join(_ROWS[1])
    assert len(page.boxes) == len(page.text)
    assert all(0 <= a < c <= 1 and 0 <= b < d <= 1 for a, b, c, d in page.boxes)
    lefts = [box[0] for box in page.boxes]
    assert lefts == sorted(lefts)


def test_a_huge_page_is_drawn_small(tmp_path: Path) -> None:
    data = make_pdf(_ROWS).replace(b"[0 0 595 842]", b"[0 0 9e5 842]")
    page = printed.draw(_kept(tmp_path, data), 1)
    assert max(page.width, page.height) <= 1600


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7 broken", b"<html>", make_pdf(_ROWS)[:900], make_pdf(_ROWS)],
    ids=["empty", "broken", "html", "cut", "beyond"],
)
def test_what_cannot_be_drawn_is_one_sentence(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(LoadError, match="请看文字"):
        printed.draw(_kept(tmp_path, data), 9)


def test_a_page_that_takes_too_long_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printed, "LIMITS", Limits(seconds=0.001, cpu_seconds=1))
    with pytest.raises(LoadError, match="限定时间"):
        printed.draw(_kept(tmp_path, make_pdf(_ROWS)), 1)


def _boxed(document: Document, page: Page, number: int, quote: str, nth: int = 0) -> list[Box]:
    start = -1
    for _ in range(nth + 1):
        start = document.text.index(quote, start + 1)
    return printed.boxes(page, document, start, start + len(quote), number)


def test_of_places_that_read_alike_the_right_one_is_boxed(tmp_path: Path) -> None:
    data = make_pdf(_ROWS)
    document = load("公报.pdf", data)
    page = printed.draw(_kept(tmp_path, data), 2)
    # Once on the first page, twice on the second.
    [first], [second] = (_boxed(document, page, 2, "同比增长8.1%", nth) for nth in (1, 2))
    assert first[0] == pytest.approx((50 + 10 * _ROWS[1][0].index("同比")) / 595, abs=0.01)
    assert second[0] == pytest.approx((50 + 10 * _ROWS[1][0].rindex("同比")) / 595, abs=0.01)


def test_a_quotation_over_two_pages_is_boxed_on_each(tmp_path: Path) -> None:
    data = make_pdf(_ROWS)
    document = load("公报.pdf", data)
    start, end = document.text.index("高于全市"), document.text.index("乙区") + 4
    for number, width in ((1, len("高于全市平均水平三个百分点。")), (2, 4)):
        page = printed.draw(_kept(tmp_path, data), number)
        [box] = printed.boxes(page, document, start, end, number)
        assert box[2] - box[0] == pytest.approx(10 * width / 595, abs=0.03)


def test_a_page_that_says_something_else_has_no_box(tmp_path: Path) -> None:
    data = make_pdf(_ROWS)
    document = load("公报.pdf", data)
    other = printed.draw(_kept(tmp_path, make_pdf([["另一份文件", "与此无关的一行文字。" * 3]])), 1)
    assert _boxed(document, other, 1, "完成投资12.5亿元") == []


_TEXT = st.text(alphabet="甲乙丙1２％ \u3000（(", min_size=1, max_size=40)


@given(_TEXT, st.data())
def test_the_boxes_of_a_span_are_those_of_its_characters(text: str, data: st.DataObject) -> None:
    """A page that shows the text in one row, spaces left out: against counting by hand."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    seen = [place for place, character in enumerate(text) if not character.isspace()]
    boxes = tuple((n / 100, 0.1, (n + 1) / 100, 0.2) for n in range(len(seen)))
    page = Page(b"", 1, 1, "".join(text[place] for place in seen), boxes)
    document = Document("d", "d.pdf", "", text, page_starts=(0,))
    found = printed.boxes(page, document, start, end, 1)
    inside = [n for n, place in enumerate(seen) if start <= place < end]
    if not inside:
        assert found == []
        return
    [(left, _, right, _)] = found
    assert (left, right) == (inside[0] / 100, (inside[-1] + 1) / 100)
