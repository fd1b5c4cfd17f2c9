"""Terms: the conditions that the words of a question set, each with the variants that meet it.

A noun, a place or a number has to stand in the evidence, a verb only counts for it; what says nothing
by itself sets none. What is no single word is left to qa/phrases.py, and whether a term is met to
qa/conditions.py.
"""

import re
from dataclasses import dataclass
from typing import Literal

from qa.figures import UNIT
from qa.synonyms import SAME_AS, SAME_HINTS, SAME_WORDS
from qa.words import DISTRICT

TermKind = Literal["noun", "place", "name", "number", "hint"]

# What says nothing by itself.
VACUOUS = frozenset(
    "情况 数据 数量 金额 数字 时间 时候 日期 地点 地址 名字 名称 文件 问题 内容 目标 规模 幅度 增速 增幅 涨幅 降幅 "
    "增长率 标准 上限 下限 限额 期限 总数 水平 程度 方面 结果 意思 含义 是 有 为 达到 达 完成 实现 请问 请 想 知道 "
    "告诉 一下 能 可以 会 应 应该 需要 做 进行 分别 具体 总共 一共 共 目前 现在 截止 截至 大概 左右 已经 已 到 在 "
    "出台 发布 印发 制定 增长 增加 提高 上升 下降 减少 降低 同比 环比 累计 全部 共有 拥有 包括 包含 涵盖 有关 相关 "
    "全区 全市 全县 全省 全国 全镇 我区 我市 本区 本市 年末 年底 百分 之 "
    "百分之 多长时间 那份 这份 这个 那个 两个 三个 文章 市里 里面 总计 合计 多久 文号 发文字号 "
    "叫 说 关于 比例 占比 比重 百分比 多少 几个 什么 哪些 计划 要 比 上年 年度 当年 数 数额 额 值 量 总共有 "
    "指 全称 编号 姓名 职务 职位 头衔 身份 担任 现任 出任 就任 "
    "位于 办 地方 费用 价格 钱 元 亿元 万元 人民币 美元 欧元 港元 日元 英镑 亿 万 "
    "低于 高于 不低于 不超过 最高 最低 最多 最少 至少 每 "
    "解释 介绍 解释一下 介绍一下 回来 下来 起来 出来 出去 上来 过来 回去 大家 家里 区里 县里 镇里 "
    "主要 越来越多 越来越少 越来越高 越来越低 数值 数目 变化 年龄 岁数 按规定 "
    "东西 事情 怎么办 怎样 如何 一回 一趟 一次 "
    "代表 突破 超过 力争 预计 预期 建成 打造 推出 形成 汇聚 集聚 吸引 开展 启动".split()
)
# And nothing of the noun behind it either.
_ABOUT_TARGETS = frozenset("目标 计划 全称 名称 时候".split())
_STOP_TAGS = frozenset("u p c y e o w x r f m q k h uj ul uz ud ug uv z".split())
# Words of position that say nothing by themselves; 初中 and 东部, which the cutter takes for such, do.
_POSITIONS = frozenset(
    "以上 以下 以内 以外 以前 以后 之内 之外 之间 之中 之前 之后 之下 之上 里面 外面 上面 下面 前面 后面 中间 当中 "
    "其中 其他 左右 前后 上下 内外 旁边 附近 同时 期间 时期 面前 眼前 目前 近年 日前".split()
)
# What the cutter takes for an adverb is often the half of a name it does not know.
_HINT_TAGS = frozenset("d a ad".split())
_NOUN_TAGS = frozenset("n nr nt nz vn an ng l i j eng s nrt nrfg b".split())
_PLACE_TAGS = frozenset({"ns", "nt", DISTRICT})
# Verbs that tell which of several is counted: 死亡人口 are no 常住人口.
_QUALIFIERS = frozenset("死亡 出生 流动 流失 失业 离职 退休 迁入 迁出 流入 流出".split())
# What was ended is not told of what was begun, nor the other way round.
_ENDING = re.compile("[停撤].{1,2}|关[闭停]|拆除|注销|取消|废止|作废")
_ENDINGS = ("停", "关", "撤", "拆", "取消", "终止", "注销", "退出", "废止", "作废")


@dataclass(frozen=True, slots=True)
class Term:
    """A word that the evidence must hold, in any of its variants; folded."""

    text: str
    kind: TermKind
    variants: tuple[str, ...]

    @property
    def hard(self) -> bool:
        """Whether evidence without it is no evidence."""
        return self.kind != "hint"


def is_content(word: str, tag: str) -> bool:
    """Whether a word is a noun that says something by itself."""
    return tag in _NOUN_TAGS and word not in VACUOUS and len(word) > 1


def term_of(word: str, tag: str, *, qualifies: bool) -> Term | None:
    """The condition a word sets, if any. 数字 says nothing by itself, but much before 经济."""
    if not word.strip() or not any(c.isalnum() for c in word):
        return None
    if word in VACUOUS and not (qualifies and tag == "n" and word not in _ABOUT_TARGETS):
        return None
    # What is left of 增值化 or 多少项 once it is cut.
    if len(word) == 1 and not word.isascii():
        return None
    return _set_term(word, tag) or _plain_term(word, tag)


def _set_term(word: str, tag: str) -> Term | None:
    """The condition of an ending, a word of many names or a way of counting, None of any other."""
    if tag[0] in "vd" and _ENDING.fullmatch(word):
        return Term(word, "noun", _ENDINGS)
    if same := next((group for group in SAME_WORDS if word in group), None):
        return Term(word, "noun", same)
    if word in SAME_HINTS:
        return Term(word, "hint", SAME_HINTS[word])
    # A unit says what kind of figure is asked for, and needs to stand nowhere.
    if (same := SAME_AS.get(word)) and not UNIT.fullmatch(word):
        plain = _plain_term(word, tag)
        kind = plain.kind if plain and tag in _NOUN_TAGS | _PLACE_TAGS else "hint"
        return Term(word, kind, tuple(dict.fromkeys((*same, *(plain.variants if plain else ())))))
    return None


def _plain_term(word: str, tag: str) -> Term | None:
    if tag in _PLACE_TAGS:
        return Term(word, "place", _place_variants(word, tag))
    if tag in _NOUN_TAGS:
        return Term(word, "noun", _with_stem(word, "[额量数费]$"))
    if tag == "m" and re.search(r"\d", word):
        return Term(word, "number", (word,))
    if word in _QUALIFIERS:
        return Term(word, "noun", (word,))
    if tag.startswith("v") or tag == "t" or tag in _HINT_TAGS:
        return Term(word, "noun" if word.endswith("级") else "hint", (word,))
    # Words the cutter does not know are names more often than not; x is what it has never seen.
    unknown = tag == "x" and len(word) > 1 and word.isalpha()
    if tag in _STOP_TAGS and not unknown and not (tag == "f" and word not in _POSITIONS):
        return None
    return Term(word, "noun", (word,))


def _place_variants(word: str, tag: str) -> tuple[str, ...]:
    """钱塘区 is also written 钱塘 and 钱塘新区; the stem of a name put together, as 苇湖 of 苇湖区,
    may be the beginning of another, as of 苇湖高新区.
    """
    if tag == DISTRICT:
        return (word,)
    return _with_stem(word, "(?:新区|自治区|[省市区县镇乡])$")


def _with_stem(word: str, ending: str) -> tuple[str, ...]:
    """A word, and what is left of it without an ending where that is a word too."""
    stem = re.sub(ending, "", word)
    return (word, stem) if len(stem) >= 2 and stem != word else (word,)
