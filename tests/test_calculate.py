"""What figures come to is computed from cited figures, or refused; every name and figure is invented.

The set in tests/calculations is put to the rules alone here, and to the shipped models by `make soak`.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.archive import Archive
from index.types import Chunk, Document, Hit, Span
from qa.assistant import Assistant
from qa.calculate import calculation
from qa.desk import LocalDesk
from qa.model import Message
from qa.settings import Settings
from qa.types import Answer, Step
from tests.conftest import HashEmbedder, RuleReader

_SET = Path(__file__).parent / "calculations"

# Question | operation | the questions it comes apart into.
_CASES = """
签约和开工项目总投资一共多少 | sum | 签约项目总投资多少 | 开工项目总投资多少
2024年望江区出口加上进口总共多少 | sum | 2024年望江区出口多少 | 2024年望江区进口多少
望江区2023年和2024年一共出口多少亿元 | sum | 望江区2023年出口多少亿元 | 望江区2024年出口多少亿元
请问望江区和白石区的税收加起来一共是多少？ | sum | 望江区的税收是多少 | 白石区的税收是多少
甲镇和乙镇共有多少人 | sum | 甲镇有多少人 | 乙镇有多少人
甲镇和乙镇相差多少人 | difference | 甲镇多少人 | 乙镇多少人
望江区和白石区GDP增速差多少个百分点 | difference | 望江区GDP增速多少 | 白石区GDP增速多少
望江区和白石区工业投资的差距是多少 | difference | 望江区工业投资是多少 | 白石区工业投资是多少
望江区比白石区多多少家高新技术企业 | difference | 望江区有多少家高新技术企业 | 白石区有多少家高新技术企业
2024年望江区工业投资比白石区多多少亿元 | difference | 2024年望江区工业投资是多少亿元 | 2024年白石区工业投资是多少亿元
望江区2024年工业投资比上年多多少 | difference | 望江区2024年工业投资是多少 | 望江区2023年工业投资是多少
望江区工业投资比去年多多少 | difference | 今年望江区工业投资是多少 | 去年望江区工业投资是多少
望江区工业投资比去年增加多少亿元 | difference | 今年望江区工业投资是多少亿元 | 去年望江区工业投资是多少亿元
2024年望江区出口比进口多多少 | difference | 2024年望江区出口是多少 | 2024年望江区进口是多少
2024年望江区工业投资占固定资产投资的比重是多少 | share | 2024年望江区工业投资是多少 | 2024年望江区固定资产投资是多少
望江区2024年固定资产投资中工业投资占百分之几 | share | 望江区2024年工业投资是多少 | 望江区2024年固定资产投资是多少
2024年望江区工业投资占全市工业投资的比重 | share | 2024年望江区工业投资是多少 | 2024年全市工业投资是多少
一般公共预算收入和支出相差多少 | difference | 一般公共预算收入多少 | 一般公共预算支出多少
望江港公路、铁路和水路货运量合计多少 | sum | 望江港公路货运量多少 | 望江港铁路货运量多少 | 望江港水路货运量多少
2024年望江区民营企业和外资企业出口一共多少 | sum | 2024年望江区民营企业出口多少 | 2024年望江区外资企业出口多少
望江区去世人数比出生人数多多少人 | difference | 望江区去世人数有多少人 | 望江区出生人数有多少人
两区工业投资相差多少 | difference
望江区出口是进口的几倍 | ratio | 望江区出口是多少 | 望江区进口是多少
望江区和白石区哪个2024年工业投资更高 | rank | 望江区的2024年工业投资是多少 | 白石区的2024年工业投资是多少
2024年GDP增速前三名的区是哪些 | rank | {}2024年GDP增速是多少
哪个区GDP增速最高 | rank | {}GDP增速是多少
哪个区县GDP增速最高 | rank | {}GDP增速是多少
收购进度最低的是哪个库点 | rank | {}收购进度是多少
望江区贷款余额折合多少万元 | convert | 望江区贷款余额是多少

