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

    Hint: unroll, multiply, reshape to (n, h_out, w_out, c_out), then move the last axis.
    """
    ### BEGIN SOLUTION
    n, (c_out, _, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    rows = im2col(X, kh, kw, stride, pad) @ W.reshape(c_out, -1).T + b
    return rows.reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_conv_forward_im2col", "grade": true, "points": 2}
check("conv_forward_im2col")

# %% [markdown]
# Equal to the loops, and how much faster? The same layer, 16 filters of 3 × 3 on small colour images. Beside it is
# PyTorch's own convolution, on one thread.

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
def one_product_and_no_loop(student: Student, rng: Rng) -> None:
    """There is no loop in the function, and it does not call conv_forward."""
    got = student.call("conv_forward_im2col", X_TWO, W_TWO, B_TWO, 1, 0)
    expect_shape(got, (1, 2, 2, 2), hint="First return a result of the right form; then this check looks for loops.")
    tree = ast.parse(student.source("conv_forward_im2col"))
    found = [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "conv_forward_im2col"
    ]
    nodes = [node for function in found for node in ast.walk(function)]
    loops = [node for node in nodes if isinstance(node, ast.For | ast.While | ast.comprehension)]
    calls = [node for node in nodes if isinstance(node, ast.Name) and node.id == "conv_forward"]
    hint = "im2col has cut out the windows already: one matrix product does the rest."
    expect(not loops, "There is a loop in it.", got=f"{len(loops)} loops" if len(loops) > 1 else "1 loop", hint=hint)
    expect(not calls, "It calls conv_forward.", got="conv_forward", hint=hint)


@checks("conv_forward_im2col")
def product_leaves_its_inputs_alone(student: Student, rng: Rng) -> None:
    """X, W and b are what they were before the call."""
    got = student.call("conv_forward_im2col", X_TWO, W_TWO, B_TWO, 1, 1)
    expect_shape(got, (1, 2, 4, 4), hint=RIGHT_FIRST)
    expect_inputs_unchanged(student)


# %% hidden
STAND_INS["conv_forward_im2col"] = (conv_output_size, conv_forward, im2col)


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

# %% wrong images_mixed_with_filters of plain -> products_of_random_sizes
# - return (cols @ W.reshape(c_out, -1).T + b).reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)
# + return (W.reshape(c_out, -1) @ cols.T + np.reshape(b, (-1, 1))).reshape(n, c_out, h_out, w_out)


# %% wrong calls_the_loops -> one_product_and_no_loop
def conv_forward_im2col(X, W, b, stride, pad):
    return conv_forward(X, W, b, stride, pad)


# %% wrong a_product_for_each_image -> one_product_and_no_loop
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
def conv_forward_im2col(X, W, b, stride, pad):
    stride = min(stride, 2)
    n, (c_out, c_in, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    cols = im2col(X, kh, kw, stride, pad)
    rows = cols @ W.reshape(c_out, -1).T + b
    return rows.reshape(n, h_out, w_out, c_out).transpose(0, 3, 1, 2)


# %% survivors
# - rows = im2col(X, kh, kw, stride, pad) @ W.reshape(c_out, -1).T + b
# + rows = im2col(X, kh, kw, stride, pad) @ W.reshape(c_out, -2).T + b
# NumPy takes any negative length for "whatever is left".
