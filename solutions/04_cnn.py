# %% [markdown]
# # Lab 04 · Looking with convolutions
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({{colab}})
#
# **Shuffle the pixels of every digit in the same way, and the networks of lab 03 read them just as well as before.**
# They do not know that two pixels are neighbours. A convolution knows: it looks at small windows, everywhere with the
# same weights. In this lab you slide one by hand over a 6 × 6 image, then turn the sliding into a single matrix
# product, and end with a network that tells cats from ships within ninety seconds of training on two processor cores.
#
# You write fifteen short functions. As before, each has a check under it, and grading runs further checks on other
# data.
#
# | | you write | what it makes possible |
# |---|---|---|
# | 1 | `correlate2d` | find the edges in a photograph |
# | 2–3 | `conv_output_size`, `conv_params`, `conv_macs` | know a layer's size and price before running it |
# | 4–6 | `conv_forward`, `im2col`, `conv_forward_im2col` | a whole layer: slowly, then as one matrix product |
# | 7–8 | `col2im`, `conv_backward` | let the filters be learnt |
# | 9 | `max_pool_forward`, `max_pool_backward`, `avg_pool_forward` | see less, from further away |
# | 10–12 | `make_cnn`, `train_cnn`, `transfer` | read MNIST and CIFAR-10, and reuse what was learnt |
#
# Two to three hours.

# %%
import time

import matplotlib.pyplot as plt
import numpy as np
import torch

import coursekit
from coursekit import digitpad, plots, speedrun, vision
from coursekit.batches import Batches
from coursekit.checking import checks_for
from coursekit.datasets import load_cifar10, load_mnist

check = checks_for("04_cnn")

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
    y = np.zeros((h_out, w_out))
    for i, j in np.ndindex(h_out, w_out):
        y[i, j] = np.sum(x[i : i + kh, j : j + kw] * k)
    return y
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_correlate2d", "grade": true, "points": 2}
check("correlate2d")

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
vision.grids(
    {"image": slide, "filter": diagonal, "image ⋆ filter": correlate2d(slide, diagonal)},
    marks={"image": (slice(3, 6), slice(0, 3)), "image ⋆ filter": (3, 0)},
    title="The window in the frame gives the number in the frame",
)

# %% [markdown]
# Now a real photograph: Grace Hopper, who wrote one of the first compilers. A filter whose weights add up to zero
# answers nothing where all is even, and answers loudly where brightness changes: red where it rises along the filter's
# direction, blue where it falls.

# %% tags=["explore", "cover"]
photo = vision.photograph()
grey = photo.mean(axis=2)
sobel_x = np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
laplace = np.array([[0.0, 1, 0], [1, -4, 1], [0, 1, 0]])
edges_x, edges_y = correlate2d(grey, sobel_x), correlate2d(grey, sobel_x.T)
vision.panels(
    {
        "the photograph": photo,
        "left to right": edges_x,
        "top to bottom": edges_y,
        "both: how steep": np.hypot(edges_x, edges_y),
        "the slide's filter": correlate2d(grey, laplace),
    },
    title="Nine weights, one photograph",
)

# %% [markdown]
# ## 2 · How large is the result?
#
# Two more numbers describe how a filter moves. With **stride** $s$ it jumps $s$ pixels at a time, so the result is
# about $s$ times smaller. With **padding** $p$ the image first gets $p$ rows and columns of zeros on each side, so that
# its border is seen as often as its middle. Along one axis of $n$ pixels, a filter of $k$ fits in
#
# $$n_{\text{out}} = \left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1$$
#
# places. Rounded **down**: where the last jump would lead over the edge, it is not made, and a few pixels are never
# seen. The $+1$ is the place where the filter starts.


# %% nbgrader={"grade_id": "conv_output_size", "solution": true}
def conv_output_size(n, k, stride, pad):
    """Count the places where a window fits along one axis.

    n: pixels, k: the window's pixels, stride: pixels a jump, 1 or more
    pad: zeros added on EACH side
    Returns a whole number, 1 or more. ValueError if no window fits.

    Hint: // rounds down; if k is larger than n + 2·pad, no window fits.
    """
    ### BEGIN SOLUTION
    room = n + 2 * pad - k
    if room < 0:
        raise ValueError(f"no window of {k} fits into {n} pixels with {pad} zeros on each side")
    return room // stride + 1
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_conv_output_size", "grade": true, "points": 1}
check("conv_output_size")

# %% [markdown]
# The same as a picture: every row is one place of the filter. Pixels that no window reaches are vermilion.

