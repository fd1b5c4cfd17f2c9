"""The colours of the pages: whatever text may stand on is far enough from it, in both themes."""

import re

import pytest

from tests.conftest import ROOT

_CSS = (ROOT / "web/tokens.css").read_text("utf-8")
_THEMES = {
    name: dict(re.findall(r"--yj-([\w-]+): (#[0-9a-f]{6});", rules))
    for name, rules in re.findall(r"(:root|\.dark) \{(.*?)\}", _CSS, re.DOTALL)
}
_PAIRS = [
    *(
        (text, ground)
        for text in ("ink", "soft")
        for ground in ("paper", "sheet", "tint", "warn-tint")
    ),
    *(("accent", ground) for ground in ("paper", "sheet", "tint")),
    *(("warn", ground) for ground in ("paper", "sheet", "warn-tint")),
    ("ink", "mark"),
    ("on-accent", "accent"),
]


def _luminance(colour: str) -> float:
    """As WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", _THEMES)
@pytest.mark.parametrize(("text", "ground"), _PAIRS)
def test_text_is_legible_on_every_ground_it_stands_on(theme: str, text: str, ground: str) -> None:
    colours = _THEMES[theme]
    low, high = sorted(map(_luminance, (colours[text], colours[ground])))
    assert (high + 0.05) / (low + 0.05) >= 4.5
