"""Programs of ours that read what strangers made, each in a process of its own.

A parser that loops, swells or crashes ends there: it can neither take the server with it, nor its
memory, nor its time. `started` begins such a program in the process that wants its work; run as
`python apart.py`, this file is the first thing in the new one. What they read, and how they answer,
is index/draw.py's and index/parsing.py's.
"""

import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

_ROOT = str(Path(__file__).resolve().parent.parent)
# It is told nothing of the server's environment, which holds its secrets; Windows starts no program
# without one. What OpenBLAS reserves for each core would count as memory.
_ENVIRONMENT = None if os.name == "nt" else {"OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a program may take: seconds by the clock, seconds of a core, bytes of memory.

    The last two only where the system can limit them, which Windows cannot and macOS in part.
    """

    seconds: float
    cpu_seconds: int
    memory: int = 1 << 30


def started(module: str, limits: Limits, *arguments: str) -> subprocess.Popen[bytes]:
    """A new process that runs `main(*arguments)` of a module of this project.

    The seconds by the clock are for its caller to watch.
    """
    # Isolated: neither the environment nor the folder says what it imports.
    command = [sys.executable, "-I", __file__, module, str(limits.memory)]
    return subprocess.Popen(
        [*command, str(limits.cpu_seconds), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_ENVIRONMENT,
        # Ctrl-C is for the process that waits for it.
        start_new_session=True,
    )


def allow_seconds(more: int) -> None:
    """Let this process use so many seconds of a core from now on; then the system ends it."""
    with suppress(ImportError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        last = int(used.ru_utime + used.ru_stime) + more + 1
        resource.setrlimit(resource.RLIMIT_CPU, (last, most))


def _confine(memory: int) -> None:
    """No more memory than this, no file written, no core dumped."""
    # Not every system has them all.
    with suppress(ImportError, ValueError, OSError):
        import resource

        for kind, most in (
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_AS, memory),
        ):
            resource.setrlimit(kind, (most, most))


def _main(module: str, memory: str, cpu_seconds: str, *arguments: str) -> None:
    # Before what is installed: beside this file stands what belongs to it.
    if _ROOT not in sys.path:
        sys.path.insert(0, _ROOT)
    program = import_module(module)
    _confine(int(memory))
    allow_seconds(int(cpu_seconds))
    program.main(*arguments)


if __name__ == "__main__":
    _main(*sys.argv[1:])
