"""The figures of a Chroma server in docs/scale.md: `python -m eval.outage [VECTORS]` prints them.

What a query and a rebuild cost in the folder and on a server, and what people wait for whose
questions meet a server that is killed or frozen. The server is a real one, a child process; vectors
are drawn by chance, answers are of the shipped models over samples/.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from eval.chroma_run import ChromaRun, chroma_running
from eval.speed import QUESTIONS, ROOT
from index.chroma_server import ChromaServer
from index.served import ServedVectors
from index.store import VectorIndex, VectorStore
from index.types import Vectors
from qa.desk import LocalDesk
from qa.files import files_under
from qa.settings import Settings

_DIMENSION = 384
_QUERIES, _NEAREST = 200, 50
_OUTAGES = 5


def main(argv: Sequence[str]) -> None:
    """Print every figure, one a line."""
    count = int(argv[0]) if argv else 5_000
    with (
        tempfile.TemporaryDirectory() as folder,
        chroma_running(Path(folder) / "chroma") as running,
    ):
        _compare(Path(folder), running, count)
        _break_down(Path(folder), running)


def _compare(folder: Path, running: ChromaRun, count: int) -> None:
    """Queries and rebuilds, in the folder and on the server."""
    rng = np.random.default_rng(7)
    vectors = _unit(rng.normal(size=(count, _DIMENSION)))
    asked = _unit(rng.normal(size=(_QUERIES, _DIMENSION)))
    ids = [f"{at:06}" for at in range(count)]
    server = ChromaServer.at(running.url)
    stores: dict[str, VectorIndex] = {
        "文件夹内": VectorStore(folder / "embedded"),
        "Chroma 服务": ServedVectors(folder / "served", server, lambda: "chance"),
    }
    for name, store in stores.items():
        started = time.perf_counter()
        store.build(ids, vectors, 1)
        print(f"{name}：重建 {count} 个向量（秒）{time.perf_counter() - started:8.1f}")
        _report(f"{name}：一次查询", [_timed(partial(store.query, v, _NEAREST)) for v in asked])
        store.close()
    exact = [_timed(partial(_exactly, vectors, v)) for v in asked]
    _report("逐段查找：一次查询", exact)


def _break_down(folder: Path, running: ChromaRun) -> None:
    """Answers while the server is killed and frozen again and again."""
    desk = LocalDesk.open(Settings(data=folder / "library", chroma=running.url))
    for found in files_under([ROOT / "samples"]):
        desk.add(found.key, found.path.name, found.path.read_bytes())
    desk.archive.mend_in_background()
    desk.warm()
    _report_answers("服务正常：", [_answer(desk, q) for q in QUESTIONS])
    faults: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {
        "冻结": (running.freeze, running.thaw),
        "被杀": (running.kill, running.start),
    }
    for name, (fail, mend) in faults.items():
        first, later, recovery = [], [], []
        for at in range(_OUTAGES):
            fail()
            question = QUESTIONS[at % len(QUESTIONS)]
            first.append(_answer(desk, question, away=True))
            later += [_answer(desk, q, away=True) for q in QUESTIONS[:2]]
            mend()
            recovery.append(_timed(partial(_wait, desk)))
        _report_answers(f"服务{name}，遇上的第一问：", first)
        _report_answers(f"服务{name}，其后：", later)
        _report(f"服务{name}：重新可用后到改回", recovery)
    desk.close()


def _answer(desk: LocalDesk, question: str, *, away: bool = False) -> tuple[float, float]:
    """The milliseconds of the search, and of the whole answer, whose notice must be right."""
    answer = desk.ask(question)
    if bool(answer["note"]) != away:
        raise RuntimeError(f"the notice is wrong while the server is {'away' if away else 'there'}")
    return answer["timings_ms"]["retrieve"], answer["timings_ms"]["total"]


def _report_answers(what: str, answers: Sequence[tuple[float, float]]) -> None:
    _report(f"{what}查找", [search for search, _ in answers])
    _report(f"{what}整个回答", [whole for _, whole in answers])


def _wait(desk: LocalDesk) -> None:
    while not desk.archive.vectors_ready:
        time.sleep(0.02)


def _exactly(vectors: Vectors, vector: Vectors) -> list[int]:
    scores: Vectors = vectors @ vector
    return [int(at) for at in np.argsort(-scores)[:_NEAREST]]


def _unit(vectors: np.ndarray) -> Vectors:
    unit: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return unit


def _timed(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return 1000 * (time.perf_counter() - started)


def _report(what: str, milliseconds: Sequence[float]) -> None:
    middle = statistics.median(milliseconds)
    late = float(np.quantile(milliseconds, 0.95))
    print(
        f"{what}（毫秒）：中位 {middle:.1f}，p95 {late:.1f}，最长 {max(milliseconds):.1f}，"
        f"共 {len(milliseconds)} 次",
        flush=True,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
