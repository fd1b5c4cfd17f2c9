"""How good the reader is, in one table: `python -m train.evaluate`.

Every answer comes from the reader that is served (qa/read.py), its threshold included, but for the
rows that say "forced": there the likeliest answer counts whatever its confidence, as in published
figures on sets without unanswerable questions; and for "network": its likeliest span as it stands,
neither weighed with the rules nor cut to the quantity, which is what published figures are of. They
stand beside.

    given      CMRC 2018 trial and DRCD dev, the context given
    open       the same questions of one library of all their contexts, nothing given
    refusal    dureader_checklist, and near misses of our own making
    exact      the same weights in float32, on a part of `given` (`--exact FOLDER`)
    cost       time and operations of a question (`--cost`; a library of news)
"""

import argparse
import gzip
import json
import random
import statistics
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from eval.curves import auroc, risk_at_coverage
from eval.measures import char_f1, exact_match, recall_at
from index.archive import Archive
from index.embed import load_embedder
from index.lexical import cut_terms
from index.reading import SHIPPED, ReadingModel, ReadPassage
from index.split import split
from index.types import Document
from qa.assistant import Assistant
from qa.question import understand
from qa.read import TrainedReader, kind_of
from qa.types import Passage, Reading
from train.exchange import Exchange
from train.fit_reader import WORK, tokenizer
from train.generated import generated
from train.open_book import OpenBook, is_hit, open_book
from train.questions import DATA, GoldQuestion, read_questions

