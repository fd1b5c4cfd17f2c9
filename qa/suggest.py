"""Questions that a stretch of a document answers, in its own words: what to ask next.

Pure, and by form alone: a figure with the words that say what it is. Whether the assistant really
answers such a question is asked of the assistant itself (`Assistant.suggest`).
"""

import re
from collections.abc import Iterator, Sequence

from index.split import sentences
from index.types import Document, Span
from qa.figures import Figure, figures
from qa.words import words

# Between what is measured and its figure, and before what is measured.
_LINK = (
    "同比|环比|比上年|较上年|预计|累计|合计|共计|总计|达到|达|完成|实现|为|是|有|共|约|超过?|突破|"
    "增长|增加|提高|提升|上升|下降|减少|降低|回落|下调|上调|分别|已|均|全年|其中|平均|至|到|新增"
)
_LINKS_AFTER = re.compile(f"(?:{_LINK}|[:：])+$")
_BEFORE = re.compile(f"^.*(?:{_LINK}|[的在对将把按和与及等])")
_CLAUSE = re.compile(r"[，,。；;：:、（）()《》“”\s]")
_YEAR = re.compile(
    r"(?<!\d)(?:19|20)\d{2}年(?!至|到|[—-])(?:\d{1,2}月|上半年|下半年|前三季度|[一二三四]季度)?"
)
_SUBJECT = re.compile("[㐀-鿿A-Za-z]{4,14}")
# Parts of speech that a name of something measured is made of, begins with and ends with; the cutter
# takes some nouns of statistics for verbs.
_PARTS = {"n", "nz", "ns", "nt", "vn", "an", "j", "l", "a", "b", "f", "v", "s", "i", "eng"}
_FIRST = _PARTS - {"v", "f"}
_LAST = {"n", "nz", "nt", "vn", "an", "j", "l"}
_NOUNS = {"收入", "支出", "就业", "产出", "消费"}


def questions_of(document: Document, stretches: Sequence[Span]) -> Iterator[str]:
    """Questions to the figures in stretches of a document, one a thing measured, in their order.

    >>> document = Document("1", "a.txt", "", "2023年，甲区完成工业投资12.5亿元，全社会用电量增长1.2%。")
    >>> list(questions_of(document, [Span(0, len(document.text))]))
    ['2023年工业投资是多少', '2023年全社会用电量增长多少']
    """
    seen = set()
    for stretch in stretches:
        for sentence in sentences(document.text, stretch):
            for subject, question in _of_sentence(sentence.of(document.text)):
                if subject not in seen:
                    seen.add(subject)
                    yield question


def _of_sentence(sentence: str) -> Iterator[tuple[str, str]]:
    """What is measured, and the question to it."""
    for figure in figures(sentence):
        subject = _subject(sentence[: figure.span.start])
        if subject:
            yield subject, f"{_year_before(sentence, figure)}{subject}{_asked(figure)}"


def _subject(before: str) -> str:
    """What the words right before a figure name, or ""."""
    clause = _CLAUSE.split(_LINKS_AFTER.sub("", before))[-1]
    subject = _BEFORE.sub("", clause)
    return subject if _SUBJECT.fullmatch(subject) and _is_name(subject) else ""


def _is_name(subject: str) -> bool:
    """Whether it reads as the name of something: it begins and ends as a noun does."""
    cut = words(subject)
    (_, first), (last_word, last) = cut[0], cut[-1]
    return (
        all(part in _PARTS for _, part in cut)
        and first in _FIRST
        and (last in _LAST or last_word in _NOUNS)
    )


def _year_before(sentence: str, figure: Figure) -> str:
    years = _YEAR.findall(sentence[: figure.span.start])
    return years[-1] if years else ""


def _asked(figure: Figure) -> str:
    if figure.change == "rise":
        return "增长多少"
    if figure.change == "fall":
        return "下降多少"
    return f"有多少{figure.unit}" if figure.kind == "count" else "是多少"
