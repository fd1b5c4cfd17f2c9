"""The commands of docs/api.md and docs/embed.md run in their order and answer what is said there."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index.archive import Archive
from qa.assistant import Assistant
from qa.desk import LocalDesk
from qa.settings import Settings
from tests.conftest import ROOT, HashEmbedder, RuleReader, listening
from web.api.application import create_api
from web.api.register import Register

_END = "\x1e"


def _blocks() -> list[tuple[str, str, str]]:
    """Each command, and the kind and text of what its document says that it prints."""
    documents = (ROOT / "docs/api.md", ROOT / "docs/embed.md")
    text = "\n".join(document.read_text(encoding="utf-8") for document in documents)
    block = re.compile(r"```sh\n(.*?)```(?:\n```(json|text)\n(.*?)```)?", re.DOTALL)
    return [(m[1], m[2] or "", m[3] or "") for m in block.finditer(text)]


def _holds(told: object, expected: object) -> bool:
    """Whether all that is expected is told; lists have the same length."""
    if isinstance(told, dict) and isinstance(expected, dict):
        return all(name in told and _holds(told[name], value) for name, value in expected.items())
    if isinstance(told, list) and isinstance(expected, list):
        return len(told) == len(expected) and all(map(_holds, told, expected))
    return told == expected


def test_the_commands_answer_what_the_documents_say(tmp_path: Path) -> None:
    if not (shutil.which("curl") and shutil.which("bash")):
        pytest.skip("no curl or bash found; install them (Debian: apt install curl)")
    folder = tmp_path / "library"
    (first, _, _), *blocks = _blocks()
    assert re.findall(r"export (\w+)=", first) == ["URL", "KEY"]
    lines = [f'youju() {{ "{sys.executable}" -m qa "$@"; }}', "set -e"]
    for command, _, _ in blocks:
        lines += [command, f"printf '%s' '{_END}'"]
    with Archive(folder, HashEmbedder) as archive:
        desk = LocalDesk(archive, Assistant(archive, RuleReader()))
        key = Register(folder).renew_admin_key()
        with listening(lambda: create_api(desk, Settings(data=folder))) as url:
            known = {"URL": url, "KEY": key, "YOUJU_DATA": str(folder), "PYTHONPATH": str(ROOT)}
            done = subprocess.run(
                ["bash", "-c", "\n".join(lines)],
                cwd=tmp_path,
                env={**os.environ, **known, "NO_PROXY": "127.0.0.1", "PYTHONSAFEPATH": "1"},
                capture_output=True,
                text=True,
                timeout=200,
            )
    assert done.returncode == 0, done.stdout + done.stderr
    *printed, rest = done.stdout.split(_END)
    assert (len(printed), rest) == (len(blocks), "")
    for (command, kind, expected), told in zip(blocks, printed, strict=True):
        if kind == "json":
            assert _holds(json.loads(told), json.loads(expected)), f"{command}\n{told}"
        elif kind == "text":
            assert told == expected, command
