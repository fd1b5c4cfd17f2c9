"""The reader answers what a document says, and nothing near it."""

from dataclasses import replace

import pytest

from index.split import split
from index.types import Document, Section, Span
from qa.finders import is_stated_place
from qa.question import understand
from qa.rules import Judgement, judge
from qa.types import Findings, Passage, Reading
from tests.conftest import RuleReader

_TITLE = "临湖市青屿新区：前三季度经济稳中有进"
_LINES = """临湖市青屿新区：前三季度经济稳中有进
青屿新区提出，到2028年，地区生产总值达到1500亿元以上，规模以上工业增加值突破600亿元。
投资和项目
今年前三季度，青屿新区数字经济投资完成88.36亿元，同比增长25.7%。亮眼成绩来自一批大项目。
1至9月，全区完成固定资产投资310.2亿元，同比下降3.4%。上月，新区举行项目集中签约开工仪式，6个制造业项目签约，总投资72亿元；9个基础设施项目开工，总投资58亿元，涉及轨道交通、水务和能源等方面。
全区共有42家世界500强企业设立机构，实际利用外资连续两年超5亿美元，进出口总额突破800亿元。
创新
2023年，青屿新区地区生产总值突破900亿元，工业总产值超2600亿元，海洋装备入选国家级产业集群。
新区研发投入强度突破4%，“小巨人”企业达到63家，高新技术企业超五百家。
新区推行“三港一链”布局，即以空港、海港、数字港为支点，以产业链为纽带的开发格局。
今年，临湖市委、市政府印发《关于支持青屿新区打造海洋经济示范区的若干意见》。
签约仪式定于2024年10月18日在青屿会展中心举行。项目协调由新区管委会副主任周敏负责。
申报材料包括：
1. 项目申请书；
2. 营业执照复印件；
3. 上年度审计报告。
材料应当在收到通知后15个工作日内提交。
"""


def _section(heading: str, until: str) -> Section:
    start, end = _LINES.index(heading + "\n"), _LINES.find(until) if until else len(_LINES)
    return Section(heading, Span(start, end))


_DOCUMENT = Document(
    "d1", "青屿.txt", _TITLE, _LINES, date="2024-10-25", publication="临湖日报",
    sections=(_section("投资和项目", "创新\n"), _section("创新", "")),
)  # fmt: skip


def _passages(*documents: Document) -> list[Passage]:
    return [Passage(d, chunk.span, 1.0) for d in documents for chunk in split(d, len, 200)]


def _read(question: str, *documents: Document) -> Findings:
    return RuleReader().read(question, _passages(*(documents or (_DOCUMENT,))))


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("青屿新区数字经济投资增长多少", "25.7%"),
        ("数字经济投资同比增速是多少？", "25.7%"),
        ("今年前三季度数字经济投资完成了多少", "88.36亿元"),
        ("青屿新区数字经济投资额", "88.36亿元"),
        ("固定资产投资多少亿元", "310.2亿元"),
        ("固定资产投资同比增长多少", "下降3.4%"),
        ("固定资产投资下降了多少", "下降3.4%"),
        ("到2028年GDP目标是多少", "1500亿元以上"),
        ("2028年规上工业增加值目标", "突破600亿元"),
        ("2023年青屿新区GDP是多少", "突破900亿元"),
        ("2023年工业总产值", "超2600亿元"),
        ("签约了几个制造业项目", "6个"),
        ("6个签约项目总投资多少", "72亿元"),
        ("开工的基础设施项目总投资多少", "58亿元"),
        ("开工了多少个基础设施项目", "9个"),
        ("有多少家世界500强企业", "42家"),
        ("实际利用外资是多少", "超5亿美元"),
        ("进出口总额是多少", "突破800亿元"),
        ("研发投入强度多少", "突破4%"),
        ("小巨人企业有几家", "63家"),
        ("高新技术企业有多少家", "超五百家"),
        ("市委市政府印发了什么文件", "《关于支持青屿新区打造海洋经济示范区的若干意见》"),
        ("签约仪式什么时候举行", "2024年10月18日"),
        ("签约仪式在哪里举行", "青屿会展中心"),
        ("项目协调由谁负责", "周敏"),
        ("基础设施项目涉及哪些方面", "轨道交通、水务和能源"),
        ("申报材料包括哪些", "项目申请书、营业执照复印件、上年度审计报告"),
        ("收到通知后几个工作日内提交材料", "15个工作日"),
        ("“三港一链”指什么", "空港、海港、数字港"),
        ("固定资产投资多少亿人民币", "310.2亿元"),
        ("管委会副主任是谁", "周敏"),
    ],
)
def test_answers(question: str, short: str) -> None:
    reading = _read(question).readings[0]
    assert reading.short == short
    assert all(reading.evidence.holds(span) for span in reading.answer)


