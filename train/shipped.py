"""The weights of a shipped reader, to train on from: what is in its `model.onnx`, as ReaderNet names it.

A checkpoint holds more (the optimiser, and matrices before they are rounded to seven bits), but is
not shipped. What rounding took is less than what a hundred steps change. Writing such a graph is
train/export_reader.py's business.
"""

from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor

from index.graph import GRAPH

_QUANTISED = "_quantized"
_PARAMETERS = (".weight", ".bias")


def shipped_weights(folder: Path) -> dict[str, Tensor]:
    """Every weight of the network in `folder` but the table of pieces, which is the encoder's."""
    graph = onnx.load(folder / GRAPH).graph
    held = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    users = {name: node for node in graph.node for name in node.input}
    weights = {_plain(name): array for name, array in held.items() if name.endswith(_PARAMETERS)}
    for name in held:
        if name.endswith(_QUANTISED):
            matrix = _matrix(held, name.removesuffix(_QUANTISED))
            weights[_named(name, users, held)] = matrix.T
    return {name: torch.from_numpy(array.copy()) for name, array in weights.items()}


def _matrix(held: dict[str, NDArray[np.generic]], stem: str) -> NDArray[np.float32]:
    codes, zero, scale = (
        held[stem + tail].astype(np.float32) for tail in (_QUANTISED, "_zero_point", "_scale")
    )
    return (codes - zero) * scale


def _named(
    name: str, users: dict[str, onnx.NodeProto], held: dict[str, NDArray[np.generic]]
) -> str:
    """The weight whose bias is the first to be added to what comes of this matrix.

    Matrices lose their names when they become integers.
    """
    while True:
        node = users[name]
        bias = next((one for one in node.input if one in held and one.endswith(".bias")), None)
        if bias is not None:
            return _plain(bias.removesuffix("bias") + "weight")
        name = node.output[0]


def _plain(name: str) -> str:
    return name.removeprefix("network.").replace(".dense.linear.", ".dense.")
