"""A follow-up question made to stand alone: "2023年呢" after a question about 2024 names its subject.

By rule and pure: what the follow-up says takes the place of the like part of the question before it,
period for period, place for place, indicator for indicator. It never reads earlier answers, and what
cannot be resolved with confidence stays as typed; to find no evidence for it is the reader's business.
A condition of the earlier question is replaced or kept, never just dropped.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.types import Span
from qa.asks import FIGURE_ASKS
from qa.figures import figures
from qa.periods import years_in_digits
from qa.question import understand
from qa.types import Turn
from qa.words import words

MAX_TURNS = 6
_MAX_FOLLOW_UP = 40
# Nor is a longer question leaned on; so what is said in full stays well under 500 characters.
_MAX_LENGTH = 200
# How long what follows the word of asking may be that names no subject of its own.
_MAX_TAIL = 4

_CHAT = re.compile(
    "(?:你好|您好|谢谢|多谢|感谢|好的?|嗯+|哦+|明白了?|知道了|再见|辛苦了?|现在几点|ok|thanks?|thank you|hi|hello)"
    "(?:[你您啊呀了吧哈]|[，,。!！ ])*",
    re.IGNORECASE,
)
_LEAD = re.compile(
    "(?:那么|那(?![个份家些款种位条年里边天时曲坡])|其中|还有|另外|至于|再看|再往|换成|改成|如果换成|"
    "(?:如果|要是|假如|若)(?:是|去|到|换成)?|而)[，, ]*"
)
# What only says that this was asked lightly.
_TAIL = "(?:呢|吗|啊|呀|吧|的话|[？?。，,!！ ])"
_ENDS = re.compile(f"(?:{_TAIL}|这一?块|那一?块|这?方面|又|也|的)+$")

_YEAR = re.compile("(?<!\\d)(?:19|20)\\d\\d(?=年)")
_SHORT_YEAR = re.compile("(?<!\\d)(?:(?:19|20)\\d\\d(?=呢|[？?]|$)|\\d\\d(?=年))")
_RELATIVE = re.compile("今年|本年|去年|前年|明年")
_STEP_BACK = re.compile("[前上]一年度?|上年(?:度|同期)?|去年同期")
_STEP = re.compile(f"(?:再往?)?(?:{_STEP_BACK.pattern}|次年|[后下]一年)")
_PART = re.compile(
    "\\d{1,2}月\\d{1,2}[日号]|(?<!\\d)\\d{1,2}(?:月份?)?[-—–~至到]\\d{1,2}月份?"
    "|前(?:\\d{1,2}|[一二三四五六七八九十]{1,2})个?月|前[三两]个?季度|第?[一二三四1-4]季度"
    "|[上下]半年|全年|(?<!\\d)\\d{1,2}月(?:份|底|末)?(?!\\d)"
)
_YEARS = re.compile(
    f"(?P<year>{_YEAR.pattern})年(?P<end>[度末底初])?|(?<![比较])(?P<relative>{_RELATIVE.pattern})"
)
_PERIOD = re.compile(
    f"(?:(?:{_YEAR.pattern}年[度末底初]?|{_RELATIVE.pattern}|{_PART.pattern})的?)+"
)
# An ask that says no more than that a figure is wanted.
_VAGUE = re.compile(
    "(?:又|现在|具体|大概)*(?:是|有|为|达到?|完成|实现)?了?(?:多少|几|怎么?样|如何)"
)

_CHANGE = "增长|增加|提高|上升|上涨|下降|减少|降低|回落|下滑|下跌|[增涨升降减]"
_ASK = re.compile(
    "(?P<adverbs>(?:[比较](?:上年|去年|上月|上季度)(?:同期)?|同比|环比|年均|分别|主要|具体|总共|一共|总计|合计|"
    "目前|现在|大[概约]|计划|预计|各|共|约|还|又|已|将|要|会|能|可以?|应该?|需要?|最[高多少低]|至[多少]|每[人月年天日])*)"
    f"(?:(?P<change>(?:{_CHANGE})(?:了|率|幅度?|速)*[是为有]?(?:多少|几|百分之[几多]少?|如何|怎[么样]样?|了?吗)"
    f"|增[速幅]|涨幅|[降跌]幅|增长率|是涨是跌|(?:同比|环比|{_CHANGE})(?=了?{_TAIL}*$))"
    "|(?P<share>(?:占[^，,？?]{0,6})?(?:占比|比[重例])(?=[是为有]?(?:多少)?[？?呢]*$))"
    "|(?P<verb>是|有|为|达到?|完成|实现|突破|超过|投|配|办|占|给|按|花|招|卖|用|(?<![新扩改基])建|(?<![税营回])收|(?<![研开])发|由|归|找|叫|在|到|从|于|包括)?了?"
    "(?P<word>多少|几|百分之几|谁|哪|什么(?:时候|时间|地方)?|何[时地人]|多[久长大高远重]|怎[么样]|如何|是否|能否|为何))"
)
_COUNTED = re.compile(
    "^(?:个工作日|[个家项所名位人户件条座处台套辆次场批期种类款门层支篇份部本间栋枚宗笔单片岁页]?)"
    "(?P<noun>[\\u4e00-\\u9fff]{2,8})$"
)
_MEASURED = re.compile(
    "^[十百千万亿]*(?:[元钱倍成吨亩米天年%]|美元|公里|小时|分钟|平方|个?百分点|个月|块)"
)

# The words that names of indicators are made of: the part of a question that another one replaces.
# The first kind only qualifies: 农村 is no indicator, 农村居民收入 is.
_QUALITIES = (
    "固定资产|基础设施|规模以[上下]|限额以上|高新技术|高技术|技术改造|技术|技改|高新|规上|限上|农业|服务业|制造业|建筑业|工业|房地产|"
    "房屋|民间|国有|民营|开发|社会|消费品|零售|一般|公共|预算|财政|地方|城镇|农村|城乡|常?居民|人均|可支配|常住|户籍|货物|实际|利用|"
    "使用|到位|地区|净利|营业|销售|合同|专利|发明|授权|申请|新增|登记|国家级?|省级|市级|重点|重大|科技型|中小|小微|签约|招商|平均"
)
_INDICATORS = (
    "税收|收入|支出|投资|人口|进出口|进口|出口|外贸|贸易|外资|内资|生产总值|增加值|总?产值|gdp|GDP|利?润|存款|贷款|余额|成交|就业|"
    "失业|用电|用水|能耗|粮食|产量|面积|旅游|消费|住宿|伙食|交通|餐饮|通讯|补[助贴]|费用?|奖励|工资|津贴|标准|比例|上限|下限|限额|"
    "总[额量值数]|[额量率值数]|第?[一二三]产业?|产业"
)
# Only at the end is each the name of something counted.
_HEADS = "企业|项目|人才|员工|职工|医院|学校|床位"
_ROLE = (
    "副?(?:董事|[院校局处科部厂行所站队区市县镇乡村会])长|(?:副?总)?经理|副?主任|副?书记|副?组长|"
    "负责人|责任人|联系人|主管"
)
# They say nothing before it is said whose: 总投资, 地址.
_ATTRIBUTE = (
    f"{_ROLE}|总投资|地址|地点|电话|联系方式|全长|总面积|文号|全称|有效期|造价|工期"
    "|(?:投产|开工|竣工|完工|通车|申报|截止|施行|发布|受理|开放){1,2}(?:时间|日期)"
)
# Possessive and atomic: a run of these words is cut in one way only, however long it is.
_HEAD = re.compile(f"(?>(?:{_HEADS}|{_ATTRIBUTE})$|{_INDICATORS}|{_QUALITIES}|总)++(?<!总)$")
_QUALITY = re.compile(f"(?:{_QUALITIES}){{1,3}}")
_PERSON = re.compile(
    f"(?:{_ROLE}|[高主]管|人员|员工?|职工|干部|教授|博士|硕士|学生|教师|医生|护士|老人|儿童|[男女]性)$"
)
_THING = re.compile(
    "(?:公司|集团|科技|重工|股份|银行|医院|学校|[大中小]学|研究[院所]|学院|基地|项目|工程|[一二三四]期|中心|水库|平台|系统|码头|机场|"
    "[大]?桥|隧道|小区|园区?|[环干支]?线|站|馆|厂|街|路|港|办法|规定|通知|条例|方案|意见|局|委|计划|基金|谷)$"
)
# Words that stand in each other's place though they do not look alike.
_CONTRASTS = tuple(
    frozenset(group.split())
    for group in (
        "城镇 农村 城市 乡村 城乡", "收入 支出", "存款 贷款", "高峰 平峰 低谷", "工作日 周末 节假日",
        "首次 再次 重新", "公路 铁路 水运 航空", "小学 初中 高中 幼儿园", "线上 线下", "公办 民办",
        "国有 民营 外资", "本科 硕士 博士 大专", "最高 最低",
        "成人 儿童 老人 学生", "白天 夜间 晚上",
    )
)  # fmt: skip

_AREA = "自治区|高新区|经开区|开发区|新区|区|市|县|镇|乡|省|州|街道"
DISTRICT = re.compile(
    "(?:^|(?<=[年度末底初月季的在去到从和与及、，,（( 市省州县区]))(?![全本我该各每几哪城社小地景校市])"
    f"[\\u4e00-\\u9fff]{{1,4}}?(?:{_AREA})(?![场内政民长委府级局路])"
)
# What the cutter takes for places.
_NO_PLACE = re.compile("城镇|城市|农村|乡村|省会|国内|海外")
SCOPE = re.compile("[全本我整][个]?[市省国区县镇]|全球|[市省县区]里")
_CODE = re.compile("(?<![A-Za-z0-9])[A-Za-z]+-?\\d+[A-Za-z0-9]*")
PRONOUN = re.compile(
    "(?P<plain>[它他她]们?|其(?![中他它余次实])|这些|那些)的?"
    "|(?:该|此|[这那](?:个|项|家|条|份|笔|座|种|款|位|名))(?P<noun>[\\u4e00-\\u9fff]{1,4}?)的?"
    "(?=(?:20|今年|去年)|总|净|年|有|是|什么|何|在|由|多|几|谁|哪|计划|预计|的|员工|营业|工期|地址|增|占|同比)"
)
_ENGLISH = re.compile(
    "(?:and|what about|how about|and what about)\\s+(?:(?:in|for|the)\\s+)*(.+)", re.I
)


@dataclass(frozen=True, slots=True)
class Frame:
    """A question around what it asks: 湖滨线 | 有几个 | 站. `ask` is "" where nothing is asked."""

    before: str
    ask: str
    after: str

    @property
    def text(self) -> str:
        return self.before + self.ask + self.after

    @property
    def subject(self) -> str:
        """What is asked about, "" where the words after the ask are more than what it counts."""
        return "" if re.search("[，,。；;（(]", self.after) else self.before + self.after


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What a question that leans on the one before it says itself: each "" where it says nothing."""

    period: str
    pronoun: str
    subject: str
    ask: str
    after: str


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question with what it leaves to the earlier ones said; itself where it leans on none.

    >>> standalone("那2022年呢？", [Turn("2024年东岚县出口增长多少", "3%"), Turn("进口呢", "2%")])
    '2022年东岚县进口增长多少'
    """
    return _resolved(question, leaned_on(history)) or question


def leaned_on(history: Sequence[Turn]) -> str:
    """The last question in full, which the next may lean on; "" where it is unclear."""
    base = ""
    for turn in history[-MAX_TURNS:]:
        base = _followed(turn.question.strip(), base)
    return base


def leans(question: str) -> bool:
    """Whether a question may lean on the one before it, resolved by rule or not."""
    text = question.strip()
    if _CHAT.fullmatch(text) or len(text) > _MAX_LENGTH:
        return False
    return _follow_up(text) is not None or bool(_ENGLISH.fullmatch(text) or PRONOUN.search(text))


def _followed(question: str, base: str) -> str:
    """What the next question may lean on; nothing once it is unclear what was asked."""
    if not any(c.isalnum() for c in question) or _CHAT.fullmatch(question):
        return base
    if _follow_up(question) is None and not _ENGLISH.fullmatch(question):
        return question if len(question) <= _MAX_LENGTH else ""
    return _resolved(question, base)


def _resolved(question: str, base: str) -> str:
    """A follow-up said in full, "" if it is none or it is unclear what it means."""
    if not base or len(question) > _MAX_LENGTH or _CHAT.fullmatch(question.strip()):
        return ""
    base = years_in_digits(re.sub("[呢？?。！! ]+$", "", base))
    if english := _ENGLISH.fullmatch(question.strip(" ?？")):
        return _in_english(english.group(1), base)
    said = _follow_up(question.strip())
    found = _merged(said, base) if said else ""
    # What was just asked may be named again; 多少 alone names nothing.
    named = said and (said.period or said.subject)
    return found if named or found != base else ""


def _frame(text: str) -> Frame:
    ask = _ASK.search(text)
    if ask is None:
        return Frame(text, "", "")
    rest = re.sub(f"{_TAIL}+$", "", text[ask.end() :])
    counted = _COUNTED.match(rest) if ask["word"] in {"多少", "几"} else None
    cut = len(rest)
    if counted and not _MEASURED.match(rest):
        cut = counted.start("noun")
    elif mark := re.search("[，,。；;（(]", rest):
        cut = mark.start()
    return Frame(text[: ask.start()], ask.group() + rest[:cut], rest[cut:])


def _follow_up(question: str) -> FollowUp | None:
    """What a follow-up says; None of a question that stands by itself."""
    lead = _LEAD.match(question)
    rest = question[lead.end() :] if lead else question
    if len(rest) > _MAX_FOLLOW_UP:
        return None
    period, rest = _taken_period(rest)
    pronoun = PRONOUN.match(rest)
    rest = rest[pronoun.end() :] if pronoun else rest
    frame = _frame(rest)
    subject = _ENDS.sub("", frame.before.strip())
    if not period and (found := re.search(f"[在]?({_PERIOD.pattern})$", subject)):
        period, subject = found.group(1), subject[: found.start()].rstrip("的，, ")
    if _PERIOD.search(subject):
        return None
    light = re.search("呢|[这那]一?块|这方面", frame.before) or frame.ask.startswith("又")
    if not (lead or pronoun or light or not subject or re.fullmatch(_ATTRIBUTE, subject)):
        return None
    if not subject and not pronoun and not _asks_little(frame):
        return None
    said = period or pronoun or subject or frame.ask
    whose = pronoun.group().removesuffix("的") if pronoun else ""
    return FollowUp(period, whose, subject, frame.ask, frame.after) if said else None


def _asks_little(frame: Frame) -> bool:
    """Whether what is asked names no subject: 什么时候投产 does not, 什么叫免申即享 does."""
    asked = _ASK.match(frame.ask)
    if asked is None:
        return not frame.after
    reason = re.search("为什么|为何|怎|如何|是否|能否|什么[叫是]", frame.text)
    return not reason and len(frame.text) - asked.end() <= _MAX_TAIL


def _taken_period(text: str) -> tuple[str, str]:
    """The period at the head of a follow-up, and the rest."""
    found = re.match(
        f"[在到]?({_STEP.pattern}|{_PERIOD.pattern}|(?:{_SHORT_YEAR.pattern})年?)的?", text
    )
    return (found.group(1), text[found.end() :].lstrip("，, ")) if found else ("", text)


def _merged(said: FollowUp, base: str) -> str:
    """The base with what was said in place of the like; "" if it has no place there."""
    kind = understand(said.ask + said.after).ask if said.ask else ""
    asked = understand(base).ask
    vague = _VAGUE.fullmatch(said.ask) and not said.after
    same = not kind or (vague and asked in FIGURE_ASKS) or (kind == asked and bool(said.subject))
    own = _ASK.match(said.ask)
    if (
        said.pronoun
        or re.fullmatch(_ATTRIBUTE, said.subject)
        or (own and not said.subject and kind not in {"", asked} and _of_a_thing(own, kind))
    ):
        return _said_of_thing(said, base)
    text = _with_period(base, said.period) if said.period else base
    if said.subject and text:
        text = _with_subject(text, said.subject, alike=not same)
    if not same and text:
        text = _with_ask(text, said.ask + said.after)
    elif said.after and not text.endswith(said.after):
        return ""
    return text


def _of_a_thing(own: re.Match[str], kind: str) -> bool:
    """Whether it is asked of a thing (when, where, how many it has) and not of a figure."""
    verb = own["verb"] or "是"
    return (
        kind not in FIGURE_ASKS | {"list"}
        or verb not in "是有为达到完成实现"
        or (kind == "count" and verb == "有")
    )


# --- a period for a period


def _with_period(base: str, period: str) -> str:
    """The base in another period; what it says of the part of a year stays unless that is said."""
    years = [m for m in _YEARS.finditer(base) if not _quoted(base, m)]
    if len(years) > 1:
        return ""
    old = years[0] if years else None
    if _STEP.fullmatch(period):
        return _stepped(base, old, -1 if _STEP_BACK.search(period) else 1)
    if short := _SHORT_YEAR.match(period):
        period = f"{short.group() if len(short.group()) == 4 else '20' + short.group()}年"
    new, part = _YEARS.search(period), _PART.search(period)
    if new:
        end = new["end"] or (old["end"] if old else "")
        written = (new["year"] or "") + (new["relative"] or "年") + (end or "")
        base = _put(base, Span(*old.span()) if old else Span(0, 0), written)
    return _with_part(base, part.group()) if part else base


def _stepped(base: str, old: re.Match[str] | None, years: int) -> str:
    """The base one year earlier or later than it says."""
    if old is None:
        return ""
    if old["year"]:
        return _put(base, Span(*old.span("year")), str(int(old["year"]) + years))
    ladder = ["前年", "去年", "今年", "明年"]
    at = ladder.index(old["relative"].replace("本", "今")) + years
    return _put(base, Span(*old.span("relative")), ladder[at]) if 0 <= at < 4 else ""


def _with_part(base: str, part: str) -> str:
    """The base in another part of its year."""
    olds = [m for m in _PART.finditer(base) if not _quoted(base, m)]
    if len(olds) > 1:
        return ""
    year = _YEARS.search(base)
    if olds:
        return _put(base, Span(*olds[0].span()), part)
    if not year:
        return part + base
    # 2024年末 is no part of the first quarter.
    return _put(base, Span(year.end() - len(year["end"] or ""), year.end()), part)


def _quoted(text: str, match: re.Match[str]) -> bool:
    """Whether it stands in a title: the year in the name of a paper is not the question's."""
    before = text[: match.start()]
    return before.count("《") > before.count("》") or before.count("“") > before.count("”")