# %% tags=["explore"]
settings = [(7, 3, 1, 0), (7, 3, 2, 0), (8, 3, 2, 0), (8, 3, 2, 1)]
vision.placements(settings, counts=[conv_output_size(*setting) for setting in settings])

# %% [markdown]
# ## 3 · What a layer costs
#
# Images have channels: three for colours, more inside a network. One filter looks at **all** channels of a window,
# $c_{\text{in}} \times k \times k$ weights and one bias, and makes one output channel. A layer with $c_{\text{out}}$
# filters has
#
# $$c_{\text{out}} \,(c_{\text{in}}\, k^2 + 1) \text{ parameters}, \qquad
# c_{\text{out}}\, h_{\text{out}}\, w_{\text{out}} \cdot c_{\text{in}}\, k^2 \text{ multiply-adds}$$
#
# for one image (biases are not counted as multiply-adds). The parameters do not depend on the size of the image: that
# is what sharing weights means. A multiply-add (MAC) is a multiplication **and** an addition: 2 FLOP. Papers mix up the
# two, and a factor of two is easily won that way.


# %% nbgrader={"grade_id": "conv_params", "solution": true}
def conv_params(c_in, c_out, k):
    """Count the parameters of a layer with k × k filters, biases included.

    c_in, c_out: channels in and out; k: the filters' side
    """
    ### BEGIN SOLUTION
    return c_out * (c_in * k * k + 1)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_conv_params", "grade": true, "points": 1}
check("conv_params")


# %% nbgrader={"grade_id": "conv_macs", "solution": true}
def conv_macs(c_in, c_out, k, h_out, w_out):
    """Count the multiply-adds of a layer with k × k filters, for one image.

    c_in, c_out: channels in and out; k: the filters' side
    h_out, w_out: the size of the result
    """
    ### BEGIN SOLUTION
    return c_out * h_out * w_out * c_in * k * k
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_conv_macs", "grade": true, "points": 1}
check("conv_macs")

# %% [markdown]
# The lecture's example: six 5 × 5 filters on a 32 × 32 colour image. A fully connected layer that made the same 28 × 28
# × 6 numbers would need a weight for every pair of input and output.

# %% tags=["explore"]
side = conv_output_size(32, 5, 1, 0)
dense = (32 * 32 * 3 + 1) * side * side * 6
print(f"result: {side} × {side} × 6")
print(f"convolution:     {conv_params(3, 6, 5):>10,} parameters, {conv_macs(3, 6, 5, side, side):>10,} multiply-adds")
print(f"fully connected: {dense:>10,} parameters, {32 * 32 * 3 * side * side * 6:>10,} multiply-adds")

# %% [markdown]
# Where do parameters and work sit in a network? Below, four layers with 3 × 3 filters, each followed by a halving of
# the image. The first layers do the work, the last ones hold the memory.

