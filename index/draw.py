"""Draws one page of a PDF: a program for a process of its own (index/apart.py).

The only importer of pypdfium2. PDFium is C++ and reads what strangers made. On standard output come
a line of JSON (the size, and of each character its box as fractions of the page: left, top, right,
bottom) and a PNG, for index/printed.py.
"""

import ctypes
import json
import sys
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

_LONGEST = 1600  # pixels of the longer side
_LARGEST = 2.0  # pixels a point
_MOST_CHARACTERS = 20_000
_GRID = 100_000


def main(file: str, number: str) -> None:
    """Draw page `number`, from 1."""
    page = pdfium.PdfDocument(Path(file).read_bytes())[int(number) - 1]
    width, height = page.get_size()
    image = page.render(scale=min(_LARGEST, _LONGEST / max(width, height, 1))).to_pil()
    text, boxes = _glyphs(page)
    head = {"width": image.width, "height": image.height, "text": text, "boxes": boxes}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n")
    image.convert("RGB").save(sys.stdout.buffer, "PNG")


def _glyphs(page: pdfium.PdfPage) -> tuple[str, list[tuple[float, float, float, float]]]:
    """The characters of the text layer that are seen, and the box of each."""
    layer = page.get_textpage()
    text, boxes = [], []
    for place in range(min(layer.count_chars(), _MOST_CHARACTERS)):
        code = raw.FPDFText_GetUnicode(layer, place)
        character = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
        if not character.isspace():
            left, bottom, right, top = layer.get_charbox(place, loose=True)
            (x0, y0), (x1, y1) = _placed(page, left, top), _placed(page, right, bottom)
            text.append(character)
            boxes.append((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
    return "".join(text), boxes


def _placed(page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float]:
    """A point of the page, which may be turned and cropped, as fractions of what is seen of it."""
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, _GRID, _GRID, 0, x, y, across, down)
    return across.value / _GRID, down.value / _GRID
