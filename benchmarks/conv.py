"""How fast a convolution is by loops, by im2col and by PyTorch, and what a fast path is worth on CIFAR-10.

First, one layer, forward, on one thread: lab 04's loops, lab 04's matrix product of unrolled windows, both in NumPy,
and ``torch.nn.functional.conv2d``. The bars: im2col is at least 50 times as fast as the loops, and takes at most 5
times as long as PyTorch.

Then lab 04's network on CIFAR-10, by images per second: on ``coursekit.speedrun``'s batches, mirrored as a whole,
channels last and in the float type that is fastest here; and the usual way, behind a shuffled
``torch.utils.data.DataLoader`` that mirrors and scales one image at a time. The bar: the fast path is at least 1.5
times as fast.

The ways take turns, so that what else the machine does troubles all alike.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# One thread for NumPy's products, too; it reads this when it is imported.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"

import numpy as np
import torch
from machine import header

from coursekit import speedrun
from coursekit.datasets import Dataset, load_cifar10
from coursekit.variants import names_defined

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
LAB = "04_cnn"
BAR_LOOPS, BAR_TORCH, BAR_LOADER = 50.0, 5.0, 1.5
BATCH_SIZE = 128
#: n, c_in, side, c_out, k: a layer as it stands in the middle of a small network; loops get fewer images.
LAYER = (32, 16, 32, 32, 3)
LOOPED = 1


def seconds_of(act: Callable[[], Any]) -> float:
    start_s = time.perf_counter()
    act()
    return time.perf_counter() - start_s


def layer_seconds(lab: dict[str, Any], repeats: int) -> dict[str, list[float]]:
    """Time one layer in each way; return seconds per image."""
    n, c_in, side, c_out, k = LAYER
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, c_in, side, side)).astype(np.float32)
    W, b = rng.normal(size=(c_out, c_in, k, k)).astype(np.float32), np.zeros(c_out, np.float32)
    x, w, c = (torch.tensor(array) for array in (X, W, b))
    ways: dict[str, tuple[int, Callable[[], Any]]] = {
        "loops": (LOOPED, lambda: lab["conv_forward"](X[:LOOPED], W, b, 1, 1)),
        "im2col": (n, lambda: lab["conv_forward_im2col"](X, W, b, 1, 1)),
        "torch": (n, lambda: torch.nn.functional.conv2d(x, w, c, stride=1, padding=1)),
    }
    right = ways["torch"][1]().numpy()
    np.testing.assert_allclose(ways["im2col"][1](), right, atol=1e-3)
    np.testing.assert_allclose(ways["loops"][1](), right[:LOOPED], atol=1e-3)
    found: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(repeats):
        for way, (images, act) in ways.items():
            found[way].append(min(seconds_of(act) for _ in range(1 if way == "loops" else 5)) / images)
    return found


class OneByOne(torch.utils.data.Dataset[tuple[torch.Tensor, int]]):
    """Images as PyTorch's tutorials serve them: each is scaled, and mirrored by chance, on its own."""

    def __init__(self, data: Dataset, scale: tuple[Any, Any]) -> None:
        self.data = data
        self.mean, self.deviation = (torch.tensor(part)[:, None, None] for part in scale)

    def __len__(self) -> int:
        return len(self.data.train_labels)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        image = torch.from_numpy(self.data.train_images[index]).permute(2, 0, 1).float()
        image = (image - self.mean) / self.deviation
        if torch.rand(()) < 0.5:
            image = image.flip(-1)
        return image, int(self.data.train_labels[index])


def steps(model: torch.nn.Module, batches: Iterator[Any], n: int) -> float:
    """Make training steps; return images per second, with what it takes to get them."""
    optimizer = torch.optim.AdamW(model.parameters())
    start_s, images_seen = time.perf_counter(), 0
    for _ in range(n):
        images, labels = next(batches)
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        images_seen += len(labels)
    return images_seen / (time.perf_counter() - start_s)


def endless(loader: Any) -> Iterator[Any]:
    while True:
        yield from loader


def training_rates(lab: dict[str, Any], repeats: int, n_steps: int) -> tuple[dict[str, list[float]], str]:
    """Measure images per second of both ways, by turns."""
    data = load_cifar10()
    photos = speedrun.ImageBatches(
        data.train_images, data.train_labels, batch_size=BATCH_SIZE, rng=np.random.default_rng(0), mirror=True
    )
    usual = torch.utils.data.DataLoader(OneByOne(data, photos.scale), batch_size=BATCH_SIZE, shuffle=True)
    torch.manual_seed(0)
    plain, fast = (lab["make_cnn"]((3, 32, 32), 10) for _ in range(2))
    fast = fast.to(memory_format=torch.channels_last)
    dtype = speedrun.fastest_dtype()
    runs: dict[str, tuple[torch.nn.Module, Iterator[Any]]] = {
        "coursekit.speedrun": (speedrun.MixedPrecision(fast, dtype), endless(photos)),
        "DataLoader": (plain, endless(usual)),
    }
    for model, batches in runs.values():
        steps(model, batches, 3)
    found: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(repeats):
        for name, (model, batches) in runs.items():
            found[name].append(steps(model, batches, n_steps))
    return found, f"{data.name}, {str(dtype).removeprefix('torch.')}"


def shown(values: list[float], unit: float = 1.0) -> str:
    values = [value * unit for value in values]
    return f"{statistics.median(values):10.3f}   ({min(values):.3f} to {max(values):.3f})"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5, metavar="N", help="rounds of each part (default: 5)")
    parser.add_argument("--steps", type=int, default=30, metavar="N", help="training steps a round (default: 30)")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="threads of the training (default: 1)")
    options = parser.parse_args()
    lab = names_defined(json.loads((ROOT / "solutions" / LAB / f"{LAB}.ipynb").read_text(encoding="utf-8")))

    torch.set_num_threads(1)
    about = header("numpy", "torch") | {"threads": options.threads}
    print("  ".join(f"{name} {value}" for name, value in about.items()))
    _, c_in, side, c_out, k = LAYER
    layer = layer_seconds(lab, options.repeats)
    print(f"{c_out} filters {k} x {k} on {c_in} x {side} x {side}: milliseconds per image, median (range), one thread")
    for way, values in layer.items():
        print(f"  {way:<20}{shown(values, 1e3)}")
    medians = {way: statistics.median(values) for way, values in layer.items()}
    faster, slower = medians["loops"] / medians["im2col"], medians["im2col"] / medians["torch"]
    print(f"im2col is {faster:.0f} times as fast as the loops; the bar is {BAR_LOOPS:g}")
    print(f"im2col takes {slower:.2f} times as long as PyTorch; the bar is {BAR_TORCH:g}")

    torch.set_num_threads(options.threads)
    rates, kind = training_rates(lab, options.repeats, options.steps)
    print(f"lab 04's network on {kind}: images per second, median (range), batches of {BATCH_SIZE}")
    for name, values in rates.items():
        print(f"  {name:<20}{shown(values)}")
    gain = statistics.median(rates["coursekit.speedrun"]) / statistics.median(rates["DataLoader"])
    print(f"the fast path is {gain:.2f} times as fast; the bar is {BAR_LOADER:g}")

    RESULTS.mkdir(parents=True, exist_ok=True)
    result = {"machine": about, "layer_s": layer, "rates": rates, "faster": faster, "slower": slower, "gain": gain}
    path = RESULTS / "conv.json"
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"raw samples: {path.relative_to(ROOT)}")
    return 0 if faster >= BAR_LOOPS and slower <= BAR_TORCH and gain >= BAR_LOADER else 1


if __name__ == "__main__":
    sys.exit(main())
