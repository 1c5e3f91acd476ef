"""Train the network behind the front page's digit pad, and keep it in docs/reader.json with how it was made.

It is lab 03's 784-16-16-10 with Adam, trained by the functions that students write. Each layer's weights are rounded to
whole numbers from -127 to 127 times one scale; weights of pixels on which no training image has ink are set to zero.
What the file says of its accuracy is measured after that, on test images that training has never seen.
"""

from __future__ import annotations

import argparse
import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
from machine import header

from coursekit.datasets import Dataset, load_mnist
from coursekit.variants import names_defined

ROOT = Path(__file__).parents[1]
LAB = "03_mlp"
SIZES = [784, 16, 16, 10]
OPTIONS: dict[str, Any] = {"epochs": 5, "batch_size": 32, "lr": 0.001, "optimizer": "adam", "l2": 0}
SEED = 1
Layers = list[tuple[np.ndarray, float, np.ndarray]]


def train(data: Dataset) -> Layers:
    """Train the network, and return for each layer its whole weights, their scale, and its biases."""
    reference = json.loads((ROOT / "solutions" / LAB / f"{LAB}.ipynb").read_text(encoding="utf-8"))
    train_mlp = names_defined(reference)["train_mlp"]
    X = data.train_vectors()
    params, _ = train_mlp(X, data.train_labels, SIZES, rng=np.random.default_rng(SEED), **OPTIONS)
    params[0][0][X.max(axis=0) == 0] = 0
    scales = [float(np.abs(W).max() / 127) for W, _ in params]
    return [(np.rint(W / scale).astype(np.int8), scale, b) for (W, b), scale in zip(params, scales, strict=True)]


def logits(layers: Layers, X: np.ndarray) -> np.ndarray:
    """Return the scores (n, 10) of images (n, 784), computed as the page does."""
    signal = X.astype(np.float64)
    for i, (W, scale, b) in enumerate(layers):
        signal = (signal if i == 0 else np.maximum(signal, 0)) @ (scale * W.astype(np.float64)) + b
    return signal


def kept(layers: Layers, data: Dataset) -> dict[str, Any]:
    """Return what the file holds."""
    right = int((logits(layers, data.test_vectors()).argmax(axis=1) == data.test_labels).sum())
    made = {"by": "benchmarks/reader.py", "data": data.name, "training_images": len(data.train_labels), "seed": SEED}
    return {
        "made": made | OPTIONS | header("numpy"),
        "sizes": SIZES,
        "test_images": len(data.test_labels),
        "right": right,
        "layers": [
            {
                "weights": base64.b64encode(W.tobytes()).decode(),
                "scale": scale,
                "biases": [round(float(each), 5) for each in b],
            }
            for W, scale, b in layers
        ],
    }


def main() -> None:
    """Train, measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "reader.json", help="the file to write")
    options = parser.parse_args()
    data = load_mnist()
    if data.is_sample:
        raise SystemExit("The front page's network learns from MNIST itself: set COURSEKIT_DATA, or go online.")
    content = kept(train(data), data)
    options.to.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(f"{content['right'] / content['test_images']:.2%} of {content['test_images']:,} test images are right")


if __name__ == "__main__":
    main()
