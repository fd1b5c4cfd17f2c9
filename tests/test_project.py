"""What the project says of itself is true: the README's code runs, its settings and files exist."""

import re
import subprocess
import sys
from dataclasses import fields
from importlib.metadata import distributions
from pathlib import Path

import pytest

from qa.settings import Settings
from tests.conftest import ROOT

_READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]


@pytest.mark.parametrize(
    "readme",
    [_READMES[0], pytest.param(_READMES[1], marks=pytest.mark.soak)],
    ids=lambda path: path.name,
)
def test_the_python_of_the_readme_prints_what_it_says(readme: Path, tmp_path: Path) -> None:
    code = re.findall(r"```python\n(.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)[0]
    code = code.replace("var/python-library", str(tmp_path / "library"))
    said = re.findall(r"print\(.*\)  # (.*)", code)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == said


@pytest.mark.parametrize("readme", _READMES, ids=lambda path: path.name)
def test_every_setting_is_documented(readme: Path) -> None:
    text = readme.read_text(encoding="utf-8")
    assert [f.name for f in fields(Settings) if f"YOUJU_{f.name.upper()}" not in text] == []


def test_every_file_the_readme_names_is_there() -> None:
    named = re.findall(
        r"`((?:index|qa|web|eval|train)/[\w.]+\.py)`", _READMES[0].read_text("utf-8")
    )
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_no_other_distribution_brings_our_names() -> None:
    """The folders have common names: one of a dependency's would hide ours."""
    ours = {"qa", "index", "eval", "train", "web", "app.py"}
    taken = {
        f"{d.metadata['Name']}: {file}"
        for d in distributions()
        for file in d.files or ()
        if file.parts[0] in ours and d.metadata["Name"] != "youju"
    }
    assert taken == set()


def test_settings_come_from_the_environment_alone_and_name_a_bad_value() -> None:
    assert Settings.from_environment({}) == Settings()
    assert Settings.from_environment({"YOUJU_DATA": "/srv/x", "YOUJU_PORT": "80"}) == Settings(
        data=Path("/srv/x"), port=80
    )
    with pytest.raises(ValueError, match="YOUJU_PORT"):
        Settings.from_environment({"YOUJU_PORT": "x"})
