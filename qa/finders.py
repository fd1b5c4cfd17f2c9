"""What in a sentence may be the answer: figures, dates, places, numbers, titles, lists, statements.

Each kind of question has its finder. People are found by qa/people.py, and how a figure suits is told
by qa/fits.py; whether the sentence meets the question is left to qa/conditions.py.
"""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from index.types import Document, Span
from qa.asks import FIGURE_ASKS
from qa.figures import dates, figures, fold
from qa.fits import fit_bound, fit_change, fit_of, fit_paid, ranks, with_direction
from qa.people import names_offices, offices, people
from qa.question import Question
from qa.rows import Row, row_of, tables
from qa.sentence import ROW, Candidate, Sentence, candidate_at, holds, matches, sentences_of
from qa.terms import Term
from qa.types import Passage, Reading


def candidates(asked: Question, sentence: Sentence) -> Iterator[Candidate]:
    """What in a sentence may be the answer, each with how well its kind suits."""
    if asked.ask in FIGURE_ASKS:
        yield from _figure_candidates(asked, sentence)
    else:
        field = _asked_field(asked, sentence)
        if field and _is_of_kind(asked, field.of(sentence.document.text)):
            yield candidate_at(sentence, [field])
            return  # no other value of the row is what was asked for
        yield from _FINDERS[asked.ask](asked, sentence)
        # 某人说：“……” tells no office.
        if asked.ask not in {"title", "reference", "request", "office"}:
            yield from _labelled(asked, sentence)
            yield from _fields(asked, sentence)


def _figure_candidates(asked: Question, sentence: Sentence) -> Iterator[Candidate]:
    text = sentence.span.of(sentence.document.text)
    if asked.ask == "rank":
        for rank in ranks(fold(text)):
            place = Span(rank.start + sentence.span.start, rank.end + sentence.span.start)
            yield candidate_at(sentence, [place], fit_change(asked, fold(text), rank))
        return
    if asks_how_often(asked):
        yield from matches(HOW_OFTEN.pattern, sentence)
    asked_numbers = {term.text for term in asked.terms if term.kind == "number"}
    for figure in figures(text):
        fit = fit_of(asked, figure, fold(text)) * fit_bound(asked, figure)
        fit *= fit_change(asked, fold(text), figure.span) * fit_paid(asked, sentence)
        if fit > 0 and fold(figure.core.of(text)) not in asked_numbers:
            span = Span(
                figure.span.start + sentence.span.start, figure.span.end + sentence.span.start
            )
            fall = asked.ask == "growth" and figure.change == "fall"
            shown = with_direction(span, sentence.document.text) if fall else span
            clause = sentence.clause_at(span.start)
            yield Candidate((shown,), clause, fit, span.start, kind=figure.kind, unit=figure.unit)


_ASKED_HOW_OFTEN = re.compile(
    "(?:多久|隔?多长时间|(?<!第)几(?:天|个?月|年|周|个?小时))(?:才|要|会|能)?[一-鿿]{0,6}?一[次回趟遍]|隔(?:多久|多长|几)"
)
# 每两个月, 每季度, 每4小时; 每人 and 每吨 tell no time.
HOW_OFTEN = re.compile(
    "每隔?(?:\\d+|[一二两三四五六七八九十半]+)?(?:个工作日|个?季度|个?月|个?小时|个?星期|分钟|天|日|周|季|年)(?:[一二两三四1-9]次)?"
)


def asks_how_often(asked: Question) -> bool:
    """Whether a question asks after how long something is done again: 水表多久抄一次."""
    return asked.ask == "duration" and bool(_ASKED_HOW_OFTEN.search(asked.text))


