"""OpenAI's own client, and LangChain's, over a real server: they need not know that it is not one."""

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import HumanMessage
from langchain_openai import ChatOpenAI
from openai.types.chat import ChatCompletionMessageParam

from index.archive import Archive
from index.types import Document, Span
from qa.assistant import Assistant
from qa.desk import LocalDesk
from qa.settings import Settings
from qa.types import Answer, Citation
from tests.conftest import HashEmbedder, RuleReader, listening
from web.api.application import create_api
from web.api.completions import _markers
from web.api.filters import Filter
from web.api.register import Key, Register

_REPORT = "甲区年报\n2024年，甲区完成工业投资12.5亿元，同比增长8.1%。\n"
_OTHER = "乙区年报\n2024年，乙区完成工业投资25.6亿元，同比增长9.9%。\n"
_QUESTION = "甲区工业投资是多少"


@dataclass(frozen=True)
class _Served:
    url: str
    key: str
    register: Register
    desk: LocalDesk

    def client(self, key: str = "") -> openai.OpenAI:
        return openai.OpenAI(base_url=f"{self.url}/v1", api_key=key or self.key, max_retries=0)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Served]:
    folder = tmp_path_factory.mktemp("completions")
    with Archive(folder, HashEmbedder) as archive:
        archive.add("/甲.txt", "甲.txt", _REPORT.encode())
        archive.add("/乙.txt", "乙.txt", _OTHER.encode())
        desk = LocalDesk(archive, Assistant(archive, RuleReader()))
        register = Register(folder)
        with listening(lambda: create_api(desk, Settings(data=folder, per_minute=10_000))) as url:
            yield _Served(url, register.add_key(Key("程序")), register, desk)


def _said(*texts: str) -> list[ChatCompletionMessageParam]:
    """A conversation: what the user and the assistant said in turn."""
    messages: list[ChatCompletionMessageParam] = [{"role": "system", "content": "只用英文回答。"}]
    for number, text in enumerate(texts):
        if number % 2:
            messages.append({"role": "assistant", "content": text})
        else:
            messages.append({"role": "user", "content": text})
    return messages


def test_openais_client_gets_the_answer_and_where_it_stands(served: _Served) -> None:
    with served.client() as client:
        got = client.chat.completions.create(
            model="youju", messages=_said(_QUESTION), temperature=1
        )
    [choice] = got.choices
    expected = served.desk.assistant.ask(_QUESTION)
    content = choice.message.content or ""
    assert (content, choice.finish_reason) == (expected.text, "stop")
    [annotation] = choice.message.annotations or []
    cited = annotation.url_citation
    assert content[cited.start_index : cited.end_index] == "[1]"
    [citation] = expected.citations
    address, _, place = cited.url.partition("#")
    start, end = map(int, place.split("-"))
    authorised = {"Authorization": f"Bearer {served.key}"}
    document = httpx.get(address, headers=authorised, trust_env=False).json()
    assert document["text"][start:end] == citation.quote == cited.model_dump()["quote"]
    assert got.usage is not None
    assert got.usage.completion_tokens == len(content)
    assert got.usage.total_tokens == got.usage.prompt_tokens + got.usage.completion_tokens


def test_openais_client_gets_it_as_a_stream(served: _Served) -> None:
    with served.client() as client:
        chunks = list(
            client.chat.completions.create(
                model="youju", messages=_said(_QUESTION), stream=True,
                stream_options={"include_usage": True},
            )
        )  # fmt: skip
    *told, usage = chunks
    content = "".join(chunk.choices[0].delta.content or "" for chunk in told)
    assert content == served.desk.assistant.ask(_QUESTION).text
    assert told[-1].choices[0].finish_reason == "stop"
    annotations = told[-1].choices[0].delta.model_dump()["annotations"]
    assert annotations[0]["url_citation"]["quote"] in content
    assert usage.usage is not None
    assert usage.usage.completion_tokens == len(content)
    assert len({chunk.id for chunk in chunks}) == 1


def test_what_was_said_before_is_the_history_and_parts_are_text(served: _Served) -> None:
    with served.client() as client:
        messages = _said(_QUESTION, "12.5亿元。[1]")
        messages.append({"role": "user", "content": [{"type": "text", "text": "乙区呢"}]})
        got = client.chat.completions.create(model="youju", messages=messages)
    assert "25.6亿元" in (got.choices[0].message.content or "")


def test_a_refusal_is_what_it_says(served: _Served) -> None:
    with served.client() as client:
        got = client.chat.completions.create(model="youju", messages=_said("丁市市长是谁"))
    [choice] = got.choices
    assert (choice.message.content or "").startswith("证据不足")
    assert choice.message.annotations == []


def test_a_key_answers_from_its_own_documents(served: _Served) -> None:
    key = served.register.add_key(Key("乙", Filter(("乙.txt",))))
    with served.client(key) as client:
        got = client.chat.completions.create(model="youju", messages=_said(_QUESTION))
        assert "12.5" not in (got.choices[0].message.content or "")


def test_the_models_are_one(served: _Served) -> None:
    with served.client() as client:
        assert [model.id for model in client.models.list()] == ["youju"]
        assert client.models.retrieve("youju").id == "youju"
        with pytest.raises(openai.NotFoundError, match="youju"):
            client.models.retrieve("other")


def test_errors_are_those_that_openais_client_knows(served: _Served) -> None:
    with served.client() as client:
        with pytest.raises(openai.NotFoundError, match="youju"):
            client.chat.completions.create(model="gpt-x", messages=_said(_QUESTION))
        with pytest.raises(openai.BadRequestError, match="messages"):
            client.chat.completions.create(model="youju", messages=[])
        with pytest.raises(openai.BadRequestError, match="user"):
            client.chat.completions.create(model="youju", messages=_said())
    with served.client("yj_wrong") as client, pytest.raises(openai.AuthenticationError) as wrong:
        client.models.list()
    assert wrong.value.code == "invalid_api_key"
    got = httpx.get(f"{served.url}/v1/nothing", trust_env=False)
    assert (got.status_code, set(got.json()["error"])) == (
        404,
        {"message", "type", "param", "code"},
    )


def test_langchains_client_asks_and_streams(served: _Served) -> None:
    model = ChatOpenAI(model="youju", base_url=f"{served.url}/v1", api_key=lambda: served.key)
    expected = served.desk.assistant.ask(_QUESTION).text
    assert model.invoke([HumanMessage(_QUESTION)]).text == expected
    assert "".join(chunk.text for chunk in model.stream([HumanMessage(_QUESTION)])) == expected


@given(
    st.text("甲乙[1]2。\n", min_size=1, max_size=12),
    st.text("甲乙[1]2。\n", min_size=1, max_size=12),
)
def test_each_citation_has_a_marker_and_none_stands_in_a_quotation(one: str, two: str) -> None:
    document = Document("d", "s", "t", one + two)
    spans = (Span(0, len(one)), Span(len(one), len(one + two)))
    citations = tuple(Citation.of(n, document, span) for n, span in enumerate(spans, start=1))
    text = "\n".join(f"{c.quote}[{c.marker}]" for c in citations)
    found = _markers(Answer("q", text, "", "extract", 1.0, citations))
    for start, end, citation in found:
        assert text[start:end] == f"[{citation.marker}]"
    if "[" not in one + two:
        assert [citation.marker for _, _, citation in found] == [1, 2]
