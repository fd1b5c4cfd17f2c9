"""Scenes of what is asked at a counter and of the day's news, in the words of whoever asks.

Beside train/generated.py, which puts them among its own: there questions use the words of the text,
here mostly others (一个人缴公积金 for 单方缴存职工), and a near miss turns who does something to whom.
"""

from collections.abc import Callable
from itertools import product
from random import Random

from train.words import Ask, Scene, say, tag

# ---- what each class gets ---------------------------------------------------------------------
# Matter | class=how it is spoken of | what it gets: its figure: how that is asked for

_CLASS_TABLE = """
不动产登记|住宅=住房/自己住的房子，商铺=门面房/店面，地下车库=停车位/车位，办公用房=写字楼，工业厂房=厂房|登记费:每件[2~90]0元:登记费多少/登记要花多少钱/办一件收多少，办结时限:[1~20]个工作日:几天能办好/多久能拿证
住房公积金|首套住房=第一套房/头一套房，第二套住房=二套房/再买一套，单方缴存职工=一个人缴公积金的/只有一方在缴的，双方缴存家庭=夫妻都缴的/两口子都交的，多子女家庭=有两个孩子的/孩子多的家庭|最高贷款额度:[2~15]0万元:最多能贷多少/贷款封顶多少钱/能贷多少，首付比例:[15~60]%:首付几成/首付要付多少
医疗保险|在职职工=上班的/在岗的，退休人员=退休老人/退了休的，城乡居民=没有单位的/居民，新生儿=刚出生的孩子/小宝宝，异地就医人员=在外地看病的/去外地住院的|报销比例:[30~95]%:能报多少/报销几成/报百分之多少，年度限额:[2~60]万元:一年最多报多少/封顶多少
公共交通|普通乘客=一般人坐车，学生=上学的孩子/念书的，老年人=上了年纪的/老人，现役军人=当兵的/军人，残疾人=腿脚不便的残疾人|票价:[1~9]元:坐一次多少钱/车票多少/要花几块钱，月卡:[2~15]0元:办张月卡多少钱/月票多少
供水|居民用户=家里用水/住户，非居民用户=公司用水/店里用水，特种行业用户=洗车店/洗浴场所，农业用户=浇地/种地的|水价:每立方米[1.20~9.80]元:水费一方多少/用水什么价钱/一吨水多少钱，违约金:每日(千分之一|万分之五|千分之三):晚交水费罚多少/拖欠水费违约金怎么算
燃气|居民用户=家里用气/住户，餐饮用户=饭店/开饭馆的，工业用户=工厂/厂里，学校=学校食堂|气价:每立方米[2.00~6.00]元:一方气多少钱/燃气什么价，安装费:[3~60]00元:装一户多少钱/开户安装费多少
体育场馆|成人=大人，儿童=小孩/小朋友，学生=学生娃/上学的，团体=单位包场/一群人去，老年人=老人/上了年纪的|票价:[5~90]元:门票多少/进去一次多少钱/要多少钱，开放时段:[6~9]:00至[18~22]:00:几点能去/什么时间可以进
人才招聘|管理岗=做管理的，专业技术岗=搞技术的，辅警=当辅警，教师=当老师，工勤岗=做后勤的|年龄上限:[28~50]周岁:多大年纪还能报/最大几岁可以报名，招聘人数:[1~60]名:招几个/要多少人
垃圾处理|居民家庭=住家/家里，餐饮单位=饭店/馆子，沿街商铺=开店的/门面，机关单位=机关/政府单位|处理费:每月[3~90]元:一个月交多少/垃圾费多少，清运次数:每日[1~4]次:一天收几回/几次来收
办理机动车业务|小型汽车=小轿车/私家车，摩托车=骑摩托的，货车=大货车/拉货的车，新能源汽车=电动汽车/电车|检验周期:每[1~3]年一次:多久审一次车/几年检一回，工本费:[1~20]0元:换证要多少钱/工本费几块
图书借阅|普通读者=一般读者/办普通证的，少儿读者=小孩/孩子，教师读者=老师，集体读者=单位借书/集体证|借阅数量:[2~30]册:一次能借几本/最多借多少本，借期:[10~60]天:能借多久/多少天要还
休假|婚假申请人=结婚的/刚结婚的员工，产假申请人=生孩子的/怀孕的，陪护假申请人=照顾父母的/独生子女照料老人，丧假申请人=家里老人去世的|假期:[1~158]天:能休几天/放多少天假，审批时限:[1~5]个工作日:几天批下来/审批要多久
"""
_CLASSES = [
    [part.split("，") for part in line.split("|", 2)] for line in _CLASS_TABLE.strip().splitlines()
]


