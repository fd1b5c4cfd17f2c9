"""Calls to a server: done in time or failed, alone while it is down, and never to where they may be read."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import numpy as np
import pytest

from index.chroma_server import ChromaServer, Connection, Exposed, Missing, Refused
from index.store import NoAnswer
from qa.settings import Settings

Behaviour = Callable[[socket.socket, bytes], None]


@contextmanager
def _behaving(behaviour: Behaviour) -> Iterator[tuple[str, list[bytes]]]:
    """A server that reads a request and does what it is told; its address and what it has read."""
    seen: list[bytes] = []
    held: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                held.append(connection)
                try:
                    seen.append(connection.recv(65536))
                    behaviour(connection, seen[-1])
                except OSError:
                    continue

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", seen
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for connection in held:
                connection.close()
            thread.join(10)
            assert not thread.is_alive()


def _replying(status: str, body: bytes) -> Behaviour:
    def reply(connection: socket.socket, _: bytes) -> None:
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode() + body)

    return reply


def _silent(connection: socket.socket, _: bytes) -> None:
    """Takes the request and says nothing."""


def _trickling(connection: socket.socket, __: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(100):
        connection.sendall(b" ")
        time.sleep(0.05)


def _endless(connection: socket.socket, _: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")


@pytest.mark.parametrize("behaviour", [_silent, _trickling, _endless])
def test_a_call_ends_in_time_whatever_the_server_does(behaviour: Behaviour) -> None:
    with _behaving(behaviour) as (url, _), closing(Connection(ChromaServer.at(url))) as connection:
        started = time.monotonic()
        with pytest.raises(NoAnswer):
            connection.call("GET", "/heartbeat", seconds=0.5)
        assert time.monotonic() - started < 3


def test_a_server_that_failed_is_left_alone_for_a_while_and_then_tried_again() -> None:
    answers = [_silent, _replying("200 OK", b"7"), _replying("200 OK", b"8")]
    with (
        _behaving(lambda connection, request: answers.pop(0)(connection, request)) as (url, seen),
        closing(Connection(ChromaServer(url, pause=0.3))) as connection,
    ):
        for _ in range(3):
            with pytest.raises(NoAnswer):
                connection.call("GET", "/count", seconds=0.2)
        assert len(seen) == 1
        deadline = time.monotonic() + 10
        while True:
            try:
                assert connection.call("GET", "/count") == 7
                break
            except NoAnswer:
                assert time.monotonic() < deadline
                time.sleep(0.02)
        assert connection.call("GET", "/count") == 8
        assert len(seen) == 3


def test_while_one_call_tries_a_server_that_failed_others_do_not_wait() -> None:
    with (
        _behaving(_silent) as (url, seen),
        closing(Connection(ChromaServer(url, pause=0.0))) as connection,
    ):
        with pytest.raises(NoAnswer):
            connection.call("GET", "/count", seconds=0.2)

        def try_again() -> None:
            with pytest.raises(NoAnswer):
                connection.call("GET", "/count", seconds=1)

        trial = threading.Thread(target=try_again)
        trial.start()
        deadline = time.monotonic() + 5
        while len(seen) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        started = time.monotonic()
        with pytest.raises(NoAnswer):
            connection.call("GET", "/count", seconds=5)
        assert time.monotonic() - started < 0.5
        trial.join()


def test_a_connection_that_breaks_is_tried_once_more() -> None:
    def breaking(connection: socket.socket, _: bytes) -> None:
        connection.close()

    answers = [breaking, _replying("200 OK", b"7"), breaking, breaking]
    with (
        _behaving(lambda connection, request: answers.pop(0)(connection, request)) as (url, seen),
        closing(Connection(ChromaServer.at(url))) as connection,
    ):
        assert connection.call("GET", "/count") == 7
        with pytest.raises(NoAnswer):
            connection.call("GET", "/count")
        assert len(seen) == 4


def test_nobody_at_the_address_is_no_answer_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with closing(Connection(ChromaServer.at(f"http://127.0.0.1:{port}"))) as connection:
        started = time.monotonic()
        with pytest.raises(NoAnswer):
            connection.reach()
        assert time.monotonic() - started < 1


def test_closing_ends_a_call_under_way() -> None:
    ended: list[type[BaseException]] = []
    with _behaving(_silent) as (url, seen):
        connection = Connection(ChromaServer.at(url))

        def call() -> None:
            try:
                connection.call("GET", "/count", seconds=20)
            except NoAnswer as error:
                ended.append(type(error))

        thread = threading.Thread(target=call)
        thread.start()
        deadline = time.monotonic() + 5
        while not seen and time.monotonic() < deadline:
            time.sleep(0.01)
        connection.close()
        thread.join(5)
        assert ended == [NoAnswer]


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        ("401 Unauthorized", b"<html>", Refused),
        ("404 Not Found", b"{}", Missing),
        ("500 Internal Server Error", b"disk", Refused),
        ("200 OK", b"<html>", Refused),
        ("302 Found", b"", Refused),
        ("503 Service Unavailable", b"", NoAnswer),
        ("502 Bad Gateway", b"", NoAnswer),
    ],
)
def test_what_is_no_answer_is_told_from_a_refusal(
    status: str, body: bytes, kind: type[Exception]
) -> None:
    with (
        _behaving(_replying(status, body)) as (url, _),
        closing(Connection(ChromaServer.at(url))) as connection,
        pytest.raises(kind) as raised,
    ):
        connection.call("GET", "/count")
    assert raised.type is kind


@pytest.mark.parametrize(
    "told", [b"[]", b'{"ids": [["a"]], "distances": [[]]}', b"7", b'{"ids": 1}']
)
def test_a_reply_of_another_form_is_a_refusal(told: bytes) -> None:
    answers = [_replying("200 OK", b'{"id": "1", "metadata": null}'), _replying("200 OK", told)]
    with (
        _behaving(lambda connection, request: answers.pop(0)(connection, request)) as (url, _),
        closing(Connection(ChromaServer.at(url))) as connection,
    ):
        collection = connection.collection("youju")
        with pytest.raises(Refused):
            collection.nearest(np.zeros((1, 2), np.float32), 1)


def test_headers_reach_the_server_and_nothing_that_is_shown_or_logged(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What the environment says of proxies is not for this address.
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    caplog.set_level(0)
    settings = Settings.from_environment(
        {"YOUJU_CHROMA_HEADERS": "Authorization: Bearer s3cret-of-ours\nX-Team: 7"}
    )
    with _behaving(_replying("200 OK", b"7")) as (url, seen):
        server = ChromaServer.at(url, settings.chroma_headers)
        with closing(Connection(server)) as connection:
            connection.call("GET", "/count")
            server_gone = ChromaServer.at("http://127.0.0.1:9", settings.chroma_headers)
        with closing(Connection(server_gone)) as away, pytest.raises(NoAnswer) as raised:
            away.reach()
    assert b"Bearer s3cret-of-ours" in seen[0]
    assert b"X-Team: 7" in seen[0] or b"x-team: 7" in seen[0].lower()
    assert "s3cret" not in f"{server!r}{settings!r}{raised.value}{caplog.text}"


@pytest.mark.parametrize("form", ["lines", "json"])
def test_headers_are_lines_or_json(form: str) -> None:
    headers = {"Authorization": "Basic dXNlcjpwYXNz", "X-A": "b: c"}
    lines = "\n".join(f"{name}:  {value} " for name, value in headers.items())
    text = json.dumps(headers) if form == "json" else f"\n{lines}\n\n"
    assert ChromaServer.at("https://chroma.example.org/v", text).headers == headers


@pytest.mark.parametrize(
    "text", ["no colon s3cret", "A: s3cret\x01", "A b: s3cret", '{"A": 7, "s3cret": 1}', "{s3cret", "A:", "甲: s3cret"]
)  # fmt: skip
def test_bad_headers_are_refused_without_being_shown(text: str) -> None:
    with pytest.raises(ValueError, match="YOUJU_CHROMA_HEADERS") as raised:
        ChromaServer.at("http://127.0.0.1:8000", text)
    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize(
    "url",
    ["127.0.0.1:8000", "ftp://127.0.0.1", "http://", "http://[::1", "http://a:p4ss@127.0.0.1:8000",
     "http://127.0.0.1:8000/?k=p4ss", "http://127.0.0.1:8000/#p4ss", "chroma", "file:///etc/passwd"],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused_without_its_secrets(url: str) -> None:
    with pytest.raises(ValueError, match="YOUJU_CHROMA") as raised:
        ChromaServer.at(url)
    assert "p4ss" not in str(raised.value)


@pytest.mark.parametrize(
    ("url", "address", "allowed"),
    [
        ("http://chroma:8000", "10.8.0.3", True),
        ("http://chroma:8000", "192.168.1.4", True),
        ("http://chroma:8000", "fd12::7", True),
        ("http://chroma:8000", "fe80::1%eth0", True),
        ("http://localhost:8000", "::1", True),
        ("http://chroma.example.org:8000", "93.184.216.34", False),
        ("HTTP://chroma.example.org:8000", "93.184.216.34", False),
        ("http://chroma.example.org:8000", "2606:2800:220:1::1", False),
        ("http://chroma.example.org:8000", "::ffff:93.184.216.34", False),
        ("https://chroma.example.org", "93.184.216.34", True),
    ],
)
def test_without_tls_an_address_must_be_private(url: str, address: str, allowed: bool) -> None:
    server = ChromaServer.at(url)
    if allowed:
        server.must_be_private([address])
        return
    for addresses in ([address], ["10.8.0.3", address]):
        with pytest.raises(Exposed, match="https"):
            server.must_be_private(addresses)


def test_a_public_address_is_found_out_before_anything_is_sent() -> None:
    with (
        closing(Connection(ChromaServer.at("http://93.184.216.34:8000"))) as connection,
        pytest.raises(Exposed, match="公网"),
    ):
        connection.reach()
