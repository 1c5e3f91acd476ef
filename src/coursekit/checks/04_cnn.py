# Built by `coursekit build` from labs/04_cnn/. Edit the files there, not this one.
"""Visible checks of lab 04: convolution by hand, as a matrix product, and in networks.

They compare with numbers worked out by hand and with what must hold of any right answer; nothing here computes
an answer. Numbers named "the slide's" are those of the lecture decks that the course grew from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from coursekit.checking import (
    NotWrittenError,
    Student,
    StudentError,
    checks,
    expect,
    expect_close,
    expect_equal,
    expect_inputs_unchanged,
    expect_own_memory,
    expect_parts,
    expect_shape,
    forms,
)
from coursekit.checking.rules import by_itself, names_in
from coursekit.checking.uncalled import uncalled

#: Torch imports this when the first optimiser is made, which takes seconds: it is there before the first submission.
PRELOAD = ("torch._dynamo",)

Rng = np.random.Generator
Function = Callable[..., Any]

RIGHT_FIRST = "First return a result of the right form; then this check looks at what happens to the inputs."

# 0 1 2 / 3 4 5 / 6 7 8, and a filter that is the same in no other position.
X_NINE = np.arange(9.0).reshape(3, 3)
K_FOUR = np.array([[0.0, 1.0], [2.0, 3.0]])
Y_NINE = np.array([[19.0, 25.0], [37.0, 43.0]])
FLIPPED, TRANSPOSED = [[5.0, 11.0], [23.0, 29.0]], [[17.0, 23.0], [35.0, 41.0]]
FLIPPED_HINT = "The filter is flipped: lay it on the image as it is, k[0, 0] on the window's top left pixel."
TRANSPOSED_HINT = "Rows and columns of the filter are exchanged: k[u, v] belongs to the pixel x[i + u, j + v]."


def _expect_refusal(student: Student, slug: str, *inputs: Any, what: str) -> None:
    """Expect a ValueError where no window fits."""
    hint = "Raise ValueError if the window is larger than the padded image, in rows or in columns."
    try:
        got = student.call(slug, *inputs)
    except NotWrittenError:
        raise
    except StudentError as error:
        returned = "of type 'ValueError'" in str(error.got)
        expect(
            error.kind == "ValueError",
            f"{what}, and the error is returned: raise it." if returned else f"{what}: that is another error.",
            expected="ValueError",
            got=error.got,
            hint=hint,
        )
        return
    shape = np.shape(got) if isinstance(got, np.ndarray | list) else ()
    shown = f"an array of shape {shape}" if shape else got
    expect(False, f"{what}, and nothing is said.", expected="ValueError", got=shown, hint=hint)


def _expect_not_cut_away(images: Any, *, what: str = "The result") -> None:
    """Expect that cutting off a padding of 0 has left something."""
    hint = "[pad:-pad] with pad = 0 is [0:0], which is empty: end at pad + h and pad + w, [pad : pad + h]."
    empty = isinstance(images, np.ndarray | list) and np.size(images) == 0
    got = f"shape {np.shape(images)}" if empty else ""
    expect(not empty, f"{what} is empty where pad is 0.", got=got, hint=hint)


def _expect_count(
    student: Student, slug: str, setting: tuple[int, ...], right: int, mistakes: Mapping[str, float]
) -> None:
    expect_close(
        student.call(slug, *setting),
        right,
        hint="Count one filter first: which numbers does it consist of, and how often is it used?",
        what=f"{slug}{setting}",
        mistakes=mistakes,
    )


#: Two channels: the numbers 0 to 8, and ones. Two filters: the one from above with ones, and nothing.
X_TWO = np.stack([X_NINE, np.ones((3, 3))])[None]
W_TWO = np.stack([np.stack([K_FOUR, np.ones((2, 2))]), np.zeros((2, 2, 2))])
B_TWO = np.array([100.0, 200.0])
Y_TWO = np.array([[[[123.0, 129.0], [141.0, 147.0]], [[200.0, 200.0], [200.0, 200.0]]]])
X_RECTANGLE, W_RECTANGLE = np.ones((1, 2, 5, 7)), np.ones((3, 2, 2, 3))
Y_RECTANGLE = np.array([[4.0, 6.0, 6.0, 4.0], [8.0, 12.0, 12.0, 8.0], [8.0, 12.0, 12.0, 8.0]])
SWAPPED = "Rows and columns are exchanged: kh goes with the height, kw with the width."


def _expect_single_channel(student: Student, slug: str) -> None:
    expect_close(
        student.call(slug, X_NINE[None, None], K_FOUR[None, None], np.zeros(1), 1, 0),
        Y_NINE[None, None],
        hint="With one channel and one filter this is the correlation of section 1.",
        mistakes={
            FLIPPED_HINT: [[FLIPPED]],
            TRANSPOSED_HINT: [[TRANSPOSED]],
            "Rows and columns of the result are exchanged.": Y_NINE.T[None, None],
        },
    )


def _expect_channels_and_filters(student: Student, slug: str) -> None:
    expect_close(
        student.call(slug, X_TWO, W_TWO, B_TWO, 1, 0),
        Y_TWO,
        hint="Add up over all input channels; each filter makes one output channel and adds its own bias once.",
        mistakes={
            "Only the first channel is used: add up over all of them.": Y_TWO - [[[[4.0]], [[0.0]]]],
            "Only the last channel is used: add up over all of them.": [
                [[[104.0, 104.0], [104.0, 104.0]], [[200.0, 200.0], [200.0, 200.0]]]
            ],
            "The bias is missing.": Y_TWO - [[[[100.0]], [[200.0]]]],
            "The bias belongs to the filters, not to the columns of the result.": [
                [[[123.0, 229.0], [141.0, 247.0]], [[100.0, 200.0], [100.0, 200.0]]]
            ],
            "The bias belongs to the filters, not to the rows of the result.": [
                [[[123.0, 129.0], [241.0, 247.0]], [[100.0, 100.0], [200.0, 200.0]]]
            ],
            "The bias is added once for each channel: add it once for each place.": np.add(
                Y_TWO, [[[[100.0]], [[200.0]]]]
            ),
            "The bias is added to every product: add it once, to their sum.": np.add(Y_TWO, [[[[700.0]], [[1400.0]]]]),
            "Each filter has a bias of its own: add that one alone.": np.add(Y_TWO, [[[[200.0]], [[100.0]]]]),
            "A reshape mixes the numbers of the filters: W.reshape(c_out, -1) has one in each row; transpose that.": [
                [[[109.0, 113.0], [121.0, 125.0]], [[210.0, 216.0], [228.0, 234.0]]]
            ],
            "The axes are in another order: a reshape does not move the channels to axis 1; a transpose does.": [
                [[[123.0, 200.0], [129.0, 200.0]], [[141.0, 200.0], [147.0, 200.0]]]
            ],
            FLIPPED_HINT: [[[[109.0, 115.0], [127.0, 133.0]], [[200.0, 200.0], [200.0, 200.0]]]],
        },
    )


def _expect_rectangle(student: Student, slug: str) -> None:
    got = student.call(slug, X_RECTANGLE, W_RECTANGLE, np.zeros(3), 2, 1)
    expect_shape(got, (1, 3, 3, 4), hint=SWAPPED)
    hint = "On ones, each value is the number of pixels, of both channels, that the window covers: zeros add nothing."
    expect_close(got, np.stack([Y_RECTANGLE] * 3)[None], hint=hint)


# pooling


POOL_SLIDE = np.array([[1, 3, 5, 3], [4, 2, 3, 1], [3, 1, 1, 3], [0, 1, 0, 4]])[None, None]

#: A tick of the check's clock, in seconds; a power of two, so that no sum is rounded.
TICK_S = 1 / 128

#: What each exercise is worth, in the order of the lab.
POINTS = {
    "correlate2d": 2,
    "conv_output_size": 1,
    "conv_params": 1,
    "conv_macs": 1,
    "conv_forward": 4,
    "im2col": 3,
    "conv_forward_im2col": 2,
    "col2im": 3,
    "conv_backward": 4,
    "max_pool_forward": 2,
    "max_pool_backward": 3,
    "avg_pool_forward": 1,
    "make_cnn": 3,
    "train_cnn": 4,
    "transfer": 3,
}
#: The input with which questions about one's own code are asked, by exercise.
ASKED = {
    "correlate2d": """
x, k = np.arange(40).reshape(5, 8), np.array([[1, 0, 2], [2, 1, 3]])
correlate2d(x, k)
""",
    "conv_forward": """
X = np.arange(108.0).reshape(1, 2, 6, 9) % 7
W = np.arange(60.0).reshape(5, 2, 3, 2) % 4
conv_forward(X, W, np.arange(1.0, 6.0), 2, 0)
""",
    "im2col": """
n = 2
X = np.arange(198 * n).reshape(n, 3, 6, 11)
im2col(X, 4, 2, 2, 0)
""",
    "conv_backward": """
X = np.arange(80.0).reshape(1, 2, 5, 8) % 7
W = np.arange(120.0).reshape(3, 2, 4, 5) % 4
dY = np.arange(72.0).reshape(1, 3, 4, 6) % 5
conv_backward(dY, X, W, 1, 1)
""",
    "max_pool_backward": """
