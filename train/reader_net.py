"""The network of the reader in PyTorch: an encoder over a row of index/pairs.py, and two heads.

The encoder is multilingual-e5-small as it is shipped, in float32. The span head scores every token
as the first and the last of the answer, the row's first token standing for "no answer" (Devlin et
al., BERT, 2019, as for SQuAD 2.0). The pair head scores, from the first token, whether the passage
answers the question and whether it is about its matter.
"""

from dataclasses import dataclass

from torch import Tensor, nn
from transformers import BertConfig, BertModel

MARKS = 3
ANSWERABLE, RELEVANT = 0, 1
_FAR = -1e4  # a logit that no token of a passage has


@dataclass(frozen=True, slots=True)
class Scores:
    """Logits: `start` and `end` (batch, length), `pair` (batch, 2)."""

    start: Tensor
    end: Tensor
    pair: Tensor


class ReaderNet(nn.Module):  # type: ignore[misc]  # the base has no types here
    """Rows of ids and marks to scores."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.bert = BertModel(config, add_pooling_layer=False)
        width = config.hidden_size
        self.span = nn.Linear(width, 2)
        self.pair = nn.Sequential(nn.Linear(width, width), nn.Tanh(), nn.Linear(width, 2))

    @classmethod
    def from_encoder(cls, bert: BertModel) -> "ReaderNet":
        """A net to be trained: the encoder's weights, its token type for each of the marks."""
        values = bert.config.to_dict() | {
            "type_vocab_size": MARKS,
            # On processors the plain way is a third faster in training than the fused one.
            "attn_implementation": "eager",
            "hidden_dropout_prob": 0.0,
            "attention_probs_dropout_prob": 0.0,
        }
        net = cls(BertConfig(**values))
        state = bert.state_dict()
        kinds = "embeddings.token_type_embeddings.weight"
        state[kinds] = state[kinds][:1].repeat(MARKS, 1)
        net.bert.load_state_dict(state)
        # The table of pieces stays as it is: there is too little text here to teach 62,782 of them,
        # and so it keeps the four bits of its origin.
        net.bert.embeddings.word_embeddings.weight.requires_grad_(False)
        return net

    def forward(self, ids: Tensor, marks: Tensor, mask: Tensor, readable: Tensor) -> Scores:
        """`readable` (batch, length) tells the tokens of the passage and the first of the row."""
        states = self.bert(
            input_ids=ids, token_type_ids=marks, attention_mask=mask
        ).last_hidden_state
        spans = self.span(states).float().masked_fill(~readable.unsqueeze(-1), _FAR)
        start, end = spans.unbind(-1)
        return Scores(start, end, self.pair(states[:, 0]).float())


def loss(scores: Scores, first: Tensor, last: Tensor, pair: Tensor) -> Tensor:
    """Cross entropy of both ends and of both of the pair's answers, in equal parts.

    `first` and `last` (batch) are token places, 0 where there is no answer; `pair` (batch, 2) is
    of 0 and 1.
    """
    ends = nn.functional.cross_entropy(scores.start, first) + nn.functional.cross_entropy(
        scores.end, last
    )
    whole: Tensor = ends / 2 + nn.functional.binary_cross_entropy_with_logits(scores.pair, pair)
    return whole


def parameter_groups(net: ReaderNet, rate: float, decay: float) -> list[dict[str, object]]:
    """Weights by their depth: each layer learns `decay` times as fast as the one above it.

    Clark et al., ELECTRA, 2020, fine-tune so. Heads and marks learn fastest: they start from nothing.
    """
    layers = len(net.bert.encoder.layer)
    groups = [
        {"params": list(layer.parameters()), "lr": rate * decay ** (layers - 1 - depth)}
        for depth, layer in enumerate(net.bert.encoder.layer)
    ]
    below = net.bert.embeddings
    groups.append(
        {
            "params": [*below.LayerNorm.parameters(), below.position_embeddings.weight],
            "lr": rate * decay**layers,
        }
    )
    heads = [*net.span.parameters(), *net.pair.parameters(), below.token_type_embeddings.weight]
    groups.append({"params": heads, "lr": 5 * rate})
    return [dict(group) for group in groups]
