"""How a net comes to its weights: Adam (Kingma and Ba, 2015), with a rate that falls along a half cosine. Seeded."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.lamp.trust import Trust

HIDDEN: Final = 40
EPOCHS: Final = 150
BATCH: Final = 256
RATE: Final = 3e-3
DECAY: Final = 3e-5
NOISE: Final = 0.05
"""Of a feature's scatter: so much chance is added to each lesson whenever it is repeated."""
EDGES: Final = (0.3, 99.7)
FADING, FADING_SQUARES = 0.9, 0.999
CHANCE: Final = 0
Numbers = NDArray[np.float32]


@dataclass(slots=True)
class _Weights:
    """One matrix or row of weights, with what Adam remembers of its slopes."""

    values: Numbers
    decay: float = 0.0
    mean: Numbers = field(init=False)
    square: Numbers = field(init=False)

    def __post_init__(self) -> None:
        self.mean, self.square = np.zeros_like(self.values), np.zeros_like(self.values)

    def step(self, slope: Numbers, rate: float, count: int) -> None:
        slope = slope + self.decay * self.values
        self.mean = FADING * self.mean + (1 - FADING) * slope
        self.square = FADING_SQUARES * self.square + (1 - FADING_SQUARES) * slope**2
        root = np.sqrt(self.square / (1 - FADING_SQUARES**count)) + 1e-8
        self.values -= rate * (self.mean / (1 - FADING**count)) / root


def learnt(features: Numbers, right: Numbers) -> Trust:
    """Return the weights that make the right answers likeliest, of lessons' features (M, N) and right answers (M, 5).

    Where several answers are right, it is their sum that is made likely.
    """
    random = np.random.default_rng(CHANCE)
    limits = np.percentile(features, EDGES, axis=0)
    clipped = np.clip(features, *limits)
    centre, scale = clipped.mean(axis=0), clipped.std(axis=0) + 1e-6
    net = _trained(((clipped - centre) / scale).astype(np.float32), right, random)
    parts = (limits, centre, scale, *(weights.values for weights in net))
    return Trust(*(np.asarray(part, np.float32) for part in parts))


def _trained(at: Numbers, right: Numbers, random: np.random.Generator) -> list[_Weights]:
    net = _begun(at.shape[1], right.shape[1], random)
    steps = EPOCHS * (len(at) // BATCH)
    for count, chosen in enumerate(_batches(len(at), random), start=1):
        noisy = at[chosen] + NOISE * random.standard_normal((BATCH, at.shape[1]), dtype=np.float32)
        rate = RATE * 0.5 * (1 + np.cos(np.pi * count / steps))
        for weights, slope in zip(net, _slopes(net, noisy, right[chosen]), strict=True):
            weights.step(slope, rate, count)
    return net


def _begun(wide: int, answers: int, random: np.random.Generator) -> list[_Weights]:
    inner = random.normal(0, wide**-0.5, (wide, HIDDEN)).astype(np.float32)
    outer = random.normal(0, HIDDEN**-0.5, (HIDDEN, answers)).astype(np.float32)
    rows = (np.zeros(HIDDEN, np.float32), np.zeros(answers, np.float32))
    return [_Weights(inner, DECAY), _Weights(rows[0]), _Weights(outer, DECAY), _Weights(rows[1])]


def _batches(count: int, random: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    for _ in range(EPOCHS):
        order = random.permutation(count)
        for begin in range(0, count - BATCH + 1, BATCH):
            yield order[begin : begin + BATCH]


def _slopes(net: list[_Weights], at: Numbers, right: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    inner, inner_constant, outer, outer_constant = (weights.values for weights in net)
    hidden = np.tanh(at @ inner + inner_constant)
    heights = hidden @ outer + outer_constant
    shares = np.exp(heights - heights.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    wanted = shares * right + 1e-12
    wanted /= wanted.sum(axis=1, keepdims=True)
    out = (shares - wanted) / len(at)
    within = (out @ outer.T) * (1 - hidden**2)
    return at.T @ within, within.sum(axis=0), hidden.T @ out, out.sum(axis=0)
