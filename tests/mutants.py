"""Files made worse, at random and on purpose: for the tests of what reads files of strangers."""

from collections.abc import Callable, Iterator
from io import BytesIO
from random import Random
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

Mutation = Callable[[bytes, Random], bytes]

_NUMBERS = (b"0", b"-1", b"99999999999", b"2147483648", b"1e309", b"\xff\xff\xff\xff")
_TOKENS = (b"<", b">", b"</", b"&", b"/", b"[", b"]", b"(", b")", b"<<", b">>", b"|", b"#", b"\0",
           b"obj", b"endstream", b"<table>", b"<td colspan=9999>", b"<w:p>", b"</w:tbl>", b"\n- ",
           b"\n> ", b"```", b"---\n", b"\xef\xbb\xbf", b"\xff\xfe", "亿".encode(), b"\xd6\xd0")  # fmt: skip


def _flipped(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice((1, 4, 40))):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _cut(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data))]


def _spliced(data: bytes, random: Random) -> bytes:
    """A stretch of it at another place, once or many times, or gone."""
    start = random.randrange(len(data))
    piece = data[start : start + random.choice((1, 10, 200, 2000))]
    at = random.randrange(len(data))
    return data[:at] + piece * random.choice((0, 1, 2, 30)) + data[at + len(piece) :]


def _renumbered(data: bytes, random: Random) -> bytes:
    digits = [at for at, byte in enumerate(data) if 48 <= byte < 58]
    if not digits:
        return _cut(data, random)
    at = random.choice(digits)
    return data[:at] + random.choice(_NUMBERS) + data[at + 1 :]


def _strewn(data: bytes, random: Random) -> bytes:
    for _ in range(random.choice((1, 3, 20))):
        at = random.randrange(len(data))
        data = data[:at] + random.choice(_TOKENS) + data[at:]
    return data


_MUTATIONS: tuple[Mutation, ...] = (_flipped, _cut, _spliced, _renumbered, _strewn)


def mutants(data: bytes, seed: int) -> Iterator[bytes]:
    """Endlessly many worse versions of a file; of an archive, also with worse members."""
    random = Random(seed)
    while True:
        worse = data
        if data.startswith(b"PK") and random.random() < 0.8:
            worse = _repacked(worse, random)
        else:
            for _ in range(random.choice((1, 1, 3))):
                worse = random.choice(_MUTATIONS)(worse or b"0", random)
        yield worse


def _repacked(data: bytes, random: Random) -> bytes:
    """An archive with one of its members made worse, gone, there twice, or under another name."""
    with ZipFile(BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    # Most of what is read is in one member.
    name = random.choice((*members, *["word/document.xml"] * len(members)))
    content = members.pop(name)
    if random.random() < 0.8:
        members[name] = random.choice(_MUTATIONS)(content or b"0", random)
    elif random.random() < 0.5:
        members[random.choice(("../../canary", "/canary", "word\\document.xml", name.upper()))] = (
            content
        )
    return zipped(members, stored=random.random() < 0.2)


def zipped(members: dict[str, bytes], *, stored: bool = False) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_STORED if stored else ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()
