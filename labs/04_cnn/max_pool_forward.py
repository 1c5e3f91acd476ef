# %% [markdown]
# ## 9 · Pooling
#
# Whether an edge is there matters more than at which pixel. **Pooling** keeps one number for each window of each
# channel: the largest (max pooling) or the mean (average pooling). With windows of 2 and stride 2 the image halves,
# later filters see twice as far, and a shift by a pixel changes little.

# %% nbgrader={"grade_id": "max_pool_forward", "solution": true}
def max_pool_forward(X, size, stride):
    """Keep the largest number of every window, channel by channel.

    X: (n, c, h, w); size: the square window's side; stride: pixels per jump; no padding
    Returns Y: (n, c, h_out, w_out), in memory of its own. ValueError if no window fits.
    """
    ### BEGIN SOLUTION
    n, c, h, w = X.shape
    Y = np.empty((n, c, conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)), X.dtype)
    for i, j in np.ndindex(Y.shape[2:]):
        top, left = i * stride, j * stride
        Y[:, :, i, j] = X[:, :, top : top + size, left : left + size].max(axis=(2, 3))
    return Y
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_max_pool_forward", "grade": true, "points": 2}
check("max_pool_forward")

# %% visible
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


# %% hidden
STAND_INS["max_pool_forward"] = (conv_output_size, im2col)


def max_pool_forward(X: Any, size: Any, stride: Any) -> Any:
    """Return the largest of each window."""
    conv_output_size(np.shape(X)[2], size, stride, 0)
    conv_output_size(np.shape(X)[3], size, stride, 0)
    windows = np.lib.stride_tricks.sliding_window_view(X, (size, size), axis=(2, 3))[:, :, ::stride, ::stride]
    return windows.max(axis=(4, 5))


@checks("max_pool_forward")
def largest_of_random_windows(student: Student, rng: Rng) -> None:
    """Random images, negative ones among them, are pooled right at rectangular, overlapping and gappy sizes."""
    for *shape, size, stride in POOLS:
        X = rng.normal(size=shape) - 1
        got, right = student.call("max_pool_forward", X, size, stride), max_pool_forward(X, size, stride)
        expect_close(got, right, hint="Compare with torch.nn.functional.max_pool2d.", what=f"The result for {shape}")


# %% right loops
def max_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    if size > h or size > w:
        raise ValueError("no window fits")
    return [
        [
            [
                [
                    max(X[a, b, i + u, j + v] for u in range(size) for v in range(size))
                    for j in range(0, w - size + 1, stride)
                ]
                for i in range(0, h - size + 1, stride)
            ]
            for b in range(c)
        ]
        for a in range(n)
    ]


# %% right sliding_windows
def max_pool_forward(X, size, stride):
    windows = np.lib.stride_tricks.sliding_window_view(X, (size, size), axis=(2, 3))
    return windows[:, :, ::stride, ::stride].max(axis=(-1, -2)).astype(np.float32)


# %% right through_im2col
def max_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    rows = np.asarray(im2col(X.reshape(n * c, 1, h, w), size, size, stride, 0))
    return rows.max(axis=1).reshape(n, c, h_out, w_out)


# %% right torch
def max_pool_forward(X, size, stride):
    import torch

    if size > min(X.shape[2:]):
        raise ValueError("no window fits")
    return torch.nn.functional.max_pool2d(torch.tensor(X, dtype=torch.float64), size, stride)


# %% right plain
def max_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    Y = np.empty((n, c, h_out, w_out))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
        Y[:, :, i, j] = window.max(axis=(2, 3))
    return Y


# %% wrong bottom_right of plain -> largest_wherever_it_is
# - Y[:, :, i, j] = window.max(axis=(2, 3))
# + Y[:, :, i, j] = window[:, :, -1, -1]

# %% wrong top_left of plain -> largest_wherever_it_is
# - Y[:, :, i, j] = window.max(axis=(2, 3))
# + Y[:, :, i, j] = window[:, :, 0, 0]