def _labelled(asked: Question, sentence: Sentence) -> Iterator[Candidate]:
    """ "标签：值": the value, where the label is what was asked about."""
    first = sentence.clauses[0]
    if len(sentence.clauses) < 2 or first.text[-1] not in ":：":
        return
    if any(term.hard and holds(first.text, term) for term in asked.terms):
        end = sentence.span.end
        while sentence.document.text[end - 1] in "。；;":
            end -= 1
        if end > first.span.end:
            # A row of many fields is no answer to a question for one.
            marks = "[；;，,]" if asked.ask in {"date", "person", "phone"} else "[；;]"
            many = re.search(marks, sentence.document.text[first.span.end : end])
            # And none at all to who it is.
            if not (many and many.group() in "；;" and asked.ask == "person"):
                fit = 0.7 if many else 0.9
                yield Candidate((Span(first.span.end, end),), 1, fit, first.span.end)


_FIELD = re.compile("(?P<name>[^\\s；;：:]{2,16}) (?P<value>[^；;。]+)")


def _asked_field(asked: Question, sentence: Sentence) -> Span | None:
    """Of a row of a table, 甲：学历 本科；年龄 30岁, the one value whose heading the question names."""
    text = sentence.span.of(sentence.document.text)
    label = re.match("[^：:]{1,30}[：:]", text)
    rest = text[label.end() :].rstrip("。") if label else ""
    fields = [_FIELD.fullmatch(part) for part in re.split("[；;]", rest)]
    if len(fields) < 2 or not all(fields) or not label:
        return None
    # Which row is meant has to be said too.
    if not any(holds(fold(label.group()), term) for term in asked.terms):
        return None
    named = [f for f in fields if f and _names_field(asked, re.sub("[(（].*?[)）]", "", f["name"]))]
    if len(named) != 1:
        return None
    at = sentence.span.start + sum(
        len(f.group()) + 1 for f in fields[: fields.index(named[0])] if f
    )
    start = at + label.end() + named[0].start("value")
    return Span(start, start + len(named[0]["value"]))


# What stands in a heading beside what it is about: 学历要求, 开放时间.
_OF_A_HEADING = re.compile("(?:要求|时间|日期|标准|情况|名称|条件|数)$")


def _names_field(asked: Question, name: str) -> bool:
    stem = _OF_A_HEADING.sub("", fold(name))
    return len(stem) > 1 and stem in fold(asked.text)


def _is_of_kind(asked: Question, value: str) -> bool:
    """Whether a value of a table may be what is asked for, as far as its form tells."""
    if asked.ask == "date":
        return bool(times(asked, value) or figures(value))
    if asked.ask == "phone":
        return bool(phones(value))
    return asked.ask not in {"title", "reference", "request"}


def row_value(asked: Question, passage: Passage, span: Span) -> Span | None:
    """The value that is asked for of the row of a table that a span stands in; None if it is no row."""
    row = next((s for s in sentences_of(passage) if s.span.start <= span.start < s.span.end), None)
    return _asked_field(asked, row) if row else None


def _fields(asked: Question, sentence: Sentence) -> Iterator[Candidate]:
    """The values of a row whose columns the question names: 投资方 澄心制药, where 投资方是谁 is asked."""
    if not ROW.match(sentence.span.of(sentence.document.text)):
        return
    for number, clause in enumerate(sentence.clauses[1:], start=1):
        name, _, value = clause.text.partition(" ")
        if value and len(name) > 1 and set(name) <= set(fold(asked.text)):
            start = clause.span.start + len(name) + 1
            end = start + len(value.rstrip("；;。"))
            yield Candidate((Span(start, end),), number, 1.0, start)


_OF_ANY_TIME = re.compile("时间|日期|时刻|年月|年份|期限|[年月日]")


def is_of_another_field(asked: Question, sentence: Sentence, at: int) -> bool:
    """Whether a day stands in a column of a row that the question says no character of.

    签约时间 does not tell when it begins to produce; 时间 alone may be that of anything.
    """
    row = asked.ask == "date" and ROW.match(sentence.span.of(sentence.document.text))
    clause = sentence.clauses[sentence.clause_at(at)].text
    name, _, value = re.split("[：:]", clause)[-1].partition(" ")
    told = _OF_ANY_TIME.sub("", name)
    return bool(row and value and told) and not set(told) & set(fold(asked.text))


