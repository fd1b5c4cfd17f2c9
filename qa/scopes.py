"""Which place a figure is of: whether the nearest that is named over it is the one asked about.

It knows 全市 and its like, which stand for whatever place their text is of. Whether a name asked about
is met is qa/conditions.py's business.
"""

import re
from collections.abc import Sequence

from qa.question import Question
from qa.sentence import Candidate, Sentence, tagged
from qa.words import AREAS

_LEVELS = "省市县区镇乡"
_WHOLE = f"全国|[全我本](?P<level>[{_LEVELS}])"
# 市场 and 区域 are no places, 全市第几 asks how a place stands among others.
_GOES_ON = "(?![场域值间别分村]|第|排|前)"
_LEADING_WHOLE = re.compile(
    f"(?:而|其中|同期|[今去]年|20\\d\\d年)?(?:全球|世界|{_WHOLE}){_GOES_ON}"
)
# 占全市 and 高于全市 measure against it, 安全区 and 健全县级 speak of something else.
_NAMED_WHOLE = re.compile(f"(?<![占居在列比于为安健保])(?:{_WHOLE}){_GOES_ON}")
_NAMED = re.compile(f"[\\u4e00-\\u9fff]{{0,4}}?[\\u4e00-\\u9fff][{_LEVELS}]{_GOES_ON}")
_LEADING_NAMED = re.compile(f"(?:而|其中|同期|[今去]年|20\\d\\d年)?{_NAMED.pattern}")
# What ends so and names none; 钱塘新区 does.
_NO_NAMES = (AREAS - {"新区"}) | frozenset(
    "全省 全市 城市 都市 超市 股市 楼市 夜市 集市 上市 门市 节省 各省 该省 各市 该市 某市 某区 某县 跨省 跨市 "
    "跨区".split()
)
_PROVINCES = dict.fromkeys(
    "河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 "
    "台湾".split(),
    "省",
) | dict.fromkeys("内蒙古 广西 西藏 宁夏 新疆".split(), "区")


def is_elsewhere(asked: Question, sentence: Sentence, candidate: Candidate) -> bool:
    """Whether the nearest place that a candidate stands under is another than those asked about."""
    places = [v for term in asked.terms if term.kind == "place" for v in term.variants]
    for clause in reversed(sentence.clauses[: candidate.clause + 1]):
        if any(place in clause.text for place in places):
            return False
        if _begins_elsewhere(places, clause.text):
            return True
    return False


def _begins_elsewhere(places: Sequence[str], clause: str) -> bool:
    """Whether a clause, in which none of these places is named, begins with another: 全球 is not 中国.

    全区 is whichever district was named before, but no province.
    """
    whole = _LEADING_WHOLE.match(clause)
    if whole:
        level = whole["level"]
        levels = {_PROVINCES.get(p, p[-1] if p[-1] in _LEVELS else level) for p in places}
        return not level or level not in levels
    (word, tag), (_, following), *_ = *tagged(clause), ("", ""), ("", "")
    # Before a number the cutter takes verbs for places: 惠及4260人.
    return tag == "ns" and len(word) > 1 and following != "m"


def is_of_another_whole(asked: Question, sentence: Sentence, candidate: Candidate) -> bool:
    """Whether 全市 is asked about, no place by name, and a candidate is of a place that is no 市.

    The nearest place whose level its name tells decides: in the clauses up to its own, in the heading,
    in the title. Where none is named, any may be meant.
    """
    whole = _NAMED_WHOLE.search(asked.text)
    if whole is None or any(term.kind == "place" for term in asked.terms):
        return False
    wanted = whole["level"] or whole[0]
    for clause in reversed(sentence.clauses[: candidate.clause + 1]):
        if level := _level(clause.text, _LEADING_NAMED.match(clause.text)):
            return level != wanted
    for text in (sentence.heading, sentence.title):
        if level := _level(text, *_NAMED.finditer(text)):
            return level != wanted
    return False


def _level(text: str, *named: re.Match[str] | None) -> str:
    """The level of 全市 in a text or else of the last of the places named, or nothing."""
    if whole := _NAMED_WHOLE.search(text):
        return whole["level"] or whole[0]
    places = [match[0] for match in named if match and match[0][-2:] not in _NO_NAMES]
    return places[-1][-1] if places else ""
