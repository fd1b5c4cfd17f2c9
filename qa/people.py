"""People in a sentence: their names, the offices they hold, and who is charged with what.

Whether the rest of the sentence meets the question is qa/conditions.py's business.
"""

import re
from collections.abc import Iterator

from index.types import Span
from qa.figures import fold
from qa.question import Question
from qa.sentence import Candidate, Sentence, candidate_at, holds, tagged
from qa.types import Reading
from qa.words import SURNAMES

# Who is charged with something, by name or office.
_BY = re.compile(
    "由([^，。；,;：:、]{2,16}?)(?:自行|统一|全额|全程|跟踪)*"
    "(负责(?!人)|牵头|批准|审批|签批|承担|解释|审核|组织|主持|协调|保管|担任|出任"
    "|负担|自理|支付|代收|收取|受理|维护|审计(?![局署处科])|监督(?![局处科])|发放)"
)
# Who does it in spoken words: 谁出, 谁管.
_SAID_OF = {
    "承担": "出付",
    "负担": "出付",
    "自理": "出付",
    "支付": "出",
    "维护": "管",
    "负责": "管",
}


def people(asked: Question, sentence: Sentence) -> Iterator[Candidate]:
    """Who is charged with what is asked, by name or office; and the people named in the sentence."""
    text = sentence.span.of(sentence.document.text)
    for match in _BY.finditer(text):
        at = sentence.span.start
        who, deed = match.groups()
        said = any(one in asked.text for one in deed[-1] + _SAID_OF.get(deed, ""))
        held = deed in {"担任", "出任"} or said or "由谁" in asked.text
        if held and who not in asked.text:
            yield candidate_at(sentence, [Span(match.start(1) + at, match.end(1) + at)], 0.97)
    if is_of_a_part(asked, fold(text)):
        return
    for name in names(text):
        if not any(name.of(text) in term.text for term in asked.terms):
            at = sentence.span.start
            yield candidate_at(sentence, [Span(name.start + at, name.end + at)])


def names(text: str) -> Iterator[Span]:
    """The names of people in a text, as far as the cutter knows them or an office tells them.

    >>> [name.of("组长俞承泽，副组长单巧云") for name in names("组长俞承泽，副组长单巧云")]
    ['俞承泽', '单巧云']
    >>> [name.of("董事长尉迟朗表示") for name in names("董事长尉迟朗表示")]
    ['尉迟朗']
    >>> [name.of("校长马克·泰西耶-拉维涅(Marc)") for name in names("校长马克·泰西耶-拉维涅(Marc)")]
    ['马克·泰西耶-拉维涅']
    """
    for name in _names(text):
        if whole := _with_all_parts(text, name):
            yield whole


# What follows the first part of a foreign name, where it ends is plain.
_MORE_PARTS = re.compile(
    "(?:[·•][\u4e00-\u9fff]{1,8})+(?:-[\u4e00-\u9fff]{1,8})*(?![\u4e00-\u9fff])"
)


def _with_all_parts(text: str, name: Span) -> Span | None:
    """A name with the parts that follow it; None of what is a part itself or has no plain end."""
    if text[max(0, name.start - 1) : name.start] in {"·", "•", "-"}:
        return None
    if text[name.end : name.end + 1] not in {"·", "•"}:
        return name
    more = _MORE_PARTS.match(text, name.end)
    return Span(name.start, more.end()) if more else None


def _names(text: str) -> Iterator[Span]:
    titled = [Span(*match.span("name")) for match in _NAME_AFTER_OFFICE.finditer(text)]
    yield from titled
    at = 0
    for word, tag in tagged(text):
        # 柳荫路 of 柳荫路25号 is no name of a person.
        numbered = text[at + len(word) : at + len(word) + 1].isdigit()
        if tag.startswith("nr") and 2 <= len(word) <= 4 and not numbered:
            lead, tail = _NOT_OF_A_NAME.match(word), _AFTER_A_NAME.search(word)
            start = at + (lead.end() if lead else 0)
            name = _whole_name(text, start, at + (tail.start() if tail else len(word)))
            of_a_place = text[name.end : name.end + 1] in set("省市区县镇乡村州港")
            taken = any(one.start < name.end and name.start < one.end for one in titled)
            if len(name) > 1 and not of_a_place and not taken:
                yield name
        at += len(word)


