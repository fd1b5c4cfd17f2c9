"""A real Chroma server in a child process, which can be killed, frozen and started again."""

import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGCONT, SIGKILL, SIGSTOP, SIGTERM

import httpx

_COMMAND = Path(sys.executable).with_name("chroma")


class ChromaRun:
    """`chroma run` on loopback, over one folder, always at the same address."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        where = ["--path", str(self._folder), "--host", "127.0.0.1", "--port", str(self._port)]
        self._process = subprocess.Popen(
            [_COMMAND, "run", *where],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=_without_huge_files,
        )
        deadline = time.monotonic() + 120
        while not self._answers():
            assert self._process.poll() is None, "the server has ended"
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.05)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(SIGKILL)

    def freeze(self) -> None:
        """Let it hold its connections and answer nothing."""
        assert self._process is not None
        self._process.send_signal(SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(SIGCONT)

    def stop(self) -> None:
        self._end(SIGTERM)

    def names(self) -> set[str]:
        """The names of its collections."""
        path = "/api/v2/tenants/default_tenant/databases/default_database/collections"
        return {one["name"] for one in httpx.get(self.url + path, trust_env=False).json()}

    def drop(self, name: str) -> None:
        """Delete a collection behind everybody's back."""
        path = f"/api/v2/tenants/default_tenant/databases/default_database/collections/{name}"
        httpx.delete(self.url + path, trust_env=False).raise_for_status()

    def _end(self, signal: int) -> None:
        if self._process is not None and self._process.poll() is None:
            # One that is frozen ends as well.
            self._process.send_signal(SIGCONT)
            self._process.send_signal(signal)
            self._process.wait(20)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/v2/heartbeat", trust_env=False).is_success
        except httpx.HTTPError:
            return False


def _without_huge_files() -> None:
    """A torn index may grow to terabytes when it is opened again."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (256_000_000, 256_000_000))


@contextmanager
def chroma_running(folder: Path) -> Iterator[ChromaRun]:
    """A server for as long as this lasts."""
    server = ChromaRun(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
