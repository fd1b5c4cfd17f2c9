"""What single lines of a page are: navigation, bylines of a web site, advertising, legal notices.

Only lines are judged here, by general signs and not by any one site's; whether a line stands where
furniture stands, and may go, is decided in index/clean.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from index.dates import DATE, begins_with_date, ends_with_date, first_date, iso
from index.lines import HAN, squeeze

# --- words of navigation: a line that consists of them says nothing ------------------------------
_NAVIGATION = (
    "首页 网站首页 返回首页 返回目录 返回列表 目录 版面目录 版面导航 版面概览 标题导航 往期 往期回顾 往期报纸 "
    "上一篇 下一篇 上一版 下一版 上一期 下一期 上一页 下一页 上一条 下一条 返回 回到顶部 返回顶部 顶部 top 更多 "
    "查看更多 加载更多 more 展开 展开全文 收起 阅读全文 查看原文 阅读原文 返回上一页 用户中心 个人中心 我的收藏"
).split()
_TOOLS = (
    "放大 缩小 默认 还原 全文复制 复制全文 复制 复制链接 "
    "朗读 朗读本文 语音播报 听新闻 打印 打印本页 打印本文 打印此页 "
    "关闭 关闭窗口 关闭本页 收藏 加入收藏 设为首页 分享 分享到 分享至 转发 一键分享 字体 字号 字体大小 文字大小 "
    "大 中 小 超大 大号 中号 小号 正常 a a+ a- "
    "+ - 简体 繁体 english 无障碍 无障碍阅读 无障碍浏览 长者版 长者模式 适老版 "
    "关怀版 大字版 保护视力色 视力保护色 网页版 手机版 移动版 电脑版 导出 下载pdf pdf下载 查看pdf 纠错"
).split()
_SOCIAL = (
    "微信 微博 新浪微博 腾讯微博 微信公众号 官方微信 官方微博 公众号 "
    "qq qq空间 qq好友 朋友圈 微信好友 微信朋友圈 抖音 快手 "
    "头条 今日头条 客户端 下载客户端 客户端下载 下载app app下载 app 点赞 "
    "赞 在看 好看 喜欢 评论 发表评论 查看评论 我要评论 "
    "写评论 举报 反馈 意见反馈 我要纠错 关注 已关注 +关注 加关注 关注我们 "
    "原创 转载 订阅 rss 阅读 赞赏 喜欢作者 写留言 留言 "
    "扫一扫 微信扫一扫 举报/反馈 投稿"
).split()
_SITE = (
    "登录 注册 退出 登出 注销 搜索 检索 高级检索 搜本站 "
    "站内搜索 网站地图 站点地图 联系我们 关于我们 加入我们 诚聘英才 广告服务 "
    "广告合作 网站声明 隐私政策 隐私声明 用户协议 服务条款 法律声明 "
    "免责声明 版权声明 帮助 帮助中心 常见问题 使用帮助 友情链接 "
    "邮箱 内部邮箱 新闻 要闻 时政 国际 国内 财经 体育 娱乐 科技 社会 "
    "军事 教育 健康 汽车 房产 视频 图片 直播 专题 评论 地方 滚动 "
    "政务 政务公开 政务服务 政民互动 互动交流 信息公开 政府信息公开 新闻中心 公告公示 通知公告 政策文件 办事服务 "
    "网上办事 数据开放 数据 领导之窗 机构职能 工作台 待办 "
    "待办事项 通讯录 流程中心 文档中心 知识库 公司门户 内网首页 门户首页"
).split()
NAVIGATION_WORDS = frozenset(map(squeeze, [*_NAVIGATION, *_TOOLS, *_SOCIAL, *_SITE]))
_NAVIGATION_RUN = re.compile(
    "(?:" + "|".join(map(re.escape, sorted(NAVIGATION_WORDS, key=len, reverse=True))) + ")+"
)
# Words that belong beside an article's title and not above it.
_BESIDE_TITLE = frozenset(map(squeeze, [*_TOOLS, *_SOCIAL]))
_SEPARATORS = re.compile(r"[\s|｜/>»›·•\[\]【】（）()]+")

# --- labelled facts in the head of a page ---------------------------------------------------------
SOURCES = "信息来源 文章来源 稿件来源 新闻来源 消息来源 来源 稿源".split()
DATED = (
    "发布时间 发布日期 发表时间 发表日期 发稿时间 公开日期 公开时间 更新时间 更新日期 生成日期 录入时间"
).split()
# Who issued it, when, under which number: people ask for these, so they stay in the text.
OFFICIAL = (
    "发文机关 发布机构 发文单位 制发机关 成文日期 成文时间 发文日期 印发日期 发文字号 文号 文件编号 "
    "统一编号 有效性 文件状态 施行日期 实施日期 生效日期 废止日期 失效日期 作者"
).split()
CATALOGUE = (
    "信息索引号 索引号 索取号 主题分类 主题词 体裁分类 组配分类 "
    "信息分类 所属分类 公开方式 公开范围 公开时限 公开形式 "
    "公开程度 责任编辑 责编 编辑 校对 审核 初审 复审 终审 "
    "监制 浏览次数 浏览量 阅读次数 阅读量 点击数 点击次数 点击率 "
    "访问量 访问次数 人气 字号 字体 字体大小 文字大小 视力保护色 "
    "保护视力色 分享 分享到 分享至 语音播报 点击 浏览 阅读"
).split()
TITLES = ["标题", "文件名称", "信息名称"]
_LABELS = [*SOURCES, *DATED, *OFFICIAL, *CATALOGUE, *TITLES]
_ISSUED = ("成文日期", "成文时间", "发文日期", "印发日期")
_FIELD = re.compile(
    r"(?:^|(?<=[\s|｜；;\[【（(]))("
    + "|".join(r"\s*".join(label) for label in sorted(_LABELS, key=len, reverse=True))
    + r")\s*[:：]\s*"
)
_LONGEST_VALUE = 60

# --- rows of a newspaper page or a portal ----------------------------------------------------------
_PAGE = r"第?\s*(?P<page>[A-Za-z]?\d{1,5}[A-Za-z]?)\s*版"
_EDITION = re.compile(rf"{_PAGE}(?:\s*[:：|｜·•]\s*\S.{{0,12}}|\s?[{HAN}]{{0,6}})?")
_PAGE_IN_ROW = re.compile(_PAGE)
_DATELINE = re.compile(
    r"[《〈]\s*(?P<name>[^》〉]{2,20}?)\s*[》〉]\s*[（(](?P<inside>[^（）()]{6,60})[）)]"
)
_WEEKDAY = re.compile(r"(?:星期|周)[一二三四五六日天]")
_TIME = re.compile(r"(?<!\d)\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?!\d)")
_COUNT = re.compile(
    r"(?:阅读|浏览|评论|点击|点赞|分享|收藏|人气|赞)量?[:：]?\d[\d.万+]*|\d[\d.万+]*(?:次|人)?(?:阅读|浏览|评论|点赞)"
)
_PLACE = re.compile(rf"发表于[{HAN}]{{2,8}}|[{HAN}]{{2,6}}发布于[{HAN}]{{2,6}}")
_CALENDAR = re.compile(
    r"农历\S{2,12}|(?:总)?第\d+期|今日\d+版|(?:国内统一)?刊号\S*|cn\d\S*", re.IGNORECASE
)
_BREADCRUMB = re.compile(
    r"(?:您的位置|您?的?(?:当前|现在|所在|目前)的?(?:所在)?的?位置|您所在的位置|位置)(?:是|为)?\s*[:：].{0,80}"
    r"|(?:网站|门户|内网)?首页\s*[>›»/→＞].{0,80}"
)
_BANNER = re.compile(
    r".{0,24}(?:数据库|数字报|电子版|电子报|多媒体数字报|新闻客户端|官方网站)(?:平台)?[（(]?[\d\-—～年至今]*[)）]?"
)
_ISSUER = re.compile(
    rf"[{HAN}（）()]{{2,30}}"
    "(?:局|委|办|厅|政府|部|公司|集团|中心|院|会|处|科|(?<!会议)室|所|队|社|站|校|大学|组|海关|银行|分行|支行)"
)
# What stands behind the date of issue.
_SENT_OUT = re.compile("(?:发布|印发|公布)$")
_PUBLICATION = re.compile(
    rf"《?([{HAN}A-Za-z0-9·]{{1,14}}?(?:报|网|刊|社|台|发布|新闻|在线|周刊|客户端|杂志|频道|中心|委|办|局|厅|政府|融媒))》?"
)

# --- the foot of a page ----------------------------------------------------------------------------
_IMPRINT = re.compile(
    r"icp(?:备|证)|公网安备|网站标识码|版权所有|copyright|©|\(c\)20|allrightsreserved|增值电信业务|备案号"
    r"|信息网络传播视听节目|互联网新闻信息服务许可|广播电视节目制作经营|广告经营许可|不良信息举报|举报电话|举报邮箱"
    r"|网站支持ipv6|建议使用.{0,20}(?:浏览器|分辨率)|最佳浏览效果|您是第\d+位|技术支持[:：]|技术维护[:：]"
)
_HOST = re.compile(
    r"^(?:主办|承办|协办|指导|维护|运营|运维)(?:单位)?[:：]|^(?:网站)?(?:管理|维护)[:：]"
)
# Orders to the reader, which no article gives; what else advertises is only believed at the end.
_APPEAL = re.compile(
    r"点击(?:上方|下方|左下方|右下角|蓝字)|长按(?:识别|扫描|关注|图片|二维码)|蓝字关注|设为星标|加个星标"
    r"|关注.{0,14}公众号|欢迎(?:关注|订阅|扫码|下载)|扫描?(?:下方|上方|左侧|右侧|此)二维码|点(?:个|亮)在看"
    r"|分享[、,，]点赞|点赞[、,，](?:分享|在看|转发)|一键三连|喜欢就|↓↓|戳这里|转发给更多|侵删|转载请(?:注明|联系)"
    r"|扫一扫.{0,4}在手机(?:上)?(?:打开|浏览|查看|阅读)"
)
_ADVERTISING = re.compile(
    r"手机报$|发送\S{0,16}\d{5,}|^(?:ios|android|安卓|iphone|ipad|鸿蒙|微信小程序)(?:版|客户端|下载)?$"
    r"|扫一扫|扫码|二维码|微信号[:：]|下载.{0,12}(?:客户端|app)|(?:客户端|app)下载|点击.{0,4}在看|已关注|人已赞"
    r"|^[-—–]*(?:end|theend|全文完|完)[-—–]*$|^[上下]一[篇条则][:：]"
)
_EDITOR = re.compile(
    r"^[（(【\[]?(?:(?:本文|本期|本版|网络|值班)?(?:责任编辑|责编|编辑|校对|审核|编审|审读"
    r"|审签|美编|排版|监制|初审|复审|终审|二审|三审|一审|统筹)"
    r"[:：丨|/].{1,30})[）)】\]]?$"
)
_SHORT_NOTICE = re.compile(
    r"[（(【\[]?(?:本[文报网刊站].{0,10})?未经.{0,16}(?:授权|许可|同意|允许)[,，]?(?:请勿"
    r"|不得|严禁|谢绝|禁止).{0,12}(?:转载|使用)?[。！!]?[）)】\]]?"
)
_LEGAL_OPENERS = frozenset(
    "版权声明 版权说明 版权与免责声明 版权和免责声明 免责声明 免责条款 法律声明 特别声明 声明 "
    "网站声明 转载声明 权利声明 著作权声明".split()
)
_LIST_OPENERS = re.compile(
    r"[【\[◆■●▌▍|]*(?:(?:相关|延伸|推荐|热门|热点|精彩|往期|最新|更多|本类|今日|24小时|一周|编辑)"
    r"(?:链接|阅读|新闻|文章|稿件|推荐|报道|回顾|精选|评论|热门|内容|资讯"
    r"|专题|要闻|精彩|热点|热搜|排行|热榜|栏目|信息|资料|文件|解读|政策)"
    r"|猜你喜欢|大家都在看|为你推荐|网友评论|全部评论|评论区|精选留言"
    r"|热搜榜?|排行榜|点击排行|阅读排行|新闻排行|友情链接|评论\d*条?|共?\d+条评论)[】\]:：>»]*"
)

# --- what a legal notice says ----------------------------------------------------------------------
_OURSELVES = re.compile(
    r"本(?:网|站|报|刊|社|平台|公众号|页面|媒体|号"
    r"|app|客户端)|《[^》]{2,16}》(?:[（(]|.{0,6}(?:一切|所有|全部)内容)|有限(?:责任)?公司|我们|报社|杂志社"
)
_CLAIMS = (
    re.compile(r"未经.{0,40}?(?:授权|许可|同意|允许)"),
    re.compile(r"转载|摘编|镜像|复制|盗用|转贴"),
    re.compile(r"追究|侵权|侵犯.{0,8}权|法律责任"),
    re.compile(
        r"(?:一切|所有|全部).{0,10}(?:内容|作品|文字|稿件)|(?:版权|著作权|知识产权).{0,12}(?:归|属|所有)"
    ),
    re.compile(r"不得|严禁|请勿|谢绝|禁止"),
    re.compile(r"(?:联系|通知|告知).{0,14}(?:删除|处理|更正|下架)|侵删"),
    re.compile(
        r"不代表|仅供参考|仅供.{0,20}(?:学习|研究|阅读)|文责自负|不承担|不构成.{0,8}建议|传递更多信息"
    ),
)
_REPORTED = re.compile(
    r"表示|认为|指出|记者|法院|律师|专家|案例|介绍|建议|提醒|例如|比如|调查|判决|说[:：,，。]|应当写|应写"
)

# --- what stays, wherever it stands -----------------------------------------------------------------
_CONTENT = re.compile(
    r"^(?:(?:数据|资料|图片|图表|数字)(?:来源|提供)|附件|附表|附[:：]|注[:：]"
    r"|备注|说明[:：]|图为|制图|制表|摄影|联系(?:人|电话|方式)|咨询|"
    r"抄送|报送|主送|印发|[（(]此件|[（(]?(?:本报|新华社|本刊|通讯员|特约)?记者|本报讯|署名|作者系|作者为|作者单位)"
)
_LABELLED = re.compile(r"\S.{0,11}[:：]\s*\S")
_FIGURE = re.compile(r"\d(?:[\d.,]*)(?:%|％|亿|万|元|个|项|家|人|公里|平方)")
_SENTENCE_END = re.compile(r"[。！？!?…][”’」』）)]*$")
_FINAL = tuple("。；;，,、：:")
PROSE = 40
_LONGEST_APPEAL = 60
_BULLET = re.compile(r"^[\s•·●○◆■□▪▶►→*\-–—>]+\s*")


class Place(Enum):
    """Where a row of furniture stands by nature."""

    ABOVE = "above the title"
    BELOW = "below the title"
    FIELDS = "labelled facts, which a plain document may have too"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of furniture in the head of a page, and what it tells of the document."""

    place: Place
    date: str = ""
    issued: str = ""  # the date of signing, which counts before that of publishing
    page: str = ""
    publication: str = ""
    issuer: str = ""
    title: str = ""
    kept: tuple[str, ...] = ()  # facts of the row that stay in the text


