"""A second opinion on a sentence: each of its figures is asked back of the evidence.

The sentence without a figure is a question ("工业投资增长多少%"), and the reading network says where
its answer stands. Where it is sure that another figure of the same unit is the answer, the sentence
has put a right figure to a wrong thing. It only ever doubts: its other scores do not tell a
supported sentence from a wrong one. Needs no rules; qa/verify.py has those.
"""

from collections.abc import Callable
from functools import cached_property

from index.reading import ReadingModel
from qa.figures import Figure, amount, figures, fold

# So much likelier, in log probability, another figure has to be; chosen over all sets of pairs but held.
_SURE = 6.0


class AskedBack:
    """A `Score` for qa/verify.py: 0 where a figure is contradicted, else 1. Any thread may ask.

    A figure costs one row of the network, and none where no other figure has its unit.
    """

    def __init__(self, load: Callable[[], ReadingModel]) -> None:
        self._load = load

    @cached_property
    def _model(self) -> ReadingModel:
        return self._load()

    def __call__(self, sentence: str, text: str) -> float:
        told = fold(sentence).rstrip("。")
        return 0.0 if any(self._is_another(told, one, text) for one in figures(told)) else 1.0

    def _is_another(self, told: str, figure: Figure, text: str) -> bool:
        """Whether the question for a figure of a sentence is rather answered by another."""
        mine, folded = amount(told, figure), fold(text)
        alike = [one for one in figures(folded) if one.unit == figure.unit]
        same = [one for one in alike if amount(folded, one) == mine]
        others = [one for one in alike if one not in same]
        if not same or not others:
            return False
        start, end = figure.core.start, figure.core.end
        question = f"{told[:start]}多少{figure.unit}{told[end:]}?"
        read = self._model.read(question, [("", text)])[0]
        best, rival = (max(read.score_of(one.core) for one in some) for some in (same, others))
        return rival - best > _SURE
