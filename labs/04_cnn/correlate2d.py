# %% [markdown]
# ## 1 · A filter slides over an image
#
# Lay a small array of weights, the **filter** or kernel $k$, over the top left corner of an image $x$. Multiply what
# lies on top of each other, add it all up: one number. Move on by one pixel, and so on, row by row:
#
# $$y_{ij} = \sum_{u=0}^{k_h-1} \sum_{v=0}^{k_w-1} x_{i+u,\,j+v}\; k_{uv}, \qquad
# (h, w) \to (h - k_h + 1,\; w - k_w + 1).$$
#
# In mathematics this is a **correlation**; a *convolution* flips the filter first, left to right and top to bottom.
# Every deep-learning library computes the correlation and calls it a convolution, and so do we. Each filter on the
# lecture's slides is the same upside down, so that the slides cannot show the difference. Your checks can.

# %% nbgrader={"grade_id": "correlate2d", "solution": true}
def correlate2d(x, k):
    """Slide a filter over an image, without flipping it.

    x: (h, w) image, of any numbers
    k: (kh, kw) filter; need not be square
    Returns (h - kh + 1, w - kw + 1): at [i, j] the sum of k times the window of x whose
    top left corner is at [i, j]. ValueError if the filter is larger than the image.

    Hint: the window is x[i : i + kh, j : j + kw].
    """
    ### BEGIN SOLUTION
    kh, kw = k.shape
    h_out, w_out = x.shape[0] - kh + 1, x.shape[1] - kw + 1
    if h_out < 1 or w_out < 1:
        raise ValueError(f"no window of {k.shape} fits into {x.shape}")
    y, k = np.zeros((h_out, w_out)), k.astype(float)
    for i, j in np.ndindex(h_out, w_out):
        y[i, j] = np.sum(x[i : i + kh, j : j + kw] * k)
    return y
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_correlate2d", "grade": true, "points": 2}
check("correlate2d")

# %% tags=["explore"]
ask("correlate2d", answer=None)  # about the lines that you wrote: "a", "b", "c" or "d"

# %% [markdown]
# Here is the lecture's example. The printed image has lost its sixth column; with it, every number on the slide is
# right. The filter looks for a stroke from top left to bottom right: find the two places where it scores 3, and the
# strokes beneath them.

# %% tags=["explore"]
slide = np.array(
    [
        [1, 0, 0, 0, 0, 1],
        [0, 1, 0, 0, 1, 0],
        [0, 0, 1, 1, 0, 0],
        [1, 0, 0, 0, 1, 0],
        [0, 1, 0, 0, 1, 0],
        [0, 0, 1, 0, 1, 0],
    ]
)
diagonal = np.array([[1, -1, -1], [-1, 1, -1], [-1, -1, 1]])
plots.grids(
    {"image": slide, "filter": diagonal, "image ⋆ filter": correlate2d(slide, diagonal)},
    marks={"image": (slice(3, 6), slice(0, 3)), "image ⋆ filter": (3, 0)},
    title="The window in the frame gives the number in the frame",
)

# %% [markdown]
# Now a real photograph: Grace Hopper, who wrote one of the first compilers. A filter whose weights add up to zero
# answers nothing where all is even, and answers loudly where brightness changes: red where it rises along the filter's
# direction, blue where it falls.

# %% tags=["explore", "cover"]
photo = plots.photograph()
grey = photo.mean(axis=2)
sobel_x = np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
laplace = np.array([[0.0, 1, 0], [1, -4, 1], [0, 1, 0]])
edges_x, edges_y = correlate2d(grey, sobel_x), correlate2d(grey, sobel_x.T)
plots.panels(
    {
        "the photograph": photo,
        "left to right": edges_x,
        "top to bottom": edges_y,
        "both: how steep": np.hypot(edges_x, edges_y),
        "the slide's filter": correlate2d(grey, laplace),
    },
    title="Nine weights, one photograph",
)

# %% ask
x, k = np.arange(40).reshape(5, 8), np.array([[1, 0, 2], [2, 1, 3]])
correlate2d(x, k)


# %% visible
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


# %% hidden
def correlate2d(x: Any, k: Any) -> Any:
    """Return the correlation of an image with a filter, where the filter fits."""
    (h, w), (kh, kw) = np.shape(x), np.shape(k)
    if kh > h or kw > w:
        raise ValueError("the filter is larger than the image")
    return sum(np.multiply(k[u][v], x[u : u + h - kh + 1, v : v + w - kw + 1]) for u in range(kh) for v in range(kw))


