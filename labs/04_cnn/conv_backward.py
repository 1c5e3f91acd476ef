# %% [markdown]
# ## 8 · Learning the filters
#
# The layer is a matrix product, so its gradients are those of one, with $dY_{\text{flat}}$ of shape
# $(n\,h_{\text{out}}w_{\text{out}},\, c_{\text{out}})$, in the row order of im2col:
#
# $$dW_{\text{flat}} = dY_{\text{flat}}^\top\, \text{cols}, \qquad
# d\text{cols} = dY_{\text{flat}}\, W_{\text{flat}}, \qquad db = \text{sum of the rows of } dY_{\text{flat}}.$$
#
# A filter is used at every place of every image, so its gradient is a sum over all of them; its bias, too. And $dX$ is
# $d\text{cols}$ rolled up. Nothing is averaged here: the mean over the batch already sits in $dY$.

# %% nbgrader={"grade_id": "conv_backward", "solution": true}
def conv_backward(dY, X, W, stride, pad):
    """Return the gradients of a layer, given that of its result.

    dY: (n, c_out, h_out, w_out), the gradient of the loss along Y = conv_forward(X, W, b, stride, pad)
    X: (n, c_in, h, w); W: (c_out, c_in, kh, kw); stride, pad: as in the forward pass
    Returns (dX, dW, db), shaped like X, W and b.

    Hint: dY must be brought to (n·h_out·w_out, c_out): move the channel axis to the end first.
    """
    ### BEGIN SOLUTION
    c_out, _, kh, kw = W.shape
    cols = im2col(X, kh, kw, stride, pad)
    rows = dY.transpose(0, 2, 3, 1).reshape(len(cols), c_out)
    dW = (rows.T @ cols).reshape(W.shape)
    dX = col2im(rows @ W.reshape(c_out, cols.shape[1]), X.shape, kh, kw, stride, pad)
    return dX, dW, rows.sum(axis=0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_conv_backward", "grade": true, "points": 4}
check("conv_backward")

# %% tags=["explore"]
ask("conv_backward", answer=None)  # about the lines that you wrote: "a", "b", "c" or "d"

# %% [markdown]
# A gradient check only shows that a function agrees with itself; a second opinion is worth more. Here is PyTorch's, at
# sizes where nothing is square and nothing divides evenly: 5 × 7 images, 2 × 3 filters, stride 2, padding 1, two
# channels to three.

# %% tags=["explore"]
rng = np.random.default_rng(1)
X, W, b = rng.normal(size=(4, 2, 5, 7)), rng.normal(size=(3, 2, 2, 3)), rng.normal(size=3)
tensors = [torch.tensor(array, requires_grad=True) for array in (X, W, b)]
Y_torch = torch.nn.functional.conv2d(*tensors, stride=2, padding=1)
dY = rng.normal(size=tuple(Y_torch.shape))
Y_torch.backward(torch.tensor(dY))
print(
    f"Y   largest difference from PyTorch {np.abs(conv_forward_im2col(X, W, b, 2, 1) - Y_torch.detach().numpy()).max():.1e}"
)
for name, mine, theirs in zip(("dX", "dW", "db"), conv_backward(dY, X, W, 2, 1), tensors):
    print(f"{name}  largest difference from PyTorch {np.abs(mine - theirs.grad.numpy()).max():.1e}")

# %% [markdown]
# Gradients find filters. Below, a 3 × 3 filter begins as noise. All that it gets to see is the photograph, and what the
# edge filter of section 1 made of it; gradient descent on the squared difference does the rest.

# %% tags=["explore"]
small = (grey - grey.mean())[None, None, ::2, ::2]
target = conv_forward_im2col(small, sobel_x[None, None], np.zeros(1), 1, 1)
guess, shown = np.random.default_rng(2).normal(size=(1, 1, 3, 3)), {}
for step in range(2001):
    if step in (0, 20, 200, 2000):
        shown[f"after {step} steps"] = np.round(guess[0, 0], 2) + 0.0
    dY = 2 * (conv_forward_im2col(small, guess, np.zeros(1), 1, 1) - target) / target.size
    guess = guess - 1.0 * conv_backward(dY, small, guess, 1, 1)[1]
plots.grids({**shown, "the true one": sobel_x}, title="A filter is learnt from what it does")

# %% ask
X = np.arange(80.0).reshape(1, 2, 5, 8) % 7
W = np.arange(120.0).reshape(3, 2, 4, 5) % 4
dY = np.arange(72.0).reshape(1, 3, 4, 6) % 5
conv_backward(dY, X, W, 1, 1)


# %% visible
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


# %% hidden
STAND_INS["conv_backward"] = (correlate2d, conv_output_size, conv_forward, im2col, conv_forward_im2col, col2im)


@checks("conv_backward")
def gradients_of_random_layers(student: Student, rng: Rng) -> None:
    """dX, dW and db are right at rectangular, strided, padded sizes with several channels."""
    for X, W, b, stride, pad in _layers(rng):
        dY = rng.normal(size=conv_forward(X, W, b, stride, pad).shape)
        got = student.call("conv_backward", dY, X, W, stride, pad)
        parts = expect_parts(got, ("dX", "dW", "db"), hint="Return dX, dW, db.")
        places = np.moveaxis(dY, 1, -1).reshape(-1, len(W))
        kh, kw = W.shape[2:]
        unrolled = im2col(X, kh, kw, stride, pad)
        right = (
            col2im(np.einsum("po,ok->pk", places, W.reshape(len(W), -1)), X.shape, kh, kw, stride, pad),
            np.einsum("po,pk->ok", places, unrolled).reshape(W.shape),
            np.einsum("nohw->o", dY),
        )
        hint = "Compare with the gradients that torch.nn.functional.conv2d leaves in X.grad, W.grad and b.grad."
        for name, value, expected in zip(("dX", "dW", "db"), parts, right, strict=True):
            what = f"{name} for X {X.shape}, W {W.shape}, stride {stride}, pad {pad}"
            expect_close(value, expected, hint=hint, what=what, rtol=1e-4, atol=1e-5)


# %% right loops
def conv_backward(dY, X, W, stride, pad):
    c_out, _, kh, kw = W.shape
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dP, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for a, o, i, j in np.ndindex(dY.shape):
        rows, columns = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
        dW[o] += dY[a, o, i, j] * padded[a, :, rows, columns]
        dP[a, :, rows, columns] += dY[a, o, i, j] * W[o]
    dX = dP[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]]
    return dX, dW, dY.sum(axis=(0, 2, 3))