first = np.array([[1, 9, 2, 3], [4, 5, 6, 7], [0, 8, 0, 1]])
X = np.array([[first, 9 - first]])
dY = np.arange(1.0, 13).reshape(1, 2, 2, 3)
max_pool_backward(dY, X, 2, 1)
""",
}


# labs/04_cnn/correlate2d.py

# The slide's 6 × 6 image with its lost sixth column, and its first filter.
SLIDE_IMAGE = np.array(
    [
        [1, 0, 0, 0, 0, 1],
        [0, 1, 0, 0, 1, 0],
        [0, 0, 1, 1, 0, 0],
        [1, 0, 0, 0, 1, 0],
        [0, 1, 0, 0, 1, 0],
        [0, 0, 1, 0, 1, 0],
    ]
)
SLIDE_FILTER = np.array([[1, -1, -1], [-1, 1, -1], [-1, -1, 1]])
SLIDE_RESULT = [[3, -1, -3, -1], [-3, 1, 0, -3], [-3, -3, 0, 1], [3, -2, -2, -1]]


@checks("correlate2d")
def filter_is_not_flipped(student: Student, rng: Rng) -> None:
    """The filter 0 1 / 2 3 on the numbers 0 to 8 gives 19 25 / 37 43."""
    expect_close(
        student.call("correlate2d", X_NINE, K_FOUR),
        Y_NINE,
        hint="y[i, j] is the sum of x[i : i + 2, j : j + 2] * k.",
        mistakes={
            FLIPPED_HINT: FLIPPED,
            TRANSPOSED_HINT: TRANSPOSED,
            "The mean was taken: add the products up.": Y_NINE / 4,
            "The last row and the last column are not filled in: the last window begins at h - kh, so the loop is one "
            "over range(h - kh + 1).": np.multiply(Y_NINE, [[1, 0], [0, 0]]),
        },
    )


@checks("correlate2d")
def slides_come_out(student: Student, rng: Rng) -> None:
    """Both examples of the slides have the values that the slides give."""
    image = np.array([[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]])
    hint = "Multiply window and filter entry by entry, add up, and go on by one pixel."
    got = student.call("correlate2d", image, np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]]))
    expect_close(got, [[4, 3, 4], [2, 4, 3], [2, 3, 4]], hint=hint, what="The 5 × 5 image's result")
    got = student.call("correlate2d", SLIDE_IMAGE, SLIDE_FILTER)
    expect_close(got, SLIDE_RESULT, hint=hint, what="The 6 × 6 image's result")


@checks("correlate2d")
def rectangles_are_welcome(student: Student, rng: Rng) -> None:
    """A 2 × 3 filter fits into a 4 × 6 image in 3 × 4 places."""
    filter_ = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    got = student.call("correlate2d", np.full((4, 6), 100.0), filter_)
    hint = "Rows go with kh and columns with kw: (h - kh + 1, w - kw + 1)."
    expect_shape(got, (3, 4), hint=hint)
    expect_close(
        got, np.full((3, 4), 2100.0), hint="On an image of hundreds, each value is 100 times the filter's sum."
    )


@checks("correlate2d")
def fractions_are_kept(student: Student, rng: Rng) -> None:
    """An image of whole numbers and a filter of quarters give fractions."""
    expect_close(
        student.call("correlate2d", np.array([[1, 2, 4]]), np.array([[0.25, 0.25]])),
        [[0.75, 1.5]],
        hint="An array made with the image's dtype cannot hold fractions: make one of floats.",
    )
    got = student.call("correlate2d", np.array([[200.0, 100.0]]), np.array([[2.0, 3.0]]))
    expect_close(got, [[700]], hint="Two bright pixels, 200 and 100, times 2 and 3 make 700.")


@checks("correlate2d")
def filter_larger_than_the_image(student: Student, rng: Rng) -> None:
    """A filter that is one row or one column too large is refused with ValueError."""
    for shape in ((4, 2), (2, 4)):
        what = f"A filter of {shape} does not fit into an image of (3, 3)"
        _expect_refusal(student, "correlate2d", np.ones((3, 3)), np.ones(shape), what=what)


@checks("correlate2d")
def image_and_filter_stay(student: Student, rng: Rng) -> None:
    """x and k are what they were before the call, and the result is an array of its own."""
    got = student.call("correlate2d", rng.normal(size=(3, 4)), np.ones((1, 1)))
    expect_shape(got, (3, 4), hint=RIGHT_FIRST)
    expect_inputs_unchanged(student)
    expect_own_memory(student)


correlate2d_in_other_forms = forms("correlate2d", "integers", "float32", "fortran", "strided", "read-only", "again")


# labs/04_cnn/conv_output_size.py

ROUNDED_UP = "Rounded up: a window that would stick out over the edge is left out. Use //, which rounds down."
NO_PLUS_ONE = "The + 1 is missing, or is divided too: the place where the window starts counts as one more."
ONE_SIDE = "Padding is added on each side: n + 2 * pad."


def _expect_size(
    student: Student, setting: tuple[int, ...], right: int, mistakes: dict[str, int] | None = None
) -> None:
    n, k, stride, pad = setting
    try:
        got = student.call("conv_output_size", *setting)
    except StudentError as error:
        hint = f"Raise ValueError only where k is larger than n + 2 * pad, which is {n + 2 * pad} here."
        fits = f"A window of {k} fits into {n} pixels with {pad} zeros on each side, and ValueError is raised."
        expect(error.kind != "ValueError", fits, got=error.got, hint=hint)
        raise
    hint = "Draw the pixels as a row of boxes, and move the window until it would stick out."
    what = f"The count for n = {n}, k = {k}, stride {stride}, pad {pad}"
    expect_close(got, right, hint=hint, what=what, mistakes=mistakes or {})
    kind = f"{float(np.asarray(got))}, of type {type(got).__name__}"
    expect(
        isinstance(got, int), f"{what} is not an int.", expected=f"{right}, an int", got=kind, hint="Divide with //."
    )


@checks("conv_output_size")
def windows_are_counted(student: Student, rng: Rng) -> None:
    """A window of 5 fits into 32 pixels in 28 places, and one of 3 into 3 pixels in one."""
    _expect_size(student, (32, 5, 1, 0), 28, {NO_PLUS_ONE: 27})
    _expect_size(student, (3, 3, 1, 0), 1, {NO_PLUS_ONE: 0})


@checks("conv_output_size")
def rest_is_dropped(student: Student, rng: Rng) -> None:
    """With stride 2, a window of 3 fits into 8 pixels in 3 places, and into 7 just as well."""
    _expect_size(student, (8, 3, 2, 0), 3, {ROUNDED_UP: 4, NO_PLUS_ONE: 2, "The stride is not used.": 6})
    _expect_size(student, (7, 3, 2, 0), 3, {NO_PLUS_ONE: 2})


@checks("conv_output_size")
def padding_counts_twice(student: Student, rng: Rng) -> None:
    """With two zeros on each side, a window of 3 fits into 7 pixels in 9 places."""
    _expect_size(student, (7, 3, 1, 2), 9, {ONE_SIDE: 7, NO_PLUS_ONE: 8, "The padding is not used.": 5})
    _expect_size(student, (2, 6, 3, 3), 1, {NO_PLUS_ONE: 0, ROUNDED_UP: 2})


@checks("conv_output_size")
def window_that_does_not_fit(student: Student, rng: Rng) -> None:
    """A window of 5 on 4 pixels is refused with ValueError, whatever the stride."""
    for n, k, stride, pad in ((4, 5, 1, 0), (4, 5, 2, 0), (2, 5, 3, 1)):
        what = f"A window of {k} does not fit into {n} pixels with pad {pad}"
        _expect_refusal(student, "conv_output_size", n, k, stride, pad, what=what)


# labs/04_cnn/conv_params.py


@checks("conv_params")
def parameters_of_the_slide(student: Student, rng: Rng) -> None:
    """Six 5 × 5 filters on three channels have 456 parameters."""
    mistakes = {
        "The biases are missing: one for each filter.": 450,
        "A filter looks at all input channels: c_in · k · k weights.": 156,
        "There is one bias for each filter, not one for all.": 451,
        "There is one bias for each filter, not one for each channel of each filter.": 468,
        "A filter has k · k weights per channel.": 96,
        "The biases go with the filters: there are c_out of them, not c_in.": 453,
    }
    _expect_count(student, "conv_params", (3, 6, 5), 456, mistakes)


@checks("conv_params")
def channels_in_and_out_differ(student: Student, rng: Rng) -> None:
    """From 64 channels to 3 with 1 × 1 filters are 195 parameters, from 3 to 64 they are 256."""
    _expect_count(student, "conv_params", (64, 3, 1), 195, {"c_in and c_out are exchanged: biases go with c_out.": 256})
    _expect_count(student, "conv_params", (3, 64, 1), 256, {"c_in and c_out are exchanged: biases go with c_out.": 195})


@checks("conv_params")
def parameters_of_a_wide_layer(student: Student, rng: Rng) -> None:
    """From 512 channels to 512 with 3 × 3 filters are 2,359,808 parameters, which 16 bits do not hold."""
    mistakes: dict[str, float] = {"The biases are missing: one for each filter.": 2_359_296}
    _expect_count(student, "conv_params", (512, 512, 3), 2_359_808, mistakes)


# labs/04_cnn/conv_macs.py


@checks("conv_macs")
def multiply_adds_of_the_slide(student: Student, rng: Rng) -> None:
    """Six 5 × 5 filters on three channels, 28 × 28 places: 352,800 multiply-adds."""
    mistakes = {
        "Those are FLOPs: a multiply-add is one MAC, though two FLOPs.": 705_600,
        "The biases are no multiply-adds: leave them out.": 357_504,
        "A filter looks at all input channels: c_in · k · k products.": 117_600,
        "Those are one filter's: there are c_out of them.": 58_800,
        "Those are the weights: each is used at every place of the result.": 450,
    }
    _expect_count(student, "conv_macs", (3, 6, 5, 28, 28), 352_800, mistakes)


@checks("conv_macs")
def places_make_a_rectangle(student: Student, rng: Rng) -> None:
    """Three 3 × 3 filters on two channels at 4 × 5 places: 1,080 multiply-adds."""
    mistakes = {
        "Those are FLOPs: a multiply-add is one MAC, though two FLOPs.": 2160,
        "The result has h_out · w_out places; it need not be square.": 864,
    }
    _expect_count(student, "conv_macs", (2, 3, 3, 4, 5), 1080, mistakes)


@checks("conv_macs")
def multiply_adds_of_a_wide_layer(student: Student, rng: Rng) -> None:
    """From 512 channels to 512 with 3 × 3 filters at 56 × 56 places: 7,398,752,256, more than 32 bits hold."""
    mistakes: dict[str, float] = {
        "That went round at 2³¹: 32 bits hold no more. Python's own whole numbers have no limit.": (
            (7_398_752_256 + 2**31) % 2**32 - 2**31
        )
    }
    _expect_count(student, "conv_macs", (512, 512, 3, 56, 56), 7_398_752_256, mistakes)


# labs/04_cnn/conv_forward.py


@checks("conv_forward")
def one_channel_one_filter(student: Student, rng: Rng) -> None:
    """The filter 0 1 / 2 3 on the numbers 0 to 8 gives 19 25 / 37 43."""
    _expect_single_channel(student, "conv_forward")


@checks("conv_forward")
def channels_and_filters(student: Student, rng: Rng) -> None:
    """Two channels and two filters with the biases 100 and 200 give what is worked out by hand."""
    _expect_channels_and_filters(student, "conv_forward")


@checks("conv_forward")
def stride_moves_the_window(student: Student, rng: Rng) -> None:
    """With stride 2, a filter that copies the top left pixel picks every other pixel of every other row."""
    expect_close(
        student.call(
            "conv_forward", np.arange(25.0).reshape(1, 1, 5, 5), np.array([[[[1.0, 0], [0, 0]]]]), np.zeros(1), 2, 0
        ),
        [[[[0, 2], [10, 12]]]],
        hint="The window of place [i, j] begins at row i * stride and column j * stride.",
        mistakes={"The stride is missing where the window is cut out: it begins at i * stride.": [[[[0, 1], [5, 6]]]]},
    )


@checks("conv_forward")
def padding_is_zeros_all_around(student: Student, rng: Rng) -> None:
    """With pad 1 and the bias 1/2, the filter of 1 to 9 on the image 1 2 / 3 4 gives 77.5 67.5 / 47.5 37.5."""
    filter_ = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
    expect_close(
        student.call("conv_forward", np.array([[[[1.0, 2.0], [3.0, 4.0]]]]), filter_, np.array([0.5]), 1, 1),
        [[[[77.5, 67.5], [47.5, 37.5]]]],
        hint="Zeros above, below, left and right; only the last two axes are padded.",
        mistakes={
            FLIPPED_HINT: [[[[23.5, 33.5], [53.5, 63.5]]]],
            "All of the zeros are above and on the left: pad of them go on each side, (pad, pad).": (
                [[[[9.5, 26.5], [33.5, 77.5]]]]
            ),
            "All of the zeros are below and on the right: pad of them go on each side, (pad, pad).": (
                [[[[37.5, 18.5], [11.5, 4.5]]]]
            ),
        },
    )


@checks("conv_forward")
def height_is_not_width(student: Student, rng: Rng) -> None:
    """A 5 × 7 image, a 2 × 3 filter, stride 2, pad 1: 3 × 4 places, each counting the pixels that it covers."""
    _expect_rectangle(student, "conv_forward")


@checks("conv_forward")
def images_do_not_mix(student: Student, rng: Rng) -> None:
    """In a batch of three images each gets the result that it gets alone."""
    X, W, b = rng.normal(size=(3, 2, 4, 3)), rng.normal(size=(2, 2, 2, 2)), rng.normal(size=2)
    got = student.call("conv_forward", X, W, b, 1, 0)
    expect_shape(got, (3, 2, 3, 2), hint="One result for each image and filter: (n, c_out, h_out, w_out).")
    for i in range(3):
        alone = student.call("conv_forward", X[i : i + 1], W, b, 1, 0)
        expect_close(np.asarray(got)[i : i + 1], alone, hint="Image i has its own windows: X[i].", rtol=1e-5, atol=1e-6)


@checks("conv_forward")
def no_window_in_the_batch(student: Student, rng: Rng) -> None:
    """Filters that are one row or one column too large are refused with ValueError."""
    for shape in ((1, 1, 4, 2), (1, 1, 2, 4)):
        what = f"A filter of {shape[2:]} does not fit into images of (3, 3)"
        _expect_refusal(student, "conv_forward", np.ones((1, 1, 3, 3)), np.ones(shape), np.zeros(1), 1, 0, what=what)


@checks("conv_forward")
def layer_leaves_its_inputs_alone(student: Student, rng: Rng) -> None:
    """X, W and b are what they were before the call."""
    got = student.call("conv_forward", X_TWO, W_TWO, B_TWO, 1, 1)
    expect_shape(got, (1, 2, 4, 4), hint=RIGHT_FIRST)
    expect_inputs_unchanged(student)


conv_forward_in_other_forms = forms("conv_forward", "integers", "float32", "fortran", "strided", "read-only", "again")


# labs/04_cnn/im2col.py


@checks("im2col")
def windows_become_rows(student: Student, rng: Rng) -> None:
    """The six 2 × 2 windows of a 3 × 4 image with the numbers 1 to 12 become six rows."""
    rows = np.array([[1, 2, 5, 6], [2, 3, 6, 7], [3, 4, 7, 8], [5, 6, 9, 10], [6, 7, 10, 11], [7, 8, 11, 12]])
    expect_close(
        student.call("im2col", np.arange(1.0, 13.0).reshape(1, 1, 3, 4), 2, 2, 1, 0),
        rows,
        hint="One row for each place of the window, place by place along a line, then the next line.",
        mistakes={
            "Windows became columns: each window is one row.": rows.T,
            "Within a row, go through the window line by line: [1, 2, 5, 6].": rows[:, [0, 2, 1, 3]],
            "Go along a line first: the second row is the window one pixel to the right.": rows[[0, 3, 1, 4, 2, 5]],
            "The right shape, but not by moving axes: a reshape alone mixes windows.": rows.T.reshape(6, 4),
        },
    )


@checks("im2col")
def channels_come_first_in_a_row(student: Student, rng: Rng) -> None:
    """Within a row all of channel 0 comes before all of channel 1."""
    expect_close(
        student.call("im2col", np.array([[[[1.0, 2, 3, 4]], [[10, 20, 30, 40]]]]), 1, 2, 1, 0),
        [[1, 2, 10, 20], [2, 3, 20, 30], [3, 4, 30, 40]],
        hint="The order within a row is channel, y, x, as W.reshape(c_out, -1) has it.",
        mistakes={
            "The channels are interleaved: move their axis in front of the window's axes before the reshape.": [
                [1, 10, 2, 20],
                [2, 20, 3, 30],
                [3, 30, 4, 40],
            ],
            "Windows became columns: each window is one row.": [[1, 2, 3], [2, 3, 4], [10, 20, 30], [20, 30, 40]],
            "Each channel has rows of its own: the channels of a window share one row.": [
                [1, 2],
                [2, 3],
                [3, 4],
                [10, 20],
                [20, 30],
                [30, 40],
            ],
        },
    )


@checks("im2col")
def images_come_first_among_rows(student: Student, rng: Rng) -> None:
    """All windows of image 0 come before those of image 1."""
    expect_close(
        student.call("im2col", np.array([[[[1.0, 2, 3]]], [[[4, 5, 6]]]]), 1, 1, 1, 0),
        [[1], [2], [3], [4], [5], [6]],
        hint="The order of the rows is image, y, x.",
        mistakes={"The images are interleaved: all rows of one image come first.": [[1], [4], [2], [5], [3], [6]]},
    )


@checks("im2col")
def windows_jump_and_meet_zeros(student: Student, rng: Rng) -> None:
    """With stride 2 and pad 1, each 2 × 2 window of a 2 × 2 image holds three zeros and one pixel."""
    expect_close(
        student.call("im2col", np.array([[[[1.0, 2], [3, 4]]]]), 2, 2, 2, 1),
        [[0, 0, 0, 1], [0, 0, 2, 0], [0, 3, 0, 0], [4, 0, 0, 0]],
        hint="Pad with zeros all around first; then the window of place [i, j] begins at [i * stride, j * stride].",
        mistakes={
            "The stride is missing: the window of place [i, j] begins at [i * stride, j * stride].": [
                [0, 0, 0, 1],
                [0, 0, 1, 2],
                [0, 1, 0, 3],
                [1, 2, 3, 4],
            ],
        },
    )


@checks("im2col")
def matrix_has_the_right_size(student: Student, rng: Rng) -> None:
    """Two 5 × 8 images of three channels, 2 × 3 windows, stride 2, pad 1: a (24, 18) matrix."""
    got = student.call("im2col", rng.normal(size=(2, 3, 5, 8)), 2, 3, 2, 1)
    expect_shape(got, (24, 18), hint=f"2 images · 3 · 4 places, 3 channels · 2 · 3 pixels. {SWAPPED}")


@checks("im2col")
def no_window_to_unroll(student: Student, rng: Rng) -> None:
    """Windows that are one row or one column too large are refused with ValueError."""
    for kh, kw in ((4, 2), (2, 4)):
        what = f"A window of {(kh, kw)} does not fit into images of (3, 3)"
        _expect_refusal(student, "im2col", np.ones((1, 1, 3, 3)), kh, kw, 1, 0, what=what)


@checks("im2col")
def unrolling_is_a_copy(student: Student, rng: Rng) -> None:
    """X is what it was before the call, and the matrix has memory of its own."""
    got = student.call("im2col", rng.normal(size=(1, 1, 2, 3)), 1, 1, 1, 0)
    expect_shape(got, (6, 1), hint=RIGHT_FIRST)
    expect_inputs_unchanged(student)
    expect_own_memory(student)


im2col_in_other_forms = forms("im2col", "integers", "float32", "fortran", "strided", "read-only", "again")


# labs/04_cnn/conv_forward_im2col.py


@checks("conv_forward_im2col")
def product_of_one_channel(student: Student, rng: Rng) -> None:
    """The filter 0 1 / 2 3 on the numbers 0 to 8 gives 19 25 / 37 43."""
    _expect_single_channel(student, "conv_forward_im2col")


@checks("conv_forward_im2col")
def product_in_the_right_order(student: Student, rng: Rng) -> None:
    """Two channels and two filters with the biases 100 and 200 give what is worked out by hand."""
    _expect_channels_and_filters(student, "conv_forward_im2col")


@checks("conv_forward_im2col")
def product_of_a_rectangle(student: Student, rng: Rng) -> None:
    """A 5 × 7 image, a 2 × 3 filter, stride 2, pad 1: 3 × 4 places, each counting the pixels that it covers."""
    _expect_rectangle(student, "conv_forward_im2col")


@checks("conv_forward_im2col")
def product_of_two_images(student: Student, rng: Rng) -> None:
    """Two images of 1 × 3 pixels and the 1 × 1 filters 1/2 and 10 keep images, filters and places apart."""
    X, W = np.arange(1.0, 7.0).reshape(2, 1, 1, 3), np.array([0.5, 10.0]).reshape(2, 1, 1, 1)
    got = student.call("conv_forward_im2col", X, W, np.array([1000.0, 2000.0]), 1, 0)
    hint = (
        "The product has one row per image and place: reshape to (n, h_out, w_out, c_out), then transpose(0, 3, 1, 2)."
    )
    rows = np.array([[1000.5, 2010], [1001, 2020], [1001.5, 2030], [1002, 2040], [1002.5, 2050], [1003, 2060]])
    expect_close(
        got,
        np.array([[[[1000.5, 1001, 1001.5]], [[2010, 2020, 2030]]], [[[1002, 1002.5, 1003]], [[2040, 2050, 2060]]]]),
        hint=hint,
        mistakes={
            "Images and places are mixed up: im2col's rows go through one image after the other, so n comes first in "
            "the reshape. (n comes last in other courses' im2col, whose code does not fit this one.)": (
                rows.T.reshape(2, 1, 3, 2).transpose(3, 0, 1, 2)
            ),
            "Images and filters are mixed up: of W_flat @ cols.T the first axis is the filters', so reshape to "
            "(c_out, n, h_out, w_out) and swap the first two axes.": rows.T.reshape(2, 2, 1, 3),
            "A reshape does not move an axis: reshape to (n, h_out, w_out, c_out), then transpose(0, 3, 1, 2).": (
                rows.reshape(2, 2, 1, 3)
            ),
        },
    )


@checks("conv_forward_im2col")
def no_loop_over_images_or_places(student: Student, rng: Rng) -> None:
    """Nine images, or 121 places, take Python as many steps as one image with nine, and conv_forward is not called."""
    got = student.call("conv_forward_im2col", X_TWO, W_TWO, B_TWO, 1, 0)
    expect_shape(got, (1, 2, 2, 2), hint="First return a result of the right form; then this check counts steps.")
    batches = [rng.normal(size=shape) for shape in ((1, 2, 4, 4), (1, 2, 4, 4), (9, 2, 4, 4), (1, 2, 12, 12))]
    right, steps = student.call("conv_forward_im2col", batches[2], W_TWO, B_TWO, 1, 0), []
    readable = "Write it with im2col and NumPy's own functions: this check reads the text, and counts Python's steps."
    with by_itself(student, "conv_forward_im2col", hint=readable) as text:
        for X in batches:
            result = student.call("conv_forward_im2col", X, W_TWO, B_TWO, 1, 0)
            if X is batches[2]:
                expect_close(result, right, hint=readable, what="What its text gives by itself", rtol=1e-6, atol=1e-9)
            steps.append(student.report.steps)
    expect(min(steps) > 0, "The counting of Python's steps was switched off.", hint=readable)
    # What a first call imports is not counted.
    _, one, images, places = steps
    hint = "im2col has cut out the windows already: one matrix product for all rows does the rest."
    for what, extra, many in (("images", 8, images), ("places", 112, places)):
        expect(
            many - one < extra,
            f"Python takes more steps for more {what}: there is a loop over them.",
            expected=f"as many steps for many {what} as for few",
            got=f"{many - one} steps more for {extra} {what} more",
            hint=hint,
        )
    names = names_in(text) - {"conv_forward_im2col"}
    expect("conv_forward" not in names, "It calls conv_forward.", got="conv_forward", hint=hint)


@checks("conv_forward_im2col")
def product_leaves_its_inputs_alone(student: Student, rng: Rng) -> None:
    """X, W and b are what they were before the call."""
    got = student.call("conv_forward_im2col", X_TWO, W_TWO, B_TWO, 1, 1)
    expect_shape(got, (1, 2, 4, 4), hint=RIGHT_FIRST)
    expect_inputs_unchanged(student)


conv_forward_im2col_in_other_forms = forms(
    "conv_forward_im2col", "integers", "float32", "fortran", "strided", "read-only", "again"
)


# labs/04_cnn/col2im.py

OVERWRITTEN = (
    "Where windows overlap, their values do not add up. A slice adds with +=; with arrays of indices, += writes each "
    "place only once: np.add.at adds all."
)


@checks("col2im")
def windows_add_up(student: Student, rng: Rng) -> None:
    """Four windows of ones over a 3 × 3 image: its middle lies in all four, a corner in one."""
    got = student.call("col2im", np.ones((4, 4)), (1, 1, 3, 3), 2, 2, 1, 0)
    _expect_not_cut_away(got)
    expect_close(
        got,
        [[[[1, 2, 1], [2, 4, 2], [1, 2, 1]]]],
        hint="Add each row of the matrix into the pixels that its window covers.",
        mistakes={
            OVERWRITTEN: np.ones((1, 1, 3, 3)),
            "That is a quarter of it: nothing is averaged here, add the values up.": [
                [[[0.25, 0.5, 0.25], [0.5, 1, 0.5], [0.25, 0.5, 0.25]]]
            ],
        },
    )


@checks("col2im")
def each_value_finds_its_pixel(student: Student, rng: Rng) -> None:
    """The numbers 0 to 23 go to the pixels of a 3 × 4 image that are worked out by hand."""
    right = np.array([[0.0, 5, 13, 9], [14, 38, 54, 32], [14, 33, 41, 23]])
    expect_close(
        student.call("col2im", np.arange(24.0).reshape(6, 4), (1, 1, 3, 4), 2, 2, 1, 0),
        right[None, None],
        hint="Row r is the window of place r, line by line; its entries are the window's pixels, line by line.",
        mistakes={
            OVERWRITTEN: [[[[0, 4, 8, 9], [12, 16, 20, 21], [14, 18, 22, 23]]]],
            "Where windows overlap, one overwrites the others: add with +=.": [
                [[[0, 1, 5, 9], [2, 3, 7, 11], [14, 15, 19, 23]]]
            ],
            "Overlaps are averaged: add them up.": (right / [[1, 2, 2, 1], [2, 4, 4, 2], [1, 2, 2, 1]])[None, None],
        },
    )


@checks("col2im")
def channels_and_images_are_told_apart(student: Student, rng: Rng) -> None:
    """Two images of two channels get back what the order image, y, x and channel, y, x says."""
    expect_close(
        student.call("col2im", np.arange(8.0).reshape(2, 4), (2, 2, 1, 2), 1, 2, 1, 0),
        [[[[0, 1]], [[2, 3]]], [[[4, 5]], [[6, 7]]]],
        hint="Split the axes in the order of im2col, (n, h_out, w_out, c, kh, kw), and move them afterwards.",
        mistakes={
            "Channels and images are exchanged.": [[[[0, 1]], [[4, 5]]], [[[2, 3]], [[6, 7]]]],
            "The channels are read as interleaved: a row has all of channel 0 first.": [
                [[[0, 2]], [[1, 3]]],
                [[[4, 6]], [[5, 7]]],
            ],
        },
    )
    expect_close(
        student.call("col2im", np.arange(8.0).reshape(4, 2), (2, 2, 1, 2), 1, 1, 1, 0),
        [[[[0, 2]], [[1, 3]]], [[[4, 6]], [[5, 7]]]],
        hint="A row of the matrix is a place: the rows of image 0 come first, and each has an entry for each channel.",
        mistakes={
            "Images and places are exchanged: all rows of image 0 come before those of image 1.": [
                [[[0, 4]], [[1, 5]]],
                [[[2, 6]], [[3, 7]]],
            ],
            "Channels and places are exchanged: split the axes as (n, h_out, w_out, c, kh, kw), and then move c.": [
                [[[0, 1]], [[2, 3]]],
                [[[4, 5]], [[6, 7]]],
            ],
        },
    )


@checks("col2im")
def padding_is_dropped(student: Student, rng: Rng) -> None:
    """With stride 2 and pad 1, one entry of each window reaches the 2 × 2 image: 3, 6, 9 and 12."""
    expect_close(
        student.call("col2im", np.arange(16.0).reshape(4, 4), (1, 1, 2, 2), 2, 2, 2, 1),
        [[[[3, 6], [9, 12]]]],
        hint="Add into an array with the padding, (h + 2·pad, w + 2·pad), and cut the padding off at the end.",
        mistakes={
            "The stride is missing: the window of place [i, j] begins at [i * stride, j * stride].": [
                [[[30, 20], [25, 15]]]
            ],
            "The image begins at [pad, pad] of the padded one: cut the padding off on all four sides.": [
                [[[0, 1], [2, 3]]]
            ],
        },
    )


@checks("col2im")
def pixels_without_a_window_get_nothing(student: Student, rng: Rng) -> None:
    """With stride 2, the fifth column of a 2 × 5 image lies in no window and stays zero."""
    got = student.call("col2im", np.ones((2, 4)), (1, 1, 2, 5), 2, 2, 2, 0)
    expect_shape(got, (1, 1, 2, 5), hint="The result has the shape x_shape.")
    expect_close(got, [[[[1, 1, 1, 1, 0]] * 2]], hint="The windows begin at columns 0 and 2.")


@checks("col2im")
def rolling_up_leaves_the_matrix_alone(student: Student, rng: Rng) -> None:
    """The matrix is what it was before the call, and the images have memory of their own."""
    got = student.call("col2im", rng.normal(size=(6, 1)), (1, 1, 2, 3), 1, 1, 1, 0)
    expect_shape(got, (1, 1, 2, 3), hint=RIGHT_FIRST)
    expect_inputs_unchanged(student)
    expect_own_memory(student)


col2im_in_other_forms = forms("col2im", "integers", "float32", "fortran", "strided", "read-only", "again")


# labs/04_cnn/conv_backward.py

#: Powers of ten, so that the digits of a sum tell what went into it.
DY_TENS = np.array([[[[1.0, 10.0], [100.0, 1000.0]]]])
W_TENS = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
GRADIENTS = "Return the three together: return dX, dW, db."
CHANNELS_NOT_MOVED = (
    "Channels and places are mixed up: dY.reshape(-1, c_out) does not move the channel axis. Move it to the end "
    "first: dY.transpose(0, 2, 3, 1)."
)
IMAGES_LAST = (
    "Images and places are mixed up: dY.transpose(1, 2, 3, 0) puts the images last, but the rows of cols go "
    "through one image after the other. Use dY.transpose(0, 2, 3, 1)."
)


def _gradients(student: Student, *inputs: Any) -> tuple[Any, ...]:
    return expect_parts(student.call("conv_backward", *inputs), ("dX", "dW", "db"), hint=GRADIENTS)


@checks("conv_backward")
def gradient_of_the_filter(student: Student, rng: Rng) -> None:
    """With dY = 1 10 / 100 1000, dW of the numbers 0 to 8 is 4310 5421 / 7643 8754."""
    _, dW, _ = _gradients(student, DY_TENS, X_NINE[None, None], W_TENS, 1, 0)
    expect_close(
        dW,
        [[[[4310, 5421], [7643, 8754]]]],
        hint="dW[u, v] is the sum over all places of dY[i, j] times the pixel that W[u, v] met there, x[i + u, j + v].",
        what="dW",
        mistakes={
            "dW is flipped: W[u, v] met the pixel x[i + u, j + v].": [[[[8754, 7643], [5421, 4310]]]],
            "Each place overwrites the one before: add over all places with +=.": [[[[4000, 5000], [7000, 8000]]]],
            "dW is transposed.": [[[[4310, 7643], [5421, 8754]]]],
            "dW is averaged over the places: add them up.": [[[[1077.5, 1355.25], [1910.75, 2188.5]]]],
        },
    )


@checks("conv_backward")
def gradient_of_the_image(student: Student, rng: Rng) -> None:
    """With dY = 1 10 / 100 1000 and the filter 1 2 / 3 4, the middle pixel gets 1234."""
    dX, _, _ = _gradients(student, DY_TENS, X_NINE[None, None], W_TENS, 1, 0)
    _expect_not_cut_away(dX, what="dX")
    expect_close(
        dX,
        [[[[1, 12, 20], [103, 1234, 2040], [300, 3400, 4000]]]],
        hint="Each place sends dY[i, j] · W back to the pixels of its window; what arrives at a pixel adds up.",
        what="dX",
        mistakes={
            "The filter is flipped on the way back: the window gets dY[i, j] · W as it is.": [
                [[[4, 43, 30], [402, 4321, 3010], [200, 2100, 1000]]]
            ],
            "Where windows overlap, the last one overwrites the others: add with +=.": [
                [[[1, 10, 20], [100, 1000, 2000], [300, 3000, 4000]]]
            ],
            "Where windows overlap, one overwrites the others: add with +=.": [
                [[[1, 2, 20], [3, 4, 40], [300, 400, 4000]]]
            ],
        },
    )


@checks("conv_backward")
def gradient_of_the_bias(student: Student, rng: Rng) -> None:
    """A bias is used at every place of every image: with dY 1 in one image, 2 in the other, 3 × 4 places, db is 36."""
    X, dY = rng.normal(size=(2, 2, 5, 7)), np.ones((2, 3, 3, 4))
    dY[1] = 2
    _, _, db = _gradients(student, dY, X, rng.normal(size=(3, 2, 2, 3)), 2, 1)
    hint = "Add dY over images, rows and columns; one number for each filter is left."
    expect_shape(db, (3,), hint=hint, what="db")
    mistakes = {
        "Only the places of the first image are added up: add over the images, too.": [12.0] * 3,
        "Only the places of the last image are added up: add over the images, too.": [24.0] * 3,
        "That is half of it: is it divided by the number of images? The mean over the batch is in dY already.": (
            [18.0] * 3
        ),
        "Only the images are added up: add over rows and columns, too.": [3.0] * 3,
        "db is a mean: add up.": [1.5] * 3,
    }
    expect_close(db, [36.0] * 3, hint=hint, what="db", mistakes=mistakes)


@checks("conv_backward")
def image_and_filter_share_the_account(student: Student, rng: Rng) -> None:
    """Where nothing is square, Σ dX·X and Σ dW·W both are Σ dY·(Y − b), as they must be in a linear function."""
    # Drawn once for all, so that each of the two sums is held against the account and not against the other.
    fixed = np.random.default_rng(5)
    X, W, dY = fixed.normal(size=(2, 2, 5, 7)), fixed.normal(size=(3, 2, 2, 3)), fixed.normal(size=(2, 3, 3, 4))
    dX, dW, _ = _gradients(student, dY, X, W, 2, 1)
    expect_shape(dX, X.shape, hint="dX has the shape of X, without the padding.", what="dX")
    expect_shape(dW, W.shape, hint="dW has the shape of W.", what="dW")
    account = 17.9376611863
    mistakes = {
        "That is half of it: is it divided by the number of images? The mean over the batch is in dY already.": (
            account / 2
        ),
        CHANNELS_NOT_MOVED: 15.3594695928,
        IMAGES_LAST: 4.5308614707,
    }
    for name, gradient, at in (("dX", dX, X), ("dW", dW, W)):
        hint = f"{name} is wrong somewhere: are strides, padding and channels in it as they are in the forward pass?"
        what = f"Σ {name}·{name[1]}"
        seen = np.sum(np.asarray(gradient) * at)
        expect_close(seen, account, hint=hint, what=what, mistakes=mistakes, rtol=1e-4, atol=1e-4)


@checks("conv_backward")
def channels_have_their_own_gradients(student: Student, rng: Rng) -> None:
    """With 1 × 1 filters, dX and dW are those of a matrix product over the channels."""
    X, W = np.array([[[[1.0]], [[10.0]]]]), np.array([[[[1.0]], [[2.0]]], [[[3.0]], [[4.0]]], [[[5.0]], [[6.0]]]])
    dX, dW, db = _gradients(student, np.array([[[[1.0]], [[0.0]], [[100.0]]]]), X, W, 1, 0)
    hint = "dY_flat is (places, c_out): move the channel axis of dY to the end before you reshape."
    expect_close(dX, [[[[501.0]], [[602.0]]]], hint=hint, what="dX")
    right = [[[[1.0]], [[10.0]]], [[[0.0]], [[0.0]]], [[[100.0]], [[1000.0]]]]
    expect_close(dW, right, hint=hint, what="dW")
    expect_close(db, [1.0, 0.0, 100.0], hint=hint, what="db")


@checks("conv_backward")
def images_and_places_have_their_own_gradients(student: Student, rng: Rng) -> None:
    """With two 1 × 1 filters on two images of three places, dW, db and dX are those worked out by hand."""
    X, W = np.arange(1.0, 7.0).reshape(2, 1, 1, 3), np.array([1.0, 10.0]).reshape(2, 1, 1, 1)
    dY = np.array([[[[1.0, 2, 3]], [[10, 20, 30]]], [[[100, 200, 300]], [[1000, 2000, 3000]]]])
    dX, dW, db = _gradients(student, dY, X, W, 1, 0)
    hint = "Row by row: dY_flat is (n·places, c_out), with one image after the other, as in cols."
    mistakes: dict[str, Any] = {
        CHANNELS_NOT_MOVED: [[[[13967]]], [[[23912]]]],
        IMAGES_LAST: [[[[2822]]], [[[28220]]]],
    }
    expect_close(dW, [[[[3214]]], [[[32140]]]], hint=hint, what="dW", mistakes=mistakes)
    expect_close(
        db, [606, 6060], hint="Add dY over images and places.", what="db", mistakes={CHANNELS_NOT_MOVED: [2424, 4242]}
    )
    right = np.array([101.0, 202, 303, 10100, 20200, 30300]).reshape(X.shape)
    mistakes = {
        CHANNELS_NOT_MOVED: np.array([21.0, 103, 320, 2100, 10300, 32000]).reshape(X.shape),
        IMAGES_LAST: np.array([101.0, 10100, 202, 20200, 303, 30300]).reshape(X.shape),
    }
    expect_close(dX, right, hint=hint, what="dX", mistakes=mistakes)


@checks("conv_backward")
def way_back_leaves_its_inputs_alone(student: Student, rng: Rng) -> None:
    """dY, X and W are what they were before the call, and the results are arrays of their own."""
    dX, _, _ = _gradients(student, np.ones((1, 1, 3, 3)), X_NINE[None, None], np.ones((1, 1, 1, 1)), 1, 0)
    expect_shape(dX, (1, 1, 3, 3), hint=RIGHT_FIRST, what="dX")
    expect_inputs_unchanged(student)
    expect_own_memory(student)


conv_backward_in_other_forms = forms("conv_backward", "integers", "float32", "fortran", "strided", "read-only", "again")


# labs/04_cnn/max_pool_forward.py

BOTTOM_RIGHT = "That is each window's bottom right pixel: take the largest, wherever it is."


@checks("max_pool_forward")
def largest_wherever_it_is(student: Student, rng: Rng) -> None:
    """The slide's image becomes 4 5 / 3 4: the largest of each window, in whichever corner it is."""
    expect_close(
        student.call("max_pool_forward", POOL_SLIDE, 2, 2),
        [[[[4, 5], [3, 4]]]],
        hint="Take the maximum over the window's rows and columns.",
        mistakes={
            BOTTOM_RIGHT: [[[[2, 1], [1, 4]]]],
            "That is the mean: take the largest.": [[[[2.5, 3], [1.25, 2]]]],
            "The stride is missing where the window is cut out: it begins at i * stride.": [[[[4, 5], [4, 3]]]],
            "That is each window's top left pixel: take the largest, wherever it is.": [[[[1, 5], [3, 1]]]],
        },
    )


