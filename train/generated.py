"""Passages and questions of our own making, in the Chinese of newspapers, notices and reports.

A scene is composed of the words and patterns of train/words.py: a heading, sentences in which every
fact that can be asked for stands between tags, questions that a tag answers, and near misses, which
are questions about the same matter that the scene leaves open. More scenes are in train/daily.py.
`generated` draws scenes, mixes other matters in, picks one question of each and turns its tag into
a span.

Public data sets are made into examples by train/examples.py; what goes into which epoch is
train/fit_reader.py's business.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product
from random import Random

from index.types import Span
from train import daily
from train.examples import Example
from train.words import FIRST_WORDS, WORDS, Ask, Scene, bare, say, tag

# ---- things and what is said of them ----------------------------------------------------------
# A line for the sort: its kind, the word that names it, how to call it later. Then what may be said:
# label | value | clauses | questions; {s} is the thing, {v} the value.

_SORT_TABLE = """
# project|project|该项目 项目 这一项目
总投资|money|{s}总投资{v}/{s}计划投资{v}/{s}概算总投资{v}|{s}总投资是多少/{s}计划投多少钱/{s}投资额/投资多少建{s}
占地面积|mu|{s}占地{v}/{s}规划用地{v}/{s}用地面积{v}|{s}占地多少/{s}用地面积有多大/{s}的占地面积
建筑面积|area|{s}总建筑面积{v}/{s}建筑面积{v}|{s}建筑面积多少/{s}总建筑面积是多少
开工时间|date|{s}于{v}开工/{s}{v}正式动工/{s}计划{v}开工建设|{s}什么时候开工/{s}开工时间/{s}是哪天动工的
投产时间|date|{s}预计{v}投产/{s}将于{v}建成投产/{s}力争{v}投入使用|{s}何时投产/{s}什么时候建成投用/{s}投产时间
选址|site|{s}位于{v}/{s}选址{v}/{s}落户{v}|{s}在哪里/{s}选址在什么地方/{s}落在哪儿/{s}位置
建设单位|company|{s}由{v}投资建设/{s}建设单位为{v}|{s}由谁建设/{s}的建设单位是哪家/哪家公司投资了{s}
年产值|money|{s}达产后年产值{v}/{s}全部建成后预计年产值{v}|{s}达产后年产值多少/{s}预计年产值
就业岗位|posts|{s}可带动就业岗位{v}/{s}预计新增岗位{v}|{s}能带来多少就业岗位/{s}新增岗位多少个
产能|output|{s}设计年产能{v}/{s}建成后年产{v}|{s}年产能多少/{s}设计产能是多少
停工原因|halt|因{v}，{s}一度停工/由于{v}，{s}建设一度暂停|{s}为什么停工/{s}停工的原因是什么/是什么造成{s}暂停
建设内容|parts|{s}主要建设{v}等/{s}建设内容包括{v}等|{s}建设内容有哪些/{s}要建些什么/{s}包括哪些建设内容
工程进度|percent|{s}已完成工程量的{v}/{s}目前工程进度完成{v}|{s}工程进度多少/{s}完成了百分之多少
项目负责人|person|{s}负责人是{v}/{s}项目负责人为{v}|{s}负责人是谁/谁负责{s}
# company|company|该公司 公司 企业
成立时间|day|{s}成立于{v}/{s}于{v}注册成立|{s}哪年成立/{s}成立时间/{s}是什么时候成立的
注册资本|money|{s}注册资本{v}|{s}注册资本多少/{s}的注册资金是多少
总部|site|{s}总部位于{v}/{s}总部设在{v}|{s}总部在哪里/{s}总部地址
法定代表人|person|{s}法定代表人为{v}/{s}法定代表人是{v}|{s}法人代表是谁/{s}的法定代表人
员工人数|people|{s}现有员工{v}/{s}在职职工{v}|{s}有多少员工/{s}员工人数/{s}一共多少职工
主营业务|fields|{s}主营{v}等业务/{s}业务涵盖{v}等领域|{s}主营什么/{s}做哪些业务/{s}业务涵盖哪些领域
研发占比|percent|{s}研发投入占营业收入的{v}/{s}研发费用占营收比重{v}|{s}研发投入占营收多少/{s}的研发投入占比
专利数量|items|{s}累计拥有专利{v}/{s}获得授权专利{v}|{s}有多少专利/{s}专利数量是多少
营业收入|money|{s}上年度营业收入{v}/{s}去年实现营收{v}|{s}去年营收多少/{s}上年营业收入是多少
净利润|money|{s}上年度净利润{v}/{s}去年盈利{v}|{s}去年净利润多少/{s}上年赚了多少
融资金额|money|{s}近日完成新一轮融资，金额{v}/{s}新一轮融资{v}|{s}新一轮融资了多少/{s}融资金额
荣誉|honour|{s}获评{v}/{s}被授予{v}称号|{s}获得什么荣誉/{s}获评什么/{s}得过什么称号
增长原因|growth|{s}业绩走高主要得益于{v}/{s}订单增加，原因是{v}|{s}业绩增长的原因是什么/为什么{s}业绩走高/{s}靠什么增长
联系电话|phone|{s}联系电话为{v}/{s}服务热线{v}|{s}电话多少/{s}联系方式/怎么打电话给{s}
# meeting|meeting|本次会议 会议
举办时间|clock|{s}于{v}举行/{s}定于{v}召开/{s}{v}开幕|{s}什么时候开/{s}时间/{s}哪天举行
地点|venue|{s}在{v}举办/{s}地点设在{v}/{s}会场为{v}|{s}在哪里举办/{s}地点/{s}在什么地方开
主题|motto|{s}以“{v}”为主题/{s}主题是“{v}”|{s}的主题是什么/{s}主题
主办单位|office|{s}由{v}主办/{s}主办单位为{v}|{s}谁主办的/{s}主办单位/{s}是哪个单位主办
参会人数|people|{s}吸引{v}参加/{s}共有{v}到场|{s}多少人参加/{s}参会人数/有多少人参加了{s}
签约项目数|items|{s}集中签约项目{v}/{s}现场签约{v}|{s}签了多少个项目/{s}签约项目数
签约金额|money|{s}签约总金额{v}/{s}达成意向金额{v}|{s}签约金额多少/{s}签约总额
主持人|person|{s}由{v}主持/{s}主持人为{v}|{s}谁主持/{s}由谁主持/{s}主持人是谁
报名截止|day|{s}报名截止时间为{v}/{s}{v}截止报名|{s}报名什么时候截止/{s}截止报名时间/最晚哪天报名{s}
联系电话|phone|{s}咨询电话{v}/{s}会务联系电话为{v}|{s}咨询电话/{s}联系电话是多少
议题|fields|{s}围绕{v}等议题展开研讨/{s}议题包括{v}等|{s}讨论哪些议题/{s}有什么议题/{s}围绕什么展开
延期原因|halt|因{v}，{s}曾推迟一周/由于{v}，{s}延期|{s}为什么推迟/{s}延期原因
# person|person|
现任职务|post|{s}现任{v}/{s}任{v}|{s}现在担任什么职务/{s}现任职务
出生年月|born|{s}{v}出生/{s}生于{v}|{s}哪年出生/{s}的出生年月
籍贯|place|{s}是{v}人/{s}籍贯{v}|{s}是哪里人/{s}籍贯
毕业院校|school|{s}毕业于{v}/{s}毕业院校为{v}|{s}哪个学校毕业/{s}毕业院校
任职时间|day|{s}自{v}起任现职/{s}于{v}到任|{s}什么时候到任/{s}任现职的时间
曾任职务|post|{s}曾任{v}/{s}此前担任{v}|{s}以前担任过什么职务/{s}此前的职务/{s}曾任什么
分管工作|duties|{s}分管{v}等工作/{s}负责{v}等工作|{s}分管哪些工作/{s}负责什么工作
个人荣誉|award|{s}曾获{v}/{s}被授予{v}|{s}获得过什么荣誉/{s}曾获什么奖
工作年限|age|{s}在基层工作{v}/{s}从业{v}|{s}工作了多少年/{s}从业多久
联系电话|phone|{s}办公电话为{v}/{s}联系电话{v}|{s}电话是多少/怎么联系{s}
# venue|venue|该单位
地址|site|{s}地址为{v}/{s}坐落于{v}/{s}位于{v}|{s}在哪/{s}地址/{s}怎么走，在什么位置
联系电话|phone|{s}咨询电话{v}/{s}服务电话为{v}|{s}电话/{s}咨询电话是多少
开放时间|hours|{s}开放时间为{v}/{s}{v}对外开放|{s}几点开门/{s}开放时间/{s}什么时间开放
休息日|weekday|{s}{v}闭馆休整/{s}{v}不对外开放|{s}哪天闭馆/{s}什么时候不开放
票价|ticket|{s}门票每人{v}/{s}票价{v}|{s}门票多少钱/{s}票价/去{s}要多少钱
建筑面积|area|{s}建筑面积{v}/{s}总面积{v}|{s}面积多大/{s}建筑面积
藏品|books|{s}馆藏{v}/{s}收藏总量{v}|{s}馆藏多少/{s}收藏有多少
接待量|visits|{s}年接待群众{v}/{s}去年到访{v}|{s}一年接待多少人次/{s}接待量
停车位|posts|{s}配建停车位{v}/{s}设有车位{v}|{s}有多少停车位/{s}车位数
启用时间|day|{s}于{v}启用/{s}{v}建成启用|{s}什么时候启用/{s}启用时间
主管单位|office|{s}由{v}主管/{s}主管单位为{v}|{s}归谁主管/{s}主管单位是哪个
暂停原因|halt|因{v}，{s}部分区域暂停服务/由于{v}，{s}临时关闭|{s}为什么暂停服务/{s}临时关闭的原因
电子邮箱|mail|{s}意见邮箱为{v}/{s}电子邮箱：{v}|{s}邮箱是什么/{s}的电子邮箱
# rule|title|该文件 文件
文号|docno|{s}文号为{v}/{s}（{v}）已印发|{s}文号是多少/{s}的发文字号/{s}是几号文
印发单位|office|{s}由{v}印发/{s}印发单位为{v}|{s}哪个部门印发的/{s}印发单位
施行日期|day|{s}自{v}起施行/{s}于{v}正式施行|{s}什么时候起施行/{s}施行日期/{s}哪天生效
有效期|term|{s}有效期{v}/{s}试行期限{v}|{s}有效期多久/{s}有效期
解释单位|office|{s}由{v}负责解释/{s}解释权归{v}|{s}由谁负责解释/{s}解释单位/谁来解释{s}
适用对象|who|{s}适用于{v}/{s}支持对象为{v}|{s}适用于谁/{s}适用范围/{s}支持哪些对象
补助金额|cap|{s}明确对达标者给予{v}补助/{s}对通过认定的给予奖励{v}|{s}给多少补助/{s}奖补多少钱/按{s}能拿多少钱
补助比例|percent|{s}规定按实际支出的{v}给予补贴/{s}按核定费用的{v}予以补助|{s}按什么比例补贴/{s}补助比例
申报截止|day|{s}申报截止{v}/{s}受理申报至{v}|{s}什么时候截止申报/{s}申报截止时间/{s}最晚哪天申报
申报材料|papers|{s}要求提交{v}等材料/{s}申报需提供{v}等|{s}要交什么材料/{s}申报材料有哪些/按{s}申请需要带什么
申报条件|need|{s}要求申报单位{v}/{s}申报条件为{v}|{s}申报条件是什么/{s}对申报单位有什么要求
办理时限|workdays|{s}承诺办理时限{v}/{s}规定的办结时限为{v}|{s}办理要多久/{s}办结时限/{s}几天办完
申报邮箱|mail|{s}申报材料发至{v}/{s}电子材料报送邮箱{v}|{s}材料发到哪个邮箱/{s}申报邮箱
咨询电话|phone|{s}政策咨询电话{v}/{s}咨询热线为{v}|{s}咨询电话多少/{s}打哪个电话咨询
重点领域|fields|{s}重点支持{v}等领域/{s}聚焦{v}等方向|{s}重点支持哪些领域/{s}聚焦哪些方向
废止文件|title|{s}施行后，{v}同时废止/{s}印发之日起{v}停止执行|{s}施行后哪个文件废止/{s}取代了什么文件
制定目的|aim|{s}为{v}而制定/{s}旨在{v}|为什么制定{s}/{s}的目的是什么
# event|event|活动 本次活动
时间|clock|{s}于{v}启动/{s}{v}开幕|{s}什么时候开始/{s}时间/{s}哪天举行
地点|venue|{s}主会场设在{v}/{s}在{v}举行|{s}在哪里举行/{s}地点/{s}会场在哪
参与人数|people|{s}有{v}报名/{s}吸引{v}参与|{s}多少人报名/{s}参加人数
志愿者|people|{s}招募志愿者{v}/{s}上岗志愿者{v}|{s}有多少志愿者/{s}志愿者人数
承办单位|company|{s}由{v}承办/{s}承办单位为{v}|{s}谁承办/{s}承办单位
销售额|money|{s}带动消费{v}/{s}现场成交{v}|{s}带动了多少消费/{s}成交多少
冠军|person|{s}冠军由{v}夺得/{s}第一名为{v}|{s}冠军是谁/谁拿了{s}第一
推迟原因|halt|因{v}，{s}推迟举行/由于{v}，{s}改期|{s}为什么改期/{s}推迟的原因/怎么{s}推迟了
参展企业|firms|{s}参展企业{v}/{s}邀请商家{v}|{s}多少企业参展/{s}商家数量
单项活动|items|{s}安排活动{v}/{s}推出特色活动{v}|{s}有多少项活动/{s}活动数量
# notion|notion|
含义|meaning|{s}即{v}/{s}是指{v}/{s}指的是{v}|{s}是什么意思/{s}指什么/什么是{s}/{s}含义
提出时间|day|{s}于{v}首次提出/{s}{v}正式推出|{s}什么时候提出的/{s}推出时间
提出单位|office|{s}由{v}提出/{s}由{v}率先推出|{s}是谁提出的/哪个单位推出{s}
出处|title|{s}写入{v}/{s}出自{v}|{s}出自哪份文件/{s}写进了哪个文件
覆盖企业|firms|{s}已覆盖企业{v}/{s}惠及企业{v}|{s}覆盖多少企业/{s}惠及多少家
覆盖领域|fields|{s}覆盖{v}等行业/{s}涉及{v}等产业|{s}涉及哪些产业/{s}覆盖什么行业
投入资金|money|{s}累计投入资金{v}/{s}安排资金{v}|{s}投入多少钱/{s}资金规模
# town|city|当地 该市
经济排名|rank|{s}经济总量居全省{v}/{s}地区生产总值排名全省{v}|{s}经济总量排第几/{s}GDP在全省排名
营商排名|rank|{s}营商环境评价列全省{v}/{s}营商环境位居全省{v}|{s}营商环境排名多少/{s}营商环境在全省第几
空气排名|rank|{s}空气质量在全省排{v}/{s}空气质量综合指数位列全省{v}|{s}空气质量排第几/{s}空气质量在全省的名次
首创|first|{s}建成全省{v}/{s}启用了全省{v}|{s}建成了全省什么/{s}有哪个全省首创
辖区面积|land|{s}辖区面积{v}/{s}总面积{v}|{s}面积多大/{s}辖区面积
特色产业|fields|{s}形成了{v}等特色产业/{s}着力培育{v}等产业|{s}有哪些特色产业/{s}培育什么产业
城市定位|motto|{s}以“{v}”为城市口号/{s}提出“{v}”的城市口号|{s}的城市口号是什么/{s}口号
结对城市|city|{s}与{v}结为友好城市/{s}同{v}开展结对协作|{s}和哪个城市结对/{s}的友好城市是哪里
市民热线|phone|{s}开通市民热线{v}/{s}设立监督电话{v}|{s}市民热线是多少/{s}监督电话
货运量|tons|{s}去年货运量{v}/{s}全年完成货运{v}|{s}货运量多少/{s}去年货运多少
"""
_ENGLISH = dict(
    line.split("|")
    for line in """