@pytest.mark.parametrize(
    "question",
    [
        "青屿新区的常住人口是多少",
        "新区党工委书记是谁",
        "进出口总额同比增长多少",
        "出口总额是多少",
        "梅山区数字经济投资增长多少",
        "临湖市数字经济投资增长多少",
        "2021年数字经济投资增长多少",
        "2023年数字经济投资增长多少",
        "上半年数字经济投资增长多少",
        "数字经济投资环比增长多少",
        "数字经济投资下降了多少",
        "数字经济增加值增长多少",
        "民间投资增长多少",
        "2023年地区生产总值增长多少",
        "2030年地区生产总值目标",
        "海洋装备产值是多少",
        "今天天气怎么样",
        "写一首关于青屿的诗",
        "你好",
        "？？？",
        "",
        "青屿新区进出口总额是多少亿美元",
        "固定资产投资多少亿欧元",
        "新区管委会副书记是谁",
        "新区党工委副主任是谁",
    ],
)
def test_refuses(question: str) -> None:
    assert _read(question).readings == ()


def test_a_refusal_names_what_no_document_holds() -> None:
    assert _read("青屿新区的常住人口是多少").missing == ("常住人口",)
    assert "2021年" in _read("2021年数字经济投资增长多少").missing


def _yearbook(year: int, value: str) -> Document:
    text = f"青屿新区{year}年统计公报\n全年粮食产量{value}万吨，比上年增长2.1%。\n"
    return Document(f"y{year}", f"{year}.txt", text.split("\n")[0], text, date=f"{year + 1}-03-01")


def test_the_year_asked_for_decides_between_documents() -> None:
    documents = _yearbook(2021, "8.1"), _yearbook(2022, "8.6")
    assert _read("2021年粮食产量是多少", *documents).readings[0].short == "8.1万吨"
    assert _read("2022年粮食产量是多少", *documents).readings[0].short == "8.6万吨"
    assert _read("2020年粮食产量是多少", *documents).readings == ()


def test_without_a_year_the_newest_document_comes_first() -> None:
    documents = _yearbook(2021, "8.1"), _yearbook(2022, "8.6")
    assert [r.short for r in _read("粮食产量是多少", *documents).readings] == ["8.6万吨", "8.1万吨"]


def test_a_row_of_a_table_answers_by_its_column() -> None:
    text = "主要指标\n粮食产量：2022年（万吨） 8.6；2021年（万吨） 8.1；同比增长（%） 6.2。\n"
    document = Document("t", "t.docx", "主要指标", text, date="2023-03-01")
    assert _read("2021年粮食产量", document).readings[0].short == "8.1"


def _judged(question: str, told: str) -> Judgement:
    at = _LINES.index(told)
    span = Span(at, at + len(told))
    passage = next(p for p in _passages(_DOCUMENT) if p.span.start <= at < p.span.end)
    return judge(understand(question), passage, [span])[0]


@pytest.mark.parametrize(
    ("question", "told", "fits"),
    [
        ("固定资产投资同比增长多少", "3.4%", True),
        ("固定资产投资同比增长多少", "310.2亿元", False),
        ("固定资产投资是多少亿元", "310.2亿元", True),
        ("固定资产投资环比增长多少", "3.4%", False),
        ("签约仪式什么时候举行", "2024年10月18日", True),
        ("签约仪式什么时候举行", "青屿会展中心", False),
        ("设立机构的世界500强企业有哪些", "42家", False),
        ("基础设施项目涉及哪些方面", "轨道交通", True),
        ("签约仪式在哪个图书馆举行", "青屿会展中心", False),
        ("签约仪式在哪个地方举行", "青屿会展中心", True),
    ],
)
def test_an_answer_of_another_kind_does_not_fit(question: str, told: str, fits: bool) -> None:
    assert (_judged(question, told).fit > 0) == fits


