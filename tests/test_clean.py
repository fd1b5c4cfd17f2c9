"""Pages as people copy them, each in a layout of its own; all but the first are invented here."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from index import furniture
from index.load import load
from index.types import Document

NEWSPAPER = (
    Path(__file__).parents[2] / "shared" / "data" / "article" / "people_daily_20231109_p15.txt"
)


def headings(document: Document) -> list[str]:
    return [section.heading for section in document.sections]


@pytest.mark.skipif(not NEWSPAPER.exists(), reason="the newspaper page is not public")
def test_the_newspaper_page() -> None:
    page = load(NEWSPAPER.name, NEWSPAPER.read_bytes())
    assert page.title == "杭州钱塘(新)区:打造产业新城 建设一流新区"
    assert (page.date, page.page, page.publication) == ("2023-11-09", "15", "人民日报")
    assert headings(page) == ["“拼经济”彰显钱塘担当", "奋力打造产业新城", "全面推进一流新区建设"]
    assert page.text.startswith(page.title + "\n")
    assert page.text.splitlines()[-1].startswith("数据来源:")
    figures = "71.4% 175.42 504.56 30.9% 111 106 2027 2000 5000 78 145 105 5% 30 1200 3500 415X"
    for figure in figures.split():
        assert figure in page.text
    for (
        word
    ) in "第15版 数据库 星期四 返回目录 上一篇 版权声明 手机报 发送 ios android 微信".split():
        assert word not in page.text


@dataclass(frozen=True)
class Page:
    """A page as copied, what is to be found in it, and what must be gone or stay."""

    name: str
    text: str
    title: str
    date: str = ""
    page: str = ""
    publication: str = ""
    headings: tuple[str, ...] = ()
    gone: str = ""
    kept: str = ""


_INTRO = (
    "湖滨区一季度完成工业投资42.6亿元，同比增长18.3%，其中技术改造投资15.2亿元，增速居全市首位。"
)
_MORE = "新开工亿元以上项目17个，总投资63亿元，涉及传感器、新材料和精密仪器三个领域，年内全部投产。"

PAGES = [
    Page(
        "a daily with its page number behind the date",
        f"""东山日报
2024年03月05日 星期二
第01版：要闻
上一版 下一版
标题导航
版面导航
湖滨区工业投资首季开门红
技术改造成为主要动力
《东山日报》（ 2024年03月05日 01版）
□ 本报记者 沈舟
{_INTRO}
{_MORE}
（本报记者 沈舟）
上一篇 下一篇
东山日报社版权所有 未经授权不得转载
浙ICP备00000000号-1 互联网新闻信息服务许可证33120000000
""",
        title="湖滨区工业投资首季开门红",
        date="2024-03-05",
        page="01",
        publication="东山日报",
        gone="要闻 标题导航 星期二 上一 ICP 版权所有 《东山日报》",
        kept="技术改造成为主要动力 （本报记者 63亿元",
    ),
    Page(
        "a city paper with letters in its page numbers and tools under the title",
        f"""首页 | 往期 | 数字报 | 登录
A03版：经济 上一版 下一版
江城晚报 2024年3月5日 星期二 第A03版
小作坊里走出大品牌
放大 缩小 默认
{_INTRO}
从手工到机器
{_MORE}
数据来源：湖滨区统计局
相关新闻
老街改造进入尾声
春茶上市早了五天
下载江城客户端，看更多新闻
扫一扫二维码关注江城晚报
""",
        title="小作坊里走出大品牌",
        date="2024-03-05",
        page="A03",
        publication="江城晚报",
        headings=("从手工到机器",),
        gone="首页 登录 A03 放大 相关新闻 春茶 老街 客户端 扫一扫",
        kept="数据来源：湖滨区统计局",
    ),
    Page(
        "a notice on a government site",
        f"""湖滨区人民政府门户网站
