"""Trains the reader: `python -m train.fit_reader --work var/reader`.

Reads the two training sets (train/questions.py says where), makes examples of them
(train/examples.py) and, from the second epoch on, of texts of our own (train/generated.py), and
leaves `checkpoint.pt` in the work folder every hundred steps: the same command goes on from there.
The learning rate rises, stays, and falls to nothing over the last `--decay` steps, so that a run
can be made longer before it falls. `log.csv` holds the losses. `--start FOLDER` begins from a
reader that was shipped (train/shipped.py) where there is no checkpoint. Exporting what was learned
is train/export_reader.py's business.

On two cores a step takes 3 to 4 seconds, and 1.2 to 1.3 with `--bfloat16` on processors that
multiply it (AVX512-BF16); the seed fixes examples, their order and the heads.
"""

import argparse
import csv
import random
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertModel

from index.pairs import Pair, PairMaker
from train.encoder_graph import build_bert
from train.encoder_pack import find_pack, read_pack
from train.encoder_vocabulary import kept
from train.examples import Example, ExampleMaker
from train.export_encoder import english_words
from train.generated import generated
from train.questions import DATA, GoldQuestion, read_questions
from train.reader_net import ReaderNet, loss, parameter_groups
from train.shipped import shipped_weights

SETS = ("train/cmrc2018_train.jsonl.gz", "train/drcd_train_part_s.jsonl.gz")
ENCODER = Path(__file__).parent.parent / "models" / "e5-small-zh"
WORK = Path("var/reader")
CHECKPOINT = "checkpoint.pt"
# One context in so many is kept back, to calibrate on what was never read.
HELD_BACK = 16
# Passages of our own in an epoch, from the second on.
GENERATED = 7_000
_TOKENS_A_BATCH = 2_400
_MOST_TOKENS = 448
_BATCHES_SORTED = 40
_SAVED_EVERY = 100
_WARM = 100