@checks("max_pool_forward")
def negative_numbers_have_a_largest(student: Student, rng: Rng) -> None:
    """The largest of -4, -3, -2 and -1 is -1, not 0, and so it is with each of them times 10²⁰."""
    expect_close(
        student.call("max_pool_forward", np.array([[[[-1.0, -2.0], [-3.0, -4.0]]]]), 2, 2),
        [[[[-1]]]],
        hint="Neither zeros nor padding may take part: start from the window's own numbers.",
    )
    far_below = np.array([[[[-2e20, -1e20], [-3e20, -4e20]]]])
    hint = "All numbers of a window may be far below zero: start from -np.inf, or from the window's own numbers."
    expect_close(student.call("max_pool_forward", far_below, 2, 2), [[[[-1e20]]]], hint=hint)


@checks("max_pool_forward")
def windows_may_overlap(student: Student, rng: Rng) -> None:
    """Windows of 3 that move by 1 over a 4 × 5 image make 2 × 3 places."""
    image = np.array([[9.0, 0, 0, 0, 0], [0, 0, 0, 5, 0], [0, 0, 7, 0, 0], [0, 0, 0, 0, 8]])
    got = student.call("max_pool_forward", image[None, None], 3, 1)
    hint = "Rows go with the height, columns with the width; the window of [i, j] begins at [i * stride, j * stride]."
    expect_shape(got, (1, 1, 2, 3), hint=hint)
    expect_close(got, [[[[9, 7, 7], [7, 7, 8]]]], hint=hint)


