"""The report page: what it says, that nothing in it acts, and how it looks in a real browser."""

import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser

from eval.cases import ANSWERED, REFUSED
from eval.charts import Row, bars, growth_lines, histogram, risk_lines, shortened, steps
from eval.compare import Comparison, compare
from eval.judge import Outcome
from eval.page import EXPLAINED, KINDS, LOSSES, chance, decimal, duration, page, percent
from eval.run import Growth
from eval.summary import LOST, MEASURES, Mean, summarise_each

_HOSTILE = (
    "<script>document.title='被改'</script>\"'><img src=http://evil.example/a.png onerror=alert(1)>"
    '{{7*7}}{% raw %}</title></style></details><a href="javascript:alert(1)">链接</a>' + "W" * 200
)
_GROWTH = (Growth(40_000, 90.0, 130.0), Growth(300, 60.0, 85.0), Growth(9_000, 70.0, 95.0))
_VOID = {"meta", "br", "link", "img", "input", "hr"}

_RIGHT = Outcome(
    system="youju",
    id="1",
    part="basic",
    kind="figure",
    question="甲区工业投资是多少",
    history=(),
    answerable=True,
    answers=("12.5亿元",),
    gold=("甲区完成工业投资12.5亿元。",),
    short="12.5亿元",
    cited=("甲区完成工业投资12.5亿元。",),
    refused=False,
    confidence=0.9,
    right=True,
    lost="",
    ranks=(1,),
    measures={
        "recall_at_1": 1.0,
        "recall_at_5": 1.0,
        "ndcg_at_10": 1.0,
        "exact_match": 1.0,
        "char_f1": 1.0,
        "citation_precision": 0.5,
        "citation_recall": 1.0,
        "citation_exact": 1.0,
        "ungrounded_figures": 0.0,
    },
    timings_ms={"retrieve": 20.0, "read": 600.0, "total": 620.0},
)
_FOUND = {"recall_at_1": 0.0, "recall_at_5": 1.0, "ndcg_at_10": 0.6, "char_f1": 0.0}
_MISREAD = replace(
    _RIGHT,
    id="2",
    kind="date",
    question="申报何时截止",
    history=("怎样申报",),
    answers=("5月10日", "五月十日"),
    short="4月8日",
    confidence=0.4,
    right=False,
    lost="misread",
    ranks=(2, None),
    measures={**_RIGHT.measures, **_FOUND},
    timings_ms={"retrieve": 30.0, "read": 900.0, "total": 930.0},
)
_SILENT = replace(
    _MISREAD,
    id="3",
    question="谁是联系人",
    short="",
    cited=(),
    refused=True,
    confidence=0.1,
    lost="wrongly_refused",
    measures=_FOUND,
)
_REFUSED = replace(
    _SILENT,
    id="4",
    kind="refuse_year",
    question="2021年是多少",
    answerable=False,
    answers=(),
    gold=(),
    right=True,
    lost="",
    ranks=(),
    measures={},
)
_INVENTED = replace(
    _REFUSED,
    id="5",
    kind="refuse_place",
    question="丁市是多少",
    short="3亿元",
    cited=("丙市投资3亿元。",),
    refused=False,
    confidence=0.3,
    right=False,
    lost="should_have_refused",
    measures={"citation_exact": 1.0, "ungrounded_figures": 0.0},
)
_ALL = (_RIGHT, _MISREAD, _SILENT, _REFUSED, _INVENTED)


def _searching(outcome: Outcome) -> Outcome:
    """What a system that only searches makes of the same question."""
    return replace(
        outcome, system="bm25", short="", refused=False, right=None, lost="", timings_ms={}
    )