总投资|How much will be invested in {s}?
开工时间|When does construction of {s} start?
项目负责人|Who is in charge of {s}?
总部|Where is {s} based?
举办时间|When was {s} held?
主题|What is the theme of {s}?
毕业院校|Where did {s} graduate?
联系电话|What is the phone number of {s}?
开放时间|When is {s} open?
印发单位|Who issued {s}?
参与人数|How many people joined {s}?
含义|What does {s} mean?
""".strip().splitlines()
)
# Who has one of these told can be taken to have the other told as well.
_CLASH = [
    {"休息日", "开放时间"},
    {"补助金额", "补助比例"},
    {"适用对象", "申报条件"},
    {"时间", "推迟原因"},
]


@dataclass(frozen=True, slots=True)
class _Trait:
    label: str
    value: str
    clauses: str
    questions: str

    def clashes(self, others: list["_Trait"]) -> bool:
        return any({self.label, other.label} in _CLASH for other in others)


@dataclass(frozen=True, slots=True)
class _Sort:
    """A sort of thing: the word that names one, how to call it later, what may be said of it."""

    kind: str
    word: str
    again: list[str]
    traits: list[_Trait]


def _read_sorts(table: str) -> list[_Sort]:
    sorts = []
    for block in table.strip().removeprefix("# ").split("\n# "):
        head, *rows = block.splitlines()
        kind, word, again = head.split("|")
        sorts.append(_Sort(kind, word, again.split(), [_Trait(*row.split("|")) for row in rows]))
    return sorts


def _described(rng: Random, sort: _Sort, name: str, key: str, traits: list[_Trait]) -> str:
    """What the text says of one thing: a row of a table, or running sentences."""
    values = [tag(f"{key}{at}", say(rng, f"{{{t.value}}}")) for at, t in enumerate(traits)]
    named, told = tag(key, name), list(zip(traits, values, strict=True))
    if rng.random() < 0.12:
        cells = [f"{trait.label}：{value}" for trait, value in told]
        return rng.choice(["名称：", "", "● "]) + "；".join([named, *cells]) + "。"
    out, fresh = "", True
    for at, (trait, value) in enumerate(told):
        called = rng.choice([*sort.again, name]) if fresh else ""
        out += say(rng, trait.clauses, s=named if at == 0 else called, v=value)
        fresh = at == len(told) - 1 or rng.random() < 0.4
        out += "。" if fresh else "，"
    return out


def _twin(rng: Random, sort: _Sort, name: str) -> str:
    """Another name of the sort, mostly one that differs in a single word."""
    pairs = (name[at : at + 2] for at in range(5))
    known = [(pair, "stem") for pair in pairs if pair in FIRST_WORDS]
    known += [(word, key) for key in ("industry", "matter") for word in WORDS[key] if word in name]
    if sort.kind in ("person", "notion") or not known or rng.random() < 0.35:
        return say(rng, f"{{{sort.word}}}")
    old, key = rng.choice(known)
    return name.replace(old, say(rng, f"{{{key}}}"), 1)


def _called(rng: Random, name: str) -> str:
    """The name as an asker would put it: shorter, or without its brackets."""
    short = re.sub("(股份|集团|科技)?有限公司$", "", name) if rng.random() < 0.4 else name
    return short.strip("《》") if rng.random() < 0.3 else short


def _trait_question(rng: Random, trait: _Trait, name: str) -> str:
    english = _ENGLISH.get(trait.label, "")
    return say(rng, english if english and rng.random() < 0.06 else trait.questions, s=name)


def _drawn_traits(rng: Random, sort: _Sort, most: int, first: list[_Trait]) -> list[_Trait]:
    told = list(first)
    for trait in rng.sample(sort.traits, rng.randint(2, most)):
        if trait not in told and not trait.clashes(told):
            told.append(trait)
    return told


def _thing(sort: _Sort, rng: Random) -> Scene:
    """One or two things of a sort, a few traits of each; misses ask for what is not said."""
    first = say(rng, f"{{{sort.word}}}")
    names = list(dict.fromkeys([first, _twin(rng, sort, first)][: rng.choice([1, 2, 2])]))
    stranger, body = _twin(rng, sort, first), ""
    asks: list[Ask] = []
    misses: list[Ask] = []
    called: list[str] = []
    told = [_drawn_traits(rng, sort, 5 if len(names) == 1 else 3, [])]
    # The second thing often has a rival fact of the same kind.
    told.append(_drawn_traits(rng, sort, 3, told[0][:1] if rng.random() < 0.6 else []))
    for name, traits, key in zip(names, told, "ab", strict=False):
        body += _described(rng, sort, name, key, traits)
        called.append(_called(rng, name))
        # Where nothing else is spoken of, the asker may leave the name out.
        short = rng.choice(sort.again) if sort.again and len(names) == 1 else ""
        asked = short if short and rng.random() < 0.15 else called[-1]
        silent = [t for t in sort.traits if t not in traits and not t.clashes(traits)]
        rivals = [t for t in told[0] + told[1][: len(names) * 9 - 9] if t in silent]
        for at, trait in enumerate(traits):
            asks.append(Ask(_trait_question(rng, trait, asked), sort.kind, f"{key}{at}"))
            question = _trait_question(rng, trait, _called(rng, stranger))
            misses.append(Ask(question, "near-name", absent=stranger))
            if rng.random() < 0.15 and sort.kind in _WHICH:
                asks.append(Ask(f"{trait.label}为<{key}{at}>的是{_WHICH[sort.kind]}", "which", key))
        for trait in rivals + rng.sample(silent, 2):
            misses.append(Ask(_trait_question(rng, trait, called[-1]), "near-attribute"))
    heading = say(rng, "////{n}/{n}有关情况/{place}要闻/工作简报/近期动态", n=first)
    if sort.again and len(names) == 1 and first in heading and rng.random() < 0.6:
        # Only the heading tells what "this" is.
        this = "本" + first[-3:-1] if sort.kind == "rule" else sort.again[0]
        body, asks = body.replace(tag("a", first), this), [ask for ask in asks if ask.slot != "a"]
    return Scene(heading, body, asks, misses, called)


_SORTS = _read_sorts(_SORT_TABLE)
_WHICH = {
    "project": "哪个项目",
    "company": "哪家公司",
    "person": "谁",
    "event": "哪项活动",
    "meeting": "哪个会",
}

# ---- statistics and targets -------------------------------------------------------------------
# A unit, then indicators that are rivals of each other. A rate (%) moves by points.

_INDICATOR_TABLE = """
亿元|地区生产总值 第一产业增加值 第二产业增加值 第三产业增加值 规模以上工业增加值 建筑业增加值 农林牧渔业增加值
亿元|固定资产投资 工业投资 房地产开发投资 基础设施投资 民间投资 制造业投资 技术改造投资
亿元|社会消费品零售总额 网络零售额 餐饮收入 限额以上批发业销售额 汽车类零售额
亿元|进出口总额 出口总额 进口总额 跨境电商出口额 服务贸易额 实际使用外资
亿元|一般公共预算收入 一般公共预算支出 税收收入 非税收入 土地出让收入 教育支出
亿元|规模以上工业企业营业收入 规模以上工业企业利润总额 规模以上服务业营业收入 软件业务收入 数字经济核心产业增加值
亿元|本外币存款余额 本外币贷款余额 制造业贷款余额 普惠小微贷款余额 住户存款余额 保费收入
元|全体居民人均可支配收入 城镇居民人均可支配收入 农村居民人均可支配收入 居民人均消费支出
万人|常住人口 户籍人口 城镇新增就业人数 基本养老保险参保人数 基本医疗保险参保人数 在校学生数
家|高新技术企业 规模以上工业企业 上市公司 专精特新中小企业 科技型中小企业 新设外资企业
件|发明专利授权量 有效发明专利 商标注册量 信访受理件 政务热线办件
万吨|粮食产量 蔬菜产量 水产品产量 水泥产量 港口货物吞吐量 钢材产量
万人次|旅客发送量 接待游客 机场旅客吞吐量 公交客运量 门诊人次
亿千瓦时|全社会用电量 工业用电量 发电量 居民生活用电量
万平方米|商品房销售面积 房屋施工面积 新建厂房面积 绿地面积
%|城镇化率 城镇调查失业率 森林覆盖率 空气质量优良率 高中阶段毛入学率 生活垃圾回收利用率 研发投入强度
公里|公路通车里程 轨道交通运营里程 绿道长度 燃气管网长度
"""
_INDICATORS = [
    (line.split("|")[0], line.split("|")[1].split())
    for line in _INDICATOR_TABLE.strip().splitlines()
]
_UNITS = {name: unit for unit, names in _INDICATORS for name in names}
_ALIASES = dict(
    line.split("|")
    for line in """
