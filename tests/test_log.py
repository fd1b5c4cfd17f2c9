"""What the server writes down: whole lines that a program reads, and not a word that is nobody's business."""

import asyncio
import io
import json
import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.archive import Archive
from index.errors import LibraryError
from qa.settings import Settings
from tests.conftest import HashEmbedder
from tests.served import serving
from web import log

_SECRET = "苇塘区绝密事项"
_TEXT = f"年报\n2023年，苇塘区完成工业投资12.5亿元，{_SECRET}。\n"
_QUESTION = f"苇塘区工业投资是多少{_SECRET}"


def _wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class _Lines(io.StringIO):
    """A log that is read while it is written."""

    def told(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]

    def of(self, request_id: str) -> list[dict[str, Any]]:
        """The lines of one request, whose own is the last: it is written once it is answered."""
        _wait_until(lambda: f'"request_id": "{request_id}", "method"' in self.getvalue())
        return [line for line in self.told() if line.get("request_id") == request_id]


class _Terminal(_Lines):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def restored() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("youju")
    before = root.handlers[:], root.level, ours.level
    yield
    logging.captureWarnings(False)
    root.handlers[:], root.level, ours.level = before


@pytest.fixture
def lines(restored: None) -> _Lines:
    stream = _Lines()
    log.start(stream)
    return stream


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("log")
    with Archive(folder, HashEmbedder) as archive:
        archive.add("/年报.txt", "年报.txt", _TEXT.encode())
        (folder / "owner.json").touch()
        with serving(archive, Settings(data=folder)) as address:
            yield address


def _call(url: str, method: str, path: str, **request: Any) -> httpx.Response:  # noqa: ANN401
    return httpx.request(method, f"{url}{path}", trust_env=False, **request)


_DESK = {"Authorization": "Bearer token"}


def test_a_request_is_one_line_and_nothing_is_told_of_what_was_asked(
    url: str, lines: _Lines
) -> None:
    named = {**_DESK, "X-Request-ID": "abc-1.2_3"}
    got = _call(url, "POST", "/desk/ask", headers=named, json={"question": _QUESTION})
    assert got.headers["x-request-id"] == "abc-1.2_3"
    assert _SECRET in got.text
    [answered, request] = lines.of("abc-1.2_3")
    assert (answered["message"], answered["mode"]) == ("answered", got.json()["mode"])
    expected = ("request", "POST", "/desk/ask", 200, "INFO")
    assert tuple(request[f] for f in ("message", "method", "path", "status", "level")) == expected
    assert request["ms"] >= answered["ms"] > 0
    assert _SECRET not in lines.getvalue()


def test_the_words_of_questions_are_written_only_where_that_is_set(
    tmp_path: Path, lines: _Lines
) -> None:
    chosen = Settings(data=tmp_path, log_questions="on")
    with Archive(tmp_path, HashEmbedder) as archive, serving(archive, chosen) as url:
        _call(url, "POST", "/desk/ask", headers=_DESK, json={"question": _QUESTION})
    told = [line for line in lines.told() if line["message"] == "answered"]
    assert [line["question"] for line in told] == [_QUESTION]
    with pytest.raises(ValueError, match="YOUJU_LOG_QUESTIONS"):
        Settings(log_questions="ja")


@pytest.mark.parametrize(
    "given_id", ["", "a b", "a" * 65, "甲".encode().decode("latin-1"), "a\tb", '{"a":1}', "x;y"]
)
def test_an_id_that_is_not_harmless_is_replaced(url: str, lines: _Lines, given_id: str) -> None:
    got = _call(url, "GET", "/health", headers={b"X-Request-ID": given_id.encode("latin-1")})
    own = got.headers["x-request-id"]
    assert re.fullmatch(r"[0-9a-f]{16}", own)
    assert [line["path"] for line in lines.of(own)] == ["/health"]


