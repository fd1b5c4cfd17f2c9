"""A sentence stands in its evidence or it does not, and what fails is named.

Every wrong sentence here is one that a checker of figures alone would let through.
"""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.verify import Verdict, verify

_GROWTH = (
    "前三季度，云岭区固定资产投资增长12.3%，其中工业投资同比增长24.6%，高新技术产业投资增长71.4%。"
)
_VALUE = "2023年，青禾县完成规模以上工业增加值85.3亿元，较上年下降3.2%，居全市第二位。"
_TARGET = "到2027年，力争全市高新技术企业突破500家，年均增长8%。"
_TRADE = "进口和出口分别增长5%和8%，实际利用外资1.2亿美元。"
_PROJECTS = "云岭区一季度签约项目63个，总投资175.42亿元；开工项目40个。"
_NOTICE = "受理时间为2024年3月1日至4月30日，公示期为5月10日至5月20日，由区科技局负责解释。"
_RULE = "未经批准，任何单位不得占用绿地。补贴政策尚未取消。"
_PEOPLE = "任命沈听澜同志为青禾县水务局局长；任命罗远舟同志为青禾县教育局副局长（试用期一年）。"


@pytest.mark.parametrize(
    ("evidence", "sentence"),
    [
        (_GROWTH, _GROWTH),
        (_GROWTH, "高新技术产业投资同比增速为71.4%。"),
        (_GROWTH, "前三季度，该区高新技术产业投资增长71.4%。"),
        (_GROWTH, "云岭区工业投资前三季度同比增长了24.6%，固定资产投资增长12.3%。"),
        (_GROWTH, "今年前三季度，高新技术产业投资增长七成以上。"),
        (_VALUE, "2023年青禾县规上工业增加值为85.3亿元，同比下降3.2%，位列全市第二。"),
        (_VALUE, "青禾县规模以上工业增加值在2023年达到853000万元。"),
        (_VALUE, "青禾县规上工业增加值约85亿元。"),
        (_TARGET, "全市高新技术企业力争到2027年超过500家。"),
        (_TRADE, "出口增长8%，进口增长5%。"),
        (_PROJECTS, "一季度，云岭区签约63个项目，总投资约175亿元。"),
        (_PROJECTS, "云岭区一季度开工项目40个。"),
        (_NOTICE, "受理截止日期为2024年4月30日。"),
        (_NOTICE, "区科技局负责解释。"),
        (_RULE, "补贴政策尚未取消。"),
        (_PEOPLE, "沈听澜出任青禾县水务局局长。"),
    ],
)
def test_what_stands_in_the_evidence_is_supported(evidence: str, sentence: str) -> None:
    assert verify(sentence, evidence) == Verdict(True)


@pytest.mark.parametrize(
    ("evidence", "sentence", "reason"),
    [
        (_GROWTH, "高新技术产业投资增长72.4%。", "原文中没有“72.4%”"),
        (_GROWTH, "工业投资增长71.4%。", "主体不符"),
        (_GROWTH, "投资增长71.4%。", "主体不符"),
        (_GROWTH, "高新技术产业投资下降71.4%。", "方向不符：原文为增长"),
        (_GROWTH, "高新技术产业投资环比增长71.4%。", "比较基期不符"),
        (_GROWTH, "全年高新技术产业投资增长71.4%。", "期间不符：原文为前三季度"),
        (_GROWTH, "2022年前三季度，工业投资增长24.6%。", "年份不符"),
        (_GROWTH, "青禾县工业投资增长24.6%。", "地点不符：原文为云岭区"),
        (_GROWTH, "全市工业投资增长24.6%。", "地点不符"),
        (_GROWTH, "高新技术产业投资达71.4亿元。", "单位或数量级不符：原文为“71.4%”"),
        (_GROWTH, "工业投资增长24.6%以上。", "界限不符"),
        (_GROWTH, "由于政策支持，工业投资增长24.6%。", "原文没有说原因"),
        (_VALUE, "2023年青禾县规上工业增加值为85.3万元。", "原文为“85.3亿元”"),
        (_VALUE, "2023年青禾县工业增加值为85.3亿元。", "主体不符"),
        (_VALUE, "2023年青禾县规上工业增加值居全市第三位。", "原文中没有“第三位”"),
        (_VALUE, "2023年青禾县规上工业增加值突破85.3亿元。", "界限不符"),
        (_VALUE, "青禾县规上工业增加值约87亿元。", "原文中没有“87亿元”"),
        (_TARGET, "全市高新技术企业已突破500家。", "目标或计划"),
        (_TARGET, "到2027年，力争全市高新技术企业接近500家。", "界限不符：原文为“超过500家”"),
        (_TRADE, "出口增长5%，进口增长8%。", "主体不符"),
        (_TRADE, "实际利用外资1.2亿元。", "原文为“1.2亿美元”"),
        (_PROJECTS, "一季度开工项目63个。", "主体不符"),
        (_PROJECTS, "云岭区一季度项目共103个。", "原文中没有“103个”"),
        (_NOTICE, "公示期自3月1日起。", "说的不是同一件事"),
        (_NOTICE, "受理截止日期为2023年4月30日。", "原文中没有“2023年4月30日”"),
        (_RULE, "任何单位可以占用绿地。", "不是可以"),
        (_PEOPLE, "罗远舟出任青禾县水务局局长。", "说的不是“罗远舟”"),
        (_PEOPLE, "沈听岚出任青禾县水务局局长。", "原文中是"),
        (_PEOPLE, "根据《青禾县干部任用办法》，沈听澜任青禾县水务局局长。", "青禾县干部任用办法"),
    ],
)
def test_what_does_not_is_refused_with_the_reason(
    evidence: str, sentence: str, reason: str
) -> None:
    verdict = verify(sentence, evidence)
    assert not verdict.supported
    assert reason in "；".join(verdict.reasons)