def is_prose(text: str) -> bool:
    """Whether `text` is a paragraph, as against a heading, a label or a link."""
    ends = bool(_SENTENCE_END.search(text))
    return (len(text) >= PROSE and ("。" in text or "，" in text or "," in text or ends)) or (
        ends and len(text) >= 15
    )


def is_sentence(text: str) -> bool:
    """Whether `text` ends as a sentence does."""
    return bool(_SENTENCE_END.search(text))


def is_content(text: str) -> bool:
    """Whether `text` belongs to an article though it stands at its edge.

    >>> is_content("数据来源：区统计局"), is_content("责任编辑：某某")
    (True, False)
    """
    return bool(_CONTENT.match(text))


def is_weak(text: str) -> bool:
    """Whether `text` could be a link or a label: furniture between furniture, content elsewhere."""
    short = len(text) <= PROSE and not _SENTENCE_END.search(text)
    return short and not is_content(text) and not _FIGURE.search(text)


def states(text: str) -> bool:
    """Whether `text` says something of somebody: a label with a value, a figure, a date.

    >>> states("公诉机关：东山市人民检察院"), states("东山市政府门户网站")
    (True, False)
    """
    return bool(_LABELLED.match(text) or _FIGURE.search(text) or DATE.search(text))


def is_navigation(text: str) -> bool:
    """Whether `text` consists of words of navigation.

    >>> is_navigation("上一篇  下一篇"), is_navigation("字体：[大 中 小] 打印"), is_navigation("分享经济")
    (True, True, False)
    """
    tokens = [token for token in _SEPARATORS.split(squeeze_spaced(text)) if token.strip("：:<>")]
    words = any(character.isalpha() for character in text)  # a rule of dashes separates content
    return words and all(_NAVIGATION_RUN.fullmatch(t.strip("：:<>")) for t in tokens)


