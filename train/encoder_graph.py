"""The network: a BertModel with the origin's weights, and the ONNX graphs that are shipped.

The graph of the encoder takes `input_ids` and `attention_mask` and gives `sentence_embedding`,
pooled (mean) and of length 1; that of the reader is train/export_reader.py's. Three choices keep
them both small and near the origin:

    the table of pieces stays in the four bits of the origin, so it loses nothing
    the other matrices become integers with one scale a column, of seven bits: with eight, sums
    overflow on processors that lack VNNI, and results there would differ in silence
    what goes into the last matrix of a layer is scaled token by token: the two special tokens hold
    single values 15 times as large as any other, and one scale for all would leave the words
    only a few steps
"""

import copy
import logging
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from train.encoder_pack import BLOCK, FourBit, Pack

OPSET = 18

_MATRICES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def build_bert(pack: Pack, rows: Sequence[int]) -> BertModel:
    """The origin in float32, with these rows of its table of pieces."""
    table = pack.matrix("emb.word").take(rows).floats()
    state = {
        "embeddings.word_embeddings.weight": table,
        "embeddings.position_embeddings.weight": pack.vector("emb.pos").reshape(-1, pack.width),
        "embeddings.token_type_embeddings.weight": pack.vector("emb.type").reshape(-1, pack.width),
        "embeddings.LayerNorm.weight": pack.vector("emb.ln.w"),
        "embeddings.LayerNorm.bias": pack.vector("emb.ln.b"),
    }
    for layer in range(pack.layers):
        for short, name in _MATRICES.items():
            place = f"encoder.layer.{layer}.{name}"
            state[f"{place}.weight"] = pack.matrix(f"l{layer}.{short}.w").floats()
            state[f"{place}.bias"] = pack.vector(f"l{layer}.{short}.b")
        for short, name in _NORMS.items():
            place = f"encoder.layer.{layer}.{name}"
            state[f"{place}.weight"] = pack.vector(f"l{layer}.{short}.w")
            state[f"{place}.bias"] = pack.vector(f"l{layer}.{short}.b")
    bert = BertModel(_config(pack, len(rows)), add_pooling_layer=False)
    bert.load_state_dict({name: torch.from_numpy(value.copy()) for name, value in state.items()})
    return bert.eval()


def export(bert: BertModel, table: FourBit, target: Path) -> None:
    """Write the quantised graph of `bert`, its table of pieces taken from `table`, to `target`."""
    ids = torch.arange(4, 22).reshape(2, 9)
    mask = torch.ones_like(ids)
    mask[1, 6:] = 0
    axes = {0: torch.export.Dim("batch"), 1: torch.export.Dim("length", max=512)}
    network = _SentenceEncoder(bert, table)
    inputs = {"input_ids": (ids, axes), "attention_mask": (mask, axes)}
    write_graph(network, inputs, ["sentence_embedding"], target)


def write_graph(
    network: nn.Module,
    inputs: Mapping[str, tuple[Tensor, Mapping[int, torch.export.Dim]]],
    outputs: Sequence[str],
    target: Path,
    *,
    opset: int = OPSET,
    exact: bool = False,
) -> None:
    """Write a network as an ONNX graph with integer matrices, or in float32 if `exact`.

    `inputs` are by name in the order of the network's arguments, each with an example and the axes
    that may be of another length.
    """
    if exact:
        _export_exact(network.eval(), inputs, outputs, target, opset)
        return
    with TemporaryDirectory() as folder:
        whole = Path(folder) / "exact.onnx"
        _export_exact(network.eval(), inputs, outputs, whole, opset)
        quantize_dynamic(
            whole,
            target,
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul"],
        )