地区生产总值|GDP/生产总值/地区GDP
规模以上工业增加值|规上工业增加值
规模以上工业企业|规上工业企业
规模以上工业企业利润总额|规上工业利润/规上工业企业利润
规模以上工业企业营业收入|规上工业营收/规上工业企业营收
社会消费品零售总额|社零总额/社零
固定资产投资|固投/固定资产投资额
进出口总额|外贸总额/外贸进出口
高新技术企业|高企/高新技术企业数量
城镇调查失业率|调查失业率
有效发明专利|有效发明专利拥有量
全社会用电量|全社会用电
接待游客|接待游客人次/游客接待量
全体居民人均可支配收入|居民人均可支配收入
一般公共预算收入|公共预算收入
""".strip().splitlines()
)
_PARTS = {
    "": "{y}年/{y}年全年/{y}年度/{y}年",
    "q1": "{y}年一季度/{y}年1—3月/{y}年第一季度",
    "h1": "{y}年上半年/{y}年1—6月/{y}年1至6月",
    "q13": "{y}年前三季度/{y}年1—9月/{y}年1至9月",
    "m5": "{y}年1—5月/{y}年前5个月",
    "m8": "{y}年1—8月/{y}年前8个月",
    "m11": "{y}年1—11月/{y}年前11个月",
    "mar": "{y}年3月份/{y}年3月",
    "jul": "{y}年7月份/{y}年7月",
    "q4": "{y}年四季度/{y}年第四季度",
}
# Questions by what is asked, "t" before the letter for a target.
_FORMS = {
    "v": "{p}{w}{n}是多少/{w}{p}{n}达到多少/{p}{w}的{n}有多少/{w}{n}{p}是多少/{w}{p}{n}多少/"
    "{p}{w}{n}数值是多少/{n}是多少（{w}{p}）/查一下{p}{w}{n}是多少/{w}{p}的{n}具体数值",
    "g": "{p}{w}{n}{l}增长多少/{w}{p}{n}{l}增速/{p}{w}{n}的{l}增速是多少/{w}{n}{p}{l}增幅多少/"
    "{n}{l}增速（{w}{p}）/{w}{p}{n}{l}变化了多少/{p}{w}{n}{l}增减幅度/{w}{n}{p}{l}涨了多少还是降了多少",
    "d": "{p}{w}{n}{l}降幅是多少/{w}{p}{n}{l}降了多少",
    "r": "{p}{w}{n}占全省多少/{w}{p}{n}占全省的比重/{w}{n}{p}在全省占比多少",
    "tv": "{p}{w}{n}目标是多少/{w}{p}{n}要达到多少/{w}计划{p}{n}达到多少/{p}{w}{n}的预期目标/{w}{n}{p}目标值",
    "tg": "{p}{w}{n}增速目标/{w}{p}{n}预期增长多少/{w}{n}{p}增长目标是多少",
    "tv0": "{w}{n}目前实际是多少/{w}去年{n}完成了多少/{w}{n}现状是多少/{w}{n}眼下达到多少了",
}
_FORMS["m"] = _FORMS["g"]
_KINDS = {"v": "level", "g": "growth", "d": "growth", "m": "growth", "r": "share"}
_ENGLISH_OF = {
    "v": "",
    "g": "year-on-year growth of ",
    "r": "provincial share of ",
    "tv": "target for ",
}


@dataclass(frozen=True, slots=True)
class _Fact:
    year: int
    part: str
    place: str
    name: str
    target: bool
    has: str  # of "v" level, "g" growth on the year, "m" on the period before, "r" share

    @property
    def time(self) -> tuple[int, str]:
        return self.year, self.part

    def when(self, rng: Random) -> str:
        return f"{self.year}年" if self.target else say(rng, _PARTS[self.part], y=str(self.year))


def _level(rng: Random, fact: _Fact, slot: str) -> str:
    """The verb and the figure; a bound belongs to the figure."""
    unit = _UNITS[fact.name]
    if unit == "亿元" and rng.random() < 0.15:
        unit = "万元"
    forms = {"%": "[12.0~98.0]", "元": "[6000~98000]", "家": "{i}", "件": "{i}"}.get(unit, "{n}")
    number = say(rng, forms) + unit
    forms = "达{v}/为{v}/达到{v}/{v}/为{v}/已达{v}/{突破}/{超}/{超过}/{约}/为{约}/{接近}/达{近}/达{以上}"
    if fact.target:
        forms = "力争{突破}/力争达到{v}/预期目标为{左右}/要达到{以上}/{不低于}/确保{超过}/计划达到{v}/达到{v}"
    bounds = {low: low + number for low in "突破 超 超过 约 接近 近 不低于".split()}
    bounds |= {high: number + high for high in "以上 左右".split()} | {"v": number}
    return say(rng, forms, **{name: tag(slot, text) for name, text in bounds.items()})


def _growth(rng: Random, fact: _Fact, slot: str, label: str) -> str:
    """A change; of a fall the direction belongs to the answer, unless the fall is asked for."""
    points = _UNITS[fact.name] == "%"
    number = say(rng, "[0.1~4.0]" if points else "[0.1~9.9]/[0.1~39.0]")
    number += "个百分点" if points else "%"
    if fact.target:
        value = tag(slot, number + rng.choice(["左右", "以上", ""]))
        return say(
            rng, "预期提高{v}" if points else "年均增长{v}/预期增长{v}/增速目标为{v}", v=value
        )
    if rng.random() < 0.28:
        down = rng.choice(["下降", "下降", "回落" if points else "减少"])
        fallen = tag("d" + slot[1:], number) if slot[0] == "g" else number
        return label + tag(slot, down + fallen)
    value = tag(slot, rng.choice(["", "", "", "", "", "超", "近", "约", "突破"]) + number)
    plain = tag(slot, number)
    forms = "提高{p}/上升{p}/提升{p}" if points else "增长{v}/增长{p}/增长{p}/上升{p}"
    if label in ("同比", "环比") and not points:
        forms += "/增速为{p}/增幅达{p}"
    return label + say(rng, forms, v=value, p=plain)


def _stated(rng: Random, fact: _Fact, at: int, lead: str, row: bool) -> str:
    """One fact as a clause, or as a row of a table."""
    label = "" if fact.target else say(rng, "同比/同比/比上年同期/较上年同期")
    says = {
        "v": lambda: _level(rng, fact, f"v{at}"),
        "g": lambda: _growth(rng, fact, f"g{at}", label),
        "m": lambda: _growth(rng, fact, f"m{at}", rng.choice(["环比", "比上一期"])),
        "r": lambda: "占全省的比重为" + tag(f"r{at}", say(rng, "(|约|近)[1.0~30.0]%")),
    }
    parts = [says[what]() for what in fact.has]
    if row:
        parts[0] = re.sub("^[^<]*", "", parts[0]) if fact.has[0] == "v" else parts[0]
    return (
        f"指标：{fact.name}；{lead}：{'；'.join(parts)}"
        if row
        else f"{lead}{fact.name}{'，'.join(parts)}"
    )


def _drawn_facts(rng: Random) -> list[_Fact]:
    """Facts of which each differs from every other in period, place or indicator."""
    year, part = rng.randint(2016, 2026), rng.choice(list(_PARTS))
    layout = rng.choice("names names places periods mixed".split())
    districts = [say(rng, "{stem}{district}") for _ in range(3)]
    places = (
        districts[: rng.randint(2, 3)] if layout in ("places", "mixed") else [say(rng, "{place}")]
    )
    times = [(year, part)]
    if layout in ("periods", "mixed"):
        times.append(rng.choice([(year - 1, part), (year, rng.choice(list(_PARTS)))]))
    group = rng.choice(_INDICATORS)[1]
    names = rng.sample(group, rng.randint(2, 4) if layout == "names" else rng.randint(1, 2))
    if layout == "names" and rng.random() < 0.5:
        names[-1] = rng.choice(rng.choice(_INDICATORS)[1])
    keys = list(dict.fromkeys((*time, w, n) for n, w, time in product(names, places, times)))
    rng.shuffle(keys)
    facts = [_Fact(*key, False, _shape(rng, key[1], key[3])) for key in keys[: rng.randint(2, 5)]]
    if rng.random() < 0.3:
        model, later = rng.choice(facts), year + rng.randint(1, 6)
        untold = [name for name in group if name not in names] or names
        name = rng.choice([model.name, rng.choice(untold)])
        goal = _Fact(later, "", model.place, name, True, rng.choice(["v", "v", "vg", "g"]))
        facts.insert(rng.randint(0, len(facts)), goal)
    return facts


def _shape(rng: Random, part: str, name: str) -> str:
    """What is told of a fact: only short periods are set against the one before."""
    shape = rng.choice("v v vg vg vg g vgm vm vgr".split())
    shape = shape if part in ("q1", "q4", "mar", "jul") else shape.replace("m", "")
    return shape if _UNITS[name] not in ("%", "元") else shape.replace("r", "")


def _stat(rng: Random) -> Scene:
    facts = _drawn_facts(rng)
    heading, known_when, place, city = "", False, "", ""
    if len({fact.place for fact in facts}) == 1 and rng.random() < 0.45:
        place, known_when = facts[0].place, len({fact.time for fact in facts}) == 1
        when = facts[0].when(rng) if known_when else ""
        forms = "{w}{p}{t}/{p}{w}{t}/{w}{p}{t}"
        report = say(rng, "经济运行情况/统计公报/政府工作报告/主要指标/统计数据发布/运行简析")
        city = say(rng, "{city}/") if place[-1] != "市" else ""
        heading = say(rng, forms, w=city + place, p=when, t=report)
    year, body, row = _spoken_year(rng, facts), "", rng.random() < 0.1
    for at, fact in enumerate(facts):
        when = _spoken(fact.when(rng), year)
        when = rng.choice(["到", "到", ""]) + when if fact.target and not row else when
        repeated = at > 0 and facts[at - 1].time == fact.time
        if (known_when or repeated) and not row and rng.random() < 0.7:
            when = ""
        where = fact.place
        if where == place and rng.random() < 0.7:
            where = "" if where[-1] not in "区县市镇" or rng.random() < 0.6 else "全" + where[-1]
        place, comma = fact.place, "，" if when and not row and rng.random() < 0.5 else ""
        lead = where + when if rng.random() < 0.3 or row else when + comma + where
        body += _stated(rng, fact, at, lead, row)
        body += "。" if at == len(facts) - 1 else rng.choice("。。，；" if not row else "。\n")
    if year:
        heading = (
            heading or say(rng, "经济动态/{stem}日报/简讯")
        ) + f"（{year}年12月{rng.randint(1, 28)}日）"
    asks, misses = _stat_asks(rng, facts, body, year), _stat_misses(rng, facts)
    if city:  # what is told of the district is not told of its city
        question = _ask_figure(rng, facts[0].has[0], facts[0], facts[0].when(rng), city)
        misses += [Ask(question, "near-scope")] * 4
    return Scene(heading, body, asks, misses, list(dict.fromkeys(f.place for f in facts)))


def _spoken_year(rng: Random, facts: list[_Fact]) -> int:
    """The year the text may call this year, its heading being dated; 0 for none."""
    years = {fact.year for fact in facts if not fact.target}
    whole = any(fact.part in ("", "q4") for fact in facts if not fact.target)
    return max(years) if len(years) == 1 and not whole and rng.random() < 0.35 else 0


def _spoken(when: str, year: int) -> str:
    return when.replace(f"{year}年", "今年") if year else when


def _ask_figure(rng: Random, what: str, fact: _Fact, when: str, where: str) -> str:
    """A question for the level, growth or share of a fact."""
    name = rng.choice([fact.name, say(rng, _ALIASES.get(fact.name, fact.name))])
    form = "t" + what if fact.target else what
    if when and where and form in _ENGLISH_OF and rng.random() < 0.05:
        return f"What was the {_ENGLISH_OF[form]}{name} of {where} in {when}?"
    plain = what == "g" and "m" not in fact.has and rng.random() < 0.4
    label = "环比" if what == "m" else "" if plain else "同比"
    text = say(rng, _FORMS[form], p=when, w=where, n=name, l=label)
    return text.replace("（）", "").removeprefix("的")


def _stat_asks(rng: Random, facts: list[_Fact], body: str, year: int) -> list[Ask]:
    asks = []
    for at, fact in enumerate(facts):
        peers = [other for other in facts if other.name == fact.name]
        one_time, one_place = len({f.time for f in peers}) == 1, len({f.place for f in peers}) == 1
        when = "" if one_time and rng.random() < 0.4 else fact.when(rng)
        where = "" if one_place and rng.random() < 0.3 else fact.place
        when = _spoken(when, year) if rng.random() < 0.5 else when
        fall = "d" if f"<d{at}>" in body else ""
        for what in fact.has + fall:
            question = _ask_figure(rng, what, fact, when, where)
            kind = "target" if fact.target else _KINDS[what]
            asks.append(Ask(question, kind, f"{what}{at}"))
    return asks


def _stat_misses(rng: Random, facts: list[_Fact]) -> list[Ask]:
    fact = rng.choice(facts)
    what, when, target = fact.has[0], fact.when(rng), fact.target
    had = {f.time for f in facts}
    years = range(fact.year - 2, fact.year + 2)
    year, part = rng.choice([t for t in product(years, [""] if target else _PARTS) if t not in had])
    other = _Fact(year, part, fact.place, fact.name, target, fact.has).when(rng)
    where = rng.choice([fact.place, ""])
    stranger = say(rng, "{stem}{tail}/{place}", tail=fact.place[2:])
    out = [
        Ask(_ask_figure(rng, what, fact, other, where), "near-period", absent=other),
        Ask(_ask_figure(rng, what, fact, other, fact.place), "near-period", absent=other),
        Ask(
            _ask_figure(rng, what, fact, rng.choice([when, ""]), stranger),
            "near-place",
            absent=stranger,
        ),
    ]
    if not fact.place.endswith("市"):
        above = say(rng, "{stem}市/{s}市", s=fact.place[:2])
        out.append(Ask(_ask_figure(rng, what, fact, when, above), "near-place", absent=above))
    group = next(names for _, names in _INDICATORS if fact.name in names)
    if silent := [name for name in group if name not in {f.name for f in facts}]:
        kin = _Fact(*fact.time, fact.place, rng.choice(silent), target, fact.has)
        out += [Ask(_ask_figure(rng, what, kin, when, fact.place), "near-indicator")] * 2
    lacks = [lack for lack in "vgmr" if lack not in fact.has]
    for lack in rng.sample(lacks, min(2, len(lacks))) if not target else []:
        out.append(Ask(_ask_figure(rng, lack, fact, when, fact.place), "near-aspect"))
    return out + _goal_misses(rng, fact, facts)


def _goal_misses(rng: Random, fact: _Fact, facts: list[_Fact]) -> list[Ask]:
    """The target where only the actual figure stands, and the reverse."""
    peers = [f.target for f in facts if f.name == fact.name and f.place == fact.place]
    if not any(peers):
        goal = _Fact(fact.year + rng.randint(1, 5), "", fact.place, fact.name, True, "v")
        when = rng.choice(["", goal.when(rng)])
        return [Ask(_ask_figure(rng, "v", goal, when, fact.place), "near-target")]
    if all(peers):
        return [Ask(_ask_figure(rng, "v0", fact, "", fact.place), "near-actual")] * 4
    return []


# ---- standards by class, articles, speakers, causes, measures ---------------------------------
# Matter | classes | what each class gets, with its unit

_GRID_TABLE = """
差旅费|厅局级人员，处级人员，科级及以下人员，外聘专家，司勤人员|住宿费:元/天，伙食补助:元/天，市内交通费:元/天
人才补助|博士研究生，硕士研究生，本科毕业生，高级技师，特级教师|生活补贴:元/月，租房补贴:元/月，购房补助:万元，安家费:万元
停车收费|小型汽车，大型客车，货车，摩托车，新能源汽车|首小时收费:元，每日封顶:元，包月费用:元
住院报销|一级医院，二级医院，三级医院，异地就医|起付线:元，报销比例:%，年度限额:万元
采购审批|一般办公用品，信息化设备，工程类项目，咨询服务，车辆维修|分管领导审批限额:万元，集体研究起点:万元，询价最少供应商:家
岗位招聘|行政管理岗，财务会计岗，工程技术岗，文字综合岗，窗口服务岗|招聘人数:名，年龄上限:周岁，最低服务年限:年
休假安排|工龄一至十年的职工，工龄十至二十年的职工，工龄二十年以上的职工，新入职员工|年休假:天，探亲假:天，体检假:天
会议费|一类会议，二类会议，三类会议，四类会议|人均综合定额:元/天，会期上限:天，参会人数上限:人
水电价格|居民用户，工商业用户，学校用户，农业用户|基本水价:元/吨，电价:元/千瓦时，燃气价:元/立方米
考核排名|东部片区，西部片区，北部片区，南部片区，中心城区|营商环境排名:位，绿化排名:位，信访化解排名:位
"""
_GRIDS = [
    [part.split("，") for part in line.split("|")] for line in _GRID_TABLE.strip().splitlines()
]
_RANGES = dict(
    pair.split("=")
    for pair in (
        "元/天=[6~95]0 元/月=[5~80]00 万元=[1~300] 元=[2~900] %=[30~95] 家=[3~9] 名=[1~30] 周岁=[28~55] "
        "年=[2~8] 天=[2~45] 人=[2~30]0 元/吨=[1.20~6.90] 元/千瓦时=[0.30~1.50] 元/立方米=[2.00~5.00] 位=第[1~20]"
    ).split()
)
_CLASS_ASKS = "{c}{i}是多少/{c}的{i}标准/{i}{c}多少/{c}{i}怎么规定的/{i}，{c}按多少算/按规定{c}{i}多少/{c}能享受的{i}"


def _grid(rng: Random) -> Scene:
    """Standards by class: of some classes nothing is said, of some not everything."""
    (topic,), classes, columns = rng.choice(_GRIDS)
    shuffled = rng.sample(classes, len(classes))
    shown, hidden = shuffled[: rng.randint(2, 3)], shuffled[3:]
    body = say(rng, "{place}{t}有关标准如下：/关于{t}，/按照{place}规定，//有关{t}明确：", t=topic)
    asks, misses = [], []
    items = [item.split(":") for item in rng.sample(columns, rng.randint(1, 2))]
    for row, (kind, column) in enumerate(product(shown, range(len(items)))):
        name, unit = items[column]
        question = say(rng, _CLASS_ASKS, c=kind, i=name)
        if column and rng.random() < 0.4:
            misses.append(Ask(question, "near-class"))
            continue
        value = say(rng, _RANGES[unit]) + unit
        forms = "{c}{i}为{v}/{c}{i}{v}/{c}，{i}为{v}/{c}{i}按{v}执行"
        body += say(rng, forms, c=kind, i=name, v=tag(f"v{row}", value)) + rng.choice("。；")
        asks.append(Ask(question, "standard", f"v{row}"))
    for kind in hidden:
        question = say(rng, _CLASS_ASKS, c=kind, i=items[0][0])
        misses.append(Ask(question, "near-class", absent=kind))
    heading = say(rng, "/{place}{t}规定/{t}/{title}", t=topic)
    return Scene(heading, body[:-1] + "。", asks, misses, shown)


# Whom it binds | the rule, {v} its answer | value | what is asked
_ARTICLE_TABLE = """
申请人|应当自收到通知之日起{v}补正材料|workdays|补正材料的期限
受理机构|应当在{v}作出是否受理的决定|workdays|作出受理决定的时限
用人单位|按照工资总额的{v}提取职工教育经费|percent|提取职工教育经费的比例
项目承担单位|应当提交{v}等材料|papers|应当提交的材料
监督检查|由{v}会同有关部门组织实施|office|组织实施的部门
违反规定的单位|处以{v}罚款|yuan|罚款数额
年度考核不合格的人员|由{v}进行谈话提醒|person|进行谈话提醒的人
公章|由{v}指定专人保管|office|指定专人保管的单位
出差人员|返回后{v}办理报销手续|workdays|办理报销的期限
档案|保管期限为{v}|age|保管期限
中标供应商|缴纳合同金额{v}的履约保证金|percent|履约保证金比例
租赁住房的职工|可申领补贴{v}|cap|可申领的补贴
评审专家|每次领取劳务费{v}|yuan|每次劳务费
值班人员|夜间值班补助每班{v}|yuan|每班夜间值班补助
参赛单位|报送作品数量限于{v}|items|报送作品数量
采购文件|在{v}公布|venue|公布的地方
"""
_ARTICLES = [line.split("|") for line in _ARTICLE_TABLE.strip().splitlines()]


def _articles(rng: Random) -> Scene:
    title, first, spare = say(rng, "{title}"), rng.randint(2, 40), rng.choice(_ARTICLES)
    rules = rng.sample([rule for rule in _ARTICLES if rule is not spare], rng.randint(2, 4))
    body, asks, gap = "", [], rng.choice(["　", " ", ""])
    for at, (whom, rule, value, asked) in enumerate(rules):
        number = f"第{_han(first + at)}条"
        text = whom + say(rng, rule, v=tag(f"v{at}", say(rng, f"{{{value}}}")))
        body += f"{number}{gap}{tag(f't{at}', text)}。"
        forms = (
            "{w}{q}是什么/{w}{q}/{t}对{w}{q}怎么规定/{n}规定的{q}/按规定，{w}{q}是怎样的/{w}的{q}"
        )
        question = say(rng, forms, w=whom, q=asked, t=title, n=number)
        asks.append(Ask(question, "article", f"v{at}"))
        if rng.random() < 0.3:
            whole = say(rng, "{n}规定了什么/{n}的内容是什么/{t}{n}怎么说", n=number, t=title)
            asks.append(Ask(whole, "article", f"t{at}"))
    absent = f"第{_han(rng.choice([first - 1, first + len(rules), first + 9]))}条"
    question = say(rng, "{n}规定了什么/{n}的内容/{t}{n}怎么规定的", n=absent, t=title)
    misses = [Ask(question, "near-article", absent=absent)]
    question = spare[0] + spare[3] + rng.choice(["", "是什么", "是怎样规定的"])
    misses.append(Ask(question, "near-article", absent=spare[0]))
    heading = rng.choice([title, title, title.strip("《》") + "（节选）"])
    return Scene(heading, body, asks, misses, ["条", *[rule[0] for rule in rules]])


def _han(number: int) -> str:
    """A number below 100 in characters."""
    tens, ones = divmod(number, 10)
    lead = "" if tens == 0 else "十" if tens == 1 else "零一二三四五六七八九"[tens] + "十"
    return lead + ("零一二三四五六七八九"[ones] if ones else "")


def _voices(rng: Random) -> Scene:
    """Who says what about which matter; a speaker may be asked about another's matter."""
    topics = rng.sample(WORDS["industry"], 3)
    people = list(dict.fromkeys(say(rng, "{person}") for _ in "abc"))
    body, asks, count = "", [], rng.randint(1, 3)
    for at, (name, topic) in enumerate(list(zip(people, topics, strict=False))[:count]):
        body += say(
            rng,
            "谈到{t}，{who}{n}{says}{q}/对于{t}，{who}{n}{says}{q}/说起{t}，{who}{n}{says}{q}/"
            "就{t}发展，{who}{n}{says}{q}/{who}{n}在谈及{t}时{says}{q}",
            t=topic,
            who=say(rng, "{speaker}"),
            n=tag(f"n{at}", name),
            says=say(rng, "表示/说/介绍/告诉记者/认为"),
            q=say(rng, "，“{q}。”/：“{q}。”/，{q}。", q=tag(f"q{at}", _speech(rng))),
        )
        forms = "{n}怎么看{t}/{n}就{t}说了什么/{n}对{t}有什么打算/{t}方面，{n}表示了什么"
        asks.append(Ask(say(rng, forms, n=name, t=topic), "quotation", f"q{at}"))
        forms = "谁谈到了{t}/关于{t}的话是谁说的/谁就{t}发表了看法/Who spoke about {t}?"
        asks.append(Ask(say(rng, forms, t=topic), "speaker", f"n{at}"))
    forms = "{n}就{t}说了什么/{n}对{t}怎么看/{n}在{t}方面有什么想法"
    other = say(rng, "{person}")
    misses = [
        Ask(say(rng, forms, n=people[0], t=topics[2]), "near-speaker", absent=topics[2]),
        Ask(say(rng, forms, n=other, t=topics[0]), "near-speaker", absent=other),
    ]
    if count > 1 and body.count(topics[1]) == 1:
        misses.append(Ask(say(rng, forms, n=people[0], t=topics[1]), "near-speaker"))
    if any(body.count(topic) > 1 for topic in topics):
        asks = []  # somebody else speaks of the matter as well
    return Scene(say(rng, "/记者走访/{place}见闻"), body, asks, misses, people + topics)


