"""The measures of one question. What is told of many together is eval/curves.py's business.

exact_match and char_f1 as CMRC 2018 scores them (Cui et al., "A Span-Extraction Dataset for Chinese
Machine Reading Comprehension", EMNLP 2019): a Han character is a token, and so is a run of other
letters and digits; punctuation is dropped; what is common is the longest common run of tokens. Of
several gold answers the best counts.

Ranks count from 1. A question's `ranks` are, of each piece of gold evidence, the rank of the first
hit that holds it, or None: the measures of retrieval are those of Järvelin and Kekäläinen (nDCG,
2002) and Voorhees (reciprocal rank, 1999), with the pieces as the relevant items.
"""

import math
import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from index.types import Span
from qa.figures import amounts, value_of

Ranks = Sequence[int | None]

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


def recall_at(ranks: Ranks, k: int) -> float:
    """The share of the pieces that the first k hits hold.

    >>> recall_at([1, 7, None], 5)
    0.3333333333333333
    """
    return sum(rank is not None and rank <= k for rank in ranks) / len(ranks)


def reciprocal_rank(ranks: Ranks) -> float:
    """One by the rank of the first hit that holds any piece; 0 without one."""
    found = [rank for rank in ranks if rank is not None]
    return 1 / min(found) if found else 0.0


def ndcg_at(ranks: Ranks, k: int) -> float:
    """The gain of the first k hits, discounted by the logarithm of the rank, by the best possible.

    >>> ndcg_at([2], 10) == 1 / math.log2(3)
    True
    """
    gained = sum(1 / math.log2(rank + 1) for rank in ranks if rank is not None and rank <= k)
    best = sum(1 / math.log2(place + 2) for place in range(min(k, len(ranks))))
    # Two pieces in one hit would gain more than the ideal order of single ones.
    return min(1.0, gained / best)


def figure_match(answer: str, gold: Sequence[str]) -> float | None:
    """Whether the answer has the value and unit of a gold figure; None where gold is no figure.

    >>> figure_match("17,542,000,000元", ["175.42亿元"]), figure_match("175.42万元", ["175.42亿元"])
    (1.0, 0.0)
    """
    wanted = [amounts(text) for text in gold]
    wanted = [found for found in wanted if len(found) == 1]
    if not wanted:
        return None
    given = amounts(answer)
    return float(
        len(given) == 1 and any(value_of(given[0]) == value_of(found[0]) for found in wanted)
    )


def overlap(spans: Iterable[Span], others: Iterable[Span]) -> int:
    """How many characters both sets of spans cover."""
    return len(_characters(spans) & _characters(others))


def _characters(spans: Iterable[Span]) -> set[int]:
    return {place for span in spans for place in range(span.start, span.end)}