def test_a_problem_says_what_the_log_knows_it_by(url: str, lines: _Lines) -> None:
    for path, status in (("/api/v1/documents/x", 401), ("/api/v1/nothing", 404)):
        got = _call(url, "GET", path, headers={"X-Request-ID": f"p{status}"})
        assert (got.status_code, got.json()["request_id"]) == (status, f"p{status}")
        assert lines.of(f"p{status}")[-1]["status"] == status
    got = _call(url, "GET", "/health", headers={"Host": "evil.example"})
    assert got.json()["request_id"] == got.headers["x-request-id"]


@pytest.mark.parametrize(("error", "status"), [(None, 499), (RuntimeError("x"), 500)])
def test_who_left_before_the_answer_is_told_from_a_failure(
    lines: _Lines, error: Exception | None, status: int
) -> None:
    async def ends(*_: object) -> None:
        if error:
            raise error

    async def ask() -> None:
        scope = {"type": "http", "method": "GET", "path": "/x", "headers": []}
        with suppress(RuntimeError):
            await log.Requests(ends)(scope, _unused, _unused)

    async def _unused(*_: object) -> Any:  # noqa: ANN401
        raise AssertionError

    asyncio.run(ask())
    assert [line["status"] for line in lines.told()] == [status]


def test_of_a_path_the_form_is_written_and_no_key(url: str, lines: _Lines) -> None:
    paths = {
        "/talk/Geheim123/export.md?q=Geheim123": "/talk/{key}/export.{form}",
        "/page/documents/Geheim123?x=Geheim123": "/page/documents/{document_id}",
        "/api/v1/documents/Geheim123": "/api/v1/documents/{document_id}",
    }
    for path, form in paths.items():
        got = _call(url, "GET", path)
        [line] = lines.of(got.headers["x-request-id"])
        assert line["path"] == form
    assert "Geheim123" not in lines.getvalue()


def test_control_characters_of_a_request_reach_no_terminal(url: str, restored: None) -> None:
    for stream in (_Lines(), _Terminal()):
        log.start(stream)
        _call(url, "GET", "/nothing%1b%5b2J%0aFORGED%e2%80%ae%c2%9b31m/x")
        _wait_until(lambda: stream.getvalue().endswith("\n"))  # noqa: B023
        assert stream.getvalue().count("\n") == 1
        assert all(c.isprintable() for c in stream.getvalue().rstrip("\n"))
        assert "\\u001b" in stream.getvalue()


_ANY = st.text(
    st.characters(codec=None) | st.sampled_from("\x00\x1b\n\r\x7f\x9b\u2028\u202e\ud800")
)


@given(_ANY)
def test_a_line_stays_one_line_and_is_read_back_as_it_was(text: str) -> None:
    record = logging.LogRecord("youju", logging.INFO, "", 0, text, (), None)
    line = log.AsJson().format(record)
    assert line.isprintable()
    assert json.loads(line)["message"] == text
    assert log.Plainly().format(record).isprintable()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValueError(_SECRET), False),
        (KeyError(_SECRET), False),
        (OSError(28, "No space left on device"), True),
        (LibraryError("资料库写不了"), True),
    ],
    ids=lambda value: type(value).__name__,
)
def test_of_a_mishap_the_place_is_told_and_the_message_only_where_it_is_ours(
    restored: None, error: Exception, told: bool
) -> None:
    for stream in (_Lines(), _Terminal()):
        log.start(stream)
        try:
            try:
                raise error
            except Exception as cause:
                raise RuntimeError(_SECRET) from cause
        except RuntimeError:
            logging.getLogger("youju").exception("a question could not be answered")
        written = stream.getvalue()
        assert _SECRET not in written
        assert f"{type(error).__name__}" in written
        assert Path(__file__).name in written
        assert (str(error) in written) is told
        assert written.count("\n") == 1 or all(
            line.startswith("    ") for line in written.splitlines()[1:]
        )


def test_what_people_ask_in_the_chat_and_by_command_is_counted_too(url: str) -> None:
    def counted() -> float:
        told = _call(url, "GET", "/metrics").text.splitlines()
        found = [line for line in told if line.startswith("youju_questions_total")]
        return sum(float(line.rpartition(" ")[2]) for line in found)

    before = counted()
    _call(url, "POST", "/desk/ask", headers=_DESK, json={"question": _QUESTION})
    assert counted() == before + 1
