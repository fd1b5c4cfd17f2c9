"""Spans of tokens become answers: whole, without marks around them, inside the text."""

import pytest

from index.types import Document, Span
from qa.question import understand
from qa.tidy import tidy
from qa.types import Passage


def _tidied(question: str, text: str, told: str) -> str:
    document = Document("d", "d.txt", "", text)
    passage = Passage(document, Span(0, len(text)), 1.0)
    at = text.index(told)
    return tidy(understand(question), passage, Span(at, at + len(told))).of(text)


@pytest.mark.parametrize(
    ("question", "text", "told", "answer"),
    [
        (
            "投资增长多少",
            "完成投资310.2亿元，同比下降3.4%。",
            "310.2亿元，同比下降3.4%",
            "下降3.4%",
        ),
        ("投资多少", "完成投资310.2亿元，同比下降3.4%。", "完成投资310.2", "310.2亿元"),
        ("研发投入强度", "研发投入强度突破4%。", "研发投入强度突破4", "突破4%"),
        ("何时揭牌", "研究院2024年5月18日揭牌。", "5月18日揭牌", "2024年5月18日"),
        ("哪天开工", "工程计划于2025年6月开工。", "工程计划于2025年6月", "2025年6月"),
        ("何时举行", "会议于3月15日至17日举行。", "3月15日至17日", "3月15日至17日"),
        ("在哪一年成立", "学会1949年10月1日成立。", "1949年", "1949年"),
        ("有多少像素", "相机为1200万像素。", "1200万像素", "1200万像素"),
        ("桥长多少", "全桥长12.1公尺左右。", "全桥长12.1", "12.1公尺左右"),
        ("印发了什么文件", "区里印发《若干意见》，全文公布。", "若干意见》，", "《若干意见》"),
        ("谁说的", "区长周敏（兼任书记）说。", "周敏（兼", "周敏（兼任书记）"),
        ("谁值班", "值班由王建国负责。", "建国", "王建国"),
        ("多久能到", "车程由40分钟减少到10分钟。", "40分钟减少到10分钟", ""),
        ("门票多少钱", "成人60元、学生30元。", "60元、学生30元", ""),
        ("何时建成", "2025年3月开工，2026年5月建成。", "2025年3月开工，2026年5月", ""),
        ("值班由谁负责", "值班由办公室主任王建国负责。", "办公室主任王建国", "王建国"),
        ("主任是谁", "王建国任主任。", "王建国任主任", "王建国任主任"),
        ("为什么停电", "因线路检修，今晚停电。", "因线路检修，", "因线路检修"),
    ],
)
def test_an_answer_is_whole_and_no_more(question: str, text: str, told: str, answer: str) -> None:
    assert _tidied(question, text, told) == answer


@pytest.mark.parametrize("text", ["（", "）", "《《》", "，。", "“a", "3.4", " ", "\n"])
def test_tidying_stays_inside_the_text(text: str) -> None:
    document = Document("d", "d.txt", "", f"甲{text}乙\n")
    passage = Passage(document, Span(0, len(document.text)), 1.0)
    for start in range(len(document.text)):
        for end in range(start, len(document.text) + 1):
            span = tidy(understand("甲多少"), passage, Span(start, end))
            assert 0 <= span.start <= span.end <= len(document.text)
