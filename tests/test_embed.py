"""The embedding models through the front door: vectors, safety, and nothing but this machine."""

import json
import pickle
import shutil
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.embed import SHIPPED, load_embedder
from index.errors import ModelError
from index.types import Embedder
from train.encoder_measure import cosines, sentences

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def shipped() -> Embedder:
    return load_embedder()


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A BERT of two letters, saved as transformers saves one."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    words = Tokenizer(WordLevel({"[PAD]": 0, "[UNK]": 1, "a": 2, "b": 3}, unk_token="[UNK]"))
    words.pre_tokenizer = Whitespace()
    folder = tmp_path / "tiny"
    PreTrainedTokenizerFast(
        tokenizer_object=words, pad_token="[PAD]", unk_token="[UNK]", model_max_length=16
    ).save_pretrained(folder)
    config = BertConfig(
        vocab_size=4,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=16,
    )
    BertModel(config).save_pretrained(folder)
    return folder


def test_vectors_are_of_length_one(shipped: Embedder) -> None:
    vectors = shipped.embed_passages(["固定资产投资", "growth", "", "\x00\x07", "。" * 3000])
    assert vectors.shape == (5, shipped.dimension) == (5, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)


def test_no_passages_give_no_vectors(shipped: Embedder) -> None:
    assert shipped.embed_passages([]).shape == (0, 384)
    assert shipped.count_tokens([]) == []


@pytest.mark.parametrize("count", [60, pytest.param(1000, marks=pytest.mark.soak)])
def test_vectors_are_those_of_the_origin(shipped: Embedder, count: int) -> None:
    found = cosines(shipped, sentences(count))
    assert found.mean() >= 0.995
    assert found.min() >= 0.98


