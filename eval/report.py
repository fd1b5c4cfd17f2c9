"""The report of a run: a table for the terminal, JSON to compare with, one HTML file to read.

What the HTML looks like is eval/page.py's, what the figures are eval/summary.py's business.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from eval.cases import SetError
from eval.compare import Comparison
from eval.judge import Outcome
from eval.page import page
from eval.run import Growth
from eval.summary import MEASURES, Summary, by_system
from eval.systems import Youju

_OUTCOMES = TypeAdapter(list[Outcome])


def read_report(path: Path) -> list[Outcome]:
    """Youju's outcomes in the `report.json` of an earlier run."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return _OUTCOMES.validate_python(told["systems"][Youju.name]["outcomes"])
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        raise SetError(f"{path}：不是评测写出的 report.json：{error}") from error


def write_report(
    folder: Path,
    name: str,
    outcomes: Sequence[Outcome],
    summaries: Mapping[str, Summary],
    growth: Sequence[Growth],
    comparison: Comparison | None,
) -> None:
    """Write `report.json` and `report.html`; `summaries` are those of the outcomes, by system."""
    systems: dict[str, Any] = {
        system: {"summary": asdict(summaries[system]), "outcomes": [asdict(o) for o in found]}
        for system, found in by_system(outcomes).items()
    }
    told = {"set": name, "systems": systems, "growth": [asdict(one) for one in growth]}
    text = json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False)
    (folder / "report.json").write_text(text + "\n", encoding="utf-8")
    when = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
    html = page(name, outcomes, summaries, growth, comparison, when)
    (folder / "report.html").write_text(html, encoding="utf-8")


def table(summaries: Mapping[str, Summary]) -> str:
    """The measures of every system side by side, as text."""
    lines = [" " * 22 + "".join(f"{name:>24}" for name in summaries)]
    lines += [
        f"{measure:22}" + "".join(f"{_cell(s, measure):>24}" for s in summaries.values())
        for measure in MEASURES
        if any(measure in s.measures for s in summaries.values())
    ]
    lines += [
        f"{count:22}" + "".join(f"{s.counts[count]:>24}" for s in summaries.values())
        for count in next(iter(summaries.values())).counts
    ]
    return "\n".join(lines)


def _cell(summary: Summary, measure: str) -> str:
    if measure not in summary.measures:
        return "–"
    mean = summary.measures[measure]
    return f"{mean.mean:.3f} [{mean.low:.3f}, {mean.high:.3f}]"
