"""A shipped network is run and nothing is told to anybody."""

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

_LOAD = "from index.reading import ReadingModel; ReadingModel()"


def test_the_engine_reports_nothing_and_marks_no_machine(tmp_path: Path) -> None:
    """Where it reports, onnxruntime first writes an id of the machine into the home folder."""
    environment = {
        name: value
        for name, value in os.environ.items()
        # What continuous integration sets would keep it quiet by itself.
        if name not in {"CI", "ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME"}
    }
    environment["HOME"] = str(tmp_path)
    subprocess.run([sys.executable, "-c", _LOAD], cwd=ROOT, env=environment, check=True)
    assert [path for path in tmp_path.rglob("*") if "onnxruntime" in path.name] == []
