"""Questions made wrong: one thing in them exchanged for another that the passage does not state.

"2021年" for "2022年", one name for another, 最大 for 最小: the passage stays, its answer is none to
the new question. A name is what question and passage have in common at greatest length. Only what
the passage states is exchanged: where it does not say the year, the right question is no better
founded than the wrong one.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from train.questions import GoldQuestion

_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20[0-3]\d)(?=年|\D|$)")
_NUMBER = re.compile(r"(?<![\d.])\d+(?:\.\d+)?(?!\d)")
_QUOTED = re.compile("(?<=[《“「『])[^》”」』]{2,20}(?=[》”」』])")
_HAN_NAME = re.compile("[\u4e00-\u9fffA-Za-z·]{3,12}")
# Either side for the other; what is exchanged asks for something else.
_OPPOSITES = tuple(
    tuple(pair.split("/"))
    for pair in (
        "最大/最小 最高/最低 最多/最少 最早/最晚 最长/最短 最初/最后 第一/第二 第二/第三 首次/末次 上/下 "
        "出生/去世 父亲/母亲 哥哥/姐姐 丈夫/儿子 妻子/女儿 男/女 东/西 南/北 东部/南部 西部/北部 东南/西北 "
        "增长/下降 增加/减少 上升/下跌 提高/降低 进口/出口 收入/支出 利润/负债 成立/解散 创立/关闭 开始/结束 "
        "开工/竣工 开幕/闭幕 面积/人口 长度/宽度 高度/重量 票房/成本 作者/译者 导演/编剧 队长/教练 "
        "校长/创办人 总部/分部 首都/海港 优点/缺点 城市/农村 上半年/下半年 冬季/夏季 主席/秘书长 总统/总理 "
        "国王/王后 省长/市长 冠军/季军 金牌/铜牌 主角/反派 起点/终点 上游/下游 赞成/反对 内部/外部 "
        "早期/晚期 前身/后身 英文/日文 小说/漫画 电影/游戏 专辑/单曲 同比/环比 计划/实际 今年/前年"
    ).split()
)


class Exchange:
    """Knows the names that the questions of a set ask about, to put one for another."""

    def __init__(self, questions: Sequence[GoldQuestion]) -> None:
        self._named = {question.id: shared_name(question) for question in questions}
        # A name is best exchanged for one that ends alike: a district for a district.
        self._by_end: dict[str, list[str]] = defaultdict(list)
        for name in dict.fromkeys(name for name in self._named.values() if name):
            self._by_end[name[-1]].append(name)
        self._names = [name for names in self._by_end.values() for name in names]

    def question(self, asked: GoldQuestion, stated: str, dice: random.Random) -> str:
        """The question with one thing exchanged for what is not in `stated`; "" if there is none."""
        ways = [
            list(_years(asked.question, stated, dice)),
            list(_numbers(asked.question, stated, dice)),
            list(_opposites(asked.question, stated)),
            list(self._other_names(asked, stated, dice)),
        ]
        possible = [way for way in ways if way]
        return dice.choice(dice.choice(possible)) if possible else ""

    def _other_names(self, asked: GoldQuestion, stated: str, dice: random.Random) -> Iterator[str]:
        name = self._named[asked.id]
        if not name or name not in stated:
            return
        alike = self._by_end[name[-1]]
        pool = alike if len(alike) > 3 and dice.random() < 0.7 else self._names
        for other in dice.sample(pool, min(4, len(pool))):
            if other not in stated and name not in other and other not in asked.question:
                yield asked.question.replace(name, other)


def shared_name(asked: GoldQuestion) -> str:
    """What the question is about: the title, something quoted, or its longest part in the context."""
    question = asked.question
    if len(asked.title) > 1 and asked.title in question:
        return asked.title
    quoted = _QUOTED.search(question)
    if quoted:
        return quoted.group()
    match = SequenceMatcher(None, question, asked.context, autojunk=False).find_longest_match()
    name = question[match.a : match.a + match.size].strip("的是了在，,？?")
    return name if _HAN_NAME.fullmatch(name) else ""


def _years(question: str, stated: str, dice: random.Random) -> Iterator[str]:
    for match in _YEAR.finditer(question):
        if match.group() not in stated:
            continue
        others = [int(match.group()) + step for step in (-3, -2, -1, 1, 2, 3)]
        free = [str(year) for year in others if str(year) not in stated]
        if free:
            yield _put(question, match, dice.choice(free))


def _numbers(question: str, stated: str, dice: random.Random) -> Iterator[str]:
    for match in _NUMBER.finditer(question):
        number = match.group()
        if _YEAR.fullmatch(number) or "." in number or len(number) > 6 or number not in stated:
            continue
        others = [int(number) + step for step in (-2, -1, 1, 2, 5)]
        free = [str(n) for n in others if n > 0 and str(n) not in stated]
        if free:
            yield _put(question, match, dice.choice(free))


def _opposites(question: str, stated: str) -> Iterator[str]:
    for pair in _OPPOSITES:
        for word, other in (pair, pair[::-1]):
            if len(word) > 1 and word in question and other not in stated:
                yield question.replace(word, other, 1)


def _put(text: str, match: re.Match[str], other: str) -> str:
    return text[: match.start()] + other + text[match.end() :]
