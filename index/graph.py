"""A network that ships as a folder: checked, opened and run. The one file that knows onnxruntime.

A folder holds `model.onnx`, `tokenizer.json` and `config.json`, which names the SHA-256 of every
other file that counts. What goes in and comes out is the business of index/encoder.py (vectors)
and index/reading.py (answers).

Every text runs by itself, on one thread, as many texts at a time as there are cores. That is
faster than a padded batch on many threads; and eight-bit scales are taken over all that runs
together, so in a batch what comes out for a text would depend on its neighbours.
"""

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

# onnxruntime 1.32 reports its use to its maker's host, and writes an id of the machine into the home
# folder, unless this is set before it is imported; its own call to switch that off comes too late.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime

CONFIG = "config.json"
GRAPH = "model.onnx"
TOKENIZER = "tokenizer.json"

_MOST_THREADS = 16

Floats = NDArray[np.float32]
Ids = NDArray[np.int64]
Config = TypeVar("Config")
Item = TypeVar("Item")
Result = TypeVar("Result")


class Graph:
    """The network of a folder. Any thread may run it."""

    def __init__(self, folder: Path, sha256: Mapping[str, str], repair: str) -> None:
        """Open it; ModelError, with `repair` as what to do, unless its files are those it was made with."""
        _verify(folder, sha256, repair)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors only
        try:
            self._session = onnxruntime.InferenceSession(
                str(folder / GRAPH), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime has no common class for what it raises
            raise ModelError(f"{folder / GRAPH} does not load ({error}); {repair}") from error
        self._workers = ThreadPoolExecutor(_cores(), thread_name_prefix="graph")

    def run(self, outputs: Sequence[str], inputs: Mapping[str, Ids]) -> list[Floats]:
        """The named outputs for these inputs."""
        found: list[Floats] = self._session.run(list(outputs), dict(inputs))
        return found

    def each(self, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        """`work` done on each item, as many at a time as there are cores, in the items' order."""
        # One item comes alone, and handing it to a thread would only make it wait.
        return list(map(work, items) if len(items) == 1 else self._workers.map(work, items))


def read_config(
    folder: Path, make: Callable[..., Config], is_complete: Callable[[Config], bool], repair: str
) -> Config:
    """The folder's `config.json` as `make` builds it of its fields; ModelError if it cannot be used."""
    try:
        fields: dict[str, Any] = json.loads((folder / CONFIG).read_bytes())
        config = make(**fields)
        complete = is_complete(config)
    except (OSError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise ModelError(f"{folder / CONFIG} cannot be used ({error}); {repair}") from error
    if not complete:
        raise ModelError(f"{folder / CONFIG} does not name all that it must; {repair}")
    return config


def check_folder(folder: Path) -> None:
    """ModelError unless the files of a folder are those that its `config.json` names."""
    repair = "restore the folder from the release"
    hashes = read_config(folder, lambda sha256, **_: dict(sha256), bool, repair)
    _verify(folder, hashes, repair)


def _verify(folder: Path, sha256: Mapping[str, str], repair: str) -> None:
    for name, expected in sha256.items():
        try:
            with (folder / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise ModelError(f"{folder / name} cannot be read ({error}); {repair}") from error
        if found != expected:
            raise ModelError(
                f"{folder / name} is not the file the model was made with "
                f"(SHA-256 {found[:12]}..., expected {expected[:12]}...); {repair}"
            )


def _cores() -> int:
    """The cores this process may use."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not on Windows and macOS
        cores = os.cpu_count() or 2
    return min(cores, _MOST_THREADS)