def squeeze_spaced(text: str) -> str:
    """`text` in one width and case, its spaces kept: they separate the words of a menu."""
    return " ".join(squeeze(part) for part in text.split())


def is_menu(text: str) -> bool:
    """Whether `text` is a row of links, most of which every site has.

    >>> is_menu("首页 新闻 走进湖滨 政务公开 互动交流"), is_menu("工业 增加值 增速")
    (True, False)
    """
    tokens = [token for token in _SEPARATORS.split(squeeze_spaced(text)) if token]
    known = sum(token in NAVIGATION_WORDS for token in tokens)
    short = all(len(token) <= 8 and not any(map(str.isdigit, token)) for token in tokens)
    return len(tokens) >= 3 and short and known >= len(tokens) / 2


# --- head -------------------------------------------------------------------------------------------


def head_row(text: str) -> Row | None:
    """What `text` is when it stands in the head of a page, or None when it may be content."""
    if len(text) > 200 or (is_prose(text) and not _FIELD.match(text)):
        return _promotion_row(text)
    readers = (_dateline, _edition, _plain_furniture, _field_row, _mixed_row, _promotion_row)
    return next((row for reader in readers if (row := reader(text)) is not None), None)


def _promotion_row(text: str) -> Row | None:
    return Row(Place.ABOVE) if _is_appeal(text) else None