_SETS = {"CMRC 2018 trial": "dev/cmrc2018_trial.jsonl.gz", "DRCD dev": "dev/drcd_dev_s.jsonl.gz"}
_DUREADER = "dev/dureader_checklist_train.jsonl.gz"
_NEWS = DATA / "corpus" / "crud_news_20k.jsonl.gz"
_PUBLISHED = {
    "CMRC 2018 trial": "RBT3 57.0/79.0, ELECTRA-180g-small 63.8/82.7 (on CMRC 2018 dev)",
    "DRCD dev": "RBT3 76.3/84.9, ELECTRA-180g-small 83.5/89.2",
}
_COVERAGES = (0.2, 0.4, 0.6, 0.8, 1.0)
_SEED = 99_000
_CHUNK_TOKENS = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a question: the likeliest answer, its confidence, how right it is."""

    question: GoldQuestion
    answer: str
    confidence: float
    match: float
    f1: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    options = _parser().parse_args(arguments)
    model = ReadingModel(options.model)
    wanted = set(options.parts.split(","))
    print(f"{model.config.name}, thresholds {dict(model.config.thresholds)}")
    if "given" in wanted:
        _given(model, options.limit)
    if "open" in wanted:
        _open(model, options.work / "open", options.limit)
    if "refusal" in wanted:
        _refusal(model, options.limit)
    if options.exact:
        _exact(model, ReadingModel(options.exact), options.limit or 600)
    if options.cost:
        _cost(_Counting(options.model), options.work / "news")


# -- the context given -----------------------------------------------------------------------------


def _given(model: ReadingModel, limit: int) -> None:
    reader = TrainedReader(lambda: model, most=16)
    print("\ngiven (forced)               EM    F1      n   published")
    for name, path in _SETS.items():
        questions = _some(path, limit)
        alone = [_network_outcome(model, question) for question in questions]
        print(f"  {name + ', network':24}{_match_and_f1(alone)}   {_PUBLISHED[name]}")
        outcomes = _outcomes(reader, questions)
        print(f"  {name + ', served':24}{_match_and_f1(outcomes)}")
        _shown(model, outcomes)


def _outcomes(reader: TrainedReader, questions: Sequence[GoldQuestion]) -> list[Outcome]:
    """The questions to their contexts; two at a time, as a machine with two cores can."""
    with ThreadPoolExecutor(2) as workers:
        return list(workers.map(lambda question: _outcome(reader, question), questions))


def _outcome(reader: TrainedReader, question: GoldQuestion) -> Outcome:
    possible, _ = reader.weigh(understand(question.question), passages_of(question))
    best = possible[0].reading if possible else None
    return _scored(question, best)


def _network_outcome(model: ReadingModel, question: GoldQuestion) -> Outcome:
    """The likeliest span of the context by the network alone: where it most outweighs "nothing here"."""
    passages = passages_of(question)
    texts = [passage.text for passage in passages]
    found = model.read(question.question, [(question.title, text) for text in texts])
    _, answer = max(
        (best.score - read.nothing, best.span.of(text))
        for read, text in zip(found, texts, strict=True)
        for best in read.best(1)
    )
    return _outcome_of(question, answer, 0.0)


def _scored(question: GoldQuestion, best: Reading | None) -> Outcome:
    return _outcome_of(question, best.short if best else "", best.score if best else 0.0)


def _outcome_of(question: GoldQuestion, answer: str, confidence: float) -> Outcome:
    match, f1 = exact_match(answer, question.texts), char_f1(answer, question.texts)
    return Outcome(question, answer, confidence, match, f1)


def passages_of(question: GoldQuestion) -> list[Passage]:
    """The context, cut as a document is; what shares most character pairs with the question first.

    At serving a retriever ranks passages, and their ranks are weighed.
    """
    document = Document("given", "given", question.title, question.context)
    counter = tokenizer()
    chunks = split(document, lambda text: len(counter.encode(text).ids), _CHUNK_TOKENS)
    asked = set(cut_terms(question.question))
    shared = [len(asked.intersection(cut_terms(chunk.text))) for chunk in chunks]
    ranked = sorted(zip(shared, chunks, strict=True), key=lambda pair: -pair[0])
    return [Passage(document, chunk.span, float(score)) for score, chunk in ranked]


def _is_shown(model: ReadingModel, outcome: Outcome) -> bool:
    kind = kind_of(understand(outcome.question.question))
    return outcome.confidence >= model.config.thresholds[kind]


def _shown(model: ReadingModel, outcomes: Sequence[Outcome]) -> None:
    """What the threshold does to them."""
    shown = [o for o in outcomes if _is_shown(model, o)]
    if shown:
        share = 100 * len(shown) / len(outcomes)
        print(f"    answered {share:.1f} %, those {_match_and_f1(shown)}")


# -- nothing given ---------------------------------------------------------------------------------


def _open(model: ReadingModel, folder: Path, limit: int) -> None:
    questions = [question for path in _SETS.values() for question in read_questions(DATA / path)]
    book = open_book(folder, questions)
    reader = TrainedReader(lambda: model)
    if limit:
        questions = random.Random(_SEED).sample(questions, min(limit, len(questions)))
    fused, reranked, outcomes = [], [], []
    for question in questions:
        before, after, outcome = _asked(book, reader, question)
        fused.append(before)
        reranked.append(after)
        outcomes.append(outcome)
    print(f"\nopen: {len(questions)} questions of {len(book.documents)} contexts")
    for name, ranks in (("fused", fused), ("reranked", reranked)):
        first, fifth = (float(np.mean([recall_at([rank], k) for rank in ranks])) for k in (1, 5))
        print(f"  recall_at_1 {first:.3f}   recall_at_5 {fifth:.3f}   {name}")
    print(f"  forced    {_match_and_f1(outcomes)}   (EM, F1, n)")
    _shown(model, outcomes)
    book.archive.close()


def _asked(
    book: OpenBook, reader: TrainedReader, question: GoldQuestion
) -> tuple[int | None, int | None, Outcome]:
    hits = book.archive.retrieve(question.question, 12)
    passages = [
        Passage(book.archive.document(h.chunk.document_id), h.chunk.span, h.score) for h in hits
    ]
    possible, ranking = reader.weigh(understand(question.question), passages)
    right = [is_hit(book, question, passage.document.id, passage.span) for passage in passages]
    outcome = _scored(question, possible[0].reading if possible else None)
    before = next((rank for rank, hit in enumerate(right, start=1) if hit), None)
    after = next((rank for rank, place in enumerate(ranking, start=1) if right[place]), None)
    return before, after, outcome


# -- what must be refused ----------------------------------------------------------------------------


def _refusal(model: ReadingModel, limit: int) -> None:
    reader = TrainedReader(lambda: model, most=16)
    print(
        "\nrefusal                        AUROC  unanswerable refused  answerable refused  answered rightly"
    )
    _refused(model, "dureader_checklist", _outcomes(reader, _some(_DUREADER, limit)))
    _refused(model, "exchanged, CMRC and DRCD", _outcomes(reader, _exchanged(limit or 1_200)))
    _refused(model, "our own passages", _outcomes(reader, _own(limit or 2_000)))


def _refused(model: ReadingModel, name: str, outcomes: Sequence[Outcome]) -> None:
    answerable = [o for o in outcomes if o.question.answers]
    rest = [o for o in outcomes if not o.question.answers]
    score = auroc([o.confidence for o in outcomes], [bool(o.question.answers) for o in outcomes])
    print(
        f"  {name:28}{score:6.3f}{_percent(not _is_shown(model, o) for o in rest):>14} of {len(rest):<6}"
        f"{_percent(not _is_shown(model, o) for o in answerable):>10} of {len(answerable):<6}"
        f"{_percent(_is_shown(model, o) and o.f1 >= 0.5 for o in answerable):>8}"
    )
    risks = risk_at_coverage(
        [o.confidence for o in outcomes], [float(o.f1 >= 0.5) for o in outcomes], _COVERAGES
    )
    told = ", ".join(f"{r:.2f} at {c:.1f}" for r, c in zip(risks, _COVERAGES, strict=True))
    print(f"    wrong among the answered, by coverage: {told}")


def _exchanged(count: int) -> list[GoldQuestion]:
    """Right questions, and the same ones made wrong."""
    dice = random.Random(_SEED)
    asked = [q for path in _SETS.values() for q in read_questions(DATA / path)]
    exchange = Exchange(asked)
    found = []
    for question in dice.sample(asked, len(asked)):
        wrong = exchange.question(question, question.title + question.context, dice)
        if wrong:
            lost = GoldQuestion(
                question.id, question.context_id, question.title, question.context, wrong, ()
            )
            found += [question, lost]
        if len(found) >= count:
            break
    return found


def _own(count: int) -> list[GoldQuestion]:
    return [
        GoldQuestion(
            str(place),
            str(place),
            example.heading,
            example.passage,
            example.question,
            (example.answer,) if example.answer else (),
        )
        for place, example in enumerate(generated(count, _SEED))
    ]


# -- what it costs -----------------------------------------------------------------------------------


def _exact(served: ReadingModel, exact: ReadingModel, limit: int) -> None:
    exact.config = served.config  # the same weights of confidence, the same threshold
    print("\nfloat32 against int8         EM    F1      n")
    for name, path in _SETS.items():
        questions = _some(path, limit)
        for kind, model in (("float32", exact), ("int8", served)):
            outcomes = _outcomes(TrainedReader(partial(_same, model), most=16), questions)
            print(f"  {name:18}{kind:8}{_match_and_f1(outcomes)}")


class _Counting(ReadingModel):
    """The same model, with the length of every row that it reads."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.lengths: list[int] = []

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[ReadPassage]:
        self.lengths += [len(row.ids) for row in self._rows.pairs(question, passages)]
        return super().read(question, passages)


