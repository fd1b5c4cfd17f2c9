"""A follow-up is said in full from the earlier questions, and what stands by itself is not touched.

Every name in the conversations is invented. What is asked of the real assistant is in the cases
with a history of eval/sets.
"""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.cases import OWN, read_own
from qa.condense import standalone
from qa.types import Turn

_INVESTMENT = "2024年东岚县固定资产投资是多少"
_BRIDGE = "霁川大桥总投资多少"
_TRIP = "普通职工去天津出差住宿标准是多少"

# What was asked before (by " / " where several), what is asked now, what that means.
_RESOLVED = [
    # a kind of what is counted, one of a like kind
    ("瓷器展展出多少件文物", "一级文物呢", "瓷器展展出多少件一级文物"),
    ("展览门票成人多少钱", "学生呢", "展览门票学生多少钱"),
    ("2024年东岚县公路投资多少", "水运呢", "2024年东岚县水运投资多少"),
    # another period
    (_INVESTMENT, "2023年呢", "2023年东岚县固定资产投资是多少"),
    (_INVESTMENT, "那2022年是多少", "2022年东岚县固定资产投资是多少"),
    (_INVESTMENT, "23年呢？", "2023年东岚县固定资产投资是多少"),
    (_INVESTMENT, "2023呢", "2023年东岚县固定资产投资是多少"),
    (_INVESTMENT, "前一年呢", "2023年东岚县固定资产投资是多少"),
    (_INVESTMENT, "上年呢", "2023年东岚县固定资产投资是多少"),
    (_INVESTMENT, "再前一年呢", "2023年东岚县固定资产投资是多少"),
    (_INVESTMENT, "去年呢？", "去年东岚县固定资产投资是多少"),
    (_INVESTMENT, "前三季度呢", "2024年前三季度东岚县固定资产投资是多少"),
    (_INVESTMENT, "上半年的呢", "2024年上半年东岚县固定资产投资是多少"),
    (_INVESTMENT, "2023年上半年呢", "2023年上半年东岚县固定资产投资是多少"),
    (_INVESTMENT, "2023年", "2023年东岚县固定资产投资是多少"),
    ("2024年一季度东岚县出口是多少", "上年同期呢", "2023年一季度东岚县出口是多少"),
    ("2024年一季度东岚县出口是多少", "二季度呢", "2024年二季度东岚县出口是多少"),
    ("东岚县2023年末常住人口有多少", "2022年呢", "东岚县2022年末常住人口有多少"),
    ("东岚县出口是多少", "2023年呢", "2023年东岚县出口是多少"),
    ("今年东岚县出口是多少", "前一年呢", "去年东岚县出口是多少"),
    ("二〇二四年东岚县出口是多少", "2023年呢", "2023年东岚县出口是多少"),
    ("6月5日霁川大桥通过了多少辆车", "6月6日呢", "6月6日霁川大桥通过了多少辆车"),
    ("2024年东岚县出口增长多少", "那2022年是多少", "2022年东岚县出口增长多少"),
    (_INVESTMENT, "那2024年呢", _INVESTMENT),
    # another question about the same
    (_INVESTMENT, "同比呢？", "2024年东岚县固定资产投资同比增长多少"),
    (_INVESTMENT, "环比呢", "2024年东岚县固定资产投资环比增长多少"),
    (_INVESTMENT, "增速呢", "2024年东岚县固定资产投资增速是多少"),
    (_INVESTMENT, "增长多少", "2024年东岚县固定资产投资增长多少"),
    (_INVESTMENT, "增长了吗", "2024年东岚县固定资产投资增长多少"),
    (_INVESTMENT, "下降了多少", "2024年东岚县固定资产投资下降了多少"),
    ("东岚县工业投资2024年是多少", "占比呢", "东岚县工业投资2024年占比是多少"),
    (_INVESTMENT, "2023年增长多少", "2023年东岚县固定资产投资增长多少"),
    ("东岚县2024年有多少家高新技术企业", "同比呢", "东岚县2024年高新技术企业同比增长多少"),
    ("东岚县落户的重大项目有几个", "主要是哪些产业", "东岚县落户的重大项目主要是哪些产业"),
    # another indicator
    (_INVESTMENT, "那工业投资呢？", "2024年东岚县工业投资是多少"),
    (_INVESTMENT, "其中技改投资多少", "2024年东岚县技改投资是多少"),
    (_INVESTMENT, "社会消费品零售总额呢", "2024年东岚县社会消费品零售总额是多少"),
    (_INVESTMENT, "那民间投资增长多少", "2024年东岚县民间投资增长多少"),
    ("2024年东岚县出口增长多少", "进口呢，增长多少？", "2024年东岚县进口增长多少"),
    ("2024年东岚县出口是多少", "进口呢，增长多少？", "2024年东岚县进口增长多少"),
    ("东岚县2024年一般公共预算收入多少", "支出呢", "东岚县2024年一般公共预算支出多少"),
    ("东岚县2024年城镇居民人均收入是多少", "农村的呢", "东岚县2024年农村居民人均收入是多少"),
    ("东岚县2024年城镇居民人均收入是多少", "农村居民呢", "东岚县2024年农村居民人均收入是多少"),
    ("霁川二线高峰时段多久一班", "平峰呢", "霁川二线平峰时段多久一班"),
    ("二类城市住宿标准是多少", "三类城市呢", "三类城市住宿标准是多少"),
    ("云汀集团的年假有几天", "婚假呢", "云汀集团的婚假有几天"),
    ("东岚县有多少家高新技术企业", "科技型中小企业呢", "东岚县有多少家科技型中小企业"),
    ("云汀科技净利润是多少", "营业收入呢", "云汀科技营业收入是多少"),
    # another place, thing, kind of people, code, quantity
    (_INVESTMENT, "那南屏区呢", "2024年南屏区固定资产投资是多少"),
    (_INVESTMENT, "那南屏区的工业投资呢", "2024年南屏区工业投资是多少"),
    ("霁川市南屏区2024年出口多少", "那西圃区呢", "霁川市西圃区2024年出口多少"),
    ("2024年全县出口多少", "南屏区呢", "2024年南屏区出口多少"),
    ("固定资产投资是多少", "南屏区呢", "南屏区固定资产投资是多少"),
    (_TRIP, "那去重庆呢？", "普通职工去重庆出差住宿标准是多少"),
    (_TRIP, "高管呢", "高管去天津出差住宿标准是多少"),
    (_TRIP, "伙食补助呢", "普通职工去天津出差伙食补助是多少"),
    ("霁川大桥的责任人是谁", "那棠溪水库呢", "棠溪水库的责任人是谁"),
    ("打印机报A102是什么意思", "A305呢", "打印机报A305是什么意思"),
    ("合同金额200万元由谁审批", "如果是50万元呢", "合同金额50万元由谁审批"),
    ("南屏区2025年做优海洋装备集群由谁牵头", "那社区养老服务呢", "南屏区2025年社区养老服务由谁牵头"),
    ("全区出口是多少", "全市呢", "全市出口是多少"),
    ("霁川市南屏区2024年出口多少", "全市呢", "霁川市2024年出口多少"),
    # what it is about is not said
    (_BRIDGE, "它什么时候通车", "霁川大桥什么时候通车"),
    (_BRIDGE, "什么时候通车？", "霁川大桥什么时候通车"),
    (_BRIDGE, "责任人是谁", "霁川大桥责任人是谁"),
    (_BRIDGE, "全长呢", "霁川大桥全长是多少"),
    ("霁川大桥什么时候通车", "这个项目总投资多少", "霁川大桥总投资多少"),
    ("棠溪水库管理办法有几章", "该办法何时施行", "棠溪水库管理办法何时施行"),
    ("棠溪水库配了多少名管理员", "他们一个月工资多少", "棠溪水库管理员一个月工资多少"),
    ("霁川海洋研究院的院长是谁", "副院长是谁", "霁川海洋研究院副院长是谁"),
    ("云汀集团2024年净利润多少", "它的员工有多少名", "2024年云汀集团员工有多少名"),
    ("云汀集团2024年净利润多少", "那棠溪股份2023年呢", "棠溪股份2023年净利润多少"),
    ("南屏路改造工程由谁负责", "竣工时间呢", "南屏路改造工程竣工时间是什么时候"),
    # What narrows is added; a unit goes with what it counts.
    ("东岚县居民人均收入是多少", "城镇的呢", "东岚县城镇居民人均收入是多少"),
    ("东岚县2024年新增就业多少人", "失业率呢", "东岚县2024年失业率是多少"),
    ("2024年东岚县进出口总额是多少", "出口呢", "2024年东岚县出口是多少"),
    ("2024年东岚县进出口总额多少亿元", "多少美元", "2024年东岚县进出口总额多少美元"),
    ("2024年东岚区税收多少", "一季度增长多少", "2024年一季度东岚区税收增长多少"),
    ("经理可以坐头等舱吗", "普通员工呢", "普通员工可以坐头等舱吗"),
    # several turns
    (f"{_INVESTMENT} / 那工业投资呢", "同比呢", "2024年东岚县工业投资同比增长多少"),
    (f"{_INVESTMENT} / 同比呢", "2023年呢", "2023年东岚县固定资产投资同比增长多少"),
    (f"{_INVESTMENT} / 谢谢", "2023年呢", "2023年东岚县固定资产投资是多少"),
    (f"{_INVESTMENT} / {_BRIDGE}", "什么时候通车", "霁川大桥什么时候通车"),
    (f"{_INVESTMENT} / 前一年呢", "再前一年呢", "2022年东岚县固定资产投资是多少"),
    # English
    ("How much was invested in Donglan in 2024?", "And in 2023?", "How much was invested in Donglan in 2023"),
    ("What were the exports of Donglan in 2024?", "what about imports?", "What were the imports of Donglan in 2024"),
]  # fmt: skip