def _classes(rng: Random) -> Scene:
    """What classes get, told in rows, sentences or questions and answers; of some nothing is said."""
    (matter,), classes, columns = rng.choice(_CLASSES)
    named = [entry.split("=") for entry in rng.sample(classes, len(classes))]
    items = [column.split(":", 1) for column in rng.sample(columns, len(columns))]
    items = items[: rng.randint(1, 2)]
    shown = named[: rng.randint(2, 3)]
    told = rng.choice(["row", "clause", "clause", "answer"])
    asks, misses = [], []
    lines: list[str] = []
    for (formal, spoken), (at, (item, rest)) in product(shown, enumerate(items)):
        drawn, asked = rest.rsplit(":", 1)
        question = _class_question(rng, matter, rng.choice([formal, spoken, spoken]), asked)
        if at and rng.random() < 0.3:
            misses.append(Ask(question, "near-class"))
            continue
        slot = f"v{len(lines)}"
        lines.append(_class_told(rng, told, formal, item, tag(slot, say(rng, drawn))))
        asks.append(Ask(question, "standard", slot))
    asked = items[0][1].rsplit(":", 1)[1]
    for formal, spoken in named[3:]:
        question = _class_question(rng, matter, rng.choice([formal, spoken]), asked)
        misses.append(Ask(question, "near-class", absent=formal))
    start = say(rng, "{p}{m}标准如下。/{m}有关事项：/{m}按下列规定执行。//", p="", m=matter)
    gap = "\n" if told != "clause" else ""
    heading = say(rng, "{m}/{m}指南/{place}{m}办事指南/", m=matter)
    names = [formal for formal, _ in shown]
    return Scene(heading, start + gap + gap.join(lines), asks, misses, names)


def _class_question(rng: Random, matter: str, named: str, asked: str) -> str:
    return say(
        rng, "{c}{q}/{c}{q}/{m}，{c}{q}/{c}，{m}{q}", m=matter, c=say(rng, named), q=say(rng, asked)
    )


def _class_told(rng: Random, how: str, formal: str, item: str, value: str) -> str:
    forms = {
        "row": "{c}：{i} {v}；/{c} {i}：{v}；",
        "clause": "{c}{i}为{v}。/{c}的{i}为{v}。/{c}{i}{v}。/{c}，{i}按{v}执行。",
        "answer": "问：{c}{i}是多少？\n答：{v}。/问：{c}{i}怎么规定？\n答：{c}{i}为{v}。",
    }
    return say(rng, forms[how], c=formal, i=item, v=value)


# ---- what is allowed, and what is needed -------------------------------------------------------
# Word of the text = words of the asker