@checks("max_pool_forward")
def channels_and_images_keep_apart(student: Student, rng: Rng) -> None:
    """Channels and images are pooled one by one, and a rest at the edge is dropped."""
    X = np.zeros((2, 2, 2, 3))
    X[..., 0, 0] = [[1, 2], [3, 4]]
    X[..., 1, 2] = 99
    got = student.call("max_pool_forward", X, 2, 2)
    hint = "Take the maximum over the last two axes only; columns that fill no window are left out."
    expect_shape(got, (2, 2, 1, 1), hint=hint)
    expect_close(got, [[[[1]], [[2]]], [[[3]], [[4]]]], hint=hint)


@checks("max_pool_forward")
def no_window_to_pool(student: Student, rng: Rng) -> None:
    """A window that is larger than the image, in rows or in columns, is refused with ValueError."""
    for shape in ((1, 1, 2, 5), (1, 1, 5, 2)):
        what = f"A window of 3 does not fit into images of {shape[2:]}"
        _expect_refusal(student, "max_pool_forward", np.ones(shape), 3, 3, what=what)


@checks("max_pool_forward")
def pooling_leaves_its_input_alone(student: Student, rng: Rng) -> None:
    """X is what it was before the call, and the result is an array of its own."""
    got = student.call("max_pool_forward", rng.normal(size=(1, 2, 3, 3)), 1, 1)
    expect_shape(got, (1, 2, 3, 3), hint=RIGHT_FIRST)
    expect_inputs_unchanged(student)
    expect_own_memory(student)


