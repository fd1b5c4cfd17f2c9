"""What is done before the server answers: the port taken, samples taken in, examples chosen."""

import errno
import signal
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice, zip_longest
from pathlib import Path

from index.types import Entry, Span
from qa.desk import LocalDesk
from qa.files import files_under, read_file
from qa.settings import Settings
from qa.suggest import questions_of
from web.api.administration import KEEP
from web.api.register import Register

_EXAMPLES = Path(__file__).parent / "examples.txt"
_EXAMPLES_SHOWN, _EXAMPLES_FEW = 4, 2
# Where questions are made of documents: of so many, and of so much of each.
_DOCUMENTS_TRIED, _BEGINNING = 4, 5000


def listen(host: str, port: int) -> socket.socket:
    """Take the port, before anything is done in vain; ValueError, for the user, if it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OverflowError as error:
        raise ValueError(f"端口 {port} 无效，应当在 0 到 65535 之间。") from error
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise ValueError(
                f"无法在 {host} 端口 {port} 上监听：{error.strerror}。"
                "请检查 --host 和 --port（YOUJU_HOST、YOUJU_PORT）。"
            ) from error
        raise ValueError(
            f"端口 {port} 已被占用。请先停止占用它的程序，或换一个端口："
            f"--port {port + 1}，或环境变量 YOUJU_PORT。"
        ) from error


def address(host: str, listener: socket.socket) -> str:
    """Where this machine reaches what listens there."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    name = f"[{reached}]" if ":" in reached else reached
    return f"http://{name}:{listener.getsockname()[1]}"


def add_samples(desk: LocalDesk, folder: Path, settings: Settings) -> None:
    """Take in the files of a folder, so that the first run has something to be asked about."""
    files = list(files_under([folder]))
    for number, found in enumerate(files, start=1):
        print(f"收录示例资料 {number}/{len(files)}：{found.shown}", flush=True)
        try:
            if found.problem:
                raise ValueError(found.problem)
            data = read_file(found.path, settings.max_file_mb)
        except ValueError as error:
            print(f"  未收录：{error}", file=sys.stderr)
            continue
        with _undisturbed():
            added = desk.add(found.key, Path(found.shown).name, data)
        if added.status == "failed":
            print(f"  未收录：{added.message}", file=sys.stderr)


def show_admin_key(settings: Settings) -> None:
    """Make the administrator's key if there is none yet, and say it this once."""
    key = Register(settings.data).first_admin_key()
    if key:
        print(f"接口的管理员密钥：{key}\n{KEEP}", flush=True)


def example_questions(desk: LocalDesk, settings: Settings) -> list[str]:
    """Questions that this library answers.

    Those of the data folder's examples.txt or of ours; where too few of them are answered, some in
    the words of the latest documents.
    """
    entries = desk.entries()
    own = settings.data / "examples.txt"
    lines = (own if own.is_file() else _EXAMPLES).read_text(encoding="utf-8").splitlines()
    asked = [line.strip() for line in lines if line.strip()] if entries else []
    # Each costs an answer: no more are tried than are shown.
    answered = list(islice((q for q in asked if _is_answered(desk, q)), _EXAMPLES_SHOWN))
    if len(answered) < _EXAMPLES_FEW:
        near = islice(_in_their_words(desk, entries[:_DOCUMENTS_TRIED]), 2 * _EXAMPLES_SHOWN)
        more = (q for q in near if q not in answered and _is_answered(desk, q))
        answered = [*answered, *islice(more, _EXAMPLES_SHOWN - len(answered))]
    return answered


class Examples:
    """The example questions of a library that changes: made anew in the background when it has."""

    def __init__(self, desk: LocalDesk, settings: Settings) -> None:
        self._desk, self._settings = desk, settings
        self._shown: list[str] = []
        self._of: frozenset[str] | None = None
        self._making = threading.Lock()
        self._make()

    def shown(self) -> list[str]:
        """Those of the library as it was last looked at."""
        if self._of != self._ids():
            threading.Thread(target=self._make, name="examples", daemon=True).start()
        return self._shown

    def _ids(self) -> frozenset[str]:
        return frozenset(entry.id for entry in self._desk.entries())

    def _make(self) -> None:
        with self._making:
            ids = self._ids()
            if ids != self._of:
                self._shown, self._of = example_questions(self._desk, self._settings), ids


def _is_answered(desk: LocalDesk, question: str) -> bool:
    return not desk.assistant.ask(question).refused


def _in_their_words(desk: LocalDesk, entries: Sequence[Entry]) -> Iterator[str]:
    """Questions to the figures of documents, in turn."""
    documents = [desk.document(entry.id) for entry in entries]
    asked = [questions_of(d, [Span(0, min(len(d.text), _BEGINNING))]) for d in documents]
    for turn in zip_longest(*asked):
        yield from filter(None, turn)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """A signal to stop takes effect afterwards: what is being written is written whole."""
    asked: list[int] = []
    before = {
        number: signal.signal(number, lambda number, _: asked.append(number))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if asked:
        raise KeyboardInterrupt
