# %% nbgrader={"grade_id": "avg_pool_forward", "solution": true}
def avg_pool_forward(X, size, stride):
    """Keep the mean of every window, channel by channel.

    X: (n, c, h, w); size: the square window's side; stride: pixels per jump; no padding
    Returns Y: (n, c, h_out, w_out). ValueError if no window fits.
    """
    ### BEGIN SOLUTION
    n, c, h, w = X.shape
    Y = np.empty((n, c, conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)))
    for i, j in np.ndindex(Y.shape[2:]):
        top, left = i * stride, j * stride
        Y[:, :, i, j] = X[:, :, top : top + size, left : left + size].mean(axis=(2, 3))
    return Y
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_avg_pool_forward", "grade": true, "points": 1}
check("avg_pool_forward")

# %% [markdown]
# The lecture's example, and the edges of the photograph after three rounds of each. The maximum keeps thin lines alive; the
# mean spreads them over their surroundings. Each picture has a grey scale of its own, so read the largest value above it too.

# %% tags=["explore"]
pool_slide = np.array([[1, 3, 5, 3], [4, 2, 3, 1], [3, 1, 1, 3], [0, 1, 0, 4]])
largest, means = (pool(pool_slide[None, None], 2, 2)[0, 0] for pool in (max_pool_forward, avg_pool_forward))
winners = max_pool_backward(np.ones((1, 1, 2, 2)), pool_slide[None, None], 2, 2)[0, 0].astype(int)
plots.grids(
    {"image": pool_slide, "largest": largest, "mean": means, "who gets the gradient": winners},
    title="Windows of 2 × 2 that move by 2",
)

# %% tags=["explore"]
steep = np.hypot(edges_x, edges_y)[None, None]
by_max, by_mean = steep, steep
for _ in range(3):
    by_max, by_mean = max_pool_forward(by_max, 2, 2), avg_pool_forward(by_mean, 2, 2)
plots.panels(
    {
        f"edges, up to {steep.max():.2g}": steep[0, 0],
        f"largest, three times, up to {by_max.max():.2g}": by_max[0, 0],
        f"mean, three times, up to {by_mean.max():.2g}": by_mean[0, 0],
    },
    title="An edge survives the maximum better than the mean",
)


# %% visible
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


# %% hidden
STAND_INS["avg_pool_forward"] = (correlate2d, conv_output_size, conv_forward, im2col, conv_forward_im2col)


@checks("avg_pool_forward")
def means_of_random_windows(student: Student, rng: Rng) -> None:
    """Random images are averaged right at rectangular, overlapping and gappy sizes."""
    for *shape, size, stride in POOLS:
        X = rng.normal(size=shape)
        windows = im2col(X.reshape(-1, 1, *shape[2:]), size, size, stride, 0)
        right = windows.mean(axis=1).reshape(max_pool_forward(X, size, stride).shape)
        got = student.call("avg_pool_forward", X, size, stride)
        hint = "Compare with torch.nn.functional.avg_pool2d."
        expect_close(got, right, hint=hint, what=f"The result for {tuple(shape)}", rtol=1e-4, atol=1e-6)


# %% right sliding_windows
def avg_pool_forward(X, size, stride):
    windows = np.lib.stride_tricks.sliding_window_view(X, (size, size), axis=(2, 3))
    return windows[:, :, ::stride, ::stride].mean(axis=(4, 5), dtype=np.float32)


# %% right convolution_with_a_box
def avg_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    box, zero = np.full((1, 1, size, size), 1 / size**2), np.zeros(1)
    Y = np.asarray(conv_forward_im2col(X.reshape(n * c, 1, h, w), box, zero, stride, 0))
    return Y.reshape(n, c, *Y.shape[2:])


# %% right sum_of_shifted_images
def avg_pool_forward(X, size, stride):
    h, w = X.shape[2] - size, X.shape[3] - size
    if h < 0 or w < 0:
        raise ValueError("no window fits")
    total = 0.0
    for u in range(size):
        for v in range(size):
            total = total + X[:, :, u : u + h + 1 : stride, v : v + w + 1 : stride]
    return total / (size * size)