# %% right slices
def conv_backward(dY, X, W, stride, pad):
    h_out, w_out = dY.shape[2:]
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad))).astype(np.float32)
    dP, dW = np.zeros_like(padded), np.zeros(W.shape, np.float32)
    for u in range(W.shape[2]):
        for v in range(W.shape[3]):
            place = np.s_[:, :, u : u + (h_out - 1) * stride + 1 : stride, v : v + (w_out - 1) * stride + 1 : stride]
            dW[:, :, u, v] = np.tensordot(dY, padded[place], ([0, 2, 3], [0, 2, 3]))
            dP[place] += np.einsum("nohw,oc->nchw", dY, W[:, :, u, v])
    bottom, right = dP.shape[2] - pad, dP.shape[3] - pad
    return [dP[:, :, pad:bottom, pad:right], dW, np.einsum("nohw->o", dY)]


# %% right torch
def conv_backward(dY, X, W, stride, pad):
    import torch

    X, W = (torch.tensor(part, dtype=torch.float64, requires_grad=True) for part in (X, W))
    b = torch.zeros(len(W), dtype=torch.float64, requires_grad=True)
    torch.nn.functional.conv2d(X, W, b, stride, pad).backward(torch.tensor(dY, dtype=torch.float64))
    return X.grad, W.grad, b.grad


# %% wrong dw_flipped of loops -> gradient_of_the_filter
# - return dX, dW, dY.sum(axis=(0, 2, 3))
# + return dX, dW[:, :, ::-1, ::-1], dY.sum(axis=(0, 2, 3))

# %% wrong dw_overwritten of loops -> gradient_of_the_filter
# - dW[o] += dY[a, o, i, j] * padded[a, :, rows, columns]
# + dW[o] = dY[a, o, i, j] * padded[a, :, rows, columns]

# %% wrong dw_averaged of loops -> gradient_of_the_filter
# - return dX, dW, dY.sum(axis=(0, 2, 3))
# + return dX, dW / (dY.size / c_out), dY.sum(axis=(0, 2, 3))

