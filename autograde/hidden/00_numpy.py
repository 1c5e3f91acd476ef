# Built by `coursekit build` from labs/00_numpy/. Edit the files there, not this one.
"""Hidden checks of lab 00: random cases against an independent computation of the right answer.

Students see of these checks only their names and hints.
"""

from __future__ import annotations

import gzip
import struct
from collections.abc import Callable
from fractions import Fraction
from statistics import fmean, pstdev
from typing import Any

import numpy as np

from coursekit.checking import (
    Student,
    checks,
    expect,
    expect_close,
    expect_dtype,
    expect_equal,
    expect_no_warning,
    expect_shape,
)

Rng = np.random.Generator
Function = Callable[..., Any]


# labs/00_numpy/simple_interest.py


@checks("simple_interest")
def interest_on_random_loans(student: Student, rng: Rng) -> None:
    """Random loans have the right interest, alone and in a table."""
    principal, rate = float(rng.integers(1, 10**6)), float(rng.integers(1, 900)) / 10_000 + 0.00005
    right = float(Fraction(principal) * Fraction(rate))
    hint = "Compute with the arguments, whatever they are, and round nothing."
    expect_close(student.call("simple_interest", principal, rate), right, hint=hint)
    small = "A small loan has a small interest: round nothing, neither the principal nor the interest."
    expect_close(student.call("simple_interest", principal * 1e-8, rate), right * 1e-8, hint=small)
    large = "A rate above 1 is a fraction too, 1.25 is 125 %: compute with it as it is."
    expect_close(student.call("simple_interest", principal, 1.25), principal * 1.25, hint=large)
    table = rng.uniform(1, 1000, size=(2, 3))
    rights = [[float(Fraction(entry) * Fraction(rate)) for entry in row] for row in table]
    got = student.call("simple_interest", table, rate)
    expect_shape(got, (2, 3), hint="A table of loans gives a table of interests: compute with the array as it is.")
    expect_close(got, rights, hint=hint)


# labs/00_numpy/predict_shapes.py


@checks("predict_shapes")
def all_lines_by_running_them(student: Student, rng: Rng) -> None:
    """All twelve predictions agree with what NumPy makes of the expressions."""
    arr, X = np.zeros((3, 3)), np.zeros((4, 6))
    results = [arr[:2, 1:], arr[2], arr[2, :], arr[2:, :], arr[:, :2], arr[1, :2], arr[1:2, :2]]
    results += [X[1:-1, 1:-1], X[::2], X[:, -1:], X[0, 0], X[2:100]]
    got = student.call("predict_shapes")
    hint = "Now you may run the expressions: np.zeros((4, 6))[::2].shape says one."
    expect(isinstance(got, dict), "The result is not a dict.", hint=hint)
    for letter, result in zip("abcdefghijkl", results, strict=True):
        shape = got.get(letter)
        expect_equal(list(shape) if isinstance(shape, tuple | list) else shape, list(np.shape(result)), hint=hint)


# labs/00_numpy/interior_view.py


def writing_into_views(interior_view: Function, a: np.ndarray) -> Any:
    """Write into views of arrays in several memory orders; return what each view and array then held."""
    outcomes = []
    for layout in (a.copy(order="C"), a.copy(order="F"), np.repeat(np.repeat(a, 2, axis=0), 3, axis=1)[::2, ::3]):
        view = interior_view(layout)
        seen = np.array(view)
        view[...] = -view
        outcomes.append((seen, np.array(layout)))
    return outcomes