_ENDS = re.compile("截止|截至|最晚|最迟|结束|到期|期限|之前|关闭|有效期")
_BEGINS = re.compile("开始|开放|启动|起|生效|施行|实施")


def _dates(asked: Question, sentence: Sentence) -> Iterator[Candidate]:
    text = sentence.span.of(sentence.document.text)
    shift = sentence.span.start
    for span in times(asked, text):
        fit = _fit_date(
            asked, text[max(0, span.start - 3) : span.start], text[span.end : span.end + 3]
        )
        # A year alone tells less than is asked for, but where a year is asked for.
        vague = re.fullmatch(r"\d{4}年", span.of(text)) and "年" not in asked.text
        place = Span(span.start + shift, span.end + shift)
        yield candidate_at(sentence, [place], fit * (0.8 if vague else 1.0))
    for figure in figures(text):
        # A day that is asked for by name is no length of time.
        if figure.kind == "duration" and not ASKED_DAY.search(asked.text):
            tail = re.match("(?:之?[内前后]|以内|以前)", text[figure.span.end :])
            end = figure.span.end + (tail.end() if tail else 0)
            yield candidate_at(
                sentence, [Span(figure.span.start + shift, end + shift)], 0.9 if tail else 0.8
            )


ASKED_DAY = re.compile("哪一?[天日年]|哪个月|几月|几号|何[年月日]")
_ASKED_HOUR = re.compile("几点|几时")
# These may ask for a day as well.
_MAY_ASK_HOUR = re.compile(
    "什么时[间候](?:对外)?(?:开[放门馆闭]|关[门闭]|闭馆|营业|上班|下班|办公|办理)"
    "|(?:开放|开馆|闭馆|营业|办公|服务|上班|接待|办理|就诊)的?时间"
)
_HOUR = "(?:上午|下午|晚上|早上|中午)?\\d{1,2}(?:[:：]\\d{2}|[时点](?:\\d{1,2}分|半)?)"
_PART_OF_DAY = re.compile("早|上午|中午|下午|晚|夜")
_STRETCH = f"{_HOUR}(?:[-—–~至到]{_HOUR})?"
_HOURS = re.compile(f"(?<![\\d月年]){_STRETCH}")
_ALL_HOURS = re.compile(f"{_HOURS.pattern}(?:[、和及]{_STRETCH})*")


_BEFORE_A_WEEKDAY = re.compile("每个?月第[一二三四]个$|每个?$")
_AFTER_A_WEEKDAY = re.compile(
    "(?:[、和及至到](?:周|星期|礼拜)?[一二三四五六日天])*(?:上午|下午|晚上)?"
)


_PART_OF_YEAR = re.compile("[上下]半年|第?[一二三四1-4]季度")


def _out_to_part_of_year(text: str) -> list[Span]:
    """The dates of a text, each out to the half or quarter of its year: 2027年上半年."""
    return [
        Span(span.start, part.end())
        if (part := _PART_OF_YEAR.match(text, span.end)) and text[span.end - 1] == "年"
        else span
        for span in dates(text)
    ]


def dated(text: str) -> list[Span]:
    """The dates of a text, whole: 9月6日和9月7日 is one answer, and so is 每周三、周六上午.

    >>> text = "每月第一个星期三接待，6月1日和6月3日休息"
    >>> [span.of(text) for span in dated(text)]
    ['每月第一个星期三', '6月1日和6月3日']
    """
    found: list[Span] = []
    for span in _out_to_part_of_year(text):
        if re.search("(?:周|星期)[一二三四五六日天]$", span.of(text)):
            lead = _BEFORE_A_WEEKDAY.search(text, 0, span.start)
            tail = _AFTER_A_WEEKDAY.match(text, span.end)
            span = Span(lead.start() if lead else span.start, tail.end() if tail else span.end)
        if found and span.start < found[-1].end:
            found[-1] = Span(found[-1].start, max(span.end, found[-1].end))
        elif found and text[found[-1].end : span.start] in {"和", "、", "及"}:
            found[-1] = Span(found[-1].start, span.end)
        else:
            found.append(span)
    return found