# %% wrong dw_transposed of loops -> gradient_of_the_filter
# - return dX, dW, dY.sum(axis=(0, 2, 3))
# + return dX, dW.transpose(0, 1, 3, 2), dY.sum(axis=(0, 2, 3))

# %% wrong dx_with_the_flipped_filter of loops -> gradient_of_the_image
# - dP[a, :, rows, columns] += dY[a, o, i, j] * W[o]
# + dP[a, :, rows, columns] += dY[a, o, i, j] * W[o][:, ::-1, ::-1]

# %% wrong dx_overwritten of loops -> gradient_of_the_image
# - dP[a, :, rows, columns] += dY[a, o, i, j] * W[o]
# + dP[a, :, rows, columns] = dY[a, o, i, j] * W[o]


# %% wrong dx_overwritten_by_slices -> gradient_of_the_image
def conv_backward(dY, X, W, stride, pad):
    h_out, w_out = dY.shape[2:]
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dP, dW = np.zeros_like(padded), np.zeros(W.shape)
    for u, v in np.ndindex(*W.shape[2:]):
        place = np.s_[:, :, u : u + (h_out - 1) * stride + 1 : stride, v : v + (w_out - 1) * stride + 1 : stride]
        dW[:, :, u, v] = np.tensordot(dY, padded[place], ([0, 2, 3], [0, 2, 3]))
        dP[place] = np.einsum("nohw,oc->nchw", dY, W[:, :, u, v])
    dX = dP[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]]
    return dX, dW, dY.sum(axis=(0, 2, 3))


# %% wrong db_of_the_batch_only of loops -> gradient_of_the_bias
# - return dX, dW, dY.sum(axis=(0, 2, 3))
# + return dX, dW, dY.sum(axis=0)

# %% wrong db_a_mean of loops -> gradient_of_the_bias
# - return dX, dW, dY.sum(axis=(0, 2, 3))
# + return dX, dW, dY.mean(axis=(0, 2, 3))

# %% wrong db_of_the_first_image of loops -> gradient_of_the_bias
# - return dX, dW, dY.sum(axis=(0, 2, 3))
# + return dX, dW, dY[0].sum(axis=(1, 2))

# %% wrong db_one_number of loops -> gradient_of_the_bias
# - return dX, dW, dY.sum(axis=(0, 2, 3))
# + return dX, dW, dY.sum()

# %% wrong db_one_at_each_place of loops -> gradient_of_the_bias
# - return dX, dW, dY.sum(axis=(0, 2, 3))
# + return dX, dW, dY[:, :, 0, 0].sum(axis=0)

# %% wrong padding_kept of loops -> image_and_filter_share_the_account
# - dX = dP[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]]
# + dX = dP

# %% wrong stride_forgotten of loops -> image_and_filter_share_the_account
# - dW[o] += dY[a, o, i, j] * padded[a, :, rows, columns]
# + dW[o] += dY[a, o, i, j] * padded[a, :, i : i + kh, j : j + kw]

# %% wrong padding_cut_on_one_side of loops -> image_and_filter_share_the_account
# - dX = dP[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]]
# + dX = dP[:, :, : X.shape[2], : X.shape[3]]

# %% wrong only_channel_0 of loops -> channels_have_their_own_gradients
# - dW[o] += dY[a, o, i, j] * padded[a, :, rows, columns]
# + dW[o] += dY[a, o, i, j] * padded[a, :1, rows, columns]

# %% wrong only_filter_0 of loops -> channels_have_their_own_gradients
# - dP[a, :, rows, columns] += dY[a, o, i, j] * W[o]
# + dP[a, :, rows, columns] += dY[a, o, i, j] * W[0]


# %% wrong channels_reshaped -> images_and_places_have_their_own_gradients
def conv_backward(dY, X, W, stride, pad):
    c_out, _, kh, kw = W.shape
    rows = dY.reshape(-1, c_out)
    dW = (rows.T @ im2col(X, kh, kw, stride, pad)).reshape(W.shape)
    dX = col2im(rows @ W.reshape(c_out, -1), X.shape, kh, kw, stride, pad)
    return dX, dW, dY.sum(axis=(0, 2, 3))


# %% wrong order_of_the_results of loops -> gradient_of_the_filter
# - return dX, dW, dY.sum(axis=(0, 2, 3))
# + return dW, dX, dY.sum(axis=(0, 2, 3))