max_pool_forward_in_other_forms = forms(
    "max_pool_forward", "integers", "float32", "fortran", "strided", "read-only", "again"
)


# labs/04_cnn/max_pool_backward.py

DY_POOL = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])


@checks("max_pool_backward")
def winner_takes_it_all(student: Student, rng: Rng) -> None:
    """On the slide's image the gradients 1 2 / 3 4 go to the pixels that were the largest."""
    expect_close(
        student.call("max_pool_backward", DY_POOL, POOL_SLIDE, 2, 2),
        [[[[0, 0, 2, 0], [1, 0, 0, 0], [3, 0, 0, 0], [0, 0, 0, 4]]]],
        hint="Find where each window has its largest pixel, and add the window's gradient there.",
        mistakes={
            "The gradient goes to the bottom right pixel: find the largest.": [
                [[[0, 0, 0, 0], [0, 1, 0, 2], [0, 0, 0, 0], [0, 3, 0, 4]]]
            ],
            "Every pixel of the window gets it: only the largest does.": [
                [[[1, 1, 2, 2], [1, 1, 2, 2], [3, 3, 4, 4], [3, 3, 4, 4]]]
            ],
            "That is the way back of average pooling.": [
                [[[0.25, 0.25, 0.5, 0.5], [0.25, 0.25, 0.5, 0.5], [0.75, 0.75, 1, 1], [0.75, 0.75, 1, 1]]]
            ],
            "The largest numbers themselves are returned: return the gradient at their places.": [
                [[[0, 0, 5, 0], [4, 0, 0, 0], [3, 0, 0, 0], [0, 0, 0, 4]]]
            ],
        },
    )


