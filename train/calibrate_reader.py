"""Turns scores into a probability of being right: `python -m train.calibrate_reader`.

Asks questions that were kept back from training (train/fit_reader.py), right ones and near misses
made of them, of a library of training contexts, and questions to passages of our own; each possible
answer that the reader weighs (qa/read.py) is one case, right or wrong. A logistic regression over its
features gives the weights of qa/confidence.py. The threshold of each kind follows by a rule: the
lowest at which at most WRONG of the near misses that the regression did not see are answered. How
often answers are right that are shown by rule below it is counted too. All goes into `config.json`
of the model.
"""

import argparse
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from eval.curves import auroc
from eval.measures import char_f1
from index.reading import SHIPPED, Kind, ReadingModel
from index.types import Document, Span
from qa.confidence import BIAS, confidence
from qa.question import understand
from qa.read import Possible, TrainedReader, kind_of
from qa.types import Passage
from train.examples import Example
from train.exchange import Exchange
from train.export_reader import write_config
from train.fit_reader import WORK, training_questions
from train.generated import generated
from train.open_book import OpenBook, open_book
from train.questions import GoldQuestion

Floats = NDArray[np.float64]

# What speaks against an answer; all else speaks for it.
AGAINST = frozenset({"failed", "other_period", "rank", "ruled_other", "unfit", "unruled"})
# Of the near misses so many may be answered.
WRONG = 0.05
# An answer that shares this much with the gold one is right; of names and statements also one that
# is so much of it and nothing else: a gold answer is often a whole clause with its reason and place.
RIGHT, WITHIN = 0.6, 0.3
PASSAGES = 5
_CONTEXTS = 600  # that the right one has to be found among
_ASKED, _GENERATED, _SEED = 480, 1_200, 77_000
# So many regressions, each without a part of the cases, to choose the thresholds on that part.
_PARTS = 5


@dataclass(frozen=True, slots=True)
class Case:
    """What the reader weighed for one question of a kind, and which of it is right.

    It weighs nothing where all that it read is excluded by the conditions of the question: that is
    refused whatever the threshold.
    """

    kind: Kind
    possible: tuple[Possible, ...]
    right: tuple[bool, ...]
    answerable: bool
    near_miss: bool


def main(arguments: Sequence[str] | None = None) -> None:
    """Ask, fit, choose, write, and print what it comes to."""
    options = _parser().parse_args(arguments)
    reader = TrainedReader(lambda: ReadingModel(options.model), most=PASSAGES)
    cases = list(_cases(reader, options.work / "calibration"))
    dice = random.Random(_SEED)
    dice.shuffle(cases)
    weights, unseen = fit(cases), list(_crossed(cases))
    thresholds = choose(unseen)
    ruled = rightness_by_rule(unseen, thresholds)
    write_config(options.model, {"weights": weights, "thresholds": thresholds, "ruled": ruled})
    for name, weight in weights.items():
        print(f"{name:24}{weight:9.3f}")
    _report(thresholds, unseen)
    print("right among those shown by rule alone:", ruled)


def fit(cases: Sequence[Case]) -> dict[str, float]:
    """The weights of qa/confidence.py, for each kind of answer."""
    rows: dict[str, list[tuple[Mapping[str, float], bool]]] = defaultdict(list)
    for case in cases:
        for one, right in zip(case.possible, case.right, strict=True):
            rows[one.kind].append((one.features, right))
    return {
        f"{kind}.{name}": weight
        for kind in sorted(rows)
        for name, weight in _regression(rows[kind]).items()
    }


def _regression(rows: Sequence[tuple[Mapping[str, float], bool]]) -> dict[str, float]:
    """A logistic regression in which no feature may speak against what it is known to speak for.

    Else what is rare in these cases, as two documents that agree, would weigh by chance.
    """
    names = sorted(rows[0][0])
    table = np.array([[features[name] for name in names] for features, _ in rows])
    marks = np.array([1.0 if right else -1.0 for _, right in rows])
    middle, spread = table.mean(axis=0), np.maximum(table.std(axis=0), 1e-6)
    scaled = np.column_stack([np.ones(len(rows)), (table - middle) / spread])

    def badness(weights: Floats) -> tuple[float, Floats]:
        margins = marks * (scaled @ weights)
        slopes = -marks / (1 + np.exp(np.clip(margins, -50, 50)))
        penalised = np.concatenate([[0.0], weights[1:]])
        value = np.logaddexp(0, -margins).sum() + 0.5 * float(penalised @ penalised)
        return float(value), scaled.T @ slopes + penalised

    bounds = [(None, None), *((None, 0) if name in AGAINST else (0, None) for name in names)]
    found = minimize(badness, np.zeros(len(names) + 1), jac=True, bounds=bounds).x
    slopes = found[1:] / spread
    bias = float(found[0] - (slopes * middle).sum())
    named = {name: round(float(slope), 4) for name, slope in zip(names, slopes, strict=True)}
    return {BIAS: round(bias, 4)} | named


@dataclass(frozen=True, slots=True)
class Weighed:
    """A case with the confidence of its likeliest answer, and whether that is right.

    `stood` is whether the likeliest that the rules let through is right, None if there is none.
    """

    case: Case
    confidence: float
    right: bool
    stood: bool | None = None


