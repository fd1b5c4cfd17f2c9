"""Spoken words for those of the documents: 房本 becomes 不动产权证书 where the passages say it so.

Pure. A word is said otherwise only where the passages have another of its group and not itself; figures,
places and names are never changed. Showing what was understood is left to who asks.
"""

import itertools
from collections.abc import Sequence

import rjieba

from qa.figures import fold

# Ways to say one thing at a window, the written one first; words that are wider or narrower than the
# others are in no group.
SAME: tuple[tuple[str, ...], ...] = (
    ("不动产权证书", "不动产权证", "房产证", "房本"),
    ("转移登记", "过户"),
    ("婚姻登记", "结婚登记"),
    ("营业执照", "执照"),
    ("驾驶证", "驾照"),
    ("出生医学证明", "出生证明", "出生证"),
    ("社会保障卡", "社保卡"),
    ("租赁合同", "租房合同", "租约"),
    ("户籍", "户口"),
    ("低保对象", "低保户", "低保家庭"),
    ("残疾人", "残障人士"),
    ("新生儿", "婴儿", "宝宝"),
    ("老年人", "老人"),
    ("志愿者", "义工"),
    ("电动自行车", "电瓶车", "电动车"),
    ("餐饮店", "饭店", "餐馆", "饭馆"),
    ("燃气", "煤气"),
    ("房屋", "房子"),
    ("宿舍", "寝室"),
    ("老旧小区", "老小区"),
    ("剖宫产", "剖腹产"),
    ("发热", "发烧"),
    ("人乳头瘤病毒", "hpv"),
    ("基本养老金", "养老金", "退休金"),
    ("失业保险金", "失业金"),
    ("生育津贴", "产假工资"),
    ("工资", "薪水", "薪资"),
    ("利率", "利息"),
    ("还款", "还贷", "还钱"),
    ("缴费", "交费", "交钱", "缴钱"),
    ("缴纳", "交纳"),
    ("收费", "要钱", "收钱"),
    ("免费", "不要钱", "不收钱", "不用钱", "不花钱"),
    ("预订", "预定"),
    ("补领", "补办", "补发"),
    ("首次", "第一次", "头一次", "头一回", "初次"),
    ("开业", "开张"),
    ("首班", "首班车", "头班车", "早班车"),
    ("末班", "末班车", "晚班车"),
    ("单独考试招生", "单独招生", "单招"),
    ("职业技术学院", "职院"),
    ("政务服务中心", "政务中心", "政务大厅", "办事大厅"),
    ("住房公积金管理中心", "公积金中心"),
    ("医疗保障局", "医保局"),
    ("人力资源和社会保障局", "人社局"),
    ("市场监督管理局", "市场监管局", "市监局"),
    ("发展和改革局", "发展改革局", "发改局"),
    ("自然资源和规划局", "资规局"),
    ("住房和城乡建设局", "住建局"),
    ("卫生健康委员会", "卫健委"),
    ("文化和旅游局", "文旅局"),
    ("居民委员会", "居委会"),
    *((f"周{day}", f"星期{day}", f"礼拜{day}") for day in "一二三四五六日"),
)


def in_their_words(question: str, passages: Sequence[str]) -> str:
    """The question with what it says in spoken words as the passages say it.

    >>> in_their_words("剖腹产补助多少", ["剖宫产每例补助3000元。"])
    '剖宫产补助多少'
    >>> in_their_words("剖腹产补助多少", ["剖腹产每例补助3000元。"])
    '剖腹产补助多少'
    """
    whole = fold("\n".join(passages))
    for group in SAME:
        said = next(
            (word for word in sorted(group, key=len, reverse=True) if word in fold(question)), ""
        )
        told = next((word for word in group if word in whole), "")
        if said and told and said not in whole and _is_whole(fold(question), said):
            at = fold(question).index(said)
            question = question[:at] + told + question[at + len(said) :]
    return question


def _is_whole(question: str, word: str) -> bool:
    """Whether a word begins and ends where words of the question do."""
    ends = {0, *itertools.accumulate(map(len, rjieba.cut(question, hmm=False)))}
    at = question.index(word)
    return {at, at + len(word)} <= ends