# %% wrong mean of plain -> largest_wherever_it_is
# - Y[:, :, i, j] = window.max(axis=(2, 3))
# + Y[:, :, i, j] = window.mean(axis=(2, 3))

# %% wrong largest_in_size of plain -> negative_numbers_have_a_largest
# - Y[:, :, i, j] = window.max(axis=(2, 3))
# + Y[:, :, i, j] = np.abs(window).max(axis=(2, 3))

# %% wrong starts_from_zero of plain -> negative_numbers_have_a_largest
# - Y[:, :, i, j] = window.max(axis=(2, 3))
# + Y[:, :, i, j] = np.maximum(0, window.max(axis=(2, 3)))

# %% wrong padded_with_zeros of plain -> negative_numbers_have_a_largest
# - window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
# + window = np.pad(X, ((0, 0), (0, 0), (0, 1), (0, 1)))[
# +     :, :, i * stride : i * stride + size + 1, j * stride : j * stride + size + 1
# + ]

# %% wrong stride_ignored_in_the_slice of plain -> largest_wherever_it_is
# - window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
# + window = X[:, :, i : i + size, j : j + size]

# %% wrong size_taken_for_the_stride of plain -> windows_may_overlap
# - window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
# - Y[:, :, i, j] = window.max(axis=(2, 3))
# + window = X[:, :, i * size : i * size + size, j * size : j * size + size]
# + Y[:, :, i, j] = window.max(axis=(2, 3)) if window.size else 0

# %% wrong stride_taken_for_the_size of plain -> windows_may_overlap
# - window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
# + window = X[:, :, i * stride : i * stride + stride, j * stride : j * stride + stride]

# %% wrong height_and_width_swapped of plain -> windows_may_overlap
# - Y = np.empty((n, c, h_out, w_out))
# + Y = np.empty((n, c, w_out, h_out))

# - window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
# + window = X[:, :, j * stride : j * stride + size, i * stride : i * stride + size]

# %% wrong all_channels_at_once of plain -> channels_and_images_keep_apart
# - Y[:, :, i, j] = window.max(axis=(2, 3))
# + Y[:, :, i, j] = window.max()

# %% wrong channels_mixed of plain -> channels_and_images_keep_apart
# - Y[:, :, i, j] = window.max(axis=(2, 3))
# + Y[:, :, i, j] = window.max(axis=(1, 2, 3))[:, None]

# %% wrong rounded_up of plain -> channels_and_images_keep_apart
#   h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
# + h_out, w_out = -((h - size) // -stride) + 1, -((w - size) // -stride) + 1

# %% wrong nothing_said_where_nothing_fits of plain -> no_window_to_pool
# - h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
# - Y = np.empty((n, c, h_out, w_out))
# + h_out, w_out = (h - size) // stride + 1, (w - size) // stride + 1
# + Y = np.empty((n, c, max(0, h_out), max(0, w_out)))

# %% wrong assertion_instead_of_value_error of plain -> no_window_to_pool
#   def max_pool_forward(X, size, stride):
# +     assert size <= X.shape[2] and size <= X.shape[3]

# %% wrong a_view_where_nothing_is_pooled of plain -> pooling_leaves_its_input_alone
#   def max_pool_forward(X, size, stride):
# +     if size == stride == 1:
# +         return X

# %% wrong one_row_short of plain -> largest_of_random_windows
# - window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
# + window = X[
# +     :, :, i * stride : i * stride + max(1, size - (size == 3 and h == 6)), j * stride : j * stride + size
# + ]

# %% wrong images_as_they_lie_in_memory of plain -> max_pool_forward_in_other_forms
#   def max_pool_forward(X, size, stride):
# +     X = X.ravel(order="K").reshape(X.shape)


# %% wrong starts_far_below_zero of plain -> negative_numbers_have_a_largest
# No number that one can think of is the smallest: -np.inf is.
# - Y[:, :, i, j] = window.max(axis=(2, 3))
# + Y[:, :, i, j] = window.max(axis=(2, 3), initial=-1e9)
