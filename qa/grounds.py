"""What a model's sentence has to pass before anybody sees it: more than being supported.

qa/verify.py judges what any sentence claims, and lets it be worded freely. A model that only words
what was found has no need of words, figures or denials that its evidence does not have: here they
are refused. A true sentence that fails costs fluency and no truth; the document's own words stand in
its place.
"""

from collections.abc import Iterator, Sequence

from qa.claims import DENIAL, content_words
from qa.figures import fold, ungrounded
from qa.types import Citation
from qa.verify import Score, verify

# How a finding is put into words; they say nothing by themselves.
_PUT = frozenset(
    "达到 实现 完成 为 是 有 共 共有 约 分别 其中 以及 并且 同时 此外 根据 显示 表示 指出 数据 情况 方面 "
    "幅度 增速 增长率 涨幅 降幅 比例 占比 数量 总数 金额 时间 日期 地点 名称 内容 包括 属于 位于 目前 当时".split()
)


def objections(
    question: str, score: Score | None, sentence: str, citations: Sequence[Citation]
) -> tuple[str, ...]:
    """Why a sentence is not to be shown with these citations, in words for the model; () if it is."""
    quotes = [citation.quote for citation in citations]
    first = citations[0]
    context = f"{first.title} {first.section}"
    verdict = verify(sentence, quotes, date=first.date, context=context, score=score)
    if not verdict.supported:
        return verdict.reasons or ("与原文不符",)
    return (
        *(f"原文没有“{figure}”" for figure in ungrounded(sentence, quotes)),
        *foreign_words(sentence, fold(f"{' '.join(quotes)} {context} {question}")),
        *foreign_denials(sentence, fold(" ".join(quotes))),
    )


def foreign_words(sentence: str, known: str) -> Iterator[str]:
    """The words of a sentence that a folded text does not have, each as a reason."""
    for word in content_words(sentence):
        if word not in _PUT and fold(word) not in known:
            yield f"原文没有“{word}”"


def foreign_denials(sentence: str, known: str) -> Iterator[str]:
    """A denial has to stand in the evidence before the very same word."""
    folded = fold(sentence)
    for match in DENIAL.finditer(folded):
        denied = folded[match.start() : match.end() + 2]
        if denied not in known:
            yield f"原文没有“{denied}”"
