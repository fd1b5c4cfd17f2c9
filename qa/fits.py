"""How a figure suits a question: by its kind, its unit, what it counts and what became of that.

It looks at the figure and the clause round it. What else the sentence has to say is
qa/conditions.py's business.
"""

import re
from dataclasses import replace

from index.types import Span
from qa.figures import Figure, figures, fold
from qa.question import Question
from qa.sentence import Sentence


def fit_of(asked: Question, figure: Figure, sentence: str) -> float:
    """How well the kind of a figure suits the question; 0 if it cannot be the answer."""
    if asked.ask == "growth":
        return _fit_growth(asked, figure, sentence)
    if figure.change or _is_of_another(asked, figure, sentence):
        return 0.0
    if asked.ask == "amount":
        worth = _WORTH.search(fold(asked.text)) and figure.kind != "money"
        return _AMOUNT_FIT[figure.kind] * (0.8 if worth else 1.0)
    if asked.counted and f"{asked.counted} " in sentence and figure.kind == "number":
        return 0.0  # 岗位 is another column of the row
    if figure.kind == "number":
        return _fit_number(asked, figure, sentence)
    if figure.kind != asked.ask:
        return 0.0
    return _fit_count(asked, figure, sentence) if asked.ask == "count" else 1.0


def _fit_number(asked: Question, figure: Figure, sentence: str) -> float:
    """How well a number without a unit suits: where the row names its unit, or it can only be money."""
    row = _of_row(sentence, figure)
    if row.kind == asked.ask:
        return 0.95 * (_fit_count(asked, row, sentence) if row.kind == "count" else 1.0)
    large = sentence[figure.core.end - 1] in "万亿"
    return 0.8 if asked.ask == "money" and large else 0.0


def _fit_count(asked: Question, figure: Figure, sentence: str) -> float:
    """How well a count suits: by what it counts, and what became of it."""
    if asked.measure not in {"", "个"} and _sort(asked.measure) != _sort(figure.unit):
        return 0.0
    if asked.counted in _PEOPLE and not (figure.unit == "个" or _sort(figure.unit) == _sort("人")):
        return 0.0
    # Of 19个小区 and 7105户 only the one is a number of 户.
    if asked.measure not in {"", "个", figure.unit} and any(
        other.unit == asked.measure for other in figures(sentence)
    ):
        return 0.0
    # 四人间 is a kind of room, and counts nobody.
    is_room = figure.unit == "人" and sentence.startswith("间", figure.span.end)
    if is_room or _is_of_another_fate(asked, figure, sentence):
        return 0.0
    if asked.measure and not {asked.measure, figure.unit} & _ANYTHING:
        return float(asked.measure == figure.unit or bool(_sort(figure.unit)))
    counts = _counts(asked, figure, sentence)
    if asked.measure in {"", figure.unit}:
        return 1.0 if counts else 0.72
    # 两个 is no number of 根, unless what is counted stands by it.
    return 0.85 if counts else 0.61 if asked.measure in _ANYTHING else 0.0


def _sort(unit: str) -> str:
    """What a unit can count and no other: 8640人 is no number of vehicles, 47家 no age."""
    return next((sort for sort in ("人名位", "岁周岁") if unit[:1] in sort), "")


def _is_of_another(asked: Question, figure: Figure, sentence: str) -> bool:
    """Whether a figure is in another currency or unit, or of another deed, than is asked for."""
    particular = _PARTICULAR.get(figure.unit, "")
    if asked.ask == "amount" and _PAID.search(asked.text):
        other = figure.kind not in {"money", "percent", "number"}
    else:
        other = asked.ask == figure.kind == "duration" and _is_other_unit(asked, figure)
    return (
        other
        or not re.search(particular, asked.text)
        or _is_received(asked, figure, sentence)
        or is_of_another_kind(asked, figure, sentence)
    )


# What is paid or handed out is money or a share of it.
_PAID = re.compile(
    "(?:[交缴付花掏赔罚报补贷提领奖]|收(?!了)|缴纳|缴存|收费|报销|补助|补贴|贷款|提取|领取|奖励|资助)[了到]?多少"
    "|(?:怎么|怎样|如何)(?:收费|算钱|计费)"
)
# Units of ages, marks and names of lines, by the words that ask for them.
_PARTICULAR = {
    "岁": "岁|年龄|多大",
    "周岁": "岁|年龄|多大",
    "分": "分|成绩",
    "路": "[几哪]路|多少路",
}
_PEOPLE = frozenset("孩子 小孩 儿童 老人 学员 考生 新生 学生 居民 员工 职工 代表 党员".split())
_ASKED_TO_PAY = re.compile("[交缴付花掏](?:了|上|纳|存)?(?:多少|几)")
_RECEIVED = re.compile("补助|补贴|奖励|资助|报销|支付(?!宝)|返还|发放|退还")
_OWED = re.compile("[缴交收付]|自负")


