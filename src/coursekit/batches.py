"""Examples that fit into memory, given out in batches."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

__all__ = ["Batches"]


class Batches:
    """Examples and labels in batches; going through them once is an epoch.

    A loader in the sense of PyTorch, for data that is already in memory: a batch is cut out of the arrays in one
    go, where ``torch.utils.data.DataLoader`` fetches examples one by one and puts them together again.

    Args:
        X: (n, ...) examples, an array or a tensor on any device.
        y: (n,) labels, of the same kind.
        batch_size: Examples per batch; the last one of an epoch may be short.
        rng: Where each epoch's new order is drawn from; in the order given unless there is one. Batches in the order
            given are views of X and y, those in a new order are copies.

    Raises:
        ValueError: If there are more or fewer labels than examples, or ``batch_size`` is less than 1.
    """

    def __init__(self, X: Any, y: Any, *, batch_size: int, rng: np.random.Generator | None = None) -> None:
        self.X, self.y = (part if _is_tensor(part) else np.asarray(part) for part in (X, y))
        self.batch_size = int(batch_size)
        self.rng = rng
        if len(self.X) != len(self.y):
            raise ValueError(f"Give one label per example: got {len(self.y)} labels for {len(self.X)} examples.")
        if self.batch_size < 1:
            raise ValueError(f"batch_size is 1 or more; got {batch_size}.")

    def __len__(self) -> int:
        """Count the batches of an epoch."""
        return -(-len(self.X) // self.batch_size)

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        """Go through an epoch.

        Yields:
            ``(X_batch, y_batch)``, of the kind and dtype of X and y.
        """
        order = None if self.rng is None else self.rng.permutation(len(self.X))
        for start in range(0, len(self.X), self.batch_size):
            stop = start + self.batch_size
            if order is None:
                yield self.X[start:stop], self.y[start:stop]
            else:
                yield _rows(self.X, order[start:stop]), _rows(self.y, order[start:stop])


def _is_tensor(value: Any) -> bool:
    # Where there is a tensor, torch has been imported; elsewhere there is no need to wait for its import.
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def _rows(values: Any, chosen: np.ndarray) -> Any:
    """Copy some rows of an array or a tensor."""
    if not _is_tensor(values):
        return values.take(chosen, axis=0)
    import torch

    return values.index_select(0, torch.from_numpy(chosen).to(values.device))
