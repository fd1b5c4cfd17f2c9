"""Makes `models/reader-zh` of a checkpoint: `python -m train.export_reader --out models/reader-zh`.

Writes `model.onnx` (integer matrices; `--exact` for float32, to compare with), `tokenizer.json`
and `config.json`, which index/reading.py serves. A confidence that is there already stays as it is;
`python -m train.calibrate_reader` makes it anew, as has to be done for every new checkpoint.
"""

import argparse
import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import get_args

import torch
from torch import Tensor, nn
from transformers import BertConfig

from index.graph import CONFIG, GRAPH, TOKENIZER
from index.reading import SHIPPED, Kind
from train.encoder_graph import PackedBert, write_graph
from train.encoder_pack import FourBit, find_pack, read_pack
from train.encoder_vocabulary import kept
from train.export_encoder import english_words
from train.fit_reader import CHECKPOINT, ENCODER, WORK, encoder
from train.reader_net import ReaderNet

NAME = "youju/reader-zh"
MAX_TOKENS = 512
# The first that has GELU as one operation: a tenth of the time.
_OPSET = 20
# Until it is calibrated nothing is confident enough to be shown.
_UNCALIBRATED: Mapping[str, object] = {
    "weights": {},
    "thresholds": dict.fromkeys(get_args(Kind), 0.999),
    "ruled": dict.fromkeys(get_args(Kind), 0.5),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the folder."""
    options = _parser().parse_args(arguments)
    net = ReaderNet.from_encoder(encoder())
    net.load_state_dict(torch.load(options.work / CHECKPOINT, weights_only=True)["net"])
    options.out.mkdir(parents=True, exist_ok=True)
    length = torch.export.Dim("length", max=MAX_TOKENS)
    ids = torch.arange(4, 24).reshape(1, 20)
    inputs = {"input_ids": (ids, {1: length}), "marks": (ids % 3, {1: length})}
    graph = options.out / GRAPH
    outputs = ["start", "end", "pair"]
    served = Served(net, table())
    write_graph(served, inputs, outputs, graph, opset=_OPSET, exact=options.exact)
    shutil.copyfile(ENCODER / TOKENIZER, options.out / TOKENIZER)
    write_config(options.out, _confidence(options.out))
    print(f"wrote {options.out}, {graph.stat().st_size / 1e6:.1f} MB")


def write_config(folder: Path, confidence: Mapping[str, object]) -> None:
    """Write `config.json`: name, limits, `confidence` (what makes it up), files' SHA-256."""
    files = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in (GRAPH, TOKENIZER)
    }
    config = {"name": NAME, "max_tokens": MAX_TOKENS, **confidence, "sha256": files}
    (folder / CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


class Served(nn.Module):  # type: ignore[misc]  # the base has no types here
    """The reader for one row at a time, unpadded."""

    def __init__(self, net: ReaderNet, table: FourBit) -> None:
        super().__init__()
        plain = BertConfig(**net.bert.config.to_dict() | {"attn_implementation": "eager"})
        bert = type(net.bert)(plain, add_pooling_layer=False)
        bert.load_state_dict(net.bert.state_dict())
        self.network = PackedBert(bert, table)
        self.span, self.pair = net.span, net.pair

    def forward(self, input_ids: Tensor, marks: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        states = self.network(input_ids, torch.ones_like(input_ids), marks)
        start, end = self.span(states).unbind(-1)
        return start, end, self.pair(states[:, 0])


def table() -> FourBit:
    """The encoder's table of pieces, in its four bits."""
    pack = read_pack(find_pack())
    return pack.matrix("emb.word").take(kept(pack.pieces, words=english_words()))


def _confidence(folder: Path) -> Mapping[str, object]:
    try:
        held = json.loads((folder / CONFIG).read_bytes())
    except FileNotFoundError:
        return _UNCALIBRATED
    return {key: held[key] for key in _UNCALIBRATED}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--work", type=Path, default=WORK, help="where the checkpoint is")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="folder for the model")
    parser.add_argument("--exact", action="store_true", help="in float32, to compare with")
    return parser


if __name__ == "__main__":
    main()