def _speech(rng: Random) -> str:
    start = "(我们|下一步|今年|接下来|说到底|眼下)(要|会|将|最想){aim}"
    return say(
        rng, f"{start}，{{aim}}/{start}/只有{{aim}}，才能{{aim}}/过去难在起步，如今重在{{aim}}"
    )


_MOVING = "用电负荷 客流量 新开工项目 工业订单 二手房成交 快递业务 茶叶价格 出口订单 就诊人数 农资价格 招工人数"
_ROSE = (
    "{p}{t}{c}，主要得益于{r}。/{p}{t}{c}，主要是因为{r}。/"
    "{p}{t}{c}，这与{r}有关。/在{r}的带动下，{p}{t}{c}。/"
)
_FELL = "受{r}影响，{p}{t}{c}。/{p}{t}{c}，主要是由于{r}。/因{r}，{p}{t}{c}。/"


def _causes(rng: Random) -> Scene:
    """Changes of which some have a reason given; a miss asks for a reason that is not."""
    place, things = say(rng, "{place}"), rng.sample(_MOVING.split(), 4)
    body, asks, misses = say(rng, "{p}经济运行总体平稳。/记者来到{p}。/", p=place), [], []
    for at, thing in enumerate(things[: rng.randint(2, 3)]):
        up = rng.random() < 0.6
        change = say(rng, "明显增加/持续回升/大幅上扬" if up else "有所回落/明显减少/持续走低")
        forms = (
            "为什么{p}{t}{c}/{p}{t}{c}的原因是什么/{p}{t}{c}主要因为什么/{p}{t}怎么会{c}/{t}为何{c}"
        )
        question = say(rng, forms, p=place, t=thing, c=change)
        if at and rng.random() < 0.45:
            body += f"{place}{thing}{change}。"
            misses.append(Ask(question, "near-cause"))
            continue
        reason = tag(f"c{at}", say(rng, "{growth}" if up else "{slump}"))
        forms = (_ROSE if up else _FELL) + "{p}{t}{c}，原因在于{r}。/{p}{t}{c}。据分析，原因是{r}。"
        body += say(rng, forms, p=place, t=thing, c=change, r=reason)
        asks.append(Ask(question, "cause", f"c{at}"))
    question = say(rng, "为什么{p}{t}大涨/{p}{t}下滑的原因是什么", p=place, t=things[3])
    misses.append(Ask(question, "near-cause", absent=things[3]))
    return Scene(say(rng, "/{p}经济观察", p=place), body, asks, misses, [place])