望江区昼夜温差多少度
望江区工业投资增长多少
望江区工业投资比去年增长多少
望江区工业投资比去年提高多少
望江区工业投资比去年减少百分之几
2024年望江区出口比上年多了百分之几
项目占地面积多少
增量补助的比例是多少
哪个区最先启动
高管最高报多少
望江区工业投资和民间投资分别是多少
8个重大项目一共投资多少亿元
一共有多少项服务
谁污染，谁治理
《甲镇和乙镇合计》是什么文件
人均生产总值折合多少美元
组合贷款多少元
"""
_SPLIT, _WHOLE = (block.splitlines() for block in _CASES.strip().split("\n\n"))


@pytest.mark.parametrize("case", _SPLIT)
def test_a_calculation_comes_apart_into_questions_that_each_ask_for_one_figure(case: str) -> None:
    question, operation, *questions = case.split(" | ")
    found = calculation(question)
    assert found is not None
    assert (found.operation, list(found.questions)) == (operation, questions)


@pytest.mark.parametrize("question", _WHOLE)
def test_any_other_question_is_none(question: str) -> None:
    assert calculation(question) is None


@settings(deadline=None, max_examples=60)
@given(
    st.text(max_size=40)
    | st.sampled_from([case.split(" | ")[0] for case in _SPLIT]).map(lambda q: q[::-1])
)
def test_whatever_is_asked_nothing_raises(question: str) -> None:
    found = calculation(question)
    assert found is None or len(set(found.questions)) == len(found.questions)


# -- the set -------------------------------------------------------------------------------------


def _asked() -> Iterator[tuple[str, str, str]]:
    for line in (_SET / "questions.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            question, short, *mode = line.split(" | ")
            yield question, short, mode[0] if mode else "refuse"


# A third of the set, for the sake of time.
_SOME = 3


def _outcome(answer: Answer, short: str, mode: str) -> str:
    if answer.refused:
        return "right" if mode == "refuse" else "refused"
    return "right" if (answer.short, answer.mode) == (short, mode) else "wrong"


def _check(assistant: Assistant, text_of: dict[str, str], step: int = 1) -> dict[str, list[str]]:
    """Questions of the set by what became of them; no figure of any answer is invented."""
    found: dict[str, list[str]] = {"right": [], "refused": [], "wrong": []}
    for question, short, mode in list(_asked())[::step]:
        answer = assistant.ask(question)
        _is_grounded(answer, text_of)
        found[_outcome(answer, short, mode)].append(f"{question} → {answer.short} {answer.text}")
    return found


def _is_grounded(answer: Answer, text_of: dict[str, str]) -> None:
    for citation in (*answer.citations, *answer.nearest):
        assert citation.quote == citation.span.of(text_of[citation.document_id])
    if answer.mode == "calculate":
        _recomputed(answer)


# How the formula is read here is no code of the product's.
_OPERAND = re.compile(r"(?P<text>[^\[\]]+?)\[(?P<marker>\d+)\]")
_SCALES = {"": 1, "万": 10**4, "亿": 10**8}


def _value(written: str) -> tuple[Fraction, str]:
    match = re.search(r"(\d+(?:\.\d+)?)([万亿]?)(\D+)", written)
    assert match, written
    sign = -1 if "下降" in written else 1
    return sign * Fraction(match[1]) * _SCALES[match[2]], match[3]


def _recomputed(answer: Answer) -> None:
    """Each operand stands in what it cites, and the result is what the formula comes to."""
    formula = answer.text.partition("\n")[0].removesuffix("。").rpartition("：")[2]
    quotes = {citation.marker: citation.quote for citation in answer.citations}
    operands = [(m["text"].strip(" +−÷><="), int(m["marker"])) for m in _OPERAND.finditer(formula)]
    assert len(operands) > 1
    figures = [re.sub("^[^0-9下约]*", "", text) for text, _ in operands]
    for figure, (_, marker) in zip(figures, operands, strict=True):
        assert figure in quotes[marker]
    values = [_value(figure)[0] for figure in figures]
    if ">" in formula or "<" in formula:
        assert values == sorted(values, reverse=">" in formula)
        assert all(name in formula for name in answer.short.split("、"))
        return
    come, unit = _value(re.split("[=≈] ", formula)[1])
    assert answer.short.endswith(re.split("[=≈] ", formula)[1])
    first, *others = values
    if "÷" in formula:
        exact = first / others[0] * (100 if unit == "%" else 1)
        assert abs(come - exact) <= Fraction(1, 20)
        assert ("=" in formula) == (come == exact and "约" not in formula)
    else:
        sign = 1 if "+" in formula else -1
        assert come == first + sign * sum(others)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive(tmp_path_factory.mktemp("calculations"), HashEmbedder) as opened:
        for file in _documents():
            assert opened.add(file.name, file.name, file.read_bytes()).status == "added"
        yield opened


def _documents() -> list[Path]:
    return sorted(file for file in _SET.iterdir() if file.name != "questions.txt")


def _texts(archive: Archive) -> dict[str, str]:
    return {entry.id: archive.document(entry.id).text for entry in archive.entries()}


@pytest.mark.parametrize("step", [_SOME, pytest.param(1, marks=pytest.mark.soak)])
@pytest.mark.timeout(900)
def test_of_the_set_nothing_is_answered_wrongly_by_the_rules(archive: Archive, step: int) -> None:
    found = _check(Assistant(archive, RuleReader()), _texts(archive), step)
    assert found["wrong"] == []
    assert len(found["refused"]) <= 9 / step, found["refused"]


def test_a_third_of_the_set_is_not_to_be_calculated() -> None:
    modes = [mode for _, _, mode in _asked()]
    assert len(modes) >= 60
    assert 3 * sum(mode != "calculate" for mode in modes) >= len(modes)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_of_the_set_nothing_is_answered_wrongly_by_the_shipped_models(tmp_path: Path) -> None:
    desk = LocalDesk.open(Settings(data=tmp_path / "library"))
    for file in _documents():
        desk.add(file.name, file.name, file.read_bytes())
    found = _check(desk.assistant, _texts(desk.archive))
    desk.close()
    assert found["wrong"] == []
    assert len(found["refused"]) <= 12, found["refused"]


# -- one document --------------------------------------------------------------------------------


class OneDocument:
    """A source of one document, each line a chunk."""

    notice = ""

    def __init__(self, text: str, date: str = "2025-01-10") -> None:
        self._document = Document("d", "d.txt", "月湖市情况", text, date=date)
        self.texts = {"d": text}

    def retrieve(
        self, query: str, k: int, within: Collection[str] | None = None
    ) -> tuple[Hit, ...]:
        lines = [Span(*match.span()) for match in re.finditer("[^\n]+", self._document.text)]
        chunks = [Chunk(f"d:{s.start}", "d", s, s.of(self._document.text)) for s in lines]
        return tuple(Hit(chunk, 1.0) for chunk in chunks)[:k]

    def document(self, document_id: str) -> Document:
        return self._document


def _ask(text: str, question: str, **more: object) -> Answer:
    source = OneDocument(text)
    answer = Assistant(source, RuleReader(), **more).ask(question)  # type: ignore[arg-type]
    _is_grounded(answer, source.texts)
    return answer


_TWO = "2024年，东陵镇粮食产量3.2万吨。\n2024年，西陵镇粮食产量8600吨。\n"


def test_the_answer_is_the_formula_then_the_sentences_of_the_operands() -> None:
    answer = _ask(_TWO, "2024年东陵镇和西陵镇粮食产量一共多少")
    assert (answer.short, answer.mode, answer.refused) == ("4.06万吨", "calculate", False)
    assert answer.text == (
        "3.2万吨[1] + 8600吨[2] = 4.06万吨。\n"
        "2024年，东陵镇粮食产量3.2万吨。[1]\n2024年，西陵镇粮食产量8600吨。[2]"
    )
    assert [c.marker for c in answer.citations] == [1, 2]
    assert Answer.from_json(answer.as_json()).as_json() == answer.as_json()


def test_an_operand_that_is_not_there_is_named_and_nothing_is_calculated() -> None:
    answer = _ask(_TWO, "2024年东陵镇和南陵镇粮食产量一共多少")
    assert (answer.mode, answer.short, answer.citations) == ("refuse", "", ())
    assert "“2024年南陵镇粮食产量多少”没有找到依据" in answer.text
    assert answer.nearest[0].quote == "2024年，东陵镇粮食产量3.2万吨。"


# The sentences, each a line of its document | the question | why it is refused.
_REFUSED = """
2024年，东陵镇粮食产量3.2万吨。/2024年，西陵镇粮食产量超2万吨。 | 2024年东陵镇和西陵镇粮食产量一共多少 | 不是确切的数
2024年，东陵镇粮食产量3.2万吨。/2024年上半年，西陵镇粮食产量2万吨。 | 2024年东陵镇比西陵镇粮食产量多多少 | 没有找到依据
2024年上半年，东陵镇粮食产量3.2万吨。/2024年，西陵镇粮食产量2万吨。 | 东陵镇和西陵镇粮食产量相差多少 | 证据不足
2023年，东陵镇粮食产量3.2万吨。/2024年，西陵镇粮食产量2万吨。 | 东陵镇和西陵镇粮食产量一共多少 | 证据不足
2024年，东陵公司营业收入3亿元。/2024年，西陵公司营业收入2亿美元。 | 2024年东陵公司和西陵公司营业收入一共多少 | 单位不同
2024年，月湖市工业投资3亿元，高新技术产业投资2亿元。 | 2024年月湖市工业投资和高新技术产业投资一共多少 | 重复计算
2024年，月湖市工业投资3亿元。/2024年，东陵区工业投资2亿元。 | 2024年月湖市和东陵区工业投资一共多少 | 重复计算
2024年，东陵区工业投资3亿元。/2024年，东陵高新区工业投资2亿元。 | 2024年东陵区和东陵高新区工业投资一共多少 | 重复计算
2024年，东陵镇粮食产量增长3%。/2024年，西陵镇粮食产量增长2%。 | 2024年东陵镇和西陵镇粮食产量增速加起来是多少 | 不能相加
2024年，东陵镇人均收入3万元。/2024年，西陵镇人均收入2万元。 | 2024年东陵镇和西陵镇人均收入一共多少 | 不能相加
2024年，东陵公司营业收入3亿元。/2024年，东陵公司净利润2亿元。 | 2024年东陵公司营业收入和净利润一共多少 | 不同的指标
2024年，东陵区粮食产量3万吨。/2024年，西陵区粮食产量5万吨。 | 2024年西陵区和南陵区粮食产量一共多少 | 没有找到依据
2024年，东陵公司与西陵公司同日签约，营业收入均为3亿元。 | 2024年东陵公司和西陵公司营业收入一共多少 | 同一个数
2023年末，东陵镇企业30家。/2024年末，东陵镇企业40家。 | 东陵镇2023年末和2024年末企业一共多少家 | 重复计算
2024年，月湖市税收20亿元，财政收入15亿元。 | 2024年月湖市税收占财政收入的比重是多少 | 不是它的一部分
2024年，月湖市工业投资增长8%，财政收入15亿元。 | 2024年月湖市工业投资比财政收入多多少 | 没有找到依据
"""


@pytest.mark.parametrize("case", _REFUSED.strip().splitlines())
def test_what_is_not_alike_or_may_be_counted_twice_is_not_put_together(case: str) -> None:
    text, question, reason = case.split(" | ")
    answer = _ask(text.replace("/", "\n"), question)
    assert (answer.mode, answer.short) == ("refuse", ""), answer.text
    assert reason in answer.text


_PROJECTS = (
    "在名为“满园”的招商签约与集中开工活动上，一次签下招商项目7个，投资总额{}亿元；"
    "当天动工的项目有5个，投资总额{}亿元。\n"
)


@settings(deadline=None, max_examples=10)
@given(st.integers(2, 900), st.integers(2, 900))
def test_a_figure_is_that_of_the_clause_it_stands_in(one: int, other: int) -> None:
    answer = _ask(_PROJECTS.format(one, other), "招商和开工项目总投资一共多少")
    if one == other:
        assert answer.refused
    else:
        assert answer.text.startswith(f"{one}亿元[1] + {other}亿元[1] = {one + other}亿元。")


def test_what_is_counted_may_stand_after_its_figure() -> None:
    answer = _ask("2024年，东陵区建成9所小学，12所初中。\n", "2024年东陵区小学和初中相差多少所")
    assert answer.text.startswith("12所[1] − 9所[1] = 3所。"), answer.text


def test_the_figure_of_one_is_not_that_of_the_other() -> None:
    text = "2024年，东陵公司与西陵公司签约，东陵公司出资3亿元，对方出资2亿元。\n"
    assert _ask(text, "2024年东陵公司和西陵公司出资一共多少").refused


class ManyDocuments:
    """A source of several documents, each a chunk."""

    notice = ""

    def __init__(self, *texts: str) -> None:
        self._documents = {
            f"d{n}": Document(f"d{n}", f"{n}.txt", f"活动{n}", text, date="2024-05-01")
            for n, text in enumerate(texts)
        }

    def retrieve(
        self, query: str, k: int, within: Collection[str] | None = None
    ) -> tuple[Hit, ...]:
        return tuple(
            Hit(Chunk(f"{d.id}:0", d.id, Span(0, len(d.text)), d.text), 1.0)
            for d in self._documents.values()
            if within is None or d.id in within
        )[:k]

    def document(self, document_id: str) -> Document:
        return self._documents[document_id]


_ONLY_STARTED = "当天举行开工活动，9个项目开工，总投资38亿元。\n"
_ONLY_WON = "当天举行招商活动，招商项目4个，总投资27亿元。\n"


@pytest.mark.parametrize(
    ("texts", "short"),
    [
        ((_ONLY_STARTED, _PROJECTS.format(70, 40)), "110亿元"),
        ((_PROJECTS.format(70, 40), _ONLY_STARTED, _ONLY_WON), "110亿元"),
        ((_ONLY_STARTED, _ONLY_WON), ""),
        ((_PROJECTS.format(70, 40), _PROJECTS.format(71, 40)), ""),
    ],
)
def test_what_names_no_place_and_no_time_is_asked_of_one_text(
    texts: tuple[str, ...], short: str
) -> None:
    answer = Assistant(ManyDocuments(*texts), RuleReader()).ask("招商和开工项目总投资一共多少")
    assert (answer.short, answer.refused) == (short, not short), answer.text


def test_over_time_one_text_counts_both_alike() -> None:
    old = "2023年，东陵区工业投资50亿元，增长3%。\n"
    new = "2024年，东陵区工业投资60亿元。2023年，东陵区工业投资为52亿元。\n"
    answer = Assistant(ManyDocuments(old, new), RuleReader()).ask(
        "东陵区2024年工业投资比2023年多多少"
    )
    assert answer.text.startswith("60亿元[1] − 52亿元[2] = 8亿元。"), answer.text


def test_texts_that_differ_on_an_operand_are_not_put_together() -> None:
    one = "2024年，东陵区工业投资50亿元，增长3%。\n"
    other = "2024年，东陵区工业投资60亿元。2024年，西陵区工业投资40亿元。\n"
    for texts in ((one, other), (other, one)):
        answer = Assistant(ManyDocuments(*texts), RuleReader()).ask(
            "2024年东陵区和西陵区工业投资一共多少"
        )
        assert answer.refused, answer.text


# A sentence | what is asked | what it must not be answered with, though it stands there.
_OTHER_COUNTS = """
环线首批投放车辆8辆，每辆车核定载客18人。 | 环线首批车辆一共核定载客多少人 | 18人
东陵区签约项目12个，项目总投资比上年多21亿元。 | 东陵区签约项目总投资平均每个多少亿元 | 21亿元
东陵区2025年重点项目共5个，总投资合计91亿元。 | 东陵区2025年总投资最大的是哪个重点项目 | 91亿元
东陵区2025年重点项目共5个，总投资合计91亿元。 | 东陵区2025年哪个重点项目总投资最大 | 91亿元
东陵镇、西陵镇耕地面积都有记录，东陵镇为3万亩。 | 两镇耕地面积相差多少万亩 | 3万亩
"""


@pytest.mark.parametrize("case", _OTHER_COUNTS.strip().splitlines())
def test_one_figure_is_no_sum_no_mean_and_no_order(case: str) -> None:
    text, question, short = case.split(" | ")
    answer = _ask(f"{text}\n", question)
    assert (answer.refused, answer.short == short) == (True, False), answer.text


def test_a_mean_and_a_total_that_are_stated_are_quoted() -> None:
    mean = "东陵区签约项目12个，平均每个投资2亿元。\n"
    assert _ask(mean, "东陵区签约项目平均每个投资多少亿元").short == "2亿元"
    total = "东陵区签约项目12个，一共投资24亿元，每个都已开工。\n"
    assert _ask(total, "东陵区签约项目一共投资多少亿元").short == "24亿元"


# What is asked | what each part comes to, or 拒.
_IN_PARTS = """
2024年东陵镇粮食产量多少，和西陵镇一共多少 | 3.2万吨、4.06万吨
2024年东陵镇粮食产量多少，比西陵镇多多少 | 3.2万吨、2.34万吨
2024年东陵镇粮食产量多少，东陵镇是西陵镇的几倍 | 3.2万吨、约3.7倍
2024年东陵镇和西陵镇粮食产量分别多少，合计多少 | 3.2万吨、8600吨、4.06万吨
2024年东陵镇和西陵镇粮食产量一共多少，相差多少 | 4.06万吨、2.34万吨
2024年东陵镇粮食产量多少，和南陵镇一共多少 | 拒
2024年东陵镇粮食产量多少，占全市的比重是多少 | 拒
"""


@pytest.mark.parametrize("case", _IN_PARTS.strip().splitlines())
def test_a_part_of_a_question_calculates_where_it_would_alone(case: str) -> None:
    question, short = case.split(" | ")
    source = OneDocument(_TWO)
    answer = Assistant(source, RuleReader()).ask(question)
    assert (answer.short, answer.mode) == (
        ("", "refuse") if short == "拒" else (short, "calculate")
    ), answer.text
    for citation in answer.citations:
        assert f"[{citation.marker}]" in answer.text
        assert citation.quote == citation.span.of(source.texts["d"])


def test_each_part_has_its_formula_and_every_place_one_marker() -> None:
    answer = Assistant(OneDocument(_TWO), RuleReader()).ask(
        "2024年西陵镇粮食产量多少，和东陵镇一共多少"
    )
    assert answer.text == (
        "2024年，西陵镇粮食产量8600吨。[1]\n"
        "8600吨[1] + 3.2万吨[2] = 4.06万吨。\n"
        "2024年，东陵镇粮食产量3.2万吨。[2]"
    )
    assert [c.marker for c in answer.citations] == [1, 2]


def test_what_the_document_states_itself_is_quoted() -> None:
    text = _TWO.replace("8600吨。", "8600吨，两镇合计4.1万吨。")
    text = text.replace("\n2024年，西", "西")
    answer = _ask(text, "2024年东陵镇和西陵镇粮食产量合计多少")
    assert answer.mode != "calculate" or answer.short == "4.06万吨"
    stated = _ask(
        "2024年，东陵镇和西陵镇粮食产量合计4.1万吨。\n", "2024年东陵镇和西陵镇粮食产量合计多少"
    )
    assert (stated.mode, stated.short) == ("extract", "4.1万吨")


_DISTRICTS = "2024年，东陵区粮食产量3万吨。\n2024年，西陵区粮食产量5万吨。\n{}"


def test_an_order_says_among_which_it_is() -> None:
    answer = _ask(
        _DISTRICTS.format("2024年，望峰区粮食产量4.5万吨。\n"), "2024年哪个区粮食产量最高"
    )
    assert (answer.short, answer.mode) == ("西陵区", "calculate")
    assert answer.text.startswith(
        "《月湖市情况》列出的各区：西陵区5万吨[2] > 望峰区4.5万吨[3] > 东陵区3万吨[1]。"
    )


def test_two_that_a_text_happens_to_name_are_no_order_of_all() -> None:
    assert _ask(_DISTRICTS.format(""), "2024年哪个区粮食产量最高").refused


def test_one_of_two_operands_is_never_given_as_the_result() -> None:
    answer = _ask("2024年，东陵镇粮食产量3.2万吨。\n", "2024年东陵镇和西陵镇粮食产量一共多少")
    assert (answer.mode, answer.short) == ("refuse", "")


class Forbidden:
    """A language model that must not be asked."""

    budget = 3000

    def write(self, messages: Sequence[Message]) -> Iterator[str]:
        raise AssertionError("a calculation is no model's business")


def test_no_model_calculates_or_words_a_calculation() -> None:
    answer = _ask(_TWO, "2024年东陵镇和西陵镇粮食产量相差多少", writer=Forbidden())
    assert (answer.short, answer.mode) == ("2.34万吨", "calculate")


# What is asked of the set in several parts | what they come to, or 拒.
_PARTS_OF_THE_SET = """
2024年霞澜市出口多少，和进口一共多少 | 148.3亿元、212.6亿元
2024年霞澜市出口多少，比进口多多少 | 148.3亿元、84亿元
2024年霞澜市出口和进口一共多少，相差多少 | 212.6亿元、84亿元
2024年云澜港公路集疏运量多少，和航空集疏运量一共多少 | 拒
2024年末梧桐镇男性多少人，比女性多多少人 | 24530人、844人
2024年松滦县第二产业增加值多少，工业增加值多少，一共多少 | 拒
"""


@pytest.mark.parametrize("case", _PARTS_OF_THE_SET.strip().splitlines())
def test_parts_of_the_set_calculate(archive: Archive, case: str) -> None:
    question, short = case.split(" | ")
    answer = Assistant(archive, RuleReader()).ask(question)
    assert (answer.short, answer.refused) == (short.removesuffix("拒"), short == "拒"), answer.text


_AMOUNTS = st.decimals(Decimal("0.01"), Decimal("9999"), places=2).map(
    lambda d: f"{d.normalize():f}"
)
_ASKED = ["一共多少", "相差多少"]


@settings(deadline=None, max_examples=40)
@given(
    _AMOUNTS, _AMOUNTS, st.sampled_from("万亿"), st.sampled_from("万亿"), st.sampled_from(_ASKED)
)
def test_a_result_is_what_its_cited_operands_come_to(
    one: str, other: str, scale: str, other_scale: str, asked: str
) -> None:
    text = f"2024年，东陵公司营业收入{one}{scale}元。\n2024年，西陵公司营业收入{other}{other_scale}元。\n"
    answer = _ask(text, f"2024年东陵公司和西陵公司营业收入{asked}")
    assert answer.mode == "calculate"
    values = sorted(Fraction(n) * _SCALES[s] for n, s in ((one, scale), (other, other_scale)))
    come, unit = _value(answer.short)
    assert (come, unit) == (sum(values) if "一共" in asked else values[1] - values[0], "元")


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 5000), st.integers(1, 5000))
def test_a_share_is_rounded_to_one_decimal_and_says_so(part: int, whole: int) -> None:
    text = f"2024年，东陵公司研发人员{part}人。\n2024年，东陵公司从业人员{whole}人。\n"
    answer = _ask(text, "2024年东陵公司研发人员占从业人员的比重是多少")
    if part > whole or part * 2000 < whole:
        assert answer.refused
    else:
        assert answer.mode == "calculate"
        assert answer.short.startswith("约") == bool(Fraction(1000 * part, whole).denominator > 1)


def test_steps_are_told_of_the_question_and_of_each_operand() -> None:
    assistant = Assistant(OneDocument(_TWO), RuleReader())
    *steps, _ = assistant.stream("2024年东陵镇和西陵镇粮食产量一共多少")
    assert [s.question for s in steps if isinstance(s, Step) and s.stage == "read"] == [
        "2024年东陵镇和西陵镇粮食产量一共多少", "2024年东陵镇粮食产量多少", "2024年西陵镇粮食产量多少",
    ]  # fmt: skip


# -- told in another unit, and rows of a table ---------------------------------------------------


_CONVERTED = """
东陵镇粮食产量折合多少吨 | 32000吨
东陵镇粮食产量换算成多少公斤 | 32000000公斤
2024年东陵镇税收折合多少万元 | 14500万元
1.45亿元税收折合多少万元 | 14500万元
2.45亿元税收折合多少万元 | 拒
东陵镇税收折合多少吨 | 拒
东陵镇投资折合多少万元 | 拒
"""
_UNITS = (
    "2024年，东陵镇粮食产量3.2万吨。\n2024年，东陵镇税收1.45亿元。\n2024年，东陵镇投资超过3亿元。\n"
)


@pytest.mark.parametrize("case", _CONVERTED.strip().splitlines())
def test_a_figure_is_told_in_another_unit_of_its_own_kind(case: str) -> None:
    question, short = case.split(" | ")
    answer = Assistant(OneDocument(_UNITS), RuleReader()).ask(question)
    assert (answer.short, answer.mode) == (
        ("", "refuse") if short == "拒" else (short, "calculate")
    ), answer.text
    for citation in answer.citations:
        told = re.sub("[\\d.]+[万亿]*[元吨公斤]+ = ", "", answer.text.partition("[1]")[0])
        assert told in citation.quote
        assert f"{told}[1] = {short}。" in answer.text


def test_a_figure_that_stands_in_the_unit_asked_for_is_shown_as_it_stands() -> None:
    answer = _ask("2024年，东陵镇税收折合14500万元。\n", "2024年东陵镇税收折合多少万元")
    assert (answer.short, answer.mode) == ("14500万元", "extract")


_ROWS = """各库点收购进度见下表：
甲河粮站：仓容 3.2万吨；收购进度 88.9%。
乙桥粮站：仓容 2.6万吨；收购进度 80.0%。
丙集粮站：仓容 1.4万吨；收购进度 77.8%。
合计：仓容 7.2万吨；收购进度 83.5%。
"""


def test_the_least_of_the_rows_of_a_table_is_told_with_all_of_them() -> None:
    answer = _ask(_ROWS, "收购进度最低的是哪个库点")
    assert (answer.short, answer.mode) == ("丙集粮站", "calculate")
    assert answer.text.startswith("《月湖市情况》列出的各库点：丙集粮站77.8%[")
    for question in ("收购进度最低的是哪个车间", "收购价格最低的是哪个库点"):
        assert _ask(_ROWS, question).refused