def _is_received(asked: Question, figure: Figure, sentence: str) -> bool:
    """Whether a sum is handed out, where it is asked what has to be paid."""
    if figure.kind != "money" or not _ASKED_TO_PAY.search(asked.text):
        return False
    lead = _lead(figure, sentence)
    return bool(_RECEIVED.search(lead)) and not _OWED.search(_RECEIVED.sub("", lead))


def fit_paid(asked: Question, sentence: Sentence) -> float:
    """What has to be paid is told beside a word for paying sooner than elsewhere."""
    text = sentence.span.of(sentence.document.text)
    elsewhere = _ASKED_TO_PAY.search(asked.text) and not re.search(
        "[缴交]|付费|费用|收取|收费", text
    )
    return 0.9 if elsewhere else 1.0


def is_of_another_kind(asked: Question, figure: Figure, sentence: str) -> bool:
    """Whether a figure tells another thing of its subject than is asked for: a rate, a share, a size."""
    return (
        _is_other_currency(asked, figure)
        or _is_rate(figure, sentence)
        or _is_difference(asked, figure, sentence)
        or _is_of_another_stock(asked, figure, sentence)
        or _is_another_investment(asked, figure, sentence)
        or _is_a_share(asked, figure, sentence)
        or (figure.kind == "measure" and _is_of_another_size(asked, figure))
        or (figure.kind == "count" and _is_other_thing(asked, figure))
    )


# 同比 57.1% in a row of a table; of 增速 18.3% the figure knows itself that it is a change.
_RATE_BEFORE = re.compile("(?:同比|环比)[:：]? ?[-−]?$")


def _is_rate(figure: Figure, sentence: str) -> bool:
    """Whether the column of a percentage says that it is a rate of change."""
    return figure.kind == "percent" and bool(
        _RATE_BEFORE.search(sentence[: figure.core.start][-8:])
    )


_DIFFERENCE = re.compile(
    "(?:比(?![例重率值分对])|较)[^,，;；。]{2,40}(?<![最至更不])[多少高低大小快慢长短轻重]了?$"
)
_ASKED_DIFFERENCE = re.compile("[比较差增减]|[高多少低]出|变化|调整|修订")


def _is_difference(asked: Question, figure: Figure, sentence: str) -> bool:
    """Whether a figure is how much one is above another, and not what either is: 比初步核算数多3亿元."""
    return not _ASKED_DIFFERENCE.search(asked.text) and bool(
        _DIFFERENCE.search(sentence[: figure.span.start][-45:])
    )


_STOCK = re.compile("[一总]共(?:有|是)?(?:多少|几)|总数|累计|现有|目前有|共有|[一总]共")
_FLOW = re.compile("新[增开建设签认引培注登]|净增|当[年月]|单月")


def _is_of_another_stock(asked: Question, figure: Figure, sentence: str) -> bool:
    """Whether all there are were asked for, and a figure tells how many were added."""
    return bool(
        _STOCK.search(asked.text)
        and not _FLOW.search(asked.text)
        and _FLOW.search(_lead(figure, sentence))
    )


def _lead(figure: Figure, sentence: str) -> str:
    """What the clause of a figure says up to it."""
    return re.split("[，,；;。：:]", sentence[: figure.core.start])[-1]


# How much something is to cost is not how much of it was spent.
_WHOLE = re.compile("总投资|(?<!固定资产)(?<![工产]业)(?<!民间)投资总额|协议|概算")
_SPENT = re.compile("完成|到位|已投")


def _is_another_investment(asked: Question, figure: Figure, sentence: str) -> bool:
    """Whether the whole cost stands where what was spent is asked for, or the other way round."""
    lead, wanted = _lead(figure, sentence), asked.text
    if "投" not in wanted or bool(_WHOLE.search(wanted)) == bool(_SPENT.search(wanted)):
        return False
    other, own = (_SPENT, _WHOLE) if _WHOLE.search(wanted) else (_WHOLE, _SPENT)
    return bool(other.search(lead)) and not own.search(lead)


def _is_a_share(asked: Question, figure: Figure, sentence: str) -> bool:
    """Whether a figure tells what share something is of another, and no share was asked for."""
    return (
        asked.ask == "amount"
        and figure.kind == "percent"
        and bool(re.search("占|比重", _lead(figure, sentence)))
        and not re.search("占|比重|比例|份额|率|成|百分", asked.text)
    )