def _measures(rng: Random) -> Scene:
    owner, count = say(rng, "{office}/{company}/{place}"), rng.randint(2, 4)
    aims = list(dict.fromkeys(say(rng, "{aim}") for _ in range(count)))
    mark = rng.choice(["{}是", "第{}，", "{}、"])
    body = say(
        rng, "{o}提出以下举措：/{o}重点做好几项工作：/会议要求{o}做到：/{o}明确了任务：", o=owner
    )
    tagged = [mark.format(_han(at)) + tag(f"i{at}", aim) for at, aim in enumerate(aims, 1)]
    body += rng.choice("；。").join(tagged) + "。"
    forms = "{o}第{n}项举措是什么/{o}的第{n}项工作是什么/第{n}点，{o}要做什么/{o}第{n}条内容"
    asks = [
        Ask(say(rng, forms, o=owner, n=_han(at)), "measure", f"i{at}")
        for at in range(1, len(aims) + 1)
    ]
    stranger, beyond = say(rng, "{office}/{company}"), _han(len(aims) + rng.randint(1, 2))
    misses = [
        Ask(say(rng, forms, o=owner, n=beyond), "near-measure"),
        Ask(say(rng, forms, o=stranger, n="一"), "near-measure", absent=stranger),
    ]
    return Scene("", body, asks, misses, [owner])