def _is_appeal(text: str) -> bool:
    return len(text) <= _LONGEST_APPEAL and bool(_APPEAL.search(squeeze(text)))


def _is_advertising(text: str) -> bool:
    """Whether `text` names a service and makes no sentence about it."""
    if is_sentence(text) or len(text) > PROSE or _FIGURE.search(text):
        return False
    return bool(_ADVERTISING.search(squeeze(text)))


def _dateline(text: str) -> Row | None:
    match = _DATELINE.fullmatch(_BULLET.sub("", text))
    if not match or not (day := first_date(match["inside"])):
        return None
    return Row(
        Place.BELOW, date=day, page=_page(match["inside"]), publication=match["name"].strip()
    )


def _edition(text: str) -> Row | None:
    match = _EDITION.fullmatch(text)
    return Row(Place.ABOVE, page=_printed(match["page"])) if match else None


def _page(text: str) -> str:
    match = _PAGE_IN_ROW.search(DATE.sub(" ", text))
    return _printed(match["page"]) if match else ""


def _printed(page: str) -> str:
    """The page without the zeros that a data base pads it with; 01 is how papers print it."""
    return page.upper() if len(page) <= 3 else page.lstrip("0").upper()


def _plain_furniture(text: str) -> Row | None:
    if is_navigation(text):
        tokens = [t.strip("：:<>") for t in _SEPARATORS.split(squeeze_spaced(text)) if t]
        beside = all(token in _BESIDE_TITLE for token in tokens)
        return Row(Place.BELOW if beside else Place.ABOVE)
    if _BREADCRUMB.fullmatch(text) or is_menu(text) or _BANNER.fullmatch(text):
        return Row(Place.ABOVE)
    return Row(Place.BELOW) if _EDITOR.match(text) else None


