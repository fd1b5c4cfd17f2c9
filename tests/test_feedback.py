"""Feedback is kept whole through a crash, and becomes a set that an evaluation reads."""

import json
from pathlib import Path

import pytest

from eval.cases import read_own
from eval.feedback import KIND, REFUSED, export, main
from index.archive import Archive
from qa.assistant import Assistant
from qa.desk import LocalDesk
from qa.feedback import Feedback, FeedbackBook
from qa.types import Turn
from tests.conftest import HashEmbedder, RuleReader

_REPORT = """甲区2024年经济报告

2024年，甲区完成工业投资12.5亿元，同比增长8.1%。

年末常住人口30.2万人。主持编制报告的是统计局局长李明。
"""


@pytest.fixture
def desk(archive: Archive) -> LocalDesk:
    archive.add("/甲区.txt", "甲区.txt", _REPORT.encode())
    return LocalDesk(archive, Assistant(archive, RuleReader()))


def _up(desk: LocalDesk, question: str) -> Feedback:
    return Feedback(question, "up", desk.ask(question))


def test_what_was_added_is_read_back_in_order(tmp_path: Path) -> None:
    book = FeedbackBook(tmp_path)
    said = [
        Feedback("甲\n乙\u2028丙", "up", {"short": "1"}, (Turn("早", "先"),)),
        Feedback("丁", "down", {}, reason="citation", remark="引文不对", correction="二"),
    ]
    assert book.all() == ()
    for feedback in said:
        book.add(feedback)
    assert FeedbackBook(tmp_path).all() == tuple(said)


def test_a_line_that_a_crash_cut_short_costs_that_line_alone(tmp_path: Path) -> None:
    book = FeedbackBook(tmp_path)
    book.add(Feedback("先", "up", {}))
    file = tmp_path / "feedback.jsonl"
    file.write_bytes(file.read_bytes() + file.read_bytes()[:20])
    book.add(Feedback("后", "up", {}))
    assert [feedback.question for feedback in book.all()] == ["先", "后"]


def test_a_text_that_is_no_text_is_kept_as_well_as_it_can_be(tmp_path: Path) -> None:
    book = FeedbackBook(tmp_path)
    book.add(Feedback("\ud800", "up", {}))
    assert [feedback.question for feedback in book.all()] == ["?"]


@pytest.mark.parametrize(
    "fields",
    [{"rating": "maybe"}, {"reason": "bored"}, {"remark": "长" * 2001}, {"question": "长" * 2001}],
)
def test_what_is_no_feedback_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"反馈|评价"):
        Feedback(**{"question": "问", "rating": "up", "answer": {}, **fields})  # type: ignore[arg-type]


def test_an_approved_answer_is_gold_and_an_approved_refusal_is_to_be_refused(
    desk: LocalDesk, tmp_path: Path
) -> None:
    said = [_up(desk, "2024年甲区工业投资增长多少"), _up(desk, "2020年乙区出口是多少")]
    assert export(said, desk, tmp_path) == (2, 0)
    answered, refused = read_own(tmp_path).cases
    assert (answered.kind, answered.answers) == (KIND, ("8.1%",))
    [[place]] = answered.evidence
    [file] = read_own(tmp_path).files
    assert place.document == file.key
    assert place.quote == "2024年，甲区完成工业投资12.5亿元，同比增长8.1%。"
    assert place.start > 0
    assert (refused.kind, refused.evidence) == (REFUSED, ())


def test_a_correction_is_gold_where_a_document_says_so(desk: LocalDesk, tmp_path: Path) -> None:
    question = "甲区常住人口多少"
    said = [
        Feedback(question, "down", desk.ask(question), correction="30.2万人"),
        Feedback("甲区面积多少", "down", desk.ask(question), correction="88平方公里"),
    ]
    assert export(said, desk, tmp_path) == (1, 1)
    [case] = read_own(tmp_path).cases
    assert (case.answers, case.evidence[0][0].quote) == (("30.2万人",), "年末常住人口30.2万人。")
    [undecided] = json.loads((tmp_path / "to_check.json").read_text(encoding="utf-8"))
    assert undecided["correction"] == "88平方公里"


def test_a_wrong_answer_may_have_had_to_be_refused_and_the_last_word_holds(
    desk: LocalDesk, tmp_path: Path
) -> None:
    first = _up(desk, "2024年甲区工业投资增长多少")
    last = Feedback(first.question, "down", first.answer, reason="should_refuse", remark="口径不同")
    assert export([first, last], desk, tmp_path) == (1, 0)
    [case] = read_own(tmp_path).cases
    assert (case.kind, case.why, case.answerable) == (REFUSED, "口径不同", False)


def test_a_thumb_down_without_more_decides_nothing(desk: LocalDesk, tmp_path: Path) -> None:
    said = Feedback("甲区工业投资多少", "down", desk.ask("甲区工业投资多少"), reason="wrong")
    assert export([said], desk, tmp_path) == (0, 1)


def test_the_command_writes_the_set_and_says_how_to_use_it(
    tmp_path: Path, embedder: HashEmbedder, capsys: pytest.CaptureFixture[str]
) -> None:
    data, out = tmp_path / "data", tmp_path / "out"
    assert main(["export", str(out), "--data", str(data)]) == 1
    assert "还没有反馈" in capsys.readouterr().err
    with Archive(data, lambda: embedder) as archive:
        archive.add("/甲区.txt", "甲区.txt", _REPORT.encode())
        desk = LocalDesk(archive, Assistant(archive, RuleReader()))
        desk.feedback.add(_up(desk, "2024年甲区工业投资增长多少"))
    assert main(["export", str(out), "--data", str(data)]) == 0
    assert f"youju eval {out}" in capsys.readouterr().out
    assert [case.answers for case in read_own(out).cases] == [("8.1%",)]
