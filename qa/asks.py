"""What kind of answer a question asks for, by its turns of phrase: a growth, a date, a name; in what unit.

Pure; its texts are folded. What the answer has to be about is left to qa/phrases.py and qa/terms.py;
how well a figure suits what is asked for, to qa/fits.py.
"""

import re
from typing import Literal

from qa.figures import UNIT
from qa.words import PERSON, SURNAMES, joined, words

Ask = Literal[
    "growth", "rank", "money", "count", "percent", "duration", "measure", "amount",
    "date", "person", "office", "place", "title", "reference", "list", "definition", "phone", "statement", "request",
]  # fmt: skip
FIGURE_ASKS = frozenset(
    {"growth", "rank", "money", "count", "percent", "duration", "measure", "amount"}
)

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
    ("statement", ("为什么|为何|为啥|因何|(?:原因|缘由|起因)(?:是|有|在|何|呢|$|[?？])|什么原因",)),
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
            "几楼|哪一?[层楼]|哪里|哪儿|何处|在哪|什么地方|地点|地址|位于哪|哪个(?:城市|区|地方|省|市|镇|街道)",
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
    ("amount", ("多少|几何|规模|多大|多高|几|(?:怎么|怎样|如何)(?:收费|算钱|计费)",)),
    ("statement", ("",)),
)
_ASKS = tuple((ask, re.compile("|".join(patterns))) for ask, patterns in _PATTERNS)

_WHETHER = re.compile("[有没是能可要][没不]|([\u4e00-\u9fff])不\\1|[吗不没][?？]?$")
# A bare phrase that ends like an indicator asks for its figure.
_INDICATOR = re.compile(
    "(?:额|值|率|数|量|投资|收入|支出|价格|标准|上限|限额|面积|人口|强度|比例|费用?|补贴|"
    "补助|金额|gdp|外资|营收|净利|利润|存款|贷款|税收|产能|亩产|库存|目标|浓度|温度|湿度|密度|速度|长度|高度|宽度|深度)(?:是)?$"
)
# One that ends like a fee asks for a sum, and one that ends like an office for who holds it.
_FEE = re.compile("(?:[气水电油房票车]价|票价|押金|[年月季次]卡|租金|工本费|违约金|奖学金|助学金)$")
_ROLE = re.compile(
    "(?:书记|主任|[局院校所站队科处部组会馆区市县镇]长|总?经理|负责人|联系人|主持人|总监|董事长|秘书长)$"
)
_WHOM = re.compile("(?P<name>[\u4e00-\u9fff·]{2,8})是(?:谁|何人|哪位)[?？]?$")
_SCALED_ASK = re.compile("(?:多少|几)(?:[十百万亿]|千(?![瓦米克]))*")
# What only asks sets no condition.
WORDS_OF_ASKING = re.compile(
    "百分之(?:几|多少)|什么[叫是]|是?什么意思|指的?是?什么|是涨是跌|"
    "最[多高少低]|最[大小](?=几|多少)|至[多少](?!数)|不?超过(?=了?(?:多少|几))|"
    "什么(?:时[候间]|地方)|多长时间|哪几[天日]|几楼|哪一?[层楼]|(?:星期|礼拜|周)几|"
    "哪一?[天年日](?:算?起|开始)?|哪[份部项件篇里儿]|哪[两二三四五六七八九十]件事?|几[点号](?![a-z\\d])|"
    "多[久长高远大重宽深]|(?:共?有|数?是|给|占)(?=多少|几|哪|什么|谁)|占(?![地用领据比])|(?<![停启征录使利])[收投花卖买建招造用](?=了(?:多少|几))|"
    "给(?=[?？呢了]*$)|"
    "(?<![智职功性可才效节产动主重纪摘首必概获取所不值使机阳电热光风核储])[要能得](?=[交花拿领盖走报补奖罚付退批住管办贷提坐带订读换打转销用停进去找买看吃查申享])|(?<![公英海华])里(?=[\u4e00-\u9fff]{1,3}[区县市镇])|"
    f"需?要(?=在|提前|多少|几)|(?:多少|几)(?:个?工作日|个?百分点|个月|{_UNITS})|"
    # The cutter would join what is asked to what stands beside it: 一米多 少钱.
    "多少(?:钱|块)?|几[块毛成折]钱?|(?:怎么|怎样|如何)(?:收费|算钱|计费)|为?什么|怎么样?|(?:收费|要钱)(?=吗[?？]?$)|谁来?|[能会要]?(?<![不])[干做](?:些|点)?什么|(?<![人英天])才能?(?=[\u4e00-\u9fff])"
)


def ask_of(folded: str) -> Ask:
    """The kind of answer that is asked for, by the words of asking or, of a bare phrase, by its last word."""
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


def _is_name(found: re.Match[str] | None) -> bool:
    """Whether what was found is a person's name, known to the cutter or not."""
    if found is None:
        return False
    (first, tag), *others = joined(words(found["name"]))
    known = tag.startswith(PERSON)
    return known or (bool(others) and len(first) == 1 and first in SURNAMES)


def measure_of(folded: str, ask: Ask) -> str:
    """The unit that is asked for: 家 of 多少家, 公顷 of 多少万公顷."""
    if ask == "measure":
        units = (UNIT.match(folded, m.end()) for m in _SCALED_ASK.finditer(folded))
        return next((unit.group() for unit in units if unit), "")
    found = re.search(f"(?:多少|几)({_UNITS})", folded) if ask == "count" else None
    return found.group(1) if found else ""


def counted_of(folded: str) -> str:
    """What is counted, as far as it follows its measure: 几个站 counts 站."""
    match = re.search(f"(?:多少|几)[万千百亿]?(?:{_UNITS})?的?([\u4e00-\u9fff]{{1,2}})", folded)
    return match.group(1) if match and match.group(1)[0] not in "是了呢吗在的被能会要可才就" else ""
