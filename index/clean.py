"""Page furniture away, and what the page says of itself found: title, date, page, publication.

Only the head and the tail of a page are ever cut, never the middle, and a line that might be content
stays: a stray line in a passage is a blemish, a lost sentence is a wrong answer. What single lines
are is told by index/furniture.py; nothing here knows a file format.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index import furniture, headings
from index.dates import noted_date, sole_date, spoken_date
from index.furniture import Place, Row
from index.lines import Draft, Line, canonical_line, squeeze

HEAD = 60  # lines at most that stand before an article
LONGEST_TITLE = 80
_LONGEST_CHROME = 30  # a longer line above a title is a headline, not a menu
_SHORT_CHROME = 8
_WEAK_RUN = 8  # weak lines crossed on the way up to a furniture line
_WEAK_LIST = 40  # and up to the heading of a list of links
_SIGNATURE = 10  # lines from the end in which a document is signed
_DOCUMENT_TITLE = re.compile(
    r".*(?:关于.+|.{2,})(?:的)?(?:通知|意见|办法|方案|公告|公报|通告|报告|规定"
    r"|细则|决定|决议|通报|批复|函|规划|条例|纪要|制度)"
    r"(?:[（(][^（）()]{1,12}[）)])?"
)
_WITHOUT_BREAK = re.compile(r"[。；;，,：:]$")


@dataclass(frozen=True, slots=True)
class _Head:
    """The lines before the first paragraph: which are furniture, and what they tell."""

    lines: Sequence[Line]
    end: int
    rows: dict[int, Row]

    def tell(self, name: str) -> str:
        """The first non-empty value that a row of furniture has under `name`."""
        return next((value for row in self.rows.values() if (value := getattr(row, name))), "")

    @property
    def candidates(self) -> list[int]:
        return [place for place in range(self.end) if place not in self.rows]

    def last(self, place: Place) -> int:
        return max((n for n, row in self.rows.items() if row.place is place), default=-1)

    def first(self, place: Place) -> int:
        return min((n for n, row in self.rows.items() if row.place is place), default=self.end)


def clean(draft: Draft) -> Draft:
    """`draft` without furniture, with metadata; its title, where the page shows one, is line 0."""
    lines = _canonical(draft.lines)
    head = _read_head(lines)
    stop = _tail_start(lines, head.end)
    head = _without_plain_fields(head, stop < len(lines))
    place = _title_place(head, draft)
    title = _title(head, draft, place)
    body = [*([Line(title)] if title else []), *_body(head, stop, place)]
    if not body:  # a page of nothing but furniture is a page about furniture
        return replace(draft, lines=tuple(headings_marked(lines, 0)))
    return Draft(
        lines=tuple(headings_marked(body, 1 if title else 0)),
        title=title,
        title_hint=draft.title_hint,
        date=_date(draft, head, body),
        page=draft.page or head.tell("page"),
        publication=_publication(draft, head),
        page_count=draft.page_count,
    )


def headings_marked(lines: Sequence[Line], first: int) -> list[Line]:
    """The headings that the format marks; where it marks none, those that the text shows."""
    if any(line.heading for line in lines[first:]):
        return list(lines)
    return headings.mark(lines, first)


def _canonical(lines: Sequence[Line]) -> list[Line]:
    made = (replace(line, text=canonical_line(line.text)) for line in lines)
    return [line for line in _labels_joined([line for line in made if line.text])]


def _labels_joined(lines: Sequence[Line]) -> list[Line]:
    """A label that a copied page left on a line of its own, with its value again."""
    joined: list[Line] = []
    for place, line in enumerate(lines):
        before = joined[-1] if joined and place <= HEAD else None
        if before and not before.heading and _is_bare_label(before.text) and len(line.text) <= 40:
            if furniture.fields(line.text):
                joined.append(line)
            else:
                joined[-1] = replace(before, text=f"{before.text}{line.text}")
        else:
            joined.append(line)
    return joined


def _is_bare_label(text: str) -> bool:
    found = furniture.fields(text) if text.endswith(("：", ":")) else []
    return len(found) == 1 and not found[0][1]


# --- head -------------------------------------------------------------------------------------------


def _read_head(lines: Sequence[Line]) -> _Head:
    rows: dict[int, Row] = {}
    end = min(HEAD, len(lines))
    for place, line in enumerate(lines[:end]):
        row = furniture.head_row(line.text)
        if row is not None:
            rows[place] = row
        elif furniture.is_prose(line.text) or headings.is_numbered(line.text):
            end = place
            break
    return _Head(lines, end, {place: row for place, row in rows.items() if place < end})


def _without_plain_fields(head: _Head, has_tail: bool) -> _Head:
    """`head` with its labelled facts as content, unless other furniture shows a page of a site."""
    if has_tail or any(row.place is not Place.FIELDS for row in head.rows.values()):
        return head
    kept = {place: replace(row, kept=(head.lines[place].text,)) for place, row in head.rows.items()}
    return replace(head, rows=kept)


def _title_place(head: _Head, draft: Draft) -> int | None:
    """The line that is the title, or None."""
    for known in filter(None, (draft.title, head.tell("title"), draft.title_hint)):
        for place in head.candidates:
            if _same_title(head.lines[place].text, known):
                return place
    if draft.title or head.tell("title"):
        return None
    fit = [place for place in head.candidates if _could_be_title(head, place)]
    return _best_candidate(head, fit)


def _same_title(line: str, title: str) -> bool:
    return squeeze(line) == squeeze(title)


def _could_be_title(head: _Head, place: int) -> bool:
    text = head.lines[place].text
    following = head.lines[place + 1 : place + 40]
    longer = any(len(line.text) > max(len(text), 15) for line in following)
    return (
        2 <= len(text) <= LONGEST_TITLE
        and longer
        and not _WITHOUT_BREAK.search(text)
        and not sole_date(text)
        and not furniture.is_content(text)
        and not headings.is_numbered(text)
        and not furniture.fields(text)
        and not re.search(r"^.{1,8}[：:].{0,6}$", text)
    )


def _best_candidate(head: _Head, fit: list[int]) -> int | None:
    above, below = head.last(Place.ABOVE), head.first(Place.BELOW)
    between = [place for place in fit if above < place < below]
    if between and below < head.end:
        return _named_or_first(head, between)
    run = _run_before(fit, below) if below < head.end else []
    return _named_or_first(head, run or between or fit)


def _run_before(fit: list[int], below: int) -> list[int]:
    """The unbroken run of candidates that ends at line `below`."""
    run: list[int] = []
    expected = below - 1
    for place in reversed(fit):
        if place == expected:
            run.insert(0, place)
            expected -= 1
    return run


def _named_or_first(head: _Head, places: list[int]) -> int | None:
    """The first that is titled as official documents are, below a letterhead; else the first."""
    official = (p for p in places[:6] if _DOCUMENT_TITLE.fullmatch(head.lines[p].text))
    first = places[0] if places else None
    found = next(official, None)
    return found if found is not None and "关于" in head.lines[found].text else first


def _title(head: _Head, draft: Draft, place: int | None) -> str:
    if place is not None:
        return head.lines[place].text
    return canonical_line(draft.title or head.tell("title"))


def _body(head: _Head, stop: int, title: int | None) -> list[Line]:
    body: list[Line] = []
    for place, line in enumerate(head.lines[:stop]):
        if place in head.rows:
            body += [Line(canonical_line(text)) for text in head.rows[place].kept]
        elif place != title and not _is_chrome(head, place, title):
            body.append(line)
    return body


def _is_chrome(head: _Head, place: int, title: int | None) -> bool:
    """Whether a line above the title is a site's and not the article's."""
    if title is None or place >= title or not head.rows:
        return False
    text = head.lines[place].text
    if furniture.ends_like_label(text) or furniture.is_content(text) or furniture.states(text):
        return False
    menu_follows = any(
        place < n < title and row.place is Place.ABOVE for n, row in head.rows.items()
    )
    return len(text) <= (_LONGEST_CHROME if menu_follows else _SHORT_CHROME)


# --- tail -------------------------------------------------------------------------------------------


def _tail_start(lines: Sequence[Line], head_end: int) -> int:
    """The first line of the furniture at the end; `len(lines)` when there is none.

    Going up from the last line, furniture moves the cut; weak lines (links, addresses) are crossed
    in the hope of furniture above them; anything else ends the search.
    """
    cut = len(lines)
    weak = 0
    for place in range(len(lines) - 1, max(head_end, 1) - 1, -1):
        text = lines[place].text
        if _is_tail_line(lines, place, cut, weak):
            cut, weak = place, 0
        elif (furniture.is_weak(text) and weak < _WEAK_LIST) or (
            cut < len(lines) and furniture.claims(text) >= 1 and _under_notice(lines, place)
        ):
            weak += 1
        else:
            break
    return cut


def _is_tail_line(lines: Sequence[Line], place: int, cut: int, weak: int) -> bool:
    text = lines[place].text
    opened = cut < len(lines)
    if furniture.opens_list(text):
        return place + 1 < len(lines)
    if furniture.opens_legal(text):
        return place + 1 == cut or (opened and weak > 0)
    if weak > _WEAK_RUN:
        return False
    if furniture.is_tail_row(text) or (
        furniture.is_host(text) and opened and not _weak_break(lines, place, cut)
    ):
        return True
    return furniture.is_notice(text) and _alone_enough(text, opened, weak)


def _weak_break(lines: Sequence[Line], place: int, cut: int) -> bool:
    """Whether content stands between line `place` and the tail found so far."""
    return any(
        not furniture.is_weak(line.text) and not furniture.is_host(line.text)
        for line in lines[place + 1 : cut]
    )


def _alone_enough(text: str, opened: bool, weak: int) -> bool:
    """A notice with nothing else around it must say more to be believed."""
    return weak == 0 and furniture.claims(text) >= (2 if opened else 3)


def _under_notice(lines: Sequence[Line], place: int) -> bool:
    """Whether a legal heading stands close above, with notices only between."""
    for above in range(place - 1, max(place - 8, -1), -1):
        if furniture.opens_legal(lines[above].text):
            return True
        if not furniture.claims(lines[above].text):
            return False
    return False


# --- metadata ---------------------------------------------------------------------------------------


def _date(draft: Draft, head: _Head, body: Sequence[Line]) -> str:
    """The day of signing before the day of publishing; never a day that the text merely mentions."""
    noted = (_own_date(line.text) for line in head.lines[: head.end])
    found = (head.tell("issued"), draft.date, head.tell("date"), *noted, _signed(body))
    return next(filter(None, found), "")


def _own_date(text: str) -> str:
    """The date that a line tells of its document: alone, in a note, or beside an office's name."""
    return sole_date(text) or noted_date(text) or spoken_date(text) or furniture.signed_date(text)


def _signed(body: Sequence[Line]) -> str:
    """The date under a signature: alone on its line, below a short line, at the end."""
    for place in range(len(body) - 1, max(len(body) - _SIGNATURE, 0), -1):
        text = body[place].text
        day = sole_date(text) if len(body[place - 1].text) <= 30 else ""
        if day or (day := furniture.signed_date(text)):
            return day
    return ""


def _publication(draft: Draft, head: _Head) -> str:
    return head.tell("publication") or draft.publication or head.tell("issuer")
