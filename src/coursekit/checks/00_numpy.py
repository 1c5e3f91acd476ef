# Built by `coursekit build` from labs/00_numpy/. Edit the files there, not this one.
"""Visible checks of lab 00: arrays.

They compare with numbers worked out by hand and with what must hold of any right answer; nothing here computes
an answer. Numbers named "the slides'" are those of the lecture decks that the course grew from.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from coursekit.checking import (
    Student,
    checks,
    expect,
    expect_close,
    expect_dtype,
    expect_inputs_unchanged,
    expect_no_warning,
    expect_own_memory,
    expect_shape,
    forms,
)
from coursekit.checking.rules import by_itself

Rng = np.random.Generator
Function = Callable[..., Any]

RIGHT_FIRST = "First return a result of the right form; then this check looks at what happens to the inputs."


def _expect_no_loop(student: Student, slug: str, few: Any, many: Any, *, what: str, hint: str) -> None:
    """Expect that Python takes not even one step more for each example more, in all that the answer's text says."""
    right, steps = student.call(slug, *many), []
    readable = "Write it with NumPy's own functions: this check reads the text, and counts Python's steps."
    with by_itself(student, slug, hint=readable):
        # What a first call imports is not counted.
        for inputs in (few, few, many):
            got = student.call(slug, *inputs)
            steps.append(student.report.steps)
    expect_close(got, right, hint=readable, what="What its text gives by itself", rtol=1e-6, atol=1e-9)
    expect(min(steps) > 0, "The counting of Python's steps was switched off.", hint=readable)
    more, extra = steps[2] - steps[1], len(many[0]) - len(few[0])
    expect(
        more < extra,
        f"Python takes more steps for more {what}: there is a loop over them.",
        expected=f"as many steps for many {what} as for few",
        got=f"{more} steps more for {extra} {what} more",
        hint=hint,
    )


#: What each exercise is worth, in the order of the lab.
POINTS = {
    "simple_interest": 1,
    "predict_shapes": 2,
    "interior_view": 2,
    "positive_part": 1,
    "standardize_columns": 3,
    "pairwise_sq_dists": 3,
    "batched_matvec": 2,
    "one_hot": 2,
    "read_idx": 4,
}
#: The input with which questions about one's own code are asked, by exercise.
ASKED = {
    "standardize_columns": """
X = np.array([[1.0, 5.0, 2.0], [3.0, 5.0, 8.0]])
standardize_columns(X)
""",
    "pairwise_sq_dists": """
A = np.array([[3, 0, 2, 1], [1, 2, 4, 4], [5, 7, 7, 6]], np.uint8)
B = np.array([[1, 2, 0, 1], [4, 0, 3, 1]], np.uint8)
pairwise_sq_dists(A, B)
""",
    "batched_matvec": """
n = 4
W, X = np.arange(6.0 * n).reshape(n, 2, 3), 1 + np.arange(3.0 * n).reshape(n, 3)
batched_matvec(W, X)
""",
}


# labs/00_numpy/simple_interest.py


@checks("simple_interest")
def interest_on_the_slides_loan(student: Student, rng: Rng) -> None:
    """A loan of 325,000 at 2.225 % costs 7,231.25 a year, whatever the slide says."""
    expect_close(
        student.call("simple_interest", 325_000.0, 0.02225),
        7231.25,
        hint="Interest is the principal times the rate.",
        what="The interest",
        mistakes={
            "That is the slide's figure, which belongs to 2.25 %: compute with the rate that is given.": 7312.5,
            "The rate is a fraction already, 0.02225: do not divide it by 100.": 72.3125,
            "The rate is a fraction already, 0.02225: leave out the factor 100.": 723_125.0,
            "That is the loan and its interest together: return the interest alone.": 332_231.25,
            "That is rounded: return the interest as it comes.": 7231.0,
            "That is the interest of one month: a year's is asked, so do not divide by 12.": 7231.25 / 12,
        },
    )


@checks("simple_interest")
def interest_on_another_loan(student: Student, rng: Rng) -> None:
    """A loan of 200 at 5 % costs 10, and one without a rate costs nothing."""
    hint = "Use both arguments, principal and rate; the numbers of the slide do not belong into the function."
    whole = {"That is the loan and its interest together: return the interest alone.": 210}
    expect_close(student.call("simple_interest", 200, 0.05), 10.0, hint=hint, what="The interest", mistakes=whole)
    expect_close(student.call("simple_interest", 200, 0.0), 0.0, hint=hint, what="The interest at a rate of 0")


@checks("simple_interest")
def interest_on_many_loans(student: Student, rng: Rng) -> None:
    """An array of three loans gives an array of three interests."""
    alone = student.call("simple_interest", 105.0, 0.1)
    expect_close(alone, 10.5, hint="First get a single loan right; then this check looks at many.", what="One interest")
    expect_close(
        student.call("simple_interest", np.array([100.0, 205.0, 333.0]), 0.1),
        [10.0, 20.5, 33.3],
        hint="Arithmetic works on arrays as it does on numbers; float(), int(), round() and if do not.",
        what="The interest",
    )
    expect_inputs_unchanged(student)


simple_interest_in_other_forms = forms(
    "simple_interest", "integers", "float32", "fortran", "strided", "read-only", "again"
)


# labs/00_numpy/predict_shapes.py

LETTERS = "abcdefghijkl"
# So that nobody reads the answers here by accident: a number that the right answer has, and hardly another.
FINGERPRINTS = {
    "a": 4222332950,
    "b": 219615020,
    "c": 3326860425,
    "d": 3991991779,
    "e": 1115789148,
    "f": 2537826061,
    "g": 2053423937,
    "h": 2998799547,
    "i": 1277324967,
    "j": 44829219,
    "k": 3938574136,
    "l": 79847619,
}


