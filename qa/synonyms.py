"""Ways to say one thing in statistics and offices: indicators, words, deeds.

Tables alone. What a question is held to by them is told by qa/phrases.py and qa/terms.py; qa/spoken.py
says a question in the words of the passages by them.
"""

from pathlib import Path

from qa.figures import fold

# Any of a group stands for any other.
SYNONYMS: tuple[tuple[str, ...], ...] = (
    ("地区生产总值", "生产总值", "gdp", "经济总量"),
    ("规模以上", "规上"),
    ("固定资产投资", "固投"),
    ("研究与试验发展", "研究与实验发展", "研发", "r&d"),
    ("高新技术企业", "高企"),
    ("社会消费品零售总额", "社零总额", "社零", "社消零"),
    ("进出口总额", "进出口总值", "外贸总额", "外贸进出口"),
    ("人均可支配收入", "人均收入"),
    ("实际利用外资", "实际使用外资", "利用外资"),
    ("第一产业", "一产"),
    ("第二产业", "二产"),
    ("第三产业", "三产"),
    ("飞机", "航空", "机票"),
    ("火车", "铁路", "高铁"),
    ("住宿费", "住宿"),
    ("伙食补助", "餐补", "餐费补助"),
    ("世界500强", "世界五百强"),
    ("高新区", "高新技术产业开发区"),
    ("经开区", "经济技术开发区"),
    ("技术改造", "技改"),
    ("高级管理人员", "高管"),
    ("居民消费价格", "cpi"),
    ("综合保税区", "综保区"),
    ("农村商业银行", "农商银行", "农商行"),
    ("不良贷款率", "不良率"),
    ("民营企业", "民企"),
    ("国有企业", "国企"),
    ("外商投资企业", "外资企业", "外企"),
    ("限额以上", "限上"),
    ("抽水蓄能", "抽蓄"),
    ("亩均", "每亩"),
    ("户均", "每户"),
    ("对华", "对我国", "对中国", "在华"),
)
# Of single words, where they are whole: 农民 is in no 农民工, 职工 in no 女职工.
SAME_WORDS: tuple[tuple[str, ...], ...] = (
    ("最低生活保障", "低保"),
    ("居民消费价格", "物价"),
    ("城镇居民", "城里人"),
    ("农村居民", "农民"),
    ("社会保险", "社保"),
    ("医疗保险", "医保"),
    ("营业收入", "营收"),
    ("净利润", "净利"),
    ("企业", "公司"),
    ("员工", "职工"),
    ("患者", "病人"),
    ("儿童", "孩子", "小孩", "小朋友"),
    ("医师", "医生", "大夫"),
    ("暑期", "暑假"),
    ("电脑", "计算机"),
    ("境外", "国外", "海外"),
)
# Of verbs as well, but no evidence has to hold them.
SAME_DEEDS: tuple[tuple[str, ...], ...] = (
    ("施行", "实施", "生效", "执行"),
    ("举行", "举办", "召开"),
    ("批准", "审批", "签批"),
    ("提交", "报送", "递交", "上报"),
    ("印发", "发布", "出台", "制定"),
    ("开门", "开馆", "开放", "营业", "开诊"),
    ("关门", "闭馆"),
    ("购买", "购置", "采购"),
    ("丢失", "遗失"),
    ("乘坐", "搭乘"),
    ("建成", "竣工", "完工"),
    ("通车", "开通"),
    ("招生", "招收新生", "招收"),
    ("在线", "登录"),
)
# Of words that are a part of others (开工率), only whole ones stand for each other. Some of these
# tell how a figure was counted; the figure may stand without them.
SAME_HINTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("开工", "动工"), ("开工", "动工")),
    **dict.fromkeys(("签约", "签下"), ("签约", "签下")),
    **{word: (word,) for word in "总额 总值 总量 单项 单个 单户 人数 家数 户数 次数".split()},
    "总投资额": ("总投资", "投资总额"),
}
# What came in a year is not what there was at its end.
NEWLY = tuple("新增 净增 新认定 新登记 新注册 新设立 新设 新引进 新培育 新入库".split())


def groups_of(text: str) -> tuple[tuple[str, ...], ...]:
    """The groups of a lexicon: one a line, its words parted by spaces; # begins a remark.

    >>> groups_of("# 证件\\n不动产权证书 房本\\n\\n独词")
    (('不动产权证书', '房本'),)
    """
    groups = (tuple(fold(line.partition("#")[0]).split()) for line in text.splitlines())
    return tuple(group for group in groups if len(group) > 1)


# Words for one thing, in lexicon.txt: the written one first; no word stands in two groups.
SAME = groups_of((Path(__file__).parent / "lexicon.txt").read_text(encoding="utf-8"))
SAME_AS = {word: group for group in SAME for word in group}
