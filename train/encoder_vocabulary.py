"""Which of the 250,002 pieces of the origin stay: those that Chinese and English text is cut into.

A piece stays when every character of it is allowed:

    Han characters, simplified and traditional, and the marks 々 〇
    ASCII, the word mark ▁, punctuation and symbols of any block in SYMBOLS, bopomofo
    words of ASCII letters: those that the publisher of the pack kept for English and Portuguese
    one letter of another alphabet in LETTERS by itself (é, ǐ, α, の), with or without ▁

Why this keeps the segmentation: a Unigram tokenizer takes the best-scored path through all pieces
that match. Taking away pieces that the best path does not use cannot change it, and no piece that
holds a foreign character can match text that has none. So text in Han characters, ASCII symbols
and the English of that pack is cut exactly as before; what is not kept becomes <unk>, or shorter
pieces.
"""

from collections.abc import Iterable, Set

WORD_MARK = "▁"
SPECIAL = frozenset({"<s>", "<pad>", "</s>", "<unk>", "<mask>"})

Range = tuple[int, int]

HAN: tuple[Range, ...] = (
    (0x3005, 0x3005),  # 々
    (0x3007, 0x3007),  # 〇
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
SYMBOLS: tuple[Range, ...] = (
    (0x0021, 0x007E),  # ASCII, letters included
    (0x00A1, 0x00BF),
    (0x00D7, 0x00D7),  # ×
    (0x00F7, 0x00F7),  # ÷
    (0x2010, 0x2BFF),  # punctuation, currency, arrows, mathematics, boxes, shapes, dingbats
    (0x3001, 0x303F),  # Chinese punctuation
    (0x3105, 0x312F),  # bopomofo
    (0xFE10, 0xFE6F),  # vertical and small forms, variation selectors aside
    (0xFF00, 0xFFEF),  # full width, where normalisation leaves it
    (0x1F000, 0x1FAFF),  # pictographs
)
LETTERS: tuple[Range, ...] = (
    (0x00C0, 0x024F),  # Latin with marks: pinyin, names
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x045F),  # Cyrillic
    (0x1E00, 0x1EFF),  # more Latin with marks
    (0x3041, 0x30FF),  # kana
)


def kept(pieces: Iterable[str], words: Set[str]) -> list[int]:
    """The places of the pieces that stay, ascending; `words` are the ASCII words to keep.

    >>> kept(["<s>", "▁增长", "▁growth", "▁crescita", "рост", "ж", "▁71"], {"▁growth"})
    [0, 1, 2, 5, 6]
    """
    return [place for place, piece in enumerate(pieces) if _stays(piece, words)]


def _stays(piece: str, words: Set[str]) -> bool:
    if piece in SPECIAL:
        return True
    body = piece.removeprefix(WORD_MARK)
    if len(body) == 1 and _all_in(body, LETTERS):
        return True
    if body.isascii() and any(map(str.isalpha, body)):
        return piece in words or len(body) == 1
    return _all_in(body, SYMBOLS + HAN)


def _all_in(text: str, ranges: tuple[Range, ...]) -> bool:
    return all(any(first <= ord(character) <= last for first, last in ranges) for character in text)