def _predicted(student: Student) -> dict[str, Any]:
    """Return the student's dict of predictions, whatever its values."""
    got = student.call("predict_shapes")
    form = 'Return a dict such as {"a": (7, 7), "b": (7,)}: each line\'s letter in quotes, a colon, its shape.'
    expect(isinstance(got, dict), "The result is not a dict.", got=type(got).__name__, hint=form)
    known = all(isinstance(key, str) and key in LETTERS and len(key) == 1 for key in got)
    expect(known, "There is a line that the game does not have.", got=sorted(map(str, got)), hint=form)
    return {letter: tuple(shape) if isinstance(shape, list) else shape for letter, shape in got.items()}


def _expect_lines(student: Student, letters: Iterable[str], *, hint: str) -> None:
    """Expect the right shapes in some lines; name the wrong ones, and no right shape."""
    got = _predicted(student)
    wrong = [line for line in letters if zlib.crc32(f"{line} {got.get(line)}".encode()) != FINGERPRINTS[line]]
    named = ", ".join(wrong)
    message = f"Line {named} is not right yet." if len(wrong) == 1 else f"Lines {named} are not right yet."
    given = "\n".join(f"{line}: {got[line]}" if line in got else f"{line}: open" for line in wrong)
    expect(not wrong, message, got=given, hint=hint)


@checks("predict_shapes")
def every_line_has_a_shape(student: Student, rng: Rng) -> None:
    """All twelve lines are filled in, each with a tuple of whole numbers."""
    got = _predicted(student)
    for letter in LETTERS:
        expect(letter in got, f"Line {letter} is still open.", hint="A guess costs nothing: you may check again.")
        shape = got[letter]
        number = f"(3) is only the number 3: a tuple with one entry has a comma in it, as in {letter!r}: (7,)."
        expect(not isinstance(shape, int), f"Line {letter} is a number.", got=shape, hint=number)
        quotes = f"Without the quotes: a shape is a tuple of numbers, not a text, as in {letter!r}: (7,)."
        expect(not isinstance(shape, str), f"Line {letter} is a text.", got=repr(shape), hint=quotes)
        fits = isinstance(shape, tuple) and all(type(length) is int for length in shape)
        hint = "A shape is a tuple of whole numbers, the length of each axis, such as (7, 7)."
        expect(fits, f"Line {letter} is no shape.", got=shape, hint=hint)


@checks("predict_shapes")
def an_index_takes_its_axis_away(student: Student, rng: Rng) -> None:
    """Lines b, c, f and k are right: a plain index takes its axis away."""
    hint = "An index such as 2 picks one place, and the axis is gone: only the axes that have a slice are left."
    rest = "An axis that is not named is kept whole; of one that has a slice, the slice's end is not taken."
    _expect_lines(student, "bcfk", hint=f"{hint} {rest}")


@checks("predict_shapes")
def a_slice_keeps_its_axis(student: Student, rng: Rng) -> None:
    """Lines a, d, e and g are right: a slice keeps its axis, and its end is not taken."""
    hint = "A slice keeps its axis, even if one place is left. Its end is not taken: 5:8 are the places 5, 6 and 7."
    _expect_lines(student, "adeg", hint=hint)


@checks("predict_shapes")
def slices_count_from_the_end_and_in_steps(student: Student, rng: Rng) -> None:
    """Lines h, i, j and l are right: negative places, steps, and a slice that reaches too far."""
    beyond = "A slice that reaches past the end stops there."
    hint = "X is (4, 6). -1 is the last place: an end is not taken, a start is."
    _expect_lines(student, "hijl", hint=f"{hint} ::2 is every second place, from the first on. {beyond}")


# labs/00_numpy/interior_view.py

GRID = np.arange(20.0).reshape(4, 5)


def writing_into_the_view(interior_view: Function, a: np.ndarray) -> Any:
    """Write into the result; return its shape, whether it could be written into, and the array."""
    view = interior_view(a)
    shape = list(np.shape(view))
    try:
        view[...] = -1
    except (TypeError, ValueError):
        return shape, False, a
    return shape, True, a


@checks("interior_view")
def interior_of_a_four_by_five_array(student: Student, rng: Rng) -> None:
    """Of a 4 × 5 array the inner 2 × 3 numbers are left."""
    expect_close(
        student.call("interior_view", GRID),
        [[6.0, 7.0, 8.0], [11.0, 12.0, 13.0]],
        hint="Slice both axes: from the second place to before the last one. The end -1 is not taken.",
        mistakes={
            "One row and one column too many are gone: a slice's end is not taken, so -1 as end drops just the last.": [
                [6.0, 7.0]
            ],
            "Places count from 0, so 1 is the second one: slice from 1, not from 2.": GRID[2:3, 2:4],
            "Only rows are gone: slice the second axis too.": GRID[1:3],
            "Only columns are gone: slice the first axis too.": GRID[:, 1:4],
            "The last row and column are still there: give the slices an end.": GRID[1:, 1:],
            "The first row and column are still there: give the slices a start.": GRID[:3, :4],
            "Both axes end where the rows do: the second axis has a.shape[1] columns.": GRID[1:3, 1:3],
        },
    )