@checks("max_pool_backward")
def first_of_equals_wins(student: Student, rng: Rng) -> None:
    """Among equal pixels the first, row by row, gets the whole gradient."""
    mistakes: dict[str, Any] = {
        "All of the equals get it: only the first does.": [[[[6, 6], [6, 6]]]],
        "It is shared among the equals: the first gets it all.": [[[[1.5, 1.5], [1.5, 1.5]]]],
        "The last of the equals gets it: the first should.": [[[[0, 0], [0, 6]]]],
    }
    hint = "np.argmax returns the first of equals."
    got = student.call("max_pool_backward", np.full((1, 1, 1, 1), 6.0), np.zeros((1, 1, 2, 2)), 2, 2)
    expect_close(got, [[[[6, 0], [0, 0]]]], hint=hint, mistakes=mistakes)
    got = student.call("max_pool_backward", np.full((1, 1, 1, 1), 6.0), np.array([[[[1.0, 2], [2, 1]]]]), 2, 2)
    hint = "First means row by row: of [[1, 2], [2, 1]] it is the 2 in the upper row."
    expect_close(got, [[[[0, 6], [0, 0]]]], hint=hint)


@checks("max_pool_backward")
def winner_of_several_windows(student: Student, rng: Rng) -> None:
    """A pixel that is the largest of four windows gets the sum of their gradients."""
    image = np.zeros((1, 1, 3, 3))
    image[0, 0, 1, 1] = 9
    right = np.zeros((1, 1, 3, 3))
    right[0, 0, 1, 1] = 10
    mistakes = {"Where windows overlap, the last one overwrites the others: add with +=.": 0.4 * right}
    hint = "Add what each window sends; the window of [i, j] begins at [i * stride, j * stride]."
    expect_close(student.call("max_pool_backward", DY_POOL, image, 2, 1), right, hint=hint, mistakes=mistakes)


@checks("max_pool_backward")
def negative_pixels_win_too(student: Student, rng: Rng) -> None:
    """In a 2 × 5 image of negative numbers, the largest gets the gradient, and the column in no window gets none."""
    image = np.array([[[[-5.0, -3, -2, -8, -1], [-4, -9, -7, -6, -1]]]])
    got = student.call("max_pool_backward", np.array([[[[1.5, 2.25]]]]), image, 2, 2)
    expect_shape(got, (1, 1, 2, 5), hint="dX has the shape of X.")
    expect_close(
        got,
        np.array([[[[0, 1.5, 2.25, 0, 0], [0, 0, 0, 0, 0]]]]),
        hint="Compare within the window only, not with zero.",
    )
    far_below = np.array([[[[-3e20, -2e20], [-1e20, -4e20]]]])
    got = student.call("max_pool_backward", np.full((1, 1, 1, 1), 6.0), far_below, 2, 2)
    hint = "All numbers of a window may be far below zero: start from -np.inf, or from the window's own numbers."
    expect_close(got, [[[[0, 0], [6, 0]]]], hint=hint)


@checks("max_pool_backward")
def close_is_not_equal(student: Student, rng: Rng) -> None:
    """A pixel that is larger by a millionth wins alone, whichever comes first."""
    mistakes: dict[str, Any] = {
        "Pixels that are nearly the largest count as the largest: compare exactly, or use argmax.": [
            [[[6, 0], [0, 0]]]
        ],
        "All pixels that are nearly the largest get it: compare exactly, or use argmax.": [[[[6, 6], [6, 6]]]],
        "It is shared among pixels that are nearly the largest: compare exactly, or use argmax.": (
            [[[[1.5, 1.5], [1.5, 1.5]]]]
        ),
    }
    image = np.array([[[[1.0, 1.0], [1.000001, 1.0]]]])
    got = student.call("max_pool_backward", np.full((1, 1, 1, 1), 6.0), image, 2, 2)
    hint = "The largest pixel gets it all, by however little it is larger."
    expect_close(got, [[[[0, 0], [6, 0]]]], hint=hint, mistakes=mistakes)