def _spoiled(outcome: Outcome) -> Outcome:
    """The same with hostile text wherever text can be."""
    return replace(
        outcome,
        id=f"{outcome.id}{_HOSTILE}",
        kind=f"{outcome.kind}{_HOSTILE}",
        question=_HOSTILE,
        history=(_HOSTILE,),
        answers=(_HOSTILE,) if outcome.answers else (),
        gold=(_HOSTILE,),
        short=_HOSTILE if outcome.short else "",
        cited=(_HOSTILE,) if outcome.cited else (),
    )


def _page(
    outcomes: Sequence[Outcome],
    growth: Sequence[Growth] = (),
    comparison: Comparison | None = None,
    name: str = "samples",
) -> str:
    summaries = summarise_each(outcomes)
    return page(name, outcomes, summaries, growth, comparison, "2025-11-25 03:10")


def _full() -> str:
    """A page with every section, and hostile text all over it."""
    now = [_spoiled(outcome) for outcome in _ALL]
    before = [
        now[0],
        replace(now[1], right=True, lost="", short="5月10日"),
        replace(now[2], right=True, lost="", refused=False, short="李明"),
        replace(now[3], right=False, lost="should_have_refused", refused=False, short="9亿元"),
        replace(now[4], short="4亿元"),
    ]
    others = [replace(_searching(outcome), system=f"x{_HOSTILE}") for outcome in now]
    return _page([*now, *others], _GROWTH, compare(before, now), _HOSTILE)


def _soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "lxml")


def _card(soup: BeautifulSoup, label: str) -> Tag:
    """A card of the headline, by its label."""
    found = [card for card in soup.select(".card") if label in card.select_one("dt").get_text()]  # type: ignore[union-attr]
    assert len(found) == 1
    return found[0]