# Unchanged: complete, about something else, or unclear.
_UNCHANGED = [
    (_INVESTMENT, "全市呢"),
    (_INVESTMENT, "全省呢？"),
    (_INVESTMENT, "全国的工业投资呢"),
    (_INVESTMENT, "那全市增长多少"),
    ("固定资产投资是多少", "前一年呢"),
    ("东岚县2023年和2024年出口分别是多少", "2022年呢"),
    ("《2023年东岚县补助办法》什么时候施行", "前一年呢"),
    ("霁川海洋研究院的院长是谁", "他多大年纪"),
    ("东岚县有哪些龙头企业", "它们的产值是多少"),
    ("2024年东岚县出口增长多少", "该公司净利润多少"),
    (f"{_INVESTMENT} / 全市呢", "同比呢"),
    (_TRIP, "一般员工住宿限额多少"),
    (_TRIP, "2024年南屏区出口是多少"),
    (_TRIP, "什么叫免申即享"),
    (_TRIP, "谁牵头建设霁川大桥二期工程"),
    (_INVESTMENT, "那云汀集团的年假有几天"),
    (_INVESTMENT, "云汀集团有多少名员工呢"),
    (_INVESTMENT, "为什么呢"),
    (_INVESTMENT, "然后呢"),
    (_INVESTMENT, "还有多少"),
    (_INVESTMENT, "还有呢"),
    (_INVESTMENT, "谢谢！"),
    (_INVESTMENT, "你好"),
    (_INVESTMENT, "现在几点了"),
    (_INVESTMENT, "今天天气怎么样"),
    (_INVESTMENT, "300万元呢"),
    (_INVESTMENT, "B205呢"),
    (_INVESTMENT, ""),
    (_INVESTMENT, "？？"),
    (_INVESTMENT, "What is the total investment of Jichuan bridge?"),
    ("2024年东岚县进出口总额是多少", "其中出口占比多少"),
    ("", "2023年呢"),
    ("你好", "2023年呢"),
    ("那曲市出口是多少", "那曲市2024年出口是多少"),
]


