# %% [markdown]
# ## 6 · One matrix product
#
# Multiply, add the bias, and bring the result into the right order: the product has a row for every (image, y, x) and a
# column for every filter, while $Y$ should be $(n, c_{\text{out}}, h_{\text{out}}, w_{\text{out}})$. A reshape alone
# cannot do that; an axis has to move.

# %% nbgrader={"grade_id": "conv_forward_im2col", "solution": true}
def conv_forward_im2col(X, W, b, stride, pad):
    """Do what conv_forward does, by one matrix product.

    X: (n, c_in, h, w); W: (c_out, c_in, kh, kw); b: (c_out,); stride, pad: as above
    Returns Y: (n, c_out, h_out, w_out). ValueError if no window fits.

    Rule: no Python loop over images or places, and no conv_forward; the check counts Python's steps.
    Hint: unroll, multiply, reshape to (n, h_out, w_out, c_out), then move the last axis.
    """
    ### BEGIN SOLUTION
    n, (c_out, _, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    cols = im2col(X, kh, kw, stride, pad)
    rows = cols @ W.reshape(c_out, cols.shape[1]).T + b
    return rows.reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_conv_forward_im2col", "grade": true, "points": 2}
check("conv_forward_im2col")

# %% [markdown]
# Equal to the loops, and how much faster? The same layer, 16 filters of 3 × 3 on small colour images. Beside it is
# PyTorch's own convolution, on one thread. **Guess first**, here and wherever a cell says `my_guess = None`: put a number in place of
# `None`. It is drawn beside what comes out.

# %% tags=["explore"]
my_guess = None  # how many times as fast as the loops is im2col

# %% tags=["explore"]
threads = torch.get_num_threads()
torch.set_num_threads(1)
rng = np.random.default_rng(0)
W16, b16 = rng.normal(size=(16, 3, 3, 3)).astype(np.float32), np.zeros(16, np.float32)
ways = {
    "loops": conv_forward,
    "im2col": conv_forward_im2col,
    "PyTorch": lambda X, W, b, s, p: torch.nn.functional.conv2d(
        *map(torch.tensor, (X, W, b)), stride=s, padding=p
    ).numpy(),
}
seconds, answers = {}, {}
for way, layer in ways.items():
    sizes = [1, 2] if way == "loops" else [1, 2, 8, 32, 128]
    taken = []
    for n in sizes:
        images = np.random.default_rng(n).normal(size=(n, 3, 32, 32)).astype(np.float32)
        tries = []
        for _ in range(2 if way == "loops" else 10):
            begin = time.perf_counter()
            answers[way, n] = layer(images, W16, b16, 1, 1)
            tries.append(time.perf_counter() - begin)
        taken.append(min(tries))
    seconds[way] = (np.array(sizes), np.array(taken))
torch.set_num_threads(threads)
plots.curves(
    {way: (n, 1e3 * taken) for way, (n, taken) in seconds.items()},
    xlabel="images in the batch",
    ylabel="milliseconds",
    title="16 filters 3 × 3 on 32 × 32 colour images",
    log="xy",
    markers=True,
    guess=None if my_guess is None else (seconds["loops"][0], 1e3 * seconds["loops"][1] / my_guess),
)
print(f"largest difference between loops and im2col: {np.abs(answers['loops', 2] - answers['im2col', 2]).max():.1e}")
print(f"for two images im2col is {seconds['loops'][1][1] / seconds['im2col'][1][1]:.0f} times as fast as the loops")


# %% visible
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


# %% hidden
STAND_INS["conv_forward_im2col"] = (conv_output_size, im2col)


def conv_forward_im2col(X: Any, W: Any, b: Any, stride: Any, pad: Any) -> Any:
    """Return the result of a convolutional layer."""
    return conv_forward(X, W, b, stride, pad)


@checks("conv_forward_im2col")
def products_of_random_sizes(student: Student, rng: Rng) -> None:
    """Random layers are right at rectangular, strided, padded sizes with several channels."""
    for X, W, b, stride, pad in _layers(rng):
        got = student.call("conv_forward_im2col", X, W, b, stride, pad)
        right, what = conv_forward(X, W, b, stride, pad), _about(X, W, stride, pad)
        hint = "The product's rows are places: reshape to (n, h_out, w_out, c_out), then transpose(0, 3, 1, 2)."
        expect_close(got, right, hint=hint, what=what, rtol=1e-4, atol=1e-5)


# %% right moveaxis
def conv_forward_im2col(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = X.shape[0], W.shape
    h_out = (X.shape[2] + 2 * pad - kh) // stride + 1
    rows = np.dot(im2col(X, kh, kw, stride, pad), W.reshape(c_out, -1).T)
    return np.moveaxis((rows + b).reshape(n, h_out, -1, c_out), -1, 1)


# %% right filters_first
def conv_forward_im2col(X, W, b, stride, pad):
    c_out, _, kh, kw = W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    Y = W.reshape(c_out, -1) @ im2col(X, kh, kw, stride, pad).T + np.reshape(b, (-1, 1))
    return Y.reshape(c_out, len(X), h_out, w_out).swapaxes(0, 1)


# %% right einsum_in_float32
def conv_forward_im2col(X, W, b, stride, pad):
    h_out = conv_output_size(X.shape[2], W.shape[2], stride, pad)
    w_out = conv_output_size(X.shape[3], W.shape[3], stride, pad)
    cols = np.asarray(im2col(X, *W.shape[2:], stride, pad), np.float32).reshape(len(X), h_out, w_out, -1)
    return np.einsum("nijk,ok->noij", cols, W.reshape(len(W), -1)).astype(np.float32) + b[:, None, None]


# %% right windows_without_im2col
def conv_forward_im2col(X, W, b, stride, pad):
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, W.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.tensordot(windows, W, ([1, 4, 5], [1, 2, 3])).transpose(0, 3, 1, 2) + np.reshape(b, (1, -1, 1, 1))


# %% right plain
def conv_forward_im2col(X, W, b, stride, pad):
    n, (c_out, c_in, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    cols = im2col(X, kh, kw, stride, pad)
    return (cols @ W.reshape(c_out, -1).T + b).reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)


# %% right gathered_by_index_arrays
def conv_forward_im2col(X, W, b, stride, pad):
    c_out, c_in, kh, kw = W.shape
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    h_out, w_out = (padded.shape[2] - kh) // stride + 1, (padded.shape[3] - kw) // stride + 1
    c, u, v = (index.reshape(-1, 1) for index in np.indices((c_in, kh, kw)))
    i, j = (stride * index.reshape(1, -1) for index in np.indices((h_out, w_out)))
    ones = np.ones((len(X), 1, h_out * w_out))
    cols = np.concatenate([padded[:, c, u + i, v + j], ones], axis=1)
    filters = np.concatenate([W.reshape(c_out, -1), b.reshape(-1, 1)], axis=1)
    return (filters @ cols).reshape(len(X), c_out, h_out, w_out)


# %% right a_product_for_each_place_in_the_window
def conv_forward_im2col(X, W, b, stride, pad):
    kh, kw = W.shape[2:]
    h_out, w_out = conv_output_size(X.shape[2], kh, stride, pad), conv_output_size(X.shape[3], kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    pieces = [
        padded[:, :, u : u + stride * h_out : stride, v : v + stride * w_out : stride]
        for u in range(kh)
        for v in range(kw)
    ]
    cols = np.stack(pieces, axis=2).reshape(len(X), -1, h_out * w_out)
    return (W.reshape(len(W), -1) @ cols).reshape(len(X), -1, h_out, w_out) + b[:, None, None]


# %% wrong reshaped_without_moving_the_axis of plain -> product_in_the_right_order
# - return (cols @ W.reshape(c_out, -1).T + b).reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)
# + return (cols @ W.reshape(c_out, -1).T + b).reshape(n, c_out, h_out, w_out)

# %% wrong filters_reshaped_instead_of_transposed of plain -> product_in_the_right_order
# - return (cols @ W.reshape(c_out, -1).T + b).reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)
# + rows = cols @ W.reshape(-1, c_out) + b
# + return rows.reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)

# %% wrong channels_last of plain -> product_in_the_right_order
# - return (cols @ W.reshape(c_out, -1).T + b).reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)
# + return (cols @ W.reshape(c_out, -1).T + b).reshape(n, h_out, w_out, c_out)

# %% wrong bias_forgotten of plain -> product_in_the_right_order
# - return (cols @ W.reshape(c_out, -1).T + b).reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)
# + return (cols @ W.reshape(c_out, -1).T).reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)

# %% wrong bias_added_to_columns of plain -> product_in_the_right_order
# - return (cols @ W.reshape(c_out, -1).T + b).reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)
# + rows = cols @ W.reshape(c_out, -1).T
# + Y = rows.reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)
# + return Y + np.resize(b, w_out)

# %% wrong flipped_kernel of plain -> product_of_one_channel
# - return (cols @ W.reshape(c_out, -1).T + b).reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)
# + rows = cols @ W[:, :, ::-1, ::-1].reshape(c_out, -1).T + b
# + return rows.reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)

# %% wrong transposed_kernel of plain -> product_of_one_channel
# - return (cols @ W.reshape(c_out, -1).T + b).reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)
# + rows = cols @ W.transpose(0, 1, 3, 2).reshape(c_out, -1).T + b
# + return rows.reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)

# %% wrong height_and_width_swapped of plain -> product_of_a_rectangle
# - return (cols @ W.reshape(c_out, -1).T + b).reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)
# + rows = cols @ W.reshape(c_out, -1).T + b
# + return rows.reshape(n, w_out, h_out, c_out).transpose(0, 3, 1, 2)

# %% wrong rows_and_columns_transposed of plain -> product_of_a_rectangle
# - return (cols @ W.reshape(c_out, -1).T + b).reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)
# + rows = cols @ W.reshape(c_out, -1).T + b
# + return rows.reshape(n, h_out, w_out, c_out).transpose(0, 3, 2, 1)

# %% wrong images_mixed_with_filters of plain -> product_of_two_images
# - return (cols @ W.reshape(c_out, -1).T + b).reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)
# + return (W.reshape(c_out, -1) @ cols.T + np.reshape(b, (-1, 1))).reshape(n, c_out, h_out, w_out)


# %% wrong calls_the_loops -> no_loop_over_images_or_places
def conv_forward_im2col(X, W, b, stride, pad):
    return conv_forward(X, W, b, stride, pad)


# %% wrong a_product_for_each_image -> no_loop_over_images_or_places
def conv_forward_im2col(X, W, b, stride, pad):
    Y = []
    for image in X:
        h_out = conv_output_size(X.shape[2], W.shape[2], stride, pad)
        rows = im2col(image[None], *W.shape[2:], stride, pad) @ W.reshape(len(W), -1).T + b
        Y.append(rows.T.reshape(len(W), h_out, -1))
    return np.array(Y)


# %% wrong bias_added_into_the_callers_array of plain -> product_leaves_its_inputs_alone
# - return (cols @ W.reshape(c_out, -1).T + b).reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)
# + b += 0.5
# + rows = cols @ W.reshape(c_out, -1).T + (b - 0.5)
# + return rows.reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)


# %% wrong strides_of_one_and_two_only -> products_of_random_sizes
# - n, (c_out, _, kh, kw) = len(X), W.shape
# + stride = min(stride, 2)
# + n, (c_out, c_in, kh, kw) = len(X), W.shape

# - rows = cols @ W.reshape(c_out, cols.shape[1]).T + b
# + rows = cols @ W.reshape(c_out, -1).T + b


# %% wrong images_last_as_in_other_courses of plain -> product_of_two_images
# CS231n's im2col goes through the images fastest; this one goes through them slowest.
# - return (cols @ W.reshape(c_out, -1).T + b).reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)
# + Y = W.reshape(c_out, -1) @ cols.T + b.reshape(-1, 1)
# + return Y.reshape(c_out, h_out, w_out, n).transpose(3, 0, 1, 2)


# %% wrong loops_in_a_helper -> no_loop_over_images_or_places
def one_place(window, W, b):
    return (W * window).sum(axis=(1, 2, 3)) + b


def all_places(padded, W, b, stride, h_out, w_out):
    kh, kw = W.shape[2:]
    starts = [(i * stride, j * stride) for i in range(h_out) for j in range(w_out)]
    return [one_place(padded[:, top : top + kh, left : left + kw], W, b) for top, left in starts]


def conv_forward_im2col(X, W, b, stride, pad):
    h_out = conv_output_size(X.shape[2], W.shape[2], stride, pad)
    w_out = conv_output_size(X.shape[3], W.shape[3], stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    rows = np.array(list(map(lambda image: all_places(image, W, b, stride, h_out, w_out), padded)))
    return rows.reshape(len(X), h_out, w_out, -1).transpose(0, 3, 1, 2)


# %% wrong rows_like_the_images of plain -> conv_forward_im2col_in_other_forms_on_other_data
# - return (cols @ W.reshape(c_out, -1).T + b).reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)
# + rows = (cols @ W.reshape(c_out, -1).T + b).astype(X.dtype)
# + return rows.reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)