def signed_date(text: str) -> str:
    """The date of a line that is an office's name and a date, in whatever order, or "".

    >>> signed_date("湖滨区统计局 2024年3月12日"), signed_date("会议定于2024年3月12日")
    ('2024-03-12', '')
    >>> signed_date("2025年1月20日 湖滨海关"), signed_date("湖滨港务集团 2025年1月15日发布")
    ('2025-01-20', '2025-01-15')
    """
    told = _SENT_OUT.sub("", text.strip())
    day = ends_with_date(told) or begins_with_date(told)
    name = DATE.sub("", told).strip() if day else ""
    return day if _ISSUER.fullmatch(name) else ""


def fields(text: str) -> list[tuple[str, str]]:
    """The labelled facts of a row.

    >>> fields("索 引 号：K1  主题分类：工业 成文日期：2024年5月6日")
    [('索引号', 'K1'), ('主题分类', '工业'), ('成文日期', '2024年5月6日')]
    """
    marks = list(_FIELD.finditer(text))
    ends = [*(mark.start() for mark in marks), len(text)][1:]
    return [
        ("".join(mark[1].split()), _value(text[mark.end() : end]))
        for mark, end in zip(marks, ends, strict=True)
    ]


def _value(text: str) -> str:
    """A field's value without the words of navigation that follow it in the row."""
    parts = text.strip(" ；;|｜[]【】").split(" ")
    while parts and (not parts[-1] or is_navigation(parts[-1])):
        parts.pop()
    return " ".join(parts).strip(" ；;|｜")