# %% wrong dx_alone of loops -> gradient_of_the_image
# - return dX, dW, dY.sum(axis=(0, 2, 3))
# + return dX

# %% wrong mean_over_the_batch of loops -> image_and_filter_share_the_account
# - return dX, dW, dY.sum(axis=(0, 2, 3))
# + return dX, dW / len(X), dY.sum(axis=(0, 2, 3))

# %% wrong padding_of_ones of loops -> gradients_of_random_layers
# - padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
# + padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)), constant_values=1)

# %% wrong dy_eaten_up of loops -> way_back_leaves_its_inputs_alone
#   c_out, _, kh, kw = W.shape
# + db = dY.sum(axis=(0, 2, 3))

#   dP[a, :, rows, columns] += dY[a, o, i, j] * W[o]
# + dY[a, o, i, j] = 0

# - return dX, dW, dY.sum(axis=(0, 2, 3))
# + return dX, dW, db


# %% wrong images_last_as_in_other_courses -> images_and_places_have_their_own_gradients
# CS231n's im2col goes through the images fastest; this one goes through them slowest.
def conv_backward(dY, X, W, stride, pad):
    c_out, _, kh, kw = W.shape
    rows = dY.transpose(1, 2, 3, 0).reshape(c_out, -1)
    dW = (rows @ im2col(X, kh, kw, stride, pad)).reshape(W.shape)
    dX = col2im(rows.T @ W.reshape(c_out, -1), X.shape, kh, kw, stride, pad)
    return dX, dW, dY.sum(axis=(0, 2, 3))


# %% wrong minus_zero_is_no_end of loops -> gradient_of_the_image
# - dX = dP[:, :, pad : pad + X.shape[2], pad : pad + X.shape[3]]
# + dX = dP[:, :, pad:-pad, pad:-pad]

# %% wrong gradients_like_the_images of loops -> conv_backward_in_other_forms_on_other_data
# - dP, dW = np.zeros(padded.shape), np.zeros(W.shape)
# + dP, dW = np.zeros(padded.shape), np.zeros(W.shape)
# + dY = dY.astype(X.dtype)


# %% right einsum_over_windows
def conv_backward(dY, X, W, stride, pad):
    P = np.pad(X, [(0, 0)] * 2 + [(pad, pad)] * 2)
    kh, kw = W.shape[2:]
    V = np.lib.stride_tricks.sliding_window_view(P, (kh, kw), axis=(2, 3))[:, :, ::stride, ::stride]
    dW = np.einsum("nkhw,nchwuv->kcuv", dY, V)
    dP = np.zeros(P.shape)
    ho, wo = dY.shape[2:]
    for u in range(kh):
        for v in range(kw):
            dP[:, :, u : u + stride * ho : stride, v : v + stride * wo : stride] += np.einsum(
                "nkhw,kc->nchw", dY, W[:, :, u, v]
            )
    return dP[:, :, pad : P.shape[2] - pad, pad : P.shape[3] - pad], dW, np.einsum("nkhw->k", dY)


# %% wrong averaged_over_the_images of loops -> gradient_of_the_bias
# The loss has the mean over the batch, and so has dY.
# - return dX, dW, dY.sum(axis=(0, 2, 3))
# + return dX, dW / len(X), dY.sum(axis=(0, 2, 3)) / len(X)


# %% wrong dw_divided_by_the_images of loops -> image_and_filter_share_the_account
# - return dX, dW, dY.sum(axis=(0, 2, 3))
# + return dX, dW / len(X), dY.sum(axis=(0, 2, 3))


# %% right by_unit_vectors
# Each entry of X and W moves a linear function by what its gradient says.
def conv_backward(dY, X, W, stride, pad):
    def gradient(shape, forward):
        units = np.eye(int(np.prod(shape))).reshape(-1, *shape)
        return np.array([np.sum(dY * forward(unit)) for unit in units]).reshape(shape)

    nothing = np.zeros(len(W))
    dX = gradient(np.shape(X), lambda unit: conv_forward(unit, W, nothing, stride, pad))
    dW = gradient(np.shape(W), lambda unit: conv_forward(X, unit, nothing, stride, pad))
    return dX, dW, np.einsum("nohw->o", dY)