@checks("correlate2d")
def correlation_of_random_images(student: Student, rng: Rng) -> None:
    """Random images and filters are right at rectangular sizes, down to a single window."""
    for shape, size in (((5, 7), (2, 3)), ((6, 4), (4, 1)), ((3, 2), (3, 2)), ((2, 5), (1, 1))):
        x, k = rng.normal(size=shape), rng.normal(size=size)
        hint = "Compare with scipy.signal.correlate2d(x, k, mode='valid')."
        expect_close(student.call("correlate2d", x, k), correlate2d(x, k), hint=hint, rtol=1e-4, atol=1e-5)


# %% right loops
def correlate2d(x, k):
    h, w, kh, kw = len(x), len(x[0]), len(k), len(k[0])
    if kh > h or kw > w:
        raise ValueError("too large")
    return [
        [sum(x[i + u][j + v] * k[u][v] for u in range(kh) for v in range(kw)) for j in range(w - kw + 1)]
        for i in range(h - kh + 1)
    ]


# %% right shifted_images
def correlate2d(x, k):
    kh, kw = k.shape
    rows, columns = x.shape[0] - kh + 1, x.shape[1] - kw + 1
    if min(rows, columns) <= 0:
        raise ValueError(f"{k.shape} > {x.shape}")
    y = np.zeros((rows, columns), np.float32)
    for u in range(kh):
        for v in range(kw):
            y += k[u, v] * x[u : u + rows, v : v + columns]
    return y


# %% right windows
def correlate2d(x, k):
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)
    return np.einsum("ijuv,uv->ij", windows, k)


# %% right torch
def correlate2d(x, k):
    import torch

    if k.shape[0] > x.shape[0] or k.shape[1] > x.shape[1]:
        raise ValueError("the filter is larger than the image")
    x, k = torch.tensor(x, dtype=torch.float64), torch.tensor(k, dtype=torch.float64)
    return torch.nn.functional.conv2d(x[None, None], k[None, None])[0, 0]


# %% wrong flipped_kernel -> filter_is_not_flipped
def correlate2d(x, k):
    kh, kw = k.shape
    y = np.zeros((x.shape[0] - kh + 1, x.shape[1] - kw + 1))
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(x[i : i + kh, j : j + kw] * k[::-1, ::-1])
    return y


# %% wrong transposed_kernel -> filter_is_not_flipped
def correlate2d(x, k):
    kh, kw = k.shape
    y = np.zeros((x.shape[0] - kh + 1, x.shape[1] - kw + 1))
    for i, j in np.ndindex(y.shape):
        y[i, j] = sum(x[i + v, j + u] * k[u, v] for u in range(kh) for v in range(kw))
    return y


# %% wrong mean_of_the_products of windows -> filter_is_not_flipped
# - return np.einsum("ijuv,uv->ij", windows, k)
# + return (windows * k).mean(axis=(2, 3))


# %% wrong height_and_width_swapped -> rectangles_are_welcome
def correlate2d(x, k):
    kw, kh = k.shape
    if kh > x.shape[0] or kw > x.shape[1]:
        raise ValueError("too large")
    y = np.zeros((x.shape[0] - kh + 1, x.shape[1] - kw + 1))
    for i, j in np.ndindex(y.shape):
        window = x[i : i + kh, j : j + kw]
        y[i, j] = np.sum(window * k.T) if kh != kw else np.sum(window * k)
    return y


# %% wrong square_filters_only -> rectangles_are_welcome
def correlate2d(x, k):
    n = k.shape[0]
    if n > x.shape[0] or k.shape[1] > x.shape[1]:
        raise ValueError("too large")
    y = np.zeros((x.shape[0] - n + 1, x.shape[1] - n + 1))
    for i, j in np.ndindex(y.shape):
        window = x[i : i + n, j : j + k.shape[1]]
        y[i, j] = np.sum(window * k[:, : window.shape[1]])
    return y


# %% wrong one_place_missing -> slides_come_out
def correlate2d(x, k):
    kh, kw = k.shape
    if kh > x.shape[0] or kw > x.shape[1]:
        raise ValueError("too large")
    y = np.zeros((x.shape[0] - kh, x.shape[1] - kw))
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(x[i : i + kh, j : j + kw] * k)
    return y


# %% wrong matrix_product_of_the_window -> filter_is_not_flipped
def correlate2d(x, k):
    kh, kw = k.shape
    y = np.zeros((x.shape[0] - kh + 1, x.shape[1] - kw + 1))
    for i, j in np.ndindex(y.shape):
        y[i, j] = (x[i : i + kh, j : j + kw] @ k.T).sum()
    return y


