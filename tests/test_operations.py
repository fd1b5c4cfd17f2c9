"""The Dockerfile, the unit of systemd and docs/operations.md agree with the program."""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from qa.__main__ import main
from qa.settings import Settings
from tests.conftest import ROOT
from web.api.application import PREFIX
from web.stopping import GRACE_SECONDS

_DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
_UNIT = ROOT / "docs/youju.service"
_OPERATIONS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
_VARIABLES = {f"YOUJU_{field.name.upper()}" for field in fields(Settings)}


def _instructions() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile with what they are given, lines joined."""
    joined = re.sub(r"\\\n\s*", "", _DOCKERFILE)
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines]


def _given(instruction: str) -> list[str]:
    return [rest for name, rest in _instructions() if name == instruction]


def test_what_the_image_copies_is_there_and_is_all_that_is_installed() -> None:
    sources = [part for rest in _given("COPY") for part in rest.split()[:-1]]
    assert [source for source in sources if not (ROOT / source).exists()] == []
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    [shipped] = re.findall(r"only-include = (\[.*\])", project)
    assert set(json.loads(shipped)) <= set(sources)
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {line[1:] for line in ignored if line.startswith("!")} == set(sources)


def test_the_image_serves_as_the_program_does_and_not_as_root() -> None:
    names = [name for name, _ in _instructions()]
    [user], [port], [command], [check] = map(_given, ("USER", "EXPOSE", "CMD", "HEALTHCHECK"))
    assert user not in {"root", "0"}
    assert names.index("USER") < names.index("CMD")
    assert all(name != "RUN" for name in names[names.index("USER") :])
    assert json.loads(command) == ["youju", "serve"]
    assert int(port) == Settings().port
    assert f"127.0.0.1:{port}{PREFIX}/health" in check
    json.loads(check.partition("CMD ")[2])
    assert _given("VOLUME") == ["/data"]
    [version] = re.findall(r"FROM python:(\d+\.\d+)-slim", _DOCKERFILE)
    assert f'requires-python = ">={version}"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_the_environment_of_the_image_is_read() -> None:
    told = dict(re.findall(r"\b(YOUJU_\w+)=(\S+)", " ".join(_given("ENV"))))
    settings = Settings.from_environment(told)
    assert (settings.data, settings.host) == (Path("/data"), "0.0.0.0")
    assert told.keys() <= _VARIABLES


def test_every_variable_and_command_that_is_named_exists(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for text in (_DOCKERFILE, _UNIT.read_text(encoding="utf-8"), _OPERATIONS):
        assert set(re.findall(r"YOUJU_[A-Z_]+[A-Z]", text)) <= _VARIABLES
    blocks = "".join(re.findall(r"```sh\n(.*?)```", _OPERATIONS, re.DOTALL))
    commands = set(re.findall(r"(?:bin/|^|exec youju )youju (?:--data \S+ )?(\w+)", blocks, re.M))
    assert {"backup", "restore", "serve", "list"} <= commands
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out
    assert commands <= set(re.findall(r"^    (\w+) ", told, re.MULTILINE))


def _value(name: str) -> str:
    [value] = re.findall(rf"^{name}=(.*)$", _UNIT.read_text(encoding="utf-8"), re.MULTILINE)
    return str(value)


def test_the_unit_waits_longer_than_the_server_takes_to_stop() -> None:
    assert int(_value("TimeoutStopSec")) >= GRACE_SECONDS + 20
    waits = re.findall(r"--stop-timeout (\d+)", _OPERATIONS)
    assert waits
    assert all(int(seconds) >= GRACE_SECONDS + 20 for seconds in waits)


def test_the_unit_shuts_the_service_in() -> None:
    assert _value("ProtectSystem") == "strict"
    assert (_value("IPAddressDeny"), _value("IPAddressAllow")) == ("any", "localhost")
    assert _value("Environment") == f"YOUJU_DATA=/var/lib/{_value('StateDirectory')}"
    assert _value("LimitFSIZE") == "20G"
    assert _value("User") != "root"


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd-analyze found; install systemd")
    unit = tmp_path / "youju.service"
    told = _UNIT.read_text(encoding="utf-8")
    start = "/opt/youju/.venv/bin/youju"
    assert start in told
    unit.write_text(told.replace(start, sys.executable), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert [line for line in done.stderr.splitlines() if "youju" in line] == []
