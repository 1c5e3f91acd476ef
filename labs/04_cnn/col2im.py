# %% [markdown]
# ## 7 · Rolling up again
#
# For the way back we need the reverse: rows of *gradients*, one for each window, must go back to the pixels that the
# windows were made of. A pixel that lies in several windows gets the **sum** of what they send: copying forward means
# adding backward, as at every fan-out in lab 02.
#
# So `col2im` is not the inverse of `im2col`, which would have to give the image back. It is its *transpose*: $\langle
# \text{im2col}(X), C \rangle = \langle X, \text{col2im}(C) \rangle$ for all $X$ and $C$, where $\langle a, b \rangle$
# adds up the products of entries at the same place. What is sent to the padding is dropped.

# %% nbgrader={"grade_id": "col2im", "solution": true}
def col2im(cols, x_shape, kh, kw, stride, pad):
    """Add the rows of a matrix back into images, each where im2col took its window.

    cols: (n·h_out·w_out, c·kh·kw), in the order of im2col
    x_shape: (n, c, h, w); kh, kw, stride, pad: as given to im2col
    Returns (n, c, h, w). Where windows overlap, their values add up.

    Hint: im2col backwards: split the axes again, add into a padded array, cut off the padding.
    """
    ### BEGIN SOLUTION
    n, c, h, w = x_shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    windows = cols.reshape(n, h_out, w_out, c, kh, kw)
    padded = np.pad(np.zeros(x_shape), ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    for u, v in np.ndindex(kh, kw):
        piece = windows[..., u, v].transpose(0, 3, 1, 2)
        padded[:, :, u : u + stride * h_out : stride, v : v + stride * w_out : stride] += piece
    return padded[:, :, pad : pad + h, pad : pad + w]
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_col2im", "grade": true, "points": 3}
check("col2im")

# %% [markdown]
# Rolled up from ones, each pixel tells how many windows it lies in. Without padding, corners have a say in one window
# only; with stride 2 the weights fall unevenly, which shows as a checkerboard in pictures that networks paint this way.

# %% tags=["explore"]
coverage = {}
for stride, pad in ((1, 0), (1, 1), (2, 0), (2, 1)):
    places = conv_output_size(7, 3, stride, pad) ** 2
    coverage[f"stride {stride}, pad {pad}"] = col2im(np.ones((places, 9)), (1, 1, 7, 7), 3, 3, stride, pad)[
        0, 0
    ].astype(int)
plots.grids(coverage, title="In how many 3 × 3 windows does a pixel of a 7 × 7 image lie?")

# %% visible
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


# %% hidden
STAND_INS["col2im"] = (conv_output_size, im2col)


def col2im(cols: Any, x_shape: Any, kh: Any, kw: Any, stride: Any, pad: Any) -> Any:
    """Return the rows added back into images: a sum over the places that each entry came from."""
    n, c, h, w = (int(size) for size in x_shape)
    places = np.arange(n * c * h * w).reshape(n, c, h, w) + 1
    # Padding has the number 0, which is cut off.
    sources = im2col(places, kh, kw, stride, pad)
    return np.bincount(sources.ravel(), np.ravel(cols), minlength=n * c * h * w + 1)[1:].reshape(n, c, h, w)


@checks("col2im")
def random_rows_are_rolled_up(student: Student, rng: Rng) -> None:
    """Random matrices are added up right, at rectangular, strided, padded sizes."""
    for X, W, _, stride, pad in _layers(rng):
        kh, kw = W.shape[2:]
        cols = rng.normal(size=im2col(X, kh, kw, stride, pad).shape)
        got, right = (
            student.call("col2im", cols, X.shape, kh, kw, stride, pad),
            col2im(cols, X.shape, kh, kw, stride, pad),
        )
        hint = "Check <im2col(X), C> = <X, col2im(C)> with random X and C."
        expect_close(got, right, hint=hint, what=_about(X, W, stride, pad), rtol=1e-4, atol=1e-5)


# %% right window_by_window
def col2im(cols, x_shape, kh, kw, stride, pad):
    n, c, h, w = x_shape
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    windows = cols.reshape(n, h_out, w_out, c, kh, kw)
    padded = np.zeros((n, c, h + 2 * pad, w + 2 * pad))
    for i, j in np.ndindex(h_out, w_out):
        padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += windows[:, i, j]
    return padded[:, :, pad : pad + h, pad : pad + w]


# %% right entry_by_entry
def col2im(cols, x_shape, kh, kw, stride, pad):
    n, c, h, w = x_shape
    image, row = np.zeros((n, c, h, w), np.float32), 0
    for a in range(n):
        for top in range(-pad, h + pad - kh + 1, stride):
            for left in range(-pad, w + pad - kw + 1, stride):
                for m, value in enumerate(cols[row]):
                    b, u, v = m // (kh * kw), m // kw % kh, m % kw
                    if 0 <= top + u < h and 0 <= left + v < w:
                        image[a, b, top + u, left + v] += value
                row += 1
    return image


# %% right add_at
def col2im(cols, x_shape, kh, kw, stride, pad):
    numbers = np.arange(np.prod(x_shape)).reshape(x_shape) + 1
    places = np.asarray(im2col(numbers, kh, kw, stride, pad)).astype(int)
    total = np.zeros(np.prod(x_shape) + 1)
    np.add.at(total, places, cols)
    return total[1:].reshape(x_shape)


# %% right fold
def col2im(cols, x_shape, kh, kw, stride, pad):
    import torch

    n, c, h, w = x_shape
    columns = torch.tensor(cols, dtype=torch.float64).reshape(n, -1, c * kh * kw).transpose(1, 2)
    return torch.nn.functional.fold(columns, (h, w), (kh, kw), padding=pad, stride=stride)


# %% wrong overwrites of window_by_window -> windows_add_up
# - padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += windows[:, i, j]
# + padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] = windows[:, i, j]

# %% wrong overwrites_by_slices -> each_value_finds_its_pixel
# - padded[:, :, u : u + stride * h_out : stride, v : v + stride * w_out : stride] += piece
# + padded[:, :, u : u + stride * h_out : stride, v : v + stride * w_out : stride] = piece

# %% wrong fancy_indices_add_once of add_at -> windows_add_up
# - np.add.at(total, places, cols)
# + total[places] += cols

# %% wrong averages_overlaps of window_by_window -> windows_add_up
#   padded = np.zeros((n, c, h + 2 * pad, w + 2 * pad))
# + counts = np.zeros_like(padded)

#       padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += windows[:, i, j]
# +     counts[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += 1
# + padded /= np.maximum(counts, 1)

# %% wrong inverse_of_im2col_by_the_maximum of window_by_window -> windows_add_up
# - padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += windows[:, i, j]
# + padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] = np.maximum(
# +     padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw], windows[:, i, j]
# + )

# %% wrong windows_read_by_columns of window_by_window -> each_value_finds_its_pixel
# - windows = cols.reshape(n, h_out, w_out, c, kh, kw)
# + windows = cols.reshape(n, h_out, w_out, c, kw, kh).swapaxes(4, 5)

# %% wrong places_by_columns of window_by_window -> each_value_finds_its_pixel
# - windows = cols.reshape(n, h_out, w_out, c, kh, kw)
# + windows = cols.reshape(n, w_out, h_out, c, kh, kw).swapaxes(1, 2)

# %% wrong channels_interleaved of window_by_window -> channels_and_images_are_told_apart
# - windows = cols.reshape(n, h_out, w_out, c, kh, kw)
# + windows = cols.reshape(n, h_out, w_out, kh, kw, c).transpose(0, 1, 2, 5, 3, 4)

# %% wrong channels_read_as_images of window_by_window -> channels_and_images_are_told_apart
# - padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += windows[:, i, j]
# + padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += windows[:, i, j].swapaxes(0, 1)[
# +     :n, :c
# + ]

# %% wrong padding_kept of window_by_window -> padding_is_dropped
# - return padded[:, :, pad : pad + h, pad : pad + w]
# + return padded

# %% wrong padding_cut_on_one_side of window_by_window -> padding_is_dropped
# - return padded[:, :, pad : pad + h, pad : pad + w]
# + return padded[:, :, :h, :w]

# %% wrong stride_ignored of window_by_window -> padding_is_dropped
# - padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += windows[:, i, j]
# + padded[:, :, i : i + kh, j : j + kw] += windows[:, i, j]

# %% wrong shape_of_what_is_covered of window_by_window -> pixels_without_a_window_get_nothing
#   windows = cols.reshape(n, h_out, w_out, c, kh, kw)
# + h, w = (h_out - 1) * stride + kh - 2 * pad, (w_out - 1) * stride + kw - 2 * pad

# %% wrong height_and_width_swapped of window_by_window -> pixels_without_a_window_get_nothing
# - n, c, h, w = x_shape
# + n, c, w, h = x_shape

# %% wrong a_view_where_it_can of window_by_window -> rolling_up_leaves_the_matrix_alone
#   def col2im(cols, x_shape, kh, kw, stride, pad):
# +     if kh == kw == stride == 1 and pad == 0 and x_shape[1] == 1:
# +         return cols.reshape(x_shape)

# %% wrong strides_of_one_and_two_only of window_by_window -> random_rows_are_rolled_up
#   def col2im(cols, x_shape, kh, kw, stride, pad):
# +     stride = min(stride, 2)
# +     cols = cols[
# +         : x_shape[0] * conv_output_size(x_shape[2], kh, stride, pad) * conv_output_size(x_shape[3], kw, stride, pad)
# +     ]

# %% wrong minus_zero_is_no_end of window_by_window -> windows_add_up
# - return padded[:, :, pad : pad + h, pad : pad + w]
# + return padded[:, :, pad:-pad, pad:-pad]

# %% wrong rows_as_they_lie_in_memory of window_by_window -> col2im_in_other_forms
#   def col2im(cols, x_shape, kh, kw, stride, pad):
# +     cols = cols.ravel(order="K").reshape(cols.shape)


# %% wrong places_before_the_images of window_by_window -> channels_and_images_are_told_apart
# - windows = cols.reshape(n, h_out, w_out, c, kh, kw)
# + windows = cols.reshape(h_out, w_out, n, c, kh, kw).transpose(2, 0, 1, 3, 4, 5)


# %% wrong channels_before_the_places of window_by_window -> channels_and_images_are_told_apart
# - windows = cols.reshape(n, h_out, w_out, c, kh, kw)
# + windows = cols.reshape(n, c, h_out, w_out, kh, kw).transpose(0, 2, 3, 1, 4, 5)