def times(asked: Question, text: str) -> list[Span]:
    """The dates of a text; asked for the hour, those that say one, and the hours that stand alone."""
    days = dated(text)
    strictly = _ASKED_HOUR.search(asked.text)
    if not strictly and not _MAY_ASK_HOUR.search(asked.text):
        return days
    kept = [span for span in days if not strictly or re.search("[时点:：]", span.of(text))]
    hours = _HOURS if _PART_OF_DAY.search(asked.text) else _ALL_HOURS
    alone = [Span(*match.span()) for match in hours.finditer(text)]
    free = [a for a in alone if not any(a.start < d.end and d.start < a.end for d in kept)]
    return sorted([*kept, *free], key=lambda span: span.start)


def _fit_date(asked: Question, before: str, after: str) -> float:
    """Whether a date stands as an end or a beginning, where the question asks for one."""
    is_end = re.search("(?:至|到|截止|截至|于)$", before) or re.match(
        "前|止|关闭|截止|以前|之前", after
    )
    is_start = re.search("(?:自|从)$", before) or re.match("起|开放|开始|启动", after)
    if _ENDS.search(asked.text):
        return 1.0 if is_end else 0.85
    if _BEGINS.search(asked.text):
        return 1.0 if is_start else 0.9
    return 1.0


def is_stated_place(asked: Question, reading: Reading) -> bool:
    """Whether it is a place by its form: a street with its number, a floor that is asked for.

    Or by what leads to it, in a sentence that names, and not as that place, what is asked for: 分中心设在
    政务服务中心二楼 does not tell where the 政务服务中心 is.
    """
    form = _FLOOR if _ASKED_FLOOR.search(asked.text) else _ADDRESS
    text = reading.document.text
    told = re.search(
        "(?:设在|位于|坐落于|地址[：:]|地点[：:])$", text[: reading.answer[0].start][-4:]
    )
    named = [term for term in asked.terms if term.hard and term.kind != "place"]
    evidence, place = reading.evidence, reading.answer[0]
    here = fold(text[evidence.start : place.start] + text[place.end : evidence.end])
    return form.fullmatch(reading.short) is not None or (
        told is not None and any(holds(here, term) for term in named)
    )


def is_asked_field(asked: Question, passage: Passage, answer: Sequence[Span]) -> bool:
    """Whether it is the value under the heading of a table that the question names."""
    return len(answer) == 1 and row_value(asked, passage, answer[0]) == answer[0]


_PHONE = re.compile(
    "(?:0\\d{2,3}[-—－ ]?)?\\d{7,8}(?!\\d)|(?<!\\d)1\\d{10}(?!\\d)|内线\\d{2,6}"
    "|(?<!\\d)(?:0\\d{2,3}[-—－])?\\d{5}(?!\\d)"
)


def phones(text: str) -> list[Span]:
    """Where the telephone numbers of a text stand."""
    return [Span(*match.span()) for match in _PHONE.finditer(text)]


def _phones(asked: Question, sentence: Sentence) -> Iterator[Candidate]:
    if not names_offices(asked, fold(sentence.span.of(sentence.document.text))):
        return
    for found in matches(_PHONE.pattern, sentence):
        if not is_anothers(asked, sentence, found.start):
            yield found


