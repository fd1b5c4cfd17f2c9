"""Training learns, goes on where it stopped, and what is exported reads as it was trained.

With one layer of the shipped encoder, on passages of our own: seconds, not hours.
"""

import copy
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from index.graph import GRAPH
from index.pairs import PairMaker
from index.reading import SHIPPED
from train.encoder_graph import write_graph
from train.export_reader import Served, table
from train.fit_reader import Batch, encoder, learn, padded, restore, row, save, schedule, tokenizer
from train.generated import generated
from train.reader_net import ReaderNet, parameter_groups
from train.shipped import shipped_weights


@pytest.fixture(scope="module")
def shallow() -> ReaderNet:
    torch.manual_seed(1)
    bert = encoder()
    bert.encoder.layer = bert.encoder.layer[:1]
    bert.config.num_hidden_layers = 1
    return ReaderNet.from_encoder(bert)


@pytest.fixture(scope="module")
def batch() -> Batch:
    maker = PairMaker(tokenizer(), 256)
    return padded([made for example in generated(12, 3) if (made := row(maker, example))])


def _optimizer(net: ReaderNet) -> torch.optim.Optimizer:
    return torch.optim.AdamW(parameter_groups(net, 1e-3, 0.9), fused=True)


@pytest.mark.soak
def test_the_loss_falls(shallow: ReaderNet, batch: Batch) -> None:
    net = copy.deepcopy(shallow)
    optimizer = _optimizer(net)
    losses = [learn(net, optimizer, batch) for _ in range(12)]
    assert losses[-1] < 0.5 * losses[0]


def test_the_table_of_pieces_is_not_taught(shallow: ReaderNet, batch: Batch) -> None:
    net = copy.deepcopy(shallow)
    learn(net, _optimizer(net), batch)
    name = "bert.embeddings.word_embeddings.weight"
    assert torch.equal(net.state_dict()[name], shallow.state_dict()[name])


def test_training_goes_on_as_if_it_had_not_stopped(
    shallow: ReaderNet, batch: Batch, tmp_path: Path
) -> None:
    net = copy.deepcopy(shallow)
    optimizer = _optimizer(net)
    learn(net, optimizer, batch)
    save(tmp_path / "checkpoint.pt", net, optimizer, 1)
    straight = learn(net, optimizer, batch)
    again = copy.deepcopy(shallow)
    other = _optimizer(again)
    assert restore(tmp_path / "checkpoint.pt", again, other) == 1
    assert learn(again, other, batch) == pytest.approx(straight, rel=1e-4)


@pytest.mark.soak
def test_the_exported_network_reads_as_the_trained_one(shallow: ReaderNet, tmp_path: Path) -> None:
    maker = PairMaker(tokenizer(), 256)
    one = padded([made for example in generated(1, 5) if (made := row(maker, example))])
    length = torch.export.Dim("length", max=512)
    inputs = {
        "input_ids": (one.ids[:, :20], {1: length}),
        "marks": (one.marks[:, :20], {1: length}),
    }
    graph = tmp_path / "model.onnx"
    outputs = ["start", "end", "pair"]
    write_graph(Served(shallow, table()), inputs, outputs, graph, opset=20, exact=True)
    session = onnxruntime.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
    start, _, pair = session.run(
        outputs, {"input_ids": one.ids.numpy(), "marks": one.marks.numpy()}
    )
    with torch.no_grad():
        scores = shallow.eval()(one.ids, one.marks, one.mask, one.readable)
    readable = one.readable[0].numpy()
    np.testing.assert_allclose(start[0][readable], scores.start[0].numpy()[readable], atol=2e-3)
    np.testing.assert_allclose(pair, scores.pair.numpy(), atol=2e-3)


def test_the_rate_rises_stays_and_falls() -> None:
    rates = [schedule(step, 1000, 300) for step in range(1000)]
    assert rates[0] == 0
    assert rates[400] == 1
    assert rates[999] == pytest.approx(1 / 300)
    assert all(0 <= rate <= 1 for rate in rates)


def test_a_shipped_reader_is_taken_up_as_it_reads(batch: Batch) -> None:
    net = ReaderNet.from_encoder(encoder())
    missing, unexpected = net.load_state_dict(shipped_weights(SHIPPED), strict=False)
    assert missing == ["bert.embeddings.word_embeddings.weight"]
    assert unexpected == []
    graph = onnxruntime.InferenceSession(SHIPPED / GRAPH, providers=["CPUExecutionProvider"])
    length = int(batch.mask[0].sum())
    ids, marks = batch.ids[:1, :length], batch.marks[:1, :length]
    with torch.no_grad():
        scores = net(ids, marks, batch.mask[:1, :length], batch.readable[:1, :length])
    inputs = {"input_ids": ids.numpy(), "marks": marks.numpy()}
    start, _, pair = graph.run(["start", "end", "pair"], inputs)
    # The graph multiplies in integers, which is worth up to one in a logit.
    readable = batch.readable[0, :length].numpy()
    assert scores.start[0].numpy()[readable] == pytest.approx(start[0][readable], abs=1.0)
    assert scores.pair[0].numpy() == pytest.approx(pair[0], abs=1.0)