_ASKED_CONTACT = re.compile("(?:找|联系|咨询|问)(?:一?下)?(?:谁|哪一?位|何人)|联系人")


def is_named_by_role(asked: Question, reading: Reading) -> bool:
    """Whether a person stands right after the office that is asked for: 院长为方若岚, 联系人沈一帆."""
    text, start = reading.document.text, reading.answer[0].start
    before = text[text.rfind("\n", 0, start) + 1 : start]
    roles = [term.text for term in asked.terms if term.hard and OFFICE.search(term.text)]
    if _ASKED_CONTACT.search(asked.text):
        roles += ["联系人", "负责人"]
    office = re.search("([\u4e00-\u9fff]+)(?:[为是由：: 　]|现任)?$", before)
    named = any(name == Span(0, len(reading.short)) for name in names(reading.short))
    # 记录：王立新, where it is asked who 记录.
    label = re.match("([\u4e00-\u9fff]{2,6})[：:][^、，。；]*$", before)
    if named and label and any(term.text == label[1] for term in asked.terms):
        return True
    return named and office is not None and any(office[1].endswith(role) for role in roles)


# What the cutter takes for a part of a name: 为祁振声, 单巧云任副组长.
_NOT_OF_A_NAME = re.compile("[为由是](?=..?)")
_AFTER_A_NAME = re.compile("(?<=..)[任为兼等](?=$)")
OFFICE = re.compile(
    "经理|主任|局长|书记|院长|校长|主席|[省市区县镇乡村州部厅处科组行关馆所站队厂园会庭社台店]长|总监|负责人|董事长|"
    "总[经会]济师|总工程师|总会计师"
)
# Surnames of two characters and of one; 常 begins 常委会 and 常务 where it stands behind an office.
_SURNAME = (
    "(?:欧阳|司马|上官|诸葛|东方|尉迟|公孙|慕容|令狐|宇文|长孙|司徒|司空|夏侯|皇甫|濮阳|澹台|公西|公冶|太叔|申屠|轩辕|钟离|"
    "闾丘|南宫|西门|独孤|拓跋|端木|谷梁|漆雕|乐正|呼延|贺兰|"
    f"[{''.join(sorted(SURNAMES - {'常'}))}"
    "高金蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师"
    "和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝封谈匡鞠惠荆乐冀胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉"
    "伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母"
    "裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公])"
)
_NAME_AFTER_OFFICE = re.compile(
    f"(?:{OFFICE.pattern})[为是：: 　]?(?P<name>{_SURNAME}[\u4e00-\u9fff]{{1,2}}?)"
    "(?=[，。、；,;：:\\s（(]|$|表示|介绍|说|指出|认为|强调|主持|致辞|讲话|出席|兼任|担任|任|在|对|代表|分管|负责|带队|签)"
)
_TITLED = re.compile(f"(?:.*)(?:{OFFICE.pattern})([\u4e00-\u9fff]{{2,4}})")
_PART = "[部处科室院会司局组中心办街镇村所队]"


def name_after_office(text: str) -> Span | None:
    """The name in "office and name", which is what 谁 asks for; None where it is not that.

    >>> name_after_office("办公室主任王建国")
    Span(start=5, end=8)
    """
    match = _TITLED.fullmatch(text)
    named = match and any(tag.startswith("nr") for _, tag in tagged(match.group(1)))
    return Span(*match.span(1)) if match and named else None


def is_of_a_part(asked: Question, text: str) -> bool:
    """Whether the office asked for is, in this sentence, that of a part or a deputy's: 某部总经理 and
    副总经理 are not 总经理.
    """
    for term in asked.terms:
        if term.hard and OFFICE.search(term.text):
            found = [m.start() for m in re.finditer(re.escape(term.text), text)]
            parts = [re.search(f"[\u4e00-\u9fff]{_PART}$|副$", text[:at]) for at in found]
            return bool(found) and all(p and p.group() not in asked.text for p in parts)
    return False