def test_a_span_is_judged_by_the_conditions_of_the_question() -> None:
    right = _judged("青屿新区固定资产投资", "310.2亿元")
    assert right.met > 0.9
    assert right.in_period
    assert _judged("青屿新区民间投资", "310.2亿元").met == 0
    assert not _judged("2019年青屿新区固定资产投资", "310.2亿元").in_period


def test_a_row_that_is_a_part_leans_on_the_row_above() -> None:
    text = (
        "主要指标\n居民人均可支配收入：2022年 65479元。\n"
        "其中：农村居民：2022年 46026元。\n其中：城镇居民：2022年 72303元。\n"
    )
    document = Document("t", "t.docx", "主要指标", text, date="2023-03-01")
    assert _read("农村居民人均可支配收入是多少元", document).readings[0].short == "46026元"
    assert _read("城镇居民人均可支配收入是多少元", document).readings[0].short == "72303元"
    assert _read("农村居民人均消费支出是多少元", document).readings == ()


def test_the_unit_of_a_row_may_stand_in_its_label() -> None:
    text = "主要指标\n财政收入（亿元）：2022年 86.2；2021年 81.4。\n"
    document = Document("t", "t.docx", "主要指标", text, date="2023-03-01")
    assert _read("2022年财政收入是多少亿元", document).readings[0].short == "86.2"


_PLAN = """青屿新区2024年度工作报告
第一部分 2024年工作回顾
一、绿色发展
全年新增光伏装机58兆瓦。
第二部分 2025年重点任务
一、绿色发展
新增光伏装机45兆瓦。
"""


def _planned() -> Document:
    heads = ["第一部分", "一、绿色", "第二部分", "一、绿色"]
    starts, at = [], 0
    for head in heads:
        at = _PLAN.index(head, at)
        starts.append(at)
        at += 1
    ends = [*starts[1:], len(_PLAN)]
    sections = tuple(
        Section(_PLAN[start:end].split("\n")[0], Span(start, end))
        for start, end in zip(starts, ends, strict=True)
    )
    return Document("p", "p.md", _PLAN.split("\n")[0], _PLAN, date="2025-01-16", sections=sections)


def test_the_year_of_a_part_holds_for_the_sections_under_it() -> None:
    for year, short in (("2024", "58兆瓦"), ("2025", "45兆瓦")):
        found = _read(f"青屿新区{year}年新增光伏装机多少兆瓦", _planned()).readings
        assert [reading.short for reading in found] == [short]
    assert _read("青屿新区2026年新增光伏装机多少兆瓦", _planned()).readings == ()


def test_a_district_is_not_another_whose_name_ends_alike() -> None:
    text = "苇湖区2023年公报\n2023年，苇湖区完成固定资产投资30.5亿元。\n"
    document = Document("d", "公报.txt", "苇湖区2023年公报", text)
    assert _read("苇湖区固定资产投资是多少", document).readings[0].short == "30.5亿元"
    for other in ("枫湖区", "鹭湖区"):
        assert not _read(f"2023年{other}固定资产投资是多少", document).readings


_COUNTS = Document(
    "d2", "统计.txt", "青屿新区2024年统计公报", "2024年末，全区共有科技型企业386家，全年新认定54家。\n"
    "全年税收收入29.6亿元，增长4.1%。\n工业用地亩均税收35.8万元。\n",
    date="2025-03-01",
)  # fmt: skip


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("2024年新认定了多少家科技型企业", "54家"),
        ("2024年末有多少家科技型企业", "386家"),
        ("2024年亩均税收是多少", "35.8万元"),
        ("2024年税收收入是多少", "29.6亿元"),
    ],
)
def test_what_came_is_not_what_there_is_and_a_sum_is_no_average(question: str, short: str) -> None:
    assert [reading.short for reading in _read(question, _COUNTS).readings][:1] == [short]


