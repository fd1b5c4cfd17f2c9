"""A conversation: answered step by step, kept by the browser, taken away as text, judged by people."""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from docx import Document as WordFile
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from index.archive import Archive
from qa.assistant import Assistant
from qa.desk import LocalDesk
from qa.settings import Settings
from qa.types import Answer, Turn
from tests.conftest import RuleReader
from web.records import Talks, record_routes
from web.talk import Exchange, Scope, Talk, answer, greeting, restored, suggestions
from web.tally import Tally
from web.words import EN, ZH

_REPORT = """甲区2023年年报
发布日期：2024-02-01
2023年，甲区完成工业投资12.5亿元，同比增长8.1%。
2023年，甲区进出口总额36亿元。
"""
_OLDER = "甲区2022年年报\n发布日期：2023-02-01\n2022年，甲区完成工业投资11.6亿元，同比增长5.3%。\n"
_QUESTION = "2023年甲区工业投资是多少"


@pytest.fixture
def desk(archive: Archive) -> LocalDesk:
    archive.add("/甲.txt", "甲.txt", _REPORT.encode())
    archive.add("/旧.txt", "旧.txt", _OLDER.encode())
    return LocalDesk(archive, Assistant(archive, RuleReader()))


def _asked(desk: LocalDesk, *questions: str, talk: Talk | None = None) -> Talk:
    talk = talk or Talk()
    for question in questions:
        *_, last = answer(desk, question, talk, Tally(desk, Settings()))
        assert isinstance(last, Talk)
        talk = last
    return talk


def _text(talk: Talk) -> str:
    return re.sub("<[^>]+>", "", talk.shown()[-1]["content"])


def test_the_steps_come_before_the_answer(desk: LocalDesk) -> None:
    first, second, talk = answer(desk, _QUESTION, Talk(), Tally(desk, Settings()))
    assert (first, second) == (ZH.steps["retrieve"], ZH.steps["read"])
    assert isinstance(talk, Talk)
    assert "12&#46;5亿元" in talk.shown()[-1]["content"]
    assert ZH.steps["read"] in Talk().shown(_QUESTION, ZH.steps["read"])[-1]["content"]