def _crossed(cases: Sequence[Case]) -> Iterator[Weighed]:
    """Each case weighed by a regression that did not see it."""
    for part in range(_PARTS):
        weights = fit([case for place, case in enumerate(cases) if place % _PARTS != part])
        yield from (weighed(weights, case) for case in cases[part::_PARTS])


def weighed(weights: Mapping[str, float], case: Case) -> Weighed:
    """A case by these weights."""
    scored = [
        (confidence(weights, one.kind, one.features), right, one.stands_by_rule)
        for one, right in zip(case.possible, case.right, strict=True)
    ]
    best, right, _ = max(scored, default=(0.0, False, False))
    stood = max(((score, right) for score, right, stands in scored if stands), default=None)
    return Weighed(case, best, right, None if stood is None else stood[1])


def choose(unseen: Sequence[Weighed]) -> dict[str, float]:
    """For each kind the lowest threshold at which at most WRONG of its near misses are answered."""
    found: dict[Kind, list[float]] = defaultdict(list)
    for one in unseen:
        if one.case.near_miss:
            found[one.case.kind].append(one.confidence)
    return {
        kind: round(min(0.99, sorted(tops, reverse=True)[int(WRONG * len(tops))] + 0.0005), 4)
        for kind, tops in sorted(found.items())
    }


def rightness_by_rule(
    unseen: Sequence[Weighed], thresholds: Mapping[str, float]
) -> dict[str, float]:
    """Of each kind the share of right ones among answers shown because they stand by rule alone.

    One right and one wrong answer more than were seen: of few cases little is known.
    """
    found: dict[str, list[bool]] = {kind: [True, False] for kind in sorted(thresholds)}
    for one in unseen:
        if one.stood is not None and one.confidence < thresholds[one.case.kind]:
            found[one.case.kind].append(one.stood)
    return {kind: round(float(np.mean(rights)), 4) for kind, rights in found.items()}


def _report(thresholds: Mapping[str, float], unseen: Sequence[Weighed]) -> None:
    print("kind    threshold  near misses answered  answerable refused  answered rightly  AUROC")
    for kind, threshold in thresholds.items():
        of_kind = [one for one in unseen if one.case.kind == kind]
        near = [one.confidence >= threshold for one in of_kind if one.case.near_miss]
        known = [one for one in of_kind if one.case.answerable]
        refused = float(np.mean([one.confidence < threshold for one in known]))
        rightly = float(np.mean([one.confidence >= threshold and one.right for one in known]))
        area = auroc([one.confidence for one in of_kind], [one.right for one in of_kind])
        print(
            f"{kind:8}{threshold:9.4f}{np.mean(near):12.3f} of {len(near):<6}"
            f"{refused:10.3f} of {len(known):<6}{rightly:10.3f}{area:15.3f}"
        )


# -- cases -----------------------------------------------------------------------------------------


def _cases(reader: TrainedReader, folder: Path) -> Iterator[Case]:
    kept_back = training_questions(held_back=True)
    random.Random(_SEED).shuffle(kept_back)
    kept_back = kept_back[:_ASKED]
    others = [q for q in training_questions() if q.title not in {k.title for k in kept_back}]
    random.Random(_SEED).shuffle(others)
    contexts = {q.context_id: q for q in [*kept_back, *others]}
    book = open_book(folder, list(contexts.values())[:_CONTEXTS])
    yield from _asked(reader, book, kept_back)
    own = generated(_GENERATED, _SEED)
    yield from (
        _own(reader, [example, own[place - 1], own[place - 2]]) for place, example in enumerate(own)
    )


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
    return _read(reader, asked, passages[:PASSAGES], gold, near_miss=not answerable)


def _own(reader: TrainedReader, examples: Sequence[Example]) -> Case:
    """A question to passages of our own, of which the first is the one it was made for."""
    asked = examples[0]
    passages = [
        Passage(_own_document(example, place), Span(0, len(example.passage)), 1.0)
        for place, example in enumerate(examples)
    ]
    gold = [] if asked.answer is None else [asked.answer.of(asked.passage)]
    near_miss = asked.relevant and not gold
    return _read(reader, asked.question, passages, gold, near_miss=near_miss)


def _own_document(example: Example, place: int) -> Document:
    return Document(f"own{place}", f"{place}.txt", example.heading, example.passage)


def _read(
    reader: TrainedReader,
    asked: str,
    passages: Sequence[Passage],
    gold: Sequence[str],
    *,
    near_miss: bool,
) -> Case:
    question = understand(asked)
    possible, _ = reader.weigh(question, passages)
    right = tuple(is_right(one, gold) for one in possible)
    return Case(kind_of(question), tuple(possible), right, bool(gold), near_miss)


def is_right(one: Possible, gold: Sequence[str]) -> bool:
    """Whether a possible answer is right by the gold ones, of which each is whole."""
    short = one.reading.short
    within = one.kind == "open" and any(short in text for text in gold)
    return char_f1(short, gold) >= (WITHIN if within else RIGHT)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--model", type=Path, default=SHIPPED, help="the folder of the model")
    parser.add_argument("--work", type=Path, default=WORK, help="where its library is kept")
    return parser


if __name__ == "__main__":
    main()