class _Nesting(HTMLParser):
    """Checks that every element is closed where it should be."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("html", [_page(_ALL), _full(), _page([])], ids=["plain", "full", "empty"])
def test_the_structure_is_sound(html: str) -> None:
    nesting = _Nesting()
    nesting.feed(html)
    assert nesting.open == []
    soup = _soup(html)
    assert html.lstrip().startswith("<!DOCTYPE html>")
    assert soup.select_one("html[lang='zh-CN']")
    levels = [int(heading.name[1]) for heading in soup.find_all(["h1", "h2", "h3"])]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    ids = [str(tag["id"]) for tag in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    assert {str(link["href"]) for link in soup.select("a")} <= {f"#{name}" for name in ids}
    for drawing in soup.select("svg"):
        assert drawing["role"] == "img"
        assert drawing["aria-label"]
        assert drawing.select_one("title")


def test_hostile_text_is_shown_and_inert() -> None:
    html = _full()
    soup = _soup(html)
    assert not soup.select("script, img, iframe, object, embed, form, link, base, foreignobject")
    for tag in soup.find_all(True):
        for name, value in tag.attrs.items():
            assert name not in ("src", "srcset", "style", "xlink:href")
            assert not name.startswith("on")
            assert name != "href" or str(value).startswith("#")
    assert "url(" not in html
    assert "@import" not in html
    policy = soup.select_one("meta[http-equiv='Content-Security-Policy']")
    assert policy
    assert policy["content"] == "default-src 'none'; style-src 'unsafe-inline'"
    assert len(soup.select("style")) == 1
    shown = [tag.get_text() for tag in soup.select(".miss .asked")]
    assert shown == [_HOSTILE] * 3
    assert _HOSTILE in soup.select_one("title").get_text()  # type: ignore[union-attr]


def test_the_headline_counts() -> None:
    soup = _soup(_page(_ALL))
    assert "5 题，其中 2 题应当拒答" in soup.get_text()
    assert "40.0%" in _card(soup, "答对").get_text()
    assert "2 / 5 题" in _card(soup, "答对").get_text()
    assert "1 题" in _card(soup, "该拒而答").get_text()
    assert "该拒的 2 题里的 50.0%" in _card(soup, "该拒而答").get_text()
    assert "1 题" in _card(soup, "误拒").get_text()
    assert "good" in _card(soup, "无据数字")["class"]
    assert "3 / 3 份回答" in _card(soup, "引文逐字相符").get_text()
    assert "930 毫秒" in _card(soup, "中位用时").get_text()


def test_a_figure_without_ground_and_an_inexact_citation_are_red() -> None:
    bad = replace(
        _RIGHT, measures={**_RIGHT.measures, "ungrounded_figures": 2.0, "citation_exact": 0.0}
    )
    soup = _soup(_page([bad, _MISREAD]))
    assert "bad" in _card(soup, "无据数字")["class"]
    assert "2 个" in _card(soup, "无据数字").get_text()
    assert "bad" in _card(soup, "引文逐字相符")["class"]


def test_one_system_has_no_best_and_several_have() -> None:
    assert not _soup(_page(_ALL)).select(".measures b")
    worse = [
        replace(o, system="template", measures={**o.measures, "char_f1": 0.0}) for o in _ALL[:3]
    ]
    soup = _soup(_page([*worse, *_ALL]))
    row = next(row for row in soup.select(".measures tr") if "char_f1" in row.get_text())
    cells = row.select("td")
    assert [bool(cell.select("b")) for cell in cells] == [False, True]
    heads = [cell.get_text() for cell in soup.select(".measures thead th")]
    assert heads == ["指标", "template", "youju"]
    # Though another was run first, the headline is Youju's.
    assert "2 / 5 题" in _card(soup, "答对").get_text()
    assert soup.find(string=re.compile("各方法对照"))


def test_a_system_that_only_searches_is_not_praised_for_refusing_nothing() -> None:
    soup = _soup(_page([*_ALL, *map(_searching, _ALL)]))
    row = next(row for row in soup.select(".measures tr") if "wrongly_refused" in row.get_text())
    assert row.select("td")[1].get_text() == "–"
    alone = _soup(_page([_searching(o) for o in _ALL]))
    assert "–" in _card(alone, "误拒").get_text()
    assert not alone.select("#risk, #time")


def test_without_questions_to_refuse_and_without_judgement() -> None:
    soup = _soup(_page([_RIGHT, _MISREAD]))
    assert "没有该拒答的题" in _card(soup, "该拒而答").get_text()
    assert "auroc" not in soup.get_text()
    assert "risk_area" in soup.get_text()
    unjudged = _soup(_page([replace(_RIGHT, right=None)]))
    assert not unjudged.select("#risk")
    assert "没有可以判对错的题" in _card(unjudged, "答对").get_text()


def test_nothing_answered_leaves_no_mark_on_the_curve() -> None:
    soup = _soup(_page([_SILENT, _REFUSED]))
    assert soup.select("#risk polyline")
    assert not soup.select("#risk circle")
    assert len(_soup(_page(_ALL)).select("#risk circle")) == 1


@pytest.mark.parametrize(("growth", "drawn"), [((), False), (_GROWTH[:1], False), (_GROWTH, True)])
def test_growth_is_drawn_from_two_sizes_on(growth: Sequence[Growth], drawn: bool) -> None:
    assert ("资料变多以后" in _page(_ALL, growth)) is drawn


def test_a_comparison_tells_what_changed() -> None:
    before = [
        replace(_RIGHT, right=False, lost="misread", short="9亿元"),
        replace(_MISREAD, short="6月1日"),
        _SILENT,
    ]
    soup = _soup(_page(_ALL, comparison=compare(before, _ALL)))
    text = soup.select_one("#comparison").get_text()  # type: ignore[union-attr]
    assert "变对 1 题，变错 0 题" in text
    assert "p = 1.000，可能只是偶然" in text
    rows = [[cell.get_text() for cell in row.select("td")] for row in soup.select(".list tbody tr")]
    assert rows == [
        ["甲区工业投资是多少", "9亿元", "→ 12.5亿元", "12.5亿元"],
        ["申报何时截止", "6月1日", "→ 4月8日", "5月10日"],
    ]
    assert not _soup(_page(_ALL)).select("#comparison")


def test_every_failure_is_listed_the_worst_stage_first() -> None:
    soup = _soup(_page(_ALL))
    stages = [heading.get_text() for heading in soup.select(".stage h3")]
    assert stages == ["该拒而答1 题", "读错了1 题", "误拒1 题"]
    asked = [tag.get_text() for tag in soup.select(".miss .asked")]
    assert asked == ["丁市是多少", "申报何时截止", "谁是联系人"]
    told = soup.select(".miss")[1].get_text()
    for part in ("怎样申报", "日期", "5月10日 ／ 五月十日", "第 2 段、没找到", "0.400"):
        assert part in told
    assert "已拒答" in soup.select(".miss")[2].get_text()
    assert "没有答错的题" in _page([_RIGHT])


def test_everything_has_a_chinese_name() -> None:
    assert set(KINDS) == {*ANSWERED, *REFUSED}
    assert set(EXPLAINED) == {*MEASURES, "auroc", "risk_area"}
    assert set(LOSSES) == {*LOST, ""}


def test_no_rounding_makes_a_figure_perfect() -> None:
    assert [percent(share) for share in (1.0, 0.99951, 0.9994, 0.0004, 0.0)] == [
        "100%",
        ">99.9%",
        "99.9%",
        "<0.1%",
        "0%",
    ]
    assert [decimal(value) for value in (1.0, 0.99951, 0.0004, 0.0)] == [
        "1.000",
        ">0.999",
        "<0.001",
        "0.000",
    ]
    assert [duration(ms) for ms in (3.21, 9.97, 662.1, 999.7)] == [
        "3.2 毫秒",
        "10 毫秒",
        "662 毫秒",
        "1.00 秒",
    ]
    assert chance(0.0001) == "p < 0.001，很难用偶然来解释"
    assert chance(0.03) == "p = 0.030，不大像是偶然"


def test_axes_end_on_round_values() -> None:
    assert steps(0.37, 4) == (0.0, 0.1, 0.2, 0.3, 0.4)
    assert steps(1, 4) == (0.0, 0.25, 0.5, 0.75, 1.0)
    assert steps(1, 4, whole=True) == (0.0, 1.0)
    assert steps(0, 4)[-1] == 1.0
    assert shortened("没有的年份") == "没有的年份"
    assert len(shortened("没有的年份" * 4)) < 10


def test_bars_lie_within_their_frame_and_keep_order() -> None:
    rows = [Row("甲", Mean(0.5, 0.25, 1.0, 4)), Row("乙", Mean(0.0, 0.0, 0.0, 2))]
    drawn = bars([("组", rows), ("空", [])])
    assert [heading.text for heading in drawn.headings] == ["组"]
    first, second = drawn.bars
    left, right = drawn.frame.left, drawn.frame.right
    assert first.end == (left + right) / 2
    assert first.low == left + (right - left) / 4
    assert first.high == right
    assert second.end == left
    assert first.middle < second.middle < drawn.frame.bottom


def test_a_point_of_the_risk_curve_is_where_its_values_are() -> None:
    drawn = risk_lines((0.5, 1.0), (0.0, 0.2), (0.5, 0.1))
    frame = drawn.frame
    (half, whole) = drawn.lines[0]
    assert (half.x, half.y) == ((frame.left + frame.right) / 2, frame.bottom)
    assert (whole.x, whole.y) == (frame.right, frame.top)
    assert drawn.mark
    assert (drawn.mark.x, drawn.mark.y) == (half.x, (frame.top + frame.bottom) / 2)


def test_growth_is_drawn_from_the_smallest_library() -> None:
    drawn = growth_lines(_GROWTH)
    assert [point.across for point in drawn.lines[0]] == [300, 9_000, 40_000]
    assert all(upper.y < lower.y for lower, upper in zip(*drawn.lines, strict=True))


def test_a_histogram_counts_every_value_once() -> None:
    values = [100.0, 110.0, 120.0, 150.0, 90_000.0]
    drawn = histogram(values, (110.0, 150.0))
    assert sum(column.count for column in drawn.columns) + drawn.beyond == len(values)
    assert drawn.beyond == 1
    assert all(drawn.frame.left <= mark.at <= drawn.frame.right for mark in drawn.marks)
    assert "另有 1 题更慢" in _page(
        [*_ALL * 8, replace(_RIGHT, id="slow", timings_ms={"total": 90_000.0})]
    )


def test_the_colours_have_contrast_in_both_schemes() -> None:
    style = _soup(_page([])).select_one("style").get_text()  # type: ignore[union-attr]
    for scheme in re.findall(r":root \{([^}]*--ink[^}]*)\}", style):
        colours = dict(re.findall(r"--(\w+): (#\w{6})", scheme))
        for ground in ("paper", "sheet"):
            for ink in ("ink", "soft", "accent", "good", "warn", "bad"):
                assert _contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
        assert _contrast(colours["bar"], colours["paper"]) >= 2.8
        assert _contrast(colours["ink"], colours["bar"]) >= 3


def _contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2, from 1 to 21."""
    lights = sorted(map(_luminance, (one, other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


# Of elements outside the boxes that scroll by themselves, those that reach beyond the window.
_REACHING_OUT = """() => [...document.querySelectorAll('body *')]
    .filter(e => !e.parentElement.closest('.scroll, svg'))
    .filter(e => {
        const box = e.getBoundingClientRect();
        return box.right > innerWidth + 0.5 || box.left < -0.5
            || (!e.matches('.scroll, svg') && e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1);
    })
    .map(e => `${e.tagName}.${e.getAttribute('class')}: ${e.textContent.trim().slice(0, 40)}`)"""
# Of the letters of drawings, those that the drawing cuts off.
_CUT_OFF = """() => [...document.querySelectorAll('svg text')]
    .filter(e => {
        const box = e.getBoundingClientRect(), all = e.closest('svg').getBoundingClientRect();
        return box.left < all.left - 1 || box.right > all.right + 1;
    })
    .map(e => e.textContent)"""


@pytest.mark.parametrize(
    ("width", "scheme", "hostile"),
    [
        (1280, "light", False),
        (360, "dark", True),
        *(pytest.param(w, s, h, marks=pytest.mark.soak) for w, s, h in (
            (360, "light", False), (360, "dark", False), (1280, "dark", False),
            (360, "light", True), (1280, "light", True), (1280, "dark", True),
        )),
    ],
)  # fmt: skip
def test_the_page_fits_the_window_and_asks_for_nothing(
    browser: Browser, tmp_path: Path, width: int, scheme: str, hostile: bool
) -> None:
    file = tmp_path / "report.html"
    comparison = compare([replace(o, short="旧") for o in _ALL], _ALL)
    plain = _page([*_ALL, *map(_searching, _ALL)], _GROWTH, comparison)
    file.write_text(_full() if hostile else plain, encoding="utf-8")
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="zh-CN",
    )
    requests: list[str] = []
    complaints: list[str] = []
    view = context.new_page()
    view.on("request", lambda request: requests.append(request.url))
    view.on("pageerror", lambda error: complaints.append(str(error)))
    view.on("console", lambda said: complaints.append(said.text))
    view.goto(file.as_uri())
    view.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true; })")
    assert view.evaluate("document.documentElement.scrollWidth") <= width
    assert view.evaluate(_REACHING_OUT) == []
    if not hostile:
        assert view.evaluate(_CUT_OFF) == []
    ground = view.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(20, 24, 23)" if scheme == "dark" else "rgb(246, 244, 238)")
    assert view.title().startswith("评测报告 · ")
    assert requests == [file.as_uri()]
    assert complaints == []
    context.close()