def _put(text: str, span: Span, new: str) -> str:
    return text[: span.start] + new + text[span.end :]


# --- another thing asked of the same subject


def _with_ask(base: str, ask: str) -> str:
    frame = _frame(base)
    subject = frame.subject.rstrip("的，, ")
    if not subject or understand(base).ask not in FIGURE_ASKS | {"statement", "list"}:
        return ""
    return subject + _asked(ask)


def _asked(ask: str) -> str:
    """An ask said in full: 同比 is 同比增长多少, 增速 is 增速是多少."""
    ask = re.sub("了?吗?$", "", ask)
    if re.search(f"(?:{_CHANGE})$", ask) and not ask.endswith("幅"):
        return ask.removesuffix("了") + "多少"
    if ask.endswith(("同比", "环比")):
        return ask + "增长多少"
    return ask + "是多少" if re.search("增[速幅]$|[涨降跌]幅$|率$|比[重例]?$", ask) else ask


def _said_of_thing(said: FollowUp, base: str) -> str:
    """The follow-up's own words, said of the thing that the base is about."""
    thing = _meant(said.pronoun, base)
    ask = said.ask + said.after
    if not thing or not (said.subject or ask):
        return ""
    if not ask:
        role = re.fullmatch(_ROLE, said.subject)
        where, when = said.subject in {"地址", "地点"}, said.subject.endswith(("时间", "日期"))
        ask = "是谁" if role else "在哪里" if where else "是什么时候" if when else "是多少"
    text = f"{thing}{said.period}{said.subject}{_asked(ask)}"
    # What is so of a thing in every year is not asked of one.
    if said.period or re.fullmatch(_ATTRIBUTE, said.subject):
        return text
    return _period_kept(said.subject + ask, base) + text