_WHO = """
灵活就业人员=自由职业的/没有单位的 离职职工=辞职的人/离开单位的 非本市户籍学生=外地来的学生/外地户口的孩子
七十周岁以上老年人=七十多岁的老人/年纪大的老人 退休人员=退了休的/退休的人 外籍人士=外国人 未成年人=小孩/孩子
个体工商户=自己开店的/做小生意的 承租人=租房子的/租客 新入职员工=新来的/刚上班的 团队游客=旅行团/跟团的
代办人=替别人办的/帮家里人办的 异地参保人员=在外地交社保的/外地参保的
养犬居民=养狗的/家里有狗的 在读研究生=读研的/研究生 分支机构=分公司 试用期员工=还在试用期的 现役军人=当兵的/军人
残疾人=残疾人 业主=房主/买了房的
"""
_ACTS = """
销户提取=把钱取出来/销户取钱 免费停车=不花钱停车/停车不交钱 携带宠物入内=带宠物进去/带猫带狗进 网上预约=在网上约/线上约
延期缴费=晚点交费/过些日子再交 分期付款=分几次付/分期交 转让名额=把名额让给别人 跨区办理=到别的区办/在外区办
代领证件=替人领证/帮人取证 提前还款=提前把钱还了/提前还贷 申请费用减免=申请少交钱/减免费用
使用电子证照=用手机上的证件/用电子证件
优先办理=先办/不排队 重复申报=再报一次/报两回 自带酒水=带酒水/带饮料 夜间施工=晚上施工/夜里干活
现场报名=到现场报名/直接去报名
变更户名=改名字/换名字 办理退票=退票/把票退掉 周末办理业务=星期六去办/周末去办 续借一次=再借一回/续借
出租转借=借给别人用/租出去
远程参会=在线参加/不到现场参加 领取补贴=拿补贴/领补助 参加评选=参评/报名评选
"""


def _spoken(table: str) -> dict[str, str]:
    return dict(entry.split("=") for entry in table.split())


_SPOKEN_WHO, _SPOKEN_ACTS = _spoken(_WHO), _spoken(_ACTS)
_MAY = "可以/能够/准予/允许/均可"
_MAY_NOT = "不得/不能/不可以/暂不能/不予"
_MAY_ASKS = "{w}能{a}吗/{w}可以{a}吗/{w}能不能{a}/{w}可不可以{a}/{w}{a}行吗/{w}{a}行不行"


def _permissions(rng: Random) -> Scene:
    """Who may do what and who may not; a miss asks for another's right, or for another right."""
    who = rng.sample(list(_SPOKEN_WHO), 4)
    acts = rng.sample(list(_SPOKEN_ACTS), 4)
    body, asks = say(rng, "{place}有关部门作出说明。/关于有关事项的答复：//"), []
    for at in range(rng.randint(2, 3)):
        may = say(rng, rng.choice([_MAY, _MAY_NOT]))
        rule = tag(f"v{at}", may + acts[at])
        body += say(rng, "{w}{r}。/{w}，{r}。/凡属{w}的，{r}。/对{w}，{r}。", w=who[at], r=rule)
        asks.append(Ask(_may_question(rng, who[at], acts[at]), "permission", f"v{at}"))
    misses = [
        Ask(_may_question(rng, who[3], acts[0]), "near-permission", absent=who[3]),
        Ask(_may_question(rng, who[0], acts[3]), "near-permission", absent=acts[3]),
    ]
    return Scene(say(rng, "/常见问题/{place}{matter}问答"), body, asks, misses, who[:1])


def _may_question(rng: Random, who: str, act: str) -> str:
    named = say(rng, rng.choice([who, _SPOKEN_WHO[who]]))
    done = say(rng, rng.choice([act, _SPOKEN_ACTS[act]]))
    return say(rng, _MAY_ASKS, w=named, a=done)


_SERVICES = """
居住证 营业执照 食品经营许可证 老年优待证 残疾人证 不动产权证书 生育登记 户口迁移 护照 驾驶证换证 公积金提取
社保转移 燃气开户 水表过户 电表增容 图书借阅证 学生转学 门诊慢特病认定 退休审批 失业金申领 就业困难人员认定 廉租房申请
临时占道许可 户外广告设置 宅基地审批 车位租赁 场地预订 会议室使用 公务接待 出差报销 印章刻制 档案查阅
"""
_NEED = "需要/须/应当/要"
_NEED_NOT = "不需要/无需/不用/不再要求"