@checks("interior_view")
def interiors_of_random_arrays(student: Student, rng: Rng) -> None:
    """Arrays of any size and memory order, down to two rows, have the right interior, and it is a view."""
    ends = "The result is (h - 2, w - 2) for every h and w from 2 on: count the ends from the end, or from a.shape."
    sizes = ((5, 7, float), (3, 3, np.float32), (6, 4, np.int64), (2, 5, float), (3, 2, np.int16), (4, 5, np.int8))
    for h, w, dtype in sizes:
        a = rng.normal(scale=30, size=(h, w)).astype(dtype)
        inner = [[a[i, j] for j in range(1, w - 1)] for i in range(1, h - 1)]
        after = [[a[i, j] * (-1 if 0 < i < h - 1 and 0 < j < w - 1 else 1) for j in range(w)] for i in range(h)]
        for place, (seen, written) in enumerate(student.run(writing_into_views, a=a)):
            expect_shape(seen, (h - 2, w - 2), hint=ends)
            hint = (
                f"Slice a itself: a conversion copies, here of an array of dtype {a.dtype}."
                if place == 0 and dtype is not float
                else "Slice a itself, a[start:end, start:end]: ravel and reshape may copy, depending on memory order."
            )
            expect_close(seen, np.reshape(inner, (h - 2, w - 2)), hint=hint)
            expect_close(written, after, hint=hint, what="The array, after writing into the view,")


# labs/00_numpy/positive_part.py


@checks("positive_part")
def positive_parts_of_random_arrays(student: Student, rng: Rng) -> None:
    """Arrays of any number of axes, whole numbers and single numbers too, have the right positive part."""
    hint = (
        "np.maximum(a, 0) works for arrays of any shape and numbers of any size; copy before you write. "
        "np.vectorize takes the type of its first result for all, so a 0 there cuts fractions off."
    )
    large = 1000 * rng.normal(size=(2, 3, 4))
    for a in (rng.normal(size=7), large, rng.integers(-900, 900, size=(3, 5)), np.array(-2.5)):
        a.flat[0] = -abs(a.flat[0]) - 1
        right = np.reshape([value if value > 0 else 0 for value in a.ravel().tolist()], a.shape)
        expect_close(student.call("positive_part", a), right, hint=hint)
        expect(not student.report.changed, "It changes its input.", hint=hint)
        expect(not student.report.shared, "It shares memory with its input.", hint=hint)


# labs/00_numpy/standardize_columns.py


def _standardized(X: np.ndarray) -> np.ndarray:
    columns = [[float(value) for value in column] for column in X.T]
    return np.transpose(
        [[0.0 if min(c) == max(c) else (value - fmean(c)) / pstdev(c) for value in c] for c in columns],
    )


@checks("standardize_columns")
def columns_of_random_tables(student: Student, rng: Rng) -> None:
    """Random tables are standardised column by column, with constant columns among them."""
    for n, d in ((9, 4), (5, 5), (2, 3)):
        X = rng.normal(loc=4, scale=3, size=(n, d))
        X[0] += 0.5
        X[:, 1] = -2.5
        hint = "Compare with a loop over the columns; the standard deviation has 1/n in it."
        expect_close(student.call("standardize_columns", X), _standardized(X), hint=hint, rtol=1e-4, atol=1e-5)
    X = rng.normal(loc=4, scale=3, size=(20, 3))
    X[-1] = X[0]
    hint = "A column whose first entry equals its last one need not be constant: compare its largest and its smallest."
    expect_close(student.call("standardize_columns", X), _standardized(X), hint=hint, rtol=1e-4, atol=1e-5)
    hint = (
        "A column that varies a little is not constant, in a tiny unit (1e-15) or far from 0 (100,000 and 100,000.5): "
        "compare its largest and its smallest entry for equality, without a bound."
    )
    near = rng.uniform(1, 2, size=(20, 2))
    # Single precision tells these numbers apart by 0.008.
    for X, tolerance in ((near * 1e-15, 1e-4), (100_000 + near / 2, 0.2)):
        expect_close(student.call("standardize_columns", X), _standardized(X), hint=hint, rtol=0, atol=tolerance)
    X = rng.integers(-100, 100, size=(25, 2)).astype(np.int8)
    X[1], X[3] = -120, 125
    hint = "int8 ends at 127, so 125 - (-120) goes round: convert to float before you subtract one entry from another."
    expect_close(student.call("standardize_columns", X), _standardized(X), hint=hint, rtol=1e-4, atol=1e-5)


@checks("standardize_columns")
def a_table_with_one_row_becomes_zeros(student: Student, rng: Rng) -> None:
    """With a single example every column is constant."""
    hint = "One example alone has no spread: every column is constant, so the result is zeros."
    expect_close(student.call("standardize_columns", rng.integers(9, size=(1, 4))), np.zeros((1, 4)), hint=hint)
    expect_no_warning(student, hint=hint)


# labs/00_numpy/pairwise_sq_dists.py


@checks("pairwise_sq_dists")
def distances_of_random_points(student: Student, rng: Rng) -> None:
    """Random points have the right distances at every size, down to a single point and a single coordinate."""
    for n, m, d in ((5, 3, 4), (4, 4, 4), (1, 6, 2), (6, 1, 3), (3, 2, 1)):
        A, B = rng.normal(size=(n, d)), rng.normal(size=(m, d))
        right = [[sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) for b in B.tolist()] for a in A.tolist()]
        hint = "Compare with the three loops, at sizes n, m and d that all differ."
        expect_close(student.call("pairwise_sq_dists", A, B), right, hint=hint, rtol=1e-4, atol=1e-5)


@checks("pairwise_sq_dists")
def distances_of_random_pixels(student: Student, rng: Rng) -> None:
    """Random pixels have the right distances, also where only one set is of dtype uint8, and in other small types."""
    A, B = rng.integers(256, size=(4, 9), dtype=np.uint8), rng.integers(256, size=(3, 9), dtype=np.uint8)
    right = [[sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) for b in B.tolist()] for a in A.tolist()]
    # Moved by 128 both have the same distances, and are signed.
    signed = [(points.astype(np.int64) - 128).astype(np.int8) for points in (A, B)]
    wide = [points.astype(np.uint16) for points in (A, B)]
    for given in ((A, B), (A.astype(float), B), (A, B.astype(np.int64)), signed, wide):
        hint = (
            "Convert both sets to float before the first operation, whatever dtype they have: int8 and uint16 wrap too."
        )
        expect_close(student.call("pairwise_sq_dists", *given), right, hint=hint)


# labs/00_numpy/batched_matvec.py


@checks("batched_matvec")
def products_of_random_examples(student: Student, rng: Rng) -> None:
    """Random matrices and examples have the right products at every size."""
    for n, k, d in ((5, 2, 3), (3, 3, 3), (1, 4, 2), (4, 1, 5), (2, 2, 3), (6, 3, 1)):
        W, X = rng.normal(size=(n, k, d)), rng.normal(size=(n, d))
        right = [[sum(w * x for w, x in zip(row, X[i], strict=True)) for row in W[i]] for i in range(n)]
        hint = "Compare with the loop over i of W[i] @ X[i], at sizes n, k and d that all differ."
        got = student.call("batched_matvec", W, X)
        single = (
            "The result has two axes also where n or k is 1: squeeze() takes away every axis of length 1, name one."
        )
        expect_close(got, right, hint=single if np.ndim(got) < 2 else hint, rtol=1e-4, atol=1e-5)


# labs/00_numpy/one_hot.py


@checks("one_hot")
def one_hot_of_random_labels(student: Student, rng: Rng) -> None:
    """Random labels of several integer types have the right rows, with classes that do not occur."""
    for n, k, dtype in (
        (7, 4, np.int64),
        (8, 2, np.int64),
        (8, 1, np.int8),
        (5, 5, np.int32),
        (1, 3, np.uint8),
        (3, 12, np.uint8),
        (60, 10, np.uint8),
        (9, 300, np.uint8),
        (9, 300, np.int16),
    ):
        y = rng.integers(min(k, np.iinfo(dtype).max), size=n).astype(dtype)
        if k > 256:
            # In bytes, class 259 is class 3.
            y[0] = 3
        right = [[float(label == j) for j in range(k)] for label in y.tolist()]
        hint = "n_classes columns, whatever y holds; try as many labels as classes, two classes, and 300."
        anew = "The labels were numbered anew: label 3 belongs into column 3, also where no label is 2."
        ranks = np.unique(y, return_inverse=True)[1]
        # Where all smaller labels occur, it is the right answer, and passes.
        mistakes = {anew: np.eye(k)[ranks]}
        expect_close(student.call("one_hot", y, k), right, hint=hint, mistakes=mistakes)


# labs/00_numpy/read_idx.py


def reading_files(read_idx: Function, contents: list[np.ndarray], one_name: bool) -> Any:
    """Let files be read, all of one name or each of its own; "refused" stands for a ValueError."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    outcomes: list[Any] = []
    with TemporaryDirectory() as folder:
        for i, content in enumerate(contents):
            path = Path(folder, "file" if one_name else f"file-{i}")
            path.write_bytes(content.tobytes())
            try:
                got = read_idx(path)
            except ValueError:
                outcomes.append("refused")
            else:
                outcomes.append(np.array(got) if isinstance(got, np.ndarray) else got)
                # Entries that are only mapped into memory hold the file.
                del got
    return outcomes


def _outcomes(student: Student, contents: list[bytes], *, one_name: bool = False) -> list[Any]:
    """Let the student's reader read files with some contents; "refused" stands for a ValueError."""
    arrays = [np.frombuffer(content, np.uint8) for content in contents]
    return list(student.run(reading_files, contents=arrays, one_name=one_name))


def _idx(entries: np.ndarray) -> bytes:
    magic = {1: 2049, 3: 2051}[entries.ndim]
    return struct.pack(f">{1 + entries.ndim}i", magic, *entries.shape) + entries.tobytes()


@checks("read_idx")
def files_of_random_sizes(student: Student, rng: Rng) -> None:
    """Files with more entries than one byte can count, or two, are read, plain and packed."""
    shapes = ((300,), (2, 5, 7), (260, 3, 1), (1, 2, 300), (70_000,))
    expected = [rng.integers(256, size=shape, dtype=np.uint8) for shape in shapes for _ in range(2)]
    contents = [_idx(entries) for entries in expected]
    contents[1::2] = map(gzip.compress, contents[1::2])
    for got, entries in zip(_outcomes(student, contents), expected, strict=True):
        hint = "Each length is a number of four bytes, the most significant first: 300 is 00 00 01 2c."
        expect(not isinstance(got, str), "A whole file is refused.", hint=hint)
        expect_close(got, entries, hint=hint)
        expect_dtype(got, "uint8", hint="Return the entries as stored.")
    hint = "Read the file anew in each call: another one may stand under its name by now."
    for got, entries in zip(_outcomes(student, contents[:3:2], one_name=True), expected[:3:2], strict=True):
        expect(not isinstance(got, str), "A whole file is refused.", hint=hint)
        expect_close(got, entries, hint=hint)


@checks("read_idx")
def damaged_files_of_every_kind(student: Student, rng: Rng) -> None:
    """Images and labels, plain and packed, that lack bytes or have too many are refused, and whole ones are not."""
    for shape in ((6,), (3, 4, 2)):
        whole = _idx(rng.integers(256, size=shape, dtype=np.uint8))
        damaged = [whole[:-1], whole + b"\x01", whole[:6], whole[:3], whole[:-4], b"\x00\x00\x08\x02" + whole[4:]]
        damaged += [gzip.compress(part) for part in damaged[:3]]
        # The second one lacks part of the sum by which gzip checks what it has unpacked.
        damaged += [gzip.compress(whole)[:20], gzip.compress(whole)[:-4]]
        plain, packed, *others = _outcomes(student, [whole, gzip.compress(whole), *damaged])
        read = not isinstance(plain, str) and not isinstance(packed, str)
        expect(read, "A whole file is refused.", hint="Refuse nothing that is whole, packed or not.")
        for other in others:
            hint = (
                "Whatever is packed, the unpacked bytes must be as many as the header says, and all else a ValueError."
            )
            expect(isinstance(other, str), "A damaged file is read.", hint=hint)
        # reshape takes -1 for whatever fits.
        (got,) = _outcomes(student, [whole[:4] + b"\xff\xff\xff\xff" + whole[8:]])
        hint = (
            "A length of ff ff ff ff is 4,294,967,295, not -1, of which reshape would make whatever fits: "
            "compare the number of bytes with what the header says."
        )
        expect(isinstance(got, str), "A damaged file is read.", hint=hint)
