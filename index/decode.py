"""Bytes of a text file to characters, or an honest refusal; never mojibake in silence.

A byte order mark decides; else UTF-8, which no other encoding resembles by chance; else GB18030, Big5
and UTF-16 without a mark compete by how common the Chinese characters are that each would give.
What the characters mean is index/lines.py's and the readers' business.
"""

import codecs
import re
from functools import lru_cache

from index.errors import LoadError

SAMPLE = 20_000  # characters that decide; reading more would not change the answer
MOST_DAMAGED = 0.001  # share of characters that may be unreadable in a text worth keeping
LEAST_SCORE = 0.4
_TELLING = 6  # characters of a line that tell whether it was encoded twice
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNMARKED = ("gb18030", "cp950", "utf-16-le", "utf-16-be")

# The commonest characters of Chinese prose, simplified and traditional: about half of any text.
_FREQUENT = frozenset(
    "的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学"
    "对可里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面"
    "公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情"
    "部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北"
    "少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神"
    "数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台"
    "象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃义科怎元社术结六功指思"
    "非流每青管夫连远资队跟带花快条院变联言权往展该领传近留红治决周保达办运武半候七必城父强步完"
    "革深区即求品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱党倒未持取设始版双历"
    "越史商千片容研像找友孩站广改议形委早房音火际则首单据导影失拿网香似斯专石若兵弟谁校读志飞观"
    "争究包组造落视济喜离虽坏兴规划企投增项标目标产环季营税额街道居厂仓测试源料"
    "們個來時國為會這說對學發過後還經長現實開動問題進點見電間頭無業關體機當從與兩應將義門產書樣"
    "結東軍總條種數帶給區達較處術資觀認幾統導務報連員萬際該戰類則邊變場師馬張難車親記風幹許覺請"
    "愛讓論遠隊聯權傳設歷廣議單據專飛爭組視濟離雖壞興規劃企業項標環營稅額廠倉測試億農醫藥"
    "縣鎮灣臺灣價購買賣輛營運轉輸網絡訊號碼檔創勞動財稱證書錄"
)
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_ORDINARY = re.compile(r"[\t\n\r -~\u2010-\u203b\u3000-\u3015\uff01-\uff5e·℃×÷±°]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff\ue000-\uf8ff]")
_SIGNS = re.compile(
    r"锟斤拷|锟斤|烫烫烫|屯屯屯|ï»¿|Ã[\x80-\xbf€-™]|â€[\x80-\xbf™œ]|[äåæçèé][\x80-\xbf]|\ufffd"
)
_DOUBLY_ENCODED = ("gb18030", "latin-1", "cp1252")

UNREADABLE = "认不出文字的编码，可能是二进制文件，也可能已经损坏；请用记事本等软件另存为 UTF-8 编码后再添加。"
GARBLED = "文字是乱码（编码被误转过）；请从原始文件重新导出，另存为 UTF-8 编码后再添加。"


def decode(data: bytes, declared: str = "") -> str:
    """The characters of `data`; `declared` is the encoding that the file itself names, if any.

    >>> decode("高新技术产业投资".encode("gbk")), decode("高新技術產業".encode("big5"))
    ('高新技术产业投资', '高新技術產業')
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    text = _read(data, encoding) if encoding else _unmarked(data, declared)
    if text is None or _is_binary(text):
        raise LoadError(UNREADABLE)
    check_readable(text)
    return text.removeprefix("\ufeff")


def check_readable(text: str) -> None:
    """Raise LoadError where `text` is mojibake, wholly or in more than a few places.

    >>> check_readable("锟斤拷锟斤拷")
    Traceback (most recent call last):
    index.errors.LoadError: 文字是乱码（编码被误转过）；请从原始文件重新导出，另存为 UTF-8 编码后再添加。
    """
    signs = _SIGNS.findall(text)
    damaged = sum(map(len, signs))
    # One sign alone may be an article about mojibake; U+FFFD never is.
    if damaged > MOST_DAMAGED * len(text) and (len(signs) > 1 or "\ufffd" in signs):
        raise LoadError(GARBLED)
    if any(_reads_back(text[:SAMPLE], encoding) for encoding in _DOUBLY_ENCODED):
        raise LoadError(GARBLED)


def _unmarked(data: bytes, declared: str) -> str | None:
    named = _read(data, _known(declared)) if declared else None
    if named is not None and _sound(named):
        return named
    # No text holds NUL in UTF-8; every UTF-16 text with a line break or a Latin letter does.
    if b"\0" not in data and (text := _read(data, "utf-8")) is not None:
        return text
    return _best_scored(data)


def _best_scored(data: bytes) -> str | None:
    texts = [text for name in _UNMARKED if (text := _read(data, name)) is not None]
    best = max(texts, key=_score, default=None)
    return best if best is not None and _score(best) >= LEAST_SCORE else None


def _read(data: bytes, encoding: str) -> str | None:
    """`data` in `encoding`, or None where more than a trace of it is not."""
    if not encoding:
        return None
    if encoding.startswith("utf-16-") and len(data) % 2:
        return None
    text = data.decode(encoding, errors="replace")
    # U+FFFD that the file itself holds was lost before; check_readable says so.
    written = data.count(b"\xef\xbf\xbd") if encoding.startswith("utf-8") else 0
    return text if text.count("\ufffd") - written <= MOST_DAMAGED * len(text) else None


def _known(declared: str) -> str:
    """The codec for a declared name; GB2312 and GBK pages use characters of GB18030 freely."""
    try:
        name = codecs.lookup(declared.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return ""
    if name in {"gb2312", "gbk"}:
        return "gb18030"
    return name if name in {"utf-8", "big5", "big5hkscs", "cp950", "gb18030"} else ""


def _sound(text: str) -> bool:
    """Whether a declared encoding gave Chinese (or plain ASCII), not chance characters."""
    return _score(text) >= LEAST_SCORE


@lru_cache(maxsize=8192)
def _weight(character: str) -> float:
    """How much `character` speaks for a reading."""
    if character in _FREQUENT:
        return 1.0
    if _CONTROL.match(character):
        return -2.0
    if _ORDINARY.match(character):
        return 0.5
    if not _HAN.match(character):
        return 0.0
    return 0.6 if _is_common(character) else 0.1


def _is_common(character: str) -> bool:
    """Whether a standard lists it with its common characters: GB 2312 level 1, Big5 level 1."""
    levels = (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6))
    leads = ((character.encode(name, "ignore")[:1], low, high) for name, low, high in levels)
    return any(lead and low <= lead[0] <= high for lead, low, high in leads)


def _score(text: str) -> float:
    sample = text[:SAMPLE]
    return sum(map(_weight, sample)) / len(sample) if sample else 0.0


def _is_binary(text: str) -> bool:
    sample = text[:SAMPLE]
    controls = sum(1 for _ in _CONTROL.finditer(sample))
    return controls > 0.05 * len(sample)


def _reads_back(text: str, encoding: str) -> bool:
    """Whether `text` is UTF-8 that somebody read in `encoding`: written back it is Chinese again.

    Chinese that was read rightly gives next to none, however it is written back.
    """
    lines = "\n".join(line for line in text.splitlines() if _foreign(line) >= _TELLING)
    meant = lines.encode(encoding, "ignore").decode("utf-8", "replace")
    return sum(bool(_HAN.match(c)) for c in meant) > max(_foreign(meant) / 2, 2)


def _foreign(text: str) -> int:
    return sum(not c.isascii() for c in text)
