"""Merges written down plainly in float64 on whole tensors: what the streaming operators must give.

Sorting, loops over experts and textbook formulas; nothing is shared with the code under test.
"""

from __future__ import annotations

import numpy as np


def kept(delta, first, end):
    """The elements whose ranks by magnitude, equal ones by index, lie in first .. end."""
    flat = delta.reshape(-1)
    order = np.argsort(-np.abs(flat), kind="stable")
    mask = np.zeros(flat.size, bool)
    mask[order[first:end]] = True
    return np.where(mask, flat, 0).reshape(delta.shape)


def added(base, updates, weights, *, elect, normalize, scale=1.0):
    parts = np.stack([w * u for w, u in zip(weights, updates, strict=True)])
    shares = np.array(weights, float).reshape(-1, *[1] * base.ndim) * np.ones_like(parts)
    if elect:
        sign = np.where(parts.sum(axis=0) >= 0, 1.0, -1.0)
        agree = np.sign(parts) == sign
        parts, shares = parts * agree, shares * agree
    total, divisor = parts.sum(axis=0), shares.sum(axis=0)
    if normalize:
        total = total / np.where(divisor == 0, 1, divisor)
    return base + scale * total


def trimmed(deltas, densities):
    return [kept(d, 0, max(1, int(p * d.size))) for d, p in zip(deltas, densities, strict=True)]


def crumbs(deltas, densities, gamma):
    found = []
    for delta, density in zip(deltas, densities, strict=True):
        target, top = int(density * delta.size), int(gamma * delta.size)
        tail = max(0, delta.size - target - top)
        found.append(kept(delta, delta.size - tail - target, delta.size - tail))
    return found


def arc(t, first, second):
    """The point at t on the great circle, lengths carried along as they are."""
    cosine = np.sum(first * second) / np.linalg.norm(first) / np.linalg.norm(second)
    angle = np.arccos(cosine)
    return (np.sin((1 - t) * angle) * first + np.sin(t * angle) * second) / np.sin(angle)


def mean_direction(vectors, weights):
    weights = np.array(weights) / np.sum(weights)
    lengths = [np.linalg.norm(v) for v in vectors]
    mean = sum(w * v / n for w, v, n in zip(weights, vectors, lengths, strict=True))
    return mean / np.linalg.norm(mean) * np.dot(weights, lengths)


def riemannian_mean(vectors, steps=10):
    """Gradient steps with explicit vectors: log map, mean, exp map."""
    lengths = [np.linalg.norm(v) for v in vectors]
    units = [v / n for v, n in zip(vectors, lengths, strict=True)]
    at = sum(units)
    at = at / np.linalg.norm(at)
    for _ in range(steps):
        pull = np.zeros_like(at)
        for unit in units:
            cosine = np.clip(np.sum(at * unit), -1, 1)
            angle = np.arccos(cosine)
            pull += angle / np.sin(angle) * (unit - cosine * at) / len(units)
        size = np.linalg.norm(pull)
        if size < 1e-5:
            break
        at = np.cos(size) * at + np.sin(size) * pull / size
    return at * np.mean(lengths)


def stock(base, deltas):
    count = len(deltas)
    cosines = [
        np.sum(a * b) / np.linalg.norm(a) / np.linalg.norm(b)
        for i, a in enumerate(deltas)
        for b in deltas[i + 1 :]
    ]
    cosine = np.mean(cosines)
    share = count * cosine / (1 + (count - 1) * cosine)
    return base + share * np.mean(deltas, axis=0)


def sce(base, deltas, topk):
    stack = np.stack(deltas)
    variance = stack.var(axis=0).astype(np.float32).astype(float)
    chosen = kept(variance, 0, int(np.count_nonzero(variance) * topk)) != 0
    if topk < 1:
        stack = stack * chosen
    energy = np.mean(stack.reshape(len(stack), -1) ** 2, axis=1)
    energy = energy / energy.sum()
    agree = np.sign(stack) == np.where(stack.sum(axis=0) >= 0, 1, -1)
    shares = energy.reshape(-1, *[1] * base.ndim) * agree
    return base + (shares * stack).sum(axis=0) / np.maximum(shares.sum(axis=0), 1e-6)
