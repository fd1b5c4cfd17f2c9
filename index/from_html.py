"""An HTML page to a Draft: its article, as text, with tables, headings and what its head says.

Nothing is fetched, run or expanded; what a browser would not show is left out. Furniture that stands
in the text of the article like any paragraph is index/clean.py's to find.
"""

import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning
from bs4.element import NavigableString, PageElement, PreformattedString

from index import tables
from index.dates import first_date
from index.decode import decode
from index.furniture import is_content
from index.headings import LONGEST
from index.lines import Draft, Line, canonical_line, join, squeeze, unwrap_source

_UNSEEN = frozenset(
    (
        "script style template noscript svg math iframe frame object "
        "embed select option textarea input button audio video "
        "canvas dialog datalist map rp rt head link meta"
    ).split()
)
_CHROME = frozenset({"nav", "footer", "aside"})
_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
_BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd details div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section "
    "summary table tbody td tfoot th thead tr ul".split()
)
_CHROME_NAME = re.compile(
    r"(?:^|[-_ '\"\[])(?:nav|menu|foot|footer|head(?:er)?-?bar|topbar|top-bar|sidebar|side|crumbs?"
    r"|breadcrumbs?|share|toolbar|comments?|related|recommend|hot|rank|copyright|advert|ads?|banner"
    r"|login|pager|pagination|qrcode|ewm)(?:$|[-_ \d'\"\]])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_-]{2,20})""", re.IGNORECASE
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_SITE = re.compile(
    r".{0,20}(?:网|报|政府|门户|平台|公众号|频道|中心|新闻|官网|办公系统|内网|在线|委员会|厅|局)"
)

_DATE_KEYS = (
    "article:published_time", "og:published_time", "pubdate", "publishdate", "publish_date", "publishtime",
    "datepublished", "dc.date", "dc.date.issued", "dcterms.date", "date", "weibo:article:create_at",
)  # fmt: skip
_SITE_KEYS = ("contentsource", "source", "og:site_name", "sitename", "article:publisher")
_LINK_BOXES = frozenset("ul ol div section table p td dl".split())
_MOST_CELLS = 200_000
_PROSE = 25
_EMPTY = 10  # characters: a page that shrank to less was stripped of its article


def read(data: bytes) -> Draft:
    charset = _CHARSET.search(data[:4096])
    return read_html(decode(data, charset[1].decode("ascii") if charset else ""))


def looks_like_html(text: str) -> bool:
    """Whether `text` begins as HTML does.

    >>> looks_like_html(" <!DOCTYPE html><p>x"), looks_like_html("一、<html> 标签")
    (True, False)
    """
    start = re.compile(
        r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
        re.I | re.S,
    )
    return bool(start.match(text[:4096]))


def read_html(text: str) -> Draft:
    """The article of a page."""
    soup = _parse(text)
    told = _metadata(soup)
    _drop_unseen(soup)
    page = soup.body or soup
    whole = _lines(page)
    _drop_chrome(page)
    lines = _lines(_article(page))
    if sum(len(line.text) for line in lines) < _EMPTY:
        lines = whole  # all of it looked like links: a page of links
    return replace(told, lines=tuple(lines))


def text_of(text: str) -> list[str]:
    """The visible lines of a fragment of HTML, for Markdown that holds some."""
    soup = _parse(text)
    _drop_unseen(soup)
    return [line.text for line in _lines(soup)]


def _parse(text: str) -> BeautifulSoup:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        # The line feed keeps a file of one short line from being warned of as a file name.
        return BeautifulSoup(_DECLARATION.sub("", text) + "\n", "lxml")


# --- what the page says of itself -------------------------------------------------------------------


def _metadata(soup: BeautifulSoup) -> Draft:
    metas = {
        str(tag.get("property") or tag.get("name") or tag.get("itemprop")).casefold(): str(
            tag["content"]
        )
        for tag in reversed(soup.find_all("meta", content=True))
    }
    return Draft(
        (),
        title=_title(soup, metas),
        date=_date(soup, metas),
        publication=canonical_line(next((metas[k] for k in _SITE_KEYS if metas.get(k)), "")),
    )


def _title(soup: BeautifulSoup, metas: dict[str, str]) -> str:
    """og:title, the first heading or the window's title, whichever is the article's."""
    window = canonical_line(soup.title.get_text()) if soup.title else ""
    heads = [canonical_line(tag.get_text(" ")) for tag in soup.find_all("h1")]
    shared = canonical_line(metas.get("og:title", "") or metas.get("articletitle", ""))
    for head in heads:
        # A site's logo is often a heading too: the window's title tells which is the article's.
        if head and (
            (len(heads) == 1 and not _SITE.fullmatch(head)) or _begins(shared or window, head)
        ):
            return head
    return _without_site(shared or window, metas) or next(filter(None, heads), "")


def _begins(title: str, head: str) -> bool:
    return squeeze(title).startswith(squeeze(head))


def _without_site(title: str, metas: dict[str, str]) -> str:
    """`title` without the name of the site behind it.

    >>> _without_site("产业投资增长_湖滨日报", {}), _without_site("规划（2021-2025）", {})
    ('产业投资增长', '规划（2021-2025）')
    """
    site = squeeze(metas.get("og:site_name", "") or "\0")
    for separator in ("_", "|", "｜", " - ", " – ", " — ", "--", "-"):
        parts = title.split(separator)
        tail = parts[-1].strip()
        if len(parts) > 1 and (squeeze(tail) == site or _SITE.fullmatch(tail) or separator == "_"):
            return (parts[0] if separator != "-" else separator.join(parts[:-1])).strip()
    return title


def _date(soup: BeautifulSoup, metas: dict[str, str]) -> str:
    told = [metas.get(key, "") for key in _DATE_KEYS]
    scripts = soup.find_all("script", type="application/ld+json", limit=5)
    told += [match[1] for tag in scripts if (match := _JSON_DATE.search(tag.get_text()))]
    told += [str(tag["datetime"]) for tag in soup.find_all("time", datetime=True, limit=1)]
    return next((day for text in told if (day := first_date(text))), "")


# --- what goes --------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Measure:
    """What an element holds, all counted in one walk: pages nest without limit."""

    length: int = 0
    prose: int = 0  # characters in stretches long enough to be a paragraph
    sentences: int = 0  # paragraphs that end as sentences
    links: int = 0
    linked: int = 0  # characters inside links
    tables: int = 0
    titles: int = 0  # first-level headings
    heads: int = 0

    def take(self, other: "_Measure") -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


def _measures(root: Tag) -> dict[int, _Measure]:
    """The measure of each element below `root`, by `id`."""
    found: dict[int, _Measure] = {id(root): _Measure()}
    stack: list[tuple[PageElement, Tag, bool]] = [(child, root, False) for child in root.contents]
    while stack:
        node, parent, leaving = stack.pop()
        if leaving and isinstance(node, Tag):
            found[id(parent)].take(_with_itself(node, found[id(node)]))
        elif isinstance(node, Tag):
            found[id(node)] = _Measure()
            stack.append((node, parent, True))
            stack += [(child, node, False) for child in node.contents]
        elif isinstance(node, NavigableString):
            found[id(parent)].take(_of_text(node.strip()))
    return found


def _of_text(text: str) -> _Measure:
    size = len(text)
    return _Measure(
        length=size, prose=size if size >= _PROSE else 0, sentences=int(size >= 40 and "。" in text)
    )


def _with_itself(tag: Tag, inside: _Measure) -> _Measure:
    if tag.name == "a":
        inside.links, inside.linked = 1, inside.length
    elif tag.name == "table":
        inside.tables += 1
    elif tag.name in _HEADINGS:
        inside.heads += 1
        inside.titles += tag.name == "h1"
    return inside


def _tags(root: Tag) -> list[Tag]:
    return [node for node in root.descendants if isinstance(node, Tag)]


def _drop_unseen(soup: BeautifulSoup) -> None:
    for node in [n for n in soup.descendants if isinstance(n, PreformattedString)]:
        node.extract()  # comments, doctypes, processing instructions
    _drop(tag for tag in _tags(soup) if _is_unseen(tag))
    sizes = _measures(soup)
    # An open dialogue hides the page behind it from screen readers only: no reason to lose the page.
    half = sizes[id(soup)].length / 2
    hidden = (tag for tag in _tags(soup) if tag.get("aria-hidden") == "true")
    _drop(tag for tag in hidden if sizes[id(tag)].length < half)


def _is_unseen(tag: Tag) -> bool:
    hidden = tag.has_attr("hidden") or bool(_HIDDEN.search(str(tag.get("style", ""))))
    return hidden or tag.name in _UNSEEN


def _drop(tags: Iterable[Tag]) -> None:
    for tag in list(tags):
        tag.extract()


def _drop_chrome(page: Tag) -> None:
    sizes = _measures(page)
    fifth = sizes[id(page)].length / 5
    _drop(tag for tag in _tags(page) if _is_chrome(tag, sizes[id(tag)], fifth))


def _is_chrome(tag: Tag, size: _Measure, fifth: float) -> bool:
    if tag.name in _CHROME or (tag.name == "header" and not _is_articles_own(tag)):
        return True
    if tag.name == "form":  # some servers wrap the whole page in one form
        return size.length < fifth and not size.sentences
    if tag.name in _LINK_BOXES and _is_links(size):
        return True
    return _is_named_chrome(tag) and _is_bare(size)


def _is_articles_own(tag: Tag) -> bool:
    """Whether a header heads an article and not the page."""
    return tag.find_parent(["article", "main"]) is not None


def _is_named_chrome(tag: Tag) -> bool:
    if tag.name in ("body", "html", "article", "main", "table", *_HEADINGS):
        return False
    names = f"{tag.get('class', '')} {tag.get('id', '')}"
    return bool(_CHROME_NAME.search(names))


def _is_bare(size: _Measure) -> bool:
    """Whether an element has nothing of an article in it."""
    return not (size.sentences or size.tables or size.titles)


def _is_links(size: _Measure) -> bool:
    """Whether an element is mostly links; headings and tables of data are never thrown away."""
    return size.links >= 3 and not size.titles and size.linked > 0.6 * size.length


# --- where the article is ---------------------------------------------------------------------------


def _article(page: Tag) -> Tag:
    """The smallest element that holds nearly all prose, every table and the title.

    Rather too much than too little: what is left of the furniture goes later, by what it says.
    """
    sizes = _measures(page)
    whole = sizes[id(page)]
    place = page
    while whole.prose:
        inner = next((tag for tag in _boxes(place) if _holds(sizes[id(tag)], whole)), None)
        if inner is None:
            break
        place = inner
    return place


def _boxes(tag: Tag) -> Iterator[Tag]:
    """The elements in `tag` that may hold an article."""
    leaves = ("p", "table", "tr", "td", *_HEADINGS)
    return (c for c in tag.children if isinstance(c, Tag) and c.name not in leaves)


def _holds(size: _Measure, whole: _Measure) -> bool:
    enough = size.prose >= 0.85 * whole.prose
    return enough and size.tables == whole.tables and size.titles == whole.titles


# --- elements to lines ------------------------------------------------------------------------------


@dataclass(slots=True)
class _Writer:
    """Collects text into lines as blocks begin and end."""

    lines: list[Line] = field(default_factory=list)
    pending: str = ""
    strong: int = 0  # characters of `pending` that are set bold
    open: Counter[str] = field(default_factory=Counter)  # elements under way that matter here
    numbers: Counter[int] = field(default_factory=Counter)  # items so far of each ordered list

    def write(self, text: str) -> None:
        if self.open["pre"]:
            first, *rest = text.split("\n")
            self._add(first)
            for row in rest:
                self.end()
                self._add(row)
        else:
            self._add(re.sub(r"[\r\n]", " ", unwrap_source(text)))

    def cross(self, tag: Tag, leaving: bool) -> None:
        """Enter or leave an element."""
        if tag.name in _BLOCKS:
            self.end(heading=leaving and tag.name in _HEADINGS)
        if tag.name in ("b", "strong", "pre"):
            self.open[tag.name] += -1 if leaving else 1
        if tag.name == "li" and not leaving and tag.parent is not None and tag.parent.name == "ol":
            self.numbers[id(tag.parent)] += 1
            self._add(f"{self.numbers[id(tag.parent)]}. ")

    def end(self, heading: bool = False) -> None:
        if text := canonical_line(self.pending):
            self.lines.append(Line(text, heading or self._is_bold_heading(text)))
        self.pending, self.strong = "", 0

    def _add(self, text: str) -> None:
        self.pending += text
        if self.open["b"] or self.open["strong"]:
            self.strong += len(text.strip())

    def _is_bold_heading(self, text: str) -> bool:
        """Pages written in an editor set their headings as short bold paragraphs."""
        bold = self.strong >= len(self.pending.strip())
        plain = not re.search(r"[。；：:，、]", text) and not is_content(text)
        return bold and plain and 2 <= len(text) <= LONGEST


def _lines(root: Tag) -> list[Line]:
    """The text of `root`, a block a line; walked with a stack of our own, for nesting has no limit."""
    writer = _Writer()
    stack: list[tuple[PageElement, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        if isinstance(node, NavigableString):
            writer.write(str(node))
        elif isinstance(node, Tag) and node.name == "table" and not leaving and _is_data(node):
            writer.end()
            writer.lines += [Line(text) for text in _table(node)]
        elif isinstance(node, Tag):
            writer.cross(node, leaving)
            if not leaving:
                stack.append((node, True))
                stack += [(child, False) for child in reversed(node.contents)]
    writer.end()
    return writer.lines


# --- tables -----------------------------------------------------------------------------------------


def _is_data(table: Tag) -> bool:
    """Whether a table holds data; many only lay out a page, and hold other tables or an article."""
    if table.find("table") is not None or table.get("role") in ("presentation", "none"):
        return False
    rows = table.find_all("tr", limit=3)
    if not rows or max(len(row.find_all(["td", "th"], recursive=False)) for row in rows) < 2:
        return False
    long = (text for text in table.strings if len(text.strip()) >= 60)
    return len(list(islice(long, 3))) < 3 or table.find("th") is not None


def _table(table: Tag) -> list[str]:
    caption = table.find("caption")
    title = [canonical_line(caption.get_text(" "))] if isinstance(caption, Tag) else []
    rows = _grid(table)
    told = _labelled(rows)
    return [line for line in [*title, *(told or tables.lines(rows))] if line]


def _labelled(rows: list[list[tables.Cell]]) -> list[str]:
    """The facts of a table of labels and values, as the heads of official pages have."""
    cells = [[cell.text for cell in row] for row in rows]
    flat = [text for row in cells for text in row]
    labels = [text for row in cells for text in row[::2]]
    if (
        not labels
        or len(flat) > 60
        or not all(text.endswith(("：", ":")) for text in labels if text)
    ):
        return []
    return [
        f"{label}{value}"
        for row in cells
        for label, value in zip(row[::2], row[1::2], strict=False)
    ]


def _grid(table: Tag) -> list[list[tables.Cell]]:
    """The table as rows of equal columns, merged cells at each place they cover."""
    rows: list[list[tables.Cell]] = []
    hanging: dict[
        int, tuple[tables.Cell, int]
    ] = {}  # column: cell from above, rows it still covers
    origin = 0
    for tr in table.find_all("tr"):
        row: list[tables.Cell] = []
        for td in tr.find_all(["td", "th"], recursive=False):
            _let_hang(row, hanging)
            head = td.name == "th" or (tr.parent is not None and tr.parent.name == "thead")
            cell = tables.Cell(_cell_text(td), origin, head)
            origin += 1
            for _ in range(_span(td, "colspan")):
                if (down := _span(td, "rowspan")) > 1:
                    hanging[len(row)] = (cell, down - 1)
                row.append(cell)
        _let_hang(row, hanging)
        rows.append(row)
        if sum(map(len, rows)) > _MOST_CELLS:
            break
    return rows


def _let_hang(row: list[tables.Cell], hanging: dict[int, tuple[tables.Cell, int]]) -> None:
    """Cells merged downwards from earlier rows take their places in this one."""
    while len(row) in hanging:
        place = len(row)
        cell, left = hanging.pop(place)
        if left > 1:
            hanging[place] = (cell, left - 1)
        row.append(cell)


def _span(td: Tag, name: str) -> int:
    value = str(td.get(name, "1")).strip()
    return (
        min(max(int(value), 1), tables.MOST_COLUMNS) if value.isascii() and value.isdigit() else 1
    )


def _cell_text(td: Tag) -> str:
    text = ""
    for line in _lines(td):
        text = join(text, line.text)
    return text