def is_anothers(asked: Question, sentence: Sentence, at: int) -> bool:
    """Whether a number is that of another, where a sentence gives several: 甲，电话1；乙，电话2."""
    lead = sentence.clauses[0].text if sentence.clauses[0].text[-1] in ":：" else ""
    ends = [c.span.end for c in sentence.clauses if c.text[-1] in "；;"] + [sentence.span.end]
    starts = [sentence.span.start, *ends]
    text = sentence.document.text
    members = [fold(text[a:b]) for a, b in itertools.pairwise(starts)]
    mine = next((n for n, end in enumerate(ends) if at < end), len(members) - 1)
    others = [one for n, one in enumerate(members) if n != mine and _PHONE.search(one)]
    return any(
        term.hard
        and not holds(members[mine], term)
        and not holds(lead, term)
        and any(holds(one, term) for one in others)
        for term in asked.terms
    )


# A street with its number, and a floor.
_ADDRESS = re.compile(
    "[\u4e00-\u9fff]{2,12}?(?:大道|[路街巷弄道])\\d+(?:弄\\d+)?号[^，。；,;\\s]{0,12}"
)
_FLOOR = re.compile("(?:大厅|[东南西北]侧|\\d+号楼)?(?:\\d+|[一二三四五六七八九十]+)[楼层]")
_ASKED_FLOOR = re.compile("几楼|哪一?[层楼]")
_PLACE = re.compile(
    "(?:地点|地址|会址)(?:为|是|设在)?[：:]?\\s*([^，。；;,\n]{2,40})"
    "|(?:位于|坐落于|设在|落户|(?<![所正现存实旨])在)([^，。；,;]{2,24}?)"
    "(?=举行|举办|召开|启动|开工|开幕|揭牌|建设|开展|办理|[，。；,;]|$)"
)
# 在驾车时, 在建设过程中: no place.
_NO_PLACE = re.compile("(?:时候?|期间|[之以]?[前后]|中|下|方面|基础上|同时|过程)$")
# 籍贯, as a curriculum vitae gives it: 四川平昌人, 家住某镇.
_ORIGIN = re.compile(
    "(?:籍贯|祖籍|老家|家住|出生于|生于|来自)(?:是|在|为|[:：])?([^，。；,;：:（(]{2,30}?)(?=人?[，。；,;、）)]|$)"
    "|(?<=[，,、：:（(系是])([\u4e00-\u9fff]{2,24})人(?=[，,。；;、）)]|$)"
)
_ASKED_ORIGIN = re.compile("哪[里儿]的?人|什么地方的?人|籍贯|祖籍|老家")


def _places(asked: Question, sentence: Sentence) -> Iterator[Candidate]:
    text = sentence.span.of(sentence.document.text)
    if _ASKED_FLOOR.search(asked.text):
        for found in matches(_FLOOR.pattern, sentence):
            own = sentence.clauses[found.clause].text
            if any(term.hard and holds(own, term) for term in asked.terms):
                yield found
        return
    is_origin = _ASKED_ORIGIN.search(asked.text)
    if not is_origin:
        yield from matches(_ADDRESS.pattern, sentence)
    for match in (_ORIGIN if is_origin else _PLACE).finditer(text):
        start, end = match.span(1) if match.group(1) else match.span(2)
        if not _NO_PLACE.search(text[start:end]):
            yield candidate_at(
                sentence, [Span(start + sentence.span.start, end + sentence.span.start)]
            )


def _titles(asked: Question, sentence: Sentence) -> Iterator[Candidate]:
    yield from matches("《[^》]{2,80}》", sentence)


def _references(asked: Question, sentence: Sentence) -> Iterator[Candidate]:
    for found in matches("[\u4e00-\u9fff]{0,10}[〔\\[（(]\\d{4}[〕\\]）)]\\d+号", sentence):
        # Alone on its line it is the document's own; in a sentence, that of another it speaks of.
        yield found if found.spans[0] == sentence.span else replace(found, fit=0.7)