无障碍阅读 长者版 登录 注册
当前位置：首页 > 政务公开 > 政策文件 > 通知公告
索 引 号：K1234567/2024-00031
主题分类：工业、交通
发文机关：湖滨区人民政府办公室
成文日期：2024年5月6日
发文字号：湖政办发〔2024〕5号
发布日期：2024-05-08
字体：[大 中 小] 打印 分享到：
关于支持企业技术改造的通知
各街道办事处，区级各部门：
{_INTRO}
一、支持范围
本通知所称技术改造，是指企业利用新技术、新工艺、新设备对现有设施进行提升的投资活动。
二、支持标准
对设备投资500万元以上的项目，按投资额的12%给予补助，单个企业全年不超过800万元。
湖滨区人民政府办公室
2024年5月6日
（此件公开发布）
附件：技术改造项目申报表
相关链接
一图读懂：技术改造支持政策
扫一扫在手机打开当前页
主办单位：湖滨区人民政府办公室 承办单位：湖滨区大数据局
网站标识码：3300000001 浙公网安备33010000000001号
版权所有：湖滨区人民政府
""",
        title="关于支持企业技术改造的通知",
        date="2024-05-06",
        publication="湖滨区人民政府办公室",
        headings=("一、支持范围", "二、支持标准"),
        gone="门户网站 无障碍 当前位置 索 K1234567 主题分类 字体 一图读懂 扫一扫 主办单位 标识码 版权所有",
        kept="湖政办发〔2024〕5号 （此件公开发布） 附件：技术改造项目申报表 12% 各街道办事处",
    ),
    Page(
        "an article of a public account",
        f"""点击上方蓝字关注我们
湖滨首季“成绩单”来了
原创 小湖 湖滨发布 2024-04-20 18:30 发表于浙江
{_INTRO}
项目建设跑出加速度
{_MORE}
来源：湖滨区发展和改革局
编辑：小湖 审核：老江
- END -
往期推荐
湖滨新增两条公交线
周末去哪儿看樱花
长按识别二维码关注我们
喜欢就点个在看吧
阅读原文
阅读 3210
分享 收藏 在看 赞
""",
        title="湖滨首季“成绩单”来了",
        date="2024-04-20",
        publication="湖滨发布",
        headings=("项目建设跑出加速度",),
        gone="蓝字 原创 发表于 审核 END 往期推荐 樱花 长按 点个在看 阅读 3210 收藏",
        kept="来源：湖滨区发展和改革局 63亿元",
    ),
    Page(
        "a news portal",
        f"""新闻 财经 体育 娱乐 科技 更多>>
首页 > 财经 > 正文
湖滨工业投资增长18.3%
来源：东山新闻网  2024-05-06 10:22  字号：大 中 小
{_INTRO}
{_MORE}
（责任编辑：林某）
举报/反馈
免责声明：本网站转载的作品仅代表作者观点，不代表本站立场，如有侵权请联系我们删除。
热门推荐
暴雨预警升级为橙色
这家面馆排队两小时
评论 12
登录 注册
""",
        title="湖滨工业投资增长18.3%",
        date="2024-05-06",
        publication="东山新闻网",
        gone="体育 正文 来源 字号 责任编辑 举报 免责声明 热门推荐 面馆 评论",
        kept="42.6亿元 63亿元",
    ),
    Page(
        "an intranet page",
        f"""内网首页 通讯录 流程中心 知识库 退出
您的位置：内网首页 > 制度 > 行政
办公用品领用办法
发布部门：行政部
更新时间：2024-01-15 09:00 浏览次数：356
第一条 为规范办公用品领用，节约开支，各部门按季度提出计划，由行政部统一采购，每人每季度限额120元。
第二条 {_MORE}
行政部
2024年1月12日
上一篇：会议室预订说明
下一篇：访客登记办法
技术支持：信息中心 内线8000
""",
        title="办公用品领用办法",
        date="2024-01-15",
        gone="通讯录 您的位置 浏览次数 356 技术支持 上一篇 访客登记",
        kept="120元 发布部门：行政部",
    ),
    Page(
        "an article about copyright notices, which says what they say",
        f"""网站的“版权声明”该怎么写
{_INTRO.replace("工业", "版权产业")}
版权声明
不少网站在页面底部放一段版权声明，写明一切内容归谁所有、未经许可不得转载，否则追究法律责任。
律师表示，仅有声明并不够，未经授权转载他人作品的，权利人仍要证明侵权事实，才能追究其责任。
怎样才算合理使用
记者调查发现，个人学习、研究使用他人已经发表的作品，可以不经许可，不支付报酬，但应当注明出处。
""",
        title="网站的“版权声明”该怎么写",
        headings=("版权声明", "怎样才算合理使用"),
        kept="页面底部放一段 律师表示 注明出处 追究其责任",
    ),
    Page(
        "an article that ends with its section about copyright notices",
        f"""写好一份声明
{_INTRO.replace("工业", "版权产业")}
版权声明
声明要写明作品归谁所有。未经许可不得转载的，应当写清楚向谁申请许可，怎样支付报酬。
""",
        title="写好一份声明",
        headings=("版权声明",),
        kept="怎样支付报酬",
    ),
    Page(
        "a plain memorandum without any furniture",
        f"""服务器迁移纪要
