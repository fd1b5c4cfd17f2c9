"""What is installed has no hole that is known and mended, and what has one is not used.

Without a network: the versions below which a hole is known stand here. `make audit` asks those who
keep the whole list.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from packaging.version import Version

import index.store  # noqa: F401 - what it loads is looked at below
from tests.conftest import ROOT

# The first version without the hole, and the hole.
_FLOORS = {
    "gradio": ("6.16", "files outside of what FileExplorer shows (GHSA-j36p-7w88-g82j)"),
    "jinja2": ("3.1.6", "templates out of their sandbox (CVE-2025-27516)"),
    "langchain": ("1.2.5", "what is stored becomes an object (CVE-2025-68664)"),
    "langchain-core": ("1.2.5", "what is stored becomes an object (CVE-2025-68664)"),
    "langchain-openai": ("1.1.14", "addresses in messages are fetched (CVE-2026-26013)"),
    "pypdf": ("6.16.1", "files that never end (CVE-2026-84311)"),
    "torch": ("2.10", "memory spoilt while weights are read (CVE-2026-24747)"),
    "transformers": ("5.3", "a configuration that runs code (CVE-2026-4372)"),
}
_LOCKS = ("requirements.lock", "requirements-dev.lock")
_PRODUCT = ("index", "qa", "web", "eval", "app.py")
_IGNORES: list[dict[str, Any]] = tomllib.loads(
    (ROOT / "audit-ignores.toml").read_text(encoding="utf-8")
)["ignore"]


def _locked(lock: str) -> dict[str, Version]:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    pins = (re.match(r"([a-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)", line, re.I) for line in lines)
    return {pin[1].lower(): Version(pin[2]) for pin in pins if pin}


@pytest.mark.parametrize("lock", _LOCKS)
def test_nothing_is_locked_below_the_version_that_mends_a_known_hole(lock: str) -> None:
    locked = _locked(lock)
    assert len(locked) > 100
    below = {
        f"{name} {locked[name]} < {floor}: {hole}"
        for name, (floor, hole) in _FLOORS.items()
        if name in locked and locked[name] < Version(floor)
    }
    assert below == set()


def test_every_floor_is_of_something_that_is_locked() -> None:
    locked = {name for lock in _LOCKS for name in _locked(lock)}
    # langchain itself comes only with a language model that is named by it.
    assert _FLOORS.keys() - locked <= {"langchain"}


@pytest.mark.parametrize("ignored", _IGNORES, ids=lambda ignored: str(ignored["id"]))
def test_a_hole_is_put_up_with_for_a_time_and_a_version_only(ignored: dict[str, Any]) -> None:
    since, until = ignored["since"], ignored["until"]
    assert isinstance(since, date)
    assert (until - since).days <= 100
    assert re.fullmatch(r"GHSA(-\w{4}){3}|CVE-\d{4}-\d+|PYSEC-\d{4}-\d+", ignored["id"])
    assert len(ignored["reason"]) > 30
    assert ignored["owner"]
    again = f"look {ignored['id']} up again, and mend it or judge it anew in audit-ignores.toml"
    assert datetime.now(UTC).date() <= until, again
    for lock in _LOCKS:
        assert str(_locked(lock)[ignored["package"]]) == ignored["version"], again


# -- what is not used ------------------------------------------------------------------------


def _product() -> Iterator[tuple[str, ast.Module]]:
    for place in (ROOT / name for name in _PRODUCT):
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            yield str(file.relative_to(ROOT)), ast.parse(file.read_text(encoding="utf-8"))


_FORBIDDEN_MODULES = ("pickle", "marshal", "shelve", "dill", "joblib", "cloudpickle",
                      "chromadb.server", "chromadb.app", "chromadb.cli")  # fmt: skip
_FORBIDDEN_CALLS = {"eval", "exec", "compile", "yaml.load", "yaml.unsafe_load", "torch.load",
                    "numpy.load", "np.load", "os.system", "load_prompt"}  # fmt: skip
_FORBIDDEN_ARGUMENTS = {"shell", "trust_remote_code", "allow_pickle", "use_jinja2",
                        "allow_dangerous_deserialization"}  # fmt: skip


def _used(tree: ast.Module) -> Iterator[str]:
    """What of the forbidden a module does."""
    for node in ast.walk(tree):
        for module in _imported(node):
            if any(module == name or module.startswith(f"{name}.") for name in _FORBIDDEN_MODULES):
                yield module
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in _FORBIDDEN_CALLS:
                yield called
            yield from (
                f"{argument.arg}={ast.unparse(argument.value)}"
                for argument in node.keywords
                if argument.arg in _FORBIDDEN_ARGUMENTS and ast.unparse(argument.value) != "False"
            )


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [name.name for name in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
    return []


def test_nothing_that_was_stored_or_received_is_run() -> None:
    used = {name: sorted(_used(tree)) for name, tree in _product()}
    assert len(used) > 50
    assert {name: found for name, found in used.items() if found} == {}


@pytest.mark.parametrize(
    "code",
    ["import pickle", "from chromadb.server import fastapi", "from chromadb import app", "eval(x)",
     "import yaml\nyaml.load(x)", "f(x, trust_remote_code=True)", "import joblib.numpy_pickle"],
)  # fmt: skip
def test_the_watch_sees_what_it_watches_for(code: str) -> None:
    assert list(_used(ast.parse(code)))


def test_the_server_of_chroma_is_not_loaded() -> None:
    loaded = [name for name in sys.modules if name.startswith(("chromadb.server", "chromadb.app"))]
    assert loaded == []


def test_no_source_of_ours_is_missed() -> None:
    """A new folder of product code has to be named above."""
    shipped = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = shipped["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    with_code = {name for name in wheel if name.endswith(".py") or any((ROOT / name).glob("*.py"))}
    assert with_code == set(map(str, map(Path, _PRODUCT)))