_EXCLUDED = re.compile("不(?:在|包括|包含|含|属于|列入|计入|纳入|予)|除外")
_LONG_ITEM = 12
_ITEM = "[^，。；;、,：:\\s]{1,24}"
_ENUMERATION = re.compile(f"(?:{_ITEM}、)+{_ITEM}")
_LIST_LEAD = re.compile(
    "^.*?(?:包括|包含|涵盖|涉及|分别是|分别为|分为|有|推出|即|聚焦|围绕|发展|建设|打造|形成|提供|提交|携带|[须应请需]带|[须需]持|出示|^凭|为|是|以及|[:：])"
)
_TWO_PAPERS = re.compile(
    "(?:携带|[须应请需]带|[须需]持|出示|凭)([^，。；;、\\s]{2,12}?(?:[和及与]|或者)[^，。；;、\\s]{2,12}?)(?=[，。；;]|到|$)"
)
# 德国、日本、新加坡为前三大来源地: what the things listed are.
_LIST_IS = re.compile("(?<=.)[为是](?P<class>.{2,})$")
_LIST_TAIL = re.compile("等(?:[\\u4e00-\\u9fff\\d]{0,20})?$|(?:领域|方面|板块|产业|材料)$")


def lists(asked: Question, sentence: Sentence) -> Iterator[Candidate]:
    """The lists that a sentence holds or leads to."""
    document = sentence.document
    text = sentence.span.of(document.text)
    items = _items_after(document, sentence.span) if re.search("[：:]$", text) else ()
    if items:
        evidence = Span(sentence.span.start, items[-1].end)
        yield Candidate(items, len(sentence.clauses) - 1, 1.0, items[0].start, evidence)
    counted = _counted_items(sentence)
    if counted:
        yield candidate_at(sentence, counted)
    rows = _rows_listed(asked, sentence)
    if rows:
        labels = tuple(row.label for row in rows)
        evidence = Span(rows[0].span.start, rows[-1].span.end)
        yield Candidate(labels, 0, _names_all(asked, sentence), labels[0].start, evidence)
    listed = _items_under_heading(asked, sentence)
    if listed:
        yield Candidate(listed, 0, 1.0, listed[0].start, Span(sentence.span.start, listed[-1].end))
    for match in _TWO_PAPERS.finditer(text):
        at = sentence.span.start
        yield candidate_at(sentence, [Span(match.start(1) + at, match.end(1) + at)], 0.97)
    yield from _enumerations(asked, sentence)


def _enumerations(asked: Question, sentence: Sentence) -> Iterator[Candidate]:
    """What stands side by side in a sentence: 甲、乙、丙等."""
    text = sentence.span.of(sentence.document.text)
    for match in _ENUMERATION.finditer(text):
        start, end = match.span()
        lead = _LIST_LEAD.match(match.group().split("、")[0])
        start += lead.end() if lead else 0
        tail = _LIST_TAIL.search(text[start:end])
        if tail and tail.group().startswith("等"):
            end = start + tail.start()
        if excluded := _EXCLUDED.search(text, start, end):
            end = excluded.start()
        last = fold(text[start:end].split("、")[-1])
        named = _LIST_IS.search(last)
        if named and any(t.hard and holds(named["class"], t) for t in asked.terms):
            end -= len(named.group())
            last = last[: named.start()]
        if len(last) > _LONG_ITEM and any(t.hard and holds(last, t) for t in asked.terms):
            continue
        spans = [Span(start + sentence.span.start, end + sentence.span.start)]
        fit = 1.0 if tail else 0.97
        # What is not a part is listed too, and answers another question.
        denied = _EXCLUDED.search(text) and not re.search("[不未除]", asked.text)
        yield candidate_at(sentence, spans, 0.6 * fit if denied else fit)


_COUNTED_ITEM = re.compile("(?:^|[：:；;。，,])([一二三四五六七八九十])是([^；;。]{2,60})")


