"""Turns scores into a probability of being right: `python -m train.calibrate_reader`.

Asks questions that were kept back from training (train/fit_reader.py), right ones and near misses
made of them, of a library of training contexts, and questions to passages of our own; each possible
answer that the reader weighs (qa/read.py) is one case, right or wrong. A logistic regression over its
features gives the weights of qa/confidence.py. The threshold follows by a rule: the lowest at which
at most WRONG of the near misses that the regression did not see are answered. Both go into
`config.json` of the model.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from index.reading import SHIPPED, ReadingModel
from index.types import Document, Span
from qa.confidence import BIAS, confidence
from qa.read import Possible, TrainedReader
from qa.types import Passage
from train.examples import Example
from train.exchange import Exchange
from train.export_reader import write_config
from train.fit_reader import WORK, training_questions
from train.generated import generated
from train.measures import auroc, char_f1
from train.open_book import OpenBook, open_book
from train.questions import GoldQuestion

# Of the near misses so many may be answered.
WRONG = 0.05
# An answer that shares this much with the gold one is right.
RIGHT = 0.6
PASSAGES = 5
_CONTEXTS = 900  # that the right one has to be found among
_GENERATED, _SEED = 1_600, 77_000
# One question in so many is kept from the regression, to choose the threshold on.
_CHOSEN_ON = 3


@dataclass(frozen=True, slots=True)
class Case:
    """What the reader weighed for one question, and which of it is right."""

    possible: tuple[Possible, ...]
    right: tuple[bool, ...]
    answerable: bool
    near_miss: bool


def main(arguments: Sequence[str] | None = None) -> None:
    """Ask, fit, choose, write, and print what it comes to."""
    options = _parser().parse_args(arguments)
    reader = TrainedReader(ReadingModel(options.model), most=PASSAGES)
    cases = list(_cases(reader, options.work / "calibration"))
    dice = random.Random(_SEED)
    dice.shuffle(cases)
    seen = [case for place, case in enumerate(cases) if place % _CHOSEN_ON]
    unseen = cases[::_CHOSEN_ON]
    weights = fit(seen)
    threshold = choose(weights, unseen)
    write_config(options.model, {"weights": weights, "threshold": threshold})
    for name, weight in weights.items():
        print(f"{name:16}{weight:9.3f}")
    _report(weights, threshold, unseen)


def fit(cases: Sequence[Case]) -> dict[str, float]:
    """The weights of a logistic regression of "right" on the features."""
    rows = [
        (one.features, right) for c in cases for one, right in zip(c.possible, c.right, strict=True)
    ]
    names = sorted(rows[0][0])
    table = np.array([[features[name] for name in names] for features, _ in rows])
    marks = np.array([right for _, right in rows])
    scaler = StandardScaler().fit(table)
    model = LogisticRegression(C=1.0, max_iter=1_000).fit(scaler.transform(table), marks)
    slopes = model.coef_[0] / scaler.scale_
    bias = float(model.intercept_[0] - (slopes * scaler.mean_).sum())
    return {BIAS: round(bias, 4)} | {
        n: round(float(s), 4) for n, s in zip(names, slopes, strict=True)
    }


def choose(weights: dict[str, float], cases: Sequence[Case]) -> float:
    """The lowest threshold at which at most WRONG of the near misses are answered."""
    tops = sorted((top(weights, case)[0] for case in cases if case.near_miss), reverse=True)
    return round(min(0.99, tops[int(WRONG * len(tops))] + 0.0005), 4)


def top(weights: dict[str, float], case: Case) -> tuple[float, bool]:
    """The most confident answer: its confidence and whether it is right."""
    scored = [
        (confidence(weights, one.features), right)
        for one, right in zip(case.possible, case.right, strict=True)
    ]
    return max(scored, default=(0.0, False))


def _report(weights: dict[str, float], threshold: float, cases: Sequence[Case]) -> None:
    tops = [(*top(weights, case), case) for case in cases]
    near = [score >= threshold for score, _, case in tops if case.near_miss]
    answerable = [(score >= threshold, right) for score, right, case in tops if case.answerable]
    shown = [right for score, right, _ in tops if score >= threshold]
    score, rights = [s for s, _, _ in tops], [right for _, right, _ in tops]
    rows = (
        ("threshold", threshold, 1),
        ("near misses answered", np.mean(near), len(near)),
        ("answerable refused", np.mean([not shown for shown, _ in answerable]), len(answerable)),
        ("answerable answered rightly", np.mean([s and r for s, r in answerable]), len(answerable)),
        ("of what is answered, right", np.mean(shown), len(shown)),
        ("AUROC of right", auroc(score, rights), len(tops)),
    )
    for name, value, count in rows:
        print(f"{name:32}{value:8.4f}   n={count}")


# -- cases -----------------------------------------------------------------------------------------


def _cases(reader: TrainedReader, folder: Path) -> Iterator[Case]:
    kept_back = training_questions(held_back=True)
    others = [q for q in training_questions() if q.title not in {k.title for k in kept_back}]
    random.Random(_SEED).shuffle(others)
    contexts = {q.context_id: q for q in [*kept_back, *others]}
    book = open_book(folder, list(contexts.values())[:_CONTEXTS])
    yield from _asked(reader, book, kept_back)
    yield from (_own(reader, example) for example in generated(_GENERATED, _SEED))


def _asked(
    reader: TrainedReader, book: OpenBook, questions: Sequence[GoldQuestion]
) -> Iterator[Case]:
    """Each question as it is; and made wrong, or with its own document out of the library's reach."""
    dice = random.Random(_SEED)
    exchange = Exchange(questions)
    for question in questions:
        yield _case(reader, book, question, question.question, answerable=True)
        stated = question.title + question.context
        wrong = exchange.question(question, stated, dice)
        if wrong:
            yield _case(reader, book, question, wrong, answerable=False)
        elif dice.random() < 0.3:
            yield _case(reader, book, question, question.question, answerable=False)


def _case(
    reader: TrainedReader, book: OpenBook, question: GoldQuestion, asked: str, *, answerable: bool
) -> Case:
    same = asked == question.question
    hits = book.archive.retrieve(asked, 2 * PASSAGES)
    passages = [
        Passage(book.archive.document(hit.chunk.document_id), hit.chunk.span, hit.score)
        for hit in hits
    ]
    if same and not answerable:
        own = book.documents[question.context_id].id
        passages = [passage for passage in passages if passage.document.id != own]
    gold = question.texts if answerable else ()
    return _weighed(reader, asked, passages[:PASSAGES], gold, near_miss=not answerable)


def _own(reader: TrainedReader, example: Example) -> Case:
    """A question to one passage of our own."""
    document = Document("own", "own.txt", example.heading, example.passage)
    passage = Passage(document, Span(0, len(example.passage)), 1.0)
    gold = [] if example.answer is None else [example.answer.of(example.passage)]
    return _weighed(
        reader, example.question, [passage], gold, near_miss=example.relevant and not gold
    )


def _weighed(
    reader: TrainedReader,
    asked: str,
    passages: Sequence[Passage],
    gold: Sequence[str],
    *,
    near_miss: bool,
) -> Case:
    possible, _, _ = reader.weigh(asked, passages)
    right = tuple(char_f1(one.reading.short, gold) >= RIGHT for one in possible)
    return Case(tuple(possible), right, bool(gold), near_miss)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--model", type=Path, default=SHIPPED, help="the folder of the model")
    parser.add_argument("--work", type=Path, default=WORK, help="where its library is kept")
    return parser


if __name__ == "__main__":
    main()
