"""The figures of speed in README: `python -m eval.speed` (`make bench`) prints them.

Each is a median with the lowest and highest beside it, for machines are noisy. Answers are timed
warm, in this process; commands and the server as whole processes, the way a person waits for them.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from eval import serving
from qa.desk import LocalDesk
from qa.files import files_under
from qa.settings import Settings

ROOT = Path(__file__).parent.parent
QUESTIONS = (
    "固定资产投资增长多少",
    "2024年地区生产总值是多少",
    "住宿费标准是多少",
    "申报截止到什么时候",
    "研发投入强度",
    "常住人口有多少",
    "谁负责这个项目",
    "进出口总额同比增长多少",
)


def main() -> None:
    """Print every figure, one a line."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder) / "library")
        print(f"收录 samples/（秒）                {_add_samples(settings):8.2f}")
        _report("一次回答，热（毫秒）", _answers(settings), 1000)
        _report("youju ask，冷启动（秒）", [_command(settings) for _ in range(5)])
        started = time.perf_counter()
        with serving.started(settings.data):
            print(f"第二次启动到可用（秒）            {time.perf_counter() - started:8.2f}")
            _report("youju ask，服务运行中（秒）", [_command(settings) for _ in range(7)])


def _add_samples(settings: Settings) -> float:
    desk = LocalDesk.open(settings)
    desk.archive.embedder()
    started = time.perf_counter()
    for found in files_under([ROOT / "samples"]):
        desk.add(found.key, found.path.name, found.path.read_bytes())
    taken = time.perf_counter() - started
    desk.close()
    return taken


def _answers(settings: Settings) -> list[float]:
    desk = LocalDesk.open(settings)
    for question in QUESTIONS:
        desk.ask(question)
    taken = [_seconds(partial(desk.ask, question)) for _ in range(10) for question in QUESTIONS]
    desk.close()
    return taken


def _command(settings: Settings) -> float:
    return _seconds(lambda: _youju(settings, "ask", QUESTIONS[0], "--json"))


def _youju(settings: Settings, *arguments: str) -> None:
    command = [sys.executable, "-m", "qa", "--data", str(settings.data), *arguments]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _report(name: str, seconds: Sequence[float], scale: float = 1) -> None:
    middle, low, high = (scale * f(seconds) for f in (statistics.median, min, max))
    print(f"{name:28}中位 {middle:8.2f}   {low:.2f}–{high:.2f}   n={len(seconds)}")


if __name__ == "__main__":
    main()