def test_the_date_of_the_document_says_which_year_this_is() -> None:
    evidence = "去年，青禾县新增岗位320个；今年一季度又新增75个。"
    assert verify("2022年，青禾县新增岗位320个。", evidence, date="2023-05-06").supported
    assert not verify("2023年，青禾县新增岗位320个。", evidence, date="2023-05-06").supported
    assert not verify("2022年，青禾县新增岗位320个。", evidence).supported


def test_yesterday_and_last_month_are_told_by_the_date() -> None:
    evidence = "上月，青禾港吞吐量82万吨。"
    assert verify("2022年12月，青禾港吞吐量82万吨。", evidence, date="2023-01-09").supported
    assert not verify("2023年1月，青禾港吞吐量82万吨。", evidence, date="2023-01-09").supported


def test_a_title_or_heading_may_say_where() -> None:
    assert not verify("云岭区投资增长8%。", "投资增长8%。").supported
    assert verify("云岭区投资增长8%。", "投资增长8%。", context="云岭区经济运行").supported


def test_any_of_several_texts_may_bear_a_claim_out() -> None:
    texts = ["云岭区新增岗位320个。", "云岭区关停窑厂4座。"]
    assert verify("云岭区关停窑厂4座，新增岗位320个。", texts).supported
    assert not verify("云岭区关停窑厂4座，新增岗位320个。", texts[:1]).supported


@pytest.mark.parametrize(
    ("by", "to"),
    [
        ("2023年全县工业投资增长12.5亿元。", "2023年全县工业投资增长到12.5亿元。"),
        ("客运量比上年增加30万人次。", "客运量达到30万人次，比上年增加。"),
        ("门票下调60元。", "门票下调到60元。"),
        ("住院床位增加420张。", "住院床位由300张增至420张。"),
        ("早高峰间隔缩短3分钟。", "早高峰间隔缩短至3分钟。"),
        ("水位比警戒水位高出31.42米。", "水位达31.42米，超警戒水位0.42米。"),
    ],
)
def test_by_how_much_is_not_to_how_much(by: str, to: str) -> None:
    for sentence, evidence in ((by, to), (to, by)):
        assert not verify(sentence, evidence).supported


def test_a_figure_after_what_it_exceeds_tells_by_how_much() -> None:
    assert verify("水位比警戒水位高1.42米。", "水位超警戒水位1.42米。") == Verdict(True)
    assert verify("队伍比榜首少4分。", "队伍落后榜首4分。") == Verdict(True)


@pytest.mark.parametrize("empty", ["", " \n", [], [""]])
def test_without_evidence_nothing_is_supported(empty: str | list[str]) -> None:
    assert verify("投资增长8%。", empty).reasons == ("没有给出原文，无从核对",)
    assert not verify(" ", "投资增长8%。").supported


def test_a_score_can_only_refuse() -> None:
    evidence = "云岭区投资增长8%。"
    assert verify(evidence, evidence, score=lambda sentence, text: 0.9).supported
    assert not verify(evidence, evidence, score=lambda sentence, text: 0.1).supported
    assert not verify("云岭区投资增长9%。", evidence, score=lambda sentence, text: 1.0).supported


_PLACES = st.sampled_from(["云岭区", "青禾县", "临江市"])
_INDICATORS = st.sampled_from(["工业投资", "社会消费品零售总额", "地方财政收入", "旅游收入"])
_PERIODS = st.sampled_from(["2023年", "2024年上半年", "2022年前三季度"])