@dataclass(frozen=True, slots=True)
class Row:
    """An example as the network reads it: a row of tokens, the answer's first and last, 0 for none."""

    pair: Pair
    first: int
    last: int
    answerable: bool
    relevant: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows padded to one length."""

    ids: Tensor
    marks: Tensor
    mask: Tensor
    readable: Tensor
    first: Tensor
    last: Tensor
    pair: Tensor


def main(arguments: Sequence[str] | None = None) -> None:
    """Train on from the checkpoint in the work folder, or from the encoder."""
    options = _parser().parse_args(arguments)
    options.work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    net = ReaderNet.from_encoder(encoder())
    if options.start:
        net.load_state_dict(shipped_weights(options.start), strict=False)
    optimizer = torch.optim.AdamW(
        parameter_groups(net, options.rate, options.layer_decay), weight_decay=0.01, fused=True
    )
    peaks = [group["lr"] for group in optimizer.param_groups]
    step = restore(options.work / CHECKPOINT, net, optimizer)
    maker = ExampleMaker(training_questions())
    rows = PairMaker(tokenizer(), _MOST_TOKENS)
    with (options.work / "log.csv").open("a", encoding="utf-8", newline="") as log:
        written = csv.writer(log)
        started = time.perf_counter()
        batches = _batches(maker, rows, options.seed, first_epoch=1 if options.start else 0)
        for batch in islice(batches, step, options.steps):
            factor = schedule(step, options.steps, options.decay)
            for group, peak in zip(optimizer.param_groups, peaks, strict=True):
                group["lr"] = peak * factor
            value = learn(net, optimizer, batch, bfloat16=options.bfloat16)
            step += 1
            written.writerow([step, f"{value:.4f}", f"{time.perf_counter() - started:.0f}"])
            if step % 20 == 0:
                log.flush()
            if step % _SAVED_EVERY == 0 or step == options.steps:
                save(options.work / CHECKPOINT, net, optimizer, step)
    print(f"{step} steps learned; {options.work / CHECKPOINT}")


def encoder() -> BertModel:
    """The shipped encoder in float32."""
    pack = read_pack(find_pack())
    return build_bert(pack, kept(pack.pieces, words=english_words()))


def tokenizer() -> Tokenizer:
    """The tokenizer that encoder and reader share."""
    return Tokenizer.from_file(str(ENCODER / "tokenizer.json"))


def training_questions(*, held_back: bool = False) -> list[GoldQuestion]:
    """The questions to train on, or those kept back: one context in HELD_BACK, by its name."""
    every = [question for name in SETS for question in read_questions(DATA / name)]
    return [
        question
        for question in every
        if (zlib.crc32(question.context_id.encode()) % HELD_BACK == 0) == held_back
    ]


def schedule(step: int, steps: int, decay: int) -> float:
    """The share of the peak rate at a step: a rise, a plain, a fall.

    >>> schedule(50, 1000, 200), schedule(500, 1000, 200), schedule(900, 1000, 200)
    (0.5, 1.0, 0.5)
    """
    return min(1.0, step / _WARM, (steps - step) / decay)


def row(maker: PairMaker, example: Example) -> Row | None:
    """The example as a row; None if its answer lies beyond what the network takes."""
    pair = maker.pair(example.question, example.heading, example.passage)
    first = last = 0
    if example.answer is not None:
        try:
            first, last = pair.tokens_of(example.answer.start, example.answer.end)
        except ValueError:
            return None
    return Row(pair, first, last, example.answer is not None, example.relevant)


def padded(rows: Sequence[Row]) -> Batch:
    """Rows as tensors."""
    longest = max(len(one.pair.ids) for one in rows)
    ids = torch.ones((len(rows), longest), dtype=torch.long)  # piece 1 is the padding
    marks = torch.zeros_like(ids)
    mask = torch.zeros_like(ids)
    readable = torch.zeros_like(ids, dtype=torch.bool)
    readable[:, 0] = True
    for place, one in enumerate(rows):
        length = len(one.pair.ids)
        ids[place, :length] = torch.tensor(one.pair.ids)
        marks[place, :length] = torch.tensor(one.pair.marks)
        mask[place, :length] = 1
        readable[place, one.pair.first : one.pair.first + len(one.pair.offsets)] = True
    return Batch(
        ids,
        marks,
        mask,
        readable,
        torch.tensor([one.first for one in rows]),
        torch.tensor([one.last for one in rows]),
        torch.tensor([[one.answerable, one.relevant] for one in rows], dtype=torch.float32),
    )


def _batches(
    maker: ExampleMaker, rows: PairMaker, seed: int, *, first_epoch: int = 0
) -> Iterator[Batch]:
    """Batches without end, epoch after epoch; those of like length are together in a batch."""
    epoch = first_epoch
    while True:
        dice = random.Random(f"{seed} {epoch}")
        examples = maker.epoch(1_000 * seed + epoch)
        if epoch:
            examples += generated(GENERATED, 1_000 * seed + epoch)
        dice.shuffle(examples)
        made = [one for example in examples if (one := row(rows, example)) is not None]
        for batch in _of_like_length(made, dice):
            yield padded(batch)
        epoch += 1


def _of_like_length(rows: Sequence[Row], dice: random.Random) -> Iterator[list[Row]]:
    stretch = _BATCHES_SORTED * _TOKENS_A_BATCH // 130
    for at in range(0, len(rows), stretch):
        batches: list[list[Row]] = [[]]
        for one in sorted(rows[at : at + stretch], key=lambda one: len(one.pair.ids)):
            if (len(batches[-1]) + 1) * len(one.pair.ids) > _TOKENS_A_BATCH:
                batches.append([])
            batches[-1].append(one)
        dice.shuffle(batches)
        yield from (batch for batch in batches if batch)


def learn(
    net: ReaderNet, optimizer: torch.optim.Optimizer, batch: Batch, *, bfloat16: bool = False
) -> float:
    """One step on one batch; its loss before the step. Weights stay float32 whatever multiplies."""
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bfloat16):
        scores = net(batch.ids, batch.marks, batch.mask, batch.readable)
    value = loss(scores, batch.first, batch.last, batch.pair)
    optimizer.zero_grad()
    value.backward()
    nn.utils.clip_grad_norm_([p for p in net.parameters() if p.requires_grad], 1.0)
    optimizer.step()
    return float(value.detach())


def save(path: Path, net: ReaderNet, optimizer: torch.optim.Optimizer, step: int) -> None:
    """Write a checkpoint, whole or not at all."""
    state = {"net": net.state_dict(), "optimizer": optimizer.state_dict(), "step": step}
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def restore(path: Path, net: ReaderNet, optimizer: torch.optim.Optimizer) -> int:
    """Take up a checkpoint if there is one; the number of steps it has learned."""
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    net.load_state_dict(state["net"])
    optimizer.load_state_dict(state["optimizer"])
    return int(state["step"])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--work", type=Path, default=WORK, help="checkpoints and log")
    parser.add_argument("--start", type=Path, help="the folder of a reader to go on from")
    parser.add_argument("--bfloat16", action="store_true", help="multiply in bfloat16")
    parser.add_argument("--steps", type=int, default=2_400, help="steps in all")
    parser.add_argument("--decay", type=int, default=700, help="steps over which the rate falls")
    parser.add_argument("--rate", type=float, default=1.5e-4, help="peak rate of the top layer")
    parser.add_argument(
        "--layer-decay", type=float, default=0.9, help="rate of a layer to the next"
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="of examples, their order and the heads"
    )
    return parser


if __name__ == "__main__":
    main()