_NOTICE = Document(
    "d2",
    "公告.txt",
    "岭南市第三人民医院公告",
    """岭南市第三人民医院公告
院长周文敏，党委副书记温以安。医院下设河东院区和河西院区，河西院区于2023年5月8日启用。
体检中心开放时间为8时至17时，联系人裴见山。全院在岗职工820人，救护车12辆。
挂号费由5元调整为9元。体检套餐为成人300元、学生180元。引进博士5名、硕士21名。
普通科研项目立项14项，平均住院日为7.5天，手术准备平均用时40分钟。
下半年做三件事：一是建成新住院楼；二是更换老旧电梯；三是开设夜间门诊。
低收入家庭由区里发放最低生活保障金，每月每人1080元。值班工作由王若溪任组长，陈国栋任副组长。
公办初中招收1200人，公办小学招收1500人。
""",
    date="2024-02-01",
)


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("三院院长是谁", "周文敏"),
        ("三院救护车有多少辆", "12辆"),
        ("医院在岗员工有多少人", "820人"),
        ("体检中心几点开门", "8时至17时"),
        ("挂号费涨到多少元", "9元"),
        ("体检套餐学生多少元", "180元"),
        ("引进硕士多少名", "21名"),
        ("河西院区啥时候启用", "2023年5月8日"),
        ("低保每月多少元", "1080元"),
        ("公办初中招多少人", "1200人"),
        ("平均住院日是多少天", "7.5天"),
        ("下半年做哪三件事", "建成新住院楼、更换老旧电梯、开设夜间门诊"),
        ("副组长是谁", "陈国栋"),
    ],
)
def test_what_is_asked_in_the_words_of_the_counter_is_found(question: str, short: str) -> None:
    assert _read(question, _NOTICE).readings[0].short == short


@pytest.mark.parametrize(
    "question",
    [
        "一院院长是谁",
        "第一人民医院院长是谁",
        "省医院院长是谁",
        "河东院区什么时候启用",
        "医院在岗女职工有多少人",
        "未立项的普通科研项目多少项",
        "停用了几辆救护车",
        "救护车司机有多少人",
        "手术准备平均用时几天",
        "体检套餐老人多少元",
        "公办高中招多少人",
        "引进护士多少名",
    ],
)
def test_what_is_near_to_it_is_not(question: str) -> None:
    assert not _read(question, _NOTICE).readings


_COUNTER = Document(
    "d3",
    "指南.txt",
    "松陵渡轮公司乘船指南",
    """松陵渡轮公司乘船指南
乘船补助每人300元，乘船月票每人缴费260元。渡轮分两档收费，第一档每次6元，第二档每次9元。
遗失行李请联系所乘航线：B3路属北岸站，电话0555-7120003；12路属南岸站，电话0555-7120012。
公司现有东坞码头和西坞码头，泊位长度860米。检票口每天清扫三次，船体满5年重漆一次。
客舱满10分钟开船，12路航线面向6至14岁学生开放研学班，每班不超过20人。
船票检验费50元。公司每月第二个星期四接待来访，每周一、周三上午停航检修。
救生衣损耗率为3.1%，比上年下降0.4个百分点。2025年6月6日和6月9日加开夜航。
""",
    date="2025-03-01",
)


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("乘船月票一个月要交多少钱", "260元"),
        ("渡轮收费第二档多少钱", "9元"),
        ("渡轮收费一档多少钱", "6元"),
        ("B3路行李丢了打哪个电话", "0555-7120003"),
        ("12路电话是多少", "0555-7120012"),
        ("研学班一班多少学生", "20人"),
        ("公司哪天接待来访", "每月第二个星期四"),
        ("什么时候停航检修", "每周一、周三上午"),
        ("救生衣损耗率下降多少", "下降0.4个百分点"),
        ("哪天加开夜航", "2025年6月6日和6月9日"),
    ],
)
def test_what_is_asked_at_a_window_is_found(question: str, short: str) -> None:
    found = _read(question, _COUNTER).readings
    assert found
    assert found[0].short in {short, f"不超过{short}"}


@pytest.mark.parametrize(
    "question",
    [
        "3路电话是多少",
        "2路电话是多少",
        "B3路南岸站电话",
        "西坞码头泊位长度多少米",
        "船票丢了赔多少钱",
        "渡轮收费第三档多少钱",
        "船体多久刷一次",
        "渡轮12路一共几站",
    ],
)
def test_what_is_near_to_what_a_window_says_is_not(question: str) -> None:
    assert not _read(question, _COUNTER).readings