@given(_PLACES, _INDICATORS, _PERIODS, st.decimals("0.1", 99, places=1), st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_figure_is_true_of_its_own_and_of_no_other(
    place: str, indicator: str, period: str, value: object, rises: bool
) -> None:
    word, other = ("增长", "下降") if rises else ("下降", "增长")
    evidence = f"{period}，{place}{indicator}同比{word}{value}%。"
    assert verify(evidence, evidence).supported
    assert verify(f"{place}{period}{indicator}{word}了{value}%。", evidence).supported
    assert not verify(evidence.replace(word, other), evidence).supported
    assert not verify(evidence.replace(place, "南屏区"), evidence).supported
    assert not verify(evidence.replace(indicator, "农业增加值"), evidence).supported
    assert not verify(evidence.replace(period, "2019年"), evidence).supported
    assert not verify(evidence.replace("%", "个百分点"), evidence).supported


@given(st.text(), st.text())
@settings(deadline=None)
def test_nothing_raises_and_a_reason_is_given_for_every_refusal(sentence: str, text: str) -> None:
    verdict = verify(sentence, text)
    assert verdict.supported == (not verdict.reasons)


_CHOIR = (
    "霜河少年合唱团5月12日起招新，报名至20日，周二至周五17:30排练，学费不变。"
    "去年团员186人，比前年多23人；每人补助限额由300元调至450元。"
    "6月2日将举行汇报演出。"
)


@pytest.mark.parametrize(
    "sentence",
    [
        "2023年，霜河少年合唱团团员186人，比2022年多23人。",
        "霜河少年合唱团报名到5月20日截止。",
        "合唱团每人最多可补助450元。",
        "合唱团周三17:30排练。",
        "6月2日，合唱团举行汇报演出。",
    ],
)
def test_days_bases_and_limits_may_be_told_in_full(sentence: str) -> None:
    assert verify(sentence, _CHOIR, date="2024-05-10") == Verdict(True)


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("2023年，霜河少年合唱团团员186人，比2021年多23人。", "比较基期不符"),
        ("霜河少年合唱团5月20日开始报名。", "原文中没有“5月20日”"),
        ("霜河少年合唱团21日截止报名。", "原文中没有“21”"),
        ("合唱团每人至少补助450元。", "界限不符"),
        ("合唱团周六17:30排练。", "原文中没有“周六”"),
        ("合唱团的学费有所调整。", "原文说的是没有变化"),
        ("6月2日，合唱团已举行汇报演出。", "不是已有的事"),
    ],
)
def test_and_are_not_told_otherwise(sentence: str, reason: str) -> None:
    verdict = verify(sentence, _CHOIR, date="2024-05-10")
    assert not verdict.supported
    assert reason in "；".join(verdict.reasons)


_WORDS = "增长下降同比环比云岭区投资一三十百万亿元%个家第0123456789.，。、；年月日今去上半季约超《》“”不未有计划分别"


_DATES = st.sampled_from(["", "2023-11-09", "x", "2023-99-99"])


@given(st.text(_WORDS, max_size=60), st.text(_WORDS, max_size=120), _DATES)
@settings(deadline=None)
def test_what_looks_like_statistics_does_not_raise_either(
    sentence: str, text: str, date: str
) -> None:
    verdict = verify(sentence, text, date=date, context=text[:20])
    assert verdict.supported == (not verdict.reasons)