def _period_kept(asked: str, base: str) -> str:
    found = _PERIOD.search(base)
    return found.group() if found and understand(asked).ask in FIGURE_ASKS else ""


def _meant(pronoun: str, base: str) -> str:
    """What a pronoun, or the lack of one, means; "" where it may be what the base asks for."""
    frame = _frame(base)
    many = pronoun.endswith(("们", "些"))
    if pronoun in {"他", "她"} or (many and understand(base).ask in {"list", "title", "person"}):
        return ""
    thing = _thing(frame.before)
    if many and frame.after:
        return frame.subject
    noun = re.sub("^(?:该|此|[这那].)", "", pronoun) if pronoun[:1] in "该此这那" else ""
    if noun and noun in frame.before:
        return frame.before[: frame.before.rindex(noun) + len(noun)].rpartition("，")[2]
    area = bool(DISTRICT.fullmatch(thing))
    return "" if noun and area != bool(re.fullmatch(_AREA + "|地区|地方", noun)) else thing


def _thing(before: str) -> str:
    """The thing that the words before an ask are about: 霁川大桥 of 霁川大桥2024年的总投资."""
    _, rest = _taken_period(re.sub("^请问", "", before))
    rest = _without_period(rest)
    head = _HEAD.search(rest)
    if head and re.fullmatch(_HEADS, head.group()):
        head = None
    stem = _without_period(rest[: head.start()] if head else rest)
    known = _THING.search(stem) or DISTRICT.fullmatch(stem)
    attribute = head is not None and re.search(f"(?:{_ATTRIBUTE})$", head.group())
    clear = known or attribute or (head is not None and not rest[: head.start()].endswith("的"))
    return stem if clear and len(stem) > 1 and not re.search("[，,]", stem) else ""