class _FourBitTable(nn.Module):  # type: ignore[misc]  # the base has no types here
    """Looks pieces up in a table that stays packed: only the rows asked for are unpacked."""

    def __init__(self, table: FourBit) -> None:
        super().__init__()
        halves = (table.codes + 8).astype(np.uint8).reshape(len(table.codes), -1, 2, BLOCK // 2)
        packed = halves[:, :, 0] + np.uint8(16) * halves[:, :, 1]
        self.register_buffer("packed", torch.from_numpy(packed))
        self.register_buffer("scales", torch.from_numpy(table.scales))
        self.width = table.codes.shape[1]

    def forward(self, ids: Tensor) -> Tensor:
        # In float32, exactly: the exporter takes bytes for signed when it shifts them.
        packed = self.packed[ids].float()
        high = torch.floor(packed / 16)
        codes = torch.cat([packed - 16 * high, high], dim=-1) - 8
        return (codes * self.scales[ids].float().unsqueeze(-1)).flatten(-2)


class _TokenByToken(nn.Module):  # type: ignore[misc]
    """A linear layer whose input is brought to at most 1 in each token, its output back."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.linear = linear

    def forward(self, states: Tensor) -> Tensor:
        largest = states.abs().amax(dim=-1, keepdim=True).clamp_min(1e-6)
        product = nn.functional.linear(states / largest, self.linear.weight)
        return product * largest + self.linear.bias


class PackedBert(nn.Module):  # type: ignore[misc]
    """A network that is to be shipped: its table of pieces packed, its wide values scaled."""

    def __init__(self, bert: BertModel, table: FourBit) -> None:
        super().__init__()
        self.table = _FourBitTable(table)
        self.bert = copy.deepcopy(bert)
        for layer in self.bert.encoder.layer:
            layer.output.dense = _TokenByToken(layer.output.dense)

    def forward(self, ids: Tensor, mask: Tensor, kinds: Tensor | None = None) -> Tensor:
        """The states (batch, length, width) of the last layer; `kinds` are token types."""
        states: Tensor = self.bert(
            inputs_embeds=self.table(ids), attention_mask=mask, token_type_ids=kinds
        ).last_hidden_state
        return states


class _SentenceEncoder(nn.Module):  # type: ignore[misc]
    """Ids to unit vectors: the network, the mean over real tokens, the length."""

    def __init__(self, bert: BertModel, table: FourBit) -> None:
        super().__init__()
        self.network = PackedBert(bert, table)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        states = self.network(input_ids, attention_mask)
        weight = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * weight).sum(1) / weight.sum(1)
        return nn.functional.normalize(mean, dim=1)


def _config(pack: Pack, rows: int) -> BertConfig:
    return BertConfig(
        vocab_size=rows,
        hidden_size=pack.width,
        num_hidden_layers=pack.layers,
        num_attention_heads=pack.heads,
        intermediate_size=pack.inner_width,
        max_position_embeddings=pack.positions,
        type_vocab_size=pack.token_types,
        layer_norm_eps=pack.epsilon,
        hidden_act="gelu",
        pad_token_id=pack.padding,
        attn_implementation="eager",
    )


def _export_exact(
    network: nn.Module,
    inputs: Mapping[str, tuple[Tensor, Mapping[int, torch.export.Dim]]],
    outputs: Sequence[str],
    target: Path,
    opset: int,
) -> None:
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            network,
            tuple(example for example, _ in inputs.values()),
            dynamo=True,
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_shapes=tuple(dict(axes) for _, axes in inputs.values()),
            opset_version=opset,
            verbose=False,
        )
    if program is None:
        raise RuntimeError("torch.onnx.export gave no program")
    onnx.save(_anonymous(program.model_proto), target)


def _anonymous(model: onnx.ModelProto) -> onnx.ModelProto:
    """Without the exporter's notes: they hold paths of this machine and change nothing."""
    del model.metadata_props[:]
    graph = model.graph
    for item in [
        graph,
        *graph.node,
        *graph.initializer,
        *graph.value_info,
        *graph.input,
        *graph.output,
    ]:
        del item.metadata_props[:]
        item.doc_string = ""
    return model