_SIZES = tuple(
    frozenset(group.split())
    for group in (
        "吨 公斤 千克 斤 克 毫克 吨标准煤", "亩 公顷 平方厘米 平方米 ㎡ 平方公尺 平方公里 平方千米 平方英里",
        "公里 米 公尺 千米 海里 厘米 公分 毫米 英尺 英寸 英里",
        "千瓦时 度", "千瓦 兆瓦 吉瓦", "标箱 TEU teu", "立方米 升",
    )
)  # fmt: skip
_ASKED_SIZE = re.compile("(?:多少|几)[十百千万亿]*(?P<unit>[\u4e00-\u9fff]{1,4})")


def _is_of_another_size(asked: Question, figure: Figure) -> bool:
    """Whether a measure is of another dimension than the unit that is asked for: 万吨 is no 万亩."""
    named = _ASKED_SIZE.search(asked.text)
    if named is None:
        return False
    wanted = next((size for size in _SIZES if any(named["unit"].startswith(u) for u in size)), None)
    return wanted is not None and figure.unit not in wanted


_ASKED_THING = re.compile("(?:多少|几)([\u4e00-\u9fff])[?？]?$")
_NO_THING = frozenset("了呢的吗呀啊吧钱万亿元人名")


def _is_other_thing(asked: Question, figure: Figure) -> bool:
    """Whether a count is of another unit than the last word of the question: 多少箱 is no 条."""
    if asked.ask == "count":
        return figure.unit == "期" and asked.measure != "期"
    named = _ASKED_THING.search(asked.text)
    return named is not None and named[1] not in _NO_THING and named[1] not in figure.unit


# What counts things of many kinds; 条 counts no 辆.
_ANYTHING = frozenset("个 家 项 所 名 位 人 户 件 处 座 台 套 种 类".split())


_ASKED_TIME = re.compile("(?:多少|几)个?(工作日|小时|分钟|[天日周月年])")
_TIMES = ({"分钟", "小时"}, {"小时", "天", "日", "工作日", "周", "月"}, {"月", "年"})


def _is_other_unit(asked: Question, figure: Figure) -> bool:
    """Whether a time is not of the size that is asked for: 68分钟 tells no days."""
    named = _ASKED_TIME.search(asked.text)
    unit = figure.unit.removeprefix("个").removeprefix("周年") or "年"
    return named is not None and not any({named[1], unit} <= size for size in _TIMES)


_CURRENCY = re.compile("人民币|美元|欧元|港元|日元|英镑")


def _is_other_currency(asked: Question, figure: Figure) -> bool:
    """Whether the question names a currency that the figure is not in: 亿美元 is no 亿元."""
    named = _CURRENCY.findall(asked.text)
    own = figure.unit if _CURRENCY.fullmatch(figure.unit) else "人民币"
    return bool(named) and figure.kind == "money" and own not in named


def _of_row(sentence: str, figure: Figure) -> Figure:
    """A bare number with the unit that its row gives it: 人均收入(元): 46026, 招收人数 40."""
    before = sentence[: figure.core.start]
    label = re.search(r"[(（]([^()（）]{1,6})[)）][:：]|([人户家件台辆])数 $", before)
    named = figures("1" + (label[1] or label[2])) if label else []
    return replace(figure, kind=named[0].kind, unit=named[0].unit) if named else figure


def fit_bound(asked: Question, figure: Figure) -> float:
    """A question for a limit asks for a figure with a bound."""
    return 0.9 if asked.bound and len(figure.span) == len(figure.core) else 1.0


# A figure before it is the old one: 由8元调整为9元.
REPLACED = re.compile(
    "(?:[(（][^()（）]{1,20}[)）])?"
    "(?:调整|提高|提升|上调|下调|上浮|降低|下降|减少|增加|增长|上升|扩大|缩小|缩短|压缩|压减|前移|后退|涨|降|升|增|减)(?:为|到|至)"
)
# 37个行业中有26个: the first is what the second is of.
_OF_THESE = re.compile("[^，,；;。\\d]{0,10}中[,，]?有\\d")


_OLD = re.compile("原来|此前|之前|以前|原先|[整价改涨降]前")


def fit_change(asked: Question, sentence: str, at: Span) -> float:
    """由8元调整为9元, 调整前为8元: the figure before the change is asked for only in so many words."""
    clause = re.split("[，,；;。]", sentence[: at.start])[-1]
    replaced = REPLACED.match(sentence, at.end) or re.search("[调整涨降]+前", clause)
    old = replaced and not _OLD.search(asked.text)
    return 0.5 if old or _OF_THESE.match(sentence, at.end) else 1.0