# %% tags=["explore"]
layers = [(3, 32, 32), (32, 64, 16), (64, 128, 8), (128, 256, 4)]
params = np.array([conv_params(c_in, c_out, 3) for c_in, c_out, _ in layers])
macs = np.array([conv_macs(c_in, c_out, 3, size, size) for c_in, c_out, size in layers])
plots.bars(
    {"parameters": 100 * params / params.sum(), "multiply-adds": 100 * macs / macs.sum()},
    [f"{c_in} → {c_out}\nat {size} × {size}" for c_in, c_out, size in layers],
    ylabel="share of the whole, %",
    title=f"{params.sum():,} parameters, {macs.sum() / 1e6:.1f} million multiply-adds an image",
)

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
    stride: pixels a jump; pad: zeros added on each side, above, below, left and right
    Returns Y: (n, c_out, h_out, w_out). ValueError if no window fits.

    Hint: np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad))) pads rows and columns only.
    """
    ### BEGIN SOLUTION
    n, (c_out, _, kh, kw) = len(X), W.shape
    h_out = conv_output_size(X.shape[2], kh, stride, pad)
    w_out = conv_output_size(X.shape[3], kw, stride, pad)
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Y = np.zeros((n, c_out, h_out, w_out))
    for a, o, i, j in np.ndindex(Y.shape):
        top, left = i * stride, j * stride
        window = padded[a, :, top : top + kh, left : left + kw]
        Y[a, o, i, j] = np.sum(window * W[o]) + b[o]
    return Y
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_conv_forward", "grade": true, "points": 4}
check("conv_forward")

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
vision.panels({"the photograph": photo, "red": maps[0, 0], "blue against yellow": maps[0, 1]})
print(f"{batch.shape} → {maps.shape}, largest difference from PyTorch {np.abs(maps - by_torch).max():.1e}")

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

# %% [markdown]
# A 4 × 4 image with the numbers 1 to 16 and 2 × 2 windows. Row 5 of the matrix is the window in the frame. Most numbers
# appear several times: speed is paid for with memory, about $k^2$ times the image.

# %% tags=["explore"]
numbered = np.arange(1, 17).reshape(4, 4)
cols = im2col(numbered[None, None], 2, 2, 1, 0)
vision.grids(
    {"image": numbered, "im2col(image, 2, 2, stride=1, pad=0)": cols},
    marks={"image": (slice(1, 3), slice(2, 4)), "im2col(image, 2, 2, stride=1, pad=0)": (5, slice(0, 4))},
    title="Each window becomes a row",
)

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

# %% [markdown]
# ## 7 · Rolling up again
#
# For the way back we need the reverse: rows of *gradients*, one for each window, must go back to the pixels that the
# windows were made of. A pixel that lies in several windows gets the **sum** of what they send: copying forward means
# adding backward, as at every fan-out in lab 02.
#
# So `col2im` is not the inverse of `im2col`, which would have to give the image back. It is its *transpose*: $\langle
# \text{im2col}(X), C \rangle = \langle X, \text{col2im}(C) \rangle$ for all $X$ and $C$. What is sent to the padding is
# dropped.


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
    padded = np.zeros((n, c, h + 2 * pad, w + 2 * pad))
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
vision.grids(coverage, title="In how many 3 × 3 windows does a pixel of a 7 × 7 image lie?")

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

    dY: (n, c_out, h_out, w_out), the gradient of the loss by Y = conv_forward(X, W, b, stride, pad)
    X: (n, c_in, h, w); W: (c_out, c_in, kh, kw); stride, pad: as in the forward pass
    Returns (dX, dW, db), shaped like X, W and b.

    Hint: dY must be brought to (n·h_out·w_out, c_out): move the channel axis to the end first.
    """
    ### BEGIN SOLUTION
    c_out, _, kh, kw = W.shape
    rows = dY.transpose(0, 2, 3, 1).reshape(-1, c_out)
    cols = im2col(X, kh, kw, stride, pad)
    dW = (rows.T @ cols).reshape(W.shape)
    dX = col2im(rows @ W.reshape(c_out, -1), X.shape, kh, kw, stride, pad)
    return dX, dW, rows.sum(axis=0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_conv_backward", "grade": true, "points": 4}
check("conv_backward")

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
vision.grids({**shown, "the true one": sobel_x}, title="A filter is learnt from what it does")

# %% [markdown]
# ## 9 · Pooling
#
# Whether an edge is there matters more than at which pixel. **Pooling** keeps one number for each window of each
# channel: the largest (max pooling) or the mean (average pooling). With windows of 2 and stride 2 the image halves,
# later filters see twice as far, and a shift by a pixel changes little.


# %% nbgrader={"grade_id": "max_pool_forward", "solution": true}
def max_pool_forward(X, size, stride):
    """Keep the largest number of every window, channel by channel.

    X: (n, c, h, w); size: the square window's side; stride: pixels a jump; no padding
    Returns Y: (n, c, h_out, w_out). ValueError if no window fits.
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

# %% [markdown]
# On the way back only the pixel that won gets the gradient, as at the max gate of lab 02. Two rules make the result
# unique. Among **equals, the first wins**, in the order row by row. And where windows overlap, a pixel that won in
# several of them gets the sum.


# %% nbgrader={"grade_id": "max_pool_backward", "solution": true}
def max_pool_backward(dY, X, size, stride):
    """Send each gradient to the pixel that was the largest of its window.

    dY: (n, c, h_out, w_out), the gradient of the loss by max_pool_forward(X, size, stride)
    X: (n, c, h, w); size, stride: as in the forward pass
    Returns dX: (n, c, h, w). Of equal pixels the first, row by row, gets it all.

    Hint: argmax returns the first of equals; divmod(m, size) turns a flat index into (row, column).
    """
    ### BEGIN SOLUTION
    dX = np.zeros(X.shape)
    for a, c, i, j in np.ndindex(dY.shape):
        top, left = i * stride, j * stride
        window = X[a, c, top : top + size, left : left + size]
        row, column = divmod(int(window.argmax()), size)
        dX[a, c, top + row, left + column] += dY[a, c, i, j]
    return dX
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_max_pool_backward", "grade": true, "points": 3}
check("max_pool_backward")


# %% nbgrader={"grade_id": "avg_pool_forward", "solution": true}
def avg_pool_forward(X, size, stride):
    """Keep the mean of every window, channel by channel.

    X: (n, c, h, w); size: the square window's side; stride: pixels a jump; no padding
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
# The lecture's example, and the edges of the photograph after three rounds of each. The maximum keeps thin lines alive;
# the mean washes them out.

# %% tags=["explore"]
pool_slide = np.array([[1, 3, 5, 3], [4, 2, 3, 1], [3, 1, 1, 3], [0, 1, 0, 4]])
largest, means = (pool(pool_slide[None, None], 2, 2)[0, 0] for pool in (max_pool_forward, avg_pool_forward))
winners = max_pool_backward(np.ones((1, 1, 2, 2)), pool_slide[None, None], 2, 2)[0, 0].astype(int)
vision.grids(
    {"image": pool_slide, "largest": largest, "mean": means, "who gets the gradient": winners},
    title="Windows of 2 × 2 that move by 2",
)

# %% tags=["explore"]
steep = np.hypot(edges_x, edges_y)[None, None]
by_max, by_mean = steep, steep
for _ in range(3):
    by_max, by_mean = max_pool_forward(by_max, 2, 2), avg_pool_forward(by_mean, 2, 2)
vision.panels(
    {"edges": steep[0, 0], "largest, three times": by_max[0, 0], "mean, three times": by_mean[0, 0]},
    title="An edge survives the maximum better than the mean",
)

# %% [markdown]
# ## 10 · A network
#
# All parts are there; from here on PyTorch computes them. A convolutional network repeats a block, **convolution, ReLU,
# pooling**: the image gets smaller, the channels more. At the end the maps are flattened and a linear layer gives the
# logits. Between convolution and ReLU there is often a *batch normalisation*, which brings every channel of a batch to
# mean 0 and spread 1 and makes training faster. It uses the batch's own numbers while training and remembered ones
# afterwards: never forget `model.train()` and `model.eval()`.
#
# How you build it is up to you, within a budget of 500,000 parameters. Mind the ninety seconds: what costs time is
# multiply-adds, and large images cost most.


# %% nbgrader={"grade_id": "make_cnn", "solution": true}
def make_cnn(in_shape, n_classes):
    """Build a convolutional network.

    in_shape: (c, h, w) of an image, h and w 16 or more; n_classes: how many classes
    Returns an nn.Module that turns (n, c, h, w) into logits (n, n_classes), with at least two
    nn.Conv2d layers and at most 500,000 parameters at (3, 32, 32) and 10 classes.

    Hint: Conv2d(c, 32, 3, padding=1), ReLU(), MaxPool2d(2), and again with more channels;
    AdaptiveMaxPool2d(1) leaves one number a channel, whatever the image's size.
    """
    ### BEGIN SOLUTION
    channels, layers = [in_shape[0], 32, 64, 128, 256], []
    for c_in, c_out in zip(channels, channels[1:]):
        convolution = torch.nn.Conv2d(c_in, c_out, 3, padding=1, bias=False)
        layers += [convolution, torch.nn.MaxPool2d(2), torch.nn.BatchNorm2d(c_out), torch.nn.ReLU()]
    head = [torch.nn.AdaptiveMaxPool2d(1), torch.nn.Flatten(), torch.nn.Linear(channels[-1], n_classes)]
    return torch.nn.Sequential(*layers, *head)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_make_cnn", "grade": true, "points": 3}
check("make_cnn")

# %% [markdown]
# How far can one number of each layer see? Each 3 × 3 filter adds a border of one of *its* pixels, each halving doubles
# what a pixel means. The **receptive field** grows slowly at first, then fast; the frames show it for the number in the
# middle of each of four blocks.

# %% tags=["explore"]
cifar = load_cifar10()
fields, seen, pixel = {}, 1, 1
for block in range(1, 5):
    seen, pixel = seen + 2 * pixel + pixel, 2 * pixel  # a 3 × 3 filter, then a 2 × 2 window with stride 2
    fields[f"block {block}: {seen} × {seen}"] = seen
vision.receptive_fields(cifar.test_images[9], fields, title="What one number of each block looks at")

# %% [markdown]
# ## 11 · Training against the clock
#
# A budget of *epochs* is unfair to slow machines; a budget of *seconds* makes everyone choose well. Then the learning
# rate needs a plan by the clock. With $\tau$ the share of the budget that is used up before a step,
#
# $$\eta(\tau) = \eta_{\max} \cdot \min\!\left(\frac{\tau}{0.2},\; \frac{1 - \tau}{0.8}\right):$$
#
# up for the first fifth, while the weights still have to find their places, then down to nothing, so that the noise of
# single batches dies out. Whatever the machine, the plan ends when the time does.


# %% nbgrader={"grade_id": "train_cnn", "solution": true}
def train_cnn(model, loader, optimizer, *, lr, budget_s, clock=time.perf_counter):
    """Train a network, epoch after epoch, until a time budget is used up.

    model: an nn.Module that gives logits; this puts it into training mode
    loader: gives (images, labels) batches; going through it again is another epoch
    optimizer: a torch.optim optimiser of the model's parameters
    lr: the plan's largest learning rate; before every step, set group["lr"] of each
        group in optimizer.param_groups to what the plan says
    budget_s: seconds; no step begins once they are used up
    clock: call it, without arguments, to read the time in seconds
    Returns the losses: one number for every step, the batch's cross-entropy.
    """
    ### BEGIN SOLUTION
    model.train()
    losses, start = [], clock()
    while True:
        for images, labels in loader:
            share = (clock() - start) / budget_s
            if share >= 1:
                return losses
            for group in optimizer.param_groups:
                group["lr"] = lr * min(share / 0.2, (1 - share) / 0.8)
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_train_cnn", "grade": true, "points": 4}
check("train_cnn")

# %% [markdown]
# ### Digits
#
# First MNIST, for sixteen seconds. `speedrun.Photos` keeps the images as bytes and gives them out in batches, brought to
# mean 0 and spread 1; `speedrun.MixedPrecision` lets the convolutions compute in bfloat16 where this machine is faster
# that way, and `fastest_threads` takes a second core only if it is free. Before any long run: can the network learn
# **fifty** images by heart?

# %% tags=["explore"]
mnist = load_mnist()
digits = speedrun.Photos(mnist.train_images, mnist.train_labels, batch_size=128, rng=np.random.default_rng(0))
digits_test = speedrun.Photos(mnist.test_images, mnist.test_labels, batch_size=500, scale=digits.scale)
torch.set_num_threads(speedrun.fastest_threads())
dtype = speedrun.fastest_dtype()
print(f"{speedrun.machine()}, computing in {dtype}")

torch.manual_seed(0)
fifty = speedrun.Photos(mnist.train_images[:50], mnist.train_labels[:50], batch_size=50, scale=digits.scale)
trial = make_cnn((1, 28, 28), 10)
losses = train_cnn(trial, fifty, torch.optim.AdamW(trial.parameters()), lr=3e-3, budget_s=3)
print(f"fifty images: loss {losses[0]:.3f} at first, {losses[-1]:.4f} after {len(losses)} steps")

# %% tags=["explore"]
DIGITS_S = 16 if not mnist.is_sample else 6


def trained(model, photos, budget_s, lr=3e-3):
    """Train a network in mixed precision with AdamW; return it and its losses."""
    torch.set_num_threads(speedrun.fastest_threads())
    model = model.to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=0.05)
    losses = train_cnn(speedrun.MixedPrecision(model, dtype), photos, optimizer, lr=lr, budget_s=budget_s)
    return model, losses