@checks("interior_view")
def writing_into_the_view_writes_into_the_array(student: Student, rng: Rng) -> None:
    """What is written into the result arrives in the array that was given."""
    shape, could_write, after = student.run(writing_into_the_view, a=GRID)
    right_first = "First return the inner numbers; then this check writes into them."
    expect(shape == [2, 3], "The result has the wrong shape.", got=tuple(shape), hint=right_first)
    hint = "Return the slice of a as it is: an array that may be written into, no list."
    expect(could_write, "The result cannot be written into.", hint=hint)
    written = GRID.copy()
    written[[1, 1, 1, 2, 2, 2], [1, 2, 3, 1, 2, 3]] = -1
    copied = "That is a copy: return a slice itself, without copy(), np.array() or a list of places as index."
    expect_close(
        after,
        written,
        hint="The inner entries, and no others, should have become -1: do nothing to a but slice it.",
        what="a, after writing -1 into the result,",
        mistakes={copied: GRID},
    )


@checks("interior_view")
def making_the_view_changes_nothing(student: Student, rng: Rng) -> None:
    """Making the view leaves the array as it is, and the result shares its memory."""
    got = student.call("interior_view", GRID)
    expect_shape(got, (2, 3), hint=RIGHT_FIRST)
    expect_inputs_unchanged(student, hint="To make a view, nothing needs to be written into a: slice it.")
    expect(bool(student.report.shared), "The result has memory of its own.", hint="Return a slice of a: it is a view.")


# labs/00_numpy/positive_part.py

SIGNED = np.array([[1.5, -2.0, 0.0], [-0.5, 3.0, -4.0]])


@checks("positive_part")
def negative_numbers_become_zero(student: Student, rng: Rng) -> None:
    """-2 becomes 0, and 1.5 stays 1.5."""
    expect_close(
        student.call("positive_part", SIGNED),
        [[1.5, 0.0, 0.0], [0.0, 3.0, 0.0]],
        hint="Take the larger of each entry and 0: np.maximum compares entry by entry.",
        mistakes={
            "That is the absolute value: negative numbers become 0, not positive.": np.abs(SIGNED),
            "That is the negative part: take the larger of each entry and 0, not the smaller.": np.minimum(SIGNED, 0),
            "That is the largest entry of all: compare entry by entry.": 3.0,
            "That keeps the positive numbers and forgets their places: the result has a's shape.": [1.5, 3.0],
            "That says which are positive: return the numbers themselves.": SIGNED > 0,
            "The fractions were cut off: the array that holds the result holds whole numbers only.": [
                [1, 0, 0],
                [0, 3, 0],
            ],
            "That is one long row: give the result a's shape.": [1.5, 0.0, 0.0, 0.0, 3.0, 0.0],
        },
    )


@checks("positive_part")
def the_input_stays_as_it_is(student: Student, rng: Rng) -> None:
    """The array that was given is what it was before the call."""
    got = student.call("positive_part", SIGNED)
    expect_shape(got, (2, 3), hint=RIGHT_FIRST)
    expect_close(np.min(got), 0.0, hint=RIGHT_FIRST, what="The smallest entry")
    hint = "a[a < 0] = 0, a *= … and out=a write into the caller's array: make a new array, or copy first."
    expect_inputs_unchanged(student, hint=hint)


@checks("positive_part")
def the_result_is_a_copy(student: Student, rng: Rng) -> None:
    """The result shares no memory with the input, even where nothing was negative."""
    got = student.call("positive_part", np.array([1.0, 2.0, 3.0]))
    expect_close(got, [1.0, 2.0, 3.0], hint="Positive numbers stay as they are.")
    expect_own_memory(student, hint="Return a new array, also if there is nothing to change.")


positive_part_in_other_forms = forms("positive_part", "integers", "float32", "fortran", "strided", "read-only", "again")


# labs/00_numpy/standardize_columns.py

# The first column has mean 5 and standard deviation 2, the second 5 and 5.
COLUMNS = np.array([[2, 0], [4, 0], [4, 10], [4, 10], [5, 0], [5, 10], [7, 0], [9, 10]])
STANDARDIZED = np.array(
    [[-1.5, -1], [-0.5, -1], [-0.5, 1], [-0.5, 1], [0, -1], [0, 1], [1, -1], [2, 1]],
)
SCALED_BY_ROW = np.array([[1, 0], [1, 0], [0.4, 1], [0.4, 1], [1, 0], [0.5, 1], [1, 0], [0.9, 1]])


def _expect_ordinary_columns_right(student: Student) -> None:
    """Expect right what the first check looks at, so that hints about special columns do not lead astray."""
    hint = "First standardise ordinary columns of floats, as in the first check; then this one looks at special ones."
    got = student.call("standardize_columns", COLUMNS.astype(float))
    expect_close(got, STANDARDIZED, hint=hint, what="The result for ordinary columns")


@checks("standardize_columns")
def columns_worked_out_by_hand(student: Student, rng: Rng) -> None:
    """A column with mean 5 and standard deviation 2 has (x - 5) / 2 in place of x."""
    expect_close(
        student.call("standardize_columns", COLUMNS.astype(float)),
        STANDARDIZED,
        hint="Subtract each column's mean, then divide by its standard deviation: both along axis=0.",
        mistakes={
            "Rows were standardised: a column has one entry of each example, so work along axis=0.": (
                STANDARDIZED[:, [1, 1]] * [-1, 1]
            ),
            "The whole table was standardised at once: each column has its own mean and deviation, axis=0.": (
                (COLUMNS - 5) / np.sqrt(14.5)
            ),
            "That divides by n - 1: this course takes the mean of the squares, ddof=0.": STANDARDIZED * np.sqrt(7 / 8),
            "That is the variance in the denominator: take its square root.": STANDARDIZED / [2, 5],
            "The mean is gone, the scale is still there: divide by the standard deviation.": STANDARDIZED * [2, 5],
            "That is scaled only: subtract the mean first.": COLUMNS / [2, 5],
            "Only the mean was divided: / goes before -, so put brackets: (X - mean) / deviation.": (
                COLUMNS - [5 / 2, 5 / 5]
            ),
            "Each row was divided by its own maximum, so that rows can no longer be compared: scale columns.": (
                SCALED_BY_ROW
            ),
            "Columns were divided by their maximum: subtract the mean, divide by the standard deviation.": (
                COLUMNS / [9, 10]
            ),
            "Columns were stretched to the range 0 to 1: use the mean and the standard deviation.": (
                (COLUMNS - [2, 0]) / [7, 10]
            ),
        },
    )