def _field_row(text: str) -> Row | None:
    found = fields(text)
    if not found or any(len(value) > _LONGEST_VALUE for _, value in found):
        return None
    first = _FIELD.search(text)
    before = _mixed_row(text[: first.start()]) if first and first.start() else None
    if first and text[: first.start()].strip() and before is None:
        lead = text[: first.start()].strip(" |｜[【（(")
        if not (DATE.fullmatch(lead) or is_navigation(lead)):
            return None
    return _row_of(found, text, before)


def _row_of(found: list[tuple[str, str]], text: str, before: Row | None) -> Row:
    told = dict(reversed(found))
    hard = before is not None or len(found) > 1 or found[0][0] in CATALOGUE or _TIME.search(text)
    return Row(
        Place.BELOW if hard else Place.FIELDS,
        date=first_date(_named(told, DATED)) or (before.date if before else "") or first_date(text),
        issued=next((day for label in _ISSUED if (day := first_date(told.get(label, "")))), ""),
        page=_page(text),
        publication=_publication(_named(told, SOURCES)) or (before.publication if before else ""),
        issuer=_named(told, ["发文机关", "发布机构", "发文单位", "制发机关"]),
        title=_named(told, TITLES),
        kept=tuple(f"{label}：{value}" for label, value in found if label in OFFICIAL and value),
    )


def _named(told: dict[str, str], labels: list[str]) -> str:
    return next((told[label] for label in labels if told.get(label)), "")


def _publication(text: str) -> str:
    """The name in a 来源 field, without the time and the words that follow it."""
    name = _TIME.sub(" ", DATE.sub(" ", text)).strip(" 《》，,（）()")
    return name.split(" ")[0] if len(name) > 20 else name


