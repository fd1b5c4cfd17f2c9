"""How answers are scored: exact match and character F1 as CMRC 2018 scores them, AUROC, coverage.

Cui et al., "A Span-Extraction Dataset for Chinese Machine Reading Comprehension", EMNLP 2019: a Han
character is a token, and so is a run of other letters and digits; punctuation is dropped; what is
common is the longest common run of tokens. Of several gold answers the best counts.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

_TOKEN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W_\u3400-\u9fff\uf900-\ufaff]+(?:\.\d+)?")


def tokens(text: str) -> list[str]:
    """What is compared.

    >>> tokens("《GDP》增长71.4%。")
    ['gdp', '增', '长', '71.4']
    """
    return _TOKEN.findall(text.lower())


def exact_match(answer: str, gold: Sequence[str]) -> float:
    """1 if the answer is one of the gold ones but for punctuation and case, else 0."""
    return float(any(tokens(answer) == tokens(one) for one in gold))


def char_f1(answer: str, gold: Sequence[str]) -> float:
    """The best F1 with a gold answer.

    >>> round(char_f1("增长71.4%", ["71.4%"]), 3)  # precision 1/3, recall 1/1
    0.5
    """
    return max((_f1(tokens(answer), tokens(one)) for one in gold), default=0.0)


def _f1(found: list[str], gold: list[str]) -> float:
    common = SequenceMatcher(None, found, gold, autojunk=False).find_longest_match().size
    if not common:
        return 0.0
    precision, recall = common / len(found), common / len(gold)
    return 2 * precision * recall / (precision + recall)


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float:
    """The chance that a positive has a higher score than a negative; ties count half.

    >>> auroc([0.9, 0.4, 0.5], [True, False, True])
    1.0
    """
    ranks = _ranks(np.asarray(scores, dtype=np.float64))
    marked = np.asarray(positive, dtype=bool)
    ones, others = int(marked.sum()), int((~marked).sum())
    if not ones or not others:
        return float("nan")
    return float((ranks[marked].sum() - ones * (ones + 1) / 2) / (ones * others))


def _ranks(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks from 1, equal scores sharing the mean of theirs."""
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    shared: NDArray[np.float64] = last - (counts - 1) / 2
    return shared[place]


def risk_at_coverage(
    scores: Sequence[float], right: Sequence[float], coverages: Sequence[float]
) -> list[float]:
    """The share of wrong answers among the most confident, at each share that is answered.

    >>> risk_at_coverage([0.9, 0.8, 0.1, 0.2], [1, 1, 0, 1], [0.5, 1.0])
    [0.0, 0.25]
    """
    order = np.argsort(-np.asarray(scores, dtype=np.float64), kind="stable")
    wrong = 1.0 - np.asarray(right, dtype=np.float64)[order]
    risks = np.cumsum(wrong) / np.arange(1, len(wrong) + 1)
    return [float(risks[max(1, round(share * len(wrong))) - 1]) for share in coverages]
