# %% [markdown]
# ## 4 · A whole layer
#
# Now all of it: a batch $X$ of shape $(n, c_{\text{in}}, h, w)$, filters $W$ of shape $(c_{\text{out}}, c_{\text{in}},
# k_h, k_w)$, one bias for each filter. This order, images, channels, rows, columns, is called **NCHW**; pictures on
# disk are mostly NHWC. With $\tilde X$ the padded batch,
#
# $$Y_{n o i j} = b_o + \sum_{c,u,v} \tilde X_{n,\, c,\; i s + u,\; j s + v}\; W_{o c u v}.$$
#
# To turn NHWC into NCHW, *move* the axis (`transpose(0, 3, 1, 2)`). A `reshape` gives the same shape and reads the
# colours as if they were neighbouring pixels.

# %% nbgrader={"grade_id": "conv_forward", "solution": true}
def conv_forward(X, W, b, stride, pad):
    """Apply a layer of filters to a batch of images; loops will do.

    X: (n, c_in, h, w) images; W: (c_out, c_in, kh, kw) filters; b: (c_out,) biases
    stride: pixels per jump; pad: zeros added on each side, above, below, left and right
    Returns Y: (n, c_out, h_out, w_out). ValueError if no window fits.

    Hint: np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad))) pads rows and columns only.
    """
    ### BEGIN SOLUTION
    c_out, _, kh, kw = W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((len(padded), c_out, h_out, w_out))
    for a, o, i, j in np.ndindex(Y.shape):
        top, left = i * stride, j * stride
        window = padded[a, :, top : top + kh, left : left + kw]
        Y[a, o, i, j] = np.sum(window * W[o]) + b[o]
    return Y
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_conv_forward", "grade": true, "points": 4}
check("conv_forward")

# %% tags=["explore"]
ask("conv_forward", answer=None)  # about the lines that you wrote: "a", "b", "c" or "d"

# %% [markdown]
# It may use your `conv_output_size`, and later functions may use earlier ones wherever that helps. If an earlier one is
# wrong you lose nothing: grading repeats a failed check with right ones in their place.
#
# A filter with three channels can look for *colours*: below, one that answers to "red, but neither green nor blue", and
# one to an edge between blue and yellow. And the proof: PyTorch gives the same numbers.

# %% tags=["explore"]
red = np.array([1.0, -0.5, -0.5])[:, None, None] * np.ones((3, 3)) / 9
opponent = np.array([0.5, 0.5, -1.0])[:, None, None] * sobel_x
bank, bias = np.stack([red, opponent]), np.zeros(2)
batch = photo.transpose(2, 0, 1)[None]
maps = conv_forward(batch, bank, bias, stride=2, pad=1)
by_torch = torch.nn.functional.conv2d(torch.tensor(batch), torch.tensor(bank), stride=2, padding=1).numpy()
plots.panels({"the photograph": photo, "red": maps[0, 0], "blue against yellow": maps[0, 1]})
print(f"{batch.shape} → {maps.shape}, largest difference from PyTorch {np.abs(maps - by_torch).max():.1e}")


# %% ask
X = np.arange(108.0).reshape(1, 2, 6, 9) % 7
W = np.arange(60.0).reshape(5, 2, 3, 2) % 4
conv_forward(X, W, np.arange(1.0, 6.0), 2, 0)


# %% visible
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


# %% hidden
STAND_INS["conv_forward"] = (correlate2d, conv_output_size)


