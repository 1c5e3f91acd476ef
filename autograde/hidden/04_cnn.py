# Built by `coursekit build` from labs/04_cnn/. Edit the files there, not this one.
"""Hidden checks of lab 04: random cases against an independent computation of the right answer.

Students see of these checks only their names and hints. The references are held against PyTorch in
``tests/hidden/test_04_cnn.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from coursekit.checking import Student, checks, expect, expect_close, expect_parts, expect_shape

Rng = np.random.Generator
Function = Callable[..., Any]

#: Right answers that later exercises may use in place of the student's own: see Exercise.stand_ins.
STAND_INS: dict[str, tuple[Function, ...]] = {}

# n, c_in, h, w, c_out, kh, kw, stride, pad
LAYERS = (
    (2, 2, 5, 7, 3, 2, 3, 2, 1),
    (1, 3, 6, 4, 2, 3, 2, 1, 0),
    (2, 1, 7, 5, 1, 3, 3, 3, 2),
    (1, 4, 3, 3, 2, 1, 1, 2, 0),
    (3, 2, 2, 3, 2, 2, 3, 1, 0),
)


def _layers(rng: Rng) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray, int, int]]:
    for n, c_in, h, w, c_out, kh, kw, stride, pad in LAYERS:
        X, W = rng.normal(size=(n, c_in, h, w)), rng.normal(size=(c_out, c_in, kh, kw))
        yield X, W, rng.normal(size=c_out), stride, pad


def _about(X: Any, W: Any, stride: int, pad: int) -> str:
    return f"The result for X {X.shape}, W {W.shape}, stride {stride}, pad {pad}"


# n, c, h, w, size, stride
POOLS = ((2, 2, 5, 7, 2, 2), (1, 3, 6, 4, 3, 1), (2, 1, 7, 5, 2, 3), (1, 2, 3, 3, 3, 2), (1, 1, 4, 6, 1, 2))


# labs/04_cnn/correlate2d.py


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


# labs/04_cnn/conv_output_size.py


def conv_output_size(n: Any, k: Any, stride: Any, pad: Any) -> Any:
    """Return how many windows fit."""
    count = len(range(0, int(n) + 2 * int(pad) - int(k) + 1, int(stride)))
    if count < 1:
        raise ValueError("no window fits")
    return count


@checks("conv_output_size")
def sizes_of_every_kind(student: Student, rng: Rng) -> None:
    """Sizes are right for 40 random settings."""
    for _ in range(40):
        n, k, stride, pad = (int(rng.integers(low, high)) for low, high in ((1, 600), (1, 8), (1, 5), (0, 4)))
        if k <= n + 2 * pad:
            what = f"The count for n = {n}, k = {k}, stride {stride}, pad {pad}"
            got = student.call("conv_output_size", n, k, stride, pad)
            hint = "Count the starts 0, stride, 2·stride, … from which the window still fits."
            expect_close(got, conv_output_size(n, k, stride, pad), hint=hint, what=what)


# labs/04_cnn/conv_params.py


@checks("conv_params")
def parameters_of_random_layers(student: Student, rng: Rng) -> None:
    """The parameters of ten random layers are counted right."""
    for k in range(1, 11):
        c_in, c_out = (int(rng.integers(1, 40)) for _ in range(2))
        right = np.ones((c_out, c_in, k, k)).size + c_out
        hint = "Weights: one for each output channel, input channel, row and column; and one bias for each filter."
        expect_close(student.call("conv_params", c_in, c_out, k), right, hint=hint)


# labs/04_cnn/conv_macs.py


@checks("conv_macs")
def multiply_adds_of_random_layers(student: Student, rng: Rng) -> None:
    """The multiply-adds of ten random layers are counted right."""
    for k in (1, 2, 3, 4, 5) * 2:
        c_in, c_out, h_out, w_out = (int(rng.integers(1, high)) for high in (8, 8, 9, 9))
        right = np.ones((c_out, h_out, w_out, c_in, k, k)).size
        hint = "Each of c_out · h_out · w_out results is a sum of c_in · k · k products."
        expect_close(student.call("conv_macs", c_in, c_out, k, h_out, w_out), right, hint=hint)


# labs/04_cnn/conv_forward.py

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


# labs/04_cnn/im2col.py

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


# labs/04_cnn/conv_forward_im2col.py

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


# labs/04_cnn/col2im.py

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


# labs/04_cnn/conv_backward.py

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


# labs/04_cnn/max_pool_forward.py

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


# labs/04_cnn/max_pool_backward.py

STAND_INS["max_pool_backward"] = (conv_output_size, im2col, col2im, max_pool_forward)


@checks("max_pool_backward")
def random_winners(student: Student, rng: Rng) -> None:
    """Gradients find the winners of random images with many ties, where windows overlap and where they do not."""
    for *shape, size, stride in POOLS:
        X = rng.integers(-3, 1, size=shape).astype(float)
        dY = rng.normal(size=max_pool_forward(X, size, stride).shape)
        right = np.zeros(shape)
        for a, c, i, j in np.ndindex(*dY.shape):
            top, left = i * stride, j * stride
            places = [(y, x) for y in range(top, top + size) for x in range(left, left + size)]
            y, x = min(places, key=lambda place, a=a, c=c, X=X: (-X[(a, c, *place)], place))  # type: ignore[misc]
            right[a, c, y, x] += dY[a, c, i, j]
        got = student.call("max_pool_backward", dY, X, size, stride)
        hint = "The first of equals wins, row by row; what a pixel wins in several windows adds up."
        expect_close(got, right, hint=hint, what=f"The result for {tuple(shape)}", rtol=1e-5, atol=1e-7)


# labs/04_cnn/avg_pool_forward.py

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


# labs/04_cnn/make_cnn.py


def _pushed(make_cnn: Function, X: Any) -> Any:
    """Return a network's answers to x, -x and 0, what each pixel does to the answers, and a second network's answer."""
    import torch

    torch.manual_seed(1)
    in_shape = tuple(X.shape[1:])
    model, other = make_cnn(in_shape, 5), make_cnn(in_shape, 5)
    images = torch.tensor(X, dtype=torch.float32)
    for network in (model, other):
        network.train()
        network(images)
        network.eval()
    images.requires_grad_(True)
    model(images).square().sum().backward()
    slopes: Any = images.grad
    with torch.no_grad():
        answers = [model(part) for part in (images, -images, torch.zeros_like(images))]
        return answers, slopes.abs().sum(dim=0), other(images)


def _learnt(make_cnn: Function, X: Any, y: Any, n_steps: int) -> Any:
    """Train a network on a few images; return the losses in evaluation mode before and after."""
    import torch

    torch.manual_seed(2)
    images, labels = torch.tensor(X, dtype=torch.float32), torch.tensor(y)
    model = make_cnn(tuple(X.shape[1:]), 3)
    model(images)
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    losses = []
    for step in range(n_steps + 1):
        model.eval()
        if step in (0, n_steps):
            with torch.no_grad():
                losses.append(torch.nn.functional.cross_entropy(model(images), labels))
        model.train()
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return [float(loss) for loss in losses]


@checks("make_cnn")
def network_is_more_than_a_matrix(student: Student, rng: Rng) -> None:
    """The answers to x and -x do not add up to twice the answer to nothing, as those of a linear map would."""
    (plus, minus, zero), _, other = student.run(_pushed, X=rng.normal(size=(4, 2, 16, 18)))
    bend = np.abs(plus + minus - 2 * zero).max() / max(1e-12, float(np.abs(plus - minus).max()))
    hint = "Without ReLU between them, convolutions are one linear map, however many there are."
    expect(bool(bend > 1e-3), "The network is linear.", hint=hint)
    hint = "Make new layers in each call."
    expect(bool(np.any(np.asarray(other) != plus)), "Two networks are one.", hint=hint)


@checks("make_cnn")
def network_looks_at_the_whole_image(student: Student, rng: Rng) -> None:
    """Every channel and every quarter of the image makes a difference to the answer."""
    _, slopes, _ = student.run(_pushed, X=rng.normal(size=(4, 2, 16, 18)))
    slopes = np.asarray(slopes)
    hint = "Use all channels and flatten all of the maps: nothing may be sliced off on the way."
    for channel in slopes:
        for rows in (slice(0, 8), slice(8, 16)):
            for columns in (slice(0, 9), slice(9, 18)):
                expect(bool(channel[rows, columns].max() > 0), "A part of the image makes no difference.", hint=hint)


@checks("make_cnn")
def network_can_learn(student: Student, rng: Rng) -> None:
    """Twenty steps on nine images of bars and squares bring the loss well down, in evaluation mode too."""
    y = np.arange(9) % 3
    X = rng.normal(scale=0.1, size=(9, 1, 16, 16))
    for image, label in zip(X[:, 0], y, strict=True):
        row, column = rng.integers(0, 10, size=2)
        height, width = ((6, 2), (2, 6), (5, 5))[label]
        image[row : row + height, column : column + width] += 2
    before, after = student.run(_learnt, X=X, y=y, n_steps=20)
    hint = "Try it on fifty images of your own: the loss should go to zero. Are eval() and train() mode alike?"
    expect(bool(after < 0.7 * before), "The network hardly learns.", expected="a loss that falls", got=after, hint=hint)


# labs/04_cnn/train_cnn.py


def _run(
    train_cnn: Function, X: Any, y: Any, sizes: Any, n_ticks: int, lr: float, momentum: float, start: float
) -> Any:
    """Train a layer, its weight and bias in groups of their own, by a clock that moves when the layer is used."""
    import torch

    ticks: list[int] = []

    class Layer(torch.nn.Linear):
        """Moves the clock."""

        def forward(self, x: Any) -> Any:
            ticks.append(1)
            if len(ticks) > 200:
                raise RuntimeError("200 steps and no end: is there a way out of the loop?")
            return super().forward(x)

    layer = Layer(X.shape[1], 3).double()
    torch.nn.init.zeros_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
    pairs = list(zip(torch.tensor(X).split(sizes), torch.tensor(y).split(sizes), strict=True))
    groups = [{"params": [layer.weight], "lr": 7.0}, {"params": [layer.bias], "lr": 9.0}]
    optimizer = torch.optim.SGD(groups, lr=1.0, momentum=momentum)
    losses = train_cnn(layer, pairs, optimizer, lr=lr, budget_s=n_ticks / 64, clock=lambda: start + len(ticks) / 64)
    return losses, layer.weight.T, layer.bias


@checks("train_cnn")
def steps_go_where_the_plan_leads(student: Student, rng: Rng) -> None:
    """Eleven steps on ragged batches, with momentum, end at the right weights, whatever the clock said at the start."""
    sizes, n_ticks = [4, 1, 3], 11
    for lr, momentum, start in ((0.4, 0.5, -2.0), (0.2, 0.0, 1024.0)):
        X, y = rng.normal(size=(8, 2)), rng.integers(3, size=8)
        options = {"n_ticks": n_ticks, "lr": lr, "momentum": momentum, "start": start}
        losses, W, b = student.run(_run, X=X, y=y, sizes=sizes, **options)
        right_W, speed, right = np.zeros((3, 3)), np.zeros((3, 3)), []
        X1, cuts = np.column_stack([X, np.ones(8)]), [slice(0, 4), slice(4, 5), slice(5, 8)]
        for step in range(n_ticks):
            part, share = cuts[step % 3], step / n_ticks
            E = np.exp(X1[part] @ right_W)
            P = E / E.sum(axis=1, keepdims=True)
            right.append(-np.log(P[np.arange(len(P)), y[part]]).mean())
            speed = momentum * speed + X1[part].T @ (P - np.eye(3)[y[part]]) / len(P)
            right_W = right_W - lr * min(share / 0.2, (1 - share) / 0.8) * speed
        hint = (
            "At each step: the rate of the plan for every group, a fresh gradient of the batch's mean loss, one step."
        )
        expect_close(W, right_W[:2], hint=hint, what="The weight at the end", rtol=1e-4, atol=1e-6)
        expect_close(b, right_W[2], hint=hint, what="The bias at the end", rtol=1e-4, atol=1e-6)
        expect_close(losses, right, hint=hint, what="The list of losses", rtol=1e-4)


# labs/04_cnn/transfer.py


def _heads(transfer: Function, X: Any, y: Any, lr: float, counts: Any) -> Any:
    """Return the features' codes of X, and the heads after some numbers of steps, all begun alike."""
    import torch

    torch.set_default_dtype(torch.float64)
    try:
        images, labels, heads = torch.tensor(X), torch.tensor(y), []
        for n_steps in counts:
            torch.manual_seed(3)
            layers = [torch.nn.Conv2d(1, 3, 2), torch.nn.BatchNorm2d(3), torch.nn.ReLU(), torch.nn.Flatten()]
            features = torch.nn.Sequential(*layers)
            for _ in range(10):
                features(torch.randn(20, 1, 3, 3))
            torch.manual_seed(4)
            model = transfer(features, images, labels, 4, lr=lr, steps=n_steps)
            linears = [layer for layer in model.modules() if isinstance(layer, torch.nn.Linear)]
            heads.append((linears[-1].weight.T, linears[-1].bias))
        with torch.no_grad():
            return features.eval()(images), heads, len(linears)
    finally:
        torch.set_default_dtype(torch.float32)