def test_a_failure_is_one_sentence_and_is_logged(
    desk: LocalDesk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.archive.close()
    shown = _text(_asked(desk, _QUESTION))
    assert "Traceback" not in shown
    assert "日志" in shown
    assert caplog.records[-1].exc_info


def test_each_answer_keeps_its_own_markers(desk: LocalDesk) -> None:
    talk = _asked(desk, _QUESTION, "2023年甲区进出口总额多少")
    for number in (1, 2):
        anchor = f"yj-source-{talk.key}-{number}-1"
        assert f'href="#{anchor}"' in talk.shown()[2 * number - 1]["content"]
        assert f'id="{anchor}"' in talk.panel()
    assert talk.panel().index("进出口总额多少") < talk.panel().index("工业投资是多少")


def test_a_follow_up_is_answered_and_shown_as_the_question_it_became(desk: LocalDesk) -> None:
    first = _asked(desk, _QUESTION)
    talk = _asked(desk, "增长多少", talk=first)
    assert "理解为" not in _text(first)
    assert "理解为：2023年甲区工业投资增长多少修改" in _text(talk)
    assert talk.turns[-1] == Turn("2023年甲区工业投资增长多少", "8.1%")


@pytest.mark.parametrize(
    ("scope", "short"),
    [
        (Scope(), "12.5亿元"),
        (Scope(since="2024"), "12.5亿元"),
        (Scope(until="2023"), ""),
        (Scope(since="2023-02", until="2024-02"), "12.5亿元"),
    ],
)
def test_only_what_is_within_the_scope_is_asked(desk: LocalDesk, scope: Scope, short: str) -> None:
    asked = _asked(desk, _QUESTION, talk=Talk(scope=scope)).exchanges[0].answer
    assert asked
    assert asked.short == short


def test_a_scope_may_name_documents_and_hold_none(desk: LocalDesk) -> None:
    [new] = [entry.id for entry in desk.entries() if entry.source == "甲.txt"]
    assert Scope((new,)).within(desk) == (new,)
    assert Scope((new,), until="2023").within(desk) == ()
    assert ZH.scope_nothing in _text(_asked(desk, _QUESTION, talk=Talk(scope=Scope(("none",)))))


def test_a_conversation_forgets_its_oldest_and_keeps_their_numbers() -> None:
    talk = Talk()
    for number in range(1, 451):
        talk = talk.added(Exchange(f"问{number}", "答"))
    assert (talk.count, len(talk.exchanges), talk.exchange(250)) == (450, 200, None)
    kept = [talk.exchange(number) for number in (251, 450)]
    assert [one.asked for one in kept if one] == ["问251", "问450"]
    assert talk.exchange(451) is talk.exchange(0) is None
    assert talk.before(253).exchanges == talk.exchanges[:2]
    assert talk.before(7).exchanges == ()


def test_what_the_browser_kept_is_the_same_conversation(desk: LocalDesk) -> None:
    talk = _asked(desk, _QUESTION, "增长多少", "乙区工业投资是多少")
    kept = json.loads(json.dumps(talk.stored()))
    again = restored(kept, desk, ZH)
    assert again.key != talk.key
    unkeyed = [
        [(e.asked, e.message.replace(t.key, ""), e.sources.replace(t.key, "")) for e in t.exchanges]
        for t in (talk, again)
    ]
    assert unkeyed[0] == unkeyed[1]
    assert again.stored() == [
        {**exchange, "answer": {**exchange["answer"], "confidence": pytest.approx(c, abs=1e-3)}}
        for exchange in kept
        for c in [exchange["answer"]["confidence"]]
    ]


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(
            st.sampled_from("asked answer mode question short citations span".split()), inside
        )
    ),
    max_leaves=12,
)


class _Nowhere:
    def document(self, document_id: str) -> None:
        raise AssertionError


@given(_JSON)
def test_whatever_else_a_browser_holds_is_an_empty_conversation(stored: Any) -> None:  # noqa: ANN401
    assert restored(stored, _Nowhere(), ZH).exchanges == ()  # type: ignore[arg-type]


def test_a_quotation_that_a_browser_made_up_is_not_marked_in_a_document(desk: LocalDesk) -> None:
    [kept] = _asked(desk, _QUESTION).stored()
    kept["answer"]["citations"][0]["quote"] = "甲区完成工业投资99亿元"
    assert "<mark>" not in restored([kept], desk, ZH).panel()


def test_what_is_suggested_is_answered_and_new(desk: LocalDesk) -> None:
    talk = _asked(desk, _QUESTION)
    found = suggestions(desk, talk, lambda: False)
    assert "2023年甲区进出口总额是多少" in found
    for question in found:
        told = desk.assistant.ask(question)
        assert not told.refused
        assert told.short != "12.5亿元"
    assert "进出口总额是多少" in _text(talk.suggesting(found))


def test_a_refusal_suggests_what_the_library_can_answer(desk: LocalDesk) -> None:
    talk = _asked(desk, "乙区工业投资是多少")
    found = suggestions(desk, talk, lambda: False)
    assert found
    assert ZH.can_answer in _text(talk.suggesting(found))


def test_nothing_is_suggested_while_others_wait(desk: LocalDesk) -> None:
    talk = _asked(desk, _QUESTION)
    assert suggestions(desk, talk, lambda: True) == []
    waiting = iter([False, False, True])
    assert len(suggestions(desk, talk, lambda: next(waiting))) == 1


def test_the_head_speaks_both_languages(desk: LocalDesk) -> None:
    assert "现有 2 份文档" in greeting(desk, Talk())
    assert "2 documents" in greeting(desk, Talk(words=EN))
    assert "重建" not in greeting(desk, Talk())
    desk.archive._store.abandon()
    assert "索引正在重建" in greeting(desk, Talk())
    assert "being rebuilt" in greeting(desk, Talk(words=EN))