def names_offices(asked: Question, text: str) -> bool:
    """Whether a text names every holder of an office that the question does."""
    held = [term for term in asked.terms if term.hard and OFFICE.search(term.text)]
    return all(holds(text, term) for term in held)


def _whole_name(text: str, start: int, end: int) -> Span:
    """A name out to where other characters begin, up to three, where the cutter cut inside it."""
    left = re.search("(?:^|[^\u4e00-\u9fff])([\u4e00-\u9fff]{0,2})$", text[:start])
    right = re.match("([\u4e00-\u9fff]{0,2})(?:[^\u4e00-\u9fff]|$)", text[end:])
    room = 3 - (end - start)
    if left and len(left.group(1)) <= room:
        start, room = start - len(left.group(1)), room - len(left.group(1))
    if right and len(right.group(1)) <= room:
        end += len(right.group(1))
    return Span(start, end)


_POST = (
    "书记|主任|[事局院校区市部处科组会社署司厂行馆站所村镇县省州乡厅队台园店]长|主席|总监|负责人|经理|总裁|[理监董]事|秘书长?|委员|"
    "常委|代表|发言人|教练|队员|教授|院士|研究员|专家|博士|医生|[\\u4e00-\\u9fff]师|护士长?|法官|检察官|民警|记者|编辑|主播|导演|演员|作家|"
    "总理|总统|首相|大臣|大使|[参领]事|司令员?|政委|参谋长?|首席执行官|ceo|创始人|合伙人|"
    "股东|员工|村民|居民|市民|学生|选手|球员|冠军|队友|志愿者|网格员|干部|参赞|顾问|会计|技术员|[班团船机]长|老兵|烈士"
)
_POST_BEFORE = re.compile(f"(?:{_POST})(?:同志)?$")
_POST_AFTER = re.compile(
    f"(?:同志|先生|女士)?[，,]?(?:现任|担任|出任|就任|当选为?|被任命为|[任是为系])"
    f"(?P<post>[^，,。；;：:（(“]{{0,40}}?(?:{_POST}))(?=[，,。；;、：:）)”]|$)"
)
# What leads to an office and is no part of its name: 会议听取了, 位于重庆的, 由.
_BEFORE_A_POST = frozenset(
    "的 了 由 请 据 被 经 随 在 向 对 跟 从 听取 采访 邀请 任命 会见 陪同 来自 感谢 祝贺 对话 专访 连线 "
    "作为 身为 以及 包括".split()
)
_POST_STOPS = re.compile('[，,。；;：:！!？?“”"「」（）()【】\\s]')


def offices(asked: Question, sentence: Sentence) -> Iterator[Candidate]:
    """The office that stands by the name that is asked about, before it or after it."""
    text = fold(sentence.span.of(sentence.document.text))
    shift = sentence.span.start
    for term in asked.terms:
        if term.kind not in {"noun", "name"} or not 2 <= len(term.text) <= 4:
            continue
        for name in re.finditer(re.escape(term.text), text):
            for span in filter(
                None, (_post_before(text, name.start()), _post_after(text, name.end()))
            ):
                yield candidate_at(sentence, [Span(span.start + shift, span.end + shift)])


def _post_before(text: str, name: int) -> Span | None:
    """The office right before a name: 董事长、总经理 of 某公司董事长、总经理唐文杰."""
    stops = [stop.end() for stop in _POST_STOPS.finditer(text, 0, name)]
    start = max(stops, default=0)
    at = start
    for word, _ in tagged(text[start:name]):
        at += len(word)
        start = at if word in _BEFORE_A_POST else start
    return Span(start, name) if _POST_BEFORE.search(text[start:name]) else None


def _post_after(text: str, name: int) -> Span | None:
    """The office right after a name: 某人现任某局局长."""
    match = _POST_AFTER.match(text, name)
    return Span(*match.span("post")) if match else None
