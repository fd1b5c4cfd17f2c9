"""A server of our own in a process of its own, for what is measured from outside.

It is started as `youju serve` starts it, on a free port of this machine, and says itself when it is
ready and which key its administrator has.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).parent.parent
_READY, _KEY = re.compile(r"已就绪：(\S+)"), re.compile(r"管理员密钥：(\S+)")


@dataclass(frozen=True, slots=True)
class Server:
    """Where it is, its process, and its administrator's key, "" if that was shown before."""

    url: str
    pid: int
    key: str


@contextmanager
def started(
    data: Path, *, samples: Path | None = None, environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """A server over a data folder, once it answers; it ends with the context."""
    command = [sys.executable, "-m", "qa", "serve", "--data", str(data.resolve()), "--port", "0"]
    process = subprocess.Popen(
        [*command, *(["--samples", str(samples)] if samples else [])],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environment or {})},
    )
    try:
        yield _ready(process)
    finally:
        process.terminate()
        process.communicate(timeout=60)


def _ready(process: subprocess.Popen[str]) -> Server:
    assert process.stdout is not None
    key = ""
    for line in process.stdout:
        key = found.group(1) if (found := _KEY.search(line)) else key
        if ready := _READY.search(line):
            return Server(ready.group(1), process.pid, key)
    raise RuntimeError("the server ended before it was ready")