torch.manual_seed(0)
reader, losses = trained(make_cnn((1, 28, 28), 10), digits, DIGITS_S)
right, bar = speedrun.accuracy(reader, digits_test), mnist.targets["cnn"]
name = f"MNIST CNN, {len(losses) / len(digits):.1f} epochs on {speedrun.machine()}"
print(f"{name}: {right:.2%} of the test images are right; the bar is {bar:.2%}. ({DIGITS_S:.1f} s)")

# %% [markdown]
# Seven lines of PyTorch read 99 digits in 100; lab 01 had 92. What does the first layer look for, and what does each
# filter light up on? Bright and dark strokes, and their edges in all directions. Deeper maps are smaller and answer to
# rarer things.

# %% tags=["explore"]
image = next(iter(digits_test))[0][0]
vision.filters(reader, title="The filters of the first layer")
vision.feature_maps(reader, image, title="A digit, and what 12 filters of each layer make of it")

# %% [markdown]
# Let it read your own hand. The drawing arrives as MNIST's digits were made, 20 pixels high and centred by mass, and is
# then brought to the mean and spread of the training images. Try to write a digit that you can read and it cannot.

# %% tags=["explore"]
mean, spread = (np.array(part, dtype=np.float32) for part in digits.scale)
digitpad.draw(lambda image: torch.softmax(reader.eval()(torch.tensor((255 * image[None] - mean) / spread)), dim=1))

