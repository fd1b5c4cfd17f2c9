"""Who does what: names, offices, works and places of a sentence, held to what the evidence ties them to.

Pure. A word that the evidence says of one name only is not true of another: that is how swapped
names, offices and titles are found, and a name of which one character is wrong.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from qa.claims import clauses, content_words, places, sentences
from qa.question import stands_in, words

_TITLE = re.compile("《[^》]{1,60}》")
_OFFICE = re.compile(
    "副?(?:总?经理|主任|书记|[局院校区县市镇乡部处科所馆会站队行厂社]长|主席|总监|负责人|理事长|董事长|秘书长|组长|总工程师|主编|导演|教授|会长|主播|教练)"
)
_ORGANISATION = re.compile(
    "[\u4e00-\u9fff]{1,12}?(?:局|委员会|办公室|医院|学院|大学|中学|小学|公司|集团|中心|法院|检察院|银行|协会|商会|研究院|研究所|图书馆|博物馆|出版社|合作社)"
)
_NAMED_AFTER_OFFICE = re.compile(
    f"(?:{_OFFICE.pattern}|任命|免去|记者|医生|教师|老师|工程师|农户|村民|市民)([\u4e00-\u9fff]{{2,3}}?)"
    "(?=同志|先生|女士|说|表示|介绍|指出|称|认为|告诉|牵头|负责|出任|担任|任|为|兼|在|和|与|及|[、,。;:)(]|$)"
)


_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟"
    "殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤"
    "阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞"
    "敖巩明佘池查麻苑迟邝楚慕欧上诸司东夏令皇尉公赫澹淳太申宗轩"
)


def entities(text: str) -> dict[str, frozenset[str]]:
    """The names in a clause by kind: persons, offices, works, organisations."""
    named = {m[1] for m in _NAMED_AFTER_OFFICE.finditer(text)} | set(_persons(text))
    persons = {name for name in named if name[0] in _SURNAMES}
    return {
        "person": frozenset(persons),
        "office": frozenset(m.group() for m in _OFFICE.finditer(text)),
        "work": frozenset(m.group() for m in _TITLE.finditer(text)),
        "organisation": frozenset(w for w in content_words(text) if _ORGANISATION.fullmatch(w)),
        "place": frozenset(places(text)),
    }


@lru_cache(maxsize=8192)
def _persons(text: str) -> tuple[str, ...]:
    return tuple(w for w, tag in words(text) if tag == "nr" and 2 <= len(w) <= 3)


def misbound(sentence: str, whole: str) -> Iterator[str]:
    """Words that a sentence says of one name and the evidence only of others of its kind."""
    theirs = list(_bound(whole))
    for clause, mine in _bound(sentence):
        for kind, names in mine.items():
            if kind == "place" or not names:
                continue
            for word in content_words(clause):
                if any(word in name or name in word for name in names):
                    continue
                if not _of_one_of(word, kind, names, theirs):
                    yield f"“{word}”在原文中说的不是“{'、'.join(sorted(names))}”"


def _of_one_of(
    word: str,
    kind: str,
    names: frozenset[str],
    theirs: Sequence[tuple[str, dict[str, frozenset[str]]]],
) -> bool:
    """Whether the evidence may say a word of one of the names: not if only of others."""
    here = [found[kind] for clause, found in theirs if stands_in(word, clause)]
    told = [other for other in here if other]
    if not told or len(told) < len(here):
        return True
    known = any(
        _alike(name, other) for name in names for _, found in theirs for other in found[kind]
    )
    return not known or any(
        _alike(name, other) for name in names for others in told for other in others
    )


def _alike(one: str, other: str) -> bool:
    return one == other or (
        len(one) > 1
        and len(other) > 1
        and (one in other or other in one)
        and not other.startswith("副")
        and not one.startswith("副")
    )


def _bound(text: str) -> Iterator[tuple[str, dict[str, frozenset[str]]]]:
    """The clauses of a text with the names they are of; a clause without one is of the last named."""
    for span in sentences(text):
        last: dict[str, frozenset[str]] = {}
        sentence = span.of(text)
        for clause in clauses(sentence):
            found = entities(clause.of(sentence))
            for kind, names in found.items():
                if not names:
                    found[kind] = last.get(kind, frozenset()) if kind != "office" else frozenset()
            last = {kind: names or last.get(kind, frozenset()) for kind, names in found.items()}
            yield clause.of(sentence), found


# One of these for another of its group is another thing; for a name, any other character is.
_OPPOSED = tuple(
    frozenset(group)
    for group in (
        "春夏秋冬", "东南西北中", "上下", "前后", "左右", "内外", "大中小", "新旧老", "男女", "甲乙丙丁",
        "早晚", "首末", "公私",
        "进出", "买卖", "收支", "增减", "升降", "高低", "长短", "快慢", "多少", "一二三四五六七八九十两",
        "省市区县镇乡村国", "正副",
    )
)  # fmt: skip


def mistyped(sentence: str, whole: str) -> Iterator[str]:
    """Where one character of the sentence is another in the evidence, all around it the same.

    Looked for in names, and among characters that are each other's opposites.
    """
    around: dict[tuple[str, str], set[str]] = {}
    for at in range(1, len(whole) - 1):
        for key in _keys(whole, at):
            around.setdefault(key, set()).add(whole[at])
    mine, theirs = _people(sentence), _people(whole)
    for name, other in itertools.product(sorted(mine - theirs), sorted(theirs)):
        if len(name) == len(other) and name not in whole and _one_apart(name, other):
            yield f"“{name}”在原文中是“{other}”"
    names = "".join(mine)
    for at in range(1, len(sentence) - 1):
        yield from _changed(sentence, at, names, around, whole)


def _people(text: str) -> frozenset[str]:
    return frozenset(name for _, found in _bound(text) for name in found["person"])


def _one_apart(one: str, other: str) -> bool:
    return one[0] == other[0] and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _keys(text: str, at: int) -> list[tuple[str, str]]:
    """What stands around a character: two and one, or one and two, all of them Han."""
    both = [(text[max(0, at - 2) : at], text[at + 1]), (text[at - 1], text[at + 1 : at + 3])]
    return [key for key in both if len(key[0] + key[1]) == 3 and all(map(_is_han, key[0] + key[1]))]


def _changed(
    sentence: str, at: int, names: str, around: dict[tuple[str, str], set[str]], whole: str
) -> Iterator[str]:
    one = sentence[at]
    rivals = frozenset().union(*(group for group in _OPPOSED if one in group))
    for left, right in _keys(sentence, at):
        there = around.get((left, right), set())
        others = {other for other in there if _is_han(other) and (other in rivals or one in names)}
        known = left[-1] + one in whole or one + right[0] in whole
        if others and one not in there and not known:
            told = "、".join(f"{left}{other}{right}" for other in sorted(others))
            yield f"“{left}{one}{right}”在原文中是“{told}”"
            return


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"