def _history(before: str) -> list[Turn]:
    """The turns of a conversation; no answer may ever get into a question."""
    return [Turn(question, "西圃区2019年12.5亿元，增长3.1%") for question in before.split(" / ")]


@pytest.mark.parametrize(("before", "question", "meant"), _RESOLVED)
def test_a_follow_up_is_said_in_full(before: str, question: str, meant: str) -> None:
    assert standalone(question, _history(before)) == meant
    assert standalone(meant, _history(before)) == meant


@pytest.mark.parametrize(("before", "question"), _UNCHANGED)
def test_what_is_complete_or_unclear_is_left_as_it_is(before: str, question: str) -> None:
    assert standalone(question, _history(before)) == question


def test_only_the_last_turns_count() -> None:
    old = [Turn(_INVESTMENT, "")]
    assert standalone("2023年呢", old + [Turn("谢谢", "")] * 5) != "2023年呢"
    assert standalone("2023年呢", old + [Turn("谢谢", "")] * 6) == "2023年呢"


def test_the_question_stays_bounded() -> None:
    long = [Turn("东岚县" * 100 + "出口是多少", "")]
    assert standalone("2023年呢", long) == "2023年呢"
    assert standalone("2023年呢", [Turn("东" * 100_000, "")]) == "2023年呢"


_PIECES = [
    *{piece for before, question, _ in _RESOLVED for piece in (before, question)},
    "的",
    "？",
]
_TEXTS = st.one_of(
    st.text(max_size=60), st.lists(st.sampled_from(_PIECES), max_size=3).map("".join)
)


@settings(deadline=None, max_examples=150)
@given(_TEXTS, st.lists(_TEXTS, max_size=3))
def test_it_never_raises_and_only_repeats_itself(question: str, earlier: list[str]) -> None:
    history = [Turn(text, "") for text in earlier]
    found = standalone(question, history)
    assert found == question or 0 < len(found) <= 500
    assert standalone(question, history) == found


@given(st.text())
def test_without_history_nothing_changes(question: str) -> None:
    assert standalone(question, []) == question


def test_complete_questions_are_left_as_they_are_after_any_other() -> None:
    asked = [case.question for case in read_own(OWN).cases if not case.history]
    choose = random.Random(7)
    pairs = [choose.sample(asked, 2) for _ in range(200)]
    changed = [pair for pair in pairs if standalone(pair[0], [Turn(pair[1], "")]) != pair[0]]
    assert len(changed) <= 0.03 * len(pairs), changed