def _needs(rng: Random) -> Scene:
    """What a service takes: papers, money, time, a window; asked as people ask who stand there."""
    services = rng.sample(_SERVICES.split(), 3)
    body, asks, misses = "", [], []
    for at, service in enumerate(services[:2]):
        told = rng.sample(list(_TAKEN), rng.randint(2, 3))
        for item in told:
            slot = f"v{at}{_NUMBER[item]}"
            value, clauses, asked = _TAKEN[item]
            clause = say(rng, clauses, s=service, v=tag(slot, say(rng, value)))
            body += clause + "。"
            asks.append(Ask(say(rng, asked, s=service), "service", slot))
        known = {*told, *(_PAPERS if _PAPERS.intersection(told) else ())}
        silent = rng.choice([item for item in _TAKEN if item not in known])
        misses.append(Ask(say(rng, _TAKEN[silent][2], s=service), "near-service"))
        misses.append(
            Ask(say(rng, _TAKEN[told[0]][2], s=services[2]), "near-service", absent=services[2])
        )
    return Scene(say(rng, "/办事指南/{place}政务服务指南"), body, asks, misses, services[:2])


# What a service takes: how it is drawn, how it is told, how it is asked for
_TAKEN = {
    "paper": (
        f"({_NEED.replace('/', '|')})提供{{paper}}/({_NEED_NOT.replace('/', '|')})提供{{paper}}",
        "办理{s}，{v}/{s}{v}",
        "办{s}要带材料吗/{s}要不要交材料/办{s}用不用带东西",
    ),
    "papers": (
        "{papers}",
        "办理{s}应携带{v}/申请{s}需提交{v}/{s}所需材料：{v}",
        "办{s}带什么/办{s}要拿哪些东西/{s}要啥材料/申请{s}交什么",
    ),
    "fee": (
        "不收取任何费用/免费/[1~40]0元/每份[2~50]元",
        "{s}收费：{v}/办理{s}{v}/{s}的费用为{v}",
        "办{s}要钱吗/{s}收多少钱/办一个{s}多少钱/{s}收不收费",
    ),
    "time": (
        "(当场|即时|当日)办结/{workdays}",
        "{s}办理时限：{v}/{s}自受理之日起{v}/办理{s}，时限为{v}",
        "{s}多久能办好/办{s}要几天/{s}几天下来/{s}什么时候能拿到",
    ),
    "window": (
        "[1~60]号窗口/综合窗口/[2~5]楼[1~30]号窗口/{venue}",
        "{s}在{v}办理/办理{s}请到{v}/{s}由{v}受理",
        "{s}在哪办/办{s}去几号窗口/办{s}去哪里/{s}到哪个窗口",
    ),
    "way": (
        "(线上申请|现场办理|邮寄办理|自助终端办理)(和|、)(网上预约|电话预约|委托代办)",
        "{s}支持{v}/{s}办理方式：{v}/{s}可通过{v}等方式进行",
        "{s}怎么办理/怎么申请{s}/{s}通过什么途径办/{s}能用什么方式办",
    ),
    "phone": (
        "{phone}",
        "{s}咨询电话：{v}/{s}请拨打{v}/{s}的咨询电话为{v}",
        "{s}打哪个电话问/{s}电话多少/问{s}的事打什么电话",
    ),
}
# Who has one of these told can be taken to have the other told as well.
_PAPERS = frozenset({"paper", "papers"})
_NUMBER = {item: number for number, item in enumerate(_TAKEN)}

# ---- where to find whom --------------------------------------------------------------------------

_BRANCHES = "管理部 服务大厅 营业厅 校区 院区 派出所 分馆 供水站 工作站 门诊部 车管所 分公司 收费处"
# A row's field: its value, how it is asked for
_FIELDS = {
    "地址": ("{site}", "{n}在哪/{n}地址/{n}怎么走/{n}在什么地方"),
    "电话": ("{phone}", "{n}电话多少/{n}的电话/怎么打给{n}/{n}联系方式"),
    "负责人": ("{person}", "{n}谁负责/{n}负责人是谁/{n}归谁管/{n}找谁"),
    "办公时间": ("{hours}", "{n}几点开门/{n}什么时候上班/{n}几点下班/{n}办公时间"),
}


