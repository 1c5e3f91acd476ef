"""The model's tiled product beside Triton's, whose interpreter runs a kernel on a processor."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from coursekit.gpu import launch
from tests.test_gpu import tiled

WIDTH = 16
PROGRAM = """
import sys

import numpy as np
import torch
import triton
import triton.language as tl


@triton.jit
def product(a, b, c, m, k, n, T: tl.constexpr):
    rows = tl.program_id(0) * T + tl.arange(0, T)[:, None]
    columns = tl.program_id(1) * T + tl.arange(0, T)[None, :]
    total = tl.zeros((T, T), tl.float32)
    for start in range(0, k, T):
        along, down = start + tl.arange(0, T)[None, :], start + tl.arange(0, T)[:, None]
        A_tile = tl.load(a + rows * k + along, (rows < m) & (along < k), 0.0)
        B_tile = tl.load(b + down * n + columns, (down < k) & (columns < n), 0.0)
        total += tl.dot(A_tile, B_tile, input_precision="ieee")
    place, inside = c + rows * n + columns, (rows < m) & (columns < n)
    tl.store(place, tl.load(place, inside, 0.0) + total, inside)


file, T = sys.argv[1], int(sys.argv[2])
with np.load(file) as kept:
    A, B, C = (torch.from_numpy(kept[name]) for name in "ABC")
(m, k), n = A.shape, B.shape[1]
product[triton.cdiv(m, T), triton.cdiv(n, T)](A, B, C, m, k, n, T)
np.save(file.replace(".npz", ".npy"), C.numpy())
"""


@pytest.mark.parametrize(("m", "k", "n"), [(32, 32, 32), (18, 35, 21), (1, 40, 17)])
def test_where_triton_is_installed_its_interpreter_gives_what_the_model_gives(
    m: int, k: int, n: int, tmp_path: Path
) -> None:
    if importlib.util.find_spec("triton") is None:
        pytest.skip("needs Triton")
    rng = np.random.default_rng(1)
    A, B, C = (rng.random(sides, dtype=np.float32) for sides in ((m, k), (k, n), (m, n)))
    file, script = tmp_path / "given.npz", tmp_path / "product.py"
    np.savez(file, A=A, B=B, C=C)
    script.write_text(PROGRAM, encoding="utf-8")
    surroundings = os.environ | {"TRITON_INTERPRET": "1"}
    done = subprocess.run(
        [sys.executable, str(script), str(file), str(WIDTH)],
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    launch(tiled, A, B, C, blocks=(-(-n // WIDTH), -(-m // WIDTH)), threads=(WIDTH, WIDTH))
    np.testing.assert_allclose(C, np.load(file.with_suffix(".npy")), rtol=1e-5)
