"""The report as one HTML page: figures first, then every question that went wrong.

`page` puts together what eval/page.html writes; the template engine escapes whatever comes from
questions, documents and answers. What the figures are is eval/summary.py's business, where lines
and bars are drawn eval/charts.py's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from eval import charts
from eval.cases import ANSWERED, REFUSED
from eval.compare import Comparison
from eval.judge import Outcome
from eval.run import Growth
from eval.summary import COVERAGES, MEASURES, Mean, Summary, by_system, summarise
from eval.systems import Youju

_NOTHING = "–"

KINDS: Mapping[str, str] = {
    "figure": "数值",
    "growth": "增减幅度",
    "target": "目标",
    "date": "日期",
    "count": "数量",
    "name": "人名机构",
    "place": "地点",
    "title": "文件名文号",
    "list": "列举",
    "definition": "含义缘由",
    "two_sentence": "两句合答",
    "two_documents": "跨文件合答",
    "follow_up": "追问",
    "paraphrase": "换个说法",
    "english": "英文提问",
    "typo": "错别字",
    "refuse_year": "没有的年份",
    "refuse_place": "没有的地方",
    "refuse_indicator": "没有的指标",
    "refuse_unit": "没有的口径",
    "refuse_growth": "没有的增幅",
    "refuse_absent": "没有提到",
    "refuse_off_topic": "与资料无关",
}
# Of each measure the heading it stands under and what it says.
EXPLAINED: Mapping[str, tuple[str, str]] = {
    "accuracy": ("总体", "答对或该拒而拒的题"),
    "answered_rightly": ("总体", "作了答的题里答对的"),
    "recall_at_1": ("查找", "第 1 段里有多少依据"),
    "recall_at_5": ("查找", "前 5 段里有多少依据"),
    "reciprocal_rank": ("查找", "首个依据名次的倒数"),
    "ndcg_at_10": ("查找", "前 10 段的排序好坏"),
    "exact_match": ("作答", "与标准答案全同"),
    "char_f1": ("作答", "与标准答案重合的字"),
    "figure_accuracy": ("作答", "数值与单位都对"),
    "citation_precision": ("引文", "引文里属于依据的字"),
    "citation_recall": ("引文", "依据里被引到的字"),
    "citation_exact": ("引文", "引文与原文逐字相符"),
    "tokens": ("用量", "语言模型读写的词元，每题"),
    "refusal_precision": ("拒答", "拒答里该拒的"),
    "refusal_recall": ("拒答", "该拒的题里拒了的"),
    "wrongly_refused": ("拒答", "能答的题里拒了的；越低越好"),
    "auroc": ("把握", "把能答与该拒的题分开；0.5 等于瞎猜"),
    "risk_area": ("把握", "风险曲线下的面积 AURC；越低越好"),
}
_LOWER_IS_BETTER = {"wrongly_refused", "risk_area", "tokens"}
_COMPARED = "recall_at_1 recall_at_5 ndcg_at_10 citation_precision citation_recall".split()
# The stages of loss from the worst, with what they mean.
LOSSES: Mapping[str, tuple[str, str]] = {
    "should_have_refused": ("该拒而答", "资料里没有答案，却作了答。"),
    "misread": ("读错了", "引到了依据，却没有答对。"),
    "outranked": ("找到了但没用上", "依据在找到的段落里，引的却是别处。"),
    "wrongly_refused": ("误拒", "依据找到了，却没有作答。"),
    "not_retrieved": ("没找到", "依据不全在找到的段落里。"),
    "": ("其他", "没有归到哪一步。"),
}
_STAGES: Mapping[str, str] = {
    "retrieve": "查找",
    "read": "阅读",
    "generate": "改写",
    "total": "合计",
}


@dataclass(frozen=True, slots=True)
class Card:
    """A figure of the headline; `state` is how it is coloured, `lines` explain it."""

    label: str
    value: str
    lines: tuple[str, ...]
    state: Literal["", "good", "warn", "bad"] = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A measure of one system; `mean` has no interval where it was not taken a question first."""

    mean: Mean
    interval: bool
    best: bool


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure of every system, None where one has it not."""

    name: str
    heading: str
    explained: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Failures:
    """The questions that one stage lost."""

    name: str
    explained: str
    outcomes: tuple[Outcome, ...]


def page(
    name: str,
    outcomes: Sequence[Outcome],
    summaries: Mapping[str, Summary],
    growth: Sequence[Growth],
    comparison: Comparison | None,
    when: str,
) -> str:
    """One HTML document of a run over the set `name`; `when` is shown as it is.

    `summaries` are those of the outcomes, by system.
    """
    runs = by_system(outcomes)
    ours = Youju.name if Youju.name in runs else next(iter(runs), Youju.name)
    own = runs.get(ours, [])
    summary = summaries[ours] if own else summarise([])
    asked = {(o.part, o.id): o.answerable for o in outcomes}
    taken = [o.timings_ms["total"] for o in own if "total" in o.timings_ms]
    total = summary.latency.get("total")
    return _TEMPLATE.render(
        name=name,
        when=when,
        questions=len(asked),
        unanswerable=sum(not answerable for answerable in asked.values()),
        systems=tuple(summaries),
        ours=ours,
        cards=cards(own, summary),
        groups=measure_groups(summaries),
        kinds=charts.bars(kind_groups(summary.kinds)),
        compared=charts.bars(system_groups(summaries, ours)) if len(summaries) > 1 else None,
        risk=charts.risk_lines(COVERAGES, summary.curve, refusals_put(own))
        if summary.curve
        else None,
        times=charts.histogram(taken, (total.p50, total.p95)) if total else None,
        latency=summary.latency,
        growth=charts.growth_lines(growth) if len(growth) > 1 else None,
        comparison=comparison,
        failures=failures(own),
    )


def growth_drawing(growth: Sequence[Growth], unit: str, names: tuple[str, str]) -> str:
    """An SVG of its own: two curves over the number of chunks, `names` being what they are."""
    chart, label = charts.growth_lines(growth), f"资料库的段落数与{'、'.join(names)}"
    return _GROWTH.render(chart=chart, unit=unit, names=names, label=label)


def cards(outcomes: Sequence[Outcome], summary: Summary) -> tuple[Card, ...]:
    """The headline of one system."""
    return (
        _right_card(summary),
        _answered_card(outcomes),
        _refused_card(outcomes),
        _figures_card(outcomes, summary),
        _citations_card(summary),
        _time_card(summary),
    )


def measure_groups(summaries: Mapping[str, Summary]) -> list[tuple[str, list[MeasureRow]]]:
    """The measures that any system has, in the order of the report, under their headings."""
    rows = (_measure_row(name, summaries) for name in (*MEASURES, "auroc", "risk_area"))
    told = [row for row in rows if any(row.cells)]
    return [(heading, list(group)) for heading, group in groupby(told, lambda row: row.heading)]


def kind_groups(kinds: Mapping[str, Mean]) -> list[tuple[str, list[charts.Row]]]:
    """Accuracy by kind, best first: of the questions to answer, then of those to refuse."""
    order = {kind: place for place, kind in enumerate((*ANSWERED, *REFUSED))}
    ordered = sorted(kinds, key=lambda kind: (-kinds[kind].mean, order.get(kind, len(order))))
    refused = {kind for kind in kinds if kind.startswith("refuse")}
    return [
        (
            heading,
            [charts.Row(kind_name(k), kinds[k]) for k in ordered if (k in refused) is whether],
        )
        for heading, whether in (("能回答的题", False), ("该拒答的题", True))
    ]


def system_groups(
    summaries: Mapping[str, Summary], ours: str
) -> list[tuple[str, list[charts.Row]]]:
    """What systems find and cite, side by side."""
    return [
        (
            f"{measure}　{EXPLAINED[measure][1]}",
            [
                charts.Row(system, summary.measures[measure], system == ours)
                for system, summary in summaries.items()
                if measure in summary.measures
            ],
        )
        for measure in _COMPARED
    ]


def refusals_put(outcomes: Sequence[Outcome]) -> tuple[float, float] | None:
    """The share that was answered and the share wrong of it; None if nothing was answered.

    An answer to a question that must be refused is wrong, as in the curve.
    """
    judged = [o for o in outcomes if o.right is not None]
    answered = [o for o in judged if not o.refused]
    if not answered:
        return None
    return len(answered) / len(judged), sum(not o.right for o in answered) / len(answered)


def failures(outcomes: Sequence[Outcome]) -> tuple[Failures, ...]:
    """Every question that was not right, by the stage that lost it, the worst stage first."""
    wrong = [o for o in outcomes if o.right is False]
    groups = (
        Failures(name, explained, tuple(o for o in wrong if o.lost == stage))
        for stage, (name, explained) in LOSSES.items()
    )
    return tuple(group for group in groups if group.outcomes)


def percent(share: float) -> str:
    """A share from 0 to 1 in words; only all is 100 %, only nothing is 0 %.

    >>> percent(0.8541), percent(1.0), percent(0.9999), percent(0.0002), percent(0.0)
    ('85.4%', '100%', '>99.9%', '<0.1%', '0%')
    """
    if share in (0.0, 1.0):
        return f"{share:.0%}"
    if not 0.0005 <= share < 0.9995:
        return "<0.1%" if share < 0.5 else ">99.9%"
    return f"{share:.1%}"


def decimal(value: float) -> str:
    """A measure from 0 to 1 with three places; only a whole one is written as one.

    >>> decimal(0.8541), decimal(1.0), decimal(0.9999)
    ('0.854', '1.000', '>0.999')
    """
    if value not in (0.0, 1.0) and not 0.0005 <= value < 0.9995:
        return "<0.001" if value < 0.5 else ">0.999"
    return f"{value:.3f}"


def duration(milliseconds: float) -> str:
    """A time as one says it.

    >>> duration(3.21), duration(662.1), duration(1204)
    ('3.2 毫秒', '662 毫秒', '1.20 秒')
    """
    if milliseconds < 9.95:
        return f"{milliseconds:.1f} 毫秒"
    return f"{milliseconds:.0f} 毫秒" if milliseconds < 999.5 else f"{milliseconds / 1000:.2f} 秒"


def chance(p: float) -> str:
    """A p value in words."""
    number = "p < 0.001" if p < 0.001 else f"p = {p:.3f}"
    if p < 0.01:
        return f"{number}，很难用偶然来解释"
    return f"{number}，不大像是偶然" if p < 0.05 else f"{number}，可能只是偶然"


def kind_name(kind: str) -> str:
    """The Chinese name of a kind of question, or the kind itself."""
    return KINDS.get(kind, kind)


def said(outcome: Outcome) -> str:
    """What was answered, in short."""
    return "已拒答" if outcome.refused else outcome.short or "（没有短答案）"


def wanted(outcome: Outcome) -> str:
    """What should have been answered."""
    if not outcome.answerable:
        return "应当拒答"
    return outcome.answers[0] if outcome.answers else "（没有标准答案）"


def _right_card(summary: Summary) -> Card:
    accuracy = summary.measures.get("accuracy")
    if accuracy is None:
        return Card("答对", _NOTHING, ("没有可以判对错的题",))
    unjudged = summary.counts["all"] - accuracy.n
    lines = [
        f"{summary.counts['right']} / {accuracy.n} 题",
        f"95% 区间 {percent(accuracy.low)}–{percent(accuracy.high)}",
    ]
    return Card(
        "答对",
        percent(accuracy.mean),
        (*lines, f"另有 {unjudged} 题判不了对错") if unjudged else tuple(lines),
    )


def _answered_card(outcomes: Sequence[Outcome]) -> Card:
    judged = [o for o in outcomes if not o.answerable and o.right is not None]
    if not judged:
        return Card("该拒而答", _NOTHING, ("没有该拒答的题",))
    count = sum(not o.refused for o in judged)
    lines = (f"该拒的 {len(judged)} 题里的 {percent(count / len(judged))}",)
    return Card("该拒而答", f"{count} 题", lines, "warn" if count else "good")


def _refused_card(outcomes: Sequence[Outcome]) -> Card:
    reads = any(o.right is not None for o in outcomes)
    answerable = [o for o in outcomes if o.answerable]
    if not answerable or not reads:
        return Card("误拒", _NOTHING, ("没有能回答的题" if reads else "没有可以判对错的题",))
    refused = [o for o in answerable if o.refused]
    unfound = sum(o.lost == "not_retrieved" for o in refused)
    lines = [f"能答的 {len(answerable)} 题里的 {percent(len(refused) / len(answerable))}"]
    if unfound:
        lines.append(f"其中 {unfound} 题没找到依据")
    return Card("误拒", f"{len(refused)} 题", tuple(lines))


def _figures_card(outcomes: Sequence[Outcome], summary: Summary) -> Card:
    answers = sum("ungrounded_figures" in o.measures for o in outcomes)
    if not answers:
        return Card("无据数字", _NOTHING, ("没有作答",))
    count = summary.counts["ungrounded_figures"]
    lines = (f"{answers} 份回答里", "必须为 0")
    return Card("无据数字", f"{count} 个", lines, "bad" if count else "good")


def _citations_card(summary: Summary) -> Card:
    exact = summary.measures.get("citation_exact")
    if exact is None:
        return Card("引文逐字相符", _NOTHING, ("没有作答",))
    inexact = summary.counts["inexact_citations"]
    lines = (f"{exact.n - inexact} / {exact.n} 份回答", "必须全部相符")
    return Card("引文逐字相符", percent(exact.mean), lines, "bad" if inexact else "good")


def _time_card(summary: Summary) -> Card:
    total = summary.latency.get("total")
    if total is None:
        return Card("中位用时", _NOTHING, ("没有计时",))
    return Card("中位用时", duration(total.p50), (f"p95 {duration(total.p95)}",))


def _measure_row(name: str, summaries: Mapping[str, Summary]) -> MeasureRow:
    means = [_measured(summary, name) for summary in summaries.values()]
    values = [mean.mean for mean in means if mean]
    best = (min if name in _LOWER_IS_BETTER else max)(values, default=0.0)
    heading, explained = EXPLAINED.get(name, ("其他", ""))
    cells = (
        None
        if mean is None
        else Cell(mean, name in MEASURES, len(values) > 1 and mean.mean == best)
        for mean in means
    )
    return MeasureRow(name, heading, explained, tuple(cells))


def _measured(summary: Summary, name: str) -> Mean | None:
    """A measure of a system; what was not taken a question first stands for its own interval."""
    judged = summary.measures.get("accuracy")
    if name not in ("auroc", "risk_area"):
        return summary.measures.get(name)
    value = summary.auroc if name == "auroc" else summary.risk_area
    return None if value is None or judged is None else Mean(value, value, value, judged.n)


def _template_engine() -> Environment:
    engine = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    engine.filters |= {
        "percent": percent,
        "decimal": decimal,
        "duration": duration,
        "chance": chance,
        "kind_name": kind_name,
        "said": said,
        "wanted": wanted,
        "stage_name": lambda stage: _STAGES.get(stage, stage),
        "tick": lambda share: f"{100 * share:.4g}%",
        "plain": lambda value: f"{value:,.10g}",
        "points": lambda line: " ".join(f"{point.x},{point.y}" for point in line),
    }
    return engine


_TEMPLATES = _template_engine()
_TEMPLATE, _GROWTH = map(_TEMPLATES.get_template, ("page.html", "growth.svg"))