def _contacts(rng: Random) -> Scene:
    """Branches in rows; a miss asks for one that is not there, or for a field its row lacks."""
    branch = rng.choice(_BRANCHES.split())
    stems = list(dict.fromkeys(say(rng, "{stem}") for _ in range(4)))
    fields = rng.sample(list(_FIELDS), rng.randint(2, 3))
    left, asks, misses, rows = rng.choice(fields), [], [], []
    for at, stem in enumerate(stems[:-1]):
        called = say(rng, "{s}{b}/{s}{b}/{s}那边的{b}/{s}的{b}", s=stem, b=branch)
        cells = []
        for place, field in enumerate(fields):
            question = say(rng, _FIELDS[field][1], n=called)
            if at == 1 and field == left:
                misses.append(Ask(question, "near-contact"))
                continue
            slot = f"v{at}{place}"
            cells.append(f"{field} {tag(slot, say(rng, _FIELDS[field][0]))}")
            asks.append(Ask(question, "contact", slot))
        rows.append(f"{stem}{branch}：{'；'.join(cells)}")
    other = say(rng, _FIELDS[fields[0]][1], n=stems[-1] + branch)
    misses.append(Ask(other, "near-contact", absent=stems[-1]))
    body = rng.choice(["\n", "。"]).join(rows) + "。"
    names = [stem + branch for stem in stems[:-1]]
    return Scene(say(rng, "/联系方式/{b}一览", b=branch), body, asks, misses, names)


# ---- the day's news --------------------------------------------------------------------------------

_DISASTERS = "暴雨 火灾 交通事故 山体滑坡 台风 燃气爆炸 地震 塌方 冰雹 洪涝 沉船事故 中毒事件"
# What it cost: its figure, how it is told, how it is asked for
_TOLL = {
    "dead": (
        "[1~90]人",
        "{v}死亡/{v}遇难/{v}不幸身亡",
        "{e}死了多少人/{e}造成几人死亡/{e}遇难人数/{e}多少人没了",
    ),
    "hurt": ("[1~300]人", "{v}受伤/{v}不同程度受伤", "{e}多少人受伤/{e}伤了几个人/{e}受伤人数"),
    "lost": ("[1~40]人", "{v}失联/{v}失踪", "{e}多少人失踪/{e}几个人失联/{e}还有多少人没找到"),
    "moved": ("[1~90]00余人", "{v}紧急转移/{v}被转移安置", "{e}转移了多少人/{e}多少人被转移"),
    "houses": ("[3~900]间房屋", "{v}倒塌/{v}受损", "{e}倒了多少房子/{e}多少房屋受损"),
    "money": ("{money}", "直接经济损失{v}/造成经济损失{v}", "{e}经济损失多少/{e}损失了多少钱"),
}


def _toll(rng: Random) -> Scene:
    """What a disaster cost; a miss asks for what is not counted, or of another disaster."""
    kinds, place = rng.sample(_DISASTERS.split(), 2), say(rng, "{place}")
    told = rng.sample(list(_TOLL), rng.randint(2, 4))
    named = say(rng, "{p}{k}/{k}/{p}的{k}", p=place, k=kinds[0])
    clauses, asks = [], []
    for at, item in enumerate(told):
        value, clause, asked = _TOLL[item]
        clauses.append(say(rng, clause, v=tag(f"v{at}", say(rng, value))))
        asks.append(Ask(say(rng, asked, e=named), "toll", f"v{at}"))
    start = say(rng, "{day}，{p}发生{k}，/{p}{k}已造成/截至{day}，{p}{k}造成", p=place, k=kinds[0])
    silent = rng.choice([item for item in _TOLL if item not in told])
    misses = [
        Ask(say(rng, _TOLL[silent][2], e=named), "near-toll"),
        Ask(say(rng, _TOLL[told[0]][2], e=kinds[1]), "near-toll", absent=kinds[1]),
    ]
    return Scene("", start + rng.choice("，、").join(clauses) + "。", asks, misses, kinds[:1])