def _without_period(text: str) -> str:
    return re.sub(f"[在于到]?(?:{_PERIOD.pattern})$", "", text.rstrip("的里中在，, ")).rstrip(
        "的，, "
    )


# --- a part of the subject for a like part


def _with_subject(base: str, subject: str, *, alike: bool) -> str:
    """The base with `subject` for its like; `alike` admits no guess at what is unlike."""
    if any(span.of(base) == subject for span in _word_spans(base, len(subject))):
        return base
    if SCOPE.search(subject):
        return _with_scope(base, subject)
    if _CODE.fullmatch(subject):
        return _only(base, (Span(*m.span()) for m in _CODE.finditer(base)), subject)
    if [figure.span for figure in figures(subject)] == [Span(0, len(subject))]:
        return _with_quantity(base, subject)
    place = re.sub("^[去到在从](?=..)", "", subject)
    if _is_place(place):
        return _with_place(base, place)
    divided = _divided(subject)
    if divided:
        for piece in divided:
            base = base and _with_subject(base, piece, alike=alike)
        return base
    rules = (_with_counted, _with_head, _with_twin, _with_contrast, _with_person, _with_quality)
    found = next((text for rule in rules if (text := rule(base, subject))), "")
    if found or alike:
        return found
    guesses = (_with_name, _with_unlike_head, _with_topic)
    return next((text for rule in guesses if (text := rule(base, subject))), "")