def test_samples_have_the_vectors_of_the_origin(shipped: Embedder) -> None:
    texts = [
        line.strip()
        for path in sorted((ROOT / "samples").glob("*.md"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if len(line) > 20
    ]
    if not texts:
        pytest.skip("no samples yet")
    assert cosines(shipped, texts[:30]).min() >= 0.98


def test_order_and_company_change_nothing(shipped: Embedder) -> None:
    texts = sentences(40)
    vectors = shipped.embed_passages(texts)
    np.testing.assert_array_equal(shipped.embed_passages(texts[::-1])[::-1], vectors)
    np.testing.assert_array_equal(shipped.embed_passages(texts[7:8]), vectors[7:8])


def test_query_and_passage_are_prompted_differently(shipped: Embedder) -> None:
    text = "固定资产投资增长多少"
    query, passage = shipped.embed_query(text), shipped.embed_passages([text])[0]
    assert 0.5 < float(query @ passage) < 0.999


def test_query_finds_its_passage(shipped: Embedder) -> None:
    texts = ["高新技术产业投资增长71.4%。", "住宿费标准为每人每天350元。", "明天多云转晴，有微风。"]
    scores = shipped.embed_passages(texts) @ shipped.embed_query("出差住酒店能报销多少钱")
    assert scores.argmax() == 1


def test_tokens_are_counted_with_prompt_and_ends(shipped: Embedder) -> None:
    empty, word, long = shipped.count_tokens(["", "投资", "投资" * 1000])
    assert 2 < empty < word < shipped.max_tokens < long


@given(st.text(st.characters(exclude_categories=())))
@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_has_a_vector(shipped: Embedder, text: str) -> None:
    assert np.linalg.norm(shipped.embed_query(text)) == pytest.approx(1, rel=1e-4)
    assert shipped.count_tokens([text])[0] > 2


def test_shipped_model_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> NoReturn:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert load_embedder().embed_query("有据").shape == (384,)


def test_importing_costs_nothing() -> None:
    check = "import sys, index.embed; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=True)


def test_copy_of_the_shipped_model_loads_by_folder(shipped: Embedder, tmp_path: Path) -> None:
    copy = shutil.copytree(SHIPPED, tmp_path / "copy")
    assert load_embedder(str(copy)).name == shipped.name


def test_changed_weights_are_refused(tmp_path: Path) -> None:
    copy = shutil.copytree(SHIPPED, tmp_path / "copy")
    (copy / "model.onnx").write_bytes(b"something else")
    with pytest.raises(ModelError, match=r"train\.export_encoder"):
        load_embedder(str(copy))


@pytest.mark.parametrize("model", ["./no/such/folder", "~/no-such-model", "/no/such", "a/b/c"])
def test_missing_folder_is_refused(model: str) -> None:
    with pytest.raises(ModelError, match="no embedding model at"):
        load_embedder(model)


@pytest.mark.parametrize("model", ["nobody/no-such-model", "nothing", "不是/模型", "a b"])
def test_unknown_name_is_refused_without_asking(model: str) -> None:
    with pytest.raises(ModelError, match=r"no embedding model at|neither a folder nor"):
        load_embedder(model, local_files_only=True)


def test_unreachable_hub_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise OSError("no route to host")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    with pytest.raises(ModelError, match=r"could not be fetched.*Give the path"):
        load_embedder("nobody/no-such-model")


def test_other_model_loads_by_folder(tiny: Path) -> None:
    other = load_embedder(str(tiny))
    assert (other.name, other.dimension, other.max_tokens) == (str(tiny), 8, 16)
    assert other.embed_passages(["a b", "b", ""]).shape == (3, 8)
    assert np.linalg.norm(other.embed_query("a")) == pytest.approx(1, rel=1e-4)
    assert other.count_tokens(["a b b", "a " * 40]) == [3, 40]


def test_other_model_keeps_its_prompts(tiny: Path) -> None:
    from sentence_transformers import SentenceTransformer

    plain = load_embedder(str(tiny)).embed_passages(["a"])
    saved = tiny.with_name("saved")
    SentenceTransformer(
        str(tiny), device="cpu", prompts={"query": "", "document": "b b "}
    ).save_pretrained(str(saved))
    prompted = load_embedder(str(saved))
    assert prompted.count_tokens(["a"]) == [3]
    np.testing.assert_allclose(prompted.embed_query("a"), plain[0], atol=1e-6)
    assert not np.allclose(prompted.embed_passages(["a"]), plain)


def test_pickled_weights_are_refused(tiny: Path) -> None:
    (tiny / "model.safetensors").unlink()
    (tiny / "pytorch_model.bin").write_bytes(b"cos\nsystem\n(S'exit'\ntR.")
    with pytest.raises(ModelError, match="pickle"):
        load_embedder(str(tiny))


def test_code_in_a_folder_is_not_run(tiny: Path) -> None:
    ran = tiny / "ran"
    (tiny / "evil.py").write_text(f"open({str(ran)!r}, 'w')\nclass Evil: ...\n", encoding="utf-8")
    modules = [{"idx": 0, "name": "0", "path": "", "type": "evil.Evil"}]
    (tiny / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    with pytest.raises(ModelError, match="does not load"):
        load_embedder(str(tiny))
    assert not ran.exists()


def test_code_named_by_a_configuration_is_not_run(tiny: Path) -> None:
    ran = tiny / "ran"
    (tiny / "evil.py").write_text(f"open({str(ran)!r}, 'w')\nclass Evil: ...\n", encoding="utf-8")
    config = json.loads((tiny / "config.json").read_text(encoding="utf-8"))
    config |= {
        "model_type": "evil",
        "auto_map": {"AutoConfig": "evil.Evil", "AutoModel": "evil.Evil"},
    }
    (tiny / "config.json").write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(ModelError, match="does not load"):
        load_embedder(str(tiny))
    assert not ran.exists()


class _Canary:
    """What a pickle of it does to whoever reads it."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.touch, (self._file,)


_MODULES = "sentence_transformers.sentence_transformer.modules"


@pytest.mark.parametrize(
    ("kind", "config", "weights"),
    [
        ("sentence_transformers.base.modules.Dense", {"in_features": 8, "out_features": 8}, "pytorch_model.bin"),
        (f"{_MODULES}.LSTM", {"word_embedding_dimension": 8, "hidden_dim": 8}, "pytorch_model.bin"),
        (f"{_MODULES}.WordEmbeddings", {"tokenizer_class": "joblib.numpy_pickle"}, "weights.pkl"),
        ("joblib.numpy_pickle", {}, "weights.pkl"),
        ("joblib.load", {}, "weights.pkl"),
        ("torch.serialization", {}, "pytorch_model.bin"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_no_part_of_a_model_is_unpickled(
    tiny: Path, kind: str, config: dict[str, object], weights: str
) -> None:
    """A second part of a model, beside one that is right."""
    ran, part = tiny / "ran", tiny / "1_Part"
    part.mkdir()
    (part / "config.json").write_text(json.dumps(config), encoding="utf-8")
    evil = pickle.dumps(_Canary(ran))
    pickle.loads(evil)
    assert ran.exists()
    ran.unlink()
    (part / weights).write_bytes(evil)
    first = {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"}
    for path in ("1_Part", f"1_Part/{weights}"):
        second = {"idx": 1, "name": "1", "path": path, "type": kind}
        (tiny / "modules.json").write_text(json.dumps([first, second]), encoding="utf-8")
        with pytest.raises(ModelError):
            load_embedder(str(tiny))
        assert not ran.exists()


def test_an_attention_of_a_configuration_is_not_fetched(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CVE-2026-4372: a field that named code on the hub, which was run."""
    called: list[object] = []

    def look_up(*place: object, **_: object) -> list[object]:
        called.append(place)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    config = json.loads((tiny / "config.json").read_text(encoding="utf-8"))
    config["_attn_implementation_internal"] = "nobody/evil-kernel"
    (tiny / "config.json").write_text(json.dumps(config), encoding="utf-8")
    with suppress(ModelError):
        load_embedder(str(tiny))
    assert called == []
