"""How Youju grows: a library filled from a corpus to several sizes, and what it costs at each.

    python -m eval.scale --corpus FOLDER --chunks 1000,10000,100000 --out OUT [--vectors random]

The corpus is a folder of files as users have them, or of JSON lines of {"id", "title", "text"}. What
is done is kept in OUT and not done again. Indexing is timed as it goes; serving, and making the
vector index anew, are timed each in a process of its own, whose memory is then theirs alone.
`--vectors random` puts seeded unit vectors in the place of embeddings: it finds nonsense, and takes
all the time but the model's.
"""

import argparse
import itertools
import json
import shutil
import statistics
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter
from tqdm import tqdm

from eval.adapters import haystack
from eval.cases import File, SetError
from eval.page import growth_drawing
from eval.run import Growth
from index.embed import load_embedder
from index.errors import IndexingError
from index.types import Embedder, Span, Vectors
from qa.desk import LocalDesk
from qa.files import files_under
from qa.settings import Settings
from qa.suggest import questions_of

_ROOT = Path(__file__).parent.parent
_LINES = (".jsonl", ".jsonl.gz")
_ASKED = 40
# A step of filling: what an interruption loses of the time that is counted, not of the work.
_STEP = 50
_MB = 1_000_000
_PROBE = "某区全年完成投资12.5亿元，同比增长8.1%。"


@dataclass(frozen=True, slots=True)
class Filled:
    """One step of filling: so many documents and chunks, in so many seconds."""

    documents: int
    chunks: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Served:
    """What serving a library costs: seconds to the first answer, milliseconds warm, and megabytes.

    `add_ms` and `remove_ms` are of one more document, `listed_ms` of all entries after a change.
    """

    open_seconds: float
    start_seconds: float
    retrieve_p50_ms: float
    retrieve_p95_ms: float
    answer_p50_ms: float
    answer_p95_ms: float
    within_p50_ms: float
    listed_ms: float
    add_ms: float
    remove_ms: float
    memory_mb: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What it costs to do without the vector index, and to make it anew."""

    first_ms: float
    exact_p50_ms: float
    build_seconds: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Size:
    """All that was measured at one size; indexing counts from the empty library."""

    asked_for: int
    documents: int
    chunks: int
    vectors: str
    index_seconds: float
    disk_mb: float
    served: Served
    rebuilt: Rebuilt


_SIZE, _FILLED = TypeAdapter(Size), TypeAdapter(Filled)


class RandomVectors:
    """The shipped model's place and size, without its work: a text's vector comes of its checksum."""

    name = "random"

    @cached_property
    def _model(self) -> Embedder:
        return load_embedder()

    @property
    def dimension(self) -> int:
        return self._model.dimension

    @property
    def max_tokens(self) -> int:
        return self._model.max_tokens

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> Vectors:
        drawn = np.random.default_rng(zlib.crc32(text.encode())).standard_normal(self.dimension)
        unit: Vectors = (drawn / np.linalg.norm(drawn)).astype(np.float32)
        return unit

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._model.count_tokens(texts)


# -- filling ---------------------------------------------------------------------------------


def files_of(corpus: Path) -> Iterator[File]:
    """Every document of a corpus, in a stable order; SetError if there is nothing to read."""
    found = list(files_under([corpus]))
    if not any(not file.problem for file in found):
        raise SetError(f"{corpus} 里没有文件。请用 --corpus 指定一个放有资料的文件夹。")
    for file in found:
        if file.path.name.endswith(_LINES):
            yield from haystack(file.path)
        else:
            yield File(file.key, file.path.name, file.path.read_bytes())


class Library:
    """The library in the output folder: filled step by step, and asked in processes of its own."""

    def __init__(self, out: Path, vectors: str) -> None:
        self.folder = out / "library"
        self._steps = out / "filled.jsonl"
        self._vectors = vectors
        out.mkdir(parents=True, exist_ok=True)

    def opened(self) -> LocalDesk:
        return LocalDesk.open(
            Settings(data=self.folder), RandomVectors if self._vectors == "random" else None
        )

    def filled(self) -> Filled:
        """The sum of the steps so far."""
        lines = self._steps.read_text("utf-8").splitlines() if self._steps.exists() else []
        steps = [_FILLED.validate_json(line) for line in lines]
        return Filled(
            sum(step.documents for step in steps),
            sum(step.chunks for step in steps),
            sum(step.seconds for step in steps),
        )

    def fill(self, files: Iterable[File], chunks: int) -> None:
        """Add documents until there are so many chunks."""
        desk = self.opened()
        try:
            desk.archive.embedder()
            held = {path for entry in desk.entries() for path in entry.paths}
            count = sum(entry.chunks for entry in desk.entries())
            new = (file for file in files if file.key not in held)
            with tqdm(total=chunks, initial=count, unit="段", disable=None) as bar:
                while count < chunks and (step := self._step(desk, new, chunks - count)).documents:
                    count += step.chunks
                    bar.update(step.chunks)
        finally:
            desk.close()

    def _step(self, desk: LocalDesk, files: Iterator[File], most: int) -> Filled:
        started, documents, chunks = time.perf_counter(), 0, 0
        for file in itertools.islice(files, _STEP):
            added = desk.add(file.key, file.source, file.data)
            documents, chunks = documents + 1, chunks + added.chunks
            if chunks >= most:
                break
        step = Filled(documents, chunks, time.perf_counter() - started)
        with self._steps.open("a", encoding="utf-8") as kept:
            kept.write(_FILLED.dump_json(step).decode() + "\n")
        return step

    def timed(self, what: str, questions: Sequence[str]) -> dict[str, float]:
        """What `serve` or `rebuild` measures, in a process of its own."""
        command = [sys.executable, "-m", "eval.scale", "--time", what, "--vectors", self._vectors]
        done = subprocess.run(
            [*command, "--out", str(self.folder.parent)],
            input=json.dumps(list(questions)),
            capture_output=True,
            text=True,
            cwd=_ROOT,
            check=False,
        )
        if done.returncode:
            raise SetError(f"测量没有完成：{done.stderr.strip() or done.returncode}")
        measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return measured


def questions_for(desk: LocalDesk) -> list[str]:
    """Questions to figures in the library's own documents, one a document, spread over them."""
    entries = sorted(desk.entries(), key=lambda entry: entry.id)
    documents = (desk.document(entry.id) for entry in entries)
    asked = (next(questions_of(d, [Span(0, len(d.text))]), "") for d in documents)
    return list(itertools.islice(filter(None, asked), _ASKED))


