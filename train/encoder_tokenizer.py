"""The tokenizer of the origin, over the pieces that were kept, for the `tokenizers` library.

Normalisation is the origin's own table of code points (full width to half width, ℃ to °C, controls
away), as the `Precompiled` normaliser reads it: a double-array trie over UTF-8 bytes, and the
replacements one after another, each ended by a zero byte. The trie is built here.

Special tokens are not registered with the tokenizer: in the origin "<s>" in a text is a piece like
any other, and it stays so.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tokenizers import Regex, Tokenizer
from tokenizers.models import Unigram
from tokenizers.normalizers import Precompiled, Replace
from tokenizers.normalizers import Sequence as Normalizers
from tokenizers.pre_tokenizers import Metaspace
from tokenizers.processors import TemplateProcessing

_PAGE = 256  # children of one node are neighbours within a page: base XOR byte
_HAS_LEAF = 1 << 8
_LEAF = 1 << 31

Trie = dict[int, "Trie"]


def build_tokenizer(
    pieces: Sequence[tuple[str, float]],
    code_points: Mapping[str, str],
    specials: tuple[int, int, int],
) -> Tokenizer:
    """A tokenizer whose ids are the places in `pieces`; `specials`: beginning, end, unknown."""
    beginning, end, unknown = specials
    tokenizer = Tokenizer(Unigram(list(pieces), unk_id=unknown, byte_fallback=False))
    tokenizer.normalizer = Normalizers(
        [Precompiled(charsmap(code_points)), Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = Metaspace(replacement="▁", prepend_scheme="always", split=True)
    names = [(pieces[place][0], place) for place in (beginning, end)]
    tokenizer.post_processor = TemplateProcessing(
        single=f"{names[0][0]} $A {names[1][0]}", special_tokens=names
    )
    return tokenizer


def charsmap(code_points: Mapping[str, str]) -> bytes:
    """The table in the binary form that SentencePiece calls a precompiled charsmap."""
    replacements = bytearray()
    places: dict[str, int] = {}
    for becomes in sorted(set(code_points.values())):
        places[becomes] = len(replacements)
        replacements += becomes.encode() + b"\0"
    units = _DoubleArray(
        (origin.encode(), places[becomes])
        for origin, becomes in sorted(code_points.items())
        # A zero byte ends a key, so U+0000 cannot be one; nothing maps it.
        if origin != "\0"
    ).units
    return struct.pack(f"<I{len(units)}I", 4 * len(units), *units) + bytes(replacements)


class _DoubleArray:
    """A trie as one array, in the bit layout that SentencePiece reads.

    A node's unit holds the byte that leads to it, whether a value ends there, and the distance
    (by XOR) to its base: its child by byte b is at base XOR b, its value at base itself.
    """

    def __init__(self, entries: Iterable[tuple[bytes, int]]) -> None:
        self._values: dict[bytes, int] = dict(entries)
        self._units: list[int] = []
        self._taken: set[int] = {0}
        self._bases: set[int] = set()
        self._grow()
        self._place(0, b"", _trie(self._values))

    @property
    def units(self) -> list[int]:
        return self._units

    def _place(self, node: int, prefix: bytes, children: Trie) -> None:
        value = self._values.get(prefix)
        labels = [*([0] if value is not None else []), *sorted(children)]
        base = self._free_base(labels)
        self._bases.add(base)
        self._taken.update(base ^ label for label in labels)
        self._units[node] |= (node ^ base) << 10
        if value is not None:
            self._units[node] |= _HAS_LEAF
            self._units[base] = _LEAF | value
        for label in sorted(children):
            self._units[base ^ label] |= label
        for label, below in sorted(children.items()):
            self._place(base ^ label, prefix + bytes([label]), below)

    def _free_base(self, labels: Sequence[int]) -> int:
        for base in self._candidates():
            if base not in self._bases and not any(base ^ b in self._taken for b in labels):
                return base
        raise AssertionError("candidates never end")

    def _candidates(self) -> Iterator[int]:
        # Older pages are nearly full: looking there again costs more than it saves.
        base = max(1, len(self._units) - 4 * _PAGE)
        while True:
            if base >= len(self._units):
                self._grow()
            yield base
            base += 1

    def _grow(self) -> None:
        self._units.extend([0] * _PAGE)


def _trie(keys: Iterable[bytes]) -> Trie:
    root: Trie = {}
    for key in keys:
        node = root
        for byte in key:
            node = node.setdefault(byte, {})
    return root