时间：2024年6月3日
地点：三号会议室
{_INTRO}
会议决定6月底前完成迁移，预算48万元，由信息中心负责，每周五通报进度。
发布日期：2024-06-04
""",
        title="服务器迁移纪要",
        kept="时间：2024年6月3日 地点：三号会议室 发布日期：2024-06-04 48万元",
    ),
    Page(
        "an invitation whose hosts are content",
        f"""湖滨区创新大赛公告
{_INTRO}
一、参赛条件
{_MORE}
主办单位：湖滨区科学技术局
承办单位：湖滨创业中心
联系电话：0900-86120000
""",
        title="湖滨区创新大赛公告",
        headings=("一、参赛条件",),
        kept="主办单位：湖滨区科学技术局 承办单位 联系电话：0900-86120000",
    ),
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_copied_page(page: Page) -> None:
    document = load("网页.txt", page.text.encode())
    assert document.title == page.title
    assert document.text.startswith(page.title + "\n")
    assert (document.date, document.page) == (page.date, page.page)
    assert document.publication == page.publication
    assert headings(document) == list(page.headings)
    assert [word for word in page.gone.split() if word in document.text] == []
    assert [word for word in page.kept.split() if word not in document.text] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_cleaning_again_takes_nothing(page: Page) -> None:
    once = load("网页.txt", page.text.encode()).text
    assert load("网页.txt", once.encode()).text == once


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_middle_is_never_cut(page: Page) -> None:
    """Between two paragraphs even furniture stays: who knows what it is doing there."""
    around = f"标题在此\n{_INTRO}\n{page.text}\n{_MORE}\n"
    text = load("页.txt", around.encode()).text
    assert all("".join(line.split()) in "".join(text.split()) for line in page.text.splitlines())


@pytest.mark.parametrize(
    "line",
    [
        "微信小程序上线首日办件过千",
        "分享经济的下半场",
        "2024年5月6日 湖滨区召开动员大会",
        "关注老年人的“数字鸿沟”",
        "大中小学思政课一体化",
        "打印机采购说明",
        "二维码支付进菜场",
        "扫一扫就能办社保",
        "政务服务新增微信小程序",
    ],
)
def test_titles_that_begin_like_furniture(line: str) -> None:
    document = load("a.txt", f"{line}\n{_INTRO}\n{_MORE}\n".encode())
    assert document.title == line


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("第00003版：要闻", "3"),
        ("A12版", "A12"),
        ("08版·副刊", "08"),
        ("第15版:国际", "15"),
    ],
)
def test_pages_as_printed(line: str, row: str) -> None:
    told = furniture.head_row(line)
    assert told is not None
    assert told.page == row


def test_short_facts_above_a_title_stay() -> None:
    lines = ["公诉机关：东山市人民检察院", "---", "案由：合同纠纷", "关于合同的判决", _INTRO]
    document = load("a.txt", "\n".join([*lines, "登录 注册"]).encode())
    assert all(line in document.text for line in lines)


def test_a_sentence_about_a_service_stays() -> None:
    last = "市民可以扫描二维码或者下载客户端查询办理进度。"
    assert load("a.txt", f"办事指南\n{_INTRO}\n{last}\n".encode()).text.endswith(last + "\n")


def test_a_page_of_furniture_alone_still_has_text() -> None:
    assert "版权所有" in load("a.txt", "登录 注册\n版权所有 湖滨网\n".encode()).text