_HALL = Document(
    "d4",
    "指南.html",
    "芦汀县档案馆服务问答",
    """芦汀县档案馆服务问答
1. 外县居民可以查阅婚姻档案吗？
答：可以。须携带身份证和结婚证原件，当场出具证明。
2. 查阅要收费吗？
答：不需要。复制档案每页0.5元，由申请人自行支付。
窗口
一楼为接待区，二楼为婚姻档案区，三楼为地方志阅览区。
馆址：芦汀县柳荫路25号。书记由王立新担任。
馆内禁止使用闪光灯。热线：0555-96123。
阅览室：座位 40；开放时间 9时至17时；管理科室 利用科；招募人数 6。
修复室：座位 8；开放时间 8时至12时；管理科室 保护科；招募人数 2。
办理步骤为：登记、核验、查阅、归还。
手稿、印章、钱币不属于馆藏档案范围。
馆藏档案范围包括文书、照片、录音。
""",
    date="2025-01-08",
    sections=(),
)


def _hall() -> Document:
    lines = _HALL.text.splitlines(keepends=True)
    starts = [sum(map(len, lines[:n])) for n in range(len(lines) + 1)]
    sections = (
        Section(lines[1].strip(), Span(starts[1], starts[3])),
        Section(lines[3].strip(), Span(starts[3], starts[5])),
        Section(lines[5].strip(), Span(starts[5], starts[-1])),
    )
    return replace(_HALL, sections=sections)


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("外县居民可以查阅婚姻档案吗", "可以"),
        ("查阅婚姻档案带什么", "身份证和结婚证原件"),
        ("婚姻档案在几楼", "二楼"),
        ("地方志在哪一层", "三楼"),
        ("档案馆在什么地方", "芦汀县柳荫路25号"),
        ("档案馆书记", "王立新"),
        ("档案馆的热线是多少", "0555-96123"),
        ("阅览室开放时间", "9时至17时"),
        ("修复室的管理科室是什么", "保护科"),
        ("修复室招募多少人", "2"),
        ("复制档案的钱谁出", "申请人"),
        ("办理分几步", "登记、核验、查阅、归还"),
        ("馆藏档案范围包括哪些", "文书、照片、录音"),
        ("哪些不属于馆藏档案范围", "手稿、印章、钱币"),
        ("馆内能用闪光灯吗", "馆内禁止使用闪光灯"),
    ],
)
def test_what_a_page_of_questions_and_answers_says_is_found(question: str, short: str) -> None:
    assert [reading.short for reading in _read(question, _hall()).readings] == [short]


@pytest.mark.parametrize(
    "question",
    [
        "外县居民可以查阅土地档案吗",
        "土地档案在几楼",
        "档案馆馆长",
        "阅览室管理科室的电话是多少",
        "登记室的管理科室是什么",
        "阅览室的造价是多少",
        "修复室的主任是谁",
    ],
)
def test_what_such_a_page_does_not_say_is_not(question: str) -> None:
    assert not _read(question, _hall()).readings


_PEOPLE = """岚山日报：老厂区里的新生活
7月3日，岚山县委副书记、县长周敏之到企业走访。岚山海洋装备股份有限公司董事长、总经理陆望川参加座谈。
会议听取了县住房和城乡建设局局长钟晓岚的汇报，县数据局的韩立新现任该局副局长。
陆望川，男，汉族，1968年4月生，江西吉安人，在职研究生学历。
老人贺长青今年93岁，他所在的第21连曾守卫海岛，2次立功。
今年种植油茶3万亩，全国油茶面积达到7000万亩，惠及80万人。事故造成2人受伤。
去年英法双边贸易总额达到790亿英镑。韩立新说：“数据要准。”温若川说：“我们会再来。”
受灾较大的村依次为东礁村损失310万元、西礁村损失260万元。
据预测，到2040年，全县人均出行次数将从0.6次（2019年数据）增加到1.8次。
存粮已累计突破6000吨，预计今年底将突破7000吨。
"""
_REPORT = Document("people", "人.txt", "岚山日报：老厂区里的新生活", _PEOPLE, date="2024-07-04")


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("周敏之是谁", "岚山县委副书记、县长"),
        ("陆望川担任什么职务", "岚山海洋装备股份有限公司董事长、总经理"),
        ("钟晓岚的职务", "县住房和城乡建设局局长"),
        ("韩立新是做什么的", "该局副局长"),
        ("陆望川是哪里人", "江西吉安"),
        ("贺长青今年多大年纪", "93岁"),
        ("到2040年人均出行次数是多少", "1.8次"),
        ("2019年人均出行次数是多少", "0.6次"),
        ("今年底存粮预计多少吨", "突破7000吨"),
        ("岚山今年油茶多少亩", "3万亩"),
        ("全国油茶面积", "7000万亩"),
        ("事故造成多少人受伤", "2人"),
        ("法英双边贸易总额", "790亿英镑"),
    ],
)
def test_a_report_tells_of_people_and_of_years_beside_figures(question: str, short: str) -> None:
    assert _read(question, _REPORT).readings[0].short == short