# ---- mixing -----------------------------------------------------------------------------------

_WEIGHTS: list[tuple[Callable[[Random], Scene], int]] = [
    (_stat, 36),
    (_grid, 8),
    (_articles, 7),
    (_voices, 5),
    (_causes, 5),
    (_measures, 3),
    *[(partial(_thing, sort), 10 if sort.kind == "rule" else 5) for sort in _SORTS],
    *daily.MAKES,
]
_FILLERS = (
    "有关部门将继续{aim}。/{industry}与{industry}正加快融合。/业内人士认为，{industry}仍有较大空间。/"
    "各单位要结合实际抓好落实。/围绕{industry}，各地做了不少探索。/此举旨在{aim}。/"
    "这项工作受到社会广泛关注。/"
    "现场气氛热烈，不少群众前来咨询{industry}方面的问题。/记者注意到，{industry}的配套正在完善。/"
    "从{industry}到{industry}，变化看得见。/未尽事宜另行通知。/相关情况将及时向社会公布。/"
    "专家建议，{aim}，同时{aim}。/一段时间以来，{industry}成为热词。"
)
_SLIPS = "增长>增涨 多少>多小 时间>时问 截止>截至 哪里>那里 哪些>那些 什么>什麽 负责>负则 标准>标淮 电话>电活"