# Doer and done to, what passes, two ways to tell it; then what is asked for: the doer, the other,
# what passed; last a question the other way round, which nothing answers.
_DEED_TABLE = """
company|venue|{money}物资|{a}向{b}捐赠{x}/{b}收到{a}捐赠的{x}|谁给{b}捐了东西/哪家单位向{b}捐赠|{a}捐给了谁/{a}向哪里捐赠|{a}给{b}捐了多少/{a}向{b}捐了什么|{b}给{a}捐了多少/{b}向{a}捐了什么
company|company|{money}|{a}以{x}收购{b}/{b}被{a}以{x}收购|谁收购了{b}/{b}被哪家公司收购|{a}收购了哪家公司/{a}买下了谁|{a}收购{b}花了多少钱/{b}被收购的价格|{b}收购{a}花了多少钱
office|company|{yuan}|{a}对{b}处以{x}罚款/{b}被{a}罚款{x}|谁处罚了{b}/哪个部门罚了{b}|{a}处罚了哪家企业/{a}罚了谁|{b}被罚多少钱/{a}罚了{b}多少|{a}被罚了多少钱/{b}罚了{a}多少
company|company|{money}|{a}起诉{b}，索赔{x}/{b}被{a}起诉并索赔{x}|谁起诉了{b}/谁告了{b}|{a}起诉了谁/{a}告的是谁|{a}向{b}索赔多少/{b}被索赔多少|{b}向{a}索赔多少/{a}被索赔多少
company|company|{output}设备|{a}向{b}订购{x}/{b}拿下{a}{x}的订单|谁向{b}下了订单/哪家企业找{b}订货|{a}从哪家公司订货/{a}的订单给了谁|{a}向{b}订了多少/{a}订购了什么|{b}向{a}订了多少
city|city|[1~9]比[0~9]|{a}队以{x}战胜{b}队/{b}队以{x}不敌{a}队|谁赢了{b}队/{b}队输给了谁|{a}队赢了谁/{a}队战胜了哪个队|{a}队和{b}队打了几比几/{a}队赢{b}队多少比多少|{a}队输给{b}队多少/{b}队赢了{a}队几比几
office|place|[10~300]名工作人员|{a}派出{x}支援{b}/{b}迎来{a}派出的{x}|谁派人支援{b}/哪个单位支援了{b}|{a}支援了哪里/{a}派人去了哪|{a}派了多少人去{b}/{a}派出多少人|{b}派了多少人去{a}
office|place|{money}|{a}向{b}拨付专项资金{x}/{b}获{a}拨付专项资金{x}|谁给{b}拨了钱/{b}的资金是谁拨付的|{a}把钱拨给了哪里/{a}向谁拨付资金|{a}给{b}拨了多少/{b}拿到多少专项资金|{b}给{a}拨了多少钱
person|person|{award}|{a}为{b}颁发了{x}奖牌/{b}从{a}手中接过{x}奖牌|谁给{b}颁奖/{b}的奖是谁颁的|{a}给谁颁了奖/{a}为谁颁奖|{a}给{b}颁的是什么奖/{b}得了什么奖|{b}给{a}颁了什么奖
office|company|{honour}|{a}授予{b}{x}称号/{b}获{a}授予{x}称号|谁授予{b}称号/{b}的称号是哪里给的|{a}授予了哪家企业称号/{a}表彰了谁|{b}获得什么称号/{a}授予{b}什么|{b}授予{a}什么称号/{a}获得什么称号
person|person|{matter}|{a}接替{b}分管{x}工作/{b}把{x}工作移交给{a}|谁接替了{b}/接{b}班的是谁|{a}接替了谁/{a}接的是谁的工作|{a}接替{b}分管什么/{b}移交了什么工作|{b}接替{a}分管什么
person|person|{industry}|{a}向{b}请教{x}技术/{b}向{a}传授{x}技术|谁向{b}请教/谁跟{b}学技术|{a}向谁请教/{a}跟谁学|{a}向{b}请教什么/{b}教{a}什么|{b}向{a}请教什么/{a}教{b}什么
"""
_DEEDS = [line.split("|") for line in _DEED_TABLE.strip().splitlines()]


