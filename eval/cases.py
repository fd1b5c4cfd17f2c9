"""The values of evaluation: files, and questions to them with the answers that stand in them.

A set of our own form is a folder: `set.toml` names it and the folder of its documents, each
`*.jsonl` beside it is a part, one question a line, `gate.toml` says what it has to reach. Sets of
other forms are read by eval/adapters.py, asked by eval/run.py, judged by eval/judge.py.
"""

import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from index.types import Document, Span
from qa.files import files_under
from qa.types import Turn

OWN = Path(__file__).parent / "sets" / "samples"

# What a set of our own form asks, and in what ways it has to be refused. Every kind is to be filled.
ANSWERED = (
    "figure growth target date count name place title list definition two_sentence two_documents "
    "follow_up paraphrase english typo"
).split()
REFUSED = (
    "refuse_year refuse_place refuse_indicator refuse_unit refuse_growth refuse_absent "
    "refuse_off_topic"
).split()
# What is computed from the evidence stands nowhere in it; a set may leave this kind out.
CALCULATED = "calculated"


class SetError(ValueError):
    """A set that cannot be read; the message names the file, the line and the field."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where gold stands: `[start, end)` in the text of a document, and the characters there.

    `document` is the key of its file in the set. Who writes a question by hand leaves the numbers
    out: `placed` finds them.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    document: str
    quote: str
    start: int = -1
    end: int = -1

    def found_in(self, text: str) -> Span | None:
        """The quote's place in a text: where it says, else the nearest there is; None if it is not.

        A file that is loaded may lose lines above: what it says of characters is then off by some.
        """
        places = []
        at = text.find(self.quote)
        while at >= 0:
            places.append(at)
            at = text.find(self.quote, at + 1)
        if not places or not self.quote:
            return None
        nearest = min(places, key=lambda place: abs(place - self.start))
        return Span(nearest, nearest + len(self.quote))


@dataclass(frozen=True, slots=True)
class Case:
    """A question with its gold.

    A `kind` that begins with "refuse" must be refused. `answers` are all accepted, the first is
    the best; there may be none where a set has only evidence. Every piece of `evidence` is needed;
    a piece has several places where documents say the same. `within` are the keys of the files
    that it is asked of; () is all. `part` is the file of the set that it stands in.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    id: str
    question: str
    kind: str
    answers: tuple[str, ...] = ()
    evidence: tuple[tuple[Place, ...], ...] = ()
    history: tuple[Turn, ...] = ()
    within: tuple[str, ...] = ()
    why: str = ""
    part: str = ""

    @property
    def answerable(self) -> bool:
        return not self.kind.startswith("refuse")


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is taken in; `key` is what a set calls it, `source` what a person would."""

    key: str
    source: str
    data: bytes


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Files and the questions to them."""

    name: str
    files: tuple[File, ...]
    cases: tuple[Case, ...]

    @property
    def digest(self) -> str:
        """A hash of everything in it: the same set has the same."""
        digest = hashlib.sha256()
        for file in self.files:
            digest.update(f"{file.key}\0{file.source}\0".encode() + file.data)
        digest.update(repr(self.cases).encode())
        return digest.hexdigest()[:16]


Form = TypeVar("Form")
_CASE = TypeAdapter(Case)


def read_own(folder: Path) -> QuestionSet:
    """The set of a folder in our own form; SetError if something in it is malformed."""
    about = _about(folder)
    documents = (folder / about["documents"]).resolve()
    if not documents.is_dir():
        raise SetError(f"{folder / 'set.toml'}: documents：没有文件夹 {documents}。")
    files = tuple(
        File(found.path.name, found.path.name, found.path.read_bytes())
        for found in files_under([documents])
    )
    cases = tuple(case for part in sorted(folder.glob("*.jsonl")) for case in read_part(part))
    return QuestionSet(about["name"], files, cases)


def read_part(path: Path) -> Iterator[Case]:
    """The questions of one file, in their order."""
    for case in parsed_lines(_CASE, path.read_text(encoding="utf-8"), path):
        yield replace(case, part=path.stem)