def _mixed_row(text: str) -> Row | None:
    """A row of date, weekday, page, time, counts and navigation, with at most a name besides."""
    day = next((iso(m) for m in DATE.finditer(text)), "")
    rest = DATE.sub(" ", text)
    tokens, telling, above = [], 0, False
    for token in _tokens(rest):
        kind = _token_kind(token)
        telling += kind != ""
        above |= kind in ("calendar", "edition")
        if not kind:
            tokens.append(token)
    if not telling or not (day or above or len(tokens) <= telling / 2):
        return None
    if len(tokens) > 3 or sum(map(len, tokens)) > 18:
        return None
    name = next((m[1] for token in tokens if (m := _PUBLICATION.fullmatch(token))), "")
    if tokens and not name and not _is_wechat_row(text):
        return None
    name = name or (tokens[-1] if tokens else "")
    place = Place.ABOVE if above else Place.BELOW
    return Row(place, date=day, page=_page(text), publication=name)


def _is_wechat_row(text: str) -> bool:
    return "原创" in text or "发表于" in text


def _tokens(text: str) -> Iterator[str]:
    for token in re.split(r"[\s|｜\[\]【】（）()，,]+", text):
        if bare := token.strip("：:·•/"):
            yield bare


def _token_kind(token: str) -> str:
    kinds = (
        ("calendar", _WEEKDAY.fullmatch(token) or _CALENDAR.fullmatch(token)),
        ("edition", _EDITION.fullmatch(token)),
        ("time", _TIME.fullmatch(token)),
        ("count", _COUNT.fullmatch(token) or _PLACE.fullmatch(token)),
        ("navigation", is_navigation(token)),
    )
    return next((name for name, matched in kinds if matched), "")


# --- tail -------------------------------------------------------------------------------------------


def is_imprint(text: str) -> bool:
    """Whether `text` is the legal foot of a site.

    >>> is_imprint("浙ICP备12345678号-1"), is_imprint("办理ICP备案需要多久")
    (True, False)
    """
    key = squeeze(text)
    if (is_prose(text) and "。" in text) or not _IMPRINT.search(key):
        return False
    return bool(re.search(r"\d|[:：©]|版权所有|reserved|copyright", key)) and len(text) <= 120


def is_tail_row(text: str) -> bool:
    """Whether `text` is furniture by itself when it stands at the end of a page."""
    bare = _BULLET.sub("", text)
    if is_content(text):
        return False
    if is_imprint(bare) or is_navigation(bare) or is_menu(bare) or _EDITOR.match(bare):
        return True
    if _is_appeal(text) or _is_advertising(bare):
        return True
    return bool(_SHORT_NOTICE.fullmatch(text) or _DATELINE.fullmatch(bare)) or _is_count_row(bare)


def _is_count_row(text: str) -> bool:
    tokens = list(_tokens(text))
    return bool(tokens) and all(_token_kind(t) in ("count", "navigation") for t in tokens)


def is_host(text: str) -> bool:
    """Whether `text` names who runs a site; in the text of an invitation it names who invites."""
    return bool(_HOST.match(squeeze(text)))


def opens_legal(text: str) -> bool:
    return squeeze(text).strip("【】[]:：-—*") in _LEGAL_OPENERS


def opens_list(text: str) -> bool:
    return bool(_LIST_OPENERS.fullmatch(squeeze(text)))


def claims(text: str) -> int:
    """How many of the things that a legal notice says `text` says; none when it reports them."""
    if _REPORTED.search(text):
        return 0
    key = squeeze(text)
    return sum(bool(claim.search(key)) for claim in _CLAIMS)


def is_notice(text: str) -> bool:
    """Whether `text` is a legal notice speaking for itself.

    >>> is_notice("本网站一切内容未经授权不得转载，违者追究法律责任。")
    True
    >>> is_notice("律师表示，未经授权转载本网内容的，应追究其责任。")
    False
    """
    return claims(text) >= 2 and bool(_OURSELVES.search(squeeze(text)))


def ends_like_label(text: str) -> bool:
    return text.endswith(_FINAL) or bool(_SENTENCE_END.search(text))