def _divided(subject: str) -> tuple[str, ...]:
    """A subject that fills several parts: 滨江区 | 工业投资, 一般员工 | 住宿限额."""
    owner, of, owned = subject.rpartition("的")
    if of and owner and owned:
        return owner, owned
    district = DISTRICT.match(subject)
    cut = district.end() if district else 0
    head = _HEAD.search(subject)
    cut = cut or (head.start() if head else 0)
    # A thing's own name may end like an indicator: 盾构基地项目.
    whole = not 1 < cut < len(subject) or re.search(f"(?:{_HEADS})$", subject)
    return () if whole else (subject[:cut], subject[cut:])


def _only(base: str, spans: Iterable[Span], new: str) -> str:
    """`new` in place of the one span; "" where there is none or a choice."""
    found = list(spans)
    return _put(base, found[0], new) if len(found) == 1 else ""


def _with_scope(base: str, subject: str) -> str:
    """全市 never keeps a district's name: it stands for 全区 or, where the city is named, for both."""
    if not SCOPE.fullmatch(subject):
        return ""
    places = list(_places(base))
    named = [p for p in places if p.of(base).endswith(subject[-1]) and not SCOPE.match(p.of(base))]
    if len(places) == 2 and len(named) == 1 and places[0] == named[0]:
        return _put(base, places[1], "") if places[0].end == places[1].start else ""
    return (
        _only(base, places, subject)
        if not named and all(SCOPE.fullmatch(p.of(base)) for p in places)
        else ""
    )