def _counted_items(sentence: Sentence) -> tuple[Span, ...]:
    """The items of 一是…；二是…, two at least and none left out."""
    at = sentence.span.start
    found = list(_COUNTED_ITEM.finditer(sentence.span.of(sentence.document.text)))
    if [match[1] for match in found] != list("一二三四五六七八九十")[: max(2, len(found))]:
        return ()
    return tuple(Span(match.start(2) + at, match.end(2) + at) for match in found)


def _rows_listed(asked: Question, sentence: Sentence) -> tuple[Row, ...]:
    """The rows of the table that a sentence is the first to answer from: all, or those that are so.

    Each word of the question stands over the table or in a cell of each row that is listed.
    """
    text = sentence.document.text
    if row_of(sentence.span.of(text)) is None:
        return ()
    table = next(
        (
            one
            for one in tables(sentence.document)
            if any(row.span == sentence.span for row in one.rows)
        ),
        None,
    )
    if table is None:
        return ()
    over = fold(f"{sentence.heading} {table.above} {sentence.title}")
    wanted = [term for term in asked.terms if not holds(over, term)]
    above = fold(f"{sentence.heading} {table.above}")
    named = any(
        (term.hard or len(term.text) >= _WHOLE_NAME) and holds(above, term) for term in asked.terms
    )
    rows = tuple(row for row in table.rows if all(_is_in_a_cell(row, term) for term in wanted))
    return (
        rows if named and rows and rows[0].span == sentence.span and len(rows) <= _MAX_ITEMS else ()
    )


def _names_all(asked: Question, sentence: Sentence) -> float:
    """How well a list suits by its heading: 重点项目授信 is not all that 重点项目 asks for."""
    left = re.sub("^[^、.．]{1,3}[、.．]", "", sentence.heading)
    for term in asked.terms:
        left = left.replace(term.text, "")
    return 0.9 if re.search("[\u4e00-\u9fff]{2}", left) else 1.0


def _is_in_a_cell(row: Row, term: Term) -> bool:
    """Whether a word stands in a cell that is no figure, and is not denied there."""
    return any(
        holds(fold(field.value), term) and not figures(field.value) and not dates(field.value)
        for field in row.fields
    )


def _items_under_heading(asked: Question, sentence: Sentence) -> tuple[Span, ...]:
    """Numbered lines right under a heading that names what was asked for."""
    document, start = sentence.document, sentence.span.start
    heading = next((s for s in document.sections if s.span.start <= start < s.span.end), None)
    if heading is None or not any(t.hard and holds(fold(heading.heading), t) for t in asked.terms):
        return ()
    end_of_heading = document.text.find("\n", heading.span.start)
    if end_of_heading + 1 != start or not _MARK.match(document.text[start:]):
        return ()
    return _items_after(document, Span(heading.span.start, end_of_heading))


_MARK = re.compile(r"(?:[（(]?[\d一二三四五六七八九十]{1,3}[）)、.．]|[-—•·*●○])\s*")
_MAX_ITEMS = 12
# A phrase of so many characters names what it asks for, though the cutter calls it none.
_WHOLE_NAME = 4


def _items_after(document: Document, lead: Span) -> tuple[Span, ...]:
    """The list items on the lines that follow a line: numbered all, or short all."""
    found: list[Span] = []
    numbered: bool | None = None
    at = document.text.find("\n", lead.end) + 1
    while 0 < at < len(document.text) and len(found) < _MAX_ITEMS:
        end = document.text.find("\n", at)
        line = document.text[at:end]
        mark = _MARK.match(line)
        if numbered is None:
            numbered = mark is not None
        if numbered != (mark is not None) or len(line) > (120 if numbered else 40):
            break
        if line == document.heading_at(at):
            break
        start = at + (mark.end() if mark else 0)
        found.append(Span(start, at + len(line.rstrip("；;。，,"))))
        at = end + 1
        if line.endswith("。"):
            break
    return tuple(found)


_DEFINES = re.compile("(?:，|,)?(?:即|是指|指的是|就是|指|包括|分别是|是|为|：|:)")


def _definitions(asked: Question, sentence: Sentence) -> Iterator[Candidate]:
    text = sentence.span.of(sentence.document.text)
    folded = fold(text)
    names = [term for term in asked.terms if term.hard and any(v in folded for v in term.variants)]
    if not names:
        return
    after = max(folded.find(v) + len(v) for term in names for v in term.variants if v in folded)
    match = re.search(
        "(?:，|,)?(?:即|是指|指的是|就是指?|指|分别是|包括)|(?<=[”」》])(?:是|为|：|:)",
        folded[after : after + 30],
    )
    fit = 1.0
    if match is None:
        match, fit = _DEFINES.search(folded[after : after + 12]), 0.9
    if match is None:
        return
    start = after + match.end()
    end = re.search("[，,；;。]", folded[start:])
    stop = start + end.start() if end else len(folded)
    # 以某某为主的框架: what it consists of.
    made_of = re.match("以(.{2,}?)为(?:主|核心|重点|支点|基础|依托|引领|支撑)", folded[start:stop])
    if made_of:
        start, stop = start + made_of.start(1), start + made_of.end(1)
    if stop - start >= 2:
        yield candidate_at(
            sentence, [Span(start + sentence.span.start, stop + sentence.span.start)], fit
        )


_ASKED_WHETHER = re.compile("[吗不没]$|[吗不没][?？]|([\u4e00-\u9fff])不\\1|有没有|是否|可否|能否")
_VERDICT = re.compile(
    "(?:答[:：])?((?:不?可以|不能|能|不?需要|不用|无需|不行|是的?|不是|会|不会|有|没有)(?=[。，,;；]))"
)
# What may be done, must be done or costs nothing is told in one of these.
_RULING = re.compile(
    "[不无免][需须得能可予用收]?|未|免|禁止|严禁|可以?|[应必]须|应当|仅限?|只|均|全[免年]"
)


def _verdict(asked: Question, sentence: Sentence) -> Iterator[Candidate]:
    """Yes or no: the word that a question in the heading is answered with, or a ruling sentence."""
    text = sentence.span.of(sentence.document.text)
    at = sentence.span.start
    said = _VERDICT.match(text)
    if said and re.search("[?吗]$", sentence.heading):
        yield candidate_at(sentence, [Span(said.start(1) + at, said.end(1) + at)])
    for number, clause in enumerate(sentence.clauses if not said else ()):
        # The clause that names what is asked about and rules on it.
        named = any(term.hard and holds(clause.text, term) for term in asked.terms)
        end = clause.span.start + len(clause.text.rstrip(",，。;；!！"))
        if number and named and end - clause.span.start >= 4 and _RULING.match(clause.text):
            yield Candidate((Span(clause.span.start, end),), number, 0.98, clause.span.start)
    if not said and _RULING.search(text):
        start = at + (len("答：") if text.startswith(("答：", "答:")) else 0)
        end = sentence.span.end - len(text) + len(text.rstrip("。！；"))
        if end - start >= 6:
            yield Candidate((Span(start, end),), 0, 0.97, start)


def _statements(asked: Question, sentence: Sentence) -> Iterator[Candidate]:
    """A sentence as the answer: only where it says nearly all that was asked."""
    if _ASKED_WHETHER.search(asked.text):
        yield from _verdict(asked, sentence)
    end = sentence.span.end
    while end > sentence.span.start and sentence.document.text[end - 1] in "。！？；，":
        end -= 1
    if end - sentence.span.start >= 6:
        yield Candidate((Span(sentence.span.start, end),), 0, 0.85, sentence.span.start)


_FINDERS: dict[str, Callable[[Question, Sentence], Iterator[Candidate]]] = {
    "date": _dates,
    "person": people,
    "office": offices,
    "place": _places,
    "phone": _phones,
    "title": _titles,
    "reference": _references,
    "list": lists,
    "definition": _definitions,
    "statement": _statements,
    "request": lambda asked, sentence: iter(()),
}
