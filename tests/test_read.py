"""The served reader weighs spans and rules: whole quantities, refusals, one answer a document.

The network is played by one that finds the texts it is told to find; what the real one finds is
tests/test_reading.py's and tests/test_answers.py's business.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np
import pytest

from index.graph import GRAPH, TOKENIZER
from index.reading import ReaderConfig, ReadingModel, ReadPassage
from index.split import split
from index.types import Document
from qa.question import understand
from qa.read import TrainedReader
from qa.types import Findings, Passage

_TEXT = (
    "滨河区前三季度经济运行情况\n"
    "前三季度，全区完成固定资产投资310.2亿元，同比下降3.4%。全区高新技术企业超五百家，研发投入强度突破4%。\n"
    "区里印发《关于支持海洋经济发展的若干意见》，重点发展港口物流、海工装备、滨海旅游等产业。\n"
    "区长周敏（兼任党组书记）说：“要守住底线。”\n"
)
_LOW, _HIGH = -6.0, -0.1


class Told(ReadingModel):
    """Reads one character a token, and finds the first of `texts` that stands in a passage."""

    def __init__(self, texts: Sequence[str], threshold: float = 0.5) -> None:
        self._texts = texts
        self.reads = 0
        weights = {
            f"{kind}.{name}": weight
            for kind in ("figure", "formed", "open")
            for name, weight in (("bias", -2.0), ("margin", 0.2), ("agreement", 0.5))
        }
        thresholds = dict.fromkeys(("figure", "formed", "open"), threshold)
        files = {GRAPH: "", TOKENIZER: ""}
        ruled = dict.fromkeys(thresholds, 0.7)
        self.config = ReaderConfig("told", 512, weights, thresholds, ruled, files)

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[ReadPassage]:
        self.reads += len(passages)
        return [self._one(passage) for _, passage in passages]

    def _one(self, passage: str) -> ReadPassage:
        starts = np.full(len(passage) + 1, _LOW, dtype=np.float32)
        ends = starts.copy()
        told = next((text for text in self._texts if text in passage), "")
        # Place 0 stands for "no answer", a character of the passage one after its own.
        first = 1 + passage.index(told) if told else 0
        starts[first] = ends[first + max(0, len(told) - 1)] = _HIGH
        score = 4.0 if told else -4.0
        offsets = tuple((i, i + 1) for i in range(len(passage)))
        return ReadPassage(score, score, starts, ends, offsets)


def _document(text: str = _TEXT, name: str = "d", date: str = "2024-10-20") -> Document:
    return Document(name, f"{name}.txt", text.split("\n")[0], text, date=date)


def _passages(*documents: Document) -> list[Passage]:
    return [Passage(d, chunk.span, 1.0) for d in documents for chunk in split(d, len, 200)]


def _read(question: str, told: str, *documents: Document) -> Findings:
    return TrainedReader(lambda: Told([told])).read(
        question, _passages(*(documents or (_document(),)))
    )


@pytest.mark.parametrize(
    ("question", "told", "short"),
    [
        ("滨河区的固定资产投资额", "310.2", "310.2亿元"),
        ("滨河区固定资产投资同比增速", "3.4", "下降3.4%"),
        ("滨河区有多少家高新技术企业", "五百", "超五百家"),
        ("研发投入强度是多少", "突破4", "突破4%"),
        ("滨河区区长是谁", "周敏（", "周敏"),
        ("滨河区区长是谁", "周敏（兼任党组书记", "周敏（兼任党组书记）"),
        (
            "滨河区印发了什么文件",
            "关于支持海洋经济发展的若干意见》，",
            "《关于支持海洋经济发展的若干意见》",
        ),
        ("滨河区重点发展哪些产业", "海工装备", "港口物流、海工装备、滨海旅游"),
    ],
)
def test_an_answer_is_whole(question: str, told: str, short: str) -> None:
    reading = _read(question, told).readings[0]
    assert reading.short == short
    assert reading.evidence.of(_TEXT).endswith("。") or short.startswith("周敏")
    assert all(reading.evidence.holds(span) for span in reading.answer)


def test_below_the_threshold_nothing_is_answered() -> None:
    reader = TrainedReader(lambda: Told(["要守住底线"], threshold=0.9999))
    found = reader.read("区长周敏强调什么", _passages(_document()))
    assert found.readings == ()


@pytest.mark.parametrize("question", ["写一首关于滨河区的诗", "？", ""])
def test_what_asks_nothing_of_the_documents_is_not_read(question: str) -> None:
    model = Told(["周敏"])
    assert TrainedReader(lambda: model).read(question, _passages(_document())).readings == ()
    assert model.reads == 0


def test_no_more_passages_are_read_than_allowed() -> None:
    documents = [_document(f"甲公司年报{n}\n第{n}号公司无关内容。\n", f"d{n}") for n in range(9)]
    model = Told([])
    found = TrainedReader(lambda: model, most=4).read("法定代表人的名字", _passages(*documents))
    assert model.reads == 4
    assert found.readings == ()
    assert sorted(found.ranking) == list(range(len(_passages(*documents))))


def test_the_passage_that_answers_is_ranked_first() -> None:
    other = _document("图书馆开放时间\n图书馆周一闭馆。\n", "o")
    found = _read("滨河区区长是谁", "周敏", other, _document())
    passages = _passages(other, _document())
    assert "周敏" in passages[found.ranking[0]].text


def test_one_answer_a_document_and_the_newest_first_among_equals() -> None:
    old, new = _document(name="old", date="2023-01-01"), _document(name="new")
    readings = _read("滨河区区长是谁", "周敏", old, new).readings
    assert [reading.document.id for reading in readings] == ["new", "old"]


def test_agreement_of_passages_raises_confidence() -> None:
    alone = _read("滨河区区长是谁", "周敏").readings[0]
    together = _read("滨河区区长是谁", "周敏", _document(), _document(name="b")).readings[0]
    assert together.score > alone.score


def _possible(told: str, question: str) -> list[str]:
    reader = TrainedReader(lambda: Told([told]))
    possible, _ = reader.weigh(understand(question), _passages(_document()))
    return [one.reading.short for one in possible]


def test_a_figure_of_another_year_cannot_be_the_answer() -> None:
    assert _possible("310.2", "2019年滨河区固定资产投资额") == []
    assert "310.2亿元" in _possible("310.2", "2024年滨河区固定资产投资额")


def test_a_level_cannot_be_the_answer_to_a_question_for_growth() -> None:
    assert _possible("310.2亿元", "滨河区固定资产投资环比增长多少") == []


def test_what_meets_every_condition_of_the_rules_stands_where_the_network_sees_nothing() -> None:
    found = _read("滨河区研发投入强度是多少", "没有")
    assert [(reading.short, reading.score) for reading in found.readings] == [("突破4%", 0.7)]
    assert _read("滨河区党组书记是谁", "没有").readings == ()


def test_a_date_gives_way_to_the_same_date_with_its_year() -> None:
    text = "滨河研究院大事\n5月18日，滨河研究院揭牌。\n另据报道，滨河研究院于2024年5月18日揭牌，院长到会。\n"
    passages = [
        Passage(_document(text), chunk.span, 1.0) for chunk in split(_document(text), len, 30)
    ]
    reader = TrainedReader(lambda: Told(["2024年5月18日", "5月18日"]))
    found = reader.read("滨河研究院哪天揭牌", passages)
    assert found.readings[0].short == "2024年5月18日"


def test_a_figure_of_another_indicator_gives_way_to_one_that_meets_the_question() -> None:
    text = "滨河区外贸\n全区进出口总额261.3亿元，比上年下降2.7%。其中，出口178.5亿元，下降1.2%。\n"
    passages = [
        Passage(_document(text), chunk.span, 1.0) for chunk in split(_document(text), len, 200)
    ]
    found = TrainedReader(lambda: Told(["1.2%"])).read("滨河区进出口下降了多少", passages)
    assert [reading.short for reading in found.readings] == ["下降2.7%"]


def test_a_figure_that_fails_a_condition_is_not_shown_however_sure_the_network_is() -> None:
    assert _read("滨河区民间投资多少亿元", "310.2亿元").readings == ()


def test_figures_of_several_clauses_are_no_answer_to_a_question_for_one() -> None:
    crossing = "310.2亿元，同比下降3.4%。全区高新技术企业超五百家"
    assert all("，" not in short for short in _possible(crossing, "滨河区高新技术企业有多少家"))


def test_one_thing_is_no_answer_to_a_question_for_each_of_several() -> None:
    assert _possible("周敏", "滨河区的两位区长分别叫什么名字") == []
    assert _possible("310.2亿元，同比下降3.4%", "滨河区的9个项目分别叫什么名字") == []
    several = _possible("港口物流、海工装备、滨海旅游", "滨河区重点发展的三个产业分别是什么")
    assert several == ["港口物流、海工装备、滨海旅游"]
    assert "海工装备" in _possible("海工装备", "滨河区重点发展什么产业")


_PLANNED = (
    "滨河区工作报告\n全区实现营业收入64亿元。\n下一步，力争营业收入达到70亿元，新增泊位3个。\n"
)


@pytest.mark.parametrize(
    ("question", "told", "shown"),
    [
        ("滨河区营业收入多少亿元", "70亿元", ["64亿元"]),
        ("滨河区营业收入目标是多少亿元", "70亿元", ["70亿元"]),
        ("滨河区新增泊位多少个", "3个", ["3个"]),
        ("滨河区已经新增泊位多少个", "3个", []),
    ],
)
def test_a_plan_gives_way_to_what_is_done(question: str, told: str, shown: list[str]) -> None:
    found = _read(question, told, _document(_PLANNED))
    assert [reading.short for reading in found.readings] == shown


def test_a_figure_by_rule_alone_is_not_shown_where_the_network_is_surer_of_another() -> None:
    text = "滨河区企业\n滨河区有工业企业320家。滨河区有工业企业298家。\n"
    for told, shown in (("没有", ["320家"]), ("298家", [])):
        reader = TrainedReader(partial(Told, [told], threshold=0.99))
        found = reader.read("滨河区有多少家工业企业", _passages(_document(text)))
        assert [reading.short for reading in found.readings] == shown


def test_the_row_of_another_thing_is_no_answer_whatever_is_asked() -> None:
    text = (
        "滨河区项目\n甲冷库：投资方 东海公司；进展 开工。\n乙船坞：投资方 西山公司；进展 开工。\n"
    )
    reader = TrainedReader(lambda: Told(["西山公司"]))
    possible, _ = reader.weigh(understand("甲冷库的投资方是谁"), _passages(_document(text)))
    assert "西山公司" not in [one.reading.short for one in possible]