@pytest.mark.parametrize(
    "question",
    [
        "东礁村损失多少公顷",
        "陆望川多大年纪",
        "东礁村村长是谁",
        "贺长青是什么职务",
        "贺长青在哪里",
        "岚山油茶面积达到多少亩",
        "事故造成多少人死亡",
        "事故死了多少人",
    ],
)
def test_a_report_does_not_tell_what_it_has_no_word_of(question: str) -> None:
    assert _read(question, _REPORT).readings == ()


_BULLETIN = Document(
    "d2",
    "公报.txt",
    "石浦市2024年经济运行公报",
    """石浦市2024年经济运行公报
一、工业和建筑业
规模以上工业增加值增长7.4%，其中12月份增长9.8%，增速居全省第5位。电子行业拉动规模以上工业增长1.6个百分点。
全年建筑业增加值88.5亿元，增长2.1%。41个大类行业中有29个实现增长。
工业企业实现营业收入640亿元，利润38亿元，同比分别增长4.3%和6.9%。主要产品产量：汽车22万辆，增长9.5%，其中客车3万辆，增长15.2%。
二、外贸和人口
全年进出口总额310亿元，增长6.2%。民营企业进出口190亿元，占61.3%。港口吞吐量排名由全国第21位升至第18位。
年末常住人口206.8万人，比上年末增加1.3万人，城镇化率64.9%。居民消费价格上涨0.6%。
三、投资和航线
城南污水厂总投资9.6亿元，2026年上半年投产，4月开工。城南污水厂工程完成投资3.1亿元。
新开航线7条，其中内贸航线2条，航线总数达到63条。新增“小巨人”企业8家，累计达到31家。
签约亿元以上项目62个，总投资405亿元，其中50亿元以上项目3个。签约项目中有4个因环评超期。
油菜播种面积12万亩，总产2.4万吨，其中甲类油菜播种面积9万亩，总产1.9万吨。
韩国、泰国、智利为前三大进口来源地。市港务集团董事长呼延烁介绍情况。副市长濮阳澈出席签约仪式，港务局局长车以安致辞。
四、各区情况
湾头区：工业投资 30.2亿元；同比 12.6%；库存 4.1万吨；已入库 2.6万吨。
沙溪区：工业投资 21.8亿元；同比 -3.4%；库存 3.7万吨；已入库 1.5万吨。
五、重点项目
湾头冷库：投资方 甲海公司；总投资 6亿元；进展 已开工。
沙溪船坞：投资方 乙山公司；总投资 8亿元；进展 前期。
北岸粮仓：投资方 丙田公司；总投资 3亿元；进展 已开工。
六、2025年计划
2025年，力争工业企业营业收入达到700亿元，新增航线10条。
""",
    date="2025-02-10",
    sections=(),
)


def _with_headings(document: Document) -> Document:
    text = document.text
    lines = [line for line in text.splitlines() if line[1:2] == "、" and len(line) < 12]
    starts = [text.index(line + "\n") for line in lines]
    ends = [*starts[1:], len(text)]
    found = (Section(line, Span(*at)) for line, *at in zip(lines, starts, ends, strict=True))
    return replace(document, sections=tuple(found))