@checks("standardize_columns")
def each_column_has_mean_0_and_deviation_1(student: Student, rng: Rng) -> None:
    """Every column of the result has mean 0 and standard deviation 1, in a square table too."""
    for shape in ((6, 3), (4, 4)):
        got = student.call("standardize_columns", rng.normal(loc=3, scale=2, size=shape))
        expect_shape(got, shape, hint="The result has X's shape.")
        hint = "Subtract from each column its own mean, taken along axis=0."
        expect_close(np.mean(got, axis=0), np.zeros(shape[1]), hint=hint, what="The column mean", atol=1e-5)
        hint = "Divide each column by its own standard deviation, taken along axis=0."
        expect_close(np.std(got, axis=0), np.ones(shape[1]), hint=hint, what="The column deviation", rtol=1e-5)


@checks("standardize_columns")
def whole_numbers_keep_their_fractions(student: Student, rng: Rng) -> None:
    """Whole numbers, uint8 pixels too, give the same fractions as floats do."""
    _expect_ordinary_columns_right(student)
    hint = "zeros_like, empty_like or copy of a whole-number array holds whole numbers: what you write in is cut off."
    # With int64 right, what is wrong for uint8 alone is that it goes round.
    wraps = "In uint8, 4 - 5 is 255: bytes go round below 0 and above 255."
    for dtype, why in ((np.int64, hint), (np.uint8, wraps)):
        expect_close(
            student.call("standardize_columns", COLUMNS.astype(dtype)),
            STANDARDIZED,
            hint=f"{why} Convert X to float first.",
            what=f"The result for {np.dtype(dtype)}",
        )


@checks("standardize_columns")
def a_constant_column_becomes_zeros(student: Student, rng: Rng) -> None:
    """A column of sevens becomes zeros, without a warning, and its neighbour is standardised."""
    _expect_ordinary_columns_right(student)
    X = np.column_stack([np.full(4, 7.0), [-2.0, 2.0, -2.0, 2.0]])
    hint = "Where a column's largest entry equals its smallest, the result is 0: keep 0 / 0 from being computed."
    got = student.call("standardize_columns", X)
    expect_close(got, [[0, -1], [0, 1], [0, -1], [0, 1]], hint=hint)
    expect_no_warning(student, hint=hint)


@checks("standardize_columns")
def rounding_does_not_hide_a_constant_column(student: Student, rng: Rng) -> None:
    """Ten times 0.1 is a constant column too, although its computed deviation is not 0."""
    _expect_ordinary_columns_right(student)
    X = np.column_stack([np.full(10, 0.1), [-2.0, 2.0] * 5])
    hint = "The mean computed along ten 0.1s is not quite 0.1: compare the column's largest entry with its smallest."
    expect_close(student.call("standardize_columns", X), np.column_stack([np.zeros(10), [-1.0, 1.0] * 5]), hint=hint)


@checks("standardize_columns")
def the_unit_does_not_matter(student: Student, rng: Rng) -> None:
    """The same column in millionths or in millions gives the same result."""
    _expect_ordinary_columns_right(student)
    X = COLUMNS[:, [0, 0, 0]] * np.array([1e-6, 1.0, 1e6])
    hint = "A number added to the deviation, or a bound below which it counts as 0, is not small beside every column."
    expect_close(student.call("standardize_columns", X), STANDARDIZED[:, [0, 0, 0]], hint=hint, rtol=1e-4)


@checks("standardize_columns")
def standardizing_leaves_its_input_alone(student: Student, rng: Rng) -> None:
    """X is what it was before the call, and the result is an array of its own."""
    got = student.call("standardize_columns", COLUMNS.astype(float))
    expect_shape(got, (8, 2), hint=RIGHT_FIRST)
    expect(bool(np.min(got) < 0), "A standardised column has entries below its mean.", got=got, hint=RIGHT_FIRST)
    expect_inputs_unchanged(student)
    expect_own_memory(student)


standardize_columns_in_other_forms = forms(
    "standardize_columns", "integers", "float32", "fortran", "strided", "read-only", "again"
)


# labs/00_numpy/pairwise_sq_dists.py