# What may have become of people; who is counted by one is not counted by another.
_FATES = tuple(
    re.compile(fate)
    for fate in (
        "死亡|遇难|身亡|丧生|死者|死了|死(?=多少|几)|[炸烧淹撞砸压毒]死",
        "受?伤(?!亡)",
        "失踪|失联",
        "被困",
        "获救|救[出援]|脱险",
        "确诊|感染",
        "治愈|出院",
        "被捕|抓获|落网",
    )
)


def _is_of_another_fate(asked: Question, figure: Figure, sentence: str) -> bool:
    """Whether 9人死亡 stands where 受伤 is asked about."""
    clause = _clause_round(figure, sentence)
    own = [fate for fate in _FATES if fate.search(asked.text)]
    told = [fate for fate in _FATES if fate.search(clause)]
    return bool(own) and bool(told) and not any(fate in told for fate in own)


def _clause_round(figure: Figure, sentence: str) -> str:
    """The clause that a figure of a sentence stands in."""
    start = max((sentence.rfind(mark, 0, figure.span.start) for mark in "，,；;。"), default=-1) + 1
    ends = [end for mark in "，,；;。" if (end := sentence.find(mark, figure.span.end)) >= 0]
    return sentence[start : min(ends, default=len(sentence))]


def _counts(asked: Question, figure: Figure, sentence: str) -> bool:
    """Whether what the question counts stands by the figure, in the same clause."""
    clause = _clause_round(figure, sentence)
    if not asked.counted or asked.counted in clause:
        return True
    return figure.unit.startswith(asked.counted[0])


# Indicators that are counted in money.
_WORTH = re.compile(
    "(?:产值|总值|收入|投资|支出|预算|经费|资金|税收|利润|营收|gdp|增加值|零售|进出口|出口|进口|外资|贷款|存款|工资)"
    "总?额?(?:是|为|有|达到?|完成)?了?(?:多少|$|[?？(（])"
)
_AMOUNT_FIT = {
    "money": 1.0,
    "count": 0.98,
    "measure": 0.98,
    "percent": 0.97,
    "number": 0.9,
    "duration": 0.88,
}


def _fit_growth(asked: Question, figure: Figure, sentence: str) -> float:
    before = sentence[: figure.core.start]
    named = re.search("(?:增速|增幅|涨幅|降幅|增长率)[^，,；;]{0,6}$", before)
    is_rate = figure.kind == "percent" and (bool(named) or _is_rate(figure, sentence))
    if not figure.change and not is_rate:
        return 0.0
    # A minus in a column of growth is a fall.
    falls = figure.change == "fall" or sentence[figure.core.start] in "-−"
    if asked.fall and not falls and (figure.change == "rise" or is_rate):
        return 0.0
    if _is_other_base(asked, figure, sentence):
        return 0.0
    # How much something adds to the growth of all is not how much it grew.
    if re.search("拉动|贡献", _lead(figure, sentence)) and not re.search("拉动|贡献", asked.text):
        return 0.0
    same = _VERB_OF_AMOUNT.search(asked.text)
    if same and not re.search("百分|率|幅|速", asked.text):
        return 1.0 if re.search(f"{same.group()}了?$", before) else 0.85
    return 1.0 if figure.kind == "percent" else 0.9


# 增加 and 减少 ask for an amount where one stands beside the rate.
_VERB_OF_AMOUNT = re.compile("增加|减少")
_SINCE_THE_LAST = re.compile("环比|[比较]上个?(?:月|周|季度)")


def _is_other_base(asked: Question, figure: Figure, sentence: str) -> bool:
    """Whether a change is against another time: what says nothing is against the year before."""
    if asked.base == "环比":
        return not _SINCE_THE_LAST.search(_lead(figure, sentence))
    told = figure.base or "".join(_BASE_IN_ROW.findall(_lead(figure, sentence)))
    return asked.base == "同比" and told == "环比"


_BASE_IN_ROW = re.compile("同比|环比")


def with_direction(span: Span, text: str) -> Span:
    """The figure of a fall with its word, lest 3% look like growth; as it is if none stands by it."""
    lead = re.search(
        "(?:下降|减少|降低|回落|收窄|下滑|下跌|压减|缩减|降)[^，,；;。\\d]{0,4}$",
        text[: span.start][-12:],
    )
    return Span(span.start - len(lead.group()), span.end) if lead else span


_RANK = re.compile(
    "(?:第[\\d一二三四五六七八九十百]{1,4}[位名]?|前[\\d一二三四五六七八九十]{1,3}[位名]?|[首末]位|榜首)"
    "(?![章条款届期批类轮版个家季产者方])"
)


def ranks(text: str) -> list[Span]:
    """The places in an order that a folded text tells: 第4位, 首位."""
    return [Span(*match.span()) for match in _RANK.finditer(text)]
