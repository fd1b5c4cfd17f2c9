"""A figure belongs to the thing that the evidence says it of, and not to another like it."""

import json

import pytest

from qa.aligned import FEATURES, SHIPPED
from qa.verify import verify

_GRADES = "全区评出A类企业58家、B类企业296家、C类企业41家。"
_LINES = "2号线日均客流31.5万人次，4号线22.4万人次，换乘站点9座。"
_PRIZES = "大赛设一等奖5名、二等奖12名，参赛选手430名。"
_SHARES = "化工园全年完成产值92.6亿元，其中精细化工37.1亿元；用工6,300人，其中技师820人。"


@pytest.mark.parametrize(
    ("evidence", "sentence"),
    [
        (_GRADES, "B类企业296家。"),
        (_GRADES, "评为A类的企业有58家，B类和C类的分别有296家和41家。"),
        (_LINES, "4号线每天平均有22.4万人次乘坐。"),
        (_PRIZES, "二等奖共12名，一等奖5名。"),
        (_SHARES, "精细化工的产值达到37.1亿元。"),
        (_SHARES, "园区用工共6300人，当中技师有820人。"),
    ],
)
def test_a_figure_may_be_told_of_its_own_thing_in_other_words(evidence: str, sentence: str) -> None:
    assert verify(sentence, evidence).reasons == ()


@pytest.mark.parametrize(
    ("evidence", "sentence"),
    [
        (_GRADES, "B类企业58家。"),
        (_GRADES, "全区有C类企业296家。"),
        (_LINES, "4号线日均客流31.5万人次。"),
        (_PRIZES, "大赛设二等奖5名。"),
        (_PRIZES, "一等奖共12名。"),
        (_SHARES, "精细化工完成产值92.6亿元。"),
        (_SHARES, "园区有技师6300人。"),
    ],
)
def test_a_figure_of_another_thing_is_refused(evidence: str, sentence: str) -> None:
    assert not verify(sentence, evidence).supported


def test_the_shipped_weights_are_those_of_the_features() -> None:
    weights = json.loads(SHIPPED.read_text(encoding="utf-8"))["weights"]
    assert tuple(weights) == FEATURES