@checks("pairwise_sq_dists")
def distances_worked_out_by_hand(student: Student, rng: Rng) -> None:
    """Three points and two points have the six squared distances worked out by hand."""
    A, B = np.array([[0.0, 0.0], [3.0, 4.0], [1.0, 1.0]]), np.array([[3.0, 4.0], [0.0, 1.0]])
    D = np.array([[25.0, 1.0], [0.0, 18.0], [13.0, 1.0]])
    expect_close(
        student.call("pairwise_sq_dists", A, B),
        D,
        hint="Entry i, j adds up (A[i, p] - B[j, p])² over p: put in an axis, subtract, square, sum the last axis.",
        mistakes={
            "Those are the distances: the squared ones are asked, so leave the root out.": np.sqrt(D),
            "Rows and columns are swapped: row i belongs to A[i].": D.T,
            "Those are sums of absolute differences: square the differences.": [[7, 1], [0, 6], [5, 1]],
            "That is the mean over the coordinates: take the sum.": D / 2,
            "|a|² + |b|² - a·b lacks a factor: the square of a difference has - 2 a·b in it.": D + A @ B.T,
            "|a|² + |b|² + 2 a·b belongs to a + b: the square of a difference has - 2 a·b in it.": D + 4 * (A @ B.T),
            "The sum over the coordinates is missing: sum the last axis.": (
                [[[9, 16], [0, 1]], [[0, 0], [9, 9]], [[4, 9], [1, 0]]]
            ),
            "That is the square of the summed difference: square first, then sum.": [[49, 1], [0, 36], [25, 1]],
        },
        atol=1e-5,
    )


@checks("pairwise_sq_dists")
def as_many_points_as_coordinates(student: Student, rng: Rng) -> None:
    """Three points, three points and three coordinates: axes of one length are not mixed up."""
    A = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 2.0, 0.0]])
    B = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 3.0], [1.0, 1.0, 1.0]])
    expect_close(
        student.call("pairwise_sq_dists", A, B),
        [[0, 9, 3], [1, 10, 2], [4, 13, 3]],
        hint="Say the shape after every step: (n, 1, d) - (m, d) is (n, m, d), and the sum over its last axis (n, m).",
        mistakes={
            "The squares of A, shape (n,), were added to columns: they belong to rows, so make them (n, 1).": (
                [[0, 10, 7], [0, 10, 5], [0, 10, 3]]
            ),
            "That sums over the points of B, axis=1: sum over the coordinates, the last axis.": (
                [[1, 1, 10], [2, 1, 10], [1, 9, 10]]
            ),
            "That sums over the points of A, axis=0: sum over the coordinates, the last axis.": (
                [[1, 4, 0], [1, 4, 27], [2, 3, 3]]
            ),
            "A - B compares only points of the same number: put in an axis, A[:, None].": (
                [[0, 0, 0], [1, 0, 9], [1, 1, 1]]
            ),
            "Rows and columns are swapped: row i belongs to A[i].": [[0, 1, 4], [9, 10, 13], [3, 2, 3]],
        },
        atol=1e-5,
    )


@checks("pairwise_sq_dists")
def pixels_do_not_go_round(student: Student, rng: Rng) -> None:
    """Pixels of dtype uint8 have the distances that the same numbers have as floats."""
    A, B = np.array([[0, 255], [10, 20]], np.uint8), np.array([[255, 0], [20, 10]], np.uint8)
    D = [[130_050, 60_425], [60_425, 200]]
    hint = "With the same numbers as floats it is not right yet either: look at the checks above first."
    expect_close(student.call("pairwise_sq_dists", A.astype(float), B.astype(float)), D, hint=hint)
    expect_close(
        student.call("pairwise_sq_dists", A, B),
        D,
        hint="In uint8, 10 - 20 is 246 and 20 * 20 is 144: convert to float before the first operation.",
        mistakes={
            "An int16 ends at 32,767, and 255 * 255 is 65,025: convert to float before the first operation.": (
                [[-1022, -5111], [-5111, 200]]
            )
        },
    )


@checks("pairwise_sq_dists")
def more_points_take_no_more_steps(student: Student, rng: Rng) -> None:
    """For forty points Python takes as many steps as for four: there is no loop over points."""
    few, many = ([rng.normal(size=(n, 3)), rng.normal(size=(n, 3))] for n in (4, 40))
    got = student.call("pairwise_sq_dists", *few)
    expect_shape(got, (4, 4), hint="First return a result of the right form; then this check counts steps.")
    hint = "A comprehension, map, np.vectorize and apply_along_axis loop too. Let A[:, None] and B broadcast."
    _expect_no_loop(student, "pairwise_sq_dists", few, many, what="points", hint=hint)
    # Two of the many entries, so that these points too are computed with.
    got = np.asarray(student.call("pairwise_sq_dists", *many))
    some = [((many[0][i] - many[1][j]) ** 2).sum() for i, j in ((3, 37), (39, 0))]
    cut = [((np.trunc(many[0][i]) - np.trunc(many[1][j])) ** 2).sum() for i, j in ((3, 37), (39, 0))]
    expect_close(
        [got[3, 37], got[39, 0]],
        some,
        hint="First get the numbers right, for many points too.",
        rtol=1e-4,
        mistakes={"The fractions of the points were cut off: convert to float, not to whole numbers.": cut},
    )


@checks("pairwise_sq_dists")
def points_stay_where_they_are(student: Student, rng: Rng) -> None:
    """A and B are what they were before the call."""
    got = student.call("pairwise_sq_dists", rng.normal(size=(3, 2)), rng.normal(size=(4, 2)))
    expect_shape(got, (3, 4), hint=RIGHT_FIRST)
    expect_inputs_unchanged(student)


pairwise_sq_dists_in_other_forms = forms(
    "pairwise_sq_dists", "integers", "bytes", "float32", "fortran", "strided", "read-only", "again"
)


# labs/00_numpy/batched_matvec.py

W_TWO = np.array([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [[0.0, 1.0, -1.0], [2.0, 0.0, 1.0]]])
X_TWO = np.array([[1.0, 0.0, 2.0], [3.0, 1.0, -1.0]])


