"""What a question asks for, and what must be true of a sentence that answers it.

Pure: words, patterns and a cutter. Every noun, place, name, number and period of a question is a
condition that the evidence has to meet, so that another year, another district or another indicator
is not an answer. Finding the evidence is the business of qa/rules.py and qa/read.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from qa.figures import UNIT, Figure, figures, fold
from qa.periods import PERIODS, Period, period_of, years_in_digits
from qa.spoken import SAME
from qa.synonyms import NEWLY, SAME_DEEDS, SAME_HINTS, SAME_WORDS, SYNONYMS
from qa.words import DISTRICT, PERSON, SURNAMES, halved, joined, words

Ask = Literal[
    "growth", "rank", "money", "count", "percent", "duration", "measure", "amount",
    "date", "person", "office", "place", "title", "reference", "list", "definition", "phone", "statement", "request",
]  # fmt: skip
FIGURE_ASKS = frozenset(
    {"growth", "rank", "money", "count", "percent", "duration", "measure", "amount"}
)

TermKind = Literal["noun", "place", "name", "number", "hint"]

_CHANGE = (
    "增长|增加|提高|提升|上升|上涨|下降|减少|降低|回落|下滑|下跌|(?<!新)[增涨升降减](?=了|多少|几)"
)
_ASKED = "多少|几|百分|如何|怎么样|怎样|情况|率|幅|速|吗|呢|了没"
_UNITS = (
    "个|家(?![庭长])|项|所|名|位|人(?![口才员均次民])|户(?![口籍])|件|条|座|处|台|套|辆|"
    "次|场(?![馆所地])|批|期|种|类|款|门|层|支|篇|份|部|本|间|栋|枚|宗|笔|单|片|岁|页|"
    "架|艘|只|头|棵|株|幢|张|届|根(?![据本源])|分(?![钟之店公支校院会局行])|站(?!点)"
)

_PAPERS = "文件|意见|通知|办法|规定|方案|规划|条例|公报"
_COUNTED = (
    "企业|项目|公司|单位|专利|平台|机构|学校|高校|岗位|事项|员工|职工|学生|居民|党员|代表|成果|"
    "床位|人才|游客|业主|用户|乘客|孩子|小孩|儿童|老人|学员|考生|新生"
)

# What is asked for, each by the turns of phrase that ask for it; the first found decides.
_PATTERNS: tuple[tuple[Ask, tuple[str, ...]], ...] = (
    # To write, draw or translate is no question to documents.
    ("request", ("(?:写|作|编|画|唱|创作|生成|讲)(?:一|几|两|三|首|篇|个|段|封|点)|翻译|笑话",)),
    ("phone", ("电话|联系方式|手机号|热线",)),
    ("reference", ("文号|发文字号|几号文|文件编号",)),
    (
        "title",
        (
            f"(?:什么|哪个|哪份|哪一?[份个部项]|哪些|何种).{{0,6}}?(?:{_PAPERS})",
            f"(?:{_PAPERS})(?:的?(?:名称|名字|全称|标题))?(?:是|叫)(?:什么|哪)",
            "(?<![记长任理人员])叫什么名",
        ),
    ),
    (
        "definition",
        (
            "^请?(?:解释|介绍)一下|指什么|指的?是|是指|具体指|指哪|什么意思|^什么是|什么叫|含义|何谓|代表什么|怎么理解",
        ),
    ),
    (
        "office",
        (
            "(?:什么|何|哪些|哪个)(?:职务|职位|官职|头衔|身份(?!证))",
            "(?:职务|职位|头衔)(?:是什么)?[?？]?$",
            "[担现出就]任[了过]?什么|是(?:什么人|[做干]什么(?:工作)?的)",
        ),
    ),
    (
        "person",
        (
            "谁|哪位|哪个?副?(?:[区市县局院校处科组队]长|主任|书记|经理)|何人|叫什么|姓名|名字|哪一?家(?:公司|企业|单位|机构)?|哪个(?:部门|单位|机构|公司)",
        ),
    ),
    # 排第几, and not 第几批.
    (
        "rank",
        (
            "(?:排|位居|居|列|处)[^，,]{0,6}第?几|第几[位名]?(?=的?[?？]?$)|排名(?:多少|如何|怎么样)?$|第几[位名]",
        ),
    ),
    # 有几个行业实现增长 counts those that grow.
    ("count", (f"(?:多少|几)(?:{_UNITS})[^，,多少几]*(?:{_CHANGE})[了的]?[?？]?$",)),
    (
        "growth",
        (
            f"(?:{_CHANGE})(?!值|额|量|点|极|补|贴).{{0,8}}?(?:{_ASKED})",
            f"(?:同比|环比).{{0,6}}?(?:{_ASKED})",
            f"(?:{_CHANGE})[了的]?[?？]?$|(?:同比|环比)[?？]?$",
            "[比较](?:上|去|年初|同期)[^，,]{0,4}(?:多|少|高|低)了?(?:多少|几)",
            "是涨是跌|涨还是跌|增速|增幅|涨幅|降幅|增长率|跌幅",
        ),
    ),
    (
        "duration",
        (
            "多久|多长时间|(?<!哪)几天|多少天|几年|多少年|几个月|多少个月|几周|几日|多少日",
            "(?:几|多少)个?工作日|(?:几|多少)个?小时",
        ),
    ),
    (
        "money",
        (
            "多少个?[十百千万亿]*(?:元|钱|美元|欧元|人民币|块)|几[十百千万亿]*(?:元|块)",
            "多少[万亿]+(?!人|吨|平|户|家|个|亩|件|次|千)",
            "多少[^，,多少几]{0,6}的钱|花费|投资额|总投资|金额|(?:最高|最多|上限).{0,6}?(?:补|奖|报销)",
        ),
    ),
    (
        "percent",
        (
            "百分之几|百分之多少|百分比|占比|比例|比重|几成|几折|多少个?%|多少个?百分点",
            "占(?![地用])[^，,]{0,10}?(?:多少|几)(?=[?？]?$)",
            "(?:率|强度)(?:是|为|达到?|超过)?了?(?:多少|几)",
        ),
    ),
    (
        "date",
        (
            "什么时候|何时|(?:星期|礼拜|周)几|哪几[天日]|哪一?天|哪一?年|哪个月|哪日|几月|几号|几点|何年|何月|何日",
            "什么时间|时间是|日期|截止|截至到?什么",
        ),
    ),
    (
        "place",
        (
            "[在上到去]几楼|几楼|哪一?[层楼]|哪里|哪儿|何处|在哪|什么地方|地点|地址|位于哪|哪个(?:城市|区|地方|省|市|镇|街道)",
        ),
    ),
    (
        "measure",
        ("多少[十百千万亿]*(?:平方|立方|公里|千米|公顷|亩|吨|千瓦|兆瓦|米)|面积|多长|多重|多远",),
    ),
    (
        "list",
        (
            "(?:要|该|用|需|须)?[带拿备持]什么|步骤|流程|几步|哪些|哪几|有什么|包括什么|包含什么|涵盖什么|分别是|什么领域|什么材料|需要什么",
            "哪[两三四五六七八九十]",
        ),
    ),
    (
        "count",
        (
            f"(?:多少|几)(?:{_UNITS})",
            f"(?:多少|几)[万千百亿]?(?:{_COUNTED})",
            "数量|总数|家数|人数",
        ),
    ),
    ("amount", ("多少|几何|规模|多大|多高|几",)),
    ("statement", ("",)),
)
_ASKS = tuple((ask, re.compile("|".join(patterns))) for ask, patterns in _PATTERNS)
# A numbered house by its short name: 三院, 一中.
_SHORT_NAME = re.compile(
    "(?:^|(?<=[市省区县去到在给对向的和与、，]))(?P<number>[一二三四五六七八九十])"
    "(?P<kind>院(?![长校士系区落子])|中(?![全国央心期等间]))"
)
_FULL_NAMES = {"院": ("第{}人民医院", "第{}医院"), "中": ("第{}中学",)}
# 中日 is not 美中, and 美中 is 中美.
_TWO_COUNTRIES = re.compile(
    "([中美日俄韩欧英法德印澳加朝越])((?!\\1)[中美日俄韩欧英法德印澳加朝越])(?=双边|贸易|经贸|关系|两国|两军|合作|协议|峰会|会谈|会晤)"
)
# What was denied or ended is not told of what was done or begun, nor the other way round.
_DENIAL = re.compile("尚未|未(?![来成])|没有?(?=[\u4e00-\u9fff])(?!多少|几|什么)|不予")
_DENIALS = ("未", "没", "不", "无", "非")
_ENDING = re.compile("[停撤].{1,2}|关[闭停]|拆除|注销|取消|废止|作废")
_ENDINGS = ("停", "关", "撤", "拆", "取消", "终止", "注销", "退出", "废止", "作废")

VACUOUS = frozenset(
    "情况 数据 数量 金额 数字 时间 时候 日期 地点 地址 名字 名称 文件 问题 内容 目标 规模 幅度 增速 增幅 涨幅 降幅 "
    "增长率 标准 上限 下限 限额 期限 总数 水平 程度 方面 结果 意思 含义 是 有 为 达到 达 完成 实现 请问 请 想 知道 "
    "告诉 一下 能 可以 会 应 应该 需要 做 进行 分别 具体 总共 一共 共 目前 现在 截止 截至 大概 左右 已经 已 到 在 "
    "出台 发布 印发 制定 增长 增加 提高 上升 下降 减少 降低 同比 环比 累计 全部 共有 拥有 包括 包含 涵盖 有关 相关 "
    "全区 全市 全县 全省 全国 全镇 我区 我市 本区 本市 年末 年底 百分 之 "
    "百分之 多长时间 那份 这份 这个 那个 两个 三个 文章 市里 里面 总共 "
    "总计 合计 多久 文号 发文字号 目前 "
    "叫 说 关于 比例 占比 比重 百分比 多少 几个 什么 哪些 计划 要 比 上年 年度 当年 数 数额 额 值 量 总共有 "
    "指 全称 编号 姓名 职务 职位 头衔 身份 担任 现任 出任 就任 "
    "位于 办 地方 费用 价格 钱 元 亿元 万元 人民币 美元 欧元 港元 日元 英镑 亿 万 "
    "低于 高于 不低于 不超过 最高 最低 最多 最少 至少 每 "
    "解释 介绍 解释一下 介绍一下 回来 下来 起来 出来 出去 上来 过来 回去 大家 家里 区里 县里 镇里 "
    "东西 事情 怎么办 怎样 如何 一回 一趟 一次 "
    "代表 突破 超过 力争 预计 预期 建成 打造 推出 形成 汇聚 集聚 吸引 开展 启动".split()
)
_GROUPS: tuple[tuple[TermKind, tuple[tuple[str, ...], ...]], ...] = (
    ("noun", (*SYNONYMS, NEWLY)),
    ("hint", SAME_DEEDS),
)
_BOUNDS = (
    ("超过", "超", "突破", "逾", "高于", "多于", "大于", "超出"),
    ("不低于", "不少于", "至少", "不小于"),
    ("不超过", "不高于", "至多", "最多", "最高", "不得超过"),
)
_DAY = re.compile("\\d{1,2}月\\d{1,2}[日号]")
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
_QUOTED = re.compile('[“"‘「『《]([^”"’」』》]{1,40})[”"’」』》]')
# 一类城市 is not 二类城市, and 处级 is not 科级.
_GRADE = re.compile(
    "第?[一二三四五六七八九十\\d]+(?:档(?!案)|级?阶梯)|(?:首|第?[一二三四五])套(?=住?房|住宅|商品房)"
    "|第[一二三四五六七八九十\\d]+[章条款届期批类次轮版胎孩辆]|[一二三四五六七八九甲乙丙丁a-d][类级线档等](?![奖功])"
    "|[正副]?[省部厅局处科股]级|[正副]高级?"
)
_STEP = re.compile("第?([^第]+?)(?:档|级?阶梯)")
_HOME = re.compile("(?:第?([二三四五])|首|第?一)套")
# A line, a house or a window is named by its number: K7路 is neither 7路 nor 17路.
_NUMBERED = re.compile("[a-z]{0,2}\\d+(?:路|号(?:[线楼院门馆厅]|窗口))")
# What is owed for a deed is no other fee, and how often one thing is done is not how often another.
_DEED = re.compile("[赔罚奖](?=了?(?:多少|几))|(?<=多久)[\u4e00-\u9fff](?=一[次回趟遍根])")
# 第一人民医院 is not 第三人民医院.
_HOUSE = re.compile(
    "第[一二三四五六七八九十]+(?:人民|中心|附属|实验|职业|高级|师范)*"
    "(?:医院|中学|小学|高中|幼儿园|分公司|分局|研究[院所]|设计院|工程局|检察院|食堂|水厂|支队|大队|中队|车队)"
)
# 亿元以上 is a condition that has no digits.
_AND_ABOVE = re.compile("(?<![\\d.])[百千]?[百千万亿]+(?:元|美元)?(?:及?以上|级)")
# Who stands second is not who stands first.
_DEPUTY = re.compile("副(?:[院校局处科部厂行所站区市县镇会]长|主任|书记|总?经理|总工程师)")
# The class that is asked for ("哪些领域") need not be named by the evidence.
_ASKED_CLASS = re.compile(
    "(?:哪些|什么|哪几个?|哪[一二三四五六七八九十个]+)(?!时|地方|样|人|意思|含义|职[务位]|头衔|身份)([\u4e00-\u9fff]{2,4}?)(?=[，,。?？的是有]|$)"
)
# Nor need the kind of house that is asked for: 由哪个部门负责.
_ASKED_OFFICE = re.compile(
    "哪(?:一?[个家所]|些|几[个家])(部门|单位|机构|公司|企业|科室|处室|组织|地方|城市|平台)"
)
# Whose name the cutter may not know: 周敏之担任什么职务.
_OF_A_PERSON = re.compile(
    f"^((?!何[人时地])[{''.join(sorted(SURNAMES))}][\u4e00-\u9fff]{{1,2}}?)"
    "(?=(?:现在|目前)?(?:是(?:谁|何人|哪位|什么人|[做干]什么)|[担现出就]任|任什么|的?(?:职务|职位|头衔)))"
)
_NAMED: tuple[tuple[re.Pattern[str], int, TermKind], ...] = (
    (_QUOTED, 1, "name"),
    (_NUMBERED, 0, "name"),
    (_GRADE, 0, "name"),
    (_HOUSE, 0, "name"),
    (_DEPUTY, 0, "name"),
    (_DEED, 0, "noun"),
    (_AND_ABOVE, 0, "number"),
    (_ASKED_CLASS, 1, "hint"),
    (_ASKED_OFFICE, 1, "hint"),
    (_DAY, 0, "number"),
    (_OF_A_PERSON, 1, "name"),
)
_ASKED_UNIT = re.compile(
    "百分之(?:几|多少)|什么[叫是]|是?什么意思|指的?是?什么|是涨是跌|"
    "最[多高少低]|至[多少](?!数)|不?超过(?=了?(?:多少|几))|"
    "什么(?:时[候间]|地方)|多长时间|哪几[天日]|几楼|哪一?[层楼]|(?:星期|礼拜|周)几|"
    "哪一?[天年日](?:算?起|开始)?|哪[份部项件篇里儿]|哪[两二三四五六七八九十]件事?|几[点号](?![a-z\\d])|"
    "多[久长高远大重宽深]|(?:共?有|数?是|给|占)(?=多少|几|哪|什么|谁)|占(?![地用领据比])|(?<![停启征录使利])[收投花卖买建招造用](?=了(?:多少|几))|"
    "给(?=[?？呢了]*$)|"
    "(?<![智职功性可才效节产动主重纪摘首必概获取所不值使机阳电热光风核储])[要能得](?=[交花拿领盖走报补奖罚付退批住管办贷提坐带订读换打])|(?<![公英海华])里(?=[\u4e00-\u9fff]{1,3}[区县市镇])|"
    f"共?有(?=多少|几|哪|什么)|需?要(?=在|提前|多少|几)|(?:多少|几)(?:个?工作日|个?百分点|个月|{_UNITS})"
)
# A bare phrase that ends like an indicator asks for its figure.
_INDICATOR = re.compile(
    "(?:额|值|率|数|量|投资|收入|支出|价格|标准|上限|限额|面积|人口|强度|比例|费用?|补贴|"
    "补助|金额|gdp|外资|营收|净利|利润|存款|贷款|税收|产能|亩产|库存|目标|浓度|温度|湿度|密度|速度|长度|高度|宽度|深度)(?:是)?$"
)
_TARGET = re.compile(
    "目标|力争|计划|规划|预期|预计|打算|拟|将(?:达|要)|到20\\d\\d年|(?<![重主必需只])要(?=达|完成|实现|建|新)"
)
_WHETHER = re.compile("[有没是能可要][没不]|([\u4e00-\u9fff])不\\1|[吗不没][?？]?$")
# One that ends like a fee asks for a sum, and one that ends like an office for who holds it.
_FEE = re.compile("(?:[气水电油房票车]价|票价|押金|[年月季次]卡|租金|工本费|违约金|奖学金|助学金)$")
_ROLE = re.compile(
    "(?:书记|主任|[局院校所站队科处部组会馆区市县镇]长|总?经理|负责人|联系人|主持人|总监|董事长|秘书长)$"
)


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


@dataclass(frozen=True, slots=True)
class Question:
    """A question taken apart. `measure` is the unit that it asks for, "" where it names none."""

    text: str
    ask: Ask
    measure: str
    terms: tuple[Term, ...]
    period: Period
    counted: str
    bound: bool
    fall: bool
    base: str
    target: bool


def understand(text: str) -> Question:
    """Take a question apart.

    >>> question = understand("2021年钱塘高新技术产业投资同比增长多少？")
    >>> question.ask, question.period.year, [term.text for term in question.terms]
    ('growth', 2021, ['钱塘', '高新技术', '产业', '投资'])
    """
    folded = _written(years_in_digits(fold(text)))
    ask = _ask(folded)
    base = re.search("同比|环比", folded)
    return Question(
        text=text,
        ask=ask,
        measure=_measure(folded, ask),
        terms=_conditions(_terms(folded)),
        period=period_of(folded),
        counted=_counted(folded) if ask == "count" else "",
        bound=bool(re.search("(?:超过|不超过|低于|高于|最[高多低少]|至少|至多|上限|下限)", folded)),
        fall=bool(re.search("下降|减少|降低|回落|下滑|下跌|降幅|跌幅", folded)),
        base=base.group() if base else "",
        target=bool(_TARGET.search(folded)),
    )


_AGE = re.compile("多大(?:年纪|岁数|年龄|了)|(?:年纪|年龄|岁数)是?(?:多大|多少)")


def _written(text: str) -> str:
    """A spoken question with its words of asking as they are written."""
    return _AGE.sub("几岁", text.replace("啥", "什么").replace("咋", "怎么"))


def _ask(folded: str) -> Ask:
    found = next(ask for ask, pattern in _ASKS if pattern.search(folded))
    if found == "person" and _is_name(_WHOM.match(folded)):
        # 校长是谁 asks for a name; where the name is given, for what that person is.
        return "office"
    bare = folded.rstrip("?？。!！ 呢是")
    if found != "statement" or _WHETHER.search(folded):
        return found
    if _FEE.search(bare):
        return "money"
    if _ROLE.search(bare):
        return "person"
    return "amount" if _INDICATOR.search(bare) else found


def _measure(folded: str, ask: Ask) -> str:
    """The unit that is asked for: 家 of 多少家, 公顷 of 多少万公顷."""
    if ask == "measure":
        units = (UNIT.match(folded, m.end()) for m in _SCALED_ASK.finditer(folded))
        return next((unit.group() for unit in units if unit), "")
    found = re.search(f"(?:多少|几)({_UNITS})", folded) if ask == "count" else None
    return found.group(1) if found else ""


_SCALED_ASK = re.compile("(?:多少|几)(?:[十百万亿]|千(?![瓦米克]))*")


def _counted(folded: str) -> str:
    """What is counted, as far as it follows its measure: 几个站 counts 站."""
    match = re.search(f"(?:多少|几)[万千百亿]?(?:{_UNITS})?的?([\u4e00-\u9fff]{{1,2}})", folded)
    return match.group(1) if match and match.group(1)[0] not in "是了呢吗在的被能会要可才就" else ""


def _terms(folded: str) -> tuple[Term, ...]:
    """The conditions a question sets, in the order of the question."""
    found: list[tuple[int, Term]] = []
    rest = folded
    for start, end, term in _named(folded):
        found.append((start, term))
        rest = rest[:start] + " " * (end - start) + rest[end:]
    for pattern in (*PERIODS, _ASKED_UNIT):
        rest = pattern.sub(lambda match: " " * len(match.group()), rest)
    cut = list(halved(joined(words(rest))))
    at = 0
    for (word, tag), following in zip(cut, [*cut[1:], ("", "")], strict=False):
        plain = _term(word, tag, qualifies=_is_content(following[0], following[1]))
        if plain is not None:
            found.append((at, plain))
        at += len(word)
    ordered = dict.fromkeys(term for _, term in sorted(found, key=lambda item: item[0]))
    return tuple(ordered)


def _bounded(figure: Figure, text: str) -> tuple[str, ...]:
    """A quantity under each bound that says the same: 超过5000元 is 超5000元 and not 不超过5000元."""
    bound, core = text[figure.span.start : figure.core.start], figure.core.of(text)
    after = text[figure.core.end : figure.span.end]
    same = next((group for group in _BOUNDS if bound in group), (bound,))
    if core[-1:] in {"万", "亿"} and not figure.unit:
        after = "元" + after
        return tuple(f"{word}{core}{rest}" for word in same for rest in (after[1:], after))
    return tuple(f"{word}{core}{after}" for word in same)


_WHOM = re.compile("(?P<name>[\u4e00-\u9fff·]{2,8})是(?:谁|何人|哪位)[?？]?$")


def _is_name(found: re.Match[str] | None) -> bool:
    """Whether what was found is a person's name, known to the cutter or not."""
    if found is None:
        return False
    (first, tag), *others = joined(words(found["name"]))
    known = tag.startswith(PERSON)
    return known or (bool(others) and len(first) == 1 and first in SURNAMES)