# -- timing ----------------------------------------------------------------------------------


def serve(library: Library, questions: Sequence[str]) -> Served:
    """Open, answer, change."""
    started = time.perf_counter()
    desk = library.opened()
    opened = time.perf_counter() - started
    desk.archive.build_in_background()
    desk.archive.wait_for_build()
    desk.warm()
    start = time.perf_counter() - started
    archive, some = desk.archive, [entry.id for entry in desk.entries()[:50]]
    retrieved = _each(lambda q: archive.retrieve(q, 12), questions)
    answered = _each(desk.ask, questions)
    within = _each(lambda q: archive.retrieve(q, 12, some), questions)
    memory = _memory("VmRSS")
    added = _milliseconds(partial(desk.add, "/probe", "probe.txt", _PROBE.encode()))
    listed = _milliseconds(desk.entries)
    removed = _milliseconds(
        partial(desk.remove, desk.add("/probe", "", _PROBE.encode()).document_id)
    )
    desk.close()
    return Served(
        open_seconds=opened,
        start_seconds=start,
        retrieve_p50_ms=statistics.median(retrieved),
        retrieve_p95_ms=_p95(retrieved),
        answer_p50_ms=statistics.median(answered),
        answer_p95_ms=_p95(answered),
        within_p50_ms=statistics.median(within),
        listed_ms=listed,
        add_ms=added,
        remove_ms=removed,
        memory_mb=memory,
        peak_mb=_memory("VmHWM"),
    )


def rebuild(library: Library, questions: Sequence[str]) -> Rebuilt:
    """Search without the vector index, then make it anew."""
    shutil.rmtree(library.folder / "vectors", ignore_errors=True)
    desk = library.opened()
    desk.archive.embedder()
    first, *others = _each(lambda q: desk.archive.retrieve(q, 12), questions)
    started = time.perf_counter()
    desk.archive.build_in_background()
    desk.archive.wait_for_build()
    built = time.perf_counter() - started
    desk.close()
    return Rebuilt(first, statistics.median(others), built, _memory("VmHWM"))


_TIMED: dict[str, Callable[[Library, Sequence[str]], Served | Rebuilt]] = {
    "serve": serve,
    "rebuild": rebuild,
}


def _each(ask: Callable[[str], object], questions: Sequence[str]) -> list[float]:
    return [_milliseconds(partial(ask, question)) for question in questions]


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)


def _p95(taken: Sequence[float]) -> float:
    return sorted(taken)[min(len(taken) - 1, int(0.95 * len(taken)))]


def _memory(field: str) -> float:
    """Megabytes of this process, as Linux counts them; 0 elsewhere."""
    status = Path("/proc/self/status")
    lines = status.read_text("ascii").splitlines() if status.exists() else []
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(field)) / _MB