def parsed_lines(form: TypeAdapter[Form], text: str, path: Path) -> Iterator[Form]:
    """The lines of JSON in a text as values of a form, blank ones left out; SetError as `parsed`."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield parsed(form, line, path, number)


def parsed(form: TypeAdapter[Form], line: str, path: Path, number: int) -> Form:
    """A line of JSON as a value of a form; SetError names the file, the line and the field."""
    try:
        return form.validate_json(line)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in problem["loc"]) or "这一行"
        raise SetError(f"{path} 第 {number} 行，{field}：{problem['msg']}。") from error


def problems(questions: QuestionSet, documents: Mapping[str, Document]) -> list[str]:
    """What is wrong with a set of our own form, one line each; `documents` by the keys of the set."""
    found = [
        f"{case.part} {case.id}: {problem}"
        for case in questions.cases
        for problem in (*_of_gold(case), *_of_places(case, documents))
    ]
    asked = Counter((c.question, c.history, c.within) for c in questions.cases)
    found += [f"重复的问题：{question}" for (question, *_), times in asked.items() if times > 1]
    named = Counter(case.id for case in questions.cases)
    found += [f"重复的编号：{name}" for name, times in named.items() if times > 1]
    kinds = {case.kind for case in questions.cases}
    found += [f"没有这一类问题：{kind}" for kind in (*ANSWERED, *REFUSED) if kind not in kinds]
    return found


def placed(case: Case, documents: Mapping[str, Document]) -> Case:
    """The question with every place of its gold where its quote stands; what stands nowhere stays."""
    return replace(
        case, evidence=tuple(tuple(_placed(p, documents) for p in piece) for piece in case.evidence)
    )


def write_part(path: Path, cases: Iterable[Case]) -> None:
    """Write a part of a set as `read_part` reads it, without what is empty."""
    rows = (_CASE.dump_python(replace(case, part=""), mode="json") for case in cases)
    lines = (
        json.dumps(
            {key: value for key, value in row.items() if value or key == "answers"},
            ensure_ascii=False,
        )
        for row in rows
    )
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _placed(place: Place, documents: Mapping[str, Document]) -> Place:
    document = documents.get(place.document)
    span = document and place.found_in(document.text)
    return replace(place, start=span.start, end=span.end) if span else place


def _about(folder: Path) -> dict[str, str]:
    path = folder / "set.toml"
    try:
        about = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SetError(f"{folder}：没有 set.toml。见 eval/README.md。") from error
    except tomllib.TOMLDecodeError as error:
        raise SetError(f"{path}：{error}") from error
    for field in ("name", "documents"):
        if not isinstance(about.get(field), str):
            raise SetError(f"{path}: {field}：需要一个字符串。")
    return about


def _of_gold(case: Case) -> Iterator[str]:
    if case.kind not in (*ANSWERED, CALCULATED, *REFUSED):
        yield f"kind：没有 {case.kind!r} 这一类"
    if case.answerable and not (case.answers and case.evidence):
        yield "answers、evidence：能回答的问题两者都要有"
    if not case.answerable and (case.answers or case.evidence or not case.why):
        yield "answers、evidence、why：该拒答的问题只要 why"
    quotes = [place.quote for piece in case.evidence for place in piece]
    yield from (
        f"answers：{part!r} 不在证据里"
        for answer in case.answers[: case.kind != CALCULATED]
        for part in _parts(answer, quotes)
    )


def _parts(answer: str, quotes: Sequence[str]) -> Iterator[str]:
    """What of an answer stands in no quote; it may be a list joined by 、."""
    if not any(answer in quote for quote in quotes):
        yield from (
            part for part in answer.split("、") if not any(part in quote for quote in quotes)
        )


def _of_places(case: Case, documents: Mapping[str, Document]) -> Iterator[str]:
    for place in (place for piece in case.evidence for place in piece):
        document = documents.get(place.document)
        if document is None:
            yield f"evidence：没有文件 {place.document!r}"
        elif document.text[place.start : place.end] != place.quote or not place.quote:
            at = place.found_in(document.text)
            yield f"evidence：{place.quote[:20]!r} 不在 {place.start}–{place.end}" + (
                f"，在 {at.start}–{at.end}" if at else "，文中没有"
            )
    yield from (f"within：没有文件 {key!r}" for key in case.within if key not in documents)