def operations(tokens: int, layers: int = 12, width: int = 384, inner: int = 1536) -> int:
    """Floating-point operations of the network on one row: two for each weight and token, and attention.

    >>> operations(200) // 1_000_000
    9230
    """
    weights = 4 * width * width + 2 * width * inner
    return layers * (2 * tokens * weights + 4 * tokens * tokens * width)


def _cost(model: _Counting, folder: Path) -> None:
    """A question over 10,000 chunks of news, warm; the questions are titles of news among them."""
    archive = Archive(folder, load_embedder)
    news = []
    with gzip.open(_NEWS, "rt", encoding="utf-8") as lines:
        for line in lines:
            item = json.loads(line)
            news.append(item)
            archive.add(
                item["id"], f"{item['id']}.txt", f"{item['title']}\n\n{item['text']}".encode()
            )
            if len(news) % 100 == 0 and _chunks(archive) >= 10_000:
                break
    assistant = Assistant(archive, TrainedReader(lambda: model))
    asked = [item["title"] for item in random.Random(_SEED).sample(news, 120)]
    for question in asked[:10]:
        assistant.ask(question)
    model.lengths.clear()
    answers = [assistant.ask(question) for question in asked]
    print(f"\ncost over {_chunks(archive):,} chunks")
    for stage in ("retrieve", "read", "total"):
        taken = sorted(answer.timings_ms[stage] for answer in answers)
        print(
            f"  {stage:10}median {statistics.median(taken):6.0f} ms   p95 {taken[int(0.95 * len(taken))]:6.0f} ms"
        )
    archive.close()


def _chunks(archive: Archive) -> int:
    return sum(entry.chunks for entry in archive.entries())


def _same(model: ReadingModel) -> ReadingModel:
    return model


def _some(path: str, limit: int) -> list[GoldQuestion]:
    questions = read_questions(DATA / path)
    return (
        random.Random(_SEED).sample(questions, limit) if 0 < limit < len(questions) else questions
    )


def _match_and_f1(outcomes: Sequence[Outcome]) -> str:
    match, f1 = (
        _percent(values) for values in zip(*((o.match, o.f1) for o in outcomes), strict=True)
    )
    return f"{match} {f1} {len(outcomes):6}"


def _percent(values: Iterable[float]) -> str:
    found = [float(value) for value in values]
    return f"{100 * float(np.mean(found)):5.1f}" if found else "    –"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--model", type=Path, default=SHIPPED, help="the folder of the model")
    parser.add_argument("--work", type=Path, default=WORK, help="where libraries are kept")
    parser.add_argument("--parts", default="given,open,refusal", help="which parts, with commas")
    parser.add_argument("--limit", type=int, default=0, help="so many questions of a set; 0 is all")
    parser.add_argument("--exact", type=Path, help="a folder with the same model in float32")
    parser.add_argument("--cost", action="store_true", help="time a question over 10,000 chunks")
    return parser


if __name__ == "__main__":
    main()
