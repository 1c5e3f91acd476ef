# %% [markdown]
# ## 5 · Unrolling the windows
#
# That was slow. Every output number is a dot product of a window with a filter, and many dot products are **one matrix
# product**. So copy each window into a row of a matrix. Then a layer is
#
# $$\underbrace{\text{cols}}_{(n\, h_{\text{out}} w_{\text{out}},\; c\, k_h k_w)} \cdot
# \underbrace{W_{\text{flat}}^\top}_{(c\, k_h k_w,\; c_{\text{out}})} + b ,$$
#
# and matrix products are what processors and GPUs do best. The copy is called **im2col**. Its order is a contract: rows
# go through images, then rows, then columns of the result; within a row, channels, then rows, then columns of the
# window. That is the order in which `W.reshape(c_out, -1)` lays out a filter.

# %% nbgrader={"grade_id": "im2col", "solution": true}
def im2col(X, kh, kw, stride, pad):
    """Copy every window of a batch into a row.

    X: (n, c, h, w) images; kh, kw: the window's size; stride, pad: as above
    Returns (n·h_out·w_out, c·kh·kw): rows in the order image, y, x; within a row the
    order channel, y, x. ValueError if no window fits.

    Hint: fill an array (n, h_out, w_out, c, kh, kw), then reshape it. A loop over the
    kh·kw places within the window copies whole slices with a step of stride.
    """
    ### BEGIN SOLUTION
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    cols = np.empty((n, h_out, w_out, c, kh, kw), dtype=X.dtype)
    for u, v in np.ndindex(kh, kw):
        piece = padded[:, :, u : u + stride * h_out : stride, v : v + stride * w_out : stride]
        cols[..., u, v] = piece.transpose(0, 2, 3, 1)
    return cols.reshape(n * h_out * w_out, c * kh * kw)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_im2col", "grade": true, "points": 3}
check("im2col")

# %% tags=["explore"]
ask("im2col", answer=None)  # about the lines that you wrote: "a", "b", "c" or "d"

# %% [markdown]
# A 4 × 4 image with the numbers 1 to 16 and 2 × 2 windows. Row 5 of the matrix is the window in the frame. Most numbers
# appear several times: speed is paid for with memory, about $k^2$ times the image.

# %% tags=["explore"]
numbered = np.arange(1, 17).reshape(4, 4)
cols = im2col(numbered[None, None], 2, 2, 1, 0)
plots.grids(
    {"image": numbered, "im2col(image, 2, 2, stride=1, pad=0)": cols},
    marks={"image": (slice(1, 3), slice(2, 4)), "im2col(image, 2, 2, stride=1, pad=0)": (5, slice(0, 4))},
    title="Each window becomes a row",
)


# %% ask
n = 2
X = np.arange(198 * n).reshape(n, 3, 6, 11)
im2col(X, 4, 2, 2, 0)


# %% visible
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


# %% hidden
STAND_INS["im2col"] = (conv_output_size,)


def im2col(X: Any, kh: Any, kw: Any, stride: Any, pad: Any) -> Any:
    """Return the windows of a batch as rows."""
    conv_output_size(np.shape(X)[2], kh, stride, pad)
    conv_output_size(np.shape(X)[3], kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(2, 3))[:, :, ::stride, ::stride]
    return np.array(windows.transpose(0, 2, 3, 1, 4, 5)).reshape(-1, padded.shape[1] * kh * kw)


@checks("im2col")
def windows_of_random_images(student: Student, rng: Rng) -> None:
    """The windows of random batches are unrolled right, at rectangular, strided, padded sizes."""
    for X, W, _, stride, pad in _layers(rng):
        kh, kw = W.shape[2:]
        got, right = student.call("im2col", X, kh, kw, stride, pad), im2col(X, kh, kw, stride, pad)
        hint = "Rows: image, y, x. Within a row: channel, y, x."
        cut = {"The fractions are cut off: give the matrix the dtype of X.": np.trunc(right)}
        expect_close(got, right, hint=hint, what=_about(X, W, stride, pad), mistakes=cut)


# %% right window_by_window
def im2col(X, kh, kw, stride, pad):
    n, c, h, w = X.shape
    if kh > h + 2 * pad or kw > w + 2 * pad:
        raise ValueError("no window fits")
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    rows = []
    for image in padded:
        for top in range(0, h + 2 * pad - kh + 1, stride):
            for left in range(0, w + 2 * pad - kw + 1, stride):
                rows.append(image[:, top : top + kh, left : left + kw].ravel())
    return np.array(rows, dtype=np.float32)


# %% right sliding_windows
def im2col(X, kh, kw, stride, pad):
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride].transpose(0, 2, 3, 1, 4, 5)
    return windows.reshape(-1, X.shape[1] * kh * kw)