def _with_quantity(base: str, subject: str) -> str:
    """50万元 for 200万元: the only quantity of that unit."""
    new = figures(subject)[0]
    like = (f.span for f in figures(base) if (f.kind, f.unit) == (new.kind, new.unit))
    return _only(base, like, subject)


def _is_place(text: str) -> bool:
    cut = words(text)
    city = len(cut) == 1 and cut[0][1] == "ns" and not _NO_PLACE.search(text)
    return city or bool(DISTRICT.fullmatch(text))


def _places(text: str) -> Iterator[Span]:
    """Where a place is named: districts, 全市, and names of cities that begin no other name."""
    districts = [Span(*m.span()) for p in (DISTRICT, SCOPE) for m in p.finditer(text)]
    yield from sorted(districts, key=lambda span: span.start)
    at = 0
    for word, tag in words(text):
        span, at = Span(at, at + len(word)), at + len(word)
        free = all(span.end <= d.start or d.end <= span.start for d in districts)
        # 湖滨 of 湖滨环线 is no place to go to.
        name = any(_THING.search(text[at : at + n]) for n in (1, 2, 3))
        if tag == "ns" and free and not name and not _NO_PLACE.search(word):
            yield span


def _with_place(base: str, place: str) -> str:
    places = list(_places(base))
    if not places:
        return place + base
    like = [p for p in places if p.of(base)[-1] == place[-1]]
    return _only(base, places if len(places) == 1 else like, place)


