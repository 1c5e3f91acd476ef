"""What "Run All" defines, grading defines: imports and definitions of cells to look at, and cells of one's own."""

from __future__ import annotations

from case import Case, Notebook


def _untouched(notebook: Notebook) -> None:
    """Hand in right answers and nothing odd."""


CASES = [
    *(Case("nothing odd", lab, _untouched, kernel=True) for lab in ("00_numpy", "01_softmax", "05_gemm")),
    *(Case("nothing odd", lab, _untouched) for lab in ("02_backprop", "03_mlp", "04_cnn")),
]
