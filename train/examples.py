"""What the reader is trained on: a question, a passage, and the answer's span or none.

Made from answerable questions on long contexts. Each becomes a window of whole sentences round its
answer, as a chunk is at serving; and, for refusal, near misses of five kinds:

    elsewhere   another window of the same context, without the answer
    ranked      a window of another context that shares most character pairs with the question
    cut         the window with the sentences of the answer taken out
    exchanged   the question with its year, number, name or sense exchanged for another that
                neither title nor window has (train/exchange.py)
    stranger    a window of any other context

Passages of our own making are train/generated.py's business; what goes into which epoch is
train/fit_reader.py's.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from index.split import sentences
from index.types import Span
from train.exchange import Exchange
from train.questions import GoldQuestion

# Characters of a window; some are long, so that a long chunk is nothing new.
_SHORT, _LONG, _LONG_SHARE = (60, 260), (260, 520), 0.12
# Near misses of each kind, for one question.
_SHARES = {"elsewhere": 0.13, "ranked": 0.17, "cut": 0.08, "exchanged": 0.25, "stranger": 0.03}
_RANKED = 12
# At serving a chunk has the title of its document, but not always one that says something.
_TITLED = 0.6


@dataclass(frozen=True, slots=True)
class Example:
    """One thing to learn. `answer` is a span of `passage`, None where there is none to be found.

    `heading` is what document and section say of themselves; `relevant` tells a near miss about
    the same matter (True) from a passage of something else.
    """

    question: str
    heading: str
    passage: str
    answer: Span | None
    kind: str
    relevant: bool


class ExampleMaker:
    """Examples out of questions; the same seed gives the same examples."""

    def __init__(self, questions: Sequence[GoldQuestion]) -> None:
        self._questions = [question for question in questions if question.answers]
        self._contexts = {question.context_id: question for question in self._questions}
        self._sentences = {
            key: tuple(sentences(question.context, Span(0, len(question.context))))
            for key, question in self._contexts.items()
        }
        self._exchange = Exchange(self._questions)
        self._ranked_ids = self._rank()

    def epoch(self, seed: int) -> list[Example]:
        """Every question once with its answer, and near misses by their shares, shuffled."""
        dice = random.Random(seed)
        made: list[Example] = []
        for place, question in enumerate(self._questions):
            window = self._window(question, dice)
            positive = self._answerable(question, window, dice)
            made.append(positive)
            for kind, share in _SHARES.items():
                if dice.random() < share:
                    miss = self._miss(kind, place, window, positive, dice)
                    if miss is not None:
                        made.append(replace(miss, kind=kind, answer=None))
        dice.shuffle(made)
        return made

    def _answerable(self, question: GoldQuestion, window: Span, dice: random.Random) -> Example:
        answer = question.answers[0]
        return Example(
            question=question.question,
            heading=question.title if dice.random() < _TITLED else "",
            passage=window.of(question.context),
            answer=Span(answer.start - window.start, answer.end - window.start),
            kind="answerable",
            relevant=True,
        )

    def _miss(
        self, kind: str, place: int, window: Span, positive: Example, dice: random.Random
    ) -> Example | None:
        question = self._questions[place]
        if kind == "exchanged":
            exchanged = self._exchange.question(question, positive.heading + positive.passage, dice)
            return replace(positive, question=exchanged) if exchanged else None
        if kind == "cut":
            rest = self._without_answer(question, window)
            return replace(positive, passage=rest) if rest else None
        other: dict[str, Callable[[], str]] = {
            "elsewhere": lambda: question.context_id,
            "ranked": lambda: dice.choice(self._ranked_ids[place]),
            "stranger": lambda: dice.choice(self._questions).context_id,
        }
        context_id = other[kind]()
        piece = self._piece(context_id, question.texts, dice)
        heading = self._contexts[context_id].title if positive.heading else ""
        return replace(positive, heading=heading, passage=piece, relevant=False) if piece else None

    # -- windows -----------------------------------------------------------------------------

    def _window(self, question: GoldQuestion, dice: random.Random) -> Span:
        """Whole sentences round the answer, to a length and from a beginning drawn at random."""
        answer, found = question.answers[0], self._sentences[question.context_id]
        first = next((i for i, s in enumerate(found) if s.end > answer.start), len(found) - 1)
        last = next((i for i, s in enumerate(found) if s.end >= answer.end), len(found) - 1)
        room = dice.randint(*(_LONG if dice.random() < _LONG_SHARE else _SHORT))
        growing = True
        while growing:
            wider = [(first - 1, last)] * (first > 0) + [(first, last + 1)] * (
                last + 1 < len(found)
            )
            grown = dice.choice(wider) if wider else (first, last)
            growing = bool(wider) and found[grown[1]].end - found[grown[0]].start <= room
            if growing:
                first, last = grown
        return Span(min(found[first].start, answer.start), max(found[last].end, answer.end))

    def _without_answer(self, question: GoldQuestion, window: Span) -> str:
        """The window less every sentence that an answer touches; "" if too little is left."""
        kept = [
            text
            for span in sentences(question.context, window)
            if not any(answer in (text := span.of(question.context)) for answer in question.texts)
            and not any(a.start < span.end and span.start < a.end for a in question.answers)
        ]
        rest = "".join(kept)
        return rest if len(rest) >= _SHORT[0] // 2 else ""

    def _piece(self, context_id: str, avoid: Sequence[str], dice: random.Random) -> str:
        """A window of a context in which none of these texts stands, or ""."""
        context, found = self._contexts[context_id].context, self._sentences[context_id]
        room = dice.randint(*_SHORT)
        first = last = dice.randrange(len(found))
        while last + 1 < len(found) and found[last + 1].end - found[first].start <= room:
            last += 1
        piece = context[found[first].start : found[last].end]
        return "" if len(piece) < 20 or any(text in piece for text in avoid) else piece

    def _rank(self) -> list[list[str]]:
        """For each question the contexts, not its own, that share most character pairs with it."""
        keys = list(self._contexts)
        pairs = TfidfVectorizer(analyzer="char", ngram_range=(2, 2), sublinear_tf=True)
        table = pairs.fit_transform(self._contexts[key].context for key in keys).T.tocsr()
        asked = pairs.transform(question.question for question in self._questions)
        ranked = []
        for place, question in enumerate(self._questions):
            scores = (asked[place] @ table).toarray()[0]
            best = np.argsort(-scores)[: _RANKED + 1]
            ranked.append([keys[i] for i in best if keys[i] != question.context_id][:_RANKED])
        return ranked
