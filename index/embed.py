"""Embedding models: the one that is shipped, or any other of sentence-transformers.

`load_embedder()` gives the shipped model; `load_embedder("folder or hub name")` another one. This
file and index/encoder.py are the only ones that know the library, and they import it when a model
is loaded, for that takes seconds. What a vector is compared with is index/retrieve.py's business.

Nothing of a model is ever executed: code in its folder is refused, and so are weights in Python's
pickle format, which can run code when they are read.
"""

import logging
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.errors import ModelError
from index.types import Embedder, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

SHIPPED = Path(__file__).parent.parent / "models" / "e5-small-zh"

BATCH = 32
HUB_TIMEOUT = 5.0

# The names under which the libraries look for pickled weights; other files they never open.
_PICKLES = ("pytorch_model*.bin", "adapter_model*.bin")
_SAFE_FILES = ("*.json", "*.safetensors", "*.txt", "*.model")
_MANY_TOKENS = 1_000_000
_SURROGATE = re.compile("[\ud800-\udfff]")
_NAMES_A_PLACE = re.compile(r"^[./~\\]|^[A-Za-z]:|\\|/.*/")

Count = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True, slots=True)
class SentenceEmbedder:
    """A loaded model; how it prompts passages and queries is part of it."""

    name: str
    dimension: int
    max_tokens: int
    passage_prompt: str
    query_prompt: str
    _model: "SentenceTransformer"
    _count: Count

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), dimension), each of length 1."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        return self._encode(texts, self.passage_prompt)

    def embed_query(self, text: str) -> Vectors:
        """A vector of shape (dimension,), of length 1."""
        vector: Vectors = self._encode([text], self.query_prompt)[0]
        return vector

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text takes as a passage: prompt and special tokens included."""
        return self._count([self.passage_prompt + _clean(text) for text in texts]) if texts else []

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        vectors = self._model.encode(
            [_clean(text) for text in texts],
            prompt=prompt,
            batch_size=BATCH,
            normalize_embeddings=True,
            show_progress_bar=False,
            convert_to_numpy=True,
        )
        return np.asarray(vectors, dtype=np.float32)


def load_embedder(model: str | None = None, *, local_files_only: bool = False) -> Embedder:
    """The shipped model (None), the one in a folder, or one named on the Hugging Face hub.

    The hub is asked only for a model that is named, that is not on this machine already, and not
    with `local_files_only`. Raises ModelError with what to do about it.
    """
    folder = SHIPPED if model is None else _local_folder(model)
    if folder is not None and not folder.is_dir():
        raise ModelError(
            f"there is no embedding model at {folder}: give a folder that holds one, or leave the "
            "setting empty to use the shipped model"
        )
    _quiet()
    if folder is None:
        folder = _from_hub(str(model), local_files_only)
    if model is None or _is_shipped_kind(folder):
        return _load_shipped_kind(folder)
    return _load_other(str(model), folder)


def _local_folder(model: str) -> Path | None:
    """The folder that `model` names; None when it can only be a name on the hub."""
    path = Path(model).expanduser()
    return path if path.exists() or _NAMES_A_PLACE.search(model) else None


def _is_shipped_kind(folder: Path) -> bool:
    # Other models may have an ONNX file too, but beside the weights it was made from.
    return (folder / "model.onnx").is_file() and not any(folder.glob("*.safetensors"))


def _load_shipped_kind(folder: Path) -> Embedder:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.model_card import (
        SentenceTransformerModelCardData,
    )

    from index.encoder import OnnxEncoder

    encoder = OnnxEncoder(folder)
    settings = encoder.settings
    # Without its own card the library would make one that may look the model up on the hub.
    card = SentenceTransformerModelCardData(local_files_only=True)
    return SentenceEmbedder(
        name=settings.name,
        dimension=settings.dimension,
        max_tokens=settings.max_tokens,
        passage_prompt=settings.prompts["passage"],
        query_prompt=settings.prompts["query"],
        _model=SentenceTransformer(
            modules=[encoder], prompts=settings.prompts, device="cpu", model_card_data=card
        ),
        _count=encoder.count,
    )


def _load_other(name: str, folder: Path) -> Embedder:
    _refuse_pickles(folder)
    from sentence_transformers import SentenceTransformer

    try:
        loaded = SentenceTransformer(
            str(folder),
            device="cpu",
            trust_remote_code=False,
            local_files_only=True,
            model_kwargs={"use_safetensors": True},
        )
    except Exception as error:  # whatever the library meets in a folder that it cannot use
        raise ModelError(
            f"the embedding model {name} does not load: {error}. It must be a sentence-transformers "
            "or transformers folder with safetensors weights and without code of its own"
        ) from error
    limit, dimension = loaded.max_seq_length, loaded.get_embedding_dimension()
    if dimension is None:
        raise ModelError(f"the embedding model {name} does not say how long its vectors are")
    prompts = loaded.prompts
    return SentenceEmbedder(
        name=name,
        dimension=dimension,
        max_tokens=int(min(limit or _MANY_TOKENS, _MANY_TOKENS)),
        passage_prompt=prompts.get("passage") or prompts.get("document") or "",
        query_prompt=prompts.get("query") or "",
        _model=loaded,
        _count=_counter(loaded.tokenizer),
    )


def _counter(tokenizer: Callable[..., Any]) -> Count:
    """Counts with the tokenizer of a model, whether `tokenizers` or `transformers` made it."""
    if hasattr(tokenizer, "encode_batch"):
        return lambda texts: [len(encoding.ids) for encoding in tokenizer.encode_batch(list(texts))]
    return lambda texts: [
        len(ids) for ids in tokenizer(list(texts), truncation=False, verbose=False)["input_ids"]
    ]


def _refuse_pickles(folder: Path) -> None:
    """Every part of a model must have safe weights; a pickle beside them is never opened."""
    for pattern in _PICKLES:
        for pickle in sorted(folder.rglob(pattern)):
            if not any(pickle.parent.glob("*.safetensors")):
                raise ModelError(
                    f"{pickle} holds weights in Python's pickle format, which can run code when it "
                    "is read; use a model that has safetensors weights, or convert this one where "
                    "you trust it: SentenceTransformer(folder).save_pretrained(new_folder)"
                )


def _from_hub(name: str, local_files_only: bool) -> Path:
    """The folder of a hub model on this machine; fetched first when it is not there yet."""
    from huggingface_hub import HfApi, snapshot_download

    try:
        return Path(
            snapshot_download(name, allow_patterns=list(_SAFE_FILES), local_files_only=True)
        )
    except Exception as error:  # not here, or no such name can be
        if local_files_only:
            raise _unreachable(name, error) from error
    try:
        # Asked for by itself, for this question has a time limit and the download has none.
        revision = HfApi().model_info(name, timeout=HUB_TIMEOUT).sha
        return Path(
            snapshot_download(
                name,
                revision=revision,
                allow_patterns=list(_SAFE_FILES),
                etag_timeout=HUB_TIMEOUT,
            )
        )
    except Exception as error:
        raise _unreachable(name, error) from error


def _unreachable(name: str, error: Exception) -> ModelError:
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return ModelError(
        f"the embedding model {name} is neither a folder nor in the local cache, and it could not "
        f"be fetched ({reason}). Give the path of a folder that holds it, or leave the setting "
        "empty to use the shipped model"
    )


def _quiet() -> None:
    """No progress bars, no advice and no telemetry from the libraries below."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    for library in ("sentence_transformers", "transformers", "huggingface_hub"):
        logging.getLogger(library).setLevel(logging.ERROR)


def _clean(text: str) -> str:
    """Half a surrogate pair is no character, and no tokenizer takes it."""
    return _SURROGATE.sub("\ufffd", text)