# %% [markdown]
# ### The same number of parameters
#
# Is it the convolution, or only the size? Take a fully connected network with as many parameters, the same training,
# the same seconds (three runs, about a minute in all). And put two questions to both that mean nothing to a person: the test images **shifted by two
# pixels**, and, trained anew, all images with their **pixels shuffled**, each in the same way.

# %% tags=["explore"]
n_parameters = sum(parameter.numel() for parameter in reader.parameters())
hidden = round((n_parameters - 10) / (28 * 28 + 1 + 10))
shifted = np.pad(mnist.test_images, ((0, 0), (2, 0), (2, 0)))[:, :28, :28]
order = np.random.default_rng(5).permutation(28 * 28)


def make_mlp():
    """Build a fully connected network with as many parameters as the convolutional one."""
    return torch.nn.Sequential(
        torch.nn.Flatten(), torch.nn.Linear(28 * 28, hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, 10)
    )


def shuffled(images):
    return images.reshape(len(images), -1)[:, order].reshape(images.shape)


def judged(model, images):
    photos = speedrun.Photos(images, mnist.test_labels, batch_size=500, scale=digits.scale)
    return 100 * speedrun.accuracy(model, photos)


puzzle = speedrun.Photos(
    shuffled(mnist.train_images), mnist.train_labels, batch_size=128, rng=np.random.default_rng(0), scale=digits.scale
)
shares = {}
for kind, make, first in (
    ("fully connected", make_mlp, None),
    ("convolutional", lambda: make_cnn((1, 28, 28), 10), reader),
):
    torch.manual_seed(1)
    plain = first or trained(make(), digits, DIGITS_S, lr=1e-3)[0]
    puzzled = trained(make(), puzzle, DIGITS_S, lr=3e-3 if first else 1e-3)[0]
    shares[kind] = [
        judged(plain, mnist.test_images),
        judged(plain, shifted),
        judged(puzzled, shuffled(mnist.test_images)),
    ]

