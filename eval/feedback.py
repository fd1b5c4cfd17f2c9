"""What people said of answers, as a set that `youju eval` reads: `youju feedback export`.

An answer they approved of is gold, a refusal they approved of has to be refused; where they gave
the right answer, it is gold if a document near to it says so. What cannot become a question with
gold by itself is written beside the set, for a person to decide.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eval.cases import Case, Place, placed, write_part
from index.errors import IndexingError
from index.load import load
from index.split import sentences
from index.types import Document, Span
from qa.__main__ import open_desk
from qa.desk import Desk
from qa.feedback import Feedback, FeedbackBook
from qa.settings import Settings

KIND, REFUSED = "feedback", "refuse_feedback"
_UNDECIDED = "to_check.json"


def main(argv: Sequence[str] | None = None) -> int:
    """Write the set; returns the exit code."""
    arguments = _arguments(argv)
    book = FeedbackBook(arguments.data).all()
    if not book:
        print("还没有反馈。网页上的 👍 和 👎 会记在资料库旁边。", file=sys.stderr)
        return 1
    try:
        with open_desk(Settings(data=arguments.data)) as desk:
            counts = export(book, desk, arguments.out)
    except (IndexingError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"已写到 {arguments.out}：{counts[0]} 题，另有 {counts[1]} 条要由人判断（{_UNDECIDED}）。\n"
        f"评测：youju eval {arguments.out}"
    )
    return 0


def export(book: Iterable[Feedback], desk: Desk, folder: Path) -> tuple[int, int]:
    """Write a set into a folder; returns how many questions it has and how many are undecided.

    Of several words on one question the last holds. All documents of the library come with it:
    what is to be refused has to be refused among them.
    """
    last = {(feedback.question, feedback.history): feedback for feedback in book}
    documents = _written(desk, folder / "documents")
    names = {document_id: name for name, (document_id, _) in documents.items()}
    texts = {name: document for name, (_, document) in documents.items()}
    cases: list[Case] = []
    undecided = []
    for feedback in last.values():
        case = _case(str(len(cases) + 1), feedback, names, texts)
        if case is None:
            undecided.append(asdict(feedback))
        else:
            cases.append(case)
    (folder / "set.toml").write_text('name = "feedback"\ndocuments = "documents"\n')
    write_part(folder / "feedback.jsonl", cases)
    text = json.dumps(undecided, ensure_ascii=False, indent=1)
    (folder / _UNDECIDED).write_text(text, encoding="utf-8")
    return len(cases), len(undecided)


def _written(desk: Desk, folder: Path) -> dict[str, tuple[str, Document]]:
    """Every document as a text file, by its name: the id it has here, and what is loaded of it."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for entry in desk.entries():
        name = f"{Path(entry.source).stem[:60]}-{entry.id[:8]}.txt"
        data = desk.document(entry.id).text.encode()
        (folder / name).write_bytes(data)
        written[name] = entry.id, load(name, data, max_bytes=len(data) + 1)
    return written


def _case(
    name: str, said: Feedback, names: Mapping[str, str], texts: Mapping[str, Document]
) -> Case | None:
    """The question with its gold, or None if what was said does not decide it."""
    refused = said.answer.get("mode") == "refuse"
    if said.reason == "should_refuse" or (refused and said.rating == "up"):
        why = said.remark or "使用者认为资料里没有答案"
        return Case(name, said.question, REFUSED, history=said.history, why=why)
    if said.correction:
        answers, evidence = (said.correction,), _holding(said, names, texts)
    elif said.rating == "up":
        answers, evidence = (str(said.answer.get("short", "")),), _cited(said.answer, names)
    else:
        return None
    case = Case(name, said.question, KIND, answers, evidence, said.history, why=said.remark)
    case = placed(case, texts)
    places = [place for piece in case.evidence for place in piece]
    return case if places and all(place.start >= 0 for place in places) else None


def _cited(answer: Mapping[str, Any], names: Mapping[str, str]) -> tuple[tuple[Place, ...], ...]:
    """What an answer cites: places that say the same are one piece, those of a merged answer several."""
    places = tuple(
        Place(names.get(cited["document_id"], ""), cited["quote"], cited["start"], cited["end"])
        for cited in answer.get("citations", ())
    )
    same = all(answer["short"] in place.quote for place in places)
    return (places,) if same else tuple((place,) for place in places)


def _holding(
    said: Feedback, names: Mapping[str, str], texts: Mapping[str, Document]
) -> tuple[tuple[Place, ...], ...]:
    """The sentence that the right answer stands in, in the documents cited or near."""
    near = [*said.answer.get("citations", ()), *said.answer.get("nearest", ())]
    for name in dict.fromkeys(names.get(cited["document_id"], "") for cited in near):
        text = texts[name].text if name in texts else ""
        at = text.find(said.correction)
        for sentence in sentences(text, Span(0, len(text))) if at >= 0 else ():
            if sentence.start <= at < sentence.end:
                return ((Place(name, sentence.of(text), sentence.start, sentence.end),),)
    return ()


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="youju feedback", description="把使用者的反馈变成一套题。"
    )
    parser.add_argument("verb", choices=["export"], metavar="export")
    parser.add_argument("out", type=Path, nargs="?", default=Path("var/feedback"), metavar="DIR")
    parser.add_argument("--data", type=Path, default=Settings.from_environment().data)
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