@checks("max_pool_backward")
def winners_of_each_channel(student: Student, rng: Rng) -> None:
    """Each channel of each image has its own winners."""
    X = np.zeros((2, 2, 2, 2))
    for place, window in enumerate(X.reshape(4, 4)):
        window[place] = 1
    dY = np.arange(1.0, 5.0).reshape(2, 2, 1, 1)
    hint = "Look for the largest of each window in its own image and channel: X[a, c]."
    expect_close(student.call("max_pool_backward", dY, X, 2, 2), X * dY, hint=hint)
    expect_inputs_unchanged(student)


max_pool_backward_in_other_forms = forms(
    "max_pool_backward", "integers", "float32", "fortran", "strided", "read-only", "again"
)


# labs/04_cnn/avg_pool_forward.py


@checks("avg_pool_forward")
def means_of_the_slide(student: Student, rng: Rng) -> None:
    """The slide's image of whole numbers has the means 2.5 3 / 1.25 2."""
    expect_close(
        student.call("avg_pool_forward", POOL_SLIDE, 2, 2),
        [[[[2.5, 3], [1.25, 2]]]],
        hint="Take the mean over the window's rows and columns.",
        mistakes={
            "The fractions are lost: an array of the image's dtype holds whole numbers only.": [[[[2, 3], [1, 2]]]],
            "That is the sum: divide by size · size.": [[[[10, 12], [5, 8]]]],
            "That is the sum divided by size: a window has size · size pixels.": [[[[5.0, 6.0], [2.5, 4.0]]]],
            "That is the largest: take the mean.": [[[[4, 5], [3, 4]]]],
        },
    )


@checks("avg_pool_forward")
def means_of_overlapping_windows(student: Student, rng: Rng) -> None:
    """Windows of 3 that move by 1 over a 3 × 5 image make 1 × 3 places in each channel."""
    image = np.array([[0.0, 9, 0, 0, 18], [9, 0, 0, 0, 0], [0, 0, 0, 9, 0]])
    got = student.call("avg_pool_forward", np.stack([image, -image])[None], 3, 1)
    hint = "The window of [i, j] begins at [i * stride, j * stride]; each channel is pooled by itself."
    seen = np.shape(got) if isinstance(got, np.ndarray | list) else ()
    too_many = "Only whole windows count: where one would stick out over the edge, there is no place, and no zeros."
    expect_shape(got, (1, 2, 1, 3), hint=too_many if seen == (1, 2, 3, 5) else hint)
    expect_close(got, [[[[2, 2, 3]], [[-2, -2, -3]]]], hint=hint)
    bright = np.array([[[[255.0, 255], [255, 240]]]])
    got = student.call("avg_pool_forward", bright, 2, 2)
    expect_close(got, [[[[251.25]]]], hint="The mean of four bright pixels lies among them.")


@checks("avg_pool_forward")
def no_window_to_average(student: Student, rng: Rng) -> None:
    """A window that is larger than the image, in rows or in columns, is refused with ValueError."""
    for shape in ((1, 1, 2, 5), (1, 1, 5, 2)):
        what = f"A window of 3 does not fit into images of {shape[2:]}"
        _expect_refusal(student, "avg_pool_forward", np.ones(shape), 3, 3, what=what)


avg_pool_forward_in_other_forms = forms(
    "avg_pool_forward", "integers", "bytes", "float32", "fortran", "strided", "read-only", "again"
)


# labs/04_cnn/make_cnn.py


def _answers(make_cnn: Function, in_shape: Any, n_classes: int, X: Any) -> Any:
    """Return what a network says of a batch in training mode; in evaluation mode, twice; and of each image alone."""
    import torch

    torch.manual_seed(0)
    model, images = make_cnn(tuple(in_shape), n_classes), torch.tensor(X, dtype=torch.float32)
    model.train()
    try:
        trained = model(images)
    except RuntimeError as error:
        if "shapes cannot be multiplied" not in str(error):
            raise
        return str(error)
    model.eval()
    with torch.no_grad():
        alone = torch.cat([model(images[i : i + 1]) for i in range(len(images))])
        return trained, model(images), model(images), alone


def _inventory(make_cnn: Function, X: Any) -> Any:
    """Count a network's convolutions and parameters, those without a gradient, and lists that hold layers."""
    import torch

    torch.manual_seed(0)
    model = make_cnn((3, 32, 32), 10)
    kept = [value for module in model.modules() for value in vars(module).values() if isinstance(value, list | tuple)]
    found = list(model.modules())
    if any(isinstance(layer, torch.nn.Module) and layer not in found for value in kept for layer in value):
        return "a list"
    model(torch.tensor(X, dtype=torch.float32)).square().sum().backward()
    parameters = list(model.parameters())
    idle = [name for name, p in model.named_parameters() if p.grad is None]
    n_layers = sum(isinstance(layer, torch.nn.Conv2d) for layer in model.modules())
    return n_layers, sum(p.numel() for p in parameters), idle


def _expect_to_fit(got: Any, in_shape: Any) -> None:
    """Expect that the last linear layer is as long as the maps that reach it."""
    expect(
        not isinstance(got, str),
        f"The linear layer does not fit the maps of images of {tuple(in_shape)}.",
        got=got,
        hint="Its length was computed for images of another size, or for other layers. Compute it from in_shape, or "
        "leave one number per channel whatever the size: AdaptiveMaxPool2d(1), then Flatten().",
    )


@checks("make_cnn")
def logits_for_images_of_any_size(student: Student, rng: Rng) -> None:
    """Images of (3, 32, 32), (1, 28, 28) and (2, 16, 20) get a row of logits each, with 10, 10 and 4 classes."""
    for in_shape, n_classes in (((3, 32, 32), 10), ((1, 28, 28), 10), ((2, 16, 20), 4)):
        X = rng.normal(size=(2, *in_shape))
        got = student.run(_answers, in_shape=list(in_shape), n_classes=n_classes, X=X)
        _expect_to_fit(got, in_shape)
        hint = "Use in_shape and n_classes throughout: no 28, 32 or 10 of its own in the network."
        expect_shape(got[1], (2, n_classes), hint=hint, what=f"The output for images of {in_shape}")


@checks("make_cnn")
def network_is_convolutional_and_small(student: Student, rng: Rng) -> None:
    """For CIFAR-10 there are two nn.Conv2d or more, at most 500,000 parameters, and all of them take part."""
    got = student.run(_inventory, X=rng.normal(size=(4, 3, 32, 32)))
    hint = "A list of layers is not registered, so they are never trained: torch.nn.Sequential(*layers) or ModuleList."
    expect(got != "a list", "Layers are in a plain list, where PyTorch does not find them.", hint=hint)
    n_layers, n_parameters, idle = got
    hint = "Begin with torch.nn.Conv2d, twice or more, with ReLU and pooling in between."
    expect(n_layers >= 2, "There are too few convolutions.", expected="2 or more", got=n_layers, hint=hint)
    hint = "Flattened maps are long: pool more, or use fewer channels, before the linear layer."
    count = f"{n_parameters:,}"
    expect(n_parameters <= 500_000, "There are too many parameters.", expected="500,000 or less", got=count, hint=hint)
    hint = "A layer that is made but not used, or one that is cut off, learns nothing."
    expect(not idle, "Some parameters take no part.", expected="none", got=", ".join(idle), hint=hint)


@checks("make_cnn")
def network_gives_plain_logits(student: Student, rng: Rng) -> None:
    """The outputs are logits: no softmax, no logarithm of one, no ReLU after the last layer."""
    X = rng.normal(size=(12, 1, 16, 16))
    got = student.run(_answers, in_shape=[1, 16, 16], n_classes=10, X=X)
    _expect_to_fit(got, (1, 16, 16))
    logits = np.asarray(got[1], dtype=float)
    hint = "The cross-entropy has its own softmax: end with the linear layer."
    powers = np.exp(logits).sum(axis=1)
    expect(not np.allclose(logits.sum(axis=1), 1, atol=1e-4), "Those are probabilities.", got=logits[0], hint=hint)
    expect(not np.allclose(powers, 1, atol=1e-4), "Those are logarithms of probabilities.", got=logits[0], hint=hint)
    hint = "Nothing comes after the last linear layer: a ReLU there would hide what speaks against a class."
    expect(bool((logits < 0).any()), "No logit is below zero.", got=logits[0], hint=hint)


@checks("make_cnn")
def evaluation_is_steady(student: Student, rng: Rng) -> None:
    """In evaluation mode an image gets the same logits twice, and alone the same as in a batch."""
    X = rng.normal(size=(5, 1, 16, 16))
    got = student.run(_answers, in_shape=[1, 16, 16], n_classes=3, X=X)
    _expect_to_fit(got, (1, 16, 16))
    _, first, again, alone = got
    hint = "Dropout must stop in evaluation mode: use nn.Dropout, or give the function training=self.training."
    expect_close(again, first, hint=hint, what="The second answer", rtol=1e-4, atol=1e-5)
    hint = "In evaluation mode, images must not see each other: nothing may be computed over the batch axis."
    expect_close(alone, first, hint=hint, what="The answer to each image alone", rtol=1e-3, atol=1e-4)


# labs/04_cnn/train_cnn.py

# What the plan gives for 0/8, 1/8, … 7/8 of the time.
PLAN = np.array([0.0, 0.625, 0.9375, 0.78125, 0.625, 0.46875, 0.3125, 0.15625])