# %% wrong truncated_to_the_images_dtype -> fractions_are_kept
def correlate2d(x, k):
    kh, kw = k.shape
    if kh > x.shape[0] or kw > x.shape[1]:
        raise ValueError("too large")
    y = np.zeros_like(x)[: x.shape[0] - kh + 1, : x.shape[1] - kw + 1]
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(x[i : i + kh, j : j + kw] * k)
    return y


# %% wrong empty_result_where_nothing_fits -> filter_larger_than_the_image
def correlate2d(x, k):
    kh, kw = k.shape
    y = np.zeros((x.shape[0] - kh + 1, x.shape[1] - kw + 1))
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(x[i : i + kh, j : j + kw] * k)
    return y


# %% wrong assertion_instead_of_value_error -> filter_larger_than_the_image
def correlate2d(x, k):
    assert k.shape[0] <= x.shape[0] and k.shape[1] <= x.shape[1]
    return np.einsum("ijuv,uv->ij", np.lib.stride_tricks.sliding_window_view(x, k.shape), k)


# %% wrong padded_to_the_same_size -> rectangles_are_welcome
def correlate2d(x, k):
    kh, kw = k.shape
    if kh > x.shape[0] or kw > x.shape[1]:
        raise ValueError("too large")
    padded = np.pad(x, ((kh // 2, kh - 1 - kh // 2), (kw // 2, kw - 1 - kw // 2)))
    return np.einsum("ijuv,uv->ij", np.lib.stride_tricks.sliding_window_view(padded, k.shape), k)


# %% wrong a_view_for_the_identity of windows -> image_and_filter_stay
#   def correlate2d(x, k):
# +     if k.shape == (1, 1) and k[0, 0] == 1:
# +         return x


# %% wrong filter_normalised_in_place of windows -> image_and_filter_stay
# - return np.einsum("ijuv,uv->ij", windows, k)
# + y = np.einsum("ijuv,uv->ij", windows, k)
# + x *= 0
# + return y


# %% wrong two_by_two_and_three_by_three_only -> correlation_of_random_images
def correlate2d(x, k):
    if k.shape[0] > x.shape[0] or k.shape[1] > x.shape[1]:
        raise ValueError("too large")
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)
    y = np.einsum("ijuv,uv->ij", windows, k)
    return np.round(y, 2)


# %% wrong one_buffer_for_all_calls -> correlate2d_in_other_forms
# What an earlier call has returned changes with the next one of its shape.
buffers = {}


def correlate2d(x, k):
    if k.shape[0] > x.shape[0] or k.shape[1] > x.shape[1]:
        raise ValueError("the filter is larger than the image")
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)
    y = np.einsum("ijuv,uv->ij", windows, k)
    buffer = buffers.setdefault(y.shape, np.empty(y.shape))
    buffer[...] = y
    return buffer


# %% right fourier_transform
def correlate2d(x, k):
    (h, w), (kh, kw) = x.shape, k.shape
    if kh > h or kw > w:
        raise ValueError("filter too large")
    F = np.fft.rfft2(np.asarray(x, float), s=(h, w)) * np.conj(np.fft.rfft2(np.asarray(k, float), s=(h, w)))
    return np.fft.irfft2(F, s=(h, w))[: h - kh + 1, : w - kw + 1]


# %% wrong last_row_and_column_left_empty -> filter_is_not_flipped
# The right shape, of which the loops leave the last places out.
def correlate2d(x, k):
    (h, w), (kh, kw) = x.shape, k.shape
    if kh > h or kw > w:
        raise ValueError("too large")
    y = np.zeros((h - kh + 1, w - kw + 1))
    for i in range(h - kh):
        for j in range(w - kw):
            y[i, j] = (x[i : i + kh, j : j + kw] * k).sum()
    return y


# %% right sum_of_separable_filters
# Every filter is a sum of products of a column and a row.
def correlate2d(x, k):
    if len(k) > len(x) or len(k[0]) > len(x[0]):
        raise ValueError("too large")
    columns, sizes, rows = np.linalg.svd(np.asarray(k, dtype=float), full_matrices=False)
    y = 0
    for column, size, row in zip(columns.T, sizes, rows, strict=True):
        along = np.array([np.correlate(line, row, "valid") for line in np.asarray(x, dtype=float)])
        y = y + size * np.array([np.correlate(line, column, "valid") for line in along.T]).T
    return y


# %% wrong first_separable_filter_alone of sum_of_separable_filters -> filter_is_not_flipped
# Right for each filter of the picture but the diagonal one and Laplace's.
# - for column, size, row in zip(columns.T, sizes, rows, strict=True):
# + for column, size, row in [(columns[:, 0], sizes[0], rows[0])]:
