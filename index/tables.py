"""A table to lines that stand for themselves: each row carries its label and its column headings,
so that any figure in it can be cited alone. How a format draws its tables is its reader's business."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

Rows = Sequence[Sequence["Cell"]]

MOST_COLUMNS = 200
_NUMBER = re.compile(
    r"[-+－±≈约<>＜＞≤≥]?\s*[\d０-９][\d０-９,，.．/:：\-～~]*\s*(?:[%％‰]|\S{0,4})"
)
_YEAR = re.compile(r"(?:19|20)\d{2}(?:\s*年.{0,6})?")
_BARE_NUMBER = re.compile(r"[-+－−]?\d[\d,，]*(?:\.\d+)?")
_UNIT = re.compile(r"(?P<unit>[^\d\s()（）]{1,8})")
# A unit in brackets after a heading: 总量（亿元）, 增速(%), 金额（单位：万元）.
_UNIT_OF = re.compile(
    r"[（(](?:单位[:：])?(?P<unit>[%％‰]|[百千万亿]*(?:元|美元|欧元|吨|人|户|家|个|项|件|亩|人次|公里|米|公顷|千瓦时|度|"
    r"平方米|平方公里|立方米|天|年|个月|小时|个百分点|辆|台|套|张|所|名))[)）]"
)
_UNIT_COLUMNS = frozenset({"单位", "计量单位"})
# Columns whose figures are not in the unit of their row: years, ranks, codes and rates of change.
_NOT_IN_UNIT = re.compile(
    r"年份|年度|时间|日期|序号|编号|代码|电话|排名|位次|名次|增速|增长|增幅|同比|环比|比重|占比|比例|率"
)
_SERIAL = frozenset({"序号", "编号", "no", "no.", "序", "#", "名次", "位次", "排名"})
# What stands above a column of two; a name of something else above a value is no heading.
_COLUMN_NAMES = frozenset(
    "项目 指标 内容 名称 类别 类型 金额 标准 说明 备注 数值 时间 日期 年份 地区 单位 部门 级别 等级 数量 "
    "完成情况 事项 条件 期限 比例 增速 总量 要求 职责 姓名 电话 参数 取值 键 值".split()
)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a table shows at one place; a merged cell stands at each place it covers."""

    text: str
    origin: int  # equal for the places that one merged cell covers, unique otherwise
    header: bool = False


def lines(rows: Rows) -> list[str]:
    """Each row of the table as one line.

    >>> grid = plain_rows([["指标", "总量（亿元）", "增速"], ["工业投资", "504.5", "30%"]])
    >>> lines(grid)
    ['工业投资：总量 504.5亿元；增速 30%。']
    """
    shown = [row for row in rows if any(cell.text for cell in row)]
    depth = _header_depth(shown)
    headings = _headings(shown[:depth])
    body = shown[depth:]
    if not depth or not body:
        return [_bare(row) for row in shown]
    return [_told(row, headings) for row in body]


def plain_rows(texts: Sequence[Sequence[str]], *, header: bool = False) -> list[list[Cell]]:
    """Rows without merged cells; `header` says that the first one is known to be headings."""
    numbers = iter(range(sum(map(len, texts))))
    return [
        [Cell(text, next(numbers), header and row == 0) for text in cells]
        for row, cells in enumerate(texts)
    ]


def _bare(row: Sequence[Cell]) -> str:
    """
    >>> _bare(plain_rows([["发文机关：", "区政府办", "日期", "5月"]])[0])
    '发文机关：区政府办；日期；5月'
    """
    text = ""
    for cell in _once(row):
        joint = "" if not text or text.endswith(("：", ":")) else "；"
        text += joint + cell.text
    return text


def _told(row: Sequence[Cell], headings: Sequence[str]) -> str:
    cells = _once(row)
    if len(cells) == 1:
        return cells[0].text  # a merged row is a heading or a note inside the table
    places = {cell.origin: place for place, cell in reversed(list(enumerate(row)))}
    label = _label(row, headings)
    told = [(_at(headings, places[cell.origin]), cell.text) for cell in cells if cell is not label]
    unit = _row_unit(row, headings) or _UNIT_OF.search(label.text if label else "")
    carried = any(_takes(heading, text) for heading, text in told)
    if not carried:
        unit = None  # with no figure to go to, the unit stays a fact of its own
    pairs = [
        _pair(*_measured(heading, text, unit))
        for heading, text in told
        if not (unit and heading in _UNIT_COLUMNS)
    ]
    start = f"{label.text.rstrip('：:')}：" if label else ""
    return start + "；".join(pairs).rstrip("。；") + "。"


def _at(headings: Sequence[str], place: int) -> str:
    return headings[place] if place < len(headings) else ""


def _pair(name: str, value: str) -> str:
    return f"{name} {value}".strip() if name != value else value


def _takes(heading: str, text: str) -> bool:
    """Whether a figure is in the unit of its row."""
    other = _UNIT_OF.search(heading) or _NOT_IN_UNIT.search(heading)
    return not other and bool(_BARE_NUMBER.fullmatch(text))


def _row_unit(row: Sequence[Cell], headings: Sequence[str]) -> re.Match[str] | None:
    """The unit that a column of units gives to the row; 单位 above what names the row is an office."""
    named = _label(row, headings)
    for cell, heading in zip(row, headings, strict=False):
        if heading in _UNIT_COLUMNS and cell is not named:
            return _UNIT.fullmatch(cell.text)
    return None


def _measured(heading: str, text: str, row_unit: re.Match[str] | None) -> tuple[str, str]:
    """A heading without its unit and a bare number with it: a figure is cited whole.

    >>> _measured("增速（%）", "-8.8", None), _measured("年份", "2024", None)
    (('增速', '-8.8%'), ('年份', '2024'))
    """
    own = _UNIT_OF.search(heading)
    unit = own or (row_unit if _takes(heading, text) else None)
    if unit is None or not _BARE_NUMBER.fullmatch(text):
        return heading, text
    name = heading[: own.start()] + heading[own.end() :] if own else heading
    return name, text + unit.group("unit")


def _label(row: Sequence[Cell], headings: Sequence[str]) -> Cell | None:
    """The cell that names the row: the first, or the one after a serial number."""
    for cell, heading in zip(row, headings, strict=False):
        if heading.casefold() not in _SERIAL:
            return cell if cell.text else None
    return None


def _once(row: Sequence[Cell]) -> list[Cell]:
    """The cells that show something, a merged one once."""
    return list({cell.origin: cell for cell in reversed(row) if cell.text}.values())[::-1]


def _headings(rows: Rows) -> list[str]:
    """One heading a column, those of several rows run together: 2023年 over 增速 is 2023年增速."""
    width = max(map(len, rows), default=0)
    return ["".join(_column(rows, place)) for place in range(width)]


def _column(rows: Rows, place: int) -> list[str]:
    cells = [row[place] for row in rows if place < len(row)]
    return [cell.text for cell in {cell.origin: cell for cell in cells}.values()]


def _header_depth(rows: Rows) -> int:
    """How many rows at the top are headings."""
    marked = 0
    while marked < len(rows) and all(cell.header or not cell.text for cell in rows[marked]):
        marked += 1
    if marked:
        return marked if marked < len(rows) else 0
    if not _looks_like_header(rows):
        return 0
    # A heading that spans columns has a second row of headings below it.
    spans = len({cell.origin for cell in rows[0]}) < len(rows[0])
    second = spans and len(rows) > 2 and not any(_is_value(cell.text) for cell in rows[1])
    return 2 if second else 1


def _looks_like_header(rows: Rows) -> bool:
    if len(rows) < 2 or len(rows[0]) < 2:
        return False
    first = [cell.text for cell in rows[0]]
    if not _could_head(first, [cell.origin for cell in rows[0]]):
        return False
    if len(_once(rows[0])) == 2:
        return _names_two_columns(first, rows[1:])
    return True


def _could_head(texts: Sequence[str], origins: Sequence[int]) -> bool:
    named = [text for text in texts if text]
    counts = Counter(zip(texts, origins, strict=True))
    repeated = len({text for text in named}) < len({key for key in counts if key[0]})
    values = any(_is_value(text) for text in named)
    labels = any(text.endswith(("：", ":")) for text in named)
    short = all(len(text) <= 30 for text in named)
    return len(named) >= 2 and short and not (repeated or values or labels)


def _names_two_columns(first: Sequence[str], body: Rows) -> bool:
    """Whether a table of two columns has headings; most of those in forms have none."""
    if any(text.split("（")[0] in _COLUMN_NAMES for text in first):
        return True
    last = [row[-1].text for row in body if row and row[-1].text]
    return bool(last) and sum(map(_is_value, last)) > len(last) / 2


def _is_value(text: str) -> bool:
    """Whether `text` is a figure, not a name; a year alone names a column.

    >>> _is_value("504.56亿元"), _is_value("2023年"), _is_value("增速（%）")
    (True, False, False)
    """
    return bool(_NUMBER.fullmatch(text)) and not _YEAR.fullmatch(text)