@checks("batched_matvec")
def two_products_worked_out_by_hand(student: Student, rng: Rng) -> None:
    """Two 2 × 3 matrices times two vectors give the products worked out by hand."""
    expect_close(
        student.call("batched_matvec", W_TWO, X_TWO),
        [[7, 16], [2, 5]],
        hint="Row i is W[i] @ X[i]: multiply along d and sum over d, for every example and every row of its matrix.",
        mistakes={
            "* multiplies entry by entry: the sum over d, the last axis, is missing.": (
                [[[1, 0, 6], [4, 0, 12]], [[0, 1, 1], [6, 0, -1]]]
            ),
            "Every matrix was multiplied by every example: each has its own.": (
                [[[7, 2], [16, 11]], [[-2, 2], [4, 5]]]
            ),
            "The axis of length 1 that @ needed is still there: take it off.": [[[7], [16]], [[2], [5]]],
            "The first matrix was used for every example: W[i] belongs to X[i].": [[7, 16], [2, 11]],
            "reshape keeps the numbers in their order: to swap axes use transpose(0, 2, 1) or swapaxes.": (
                [[11, 14], [-1, 4]]
            ),
            "Examples are rows: the result is (n, k), here it is its transpose.": [[7, 2], [16, 5]],
            "Each matrix met all examples, added up: in np.einsum, W and X need the same letter for the examples.": (
                [[9, 27], [0, 9]]
            ),
            "That is the mean over d: take the sum.": [[7 / 3, 16 / 3], [2 / 3, 5 / 3]],
        },
        atol=1e-5,
    )


@checks("batched_matvec")
def as_many_examples_as_rows_and_columns(student: Student, rng: Rng) -> None:
    """Three 3 × 3 matrices (one changes nothing, one doubles, one moves entries up) act on an example each."""
    W = np.stack([np.eye(3), 2 * np.eye(3), np.roll(np.eye(3), 1, axis=1)])
    X = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])
    expect_close(
        student.call("batched_matvec", W, X),
        [[1, 2, 3], [8, 10, 12], [8, 9, 7]],
        hint="Say the shapes: W is (n, k, d), and X needs to become (n, d, 1) for @, or (n, 1, d) for *.",
        mistakes={
            "W @ X takes X for one matrix: make a column of each example, X[:, :, None].": np.stack(
                [X, 2 * X, X[[1, 2, 0]]]
            ),
            "The matrices were transposed: sum over d, the last axis of W.": [[1, 2, 3], [8, 10, 12], [9, 7, 8]],
        },
        atol=1e-5,
    )


@checks("batched_matvec")
def more_examples_take_no_more_steps(student: Student, rng: Rng) -> None:
    """For forty examples Python takes as many steps as for four: there is no loop over examples."""
    few, many = ([rng.normal(size=(n, 2, 3)), rng.normal(size=(n, 3))] for n in (4, 40))
    got = student.call("batched_matvec", *few)
    expect_shape(got, (4, 2), hint="First return a result of the right form; then this check counts steps.")
    hint = "A comprehension, map and np.vectorize loop too. @ repeats over all axes before the last two."
    _expect_no_loop(student, "batched_matvec", few, many, what="examples", hint=hint)
    # One of the many examples, so that these too are computed with.
    got = np.asarray(student.call("batched_matvec", *many))
    one = (many[0][37] * many[1][37]).sum(axis=1)
    cut = (np.trunc(many[0][37]) * np.trunc(many[1][37])).sum(axis=1)
    expect_close(
        got[37],
        one,
        hint="First get the numbers right, for many examples too.",
        rtol=1e-4,
        mistakes={"The fractions of W and X were cut off: convert to float, not to whole numbers.": cut},
    )


@checks("batched_matvec")
def matrices_and_examples_stay_as_they_are(student: Student, rng: Rng) -> None:
    """W and X are what they were before the call."""
    got = student.call("batched_matvec", W_TWO, X_TWO)
    expect_shape(got, (2, 2), hint=RIGHT_FIRST)
    expect_inputs_unchanged(student)


batched_matvec_in_other_forms = forms(
    "batched_matvec", "integers", "float32", "fortran", "strided", "read-only", "again"
)


# labs/00_numpy/one_hot.py


@checks("one_hot")
def four_labels_of_four_classes(student: Student, rng: Rng) -> None:
    """The labels 2, 0, 1, 2 become four rows, with columns for four classes although the last does not occur."""
    Y = np.array([[0, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]], dtype=float)
    expect_close(
        student.call("one_hot", np.array([2, 0, 1, 2]), 4),
        Y,
        hint="Row i has its 1 in column y[i]: one row per label, one column per class.",
        mistakes={
            "Rows and columns are swapped: one row per label.": Y.T,
            "The classes were counted in y: make as many columns as n_classes says.": Y[:, :3],
            "Classes count from 0: label 2 belongs into column 2.": np.roll(Y, -1, axis=1),
            "Every row holds the ones of all: Y[:, y] picks whole columns (Y[np.arange(n), y] is one entry in each "
            "row), and [[0] * k] * n is one row, n times.": [[1, 1, 1, 0]] * 4,
            "There are ten columns, whatever n_classes says: make as many as it says.": np.hstack(
                [Y, np.zeros((4, 6))]
            ),
            "The other entries are 0, not -1.": 2 * Y - 1,
            "The label itself was written: write 1.": Y * [[2], [0], [1], [2]],
            "Y[y] = 1 fills the rows whose numbers are in y: Y[np.arange(n), y] is one entry in each row.": (
                [[1] * 4, [1] * 4, [1] * 4, [0] * 4]
            ),
        },
    )