def _noisy(rng: Random, question: str) -> str:
    """The question as people type: with a preface, without marks, now and then with a slip."""
    if question.endswith("?"):
        return question
    text = question.replace("的", "", 1) if rng.random() < 0.1 else question
    if rng.random() < 0.15:
        text = say(rng, "请问/我想知道/想问下/帮我查查/麻烦问一下，/你好，") + text
    if rng.random() < 0.08:
        right, wrong = rng.choice(_SLIPS.split()).split(">")
        text = text.replace(right, wrong)
    return text + rng.choice(
        ["？", "？", "", "", "?", "呢？" if text[-1] in "少么里谁些" else "？"]
    )


def _scene(rng: Random) -> Scene:
    makes, weights = zip(*_WEIGHTS, strict=True)
    scene: Scene = rng.choices(makes, weights)[0](rng)
    return scene if scene.asks else _scene(rng)


def _mixed(rng: Random, scene: Scene, ask: Ask) -> str:
    """The scene's sentences among others that do not answer the question."""
    before = [say(rng, _FILLERS)] if rng.random() < 0.2 else []
    after = rng.choice([[], [], [say(rng, _FILLERS)]])
    if rng.random() < 0.45 and any(name in ask.question for name in scene.names):
        other = _scene(rng)
        if not other.heading and other.asks[0].kind != scene.asks[0].kind:
            side = after if scene.heading or rng.random() < 0.5 else before
            side.append(bare(other.body))
    return rng.choice(["", "", "\n"]).join([*before, scene.body, *after])