_HEADED = _with_headings(_BULLETIN)


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("石浦规上工业增速在全省排第几", "第5位"),
        ("石浦的港口吞吐量全国排第几", "第18位"),
        ("2024年12月规上工业增加值增长多少", "9.8%"),
        ("有几个大类行业实现增长", "29个"),
        ("石浦工业企业利润同比增长多少", "6.9%"),
        ("石浦客车产量增速", "15.2%"),
        ("石浦CPI涨了多少", "0.6%"),
        ("石浦民企进出口占多少", "61.3%"),
        ("常住人口比上年末增加多少", "1.3万人"),
        ("城南污水厂什么时候投产", "2026年上半年"),
        ("城南污水厂去年完成投资多少", "3.1亿元"),
        ("城南污水厂总投资多少", "9.6亿元"),
        ("航线一共有多少条", "63条"),
        ("新开了多少条航线", "7条"),
        ("小巨人企业一共多少家", "31家"),
        ("签约亿元以上项目多少个", "62个"),
        ("签约了多少个项目", "62个"),
        ("石浦油菜总产多少", "2.4万吨"),
        ("前三大进口来源地是哪些", "韩国、泰国、智利"),
        ("港务集团董事长是谁", "呼延烁"),
        ("谁在签约仪式上致辞", "车以安"),
        ("湾头区工业投资同比增长多少", "12.6%"),
        ("沙溪区工业投资同比", "-3.4%"),
        ("湾头区已经入库多少万吨", "2.6万吨"),
        ("沙溪船坞的投资方是谁", "乙山公司"),
        ("石浦有哪些重点项目", "湾头冷库、沙溪船坞、北岸粮仓"),
        ("哪些重点项目已开工", "湾头冷库、北岸粮仓"),
        ("石浦工业企业营业收入多少", "640亿元"),
        ("2025年工业企业营业收入目标", "700亿元"),
    ],
)
def test_a_bulletin_is_read_to_the_figure(question: str, short: str) -> None:
    assert [reading.short for reading in _read(question, _HEADED).readings][:1] == [short]


@pytest.mark.parametrize(
    "question",
    [
        "石浦工业增加值多少亿元",
        "进出口总额环比增长多少",
        "湾头区常住人口多少",
        "死亡人口多少",
        "签约百亿元以上项目多少个",
        "城南污水厂什么时候验收",
        "港务局局长的电话是多少",
        "哪些重点项目已竣工",
        "甲海公司总投资多少",
        "石浦播种油菜多少公里",
        "石浦建筑业增加值目标是多少",
    ],
)
def test_a_near_figure_of_a_bulletin_is_not_the_answer(question: str) -> None:
    assert not _read(question, _HEADED).readings


def test_a_plan_is_told_apart_from_what_is_done() -> None:
    passages = _passages(_HEADED)
    spans = [
        Span(_BULLETIN.text.index(t), _BULLETIN.text.index(t) + 5) for t in ("640亿元", "700亿元")
    ]
    places = [next(p for p in passages if p.span.holds(span)) for span in spans]
    for question, planned in (
        ("工业企业营业收入多少", [False, True]),
        ("工业企业营业收入目标多少", [False, False]),
    ):
        judged = [
            judge(understand(question), p, [s])[0].planned
            for p, s in zip(places, spans, strict=True)
        ]
        assert judged == planned


@pytest.mark.parametrize(
    ("question", "stated"),
    [("西陵分馆地址", True), ("文化中心地址", False)],
)
def test_where_something_lies_does_not_tell_where_that_place_is(
    question: str, stated: bool
) -> None:
    text = "西陵分馆设在人民路文化中心二楼。"
    place = Span(text.index("人民路"), len(text) - 1)
    reading = Reading(Document("d", "馆.txt", "", text), Span(0, len(text)), (place,), 0.5)
    assert is_stated_place(understand(question), reading) == stated


def _judged_in(question: str, text: str, told: str) -> Judgement:
    span = Span(text.index(told), text.index(told) + len(told))
    passage = Passage(Document("d", "d.txt", "", text), Span(0, len(text)), 1.0)
    return judge(understand(question), passage, [span])[0]


@pytest.mark.parametrize(
    ("question", "fits"),
    [("云岭机床什么时候签约", True), ("云岭机床签的是哪天", True), ("云岭机床什么时候投产", False)],
)
def test_a_day_in_a_column_is_that_of_its_heading(question: str, fits: bool) -> None:
    row = "云岭机床：投资方 云岭重工；总投资 32亿元；签约时间 2024年5月28日；进展 主体封顶。"
    assert (_judged_in(question, row, "2024年5月28日").fit > 0) == fits


@pytest.mark.parametrize(("question", "fits"), [("海关副关长是谁", True), ("海关关长是谁", False)])
def test_a_deputy_is_not_who_is_asked_for(question: str, fits: bool) -> None:
    text = "麦门海关副关长翟晚汀介绍，通关时间压缩了78.2%。"
    assert (_judged_in(question, text, "翟晚汀").fit > 0) == fits


