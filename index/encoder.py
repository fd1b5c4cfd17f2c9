"""The shipped model as a module of sentence-transformers: onnxruntime runs it, not PyTorch.

A folder made by train/export_encoder.py holds it (index/graph.py checks and opens it). The graph
pools and normalises by itself, so one module is the whole model:
`SentenceTransformer(modules=[OnnxEncoder(folder)])`. Prompts are index/embed.py's business.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from sentence_transformers.base.modules import InputModule
from tokenizers import Tokenizer
from torch import Tensor

from index.graph import CONFIG, GRAPH, TOKENIZER, Graph, Ids, read_config
from index.types import Vectors

_PROMPTS = frozenset({"query", "passage"})
_REPAIR = (
    "restore the folder from the release, or make it anew: "
    "python -m train.export_encoder --out models/e5-small-zh"
)


@dataclass(frozen=True, slots=True)
class EncoderConfig:
    """What `config.json` says about the model beside it."""

    name: str
    dimension: int
    max_tokens: int
    prompts: dict[str, str]
    sha256: dict[str, str]

    def is_complete(self) -> bool:
        """Whether it names every file and prompt."""
        return {GRAPH, TOKENIZER} <= self.sha256.keys() and self.prompts.keys() >= _PROMPTS


class OnnxEncoder(InputModule):  # type: ignore[misc]  # the base has no types here
    """Texts to unit vectors by the ONNX file in `folder`, which must be the one it was made as."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.settings = read_config(folder, EncoderConfig, EncoderConfig.is_complete, _REPAIR)
        self._graph = Graph(folder, self.settings.sha256, _REPAIR)
        self.max_seq_length = self.settings.max_tokens
        self.tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))

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
        vectors = np.concatenate(self._graph.each(self._embed, texts))
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
        return self._graph.run(["sentence_embedding"], inputs)[0]