# %% right plain
def avg_pool_forward(X, size, stride):
    n, c, h, w = X.shape
    h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
    Y = np.empty((n, c, h_out, w_out))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
        Y[:, :, i, j] = window.mean(axis=(2, 3))
    return Y


# %% wrong truncated_to_the_images_dtype of plain -> means_of_the_slide
# - Y = np.empty((n, c, h_out, w_out))
# + Y = np.zeros((n, c, h_out, w_out), X.dtype)

# %% wrong sum of plain -> means_of_the_slide
# - Y[:, :, i, j] = window.mean(axis=(2, 3))
# + Y[:, :, i, j] = window.sum(axis=(2, 3))

# %% wrong divided_by_the_side of plain -> means_of_the_slide
# - Y[:, :, i, j] = window.mean(axis=(2, 3))
# + Y[:, :, i, j] = window.sum(axis=(2, 3)) / size

# %% wrong maximum of plain -> means_of_the_slide
# - Y[:, :, i, j] = window.mean(axis=(2, 3))
# + Y[:, :, i, j] = window.max(axis=(2, 3))

# %% wrong largest_and_smallest of plain -> means_of_the_slide
# - Y[:, :, i, j] = window.mean(axis=(2, 3))
# + Y[:, :, i, j] = (window.max(axis=(2, 3)) + window.min(axis=(2, 3))) / 2

# %% wrong channels_mixed of plain -> means_of_overlapping_windows
# - Y[:, :, i, j] = window.mean(axis=(2, 3))
# + Y[:, :, i, j] = window.mean(axis=(1, 2, 3))[:, None]

# %% wrong stride_taken_for_the_size of plain -> means_of_overlapping_windows
# - window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
# + window = X[:, :, i * stride : i * stride + stride, j * stride : j * stride + stride]

# %% wrong height_and_width_swapped of plain -> means_of_overlapping_windows
# - Y = np.empty((n, c, h_out, w_out))
# + Y = np.zeros((n, c, w_out, h_out))

# - window = X[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
# + window = X[:, :, j * stride : j * stride + size, i * stride : i * stride + size]

# %% wrong nothing_said_where_nothing_fits of plain -> no_window_to_average
# - h_out, w_out = conv_output_size(h, size, stride, 0), conv_output_size(w, size, stride, 0)
# - Y = np.empty((n, c, h_out, w_out))
# + h_out, w_out = (h - size) // stride + 1, (w - size) // stride + 1
# + Y = np.zeros((n, c, max(0, h_out), max(0, w_out)))

# %% wrong divided_by_four of plain -> means_of_random_windows
# - Y[:, :, i, j] = window.mean(axis=(2, 3))
# + Y[:, :, i, j] = window.sum(axis=(2, 3)) / {1: 2, 2: 4, 3: 9}[size]

# %% wrong images_as_they_lie_in_memory of plain -> avg_pool_forward_in_other_forms
#   def avg_pool_forward(X, size, stride):
# +     X = X.ravel(order="K").reshape(X.shape)


# %% wrong added_up_in_the_images_dtype -> avg_pool_forward_in_other_forms
# - Y[:, :, i, j] = X[:, :, top : top + size, left : left + size].mean(axis=(2, 3))
# + Y[:, :, i, j] = X[:, :, top : top + size, left : left + size].sum(axis=(2, 3), dtype=X.dtype) / size**2


# %% wrong short_windows_filled_with_zeros -> means_of_overlapping_windows
def avg_pool_forward(X, size, stride):
    h_out, w_out = -(-X.shape[2] // stride), -(-X.shape[3] // stride)
    padded = np.pad(X, ((0, 0), (0, 0), (0, size), (0, size)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), (2, 3))[:, :, ::stride, ::stride]
    return windows[:, :, :h_out, :w_out].mean(axis=(4, 5))
