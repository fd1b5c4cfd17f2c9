"""What is done before the server answers: the port taken, samples taken in, examples chosen."""

import errno
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from qa.desk import LocalDesk
from qa.files import files_under, read_file
from qa.settings import Settings

_EXAMPLES = Path(__file__).parent / "examples.txt"
_EXAMPLES_SHOWN = 4


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


def example_questions(desk: LocalDesk, settings: Settings) -> list[str]:
    """Questions that this library answers, of those in the data folder's examples.txt or in ours."""
    if not desk.entries():
        return []
    own = settings.data / "examples.txt"
    lines = (own if own.is_file() else _EXAMPLES).read_text(encoding="utf-8").splitlines()
    asked = (line.strip() for line in lines if line.strip())
    answered = (question for question in asked if not desk.assistant.ask(question).refused)
    return list(islice(answered, _EXAMPLES_SHOWN))


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
