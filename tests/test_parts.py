"""A question for several things comes apart, and any other stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.cases import OWN, read_own
from qa.parts import parts

# The parts after the question; where there are none, it is one.
_CASES = """
望江区2023年常住人口多少，城镇化率多少 | 望江区2023年常住人口多少 | 望江区2023年常住人口，城镇化率多少
望江区2023年出口多少亿元，进口多少亿元 | 望江区2023年出口多少亿元 | 望江区2023年进口多少亿元
望江区GDP多少，白石区多少？ | 望江区GDP多少 | 白石区GDP多少
云岭大桥总投资多少，由谁承建，哪天通车？ | 云岭大桥总投资多少 | 云岭大桥由谁承建 | 云岭大桥哪天通车
我想问一下云岭大桥总投资多少？何时通车？ | 云岭大桥总投资多少 | 云岭大桥何时通车
霁月公司营业收入多少，净利润多少 | 霁月公司营业收入多少 | 霁月公司净利润多少
望江区图书馆什么时候开馆，咨询电话是多少 | 望江区图书馆什么时候开馆 | 望江区图书馆，咨询电话是多少
一般员工住宿标准多少，高管多少 | 一般员工住宿标准多少 | 高管住宿标准多少
霁月公司，员工住宿标准多少，高管多少 | 霁月公司，员工住宿标准多少 | 霁月公司，高管住宿标准多少
人才补贴什么时候截止，材料交给谁 | 人才补贴什么时候截止 | 人才补贴，材料交给谁
训练营每期招收多少人，报名费多少 | 训练营每期招收多少人 | 训练营每期，报名费多少
2024年GDP多少，2023年呢 | 2024年GDP多少 | 2023年GDP多少
望江区固定资产投资是多少，同比呢 | 望江区固定资产投资是多少 | 望江区固定资产投资同比增长多少
GDP是多少以及增速是多少 | GDP是多少 | GDP增速是多少
望江区有多少所小学和多少所中学 | 望江区有多少所小学 | 望江区有多少所中学
望江区2024年GDP多少 增速多少 | 望江区2024年GDP多少 | 望江区2024年GDP增速多少
望江区，2023年工业投资多少，民间投资多少 | 望江区，2023年工业投资多少 | 望江区，2023年民间投资多少
2024年旅游收入，望江区多少、白石区多少 | 2024年旅游收入，望江区多少 | 2024年旅游收入，白石区多少
2024年出口，望江区多少，同比增长多少 | 2024年出口，望江区多少 | 2024年出口，望江区同比增长多少
请对比一下望江区粮食产量，2023年多少，2024年多少？ | 望江区粮食产量，2023年多少 | 望江区粮食产量，2024年多少
《老字号和名店名录》何时印发，文号是什么 | 《老字号和名店名录》何时印发 | 《老字号和名店名录》，文号是什么
一类城市是哪几个，二类城市是哪几个 | 一类城市是哪几个 | 二类城市是哪几个
白石轮渡投了几艘船，明年还要加几艘 | 白石轮渡投了几艘船 | 白石轮渡投了，明年还要加几艘船
一类城市和二类城市的住宿标准分别是多少 | 一类城市的住宿标准是多少 | 二类城市的住宿标准是多少
一类、二类、三类城市补贴分别是多少 | 一类城市补贴是多少 | 二类城市补贴是多少 | 三类城市补贴是多少
总经理和副总经理分别是谁 | 总经理是谁 | 副总经理是谁
望江区工业投资、民间投资和外商投资各多少 | 望江区工业投资多少 | 望江区民间投资多少 | 望江区外商投资多少
2022年、2023年和2024年棉花产量分别是多少 | 2022年棉花产量是多少 | 2023年棉花产量是多少 | 2024年棉花产量是多少
2023年和2024年GDP各多少，增速各多少 | 2023年GDP多少 | 2024年GDP多少 | 2023年GDP增速多少 | 2024年GDP增速多少
望江区2024年GDP和增速分别是多少 | 望江区2024年GDP是多少 | 望江区2024年GDP增速是多少
2024年上半年和下半年的用电量分别是多少 | 2024年上半年的用电量是多少 | 2024年下半年的用电量是多少
2024年望江区一季度、二季度GDP各增长多少 | 2024年望江区一季度GDP增长多少 | 2024年望江区二季度GDP增长多少
望江区2023和2024年常住人口各多少 | 望江区2023年常住人口多少 | 望江区2024年常住人口多少
到2025年和2030年，森林覆盖率分别要达到多少 | 到2025年，森林覆盖率要达到多少 | 到2030年，森林覆盖率要达到多少
望江区和白石区2024年的工业投资分别是多少 | 望江区2024年的工业投资是多少 | 白石区2024年的工业投资是多少
2024年望江区城镇和农村居民人均收入各多少 | 2024年望江区城镇人均收入多少 | 2024年望江区农村居民人均收入多少
2024年望江区财政收入和支出分别是多少 | 2024年望江区财政收入是多少 | 2024年望江区财政支出是多少
和平路和建设路分别全长多少 | 和平路全长多少 | 建设路全长多少
甲公司和乙公司的营业收入分别是多少 | 甲公司的营业收入是多少 | 乙公司的营业收入是多少
云岭中学和白石中学今年各招多少人 | 云岭中学今年招多少人 | 白石中学今年招多少人
王小明和李晓红的职务分别是什么 | 王小明的职务是什么 | 李晓红的职务是什么
100万元和500万元的两类项目，分别由谁审批 | 100万元的项目，由谁审批 | 500万元的项目，由谁审批
纺织和食品两个产业的产值各多少 | 纺织产业的产值多少 | 食品产业的产值多少
发明专利和实用新型专利的资助标准分别是多少 | 发明专利的资助标准是多少 | 实用新型专利的资助标准是多少
第一、第二、第三产业增加值依次是多少 | 第一产业增加值是多少 | 第二产业增加值是多少 | 第三产业增加值是多少
早餐、午餐和晚餐分别补多少 | 早餐补多少 | 午餐补多少 | 晚餐补多少
望江区2023年降水天数和白石区2024年降水天数各是多少天 | 望江区2023年降水天数是多少天 | 白石区2024年降水天数是多少天
国民经济和社会发展公报里，粮食和棉花各多少 | 国民经济和社会发展公报里，粮食多少 | 国民经济和社会发展公报里，棉花多少
研究与试验发展经费2023年、2024年各是多少 | 研究与试验发展经费2023年是多少 | 研究与试验发展经费2024年是多少
对比一下望江区和白石区的GDP增速 | 望江区的GDP增速 | 白石区的GDP增速