# %% tags=["explore"]
plots.bars(
    shares,
    ["as they are", "shifted by 2 pixels", "pixels shuffled\n(trained on such)"],
    ylabel="test images that are right, %",
    title=f"{n_parameters:,} parameters each, {DIGITS_S} s of training each",
)
plt.ylim(top=125)

# %% [markdown]
# The fully connected network does not mind the shuffling at all, and that is its weakness: what it knows of one place
# tells it nothing of the next. The convolutional one loses by the shuffling the very thing that it was built on.
#
# ### Photographs: ninety seconds
#
# CIFAR-10, the task on which one template a class got less than 40 %. The images are mirrored at random, which doubles
# the data for nothing. Ninety seconds of training, on two processor cores if that is what you have.

# %% tags=["explore"]
PHOTOS_S = 90 if not cifar.is_sample else 10
photos = speedrun.Photos(
    cifar.train_images, cifar.train_labels, batch_size=128, rng=np.random.default_rng(0), mirror=True
)
photos_test = speedrun.Photos(cifar.test_images, cifar.test_labels, batch_size=500, scale=photos.scale)
torch.manual_seed(0)
seer, losses = trained(make_cnn((3, 32, 32), 10), photos, PHOTOS_S, lr=5e-3)
right, bar = speedrun.accuracy(seer, photos_test), cifar.targets["cnn"]
name = f"CIFAR-10 CNN, {len(losses) / len(photos):.1f} epochs on {speedrun.machine()}"
print(f"{name}: {right:.2%} of the test images are right; the bar is {bar:.2%}. ({PHOTOS_S:.1f} s)")

