"""Who does what: names, offices, works and places of a sentence, held to what the evidence ties them to.

Pure. A word that the evidence says of one name only is not true of another: that is how swapped
names, offices and titles are found, and a name of which one character is wrong.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from qa.claims import clauses, content_words, sentences
from qa.words import SURNAMES, stands_in, words

_TITLE = re.compile("《[^》]{1,60}》")
_OFFICE = re.compile(
    "副?(?:总?经理|主任|书记|[局院校区县市镇乡部处科所馆会站队行厂社]长|政委|秘书|委员|领队|发言人|设计师|策展人|主席|总监|负责人|理事长|董事长|秘书长|组长|总工程师|主编|导演|教授|会长|主播|教练)"
)
# By its last characters: where its name begins, is not told by its form.
_ORGANISATION = re.compile(
    "(?![和与及的在由向对或被把等期间]|.[和与及的在由向对或被把等期间内])[\u4e00-\u9fff]{2}(?:局|委(?![员会托])|委员会|办公室|医院|学院|大学|中学|小学|公司|"
    "集团|中心|法院|检察院|银行|协会|商会|研究院|研究所|图书馆|博物馆|出版社|合作社)"
)
_AFTER_A_NAME = (
    "(?=同志|先生|女士|要求|强调|说|表示|介绍|指出|称|认为|告诉|牵头|负责|"
    "出任|担任|任|为|兼|在|和|与|及|主持|致辞|通报|宣布|[、,。;:)(]|$)"
)
_NAMED_AFTER_OFFICE = re.compile(
    f"(?:{_OFFICE.pattern}|任命|免去|记者|医生|教师|老师|工程师|农户|村民|市民)([\u4e00-\u9fff]{{2,3}}?)"
    f"{_AFTER_A_NAME}"
)


_NAMED_AT_FIRST = re.compile(
    "(?:^|[,;:、。])([\u4e00-\u9fff]{2,3}?)(?=同志|先生|女士|被任命|出任|担任|表示|介绍|指出)"
)
_PERSON_NAME = f"([\u4e00-\u9fff]{{2,3}}?){_AFTER_A_NAME}"

# And the rarer ones, with the first characters of those of two.
_SURNAMES = SURNAMES | frozenset(
    "高金裘贲酆奚廉湛禹狄茅昝郁杭钮嵇滑荀於惠芮羿储汲邴糜隗宓仰钭厉戎束韶郜邰鄂咸蔺屠胥苍莘逄郦雍璩濮郏阚巢蒯竺逯桓阙"
    "夔殳危滕蒲房屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬"
    "师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝楚慕上诸东令皇尉公赫澹淳太轩"
)


def entities(text: str) -> dict[str, frozenset[str]]:
    """The names in a clause by kind: persons, offices, works, organisations."""
    named = {m[1] for m in _NAMED_AFTER_OFFICE.finditer(text)} | set(_persons(text))
    named |= {m[1] for m in _NAMED_AT_FIRST.finditer(text)}
    persons = {name for name in named if name[0] in _SURNAMES}
    return {
        "person": frozenset(persons),
        "office": frozenset(m.group() for m in _OFFICE.finditer(text)),
        "work": frozenset(m.group() for m in _TITLE.finditer(text)),
        "organisation": frozenset(m.group() for m in _ORGANISATION.finditer(text)),
    }


@lru_cache(maxsize=8192)
def _persons(text: str) -> tuple[str, ...]:
    """The words taken for names, where a name may stand: 高纯 of 高纯硅 is none."""
    found = [word for word, tag in words(text) if tag == "nr" and 2 <= len(word) <= 3]
    return tuple(word for word in found if re.search(re.escape(word) + _AFTER_A_NAME, text))


def misbound(sentence: str, whole: str) -> Iterator[str]:
    """Names of which the sentence says mostly what the evidence says of others of their kind."""
    theirs = list(_bound(whole))
    for clause, mine in _bound(sentence):
        told = content_words(clause)
        for kind, names in mine.items():
            if names:
                yield from _of_others(told, kind, names, theirs)


def _of_others(
    told: Sequence[str],
    kind: str,
    names: frozenset[str],
    theirs: Sequence[tuple[str, dict[str, frozenset[str]]]],
) -> Iterator[str]:
    """What tells the named from others of their kind, said of the others and not of them."""
    named = [(clause, found[kind]) for clause, found in theirs if found[kind]]
    own = [clause for clause, there in named if _same(names, there)]
    others = [clause for clause, there in named if not _same(names, there)]
    if not own or not others:
        return
    words_of_others, weight = list[str](), 0
    for word in dict.fromkeys(told):
        if any(word in name or name in word for name in names):
            continue
        here = any(stands_in(word, clause) for clause in own)
        there = any(stands_in(word, clause) for clause in others)
        free = any(stands_in(word, clause) for clause, found in theirs if not found[kind])
        if there and not here and not free:
            words_of_others.append(word)
            weight += len(word)
        elif (here and not there) or free:
            weight -= len(word)
    if words_of_others and weight >= 0:
        yield f"“{'、'.join(words_of_others)}”在原文中说的不是“{'、'.join(sorted(names))}”"


def _same(names: frozenset[str], there: frozenset[str]) -> bool:
    return any(_alike(name, other) for name in names for other in there)


def _alike(one: str, other: str) -> bool:
    return one == other or (
        len(one) > 1
        and len(other) > 1
        and (one in other or other in one)
        and not other.startswith("副")
        and not one.startswith("副")
    )


def _bound(text: str) -> Iterator[tuple[str, dict[str, frozenset[str]]]]:
    """The clauses of a text with the names they are of; a clause without one is of the last named.

    Of the offices and organisations only where they stand.
    """
    for span in sentences(text):
        last: dict[str, frozenset[str]] = {}
        sentence = span.of(text)
        for clause in clauses(sentence):
            found = entities(clause.of(sentence))
            for kind, names in found.items():
                if not names and kind not in {"office", "organisation"}:
                    found[kind] = last.get(kind, frozenset())
            last = {kind: names or last.get(kind, frozenset()) for kind, names in found.items()}
            yield clause.of(sentence), found


# One of these for another of its group is another thing; for a name, any other character is.
_OPPOSED = tuple(
    frozenset(group)
    for group in (
        "春夏秋冬", "东南西北中", "上下", "前后", "左右", "内外", "大中小", "新旧老", "男女", "甲乙丙丁",
        "早晚", "首末", "公私",
        "进出", "买卖", "年月日周季", "收支", "增减", "升降", "高低", "长短", "快慢", "多少", "一二三四五六七八九十两",
        "省市区县镇乡村国", "正副",
    )
)  # fmt: skip


def unnamed(sentence: str, whole: str) -> Iterator[str]:
    """Persons, organisations and places of a kind that the evidence does not name; a wrong office."""
    for clause in clauses(sentence):
        text = clause.of(sentence)
        found = entities(text)
        for name in sorted(found["person"]):
            if name not in whole:
                yield f"原文中没有“{name}”"
        for name in sorted(found["organisation"]):
            if name not in whole and _is_another(name, whole):
                yield f"原文中没有“{name}”"
        for match in _DISTRICT.finditer(text):
            if match.group() not in whole and _is_another(match.group(), whole):
                yield f"原文中没有“{match.group()}”"
        for match in _OFFICE_OF.finditer(text):
            there = {
                m[1] for m in re.finditer(f"({_OFFICE.pattern})(?={re.escape(match[2])})", whole)
            }
            if there and not any(match[1] == one for one in there):
                yield f"“{match[2]}”在原文中是“{'、'.join(sorted(there))}”"


def _is_another(name: str, whole: str) -> bool:
    """Whether the evidence names others of a kind, and says nothing of what this one is called."""
    own, kind = name[:2], name[2:]
    whole, cut = _TITLE.sub("", whole), words(own)
    if len(cut) == 1 and cut[0][1][0] in "vdrcpm":
        return False
    mingled = any(found.group().startswith(own) for found in _ORGANISATION.finditer(whole))
    return kind in whole and (own not in whole or mingled) and f"{own[1]}{kind}" not in whole


# By its last characters, as an organisation; 本区 and 城市 are none.
_DISTRICT = re.compile(
    "(?![和与及的在由向对或被把等个各每]|.[和与及的在由向对或被把等中个全本该我各外入进县市省两城老新社景片辖地小]|.山村)[\u4e00-\u9fff]{2}(?:县|镇|乡|街道|村|路|大道)"
)
_OFFICE_OF = re.compile(f"({_OFFICE.pattern}){_PERSON_NAME}")


# What is said otherwise without saying another thing.
_LOOSE = frozenset(
    "为是任达到在于由以将把被有的之和与及并也都均各共总须要应需可能会且而就仍还又再已约近超逾满增升降减了着过从自至向对给让等使用其该此这那来去"
    "期比买购做作办开设建立成完实现获得取收缴交付给发送进出入按依据凡若如即则但因故地得所者们个位名人家次项年月日时号"
)


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
    at = 0
    for word, tag in words(sentence):
        named = names if tag[0] in "vdptcrfmq" else names + word
        for place in range(max(at, 1), min(at + len(word), len(sentence) - 1)):
            yield from _changed(sentence, place, named, around, whole)
        at += len(word)


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
        strange = one in names and one not in whole and one not in _LOOSE
        others = {
            other
            for other in there
            if _is_han(other) and (other in rivals or (strange and other not in _LOOSE))
        }
        known = left[-1] + one in whole or one + right[0] in whole
        if others and one not in there and not known:
            told = "、".join(f"{left}{other}{right}" for other in sorted(others))
            yield f"“{left}{one}{right}”在原文中是“{told}”"
            return


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"
