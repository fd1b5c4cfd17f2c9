"""The shipped model as a module of sentence-transformers: onnxruntime runs it, not PyTorch.

A folder made by train/export_encoder.py holds `model.onnx`, `tokenizer.json` and `config.json`,
which names the SHA-256 of the other two. The graph pools and normalises by itself, so one module
is the whole model: `SentenceTransformer(modules=[OnnxEncoder(folder)])`. Prompts are
index/embed.py's business.

Every text runs through the graph by itself, on one thread, as many texts at a time as there are
cores. That is faster than a padded batch on many threads; and eight-bit scales are taken over all
that runs together, so in a batch a text's vector would depend on its neighbours.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from sentence_transformers.base.modules import InputModule
from tokenizers import Tokenizer
from torch import Tensor

from index.errors import ModelError
from index.types import Vectors

CONFIG = "config.json"
GRAPH = "model.onnx"
TOKENIZER = "tokenizer.json"

_MOST_THREADS = 16
_PROMPTS = frozenset({"query", "passage"})
_REPAIR = (
    "restore the folder from the release, or make it anew: "
    "python -m train.export_encoder --out models/e5-small-zh"
)

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class EncoderConfig:
    """What `config.json` says about the model beside it."""

    name: str
    dimension: int
    max_tokens: int
    prompts: dict[str, str]
    sha256: dict[str, str]


class OnnxEncoder(InputModule):  # type: ignore[misc]  # the base has no types here
    """Texts to unit vectors by the ONNX file in `folder`, which must be the one it was made as."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.settings = read_config(folder)
        _verify(folder, self.settings.sha256)
        self.max_seq_length = self.settings.max_tokens
        self.tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._session = _open_session(folder / GRAPH)
        self._workers = ThreadPoolExecutor(_cores(), thread_name_prefix="encoder")

    def preprocess(
        self, inputs: Sequence[str], prompt: str | None = None, **_: object
    ) -> dict[str, Tensor]:
        """Ids and mask, padded to the longest; what passes `max_seq_length` is cut off."""
        rows = [self._ids((prompt or "") + text) for text in inputs]
        longest = max(map(len, rows), default=0)
        ids = torch.zeros((len(rows), longest), dtype=torch.long)
        mask = torch.zeros_like(ids)
        for place, row in enumerate(rows):
            ids[place, : len(row)] = torch.tensor(row)
            mask[place, : len(row)] = 1
        return {"input_ids": ids, "attention_mask": mask}

    def forward(self, features: dict[str, Tensor], **_: object) -> dict[str, Tensor]:
        """Add `sentence_embedding`, a row a text."""
        lengths = features["attention_mask"].sum(dim=1).tolist()
        rows = features["input_ids"].numpy()
        texts = [row[None, :length] for row, length in zip(rows, lengths, strict=True)]
        # A query comes alone, and handing it to a thread would only make it wait.
        run = map if len(texts) == 1 else self._workers.map
        vectors = np.concatenate(list(run(self._embed, texts)))
        return {**features, "sentence_embedding": torch.from_numpy(vectors)}

    def count(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text takes, the two special ones included, nothing cut off."""
        return [len(encoding.ids) for encoding in self.tokenizer.encode_batch(list(texts))]

    def get_embedding_dimension(self) -> int:
        """The length of a vector."""
        return self.settings.dimension

    def save(self, output_path: str, *_: object, **__: object) -> None:
        """Copy the three files."""
        for name in (CONFIG, GRAPH, TOKENIZER):
            shutil.copyfile(self.folder / name, Path(output_path) / name)

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", **_: object) -> "OnnxEncoder":
        """What sentence-transformers calls when it reads a saved model back."""
        return cls(Path(model_name_or_path) / subfolder)

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self.tokenizer.encode(text).ids
        # The last id ends the text; it stays when what is before it is cut.
        return ids if len(ids) <= self.max_seq_length else ids[: self.max_seq_length - 1] + ids[-1:]

    def _embed(self, ids: Ids) -> Vectors:
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        vectors: Vectors = self._session.run(["sentence_embedding"], inputs)[0]
        return vectors


def read_config(folder: Path) -> EncoderConfig:
    """The folder's `config.json`."""
    try:
        config = EncoderConfig(**json.loads((folder / CONFIG).read_bytes()))
        complete = {GRAPH, TOKENIZER} <= config.sha256.keys() and config.prompts.keys() >= _PROMPTS
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ModelError(f"{folder / CONFIG} cannot be used ({error}); {_REPAIR}") from error
    if not complete:
        raise ModelError(f"{folder / CONFIG} does not name every file and prompt; {_REPAIR}")
    return config


def _verify(folder: Path, sha256: dict[str, str]) -> None:
    for name, expected in sha256.items():
        try:
            with (folder / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise ModelError(f"{folder / name} cannot be read ({error}); {_REPAIR}") from error
        if found != expected:
            raise ModelError(
                f"{folder / name} is not the file the model was made with "
                f"(SHA-256 {found[:12]}..., expected {expected[:12]}...); {_REPAIR}"
            )


def _open_session(graph: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors only
    try:
        return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime has no common class for what it raises
        raise ModelError(f"{graph} does not load ({error}); {_REPAIR}") from error


def _cores() -> int:
    """The cores this process may use."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not on Windows and macOS
        cores = os.cpu_count() or 2
    return min(cores, _MOST_THREADS)