def _conditions(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Where a question sets no condition but by its verbs, they are conditions."""
    if any(term.hard and term.kind != "place" for term in terms):
        return terms
    return tuple(replace(t, kind="noun") if t.kind == "hint" else t for t in terms)


def _named(folded: str) -> list[tuple[int, int, Term]]:
    """What must not be cut into words: set phrases, quoted names, grades, counts; none overlap."""
    found: list[tuple[int, int, Term]] = []
    for start, end, term in _phrases(folded):
        if not any(start < other_end and other < end for other, other_end, _ in found):
            found.append((start, end, term))
    return found


def _phrases(folded: str) -> Iterator[tuple[int, int, Term]]:
    """The first to be named takes the place."""
    yield from _phrases_of_groups(folded)
    for pattern, part, kind in _NAMED:
        for match in pattern.finditer(folded):
            text = match.group(part)
            yield match.start(part), match.end(part), Term(text, kind, _same_grade(text))
    for match in _SHORT_NAME.finditer(folded):
        full = [name.format(match["number"]) for name in _FULL_NAMES[match["kind"]]]
        yield match.start(), match.end(), Term(match.group(), "name", (match.group(), *full))
    for match in _TWO_COUNTRIES.finditer(folded):
        one, other = match.groups()
        yield match.start(), match.end(), Term(match.group(), "place", (one + other, other + one))
    for match in _DENIAL.finditer(folded):
        yield match.start(), match.end(), Term(match.group(), "noun", _DENIALS)
    for figure in figures(folded):
        text = figure.span.of(folded)
        if figure.kind != "number" or re.search("[万亿]", text):
            term = Term(text, "number", _bounded(figure, folded))
            yield figure.span.start, figure.span.end, term


def _same_grade(text: str) -> tuple[str, ...]:
    """
    >>> _same_grade("第二档"), _same_grade("第一套"), _same_grade("甲级")
    (('二档', '二阶梯', '二级阶梯'), ('首套', '第一套'), ('甲级',))
    """
    if step := _STEP.fullmatch(text):
        return tuple(f"{step[1]}{end}" for end in ("档", "阶梯", "级阶梯"))
    if home := _HOME.fullmatch(text):
        return (f"{home[1]}套",) if home[1] else ("首套", "第一套")
    return (text,)


def _phrases_of_groups(folded: str) -> Iterator[tuple[int, int, Term]]:
    for kind, groups in _GROUPS:
        for group in groups:
            for match in re.finditer("|".join(map(re.escape, group)), folded):
                # A deed is none in the name of something: 发布会.
                if kind != "hint" or not re.match("[会者]", folded[match.end() :]):
                    yield match.start(), match.end(), Term(match.group(), kind, group)


def _is_content(word: str, tag: str) -> bool:
    return tag in _NOUN_TAGS and word not in VACUOUS and len(word) > 1


def _term(word: str, tag: str, *, qualifies: bool) -> Term | None:
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
    if same := next((group for group in SAME if word in group), None):
        return Term(word, "noun" if tag in _NOUN_TAGS else "hint", same)
    return None


# Verbs that tell which of several is counted: 死亡人口 are no 常住人口.
_QUALIFIERS = frozenset("死亡 出生 流动 流失 失业 离职 退休 迁入 迁出 流入 流出".split())


def _plain_term(word: str, tag: str) -> Term | None:
    if tag in {"ns", "nt", DISTRICT}:
        return Term(word, "place", _place_variants(word, tag))
    if tag in _NOUN_TAGS:
        return Term(word, "noun", _noun_variants(word))
    if tag == "m" and re.search(r"\d", word):
        return Term(word, "number", (word,))
    if word in _QUALIFIERS:
        return Term(word, "noun", (word,))
    if tag.startswith("v") or tag == "t" or tag in _HINT_TAGS:
        return Term(word, "noun" if word.endswith("级") else "hint", (word,))
    # Words the cutter does not know are names more often than not.
    if tag in _STOP_TAGS and not (tag == "f" and word not in _POSITIONS):
        return None
    return Term(word, "noun", (word,))


def _place_variants(word: str, tag: str) -> tuple[str, ...]:
    """钱塘区 is also written 钱塘 and 钱塘新区; the stem of a name put together, as 苇湖 of 苇湖区,
    may be the beginning of another, as of 苇湖高新区.
    """
    if tag == DISTRICT:
        return (word,)
    stem = re.sub("(?:新区|自治区|[省市区县镇乡])$", "", word)
    return (word, stem) if len(stem) >= 2 and stem != word else (word,)


def _noun_variants(word: str) -> tuple[str, ...]:
    stem = re.sub("[额量数费]$", "", word)
    return (word, stem) if len(stem) >= 2 and stem != word else (word,)