@checks("one_hot")
def as_many_labels_as_classes(student: Student, rng: Rng) -> None:
    """With three labels and three classes, rows still are labels."""
    got = student.call("one_hot", np.array([1, 2, 0]), 3)
    hint = "Three classes have three columns: use n_classes, in each call the one that is given."
    expect_shape(got, (3, 3), hint=hint)
    expect_close(
        got,
        [[0, 1, 0], [0, 0, 1], [1, 0, 0]],
        hint="y and np.arange(3) both have shape (3,): only a column (n, 1) meets a row (k,) in a table (n, k).",
        mistakes={"Rows and columns are swapped: row i belongs to y[i].": [[0, 0, 1], [1, 0, 0], [0, 1, 0]]},
    )


@checks("one_hot")
def every_row_has_one_1(student: Student, rng: Rng) -> None:
    """Every row adds up to 1 and is nothing but zeros and a one, and the labels stay as they are."""
    got = student.call("one_hot", rng.integers(5, size=12), 5)
    expect_shape(got, (12, 5), hint="One row per label, one column per class.")
    expect_close(np.sum(got, axis=1), np.ones(12), hint="Each row has one 1.", what="The row sum")
    expect_close(np.max(got, axis=1), np.ones(12), hint="Each row has one 1, the rest is 0.", what="The row's largest")
    expect_inputs_unchanged(student)


one_hot_in_other_forms = forms("one_hot", "bytes", "strided", "read-only", "again")


# labs/00_numpy/read_idx.py

# Two images of three rows and two columns, the second one dark.
PIXELS = np.array([[[0, 50], [100, 150], [200, 255]], [[1, 2], [3, 4], [5, 10]]], dtype=np.uint8)
IMAGES = bytes([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 2]) + PIXELS.tobytes()
LABELS = bytes([0, 0, 8, 1, 0, 0, 0, 5, 7, 2, 1, 0, 4])


def reading_a_file(read_idx: Function, content: np.ndarray, name: str, as_text: bool) -> Any:
    """Write a file and let it be read; of an error that a file can cause, return the text."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content.tobytes())
        try:
            got = read_idx(str(path) if as_text else path)
        except (EOFError, OSError, ValueError) as error:
            return f"{type(error).__name__}: {error}"
        # Entries that are only mapped into memory go with the file.
        return np.array(got) if isinstance(got, np.ndarray) else got


def reading_broken_files(read_idx: Function, contents: list[np.ndarray]) -> Any:
    """Let files be read that should be refused; say of each whether it was, and what came."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    errors = []
    with TemporaryDirectory() as folder:
        for i, content in enumerate(contents):
            path = Path(folder, f"file-{i}")
            path.write_bytes(content.tobytes())
            try:
                read_idx(str(path))
            except NotImplementedError:
                raise
            except Exception as error:
                errors.append((isinstance(error, ValueError), f"{type(error).__name__}: {error}"))
            else:
                errors.append((False, "no error"))
    return errors


def _read(student: Student, content: bytes, *, hint: str, name: str = "file", as_text: bool = True) -> Any:
    """Let the student's reader read a file with some content, and expect that it is not refused."""
    got = student.run(reading_a_file, content=np.frombuffer(content, np.uint8), name=name, as_text=as_text)
    if isinstance(got, str) and got.startswith("UnicodeDecodeError"):
        hint = 'The file was read as text, and it holds bytes: Path(path).read_bytes(), or open(path, "rb").'
    expect(not isinstance(got, str), "A whole file is refused.", got=got, hint=hint)
    return got


def _expect_refused(student: Student, files: dict[str, bytes], *, hint: str) -> list[str]:
    """Expect a ValueError from each of some files, given by their content; return the texts of these."""
    contents = [np.frombuffer(content, np.uint8) for content in files.values()]
    texts = []
    for what, (refused, got) in zip(files, student.run(reading_broken_files, contents=contents), strict=True):
        expect(refused, f"{what} gets no ValueError.", expected="a ValueError", got=got, hint=hint)
        texts.append(got.partition(": ")[2])
    return texts


def _expect_reads_labels(student: Student, content: bytes = LABELS) -> None:
    """Expect that a whole file is read: a reader that refuses everything refuses nothing."""
    kind = "plain" if content is LABELS else "packed"
    hint = f"First read a whole, {kind} file of labels; then this check goes on."
    expect_close(
        _read(student, content, hint=hint), [7, 2, 1, 0, 4], hint=hint, what=f"What is read from a {kind} file"
    )


@checks("read_idx")
def two_small_images(student: Student, rng: Rng) -> None:
    """A file with two images of 3 × 2 pixels gives an array of shape (2, 3, 2), pixel by pixel."""
    brightest = PIXELS.max(axis=(1, 2), keepdims=True)
    brightened = "by its own maximum, so a dark one became bright: return what is stored."
    hint = "The header is 16 bytes: magic number, n, height, width, all big-endian. Then the last axis runs fastest."
    expect_close(
        _read(student, IMAGES, hint=hint, as_text=False),
        PIXELS,
        hint=hint,
        what="What is read",
        mistakes={
            "Height and width are swapped: the header has n, then the height, then the width.": PIXELS.reshape(2, 2, 3),
            "The images were flattened: give them their height and width.": PIXELS.reshape(2, 6),
            "The entries were divided by 255: return them as they are stored.": PIXELS / 255,
            f"Each image was scaled {brightened}": PIXELS / brightest,
            f"Each image was stretched to 255 {brightened}": PIXELS / brightest * 255,
            f"Each image was stretched to 255, and cut to bytes, {brightened}": (
                (PIXELS / brightest * 255).astype(np.uint8)
            ),
            "Bytes above 127 became negative: read np.uint8, not np.int8.": PIXELS.view(np.int8),
            "The header was read as pixels: they start at byte 16.": (
                np.frombuffer(IMAGES[:12], np.uint8).reshape(2, 3, 2)
            ),
            "The first axis was taken to run fastest: it is the last one, as reshape takes it by itself.": (
                PIXELS.ravel().reshape(2, 3, 2, order="F")
            ),
        },
    )