def conv_forward(X: Any, W: Any, b: Any, stride: Any, pad: Any) -> Any:
    """Return the result of a convolutional layer, one place within the window after the other."""
    (_, _, h, w), (_, _, kh, kw) = np.shape(X), np.shape(W)
    h_out, w_out = conv_output_size(h, kh, stride, pad), conv_output_size(w, kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = 0.0
    for u, v in np.ndindex(kh, kw):
        piece = padded[:, :, u : u + stride * (h_out - 1) + 1 : stride, v : v + stride * (w_out - 1) + 1 : stride]
        Y = Y + np.einsum("nchw,oc->nohw", piece, W[:, :, u, v])
    return Y + np.reshape(b, (1, -1, 1, 1))


@checks("conv_forward")
def layers_of_random_sizes(student: Student, rng: Rng) -> None:
    """Random layers are right at rectangular, strided, padded sizes with several channels."""
    for X, W, b, stride, pad in _layers(rng):
        got = student.call("conv_forward", X, W, b, stride, pad)
        right, what = conv_forward(X, W, b, stride, pad), _about(X, W, stride, pad)
        hint = "Compare with torch.nn.functional.conv2d: rows go with h and kh, columns with w and kw."
        expect_close(got, right, hint=hint, what=what, rtol=1e-4, atol=1e-5)


@checks("conv_forward")
def whole_numbers_are_pixels_too(student: Student, rng: Rng) -> None:
    """Images of whole numbers, as they come from a file, meet fractions without losing them."""
    X, W, b = rng.integers(0, 255, size=(1, 2, 4, 4)), rng.normal(size=(2, 2, 3, 3)), rng.normal(size=2)
    hint = "An array made with the images' dtype cannot hold fractions."
    expect_close(
        student.call("conv_forward", X, W, b, 1, 1), conv_forward(X, W, b, 1, 1), hint=hint, rtol=1e-4, atol=1e-4
    )


# %% right loops
def conv_forward(X, W, b, stride, pad):
    X, W = np.asarray(X), np.asarray(W)
    n, c_in, h, w = X.shape
    c_out, _, kh, kw = W.shape
    if kh > h + 2 * pad or kw > w + 2 * pad:
        raise ValueError("no window fits")
    h_out, w_out = (h + 2 * pad - kh) // stride + 1, (w + 2 * pad - kw) // stride + 1
    Y = np.zeros((n, c_out, h_out, w_out))
    for a in range(n):
        for o in range(c_out):
            for i in range(h_out):
                for j in range(w_out):
                    total = b[o]
                    for c in range(c_in):
                        for u in range(kh):
                            for v in range(kw):
                                y, x = i * stride + u - pad, j * stride + v - pad
                                if 0 <= y < h and 0 <= x < w:
                                    total += X[a, c, y, x] * W[o, c, u, v]
                    Y[a, o, i, j] = total
    return Y


# %% right tensordot_at_each_place
def conv_forward(X, W, b, stride, pad):
    h_out = conv_output_size(X.shape[2], W.shape[2], stride, pad)
    w_out = conv_output_size(X.shape[3], W.shape[3], stride, pad)
    padded = np.zeros((*X.shape[:2], X.shape[2] + 2 * pad, X.shape[3] + 2 * pad), np.float32)
    padded[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]] = X
    Y = np.empty((h_out, w_out, len(X), len(W)), np.float32)
    for i in range(h_out):
        for j in range(w_out):
            rows = slice(i * stride, i * stride + W.shape[2])
            columns = slice(j * stride, j * stride + W.shape[3])
            Y[i, j] = np.tensordot(padded[:, :, rows, columns], W, ([1, 2, 3], [1, 2, 3])) + b
    return Y.transpose(2, 3, 0, 1)


# %% right correlations_of_each_channel
def conv_forward(X, W, b, stride, pad):
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    return np.array(
        [
            [
                sum(correlate2d(image[c], W[o, c]) for c in range(len(image)))[::stride, ::stride] + b[o]
                for o in range(len(W))
            ]
            for image in padded
        ]
    )


# %% right torch
def conv_forward(X, W, b, stride, pad):
    import torch

    conv_output_size(X.shape[2], W.shape[2], stride, pad)
    conv_output_size(X.shape[3], W.shape[3], stride, pad)
    X, W, b = (torch.tensor(np.asarray(part), dtype=torch.float64) for part in (X, W, b))
    return torch.nn.functional.conv2d(X, W, b, stride, pad)