def _trained(train_cnn: Function, n_ticks: int, ticks_a_step: int, lr: float) -> Any:
    """Train a layer on three batches by a clock that moves only when the layer is used.

    Return the losses, the learning rates and training modes of the steps, the batches in the order used, the bias.
    """
    import torch

    modes: list[bool] = []
    used: list[int] = []
    rates: list[Any] = []

    class Layer(torch.nn.Linear):
        """Moves the clock."""

        def forward(self, x: Any) -> Any:
            modes.append(self.training)
            return super().forward(x)

    class Loader:
        """Gives three batches, again and again, and none after the 300th."""

        def __iter__(self) -> Any:
            for i in range(3):
                if len(used) >= 300:
                    raise RuntimeError("300 steps and no end: is there a way out of the loop?")
                used.append(i)
                yield torch.full((4, 2), float(i - 1), dtype=torch.float64), torch.tensor([0, 0, 1, 0])

    layer = Layer(2, 2).double()
    torch.nn.init.zeros_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
    layer.eval()
    optimizer = torch.optim.SGD(layer.parameters(), lr=123.0)
    optimizer.register_step_pre_hook(lambda *_: rates.append([group["lr"] for group in optimizer.param_groups]))
    losses = train_cnn(
        layer, Loader(), optimizer, lr=lr, budget_s=n_ticks / 128, clock=lambda: 64 + len(modes) * ticks_a_step / 128
    )
    return losses, rates, modes, used, layer.bias


def _train(student: Student, n_ticks: int = 8, ticks_a_step: int = 1, lr: float = 0.5) -> tuple[Any, ...]:
    got = student.run(_trained, n_ticks=n_ticks, ticks_a_step=ticks_a_step, lr=lr)
    return tuple(got)


@checks("train_cnn")
def budget_is_kept(student: Student, rng: Rng) -> None:
    """Where each step takes a second and the budget is eight, there are eight steps; where each takes three, three."""
    for ticks_a_step, n_steps in ((1, 8), (3, 3)):
        _, rates, _, _, _ = _train(student, ticks_a_step=ticks_a_step)
        expect_equal(
            len(rates),
            n_steps,
            hint="Read clock() before each step, subtract what it said at the start, stop once budget_s is reached.",
            what=f"The number of steps of {ticks_a_step} s in 8 s",
        )


@checks("train_cnn")
def epochs_follow_one_another(student: Student, rng: Rng) -> None:
    """Eight steps on a loader of three batches go through it twice, and through two batches of a third epoch."""
    _, rates, _, used, _ = _train(student)
    expect(
        len(rates) != 3, "It ends after one epoch.", got="3 steps", hint="Go through the loader again: for … in loader."
    )
    hint = "Go through the loader batch by batch, and when it ends begin anew."
    expect_equal(list(used)[:8], [0, 1, 2, 0, 1, 2, 0, 1], hint=hint, what="The order of the batches")


@checks("train_cnn")
def rate_follows_the_plan(student: Student, rng: Rng) -> None:
    """With lr = 0.5 and eight steps the rates are 0, .3125, .46875, .390625, .3125, .234375, .15625 and .078125."""
    _, rates, _, _, _ = _train(student)
    expect_close(
        np.asarray(rates)[:, 0] if len(rates) else [],
        0.5 * PLAN,
        hint="Before each step: group['lr'] = lr * min(share / 0.2, (1 - share) / 0.8), share = time used / budget.",
        what="The learning rate",
        mistakes={
            "The optimiser's learning rate was not set: write to group['lr'] of each group.": np.full(8, 123.0),
            "The learning rate stays the same: it follows the share of the time that is used up.": np.full(8, 0.5),
            "The first fifth is missing: the rate rises from 0.": 0.5 * (1 - np.arange(8) / 8),
            "lr is missing: the plan gives a factor of it.": PLAN,
            "The rate is set after the step: set it before.": 0.5 * np.concatenate([[246.0], PLAN[:7]]),
        },
        rtol=1e-5,
    )


@checks("train_cnn")
def losses_are_listed(student: Student, rng: Rng) -> None:
    """There is one loss for each step, the batch's cross-entropy before it; the first is ln 2."""
    losses, _, _, _, _ = _train(student)
    expect_shape(losses, (8,), hint="Append loss.item() at each step, and return the list.", what="The list of losses")
    hint = "Take torch.nn.functional.cross_entropy(model(images), labels), the mean over the batch."
    mistakes = {"That is the sum over the batch: take the mean.": 4 * np.log(2)}
    expect_close(np.asarray(losses)[0], np.log(2), hint=hint, what="The first loss", mistakes=mistakes, rtol=1e-5)


@checks("train_cnn")
def network_is_put_into_training_mode(student: Student, rng: Rng) -> None:
    """A network that comes in evaluation mode is in training mode at every step."""
    _, _, modes, _, _ = _train(student)
    expect(bool(modes), "The network has not been used.", hint="Go through the loader: model(images).")
    expect(all(modes), "The network is in evaluation mode.", hint="Call model.train() before the loop.")


@checks("train_cnn")
def gradients_start_from_zero(student: Student, rng: Rng) -> None:
    """The biases end where eight steps with fresh gradients lead: at 0.360721 and -0.360721."""
    _, _, _, _, bias = _train(student)
    right = np.array([0.36072139, -0.36072139])
    forgotten = uncalled(student, "train_cnn")
    nothing = "Nothing has moved: is optimizer.step() missing, or zero_grad between backward and step?"
    expect_close(
        bias,
        right,
        hint=forgotten or "At every step: loss, zero the gradients, backward, step.",
        what="The bias",
        mistakes={
            forgotten or nothing: [0.0, 0.0],
            "Each gradient is added to those of the steps before: zero_grad() is missing. Call it at every step.": (
                [1.176845, -1.176845]
            ),
        },
        rtol=1e-4,
    )


# labs/04_cnn/transfer.py


def _transferred(transfer: Function, X: Any, y: Any, X_new: Any, lr: float, steps: int) -> Any:
    """Transfer small features; return their state before and after, what asks for gradients, modes, logits, head."""
    import torch

    torch.manual_seed(0)
    parts = [torch.nn.Linear(6, 8), torch.nn.BatchNorm1d(8), torch.nn.ReLU()]
    features = torch.nn.Sequential(*parts).double()
    with torch.no_grad():
        for _ in range(20):
            features(torch.randn(30, 6, dtype=torch.float64))
    features.train()
    before = [value.detach().clone() for value in features.state_dict().values()]
    torch.set_default_dtype(torch.float64)
    try:
        model = transfer(features, torch.tensor(X), torch.tensor(y), 3, lr=lr, steps=steps)
    finally:
        torch.set_default_dtype(torch.float32)
    after = list(features.state_dict().values())
    asking = [tuple(p.shape) for p in model.parameters() if p.requires_grad]
    modes = [module.training for module in model.modules()]
    with torch.no_grad():
        logits = [model(torch.tensor(part)) for part in (X, X_new)]
        codes = features.eval()(torch.tensor(X_new))
    heads = [(layer.weight, layer.bias) for layer in model.modules() if isinstance(layer, torch.nn.Linear)]
    return before, after, asking, modes, logits, codes, list(heads[-1])


def _blobs(rng: Rng) -> tuple[np.ndarray, np.ndarray]:
    y = np.arange(18) % 3
    return 4 * np.eye(6)[2 * y] + rng.normal(scale=0.3, size=(18, 6)), y


def _transfer(student: Student, rng: Rng, lr: float = 0.1, steps: int = 80) -> tuple[Any, ...]:
    X, y = _blobs(rng)
    got = student.run(_transferred, X=X, y=y, X_new=rng.normal(size=(5, 6)), lr=lr, steps=steps)
    return (*got, y)


@checks("transfer")
def features_stay_as_they_were(student: Student, rng: Rng) -> None:
    """The features' weights and the running averages of their batch normalisation are what they were, bit by bit."""
    before, after, *_ = _transfer(student, rng)
    names = ["weight", "bias", "scale", "offset", "running mean", "running variance", "count of batches"]
    moved = [name for name, a, b in zip(names, before, after, strict=True) if not np.array_equal(a, b)]
    averages = {"running mean", "running variance", "count of batches"}
    expect(
        not set(moved) - averages,
        "The features' weights have moved.",
        got=", ".join(moved),
        hint="Freeze them: requires_grad_(False), and give the optimiser the head's parameters only.",
    )
    hint = "In training mode a batch normalisation goes on averaging: call features.eval() first."
    expect(not moved, "The features' running averages have moved.", got=", ".join(moved), hint=hint)


@checks("transfer")
def only_the_head_asks_for_gradients(student: Student, rng: Rng) -> None:
    """Of the network that is returned, only a new (3, 8) weight and its bias can learn."""
    _, _, asking, *_ = _transfer(student, rng)
    hint = "Call features.requires_grad_(False), and put a torch.nn.Linear(d, n_classes) behind them."
    expect_equal(sorted(asking), [(3,), (3, 8)], hint=hint, what="The list of what asks for gradients")


@checks("transfer")
def head_learns(student: Student, rng: Rng) -> None:
    """After 80 steps with lr = 0.1, all of the examples are right."""
    _, _, _, _, logits, _, _, y = _transfer(student, rng)
    expect_shape(logits[0], (18, 3), hint="Return features and head in one: torch.nn.Sequential(features, head).")
    n_right = int((np.argmax(logits[0], axis=1) == y).sum())
    hint = "Make the given number of Adam steps on the cross-entropy of head(codes), with lr as given."
    hint = uncalled(student, "transfer") or hint
    expect(n_right == 18, "Some examples are wrong.", expected="18 of 18 right", got=f"{n_right} of 18", hint=hint)


@checks("transfer")
def network_is_ready_for_use(student: Student, rng: Rng) -> None:
    """The network is in evaluation mode, features and all, and gives the head's logits of new images."""
    _, _, _, modes, logits, codes, head, _ = _transfer(student, rng)
    expect(not any(modes), "Part of the network is in training mode.", hint="Return it after .eval().")
    W, b = (np.asarray(part) for part in head)
    expect_shape(logits[1], (5, 3), hint="One logit for each class.", what="The logits of five new images")
    hint = "The network is features, then the linear head, and nothing else."
    expect_close(logits[1], np.asarray(codes) @ W.T + b, hint=hint, what="The logits", rtol=1e-5, atol=1e-8)