def _head(base: str) -> Span | None:
    """The indicator a question ends with, before what it asks or after what it counts by."""
    frame = _frame(base)
    if frame.after and frame.subject:
        start = len(frame.before) + len(frame.ask)
        found = _HEAD.search(frame.after)
        return Span(start + found.start(), start + found.end()) if found else None
    found = _HEAD.search(_without_period(frame.before))
    return Span(*found.span()) if found else None


def _with_head(base: str, subject: str) -> str:
    """Another indicator for the indicator: 工业投资 for 固定资产投资, both of which end alike."""
    span = _head(base)
    return _with_unlike_head(base, subject) if span and _shared(span.of(base), subject) > 1 else ""


def _with_counted(base: str, subject: str) -> str:
    """A kind of what is counted for what is counted: 一级文物 for 文物."""
    counted = _frame(base).after
    kind = len(counted) > 1 and subject != counted and subject.endswith(counted)
    return base[: base.rindex(counted)] + subject if kind and base.endswith(counted) else ""


def _with_unlike_head(base: str, subject: str) -> str:
    span = _head(base)
    if span is None or not _HEAD.fullmatch(subject) or _QUALITY.fullmatch(subject):
        return ""
    text = _put(base, span, subject)
    # A rate is not counted in persons, nor is a sum.
    unit = understand(base).ask in FIGURE_ASKS - {"growth", "amount"}
    if unit and _shared(span.of(base), subject) < 2 and not _frame(base).after:
        return _frame(text).before + "是多少"
    return text