# %% right bias_as_a_column
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    h_out, w_out = conv_output_size(X.shape[2], kh, stride, pad), conv_output_size(X.shape[3], kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((n, c_out, h_out, w_out))
    for i, j in np.ndindex(h_out, w_out):
        window = padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
        Y[:, :, i, j] = np.tensordot(window, W, axes=([1, 2, 3], [1, 2, 3]))
    return Y + b[:, None, None]


# %% wrong flipped_kernel -> one_channel_one_filter
# - Y[a, o, i, j] = np.sum(window * W[o]) + b[o]
# + Y[a, o, i, j] = np.sum(window * W[o][:, ::-1, ::-1]) + b[o]

# %% wrong only_channel_0 -> channels_and_filters
# - window = padded[a, :, top : top + kh, left : left + kw]
# - Y[a, o, i, j] = np.sum(window * W[o]) + b[o]
# + window = padded[a, 0, top : top + kh, left : left + kw]
# + Y[a, o, i, j] = np.sum(window * W[o, 0]) + b[o]

# %% wrong filter_0_for_all_channels -> channels_and_filters
# - Y[a, o, i, j] = np.sum(window * W[o]) + b[o]
# + Y[a, o, i, j] = np.sum(window * W[o, 0]) + b[o]

# %% wrong bias_forgotten -> channels_and_filters
# - Y[a, o, i, j] = np.sum(window * W[o]) + b[o]
# + Y[a, o, i, j] = np.sum(window * W[o])

# %% wrong bias_inside_the_sum -> channels_and_filters
# - Y[a, o, i, j] = np.sum(window * W[o]) + b[o]
# + Y[a, o, i, j] = np.sum(window * W[o] + b[o])

# %% wrong bias_for_each_channel -> channels_and_filters
# - Y[a, o, i, j] = np.sum(window * W[o]) + b[o]
# + Y[a, o, i, j] = np.sum(window * W[o]) + b[o] * len(window)

# %% wrong stride_ignored_in_the_slice -> stride_moves_the_window
# - top, left = i * stride, j * stride
# + top, left = i, j

# %% wrong padding_ignored_in_the_slice -> padding_is_zeros_all_around
# - padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
# + padded = np.pad(X, ((0, 0), (0, 0), (0, 2 * pad), (0, 2 * pad)))

# %% wrong edge_repeated_as_padding -> padding_is_zeros_all_around
# - padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
# + padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="edge")

# %% wrong channels_padded_too -> padding_is_zeros_all_around
# - padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
# + padded = np.pad(X, pad)

# %% wrong first_image_for_all -> images_do_not_mix
# - window = padded[a, :, top : top + kh, left : left + kw]
# + window = padded[0, :, top : top + kh, left : left + kw]

# %% wrong images_added_up -> images_do_not_mix
# - window = padded[a, :, top : top + kh, left : left + kw]
# + window = padded[:, :, top : top + kh, left : left + kw]

# %% wrong rounded_to_whole_numbers -> layers_of_random_sizes
# - Y = np.zeros((len(padded), c_out, h_out, w_out))
# + Y = np.zeros((len(padded), c_out, h_out, w_out), dtype=int)

# %% wrong truncated_to_the_images_dtype -> whole_numbers_are_pixels_too
# - Y = np.zeros((len(padded), c_out, h_out, w_out))
# + Y = np.zeros((len(padded), c_out, h_out, w_out), dtype=X.dtype)

# %% wrong relu_after_it -> layers_of_random_sizes
# - return Y
# + return np.maximum(Y, 0)

# %% wrong inputs_padded_in_place -> layer_leaves_its_inputs_alone
# - return Y
# + return Y if X.__imul__(0) is X else Y

# %% wrong stride_for_rows_only -> stride_moves_the_window
# - top, left = i * stride, j * stride
# + top, left = i * stride, j


# %% wrong height_and_width_swapped -> height_is_not_width
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    w_out = conv_output_size(X.shape[2], kh, stride, pad)
    h_out = conv_output_size(X.shape[3], kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((n, c_out, h_out, w_out))
    for a, o, i, j in np.ndindex(Y.shape):
        window = padded[a, :, j * stride : j * stride + kh, i * stride : i * stride + kw]
        Y[a, o, i, j] = np.sum(window * W[o]) + b[o]
    return Y


# %% wrong square_images_assumed -> height_is_not_width
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    size = conv_output_size(X.shape[2], kh, stride, pad)
    conv_output_size(X.shape[3], kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((n, c_out, size, size))
    for a, o, i, j in np.ndindex(Y.shape):
        window = padded[a, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
        Y[a, o, i, j] = np.sum(window * W[o][:, :, : window.shape[2]]) + b[o]
    return Y


# %% wrong rounded_up -> height_is_not_width
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    if kh > X.shape[2] + 2 * pad or kw > X.shape[3] + 2 * pad:
        raise ValueError("no window fits")
    h_out = -((X.shape[2] + 2 * pad - kh) // -stride) + 1
    w_out = -((X.shape[3] + 2 * pad - kw) // -stride) + 1
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad + stride), (pad, pad + stride)))
    Y = np.zeros((n, c_out, h_out, w_out))
    for a, o, i, j in np.ndindex(Y.shape):
        window = padded[a, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
        Y[a, o, i, j] = np.sum(window * W[o]) + b[o]
    return Y


# %% wrong channels_last -> channels_and_filters
def conv_forward(X, W, b, stride, pad):
    return conv_backwards_order(X, W, b, stride, pad)


def conv_backwards_order(X, W, b, stride, pad):
    h_out = conv_output_size(X.shape[2], W.shape[2], stride, pad)
    w_out = conv_output_size(X.shape[3], W.shape[3], stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((len(X), h_out, w_out, len(W)))
    for a, i, j, o in np.ndindex(Y.shape):
        window = padded[a, :, i * stride : i * stride + W.shape[2], j * stride : j * stride + W.shape[3]]
        Y[a, i, j, o] = np.sum(window * W[o]) + b[o]
    return Y


# %% wrong reshaped_into_nchw -> channels_and_filters
def conv_forward(X, W, b, stride, pad):
    h_out = conv_output_size(X.shape[2], W.shape[2], stride, pad)
    w_out = conv_output_size(X.shape[3], W.shape[3], stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((len(X), h_out, w_out, len(W)))
    for a, i, j, o in np.ndindex(Y.shape):
        window = padded[a, :, i * stride : i * stride + W.shape[2], j * stride : j * stride + W.shape[3]]
        Y[a, i, j, o] = np.sum(window * W[o]) + b[o]
    return Y.reshape(len(X), len(W), h_out, w_out)


# %% wrong bias_added_to_columns -> channels_and_filters
def conv_forward(X, W, b, stride, pad):
    h_out = conv_output_size(X.shape[2], W.shape[2], stride, pad)
    w_out = conv_output_size(X.shape[3], W.shape[3], stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((len(X), len(W), h_out, w_out))
    for a, o, i, j in np.ndindex(Y.shape):
        window = padded[a, :, i * stride : i * stride + W.shape[2], j * stride : j * stride + W.shape[3]]
        Y[a, o, i, j] = np.sum(window * W[o]) + b[j % len(b)]
    return Y


# %% wrong nothing_said_where_nothing_fits -> no_window_in_the_batch
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    h_out, w_out = (X.shape[2] + 2 * pad - kh) // stride + 1, (X.shape[3] + 2 * pad - kw) // stride + 1
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((n, c_out, h_out, w_out))
    for a, o, i, j in np.ndindex(Y.shape):
        window = padded[a, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
        Y[a, o, i, j] = np.sum(window * W[o]) + b[o]
    return Y


# %% wrong images_as_they_lie_in_memory -> conv_forward_in_other_forms
# - padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
# + padded = np.pad(X.ravel(order="K").reshape(X.shape), ((0, 0), (0, 0), (pad, pad), (pad, pad)))


# %% right einsum_over_windows
def conv_forward(X, W, b, stride, pad):
    conv_output_size(X.shape[2], W.shape[2], stride, pad), conv_output_size(X.shape[3], W.shape[3], stride, pad)
    P = np.pad(X, [(0, 0)] * 2 + [(pad, pad)] * 2)
    V = np.lib.stride_tricks.sliding_window_view(P, W.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("nchwuv,kcuv->nkhw", V, W) + np.expand_dims(b, (0, 2, 3))


# %% wrong made_like_the_filters -> conv_forward_in_other_forms
def conv_forward(X, W, b, stride, pad):
    n, (c_out, _, kh, kw) = len(X), W.shape
    h, w = (conv_output_size(s, k, stride, pad) for s, k in zip(X.shape[2:], (kh, kw)))
    P = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((n, c_out, h, w), dtype=W.dtype)
    for i, j in np.ndindex(h, w):
        Y[:, :, i, j] = (
            np.tensordot(
                P[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw], W, axes=([1, 2, 3], [1, 2, 3])
            )
            + b
        )
    return Y


# %% wrong all_padding_above_and_left -> padding_is_zeros_all_around
# The right shape, from an image that has moved.
def conv_forward(X, W, b, stride, pad):
    P = np.pad(X, ((0, 0), (0, 0), (2 * pad, 0), (2 * pad, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(P, W.shape[2:], (2, 3))[:, :, ::stride, ::stride]
    return np.einsum("ncijuv,ocuv->noij", windows, W) + np.reshape(b, (-1, 1, 1))


# %% right by_fourier_transform
def conv_forward(X, W, b, stride, pad):
    P = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (h, w), (kh, kw) = P.shape[2:], W.shape[2:]
    if kh > h or kw > w:
        raise ValueError("no window fits")
    turned = np.fft.rfft2(W[:, :, ::-1, ::-1], s=(h, w))
    Y = np.fft.irfft2(np.einsum("nchw,ochw->nohw", np.fft.rfft2(P), turned), s=(h, w))
    return Y[:, :, kh - 1 :: stride, kw - 1 :: stride] + np.reshape(b, (-1, 1, 1))