def _located(text: str, slot: str) -> Span:
    """Where the slot's value stands in the text without tags."""
    head, rest = text.split(f"<{slot}>", 1)
    start = len(bare(head))
    return Span(start, start + len(bare(rest.split(f"</{slot}>", 1)[0])))


def _worded(scene: Scene, ask: Ask) -> str | None:
    """The question; one that quotes a tag's value must mean only one thing by it."""
    quoted = re.search(r"<(\w+)>", ask.question)
    if quoted is None:
        return ask.question
    value = _located(scene.body, quoted[1]).of(bare(scene.body))
    clear = bare(scene.body).count(value) == 1 and len(value) < 16
    return ask.question.replace(quoted[0], value) if clear else None


def _example(rng: Random) -> Example | None:
    """One example, or none where the draw contradicts itself."""
    scene, chance = _scene(rng), rng.random()
    ask = rng.choice(scene.asks if chance < 0.61 or not scene.misses else scene.misses)
    question, text, heading = _worded(scene, ask), _mixed(rng, scene, ask), scene.heading
    foreign = chance < 0.05 and _scene(rng)
    if foreign:
        text, heading = _mixed(rng, foreign, ask), foreign.heading
        if foreign.asks[0].kind == scene.asks[0].kind or any(n in text for n in scene.names):
            return None
    if question is None or (ask.absent and ask.absent in heading + bare(text)):
        return None
    span = _located(text, ask.slot) if ask.slot and not foreign else None
    kind = "generated:foreign" if foreign else f"generated:{ask.kind}"
    return Example(_noisy(rng, question), heading, bare(text), span, kind, not foreign)


_LENGTHS = range(60, 281)


def _drawn(rng: Random) -> Iterator[Example]:
    while True:
        example = _example(rng)
        if example is not None and len(example.passage) in _LENGTHS:
            yield example


def generated(count: int, seed: int) -> list[Example]:
    """So many examples; the same count and seed give the same ones."""
    examples = _drawn(Random(seed))
    return [next(examples) for _ in range(count)]