def _deeds(rng: Random) -> Scene:
    """Who did what to whom, of one deed or two of a kind; a miss turns doer and done to."""
    doer, other, passed, told, *questions = rng.choice(_DEEDS)
    body, asks, misses, names = "", [], [], []
    for at in range(rng.randint(1, 2)):
        a, b = say(rng, f"{{{doer}}}"), say(rng, f"{{{other}}}")
        if a in b or b in a or a in body or b in body:
            continue
        tagged = {
            "a": tag(f"a{at}", a),
            "b": tag(f"b{at}", b),
            "x": tag(f"x{at}", say(rng, passed)),
        }
        body += say(rng, "/{day}，/近日，/据悉，") + say(rng, told, **tagged) + "。"
        for slot, asked in zip("abx", questions, strict=False):
            asks.append(Ask(say(rng, asked, a=a, b=b), "deed", f"{slot}{at}"))
        misses.append(Ask(say(rng, questions[3], a=a, b=b), "near-role"))
        stranger = say(rng, f"{{{doer}}}")
        misses.append(Ask(say(rng, questions[2], a=stranger, b=b), "near-deed", absent=stranger))
        names += [a, b]
    return Scene("", body, asks, misses, names)


# What is counted, its unit | the whole | its kinds
_WHOLE_TABLE = """
粮食产量|[10.0~900.0]万吨|小麦 玉米 水稻 大豆 马铃薯
汽车销量|[10.0~900.0]万辆|新能源汽车 燃油车 商用车 乘用车 皮卡
机票订单|[10~900]万张|国内航线 国际航线 港澳航线 支线
农业损失|[1.00~90.00]亿元|种植业 畜牧业 渔业 林业 设施农业
飞机需求|[100~9000]架|货机 宽体客机 窄体客机 支线客机 公务机
旅客发送量|[10.0~900.0]万人次|铁路 公路 水路 民航 地铁
用电量|[10.0~900.0]亿千瓦时|第一产业 第二产业 第三产业 城乡居民
居民人均可支配收入|[20000~90000]元|城镇居民 农村居民 脱贫户 外来务工人员
图书馆藏量|[10~900]万册|纸质图书 电子图书 期刊 古籍 音像制品
在校学生|[1.0~90.0]万人|小学 初中 高中 职业学校 幼儿园
手机出货量|[10~900]万部|折叠屏手机 5G手机 老年机 国产品牌
票房|[1.00~90.00]亿元|国产片 进口片 动画片 纪录片 喜剧片
"""
_WHOLES = [line.split("|") for line in _WHOLE_TABLE.strip().splitlines()]
_SCOPES = "全球 全国 中国 全省 全市 亚太地区 东部地区 欧洲 {place} {city}"