国民经济和社会发展统计公报什么时候发布
教育和科技投入增长多少
望江区三大主导产业分别是什么
十个开工项目分别叫什么名字
一类城市和二类城市分别是哪些
望江区重点发展哪些产业
校训提到的一山两水是哪一山、哪两水
2020年、2021年、2022年、2023年、2024年GDP分别是多少
望江区和白石区2023年和2024年的工业投资分别是多少
2023年、2024年上半年GDP增速分别是多少
区长是谁，叫什么名字
谁污染，谁治理是什么意思
无论出差几天，每天补助多少
2024年GDP与去年相比分别增长多少
对比2023年和2024年，GDP增长了多少
东城区和西城区合计有多少人
甲镇和乙镇相差多少人
各区增长多少
2024年各镇街各项投资各是多少
2024年望江区出口是涨是跌，幅度多大
近几年，望江区GDP增长多少
进口呢，增长多少？
请问高企认定奖励多少，谢谢
人走开多久没动，门禁会自己锁上
下半年GDP多少
出差住宿超过限额怎么办
“什么是爱，什么是家”是谁的诗
How many buses and how many drivers are there?
"""


@pytest.mark.parametrize("row", [row for row in _CASES.splitlines() if row])
def test_a_question_comes_apart_only_where_it_asks_for_several_things(row: str) -> None:
    question, *expected = row.split(" | ")
    assert parts(question) == (tuple(expected) or (question,))


# Pieces of questions, so that chance makes questions of them.
_PIECES = (
    "望江区 白石县 2023年 2024年 上半年 工业投资 出口 收入 支出 增速 的 和 、 ， ？ ； 与 分别 各 "
    "是 有 多少 几家 谁 什么时候 两个 产业 呢 对比一下 请问 《和》 “ ” 12万元 30% 另外 增长 哪些 800万元 a"
).split()
_QUESTIONS = st.lists(st.sampled_from([*_PIECES, " "]), max_size=24).map("".join)


@given(_QUESTIONS | st.text(max_size=200))
def test_parts_are_few_short_and_whole(question: str) -> None:
    found = parts(question)
    assert 1 <= len(found) <= 4
    if found != (question,):
        assert all(any(map(str.isalnum, p)) and len(p) < len(question) for p in found)
        assert len(set(found)) == len(found)
    assert all(parts(part) == (part,) for part in found)


def test_a_very_long_question_is_soon_done() -> None:
    for question in (
        "望江区2023年和2024年GDP分别是多少，" * 25,
        "望江区" * 170,
        "收入、支出和" * 80 + "分别多少",
    ):
        assert parts(question) == (question,)


# It asks for two things: which systems, and which versions of them.
_RIGHTLY = {"青屿VPN支持哪几种电脑系统，版本要求是什么？"}


_SEVERAL = {"two_sentence", "two_documents"}


def test_the_questions_of_the_samples_that_ask_for_one_thing_stay_whole() -> None:
    single = [case.question for case in read_own(OWN).cases if case.kind not in _SEVERAL]
    assert {question for question in single if parts(question) != (question,)} <= _RIGHTLY


def test_the_questions_of_the_samples_that_ask_for_two_things_come_apart_in_two() -> None:
    double = [case.question for case in read_own(OWN).cases if case.kind in _SEVERAL]
    assert {len(parts(question)) for question in double} == {2}