@pytest.mark.parametrize("piece", [_GROWTH, "增长5%、", "云岭区", "未不没有", "1-", "《", "，"])
def test_no_evidence_takes_long(piece: str) -> None:
    started = time.perf_counter()
    verify("云岭区工业投资增长24.6%。", piece * (5_000 // len(piece)))
    assert time.perf_counter() - started < 100


def _dense(figures: int) -> str:
    """So many sentences of three figures each, no two alike."""
    return "".join(
        f"{2000 + n % 24}年，{'云青临'[n % 3]}岭区第{n}号园区完成投资{n + 100}.{n % 10}亿元，同比增长{n % 97 + 1}.5%。"
        for n in range(figures)
    )


def _seconds(evidence: str) -> float:
    """The fastest of three readings, of texts that no cache knows."""
    taken = []
    for turn in "甲乙丙":
        started = time.process_time()
        verify(f"{turn}地工业投资增长24.6%。", evidence.replace("园区", f"{turn}园区"))
        taken.append(time.process_time() - started)
    return min(taken)


def test_twice_the_text_takes_less_than_three_times_as_long() -> None:
    _seconds(_dense(10))
    short, long = _seconds(_dense(40)), _seconds(_dense(80))
    assert long < 3 * short


_MEASURED = (
    ("占地450亩。", "占地30公顷。", "占地3公顷。"),
    ("收购小麦3000吨。", "收购小麦600万斤。", "收购小麦300万斤。"),
    ("西瓜每公斤3.2元。", "西瓜每斤1.6元。", "西瓜每斤3.2元。"),
    ("演出时长一个半小时。", "演出时长90分钟。", "演出时长150分钟。"),
    ("车程3小时20分。", "车程200分钟。", "车程320分钟。"),
    ("工期18个月。", "工期一年半。", "工期八年。"),
    ("门票五折。", "门票半价。", "门票八折。"),
    ("降水偏少四成三。", "降水偏少43%。", "降水偏少4.3%。"),
    ("产量翻了一番。", "产量增长100%。", "产量增长200%。"),
    ("产量增长1.5倍。", "产量增长150%。", "产量增长15%。"),
    ("票价1元5角。", "票价1.5元。", "票价15元。"),
    ("工期540日历天。", "工期540天。", "工期540个月。"),
    ("窗口早上七点开门。", "窗口7:00开门。", "窗口8:00开门。"),
    ("末班车晚上十点一刻发车。", "末班车22:15发车。", "末班车22:25发车。"),
    ("以三比一取胜。", "以3比1取胜。", "以3比2取胜。"),
    ("年满60周岁免票。", "60岁以上免票。", "60岁以下免票。"),
    ("建筑高度不得超过9米。", "建筑不得高于9米。", "建筑不得低于9米。"),
    ("24小时封顶30元。", "24小时最多30元。", "24小时最少30元。"),
    ("有效期三个月。", "有效期3个月。", "有效期3年。"),
    ("招聘两人。", "招聘2人。", "招聘20人。"),
    ("遗址距今约5,300年。", "遗址距今约5300年。", "遗址距今约3500年。"),
    ("6月至9月发放津贴。", "津贴在6到9月发放。", "津贴在6到8月发放。"),
    ("三季度营收环比增长13.5%。", "三季度营收比二季度增长13.5%。", "三季度营收比一季度增长13.5%。"),
    ("较年初增加12亿元。", "与年初相比，增加12亿元。", "与上月相比，增加12亿元。"),
    ("高峰期间隔由10分钟缩至6分钟。", "高峰期间隔缩短到6分钟。", "高峰期间隔由6分钟延长到10分钟。"),
    ("比警戒水位高1.42米。", "高出警戒水位1.42米。", "低于警戒水位1.42米。"),
)


@pytest.mark.parametrize(("evidence", "right", "wrong"), _MEASURED)
def test_what_is_measured_otherwise_is_the_same_and_nothing_else_is(
    evidence: str, right: str, wrong: str
) -> None:
    assert verify(right, evidence).reasons == ()
    assert not verify(wrong, evidence).supported


@pytest.mark.parametrize(
    ("evidence", "sentence"),
    [
        ("阅览室周二至周日开放，周一闭馆。", "阅览室周一不开放。"),
        ("猪肉均价与前一周持平。", "猪肉均价没有变化。"),
        ("长者食堂开业当日接待460余人次。", "长者食堂在开业那天接待了460多人次。"),
        ("春运首日，东站加开列车22列。", "春运第一天，东站加开了22趟列车。"),
        ("十年减少2.2万人。", "十年间少了2.2万人。"),
        ("合唱团有望连续第六年入围。", "合唱团有望连续六年入围。"),
        ("未裁员或者裁员率不高于5.5%的企业可以申请。", "裁员率不高于5.5%的企业可以申请。"),
        ("1至10月销量31万辆，完成全年目标的78.7%。", "1至10月完成全年目标的78.7%。"),
    ],
)
def test_what_is_put_otherwise_is_supported(evidence: str, sentence: str) -> None:
    assert verify(sentence, evidence).reasons == ()


@pytest.mark.parametrize(
    ("evidence", "sentence"),
    [
        ("阅览室周二至周日开放，周一闭馆。", "阅览室周一开放。"),
        ("法院驳回原告的赔偿请求。", "法院支持原告的赔偿请求。"),
        ("关于菜市场改造补助，暂缓研究。", "会议同意了菜市场改造补助。"),
        ("本次没有记录到云豹，记录兽类29种。", "本次记录到了云豹。"),
        ("项目由院长晏知秋牵头，副院长卢云岫负责工程。", "项目由副院长卢云岫牵头。"),
        ("费用由县财政全额承担。", "费用由县财政和社会捐赠共同承担。"),
        ("起火原因系电焊引燃保温材料。", "起火原因系线路老化短路。"),
        ("如遇大雨，检修顺延。", "遇大雨检修照常进行。"),
        ("河湾小学获小学组冠军，育林中学获初中组冠军。", "育林小学获小学组冠军。"),
        ("续作预计明年开机。", "续作已经开机。"),
    ],
)
def test_the_contrary_in_other_words_is_refused(evidence: str, sentence: str) -> None:
    assert not verify(sentence, evidence).supported