# -- what is asked for under its key ---------------------------------------------------------


@pytest.fixture
def talk(desk: LocalDesk) -> Talk:
    return _asked(desk, _QUESTION, "增长多少", "乙区 *工业* <b>投资</b> 是多少")


@pytest.fixture
def client(desk: LocalDesk, talk: Talk) -> Iterator[TestClient]:
    app = FastAPI()
    talks = Talks()
    talks.keep(talk)
    app.include_router(record_routes(talks, desk))
    with TestClient(app) as client:
        yield client


def test_an_answer_is_copied_with_its_sources(client: TestClient, talk: Talk) -> None:
    text = client.get(f"/talk/{talk.key}/2.txt").text
    assert text.splitlines()[:4] == [
        "增长多少", "理解为：2023年甲区工业投资增长多少", "原文摘录", "8.1%",
    ]  # fmt: skip
    assert "2023年，甲区完成工业投资12.5亿元，同比增长8.1%。[1]" in text
    assert re.search(r"\[1\] 《甲区2023年年报》 .*甲\.txt · 字符 \d+–\d+", text)


def test_markdown_holds_the_words_and_no_markup_of_others(client: TestClient, talk: Talk) -> None:
    response = client.get(f"/talk/{talk.key}/export.md")
    assert response.headers["content-disposition"] == 'attachment; filename="youju.md"'
    html = MarkdownIt("commonmark").render(response.text)
    assert html.count("<h2>") == 3
    assert "<h2>乙区 *工业* &lt;b&gt;投资&lt;/b&gt; 是多少</h2>" in html
    assert "<strong>12.5亿元</strong>" in html


def test_word_holds_every_answer(client: TestClient, talk: Talk) -> None:
    data = client.get(f"/talk/{talk.key}/export.docx").content
    lines = [paragraph.text for paragraph in WordFile(io.BytesIO(data)).paragraphs]
    assert {_QUESTION, "12.5亿元", "8.1%", ZH.near} <= set(lines)


@pytest.mark.parametrize("path", ["nobody/1.txt", "{key}/9.txt", "{key}/0.md", "nobody/export.md"])
def test_what_is_not_there_is_not_found(client: TestClient, talk: Talk, path: str) -> None:
    assert client.get(f"/talk/{path.format(key=talk.key)}").status_code == 404


def test_feedback_is_kept_with_the_answer_and_what_was_asked_before(
    client: TestClient, talk: Talk, desk: LocalDesk
) -> None:
    said = {"rating": "down", "reason": "wrong", "correction": " 8.2% "}
    assert client.post(f"/talk/{talk.key}/2/feedback", json=said).json() == {"status": "ok"}
    [kept] = desk.feedback.all()
    assert (kept.question, kept.rating, kept.reason) == ("增长多少", "down", "wrong")
    assert (kept.correction, kept.history) == ("8.2%", (Turn(_QUESTION, "12.5亿元"),))
    assert Answer.from_json(kept.answer).short == "8.1%"


@pytest.mark.parametrize(
    "said", [{"rating": "so-so"}, {"rating": "up", "remark": "长" * 3000}, {}, {"rating": ["up"]}]
)
def test_what_is_no_feedback_is_not_kept(
    client: TestClient, talk: Talk, desk: LocalDesk, said: dict[str, Any]
) -> None:
    assert client.post(f"/talk/{talk.key}/1/feedback", json=said).status_code == 422
    assert desk.feedback.all() == ()


def test_only_the_latest_conversations_are_kept() -> None:
    talks = Talks(most=2)
    first, second, third = (Talk() for _ in range(3))
    for talk in (first, second, replace(first, words=EN), third):
        talks.keep(talk)
    assert talks.get(second.key) is None
    assert [talks.get(talk.key) is None for talk in (first, third)] == [False, False]
