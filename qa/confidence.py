"""How likely an answer is right: what is known of it, weighed and turned into a probability.

Pure. The weights are those of a logistic regression for each kind of answer (Platt scaling where
there is one score; here there are several), fitted on questions that the reader never learned from.
They stand in the folder of the model, for they belong to it; train/calibrate_reader.py makes them.
"""

import math
from collections.abc import Mapping

BIAS = "bias"
# Log probabilities beyond this tell nothing more.
_FAR = 12.0


def confidence(weights: Mapping[str, float], kind: str, features: Mapping[str, float]) -> float:
    """The probability that an answer of these features is right; 0.5 without weights.

    A feature's weight is named after the kind and the feature.

    >>> round(confidence({"figure.bias": -1.0, "figure.margin": 0.5}, "figure", {"margin": 4.0}), 3)
    0.731
    """
    total = weights.get(f"{kind}.{BIAS}", 0.0)
    total += sum(weights.get(f"{kind}.{name}", 0.0) * value for name, value in features.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def limited(value: float) -> float:
    """A score within what the weights were fitted for."""
    return max(-_FAR, min(_FAR, value))