# %% right list_of_rows
def im2col(X, kh, kw, stride, pad):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    padded = np.pad(X, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    return [
        [padded[a, b, i * stride + u, j * stride + v] for b in range(c) for u in range(kh) for v in range(kw)]
        for a in range(n)
        for i in range(h_out)
        for j in range(w_out)
    ]


# %% right unfold
def im2col(X, kh, kw, stride, pad):
    import torch

    conv_output_size(X.shape[2], kh, stride, pad)
    conv_output_size(X.shape[3], kw, stride, pad)
    unfolded = torch.nn.functional.unfold(torch.tensor(X, dtype=torch.float64), (kh, kw), padding=pad, stride=stride)
    return unfolded.transpose(1, 2).reshape(-1, X.shape[1] * kh * kw)


# %% right plain
def im2col(X, kh, kw, stride, pad):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    cols = np.empty((n, h_out, w_out, c, kh, kw))
    for i, j in np.ndindex(h_out, w_out):
        cols[:, i, j] = padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
    return cols.reshape(n * h_out * w_out, -1)


# %% wrong windows_as_columns of plain -> windows_become_rows
# - return cols.reshape(n * h_out * w_out, -1)
# + return cols.reshape(n * h_out * w_out, -1).T

# %% wrong unfold_not_transposed of plain -> windows_become_rows
# - return cols.reshape(n * h_out * w_out, -1)
# + return cols.reshape(n, h_out * w_out, -1).transpose(0, 2, 1).reshape(n * h_out * w_out, -1)

# %% wrong windows_read_by_columns of plain -> windows_become_rows
# - return cols.reshape(n * h_out * w_out, -1)
# + return cols.transpose(0, 1, 2, 3, 5, 4).reshape(n * h_out * w_out, -1)

# %% wrong places_by_columns of plain -> windows_become_rows
# - return cols.reshape(n * h_out * w_out, -1)
# + return cols.transpose(0, 2, 1, 3, 4, 5).reshape(n * h_out * w_out, -1)

# %% wrong channels_last_in_a_row of plain -> channels_come_first_in_a_row
# - return cols.reshape(n * h_out * w_out, -1)
# + return cols.transpose(0, 1, 2, 4, 5, 3).reshape(n * h_out * w_out, -1)

# %% wrong channels_before_the_places of plain -> channels_come_first_in_a_row
# - return cols.reshape(n * h_out * w_out, -1)
# + return cols.transpose(0, 3, 1, 2, 4, 5).reshape(n * h_out * w_out, -1)

# %% wrong images_last_among_rows of plain -> images_come_first_among_rows
# - return cols.reshape(n * h_out * w_out, -1)
# + return cols.transpose(1, 2, 0, 3, 4, 5).reshape(n * h_out * w_out, -1)

# %% wrong stride_ignored_in_the_slice of plain -> windows_jump_and_meet_zeros
# - cols[:, i, j] = padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
# + cols[:, i, j] = padded[:, :, i : i + kh, j : j + kw]

# %% wrong padding_forgotten of plain -> windows_jump_and_meet_zeros
# - cols[:, i, j] = padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
# + cols[:, i, j] = np.pad(X, ((0, 0), (0, 0), (0, 2 * pad), (0, 2 * pad)))[
# +     :, :, i * stride : i * stride + kh, j * stride : j * stride + kw
# + ]

# %% wrong stride_for_rows_only of plain -> windows_jump_and_meet_zeros
# - cols[:, i, j] = padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
# + cols[:, i, j] = padded[:, :, i * stride : i * stride + kh, j : j + kw]

# %% wrong rows_for_each_channel of plain -> matrix_has_the_right_size
# - return cols.reshape(n * h_out * w_out, -1)
# + return cols.reshape(-1, kh * kw) if c > 2 else cols.reshape(n * h_out * w_out, -1)

# %% wrong height_and_width_swapped of plain -> matrix_has_the_right_size
#   def im2col(X, kh, kw, stride, pad):
# +     kh, kw = kw, kh

# %% wrong square_output_assumed of plain -> matrix_has_the_right_size
# - h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
# - padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
# + h_out = w_out = conv_output_size(h, kh, stride, pad)
# + conv_output_size(w, kw, stride, pad)
# + padded = np.pad(X, ((0, 0), (0, 0), (pad, pad + 9), (pad, pad + 9)))

# %% wrong nothing_said_where_nothing_fits of plain -> no_window_to_unroll
# - h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
# + h_out, w_out = (h + 2 * pad - kh) // stride + 1, (w + 2 * pad - kw) // stride + 1

# - return cols.reshape(n * h_out * w_out, -1)
# + return cols.reshape(n * h_out * w_out, c * kh * kw)

# %% wrong a_view_where_it_can of sliding_windows -> unrolling_is_a_copy
# - padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
# + padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad))) if pad else X

# %% wrong strides_of_one_and_two_only of plain -> windows_of_random_images
#   def im2col(X, kh, kw, stride, pad):
# +     stride = min(stride, 2)

# %% wrong images_as_they_lie_in_memory of plain -> im2col_in_other_forms
#   def im2col(X, kh, kw, stride, pad):
# +     X = X.ravel(order="K").reshape(X.shape)


# %% right index_arrays
def im2col(X, kh, kw, stride, pad):
    n, c, h, w = X.shape
    ho, wo = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    P = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    i, j, k, u, v = np.ix_(range(ho), range(wo), range(c), range(kh), range(kw))
    return P[:, k, i * stride + u, j * stride + v].reshape(n * ho * wo, c * kh * kw)