@checks("transfer")
def head_takes_adams_steps(student: Student, rng: Rng) -> None:
    """A head begun alike goes where Adam goes, one step and four, by the codes that the features give in evaluation."""
    # Of the four classes, the last has no example.
    X, y = rng.normal(size=(10, 1, 3, 3)), np.arange(10) % 3
    codes, heads, n_linears = student.run(_heads, X=X, y=y, lr=0.05, counts=[0, 1, 4])
    expect(
        n_linears == 1, "The head is not one linear layer.", got=n_linears, hint="One torch.nn.Linear(d, n_classes)."
    )
    X1 = np.column_stack([codes, np.ones(10)])
    shapes = "The head is torch.nn.Linear(d, n_classes), d the length of a code; a class may have no example."
    expect_shape(heads[0][0], (X1.shape[1] - 1, 4), hint=shapes, what="The head's weight")
    W = np.vstack([heads[0][0], heads[0][1]])
    mean, square = np.zeros_like(W), np.zeros_like(W)
    for step in range(1, 5):
        E = np.exp(X1 @ W)
        G = X1.T @ (E / E.sum(axis=1, keepdims=True) - np.eye(4)[y]) / len(y)
        mean, square = 0.9 * mean + 0.1 * G, 0.999 * square + 0.001 * G**2
        W = W - 0.05 * mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
        if step in (1, 4):
            got = np.vstack(heads[1 if step == 1 else 2])
            hint = "torch.optim.Adam(head.parameters(), lr=lr); each step on all examples, with a fresh gradient."
            expect_close(got, W, hint=hint, what=f"The head after {step} steps", rtol=1e-3, atol=1e-5)