@checks("read_idx")
def five_labels(student: Student, rng: Rng) -> None:
    """A file of labels, with one axis and a header of eight bytes, gives the labels 7, 2, 1, 0, 4."""
    hint = "Labels have one axis, so their header is 8 bytes: the magic number and n, both big-endian."
    expect_close(
        _read(student, LABELS, hint=hint),
        [7, 2, 1, 0, 4],
        hint=hint,
        what="What is read",
        mistakes={
            "The labels were divided by 255: return them as they are stored.": np.array([7, 2, 1, 0, 4]) / 255,
            "The header was read as labels: they start at byte 8.": list(LABELS[:5]),
        },
    )


@checks("read_idx")
def entries_are_as_stored(student: Student, rng: Rng) -> None:
    """Images and labels come as uint8, just as the file has them."""
    for content, kind in ((IMAGES, "images"), (LABELS, "labels")):
        got = _read(student, content, hint=f"First read a whole file of {kind}; then this check looks at the dtype.")
        hint = "Let np.frombuffer read np.uint8, and leave scaling to whoever uses the images."
        expect_dtype(got, "uint8", hint=hint, what=f"What is read from a file of {kind}")


@checks("read_idx")
def packed_files_are_known_by_their_bytes(student: Student, rng: Rng) -> None:
    """A packed file may have any name, and a plain one a name that ends in .gz."""
    _expect_reads_labels(student)
    hint = "Look at the first two bytes: 1f 8b means that it is packed. The name says nothing."
    packed = _read(student, gzip.compress(LABELS), name="labels", hint=hint)
    expect_close(packed, [7, 2, 1, 0, 4], hint=hint, what="What is read from a packed file")
    plain = _read(student, LABELS, name="labels.gz", hint=hint)
    expect_close(plain, [7, 2, 1, 0, 4], hint=hint, what="What is read from a plain file named .gz")


@checks("read_idx")
def a_wrong_magic_number_is_refused(student: Student, rng: Rng) -> None:
    """A file that begins with neither 2049 nor 2051 gets a ValueError; this one, and any other, says what is wrong."""
    _expect_reads_labels(student)
    hint = "Compare the first four bytes, as one number, with 2049 and 2051, and raise ValueError if it is neither."
    wrong = (bytes([0, 0, 8, 2]), bytes([1, 8, 0, 0]), bytes([0, 0, 13, 1]))
    files = {f"A file that begins with the bytes {magic.hex(' ')}": magic + LABELS[4:] for magic in wrong}
    texts = _expect_refused(student, files, hint=hint)
    hint = "Put a text behind ValueError, in brackets and quotes: whoever reads it wants to know what is wrong."
    expect(
        all(map(str.strip, texts)), "The ValueError has no text.", expected="what is wrong", got="no text", hint=hint
    )
    # Whether these are refused is the subject of other checks.
    packed = gzip.compress(LABELS)
    broken = {
        "a file without its last label": LABELS[:-1],
        "a file with a label too many": LABELS + b"\x00",
        "a packed file without its second half": packed[: len(packed) // 2],
    }
    contents = [np.frombuffer(content, np.uint8) for content in broken.values()]
    for what, (refused, got) in zip(broken, student.run(reading_broken_files, contents=contents), strict=True):
        silent = refused and not got.partition(": ")[2].strip()
        expect(
            not silent, f"The ValueError for {what} has no text.", expected="what is wrong", got="no text", hint=hint
        )


@checks("read_idx")
def a_cut_file_is_refused(student: Student, rng: Rng) -> None:
    """A file that is cut gets a ValueError, be it in its data or in its header."""
    _expect_reads_labels(student)
    hint = "Compare the number of bytes with what the header asks for, and raise ValueError if it is another."
    files = {"A file without its last label": LABELS[:-1], "A file without its last image": IMAGES[:-6]}
    _expect_refused(student, files, hint=hint)
    early = "See that the header is whole before you use it: a ValueError is asked for, no other error."
    _expect_refused(student, {"A file that ends within its header": IMAGES[:9], "An empty file": b""}, hint=early)


@checks("read_idx")
def a_cut_packed_file_is_refused(student: Student, rng: Rng) -> None:
    """A packed file that is cut gets a ValueError too."""
    packed = gzip.compress(LABELS)
    _expect_reads_labels(student, packed)
    hint = "gzip raises EOFError where packed data end too early: catch it, and raise ValueError."
    _expect_refused(student, {"A packed file without its second half": packed[: len(packed) // 2]}, hint=hint)


@checks("read_idx")
def surplus_bytes_are_refused(student: Student, rng: Rng) -> None:
    """A file with bytes left over gets a ValueError."""
    _expect_reads_labels(student)
    hint = "Compare the number of bytes with what the header asks for: too many is as wrong as too few."
    files = {"A file with a label too many": LABELS + b"\x00", "A file with an image too many": IMAGES + IMAGES[16:22]}
    _expect_refused(student, files, hint=hint)