def _disk(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / _MB


# -- the whole -------------------------------------------------------------------------------


def measure(corpus: Path, sizes: Sequence[int], out: Path, vectors: str) -> list[Size]:
    """Fill to each size, measure there, and keep it; what was measured before is not again."""
    library, kept = Library(out, vectors), out / "sizes.jsonl"
    lines = kept.read_text("utf-8").splitlines() if kept.exists() else []
    done = [_SIZE.validate_json(line) for line in lines]
    if any(size.vectors != vectors for size in done):
        raise SetError(f"{out} 里是用另一种向量测的。请换一个 --out。")
    print("\n".join(map(told, done)), flush=True)
    for asked_for in sorted(set(sizes) - {size.asked_for for size in done}):
        library.fill(files_of(corpus), asked_for)
        size = _measured(library, asked_for, vectors, out)
        done.append(size)
        with kept.open("a", encoding="utf-8") as file:
            file.write(_SIZE.dump_json(size).decode() + "\n")
        print(told(size), flush=True)
    return sorted(done, key=lambda size: size.chunks)


def _measured(library: Library, asked_for: int, vectors: str, out: Path) -> Size:
    desk = library.opened()
    chunks, documents = sum(entry.chunks for entry in desk.entries()), len(desk.entries())
    asked = out / "questions.json"
    if not asked.exists():
        asked.write_text(json.dumps(questions_for(desk), ensure_ascii=False), encoding="utf-8")
    desk.close()
    disk, questions = _disk(library.folder), json.loads(asked.read_text("utf-8"))
    return Size(
        asked_for=asked_for,
        documents=documents,
        chunks=chunks,
        vectors=vectors,
        index_seconds=library.filled().seconds,
        disk_mb=disk,
        served=Served(**library.timed("serve", questions)),
        rebuilt=Rebuilt(**library.timed("rebuild", questions)),
    )


def told(size: Size) -> str:
    """One size as lines for a person."""
    served, rebuilt = size.served, size.rebuilt
    random = "（随机向量，不含向量模型的用时，检索结果无意义）" if size.vectors == "random" else ""
    return "\n".join(
        (
            f"{size.chunks:,} 段，{size.documents:,} 篇{random}",
            f"  收录        {size.index_seconds:.0f} 秒，{size.chunks / size.index_seconds:.0f} 段/秒；"
            f"磁盘 {size.disk_mb:.0f} MB",
            f"  启动        打开 {served.open_seconds:.2f} 秒，到第一次回答 {served.start_seconds:.1f} 秒",
            f"  检索        p50 {served.retrieve_p50_ms:.0f} 毫秒，p95 {served.retrieve_p95_ms:.0f}；"
            f"限定 50 篇 {served.within_p50_ms:.0f}；无索引 {rebuilt.exact_p50_ms:.0f}（首次 {rebuilt.first_ms:.0f}）",
            f"  回答        p50 {served.answer_p50_ms:.0f} 毫秒，p95 {served.answer_p95_ms:.0f}",
            f"  改动        加一篇 {served.add_ms:.0f} 毫秒，列出 {served.listed_ms:.0f}，"
            f"删一篇 {served.remove_ms:.0f}",
            f"  内存        {served.memory_mb:.0f} MB，峰值 {served.peak_mb:.0f}；重建索引时 {rebuilt.peak_mb:.0f}",
            f"  重建索引    {rebuilt.build_seconds:.0f} 秒",
        )
    )


def drawings(sizes: Sequence[Size]) -> dict[str, str]:
    """A chart of each thing that grows, as SVG by file name."""
    charts: dict[str, tuple[str, Callable[[Size], tuple[float, float]], tuple[str, str]]] = {
        "index": ("秒", lambda s: (s.index_seconds, s.rebuilt.build_seconds), ("收录", "重建索引")),
        "space": ("MB", lambda s: (s.disk_mb, s.served.memory_mb), ("磁盘", "内存")),
        "retrieve": (
            "毫秒",
            lambda s: (s.served.retrieve_p50_ms, s.served.retrieve_p95_ms),
            ("检索 p50", "检索 p95"),
        ),
        "answer": (
            "毫秒",
            lambda s: (s.served.answer_p50_ms, s.served.answer_p95_ms),
            ("回答 p50", "回答 p95"),
        ),
        "change": (
            "毫秒",
            lambda s: (s.served.add_ms, s.served.listed_ms),
            ("加一篇", "列出"),
        ),
    }
    return {
        f"{name}.svg": growth_drawing([Growth(s.chunks, *values(s)) for s in sizes], unit, names)
        for name, (unit, values, names) in charts.items()
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, draw; or, in a process of its own, time one thing."""
    options = _parser().parse_args(arguments)
    try:
        if options.time:
            library = Library(options.out, options.vectors)
            print(json.dumps(asdict(_TIMED[options.time](library, json.load(sys.stdin)))))
            return 0
        sizes = measure(options.corpus, options.chunks, options.out, options.vectors)
    except (SetError, IndexingError) as error:
        print(error, file=sys.stderr)
        return 1
    for name, drawing in drawings(sizes).items() if len(sizes) > 1 else ():
        (options.out / name).write_text(drawing, encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval.scale", description="资料变多以后，收录、启动、检索和回答各要多久。"
    )
    parser.add_argument("--corpus", type=Path, metavar="FOLDER", help="资料，或 JSON 行")
    parser.add_argument(
        "--chunks", type=_sizes, default=(1_000, 10_000), metavar="N,N", help="在这些段落数上测"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("var/scale"), metavar="DIR", help="写到哪里"
    )
    parser.add_argument(
        "--vectors", choices=("model", "random"), default="model", help="random：随机向量，不等模型"
    )
    parser.add_argument("--time", choices=tuple(_TIMED), help=argparse.SUPPRESS)
    return parser


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


if __name__ == "__main__":
    sys.exit(main())