def _with_quality(base: str, subject: str) -> str:
    """What narrows the indicator, put before it: 城镇 before 居民收入. Nothing is taken away."""
    span = _head(base)
    if span is None or not _QUALITY.fullmatch(subject):
        return ""
    same = next(
        (n for n in range(len(subject), 1, -1) if span.of(base).startswith(subject[-n:])), 0
    )
    return _put(base, Span(span.start, span.start + same), subject)


def _with_topic(base: str, subject: str) -> str:
    """All but place and period, where who or when is asked: 绿色转型 for 建强产业高地."""
    before = _frame(base).before
    period, rest = _taken_period(before)
    district = DISTRICT.match(rest)
    later, topic = _taken_period(rest[district.end() :] if district else rest)
    known = (period or later or district) and understand(base).ask in {"person", "date", "place"}
    if not known or len(topic) < 4 or len(subject) < 4 or not before.endswith(topic):
        return ""
    start = len(before) - len(topic)
    return _put(base, Span(start, len(before)), subject)


def _shared(one: str, other: str) -> int:
    """How many characters two words share at their ends."""
    pairs = zip(reversed(one), reversed(other), strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _word_spans(text: str, length: int) -> list[Span]:
    """The spans of that length that begin and end where words do."""
    bounds = [0, *itertools.accumulate(len(word) for word, _ in words(text))]
    return [Span(start, start + length) for start in bounds if start + length in bounds]


def _with_twin(base: str, subject: str) -> str:
    """A word as long that ends alike: 平峰 for 高峰, 三类城市 for 二类城市."""
    half = (len(subject) + 1) // 2
    spans = _word_spans(base, len(subject))
    return _only(base, (s for s in spans if _shared(s.of(base), subject) >= half), subject)


def _with_contrast(base: str, subject: str) -> str:
    group = next((group for group in _CONTRASTS if subject in group), frozenset())
    found = (Span(*m.span()) for word in sorted(group) for m in re.finditer(word, base))
    return _only(base, found, subject)


def _with_person(base: str, subject: str) -> str:
    """Another kind of people: 高管 for 部门负责人."""
    if not _PERSON.search(subject):
        return ""
    runs: list[Span] = []
    start = at = 0
    for word, tag in words(base):
        if tag[0] not in "nbaj" or tag == "ns":
            start = at + len(word)
        at += len(word)
        if start < at and _PERSON.search(base[start:at]):
            runs = [run for run in runs if run.start != start] + [Span(start, at)]
    return _only(base, runs, subject)


def _with_name(base: str, subject: str) -> str:
    """Another thing by name for the thing asked about."""
    first = words(subject)[0][1]
    if not (_THING.search(subject) or first in {"ns", "nt", "nz"}) or _HEAD.search(subject):
        return ""
    thing = _thing(_frame(base).before)
    district = DISTRICT.match(thing)
    thing = thing[district.end() :] if district else thing
    return base.replace(thing, subject, 1) if thing else ""


def _in_english(said: str, base: str) -> str:
    """ "in 2023" and "imports" in an English base: a year for a year, a word for one that ends alike."""
    year = re.fullmatch(r"(?:19|20)\d\d", said)
    found = re.finditer(r"\b(?:19|20)\d\d\b" if year else "[A-Za-z]+", base, re.ASCII)
    return _only(
        base, (Span(*m.span()) for m in found if year or _shared(m.group(), said) >= 4), said
    )