def _wholes(rng: Random) -> Scene:
    """A whole and its kinds, here and elsewhere: each figure answers for its own scope alone."""
    what, unit, kinds = rng.choice(_WHOLES)
    named = rng.sample(kinds.split(), 4)
    scopes = [say(rng, scope) for scope in rng.sample(_SCOPES.split(), 3)]
    when = say(rng, "[2019~2026]年/[2027~2045]年前/上半年/今年以来/[1~12]月")
    body, asks = "", []
    misses = [
        Ask(_how_much(rng, when, scopes[2], what), "near-whole", absent=scopes[2]),
        Ask(_how_much(rng, when, scopes[0], named[3]), "near-whole", absent=named[3]),
    ]
    for at, scope in enumerate(scopes[: rng.randint(1, 2)]):
        whole = rng.random() < 0.75
        body += f"{when}，{scope}{what}" if not at else f"{scope}{what}"
        if whole:
            body += say(rng, "{v}/达到{v}/为{v}/约{v}", v=tag(f"w{at}", say(rng, unit)))
            asks.append(Ask(_how_much(rng, when, scope, what), "whole", f"w{at}"))
        else:
            misses.append(Ask(_how_much(rng, when, scope, "全部" + what), "near-whole"))
        parts = []
        for place, kind in enumerate(named[: rng.randint(1, 3)]):
            if at and rng.random() < 0.5:
                misses.append(Ask(_how_much(rng, when, scope, kind), "near-whole"))
                continue
            slot = f"k{at}{place}"
            parts.append(kind + tag(slot, say(rng, unit)))
            asks.append(Ask(_how_much(rng, when, scope, kind), "whole", slot))
        lead = rng.choice(["，其中", "，"]) if whole else "中，"
        body += (lead + "、".join(parts) if parts or not whole else "") + "。"
    return Scene("", body, asks, misses, [what])


def _how_much(rng: Random, when: str, scope: str, what: str) -> str:
    return say(
        rng, "{w}{s}{x}是多少/{s}{x}多少/{w}{s}{x}有多少/{s}{w}{x}达到多少", w=when, s=scope, x=what
    )


_TITLES = (
    "局长 副局长 主任 院长 校长 总经理 秘书长 党委书记 发言人 首席分析师 所长 教练 馆长 理事长"
)
_DOES = "表示，{aim}/介绍，下一步将{aim}/到{place}调研/出席活动并致辞/接受采访/说，关键是{aim}/回答了记者提问"


def _holders(rng: Random) -> Scene:
    """Names beside their offices, as news has them, with age and origin; others hold other offices."""
    body, asks, misses, names = "", [], [], []
    houses = [say(rng, "{company}/{office}/{school}/{venue}") for _ in range(3)]
    titles = rng.sample(_TITLES.split(), 4)
    for at in range(rng.randint(1, 3)):
        name, house, title = say(rng, "{person}"), houses[at], titles[at]
        if name in body or house in body:
            continue
        post = tag(f"p{at}", house + title)
        who = say(rng, "{p}{n}/{p}{n}/{n}（{p}）/{n}是{p}，他", p=post, n=tag(f"n{at}", name))
        body += say(rng, "/{day}，/近日，") + who + say(rng, _DOES) + "。"
        asks.append(
            Ask(
                say(rng, "{h}{t}是谁/谁是{h}{t}/{h}的{t}叫什么", h=house, t=title),
                "holder",
                f"n{at}",
            )
        )
        asked = "{n}是谁/{n}是什么人/{n}是干什么的/{n}担任什么职务/{n}是什么职务"
        asks.append(Ask(say(rng, asked, n=name), "holder", f"p{at}"))
        misses.append(Ask(say(rng, "{h}{t}是谁/谁是{h}的{t}", h=house, t=titles[3]), "near-holder"))
        life = say(rng, "{n}几岁/{n}多大了/{n}是哪里人/{n}老家在哪", n=name)
        if rng.random() < 0.4:
            age, home = tag(f"g{at}", say(rng, "[18~96]岁")), tag(f"h{at}", say(rng, "{place}"))
            body += say(
                rng, "他今年{g}，老家在{h}。/{g}的他来自{h}。/他是{h}人，今年{g}。", g=age, h=home
            )
            asks.append(Ask(life, "holder", f"{'g' if '几' in life or '多' in life else 'h'}{at}"))
        else:
            misses.append(Ask(life, "near-holder"))
        names.append(name)
    return Scene("", body, asks, misses, names)


MAKES: tuple[tuple[Callable[[Random], Scene], int], ...] = (
    (_classes, 9),
    (_permissions, 6),
    (_needs, 10),
    (_contacts, 5),
    (_toll, 4),
    (_deeds, 12),
    (_wholes, 9),
    (_holders, 8),
)