@pytest.mark.parametrize(
    ("question", "fits"), [("决算比预算多多少亿元", True), ("预算是多少亿元", False)]
)
def test_how_much_more_it_is_is_not_how_much_it_is(question: str, fits: bool) -> None:
    text = "决算数为41.6亿元，比年初批准的预算多3.2亿元。"
    assert (_judged_in(question, text, "3.2亿元").fit > 0) == fits
    assert _judged_in("首付最少百分之几", "首套房首付比例最低20%。", "20%").fit > 0


_IN_FULL = Document(
    "d9",
    "服务.txt",
    "社区暑期服务",
    """社区暑期服务
暑期公益托管班7月7日开班，限40人，伙食费每天20元。
农村商业银行网点5家，区发展和改革委员会核定收费120元。
建筑设计院2024年承接项目12个。
""",
)


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("暑托班伙食费多少钱", "20元"),
        ("农商行网点有几家", "5家"),
        ("区发改委核定收费多少", "120元"),
        # A word that the cutter knows is short for nothing.
        ("建设院2024年承接项目多少个", ""),
        ("农业局网点有几家", ""),
    ],
)
def test_a_short_name_is_met_by_the_full_one(question: str, short: str) -> None:
    assert next((one.short for one in _read(question, _IN_FULL).readings), "") == short


def test_the_end_of_a_name_makes_no_other_word_of_what_follows() -> None:
    document = Document(
        "d", "d.txt", "石原高新区经济运行", "石原高新区工业投资6.5亿元。原高新区主任调任。\n"
    )
    assert _read("石原高新区工业投资多少", document).readings[0].short == "6.5亿元"
    assert not _read("高新区主任是谁", document).readings


def test_an_age_is_an_age_however_it_is_counted() -> None:
    document = Document("d", "d.txt", "招聘公告", "保安报名年龄上限为46周岁，招聘60名。\n")
    assert _read("保安报名最大几岁", document).readings[0].short == "46周岁"


def test_a_number_of_households_is_none_of_estates() -> None:
    document = Document("d", "d.txt", "小区改造", "2024年改造完成19个小区，惠及居民7105户。\n")
    found = [one.short for one in _read("2024年小区改造多少户", document).readings]
    assert found in ([], ["7105户"])
    assert _read("2024年改造完成多少个小区", document).readings[0].short == "19个"


def test_how_one_pays_is_told_in_money() -> None:
    document = Document("d", "d.txt", "充电通知", "小区新装充电口64个，充电每4小时1元。\n")
    assert [one.short for one in _read("小区充电怎么收费", document).readings] in ([], ["1元"])


def test_what_is_named_in_asking_is_no_answer() -> None:
    text = "滨河大学校长更替\n滨河大学校长欧阳明宣布辞职，由副校长周敏接替校长一职。\n"
    document = Document("d", "d.txt", "滨河大学校长更替", text)
    passage = Passage(document, Span(0, len(text)), 1.0)

    def fit(question: str, answer: str) -> float:
        at = text.index(answer)
        return judge(understand(question), passage, [Span(at, at + len(answer))])[0].fit

    assert fit("谁接替欧阳明任滨河大学校长", "欧阳明") == 0.0
    assert fit("谁接替欧阳明任滨河大学校长", "周敏") == 1.0
    assert fit("校长更替指什么", "滨河大学校长更替") == 0.0


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("水表多久抄一次", "每两个月一次"),
        ("药品信息隔多长时间更新一次", "每4小时"),
        ("安全检查几个月做一次", "每季度"),
        ("换表需要多长时间", "3个工作日"),
        ("班车多久一趟", "8分钟"),
        ("密码多长时间换一次", "每90天"),
    ],
)
def test_how_often_is_told_by_each(question: str, short: str) -> None:
    text = (
        "水表每两个月一次抄表。药品信息每4小时更新。安全检查每季度做一次，每人30元。换表需要3个工作日。"
        "班车间隔8分钟。密码每90天更换。\n"
    )
    assert _read(question, Document("d", "d.txt", "规定", text)).readings[0].short == short


def test_a_foreign_name_is_whole_or_none() -> None:
    text = "滨河大学校长约翰·史密斯-琼斯（John）出席。副校长玛丽·布朗致辞。\n"
    document = Document("d", "d.txt", "滨河大学开学", text)
    assert _read("滨河大学校长是谁", document).readings[0].short == "约翰·史密斯-琼斯"
    assert all(one.short != "玛丽" for one in _read("副校长是谁", document).readings)