# %% tags=["explore"]
window = max(1, len(losses) // 60)
smooth = np.convolve(losses, np.ones(window) / window, mode="valid")
share = np.linspace(0, 100, len(smooth))
figure, axes = plt.subplots(1, 2, figsize=(9.5, 3.3), dpi=110, layout="constrained")
time_axis = "share of the time, %"
plots.curves(
    {"loss": (share, smooth)},
    xlabel=time_axis,
    ylabel=f"loss, mean of {window} steps",
    title="Loss against the clock",
    ax=axes[0],
)
rate = [5e-3 * speedrun.plan(s / 100) for s in share]
plots.curves({"rate": (share, rate)}, xlabel=time_axis, ylabel="learning rate", title="The plan", ax=axes[1])

# %% [markdown]
# ### What it sees, and what it mistakes
#
# Among the first filters of a network for photographs are edges and colours, as you made them by hand in sections one
# and four. Nobody told it to. At 3 × 3 pixels, what a filter lights up on says more than how it looks: find maps for one
# direction of edges, for light and for dark areas.

# %% tags=["explore"]
vision.filters(seer, title="The filters of the first layer, learnt from photographs")
vision.feature_maps(
    seer, next(iter(photos_test))[0][9], title="A photograph, and what 12 filters of each layer make of it"
)

# %% [markdown]
# In the **confusion matrix** a row is what a picture shows and a column what the network reads. Mistakes are not spread
# evenly: look for the brightest squares off the diagonal, and for pairs that are never mixed up. Below it are the
# mistakes that it was surest of.

# %% tags=["explore"]
with torch.no_grad():
    P = torch.cat([torch.softmax(seer.eval()(images), dim=1) for images, _ in photos_test]).numpy()
vision.confusion(cifar.test_labels, P.argmax(axis=1), cifar.class_names, title=f"{cifar.name}: {right:.1%} are right")

# %% tags=["explore"]
plots.mistakes(cifar.test_images, cifar.test_labels, P, cifar.class_names, n=15, title="The most confident mistakes")

# %% [markdown]
# ### The leaderboard
#
# | tier | machine | seconds of training | CIFAR-10 test images right |
# |---|---|---|---|
# | processor, the bar | two cores | 90 | 70 % |
# | processor, this notebook | two cores of a server shared with others | 90 | 81.9 % |
# | GPU, the bar | one GPU | 60 | 90 % |
# | GPU, this notebook | *not measured yet: no GPU was to be had* | – | – |
# | the record | one A100 | 2.6 | 94 % (K. Jordan, cifar10-airbench) |
# | **you** | | | |
#
# Rules: the 50,000 training images and nothing else; the clock runs while you train, not while you load data; choose by
# images that you lay aside from the training set; look at the test images once. To go for the record, read
# `help(speedrun)`: data on the device, whole batches augmented at once, channels last, mixed precision, compilation,
# and a residual network to begin with.

# %% tags=["explore"]
device = speedrun.fastest_device()
if device.type == "cpu":
    print(f"CIFAR-10 ResNet-9 on a GPU: not measured, for there is no GPU here (bar {cifar.targets['cnn_gpu']:.2%}).")
    print("In Colab: Runtime > Change runtime type > GPU.")
else:
    fast = speedrun.Photos(
        cifar.train_images,
        cifar.train_labels,
        batch_size=512,
        rng=np.random.default_rng(0),
        device=device,
        mirror=True,
        shift=2,
        whole_batches=True,
    )
    judge = speedrun.Photos(cifar.test_images, cifar.test_labels, batch_size=1000, scale=fast.scale, device=device)
    torch.manual_seed(0)
    network = speedrun.resnet9()
    result = speedrun.run(network, fast, epochs=15 if not cifar.is_sample else 100)
    print(result.line("CIFAR-10 ResNet-9", speedrun.accuracy(network, judge, mirrored=True), cifar.targets["cnn_gpu"]))

# %% [markdown]
# ## 12 · Reusing what was learnt
#
# The lectures name a way to save both time and data: **transfer learning**. A network that has learnt to see one thing
# has filters that serve for others. Keep everything but its last layer, the **features**; freeze it; and train a new
# **head**, one linear layer, on a handful of new examples.
#
# Frozen means two things: the optimiser does not touch the features' weights, *and* their batch normalisations stay in
# evaluation mode. In training mode they would go on averaging, and a network that nobody trains would drift.


# %% nbgrader={"grade_id": "transfer", "solution": true}
def transfer(features, X, y, n_classes, *, lr, steps):
    """Put a new head on frozen features, and train the head alone.

    features: an nn.Module that turns X into (n, d); afterwards its weights and its running
        averages are what they were, and its parameters ask for no gradients
    X: (n, …) tensor of images; y: (n,) tensor of labels from 0 to n_classes - 1
    lr, steps: make that many steps of torch.optim.Adam, each on all of X, y
    Returns an nn.Module in evaluation mode: features, then a new nn.Linear(d, n_classes).

    Hint: features that never change need to be computed only once.
    """
    ### BEGIN SOLUTION
    features.eval().requires_grad_(False)
    codes = features(X)
    head = torch.nn.Linear(codes.shape[1], n_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=lr)
    for _ in range(steps):
        loss = torch.nn.functional.cross_entropy(head(codes), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.nn.Sequential(features, head).eval()
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_transfer", "grade": true, "points": 3}
check("transfer")

# %% [markdown]
# The experiment: a network learns the digits **0 to 4** and has never seen a 5. Then it gets a few examples each of **5
# to 9**, from one to twenty, twice drawn. Beside it, a network that learns the same few examples from nothing.

# %% tags=["explore"]
is_low, is_low_test = mnist.train_labels < 5, mnist.test_labels < 5
low = speedrun.Photos(
    mnist.train_images[is_low],
    mnist.train_labels[is_low],
    batch_size=128,
    rng=np.random.default_rng(0),
    scale=digits.scale,
)
high = speedrun.Photos(
    mnist.train_images[~is_low], mnist.train_labels[~is_low] - 5, batch_size=5000, scale=digits.scale
)
high_test = speedrun.Photos(
    mnist.test_images[~is_low_test][:1000],
    mnist.test_labels[~is_low_test][:1000] - 5,
    batch_size=500,
    scale=digits.scale,
)
torch.manual_seed(2)
features = vision.without_head(trained(make_cnn((1, 28, 28), 5), low, DIGITS_S / 2)[0])

X_high, y_high = next(iter(high))
counts, draws, rng = [1, 2, 5, 10, 20], 2, np.random.default_rng(0)
by_transfer, by_scratch = np.zeros(len(counts)), np.zeros(len(counts))
for place, count in enumerate(counts * draws):
    few = np.concatenate([rng.permutation(np.flatnonzero(y_high == label))[:count] for label in range(5)])
    X_few, y_few = X_high[few], y_high[few]
    reused = transfer(features, X_few, y_few, 5, lr=0.01, steps=200)
    by_transfer[place % len(counts)] += 100 * speedrun.accuracy(reused, high_test) / draws
    fresh, _ = trained(make_cnn((1, 28, 28), 5), Batches(X_few, y_few, batch_size=len(few)), 1)
    by_scratch[place % len(counts)] += 100 * speedrun.accuracy(fresh, high_test) / draws
plots.curves(
    {"features from 0–4, new head": (counts, by_transfer), "from nothing": (counts, by_scratch)},
    xlabel="examples of each digit 5–9",
    ylabel="test images of 5–9 that are right, %",
    title="Filters learnt on some digits read others",
    log="x",
    markers=True,
)

# %% [markdown]
# ## Where this leads
#
# Reading one label off a picture is the simplest of the tasks that the lectures name, and a convolutional network is
# one family among several. On one page: what one can ask of a picture, and which networks exist for which kind of data.

# %% tags=["explore"]
vision.tasks_and_networks()

# %% [markdown]
# ## 13 · Why?
#
# A fully connected layer could compute everything that a convolution computes, and yet the convolutional network reads
# better with as many parameters. **Name the two assumptions about pictures that a convolution has built in. For each,
# say what it saves, and name an experiment of this lab that shows it at work or shows what happens when it does not
# hold.** Then name data for which one of the two is wrong. Five to eight sentences.

# %% [markdown] nbgrader={"grade_id": "why_convolution_works", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# (1) **Locality**: what belongs together lies close together, so that a small window is enough to begin with. It saves
# connections: 75 weights a filter instead of 3,072 in the lecture's example. The shuffled digits show it: neighbours
# mean nothing there, and the convolutional network loses while the fully connected one does not notice.
# (2) **The same everywhere** (weight sharing, translation): a feature worth finding in one place is worth finding in
# all. It saves parameters, 456 against 14.5 million, and examples, since every place of every image teaches the same
# filter. The digits shifted by two pixels show it; the filter learnt from a single photograph and the transfer to new
# digits do, too.
# Wrong for: tables whose columns have no order (locality), faces in passport photographs or spectrograms, in which
# place has a meaning (sharing), pixels shuffled by a fixed order.
# Full marks (3): both assumptions, with what each saves and a fitting experiment, and a sensible counterexample. One
# mark off for each that is missing or only asserted.
# ### END SOLUTION

# %% [markdown]
# ## How far you are
#
# What the checks that you ran in this session say, exercise by exercise; run those that are missing, then look again.

# %% tags=["explore"]
coursekit.progress()

# %% [markdown]
# ## If you want more
#
# - **Climb the leaderboard.** Make `make_cnn` deeper where the image is small; use label smoothing, shifts (`shift=2`),
#   larger batches. Which change pays for the time it takes?
# - **Two thin filters for one.** `np.outer([1, 2, 1], [-1, 0, 1])` is the edge filter of section 1. Show that two
#   passes, 3 × 1 and then 1 × 3, give the same result, and count the multiply-adds. Which 3 × 3 filters can be split
#   like that?
# - **Really convolve.** Flip the filter, multiply Fourier transforms (`np.fft.rfft2`), and hold the result against
#   `correlate2d`. From which filter size on is that faster?
#
# Save the notebook and hand it in. Next: lab 05. You have seen that a matrix product is what everything comes down to;
# now measure how fast one can be.
