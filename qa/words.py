"""The words of a text: cut, put together where the cutter parted a name, and found whole in another text.

Pure. It knows surnames and districts, and what before a word makes another of it. Which conditions the
words of a question set is qa/terms.py's business; who is named in a sentence, qa/people.py's.
"""

import itertools
import re
from collections.abc import Iterable, Iterator

import rjieba

# What the cutter takes for a side, a number or a pronoun.
_TAGS = {"初中": "n", "本科": "n", "少儿": "n", "惠及": "v"}
# The tag of a district whose name was put together again.
DISTRICT = "district"
# And of a person.
PERSON = "nr"
# The commonest surnames: what begins with one may be a name that the cutter does not know.
SURNAMES = frozenset(
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
    "范石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜"
    "倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁"
)
# What ends so and is the name of no district.
AREAS = frozenset(
    "小区 社区 园区 城区 地区 山区 景区 校区 库区 厂区 老区 特区 郊区 辖区 片区 牧区 灾区 战区 市区 县区 镇区 院区 "
    "港区 矿区 林区 城镇 乡镇 集镇 村镇 城乡 家乡 老乡 全区 全县 全镇 该区 本区 本县 各区 各县 各镇 新区 分区 湾区 "
    "南区 北区 东区 西区 中区 禁区 误区 时区 盲区 选区 产区 主区 军区 省区 古镇 重镇 小镇 名镇 强镇 强县 强区 下乡 "
    "返乡 入乡 全乡".split()
)
# Tags of what is no word by itself.
_MORPHEMES = frozenset({"x", "zg", "g"})
# 汽车产量 is the 产量 of 汽车, which may be told apart.
_MEASURED = re.compile(
    "(?P<thing>..+)(?P<measure>产量|销量|产值|出口|进口|投资|收入|支出|面积|余额|行长)"
)
# Before a word these make another of it: 进出口, 非农业, 副局长, 未完成.
_OPPOSITES = "进非副反未无不准原"
# And these hold another thing besides: 门急诊 are two.
_WIDER = ("门急诊",)


def words(text: str) -> list[tuple[str, str]]:
    """A text cut into words, each with its part of speech (ICTCLAS tags)."""
    return [(word, _TAGS.get(word, _tag(word, tag))) for word, tag in rjieba.tag(text)]


def _tag(word: str, tag: str) -> str:
    """The tag of a word; 城镇 is the name of no 镇."""
    return "n" if tag == "ns" and word in AREAS and word != "新区" else tag


def joined(cut: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Single characters side by side are a word the cutter does not know: 年 假, 低 保.

    So is one before a district whose name would be a single character, or that is no word by itself
    before any place: 临 湖区, 渚 河; and a place before what it is a lake or hill of: 东安 湖. 省博物馆
    is no other 博物馆.
    """
    found: list[tuple[str, str]] = []
    single = False
    for word, tag in cut:
        # x is the tag of characters that the cutter has never seen.
        loose = len(word) == 1 and tag[0] in "mnjgabx" and "\u4e00" <= word <= "\u9fff"
        if found and _is_given_name(found[-1], word, tag):
            found[-1] = (found[-1][0] + word, PERSON)
        elif _is_beheaded(word, tag) and found and _may_begin_a_name(*found[-1]):
            found[-1] = (found[-1][0] + word, DISTRICT)
        elif found and _is_parted_place(found[-1], word, tag):
            found[-1] = (found[-1][0] + word, "ns")
        elif found and found[-1][0] == "省" and tag[0] == "n" and len(word) > 1:
            found[-1] = (found[-1][0] + word, "nt")
        elif loose and single:
            found[-1] = (found[-1][0] + word, "n")
        else:
            found.append((word, tag))
        single = loose
    return found


_WATERS_AND_HILLS = frozenset("湖江河溪海岛山岭峰")


def _is_parted_place(before: tuple[str, str], word: str, tag: str) -> bool:
    """Whether the cutter parted the name of a place behind its first character or before its last."""
    beheaded = tag == "ns" and before[1] in _MORPHEMES and _may_begin_a_name(*before)
    return beheaded or (before[1] == "ns" and len(before[0]) > 1 and word in _WATERS_AND_HILLS)


def _is_beheaded(word: str, tag: str) -> bool:
    if len(word) != 2 or word[1] not in "省市区县镇乡村":
        return False
    return tag == "ns" or (tag == "n" and word[1] in "区县镇乡" and word not in AREAS)


def _is_given_name(before: tuple[str, str], word: str, tag: str) -> bool:
    """Whether the cutter parted a name behind its first character: 彭 清江, 张 炘 炀, 余 某."""
    if word in {"某", "某某"}:
        return before[0].removesuffix("某") in SURNAMES
    if not 1 <= len(word) <= 2 or before[0][0] not in SURNAMES or len(before[0] + word) > 3:
        return False
    is_name = tag.startswith(PERSON) or (tag == "x" and word.isalpha())
    return is_name or (before == (before[0][0], PERSON) and tag in {"ns", "nz", "ng", "a", "ag"})


def _may_begin_a_name(word: str, tag: str) -> bool:
    """Whether a word is one character that is no particle, pronoun, number or the like."""
    return len(word) == 1 and "\u4e00" <= word <= "\u9fff" and tag[0] not in "pcurydfqm"


def halved(cut: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The words, those that tell a measure of a thing as thing and measure."""
    for word, tag in cut:
        match = _MEASURED.fullmatch(word) if tag[0] == "n" else None
        if match:
            yield match["thing"], tag
            yield match["measure"], "n"
        else:
            yield word, tag


def stands_in(word: str, text: str) -> bool:
    """Whether a word stands in a text, and not as the end of its opposite.

    >>> stands_in("出口", "进出口总额"), stands_in("出口", "出口总额")
    (False, True)
    >>> stands_in("5路", "15路"), stands_in("5路", "乘5路")
    (False, True)
    """
    at = text.find(word)
    while at > 0 and _is_of_another(word, text, at):
        at = text.find(word, at + 1)
    return at >= 0


def _goes_on(text: str, at: int) -> bool:
    """Whether a number that begins here is the end of another."""
    before = text[at - 1]
    return text[at].isdigit() and before.isascii() and (before.isalnum() or before == ".")


def _is_opposed(text: str, at: int) -> bool:
    """Whether what stands before a word makes another of it, and is no end of a name: 太原高新区."""
    if text[at - 1] not in _OPPOSITES:
        return False
    ends = itertools.accumulate(len(word) for word, _ in words(text[max(0, at - 3) : at]))
    return max(0, at - 3) + [0, *ends][-2] == at - 1


def _is_of_another(word: str, text: str, at: int) -> bool:
    """Whether the character before a word makes another of it: 进出口, 50亿元以上."""
    before = text[at - 1]
    other = _is_opposed(text, at) or text[at - 1 :].startswith(_WIDER)
    return (
        other
        or _goes_on(text, at)
        or (word[0] in "百千万亿" and (before.isdigit() or before in "十百千"))
    )
