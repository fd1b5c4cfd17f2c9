"""What the tests share: a browser, an embedder and a reader that need no model, an archive."""

import os
import shutil
import socket
import tempfile
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import uvicorn
from hypothesis import settings
from playwright.sync_api import Browser, expect, sync_playwright
from starlette.types import ASGIApp

from index.archive import Archive
from index.lexical import cut_terms
from index.types import Vectors
from qa.question import understand
from qa.rules import answers_by_rule, missing
from qa.types import Findings, Passage

ROOT = Path(__file__).parent.parent

# A library waits for its disk at each change, a test need not: temporary folders are in memory where
# there is room for them.
_MEMORY = Path("/dev/shm")
if "TMPDIR" not in os.environ and _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > 2e9:
    os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)

# The gate has to stay short; pytest --hypothesis-profile default tries a hundred of each.
settings.register_profile("gate", max_examples=40)
settings.load_profile("gate")

# What a page shows is waited for as long as what a page does: a busy machine takes its time.
expect.set_options(timeout=30_000)


class HashEmbedder:
    """Character bigrams hashed to a few dimensions: texts that share words really are near."""

    def __init__(self, name: str = "hash", dimension: int = 64) -> None:
        self.name = name
        self.dimension = dimension
        self.max_tokens = 512

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self.embed_query(text) for text in texts]) if texts else self._none()

    def embed_query(self, text: str) -> Vectors:
        vector = np.full(self.dimension, 1e-3, dtype=np.float32)
        for term in cut_terms(text):
            vector[zlib.crc32(term.encode()) % self.dimension] += 1
        normalised: Vectors = vector / np.linalg.norm(vector)
        return normalised

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text) for text in texts]

    def _none(self) -> Vectors:
        return np.empty((0, self.dimension), dtype=np.float32)


class RuleReader:
    """Reads by the rules alone: a reader that needs no model."""

    def read(self, question: str, passages: Sequence[Passage]) -> Findings:
        asked = understand(question)
        readings = answers_by_rule(asked, passages)
        return Findings(readings, () if readings else missing(asked, passages))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium: Playwright brings none of its own here."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.skip("no Chromium found; install one (Debian: apt install chromium fonts-noto-cjk)")
    flags = (
        "--no-sandbox --disable-background-networking --disable-component-update --disable-sync "
        "--no-first-run --no-proxy-server"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=flags.split())
        yield browser
        browser.close()


@contextmanager
def running(make: Callable[[], uvicorn.Server]) -> Iterator[str]:
    """The address of a real server; it has ended when this does.

    It is made in the thread that it runs in: Playwright keeps an event loop in that of the tests.
    """
    servers: list[uvicorn.Server] = []
    made = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            servers.append(make())
            made.set()
            servers[0].run([listener])

        thread = threading.Thread(target=serve)
        thread.start()
        assert made.wait(60)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            servers[0].should_exit = True
            thread.join(20)
            assert not thread.is_alive()


def listening(make: Callable[[], ASGIApp]) -> AbstractContextManager[str]:
    """The address of an application alone."""
    return running(lambda: uvicorn.Server(uvicorn.Config(make(), log_level="critical")))


def but_its_id(response: httpx.Response) -> dict[str, Any]:
    """What a problem says; the id by which the log knows it is another each time."""
    told: dict[str, Any] = response.json()
    assert told.pop("request_id") == response.headers["x-request-id"]
    return told


@pytest.fixture
def embedder() -> HashEmbedder:
    return HashEmbedder()


@pytest.fixture
def archive(tmp_path: Path, embedder: HashEmbedder) -> Iterator[Archive]:
    with Archive(tmp_path / "library", lambda: embedder) as opened:
        yield opened
