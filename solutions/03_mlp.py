# %% [markdown]
# # Lab 03 · A network that reads
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({{colab}})
#
# **The lecture's headline: 97.76 % of MNIST's test digits, five epochs, ten seconds on a GTX 1080.** Can a laptop's processor
# beat that? It can, and at the end of this lab yours does. On the way you will notice something odd about the headline: the
# network printed on the slide cannot have made the log printed beneath it. Which one did?
#
# You write a multilayer perceptron twice: in NumPy, where nothing is hidden, and in PyTorch, where little is left to write.
# Under each exercise is a *check* cell. When your work is graded, further checks run that you do not see here.
#
# | | you write | what it makes possible |
# |---|---|---|
# | 1 | `sigmoid`, `tanh`, `relu`, and the slope of each | see where learning stops |
# | 2–4 | `init_layer`, `mlp_forward`, `mlp_backward`, `count_parameters` | a network of any depth, and its gradient |
# | 5–6 | `sgd_step`, `momentum_step`, `adam_step`, `nadam_step` | four ways down, each equal to PyTorch's |
# | 7 | `train_mlp` | 784-16-16-10, trained from scratch |
# | 8 | `make_mlp`, `train_epoch`, `evaluate` | the same in PyTorch, and then better |
# | 9 | `read_the_log` | the detective story |
#
# Three hours.

# %%
import os
import time

# The products of this lab are small. Threads that share one wait for each other more than they compute.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import matplotlib.pyplot as plt
import numpy as np
import torch

import coursekit
from coursekit import digitpad, plots
from coursekit.batches import Batches
from coursekit.checking import checks_for
from coursekit.datasets import load_mnist
from coursekit.training import TrainingLog

check = checks_for("03_mlp")
torch.set_num_threads(1)

# %% [markdown]
# ## The data
#
# As in lab 01, examples are rows: $X$ is $(n, 784)$, pixels between 0 and 1, $y$ holds whole numbers from 0 to 9. The rows are
# `float32`, four bytes a number: half the memory of NumPy's usual `float64`, and twice the numbers in every instruction of the
# processor. Networks do not need the other digits; gradient checks do, and use `float64`.

# %% tags=["explore"]
mnist = load_mnist()
X_train, y_train = mnist.train_vectors(), mnist.train_labels
X_test, y_test = mnist.test_vectors(), mnist.test_labels
print(f"{X_train.dtype}, pixels from {X_train.min():g} to {X_train.max():g}")
mnist

# %% [markdown]
# ## 1 · The bend
#
# Two linear layers in a row are one linear layer: $(XW_1)W_2 = X(W_1W_2)$. What makes depth worth anything is the bend
# between them, a function applied to each number on its own. The classic is the **sigmoid**,
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}}, \qquad \sigma(1) = 0.731059.$$
#
# Written like this it overflows: $e^{1000}$ is no float. Both $\frac{1}{1+e^{-z}}$ and $\frac{e^z}{1+e^z}$ are the same
# number, and each is harmless on one side of zero.


# %% nbgrader={"grade_id": "sigmoid", "solution": true}
def sigmoid(z):
    """Return 1 / (1 + exp(-z)), entry by entry.

    z: a number, or an array of any shape; it stays as it is
    Returns the same shape. No warning at z = ±1000, nor anywhere else.

    Hint: exp(-|z|) never overflows; both forms of the formula can be written with it.
    """
    ### BEGIN SOLUTION
    small = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, 1, small) / (1 + small)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_sigmoid", "grade": true, "points": 1}
check("sigmoid")

# %% [markdown]
# Learning needs the slope too. For the sigmoid it is cheap once the value is known:
#
# $$\sigma'(z) = \sigma(z)\,(1 - \sigma(z)).$$
#
# All slopes in this lab are functions of $z$, the number *before* the bend. Programs that store only $\sigma(z)$ write
# $s(1-s)$, and feeding that formula the wrong one of the two is a mistake that no error message reports.


# %% nbgrader={"grade_id": "d_sigmoid", "solution": true}
def d_sigmoid(z):
    """Return the slope of the sigmoid at z, entry by entry.

    z: a number, or an array of any shape: what goes INTO the sigmoid
    Returns the same shape. No warning at z = ±1000.
    """
    ### BEGIN SOLUTION
    s = sigmoid(z)
    return s * (1 - s)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_d_sigmoid", "grade": true, "points": 1}
check("d_sigmoid")

# %% [markdown]
# The **hyperbolic tangent** is a sigmoid stretched to the range from −1 to 1, so that its values have a mean near zero:
#
# $$\tanh z = \frac{e^z - e^{-z}}{e^z + e^{-z}} = 2\,\sigma(2z) - 1, \qquad \tanh' z = 1 - \tanh^2 z.$$
#
# The fraction is for paper: at $z = 1000$ it is $\infty / \infty$. NumPy has the function, and your `sigmoid` has it too.


# %% nbgrader={"grade_id": "tanh", "solution": true}
def tanh(z):
    """Return the hyperbolic tangent of z, entry by entry.

    z: a number, or an array of any shape; it stays as it is
    Returns the same shape. No warning at z = ±1000.
    """
    ### BEGIN SOLUTION
    return np.tanh(z)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_tanh", "grade": true, "points": 1}
check("tanh")


# %% nbgrader={"grade_id": "d_tanh", "solution": true}
def d_tanh(z):
    """Return the slope of tanh at z, entry by entry.

    z: a number, or an array of any shape: what goes INTO tanh
    Returns the same shape. No warning at z = ±1000.
    """
    ### BEGIN SOLUTION
    return 1 - tanh(z) ** 2
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_d_tanh", "grade": true, "points": 1}
check("d_tanh")

# %% [markdown]
# The **rectified linear unit** keeps what is positive and drops the rest: $\mathrm{relu}(z) = \max(z, 0)$. Its slope is 1
# where $z > 0$ and 0 where $z < 0$. At exactly 0 it has none; every library has to choose, and PyTorch, TensorFlow and this
# course choose **0**.


# %% nbgrader={"grade_id": "relu", "solution": true}
def relu(z):
    """Return max(z, 0), entry by entry.

    z: a number, or an array of any shape; it stays as it is
    Returns the same shape, in memory of its own.
    """
    ### BEGIN SOLUTION
    return np.maximum(z, 0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_relu", "grade": true, "points": 1}
check("relu")


# %% nbgrader={"grade_id": "d_relu", "solution": true}
def d_relu(z):
    """Return the slope of relu at z, entry by entry: 1 or 0, and 0 at z = 0.

    z: a number, or an array of any shape: what goes INTO relu
    Returns the same shape; ones and zeros, or True and False.
    """
    ### BEGIN SOLUTION
    return np.asarray(z) > 0
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_d_relu", "grade": true, "points": 1}
check("d_relu")

# %% tags=["explore"]
z = np.linspace(-6, 6, 241)
figure, axes = plt.subplots(1, 2, figsize=(10, 3.6), dpi=110, layout="constrained")
values = {"sigmoid": (z, sigmoid(z)), "tanh": (z, tanh(z)), "relu": (z, relu(z))}
plots.curves(values, xlabel="z", ylabel="value", title="Three bends …", ax=axes[0])
axes[0].set_ylim(-1.2, 3)
slopes = {"sigmoid": (z, d_sigmoid(z)), "tanh": (z, d_tanh(z)), "relu": (z, d_relu(z))}
plots.curves(slopes, xlabel="z", ylabel="slope", title="… and their slopes", ax=axes[1])

# %% [markdown]
# Look at the right picture from the point of view of a gradient that has to pass. Where $|z|$ is large, sigmoid and tanh are
# flat: they are **saturated**, and nothing gets through. The sigmoid never lets more than a quarter through, so ten layers of
# it leave at most $0.25^{10} \approx 10^{-6}$. A unit of relu passes everything or nothing.

# %% tags=["explore"]
depth = np.arange(1, 21)
rng = np.random.default_rng(0)
inputs = rng.normal(size=100_000)
passed = {
    "sigmoid, at its best (z = 0)": d_sigmoid(0.0) ** depth,
    "sigmoid, z from −5 to 5": d_sigmoid(5 * np.tanh(inputs)).mean() ** depth,
    "tanh, z drawn from N(0, 1)": d_tanh(inputs).mean() ** depth,
    "relu, on an active path": d_relu(1.0) ** depth,
}
plots.curves(
    {name: (depth, slope) for name, slope in passed.items()},
    xlabel="number of bends on the way back",
    ylabel="share of the gradient that is left",
    title="Saturation, multiplied",
    log="y",
)

# %% [markdown]
# ## 2 · Where to begin
#
# Weights cannot start at zero: all units of a layer would compute the same, get the same gradient and stay the same for ever.
# They start at random, and the size matters. A unit adds up $n_\text{in}$ products, so its variance is $n_\text{in}$ times
# that of one product. To keep signals of one size from layer to layer, draw from a normal distribution with the **standard
# deviation**
#
# $$\text{He: } \sqrt{\frac{2}{n_\text{in}}} \quad\text{(relu: half of the signal is dropped, the 2 makes up for it)},\qquad
# \text{Xavier: } \sqrt{\frac{2}{n_\text{in} + n_\text{out}}} \quad\text{(tanh, sigmoid)}.$$
#
# Biases may start at zero: the weights already make the units differ.


# %% nbgrader={"grade_id": "init_layer", "solution": true}
def init_layer(n_in, n_out, kind, rng):
    """Draw the first weights of a layer.

    n_in, n_out: how many numbers go in and out
    kind: "he" or "xavier"
    rng: np.random.Generator; the same one gives the same weights
    Returns (W, b): W (n_in, n_out), normal with mean 0 and the STANDARD DEVIATION given
    above; b (n_out,), zeros.
    """
    ### BEGIN SOLUTION
    deviation = {"he": np.sqrt(2 / n_in), "xavier": np.sqrt(2 / (n_in + n_out))}[kind]
    return rng.normal(0, deviation, size=(n_in, n_out)), np.zeros(n_out)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_init_layer", "grade": true, "points": 2}
check("init_layer")

# %% [markdown]
# Five ways to begin, ten relu layers of 100 units, real digits going in. Follow each row from left to right: only one keeps its
# signal.

# %% tags=["explore"]
SIZES = [X_test.shape[1]] + [100] * 10 + [10]
LAYERS = list(zip(SIZES, SIZES[1:]))


def beginnings(rng):
    """Draw the same network five times, begun in five ways."""

    def normal(deviation):
        return [(deviation * rng.normal(size=pair), np.zeros(pair[1])) for pair in LAYERS]

    return {
        "zero": normal(0.0),
        "0.01 · N(0, 1)": normal(0.01),
        "N(0, 1)": normal(1.0),
        "Xavier": [init_layer(*pair, "xavier", rng) for pair in LAYERS],
        "He": [init_layer(*pair, "he", rng) for pair in LAYERS],
    }


networks = beginnings(np.random.default_rng(0))
signals = {name: [X_test[:256].astype(float)] for name in networks}
for name, layers in networks.items():
    for W, b in layers[:-1]:
        signals[name].append(relu(signals[name][-1] @ W + b))
shown = [1, 2, 4, 6, 8, 10]
plots.histograms(
    {name: [found[i] for i in shown] for name, found in signals.items()},
    [f"layer {i}" for i in shown],
    xlabel="activations of 256 images, each row on a scale of its own; σ is their standard deviation",
    title="What reaches layer 10?",
)

# %% [markdown]
# ## 3 · Forward, and back
#
# A multilayer perceptron is a list of layers `params = [(W1, b1), (W2, b2), …]`. Every layer but the last is followed by relu;
# the last one gives the **logits**, scores without any bend. With $A_0 = X$:
#
# $$A_l = \mathrm{relu}(A_{l-1} W_l + b_l) \quad (l < L), \qquad \text{logits} = A_{L-1} W_L + b_L.$$
#
# No softmax here: it belongs to the loss, as in lab 01. The way back will need numbers from the way forward, so the function
# returns them as well, as a **cache**. What is in it is your own affair. (If it is the list $[A_0, A_1, \dots, A_{L-1}, \text{logits}]$, then
# grading can put a right `mlp_forward` in place of yours when it judges `mlp_backward`, and a mistake here costs nothing there.)


# %% nbgrader={"grade_id": "mlp_forward", "solution": true}
def mlp_forward(params, X):
    """Send a batch through the network: relu after every layer but the last.

    params: list of (W, b), W (n_in, n_out), b (n_out,); one layer or more
    X: (n, d) examples
    Returns (logits, cache): logits (n, k), no softmax; cache: whatever mlp_backward needs.

    Hint: for the cache, the list of every layer's input, with the logits at its end.
    """
    ### BEGIN SOLUTION
    cache = [X]
    for W, b in params[:-1]:
        cache.append(relu(cache[-1] @ W + b))
    W, b = params[-1]
    cache.append(cache[-1] @ W + b)
    return cache[-1], cache
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_mlp_forward", "grade": true, "points": 3}
check("mlp_forward")

# %% [markdown]
# The loss is the mean cross-entropy of the logits. Its gradient at the logits is known from lab 01, and each layer hands it on:
#
# $$D_L = \frac{P - Y}{n}, \qquad
# dW_l = A_{l-1}^\top D_l, \qquad db_l = \text{sum of the rows of } D_l, \qquad
# D_{l-1} = (D_l W_l^\top) \odot \mathrm{relu}'(Z_{l-1}).$$
#
# $P$ is the softmax of the logits, $Y$ the one-hot labels, $Z_l$ what went into the relu. Three traps: the factor $1/n$ belongs in once; $W^\top$ and
# $W$ look alike when a layer is square; and the relu's mask asks whether the **signal** was positive on its way forward, not
# whether the gradient is.


# %% nbgrader={"grade_id": "mlp_backward", "solution": true}
def mlp_backward(params, cache, y):
    """Return the gradient of the batch's mean cross-entropy.

    params: list of (W, b), as given to mlp_forward
    cache: what mlp_forward returned
    y: (n,) true classes, whole numbers
    Returns a list of (dW, db), shaped like params.

    Hint: walk through the layers from the last to the first. relu(z) > 0 exactly where z > 0.
    """
    ### BEGIN SOLUTION
    logits = cache[-1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    D = powers / powers.sum(axis=1, keepdims=True)
    D[np.arange(len(y)), y] -= 1
    D /= len(y)
    grads = []
    for i in reversed(range(len(params))):
        grads.insert(0, (cache[i].T @ D, D.sum(axis=0)))
        if i > 0:
            D = (D @ params[i][0].T) * (cache[i] > 0)
    return grads
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_mlp_backward", "grade": true, "points": 4}
check("mlp_backward")

# %% [markdown]
# The function uses your `mlp_forward`'s cache. Now the five beginnings once more, from both ends: how large are the
# signals on the way forward, and how large is what comes back to each layer? Xavier loses a factor near $\sqrt2$ a layer, since it was
# not made for relu: from layer 1 to layer 10 that makes about 20.

# %% tags=["explore"]
few, labels = X_test[:256].astype(float), y_test[:256]
forward, backward = {}, {}
for name, layers in networks.items():
    grads = mlp_backward(layers, mlp_forward(layers, few)[1], labels)
    forward[name] = (np.arange(1, 11), [np.std(found) for found in signals[name][1:]])
    backward[name] = (np.arange(1, 12), [np.std(dW) for dW, _ in grads])
figure, axes = plt.subplots(1, 2, figsize=(11, 4), dpi=110, layout="constrained")
plots.curves(
    {name: line for name, line in forward.items() if name != "zero"},
    xlabel="layer",
    ylabel="standard deviation of the activations",
    title="Forward (zero weights give nothing to draw)",
    log="y",
    ax=axes[0],
)
plots.curves(
    {name: line for name, line in backward.items() if name != "zero"},
    xlabel="layer",
    ylabel="standard deviation of dW",
    title="Back (colours as on the left)",
    log="y",
    ax=axes[1],
)
axes[1].get_legend().remove()

# %% [markdown]
# And the same gradient from PyTorch, which differentiates on its own as your `Value` did in lab 02.

# %% tags=["explore"]
He = networks["He"]
logits, cache = mlp_forward(He, few)
grads = mlp_backward(He, cache, labels)
weights = [torch.tensor(part, requires_grad=True) for layer in He for part in layer]
signal = torch.tensor(few)
for i in range(0, len(weights), 2):
    signal = (signal if i == 0 else torch.relu(signal)) @ weights[i] + weights[i + 1]
torch.nn.functional.cross_entropy(signal, torch.tensor(labels)).backward()
mine = [part for layer in grads for part in layer]
off = max(np.abs(a - b.grad.numpy()).max() for a, b in zip(mine, weights))
print(f"{len(weights)} arrays of gradients; the largest difference from PyTorch is {off:.1e}")

# %% [markdown]
# ## 4 · How many numbers is that?
#
# A layer from $a$ to $b$ units has $a \cdot b$ weights and $b$ biases. The network 3-2-2, to take a small one, has $3\cdot2 + 2 + 2\cdot2
# + 2 = 14$ parameters. Count those of the slide's network before you run the check.


# %% nbgrader={"grade_id": "count_parameters", "solution": true}
def count_parameters(sizes):
    """Count the weights and biases of a network.

    sizes: numbers of units from the input to the output, such as [784, 16, 16, 10]
    Returns a whole number.
    """
    ### BEGIN SOLUTION
    return sum((n_in + 1) * n_out for n_in, n_out in zip(sizes, sizes[1:]))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_count_parameters", "grade": true, "points": 1}
check("count_parameters")

# %% tags=["explore"]
for sizes in ([784, 10], [784, 16, 16, 10], [784, 128, 10], [784, 256, 10], SIZES):
    share = (sizes[0] + 1) * sizes[1] / count_parameters(sizes)
    short = "-".join(map(str, sizes)) if len(sizes) < 6 else "784, ten times 100, 10"
    print(f"{short:<24}{count_parameters(sizes):>9,} parameters, {share:4.0%} of them in the first layer")

# %% [markdown]
# ## 5 · Ways down
#
# A gradient says which way; an **optimiser** says how far. Each is a *pure function*: it takes parameters and gradients and returns
# new parameters, leaving the old ones as they were. Then two optimisers can start from one point, and a race is fair.
#
# All arrays of a network get the same treatment. To say it once, here is a helper that you may use:
# `for_each(f, params, grads)` is the list of `(f(W, dW), f(b, db))`, and it takes any number of lists.


# %%
def for_each(function, *lists):
    """Apply a function to the arrays that stand in the same place of lists of (W, b)."""
    return [tuple(function(*arrays) for arrays in zip(*pairs)) for pairs in zip(*lists)]


# %% [markdown]
# **Gradient descent**: $w \leftarrow w - \eta\, g$, with the learning rate $\eta$ = `lr`.


# %% nbgrader={"grade_id": "sgd_step", "solution": true}
def sgd_step(params, grads, lr):
    """Step against the gradient.

    params, grads: lists of (W, b) and (dW, db); both stay as they are
    lr: learning rate η
    Returns new params, a list of (W, b).
    """
    ### BEGIN SOLUTION
    return for_each(lambda w, g: w - lr * g, params, grads)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_sgd_step", "grade": true, "points": 1}
check("sgd_step")

# %% [markdown]
# **Momentum**: a ball that rolls. The velocity $v$ starts at zero and remembers old gradients:
#
# $$v \leftarrow \gamma v + g, \qquad w \leftarrow w - \eta v.$$
#
# That is PyTorch's convention. The slide puts $\eta$ into the velocity, $v \leftarrow \gamma v + \eta g$, $w \leftarrow w - v$, which is the same as long
# as $\eta$ does not change. A third form, $v \leftarrow \gamma v + (1-\gamma) g$, takes steps ten times shorter at $\gamma = 0.9$. Mix two of them, and
# nothing you read about learning rates applies.
#
# The velocity has to survive from step to step: it is the **state**, `None` at first, and then whatever your function returned last time.


# %% nbgrader={"grade_id": "momentum_step", "solution": true}
def momentum_step(params, grads, state, lr, gamma=0.9):
    """Step with momentum: v ← γ v + g, w ← w − η v.

    params, grads: lists of (W, b) and (dW, db); both stay as they are
    state: None at the first step, then what this function returned; it stays as it is, too
    lr, gamma: η and γ
    Returns (params, state), both new.
    """
    ### BEGIN SOLUTION
    if state is None:
        state = for_each(np.zeros_like, params)
    state = for_each(lambda v, g: gamma * v + g, state, grads)
    return for_each(lambda w, v: w - lr * v, params, state), state
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_momentum_step", "grade": true, "points": 2}
check("momentum_step")

# %% [markdown]
# **Adam** gives each weight a step length of its own. It keeps running means of the gradient and of its square, in step $t = 1, 2, \dots$:
#
# $$m \leftarrow \beta_1 m + (1-\beta_1) g, \quad v \leftarrow \beta_2 v + (1-\beta_2) g^2, \quad
# \hat m = \frac{m}{1-\beta_1^t}, \quad \hat v = \frac{v}{1-\beta_2^t}, \quad
# w \leftarrow w - \eta \frac{\hat m}{\sqrt{\hat v} + \varepsilon}.$$
#
# The hats are the **bias correction**: both means start at zero and are too small at first. With a constant gradient the
# corrected steps are $\eta, \eta, \eta$, as they should be; uncorrected ones are $3.162\,\eta$, $4.250\,\eta$, $4.950\,\eta$. The slide leaves out
# the correction and $\varepsilon$ and sets $\beta_2 = 0.99$; then the very first step is right by accident, since $0.1/\sqrt{0.01} = 1$. A test of
# one step with those numbers finds nothing.


# %% nbgrader={"grade_id": "adam_step", "solution": true}
def adam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Step as torch.optim.Adam does: with bias correction, and ε outside the root.

    params, grads: lists of (W, b) and (dW, db); both stay as they are
    state: None at the first step, then what this function returned; it stays as it is, too
    lr, beta1, beta2, eps: η, β₁, β₂, ε
    Returns (params, state), both new.

    Hint: the state holds the number of steps and two lists like params. The first step has t = 1.
    """
    ### BEGIN SOLUTION
    if state is None:
        state = 0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, m, v = state
    t += 1
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)
    unbias_m, unbias_v = 1 / (1 - beta1**t), 1 / (1 - beta2**t)

    def moved(w, m, v):
        return w - lr * unbias_m * m / (np.sqrt(unbias_v * v) + eps)

    return for_each(moved, params, m, v), (t, m, v)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_adam_step", "grade": true, "points": 4}
check("adam_step")

# %% [markdown]
# What is the $\varepsilon$ for? Many pixels at the rim of MNIST's images are black in *every* image. Their weights get a gradient of
# exactly 0, so $\hat m / \sqrt{\hat v} = 0/0$. One step of the slide's formula, on a batch of 32 digits:

# %% tags=["explore"]
rng = np.random.default_rng(0)
start = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in ((784, 16), (16, 16), (16, 10))]
_, cache = mlp_forward(start, X_train[:32])
grads = mlp_backward(start, cache, y_train[:32])
with np.errstate(all="ignore"):
    broken, _ = adam_step(start, grads, None, 1e-3, eps=0)
sound, _ = adam_step(start, grads, None, 1e-3)
n_lost = sum(int(np.isnan(part).sum()) for layer in broken for part in layer)
print(f"without ε: {n_lost:,} of {count_parameters([784, 16, 16, 10]):,} parameters are nan after one step")
print(f"with ε:    {sum(int(np.isnan(part).sum()) for layer in sound for part in layer)}")
lost = np.isnan(broken[0][0]).mean(axis=1).reshape(28, 28)
plots.image_grid(
    np.stack([X_train[:32].max(axis=0).reshape(28, 28), lost]),
    ["ink in the batch", "weights lost"],
    columns=2,
)

# %% [markdown]
# From here a single forward pass makes every logit `nan`, because $0 \cdot \text{nan} = \text{nan}$.
#
# **Nadam** is Adam that looks ahead, as Nesterov's momentum does: it steps along the mean that *would* come next. PyTorch's form
# uses a momentum that rises slowly towards $\beta_1$, with $\psi = 0.004$:
#
# $$\mu_t = \beta_1\left(1 - \tfrac12 \cdot 0.96^{\,t\psi}\right), \qquad
# w \leftarrow w - \frac{\eta}{\sqrt{\hat v} + \varepsilon}
# \left(\frac{\mu_{t+1}}{1 - \prod_{i=1}^{t+1} \mu_i}\, m + \frac{1 - \mu_t}{1 - \prod_{i=1}^{t} \mu_i}\, g\right).$$
#
# $m$, $v$ and $\hat v$ are Adam's; $m$ is not corrected by $\beta_1^t$ here, the products of the $\mu_i$ do that.


# %% nbgrader={"grade_id": "nadam_step", "solution": true}
def nadam_step(params, grads, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    """Step as torch.optim.NAdam does.

    params, grads: lists of (W, b) and (dW, db); both stay as they are
    state: None at the first step, then what this function returned; it stays as it is, too
    lr, beta1, beta2, eps, psi: η, β₁, β₂, ε, ψ
    Returns (params, state), both new.

    Hint: beside what Adam keeps, the state holds the product of the μ so far, 1 at first.
    """
    ### BEGIN SOLUTION
    if state is None:
        state = 0, 1.0, for_each(np.zeros_like, params), for_each(np.zeros_like, params)
    t, product, m, v = state
    t += 1
    mu, mu_next = (beta1 * (1 - 0.5 * 0.96 ** (i * psi)) for i in (t, t + 1))
    product *= mu
    m = for_each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = for_each(lambda v, g: beta2 * v + (1 - beta2) * g**2, v, grads)
    ahead, now, unbias_v = mu_next / (1 - product * mu_next), (1 - mu) / (1 - product), 1 / (1 - beta2**t)

    def moved(w, g, m, v):
        return w - lr * (ahead * m + now * g) / (np.sqrt(unbias_v * v) + eps)

    return for_each(moved, params, grads, m, v), (t, product, m, v)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_nadam_step", "grade": true, "points": 3}
check("nadam_step")

# %% [markdown]
# ## 6 · A race down a valley
#
# A long valley, fifty times steeper across than along. Plain descent must keep its step short enough for the steep direction, and
# so crawls along the flat one, jumping from side to side. Momentum averages the jumps away and overshoots like a ball. Adam and
# Nadam measure each direction with its own ruler.


# %%
def take_step(optimizer, params, grads, state, lr):
    """Step with the optimiser of that name; return (params, state)."""
    if optimizer == "sgd":
        return sgd_step(params, grads, lr), None
    step = {"momentum": momentum_step, "adam": adam_step, "nadam": nadam_step}[optimizer]
    return step(params, grads, state, lr)


# %% tags=["explore", "cover"]
steepness = np.array([0.02, 1.0])
rates = {"sgd": 1.85, "momentum": 0.4, "adam": 0.6, "nadam": 0.6}
paths = {}
for optimizer, lr in rates.items():
    place, state = [(np.array([-9.0, 2.2]), np.zeros(0))], None
    path = [place[0][0]]
    for _ in range(35):
        slope = [(steepness * place[0][0], np.zeros(0))]
        place, state = take_step(optimizer, place, slope, state, lr)
        path.append(place[0][0])
    paths[f"{optimizer}, lr {lr}"] = np.array(path)
plots.descents(
    lambda a, b: 0.5 * (steepness[0] * a**2 + steepness[1] * b**2),
    paths,
    x=(-10, 5),
    y=(-3, 3),
    title="35 steps; the lowest point is at (0, 0)",
)

# %% [markdown]
# ## 7 · Training
#
# All parts are there but two, and you have written those in lab 01: `cross_entropy` below takes logits, and
# `Batches(X, y, batch_size=…, rng=rng)` gives an epoch of shuffled batches every time a `for` loop goes through it.
#
# To regularise, add $\lambda W$ to each $dW$ before the step: the slope of $\tfrac12 \lambda \sum W^2$, with $\lambda$ = `l2`. Biases are left alone.


# %%
def cross_entropy(logits, y):
    """Return the mean cross-entropy of a batch of logits (n, k) with true classes (n,)."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=1))
    return float((log_sums - shifted[np.arange(len(y)), y]).mean())


# %% nbgrader={"grade_id": "train_mlp", "solution": true}
def train_mlp(X, y, sizes, *, epochs, batch_size, lr, optimizer, l2, rng):
    """Train a network from He's beginning; shuffle anew in every epoch, step after every batch.

    X: (n, d) examples; y: (n,) whole numbers
    sizes: units from the input to the output, such as [784, 16, 16, 10]
    optimizer: "sgd", "momentum", "adam" or "nadam"; its settings other than lr are the defaults
    l2: the regulariser's strength λ
    rng: np.random.Generator; the same one gives the same result
    Returns (params, history): history holds one number an epoch, the mean over the epoch's
    EXAMPLES of the cross-entropy, each measured before the step that used it; without λ's part.

    Hint: one state for all steps. With W.astype(X.dtype) float32 stays float32, at half the time.
    """
    ### BEGIN SOLUTION
    layers = [init_layer(n_in, n_out, "he", rng) for n_in, n_out in zip(sizes, sizes[1:])]
    params = for_each(lambda w: w.astype(X.dtype), layers)
    state, history = None, []
    for _ in range(epochs):
        total = 0.0
        for X_batch, y_batch in Batches(X, y, batch_size=batch_size, rng=rng):
            logits, cache = mlp_forward(params, X_batch)
            total += cross_entropy(logits, y_batch) * len(y_batch)
            grads = mlp_backward(params, cache, y_batch)
            grads = [(dW + l2 * W, db) for (W, _), (dW, db) in zip(params, grads)]
            params, state = take_step(optimizer, params, grads, state, lr)
        history.append(total / len(y))
    return params, history
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_train_mlp", "grade": true, "points": 4}
check("train_mlp")

# %% [markdown]
# The function uses what you wrote before; a mistake there costs nothing here. Now the rule from lab 01: **first learn fifty images
# by heart.** The first loss should be near $\ln 10 = 2.30$, the last near 0. If not, look for the mistake before you train any longer.

# %% tags=["explore"]


def accuracy(params, X, y):
    """Return the share of examples whose largest logit is that of their class."""
    return float((mlp_forward(params, X)[0].argmax(axis=1) == y).mean())


few = {"epochs": 60, "batch_size": 10, "lr": 0.01, "optimizer": "adam", "l2": 0}
params, history = train_mlp(X_train[:50], y_train[:50], [784, 16, 16, 10], **few, rng=np.random.default_rng(0))
print(f"loss: {history[0]:.2f} in the first epoch, {history[-1]:.4f} in the last")
print(f"on the fifty images themselves: {accuracy(params, X_train[:50], y_train[:50]):.0%}")
print(f"on the test images:             {accuracy(params, X_test, y_test):.0%}")

# %% [markdown]
# ### Forgetting to divide by 255
#
# The slide's program divides the pixels by 255. Leave it out, and Adam, with its ruler for every weight, hides most of it: what you
# get looks like a mediocre network, not like a mistake. So do not judge by the accuracy. Look at $X$ itself, and at the loss before the
# first step, which should be near $\ln 10$.

# %% tags=["explore"]
n = min(6000, len(X_train))
once = {"epochs": 3, "batch_size": 32, "lr": 0.001, "optimizer": "adam", "l2": 0}
for name, scale in (("pixels from 0 to 1", 1), ("pixels from 0 to 255", 255)):
    untrained = [init_layer(*pair, "he", np.random.default_rng(0)) for pair in ((784, 128), (128, 10))]
    first_loss = cross_entropy(mlp_forward(untrained, scale * X_train[:n])[0], y_train[:n])
    params, _ = train_mlp(scale * X_train[:n], y_train[:n], [784, 128, 10], **once, rng=np.random.default_rng(0))
    at_the_end = accuracy(params, scale * X_test, y_test)
    print(f"{name:<21} first loss {first_loss:6.2f}, test accuracy at the end {at_the_end:.1%}")

# %% [markdown]
# ### One example, all examples, or a few?
#
# The slides list three kinds of descent. Here they are on the same 2,000 images, for the same ten epochs. *Full batch* takes ten
# exact steps; *single example* takes 20,000 rough ones; *mini-batches* of 20 take 1,000. Each has a learning rate that suits it. Left,
# what an epoch brings; right, what a second brings: a processor handles twenty rows in little more time than one.

# %% tags=["explore"]
kinds = {"full batch": (2000, 0.2), "single example": (1, 0.01), "mini-batches of 20": (20, 0.1)}
by_epoch, by_second = {}, {}
for name, (batch_size, lr) in kinds.items():
    begin = time.perf_counter()
    options = {"epochs": 10, "batch_size": batch_size, "lr": lr, "optimizer": "sgd", "l2": 0}
    _, history = train_mlp(X_train[:2000], y_train[:2000], [784, 16, 16, 10], **options, rng=np.random.default_rng(0))
    seconds = time.perf_counter() - begin
    by_epoch[f"{name}, lr {lr}"] = (np.arange(1, 11), history)
    by_second[name] = (seconds * np.arange(1, 11) / 10, history)
figure, axes = plt.subplots(1, 2, figsize=(10.5, 3.8), dpi=110, layout="constrained")
plots.curves(by_epoch, xlabel="epoch", ylabel="training loss", title="An epoch's worth", markers=True, ax=axes[0])
plots.curves(
    by_second, xlabel="seconds", ylabel="training loss", title="A second's worth", log="x", markers=True, ax=axes[1]
)

# %% [markdown]
# ### The race on digits
#
# The same beginning, the same batches of 32, one epoch, four optimisers, each at a usual learning rate.

# %% tags=["explore"]
rates = {"sgd": 0.1, "momentum": 0.02, "adam": 0.002, "nadam": 0.002}
losses = {}
for optimizer, lr in rates.items():
    rng, state = np.random.default_rng(1), None
    params = for_each(np.float32, [init_layer(*pair, "he", rng) for pair in ((784, 16), (16, 16), (16, 10))])
    seen = []
    for X_batch, y_batch in Batches(X_train, y_train, batch_size=32, rng=rng):
        logits, cache = mlp_forward(params, X_batch)
        seen.append(cross_entropy(logits, y_batch))
        params, state = take_step(optimizer, params, mlp_backward(params, cache, y_batch), state, lr)
    window = max(1, len(seen) // 20)
    smooth = np.convolve(seen, np.ones(window) / window, mode="valid")
    losses[f"{optimizer}, lr {lr}"] = (window + np.arange(len(smooth)), smooth)
plots.curves(
    losses,
    xlabel="step (batch of 32)",
    ylabel=f"training loss, mean of {window} steps",
    title="784-16-16-10, one epoch of MNIST",
    log="y",
)

# %% [markdown]
# ### The slide's network, from scratch
#
# Now the network that is printed on the slide: 784-16-16-10, 13,002 parameters, plain SGD with batches of 10. And again with Adam and
# batches of 32. The bars are what such a network must reach on images that it has never seen.

# %% tags=["explore"]
runs = {
    "mlp_sgd": ("784-16-16-10 in NumPy, SGD", {"batch_size": 10, "lr": 0.01, "optimizer": "sgd"}),
    "mlp_adam": ("784-16-16-10 in NumPy, Adam", {"batch_size": 32, "lr": 0.001, "optimizer": "adam"}),
}
small = {}
for target, (name, options) in runs.items():
    begin = time.perf_counter()
    params, history = train_mlp(
        X_train, y_train, [784, 16, 16, 10], epochs=5, l2=0, rng=np.random.default_rng(1), **options
    )
    seconds = time.perf_counter() - begin
    small[target] = params
    right, bar = accuracy(params, X_test, y_test), mnist.targets[target]
    print(f"{name}: {right:.2%} of the test images are right; the bar is {bar:.2%}. ({seconds:.1f} s)")

# %% [markdown]
# Ninety-five in a hundred, from fifteen-line functions. But mark the distance: **nowhere near 97.76 %**. More epochs do not close
# it; sixteen units are too few. Keep that in mind for section 9.
#
# What do the sixteen units of the first layer look at? Each has one weight a pixel, so it can be drawn, like the templates of lab
# 01. They are no digits: they are strokes and their absence, to be combined by the layers above.

# %% tags=["explore"]
first_layer = small["mlp_adam"][0][0]
title = "What the 16 units of the first layer look for"
plots.templates(first_layer, mnist.image_shape, [f"unit {i}" for i in range(16)], columns=8, title=title)

# %% [markdown]
# ### Weights on a diet
#
# Many weights can learn anything by heart, mistakes included. Below, 784-64-10 gets 1,000 images, and a fifth of the labels are made
# up. Left alone, the network learns the nonsense too, and pays for it on the test images. The regulariser pulls every weight towards zero
# unless many images insist on it, and a made-up label has only its own image to speak for it.

# %% tags=["explore"]
strengths = [0.0, 0.01, 0.03, 0.1]
noisy = y_train[:1000].copy()
noisy[:200] = np.random.default_rng(1).integers(10, size=200)
on_noise, on_test = [], []
for l2 in strengths:
    options = {"epochs": 25, "batch_size": 20, "lr": 0.1, "optimizer": "sgd", "l2": l2}
    params, _ = train_mlp(X_train[:1000], noisy, [784, 64, 10], **options, rng=np.random.default_rng(0))
    on_noise.append(100 * accuracy(params, X_train[:1000], noisy))
    on_test.append(100 * accuracy(params, X_test, y_test))
    length = np.sqrt(sum((W**2).sum() for W, _ in params))
    print(f"l2 {l2:<6} length of all weights {length:5.1f}")
plots.bars(
    {"agrees with the training labels": on_noise, "right on the test images": on_test},
    [f"l2 = {l2}" for l2 in strengths],
    ylabel="share of the images, %",
    title="Learning less, knowing more",
)
_ = plt.ylim(top=130)

# %% [markdown]
# ## 8 · The same in PyTorch
#
# PyTorch has every piece that you have just written. A network is an `nn.Module`; a layer is `nn.Linear(n_in, n_out)`, which keeps its
# weights transposed, (n_out, n_in). Its cross-entropy takes **logits**: a softmax layer at the end would be applied twice, which is
# legal, silent, and slows learning down.


# %% nbgrader={"grade_id": "make_mlp", "solution": true}
def make_mlp(sizes):
    """Build a network: nn.Linear layers, relu after each but the last.

    sizes: units from the input to the output, such as [784, 16, 16, 10]
    Returns an nn.Module that turns (n, sizes[0]) into logits (n, sizes[-1]).

    Hint: torch.nn.Sequential(*layers) chains a list of layers.
    """
    ### BEGIN SOLUTION
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_make_mlp", "grade": true, "points": 2}
check("make_mlp")

# %% [markdown]
# Before trusting two programs, make them agree. The same weights go into your NumPy network and into PyTorch's; both see the same fifty
# batches, with each of the four optimisers. The losses must be equal, step by step, to $10^{-5}$.

# %% tags=["explore"]
optimizers = {
    "sgd": (0.1, lambda weights: torch.optim.SGD(weights, lr=0.1)),
    "momentum": (0.02, lambda weights: torch.optim.SGD(weights, lr=0.02, momentum=0.9)),
    "adam": (0.002, lambda weights: torch.optim.Adam(weights, lr=0.002)),
    "nadam": (0.002, lambda weights: torch.optim.NAdam(weights, lr=0.002)),
}
apart = {}
for name, (lr, make_optimizer) in optimizers.items():
    rng, state, differences = np.random.default_rng(2), None, []
    params = [init_layer(*pair, "he", rng) for pair in ((784, 16), (16, 16), (16, 10))]
    model = make_mlp([784, 16, 16, 10]).double()
    linears = [layer for layer in model.modules() if isinstance(layer, torch.nn.Linear)]
    with torch.no_grad():
        for layer, (W, b) in zip(linears, params):
            layer.weight.copy_(torch.tensor(W.T))
            layer.bias.copy_(torch.tensor(b))
    optimizer = make_optimizer(model.parameters())
    for X_batch, y_batch in Batches(X_train[:1600].astype(float), y_train[:1600], batch_size=32, rng=rng):
        logits, cache = mlp_forward(params, X_batch)
        params, state = take_step(name, params, mlp_backward(params, cache, y_batch), state, lr)
        loss = torch.nn.functional.cross_entropy(model(torch.tensor(X_batch)), torch.tensor(y_batch))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        differences.append(abs(loss.item() - cross_entropy(logits, y_batch)) + 1e-17)
    apart[name] = (np.arange(1, len(differences) + 1), differences)
    print(f"{name:<9} loss after {len(differences)} steps {loss.item():.8f}, largest difference {max(differences):.1e}")
plots.curves(
    apart,
    xlabel="step",
    ylabel="|loss in NumPy − loss in PyTorch|",
    title="Two programs, one computation (float64)",
    log="y",
)

# %% [markdown]
# A training loop has five lines, always the same: **forward, loss, zero the gradients, backward, step**. PyTorch *adds* gradients to
# what is in `.grad`, as your `Value` does; whoever forgets to zero them steps along the sum of all gradients so far.
#
# A `loader` is anything that gives pairs of images and labels: a `DataLoader`, your `Batches`, a list.


# %% nbgrader={"grade_id": "train_epoch", "solution": true}
def train_epoch(model, loader, optimizer):
    """Train for one epoch: one step after every batch.

    model: an nn.Module that gives logits; this puts it into training mode
    loader: gives pairs (images, labels) of tensors; has no other methods
    optimizer: a torch.optim optimiser of the model's parameters
    Returns one number: the mean over the EXAMPLES of the cross-entropy before each step.

    Hint: loss.item() is a plain number; the last batch may be short.
    """
    ### BEGIN SOLUTION
    model.train()
    total, n = 0.0, 0
    for images, labels in loader:
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        n += len(labels)
    return total / n
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_train_epoch", "grade": true, "points": 3}
check("train_epoch")

# %% [markdown]
# Judging a network is not training it. Some layers, such as dropout, behave differently while they are trained, so switch
# them over with `model.eval()`; and recording operations for a backward pass that never comes costs time and memory, so switch that off
# with `torch.no_grad()`.


# %% nbgrader={"grade_id": "evaluate", "solution": true}
def evaluate(model, loader):
    """Judge a network; nothing is trained, and no operation is recorded for gradients.

    model: an nn.Module that gives logits; this puts it into evaluation mode
    loader: gives pairs (images, labels) of tensors; has no other methods
    Returns (loss, accuracy): two numbers, means over all EXAMPLES of the loader: the
    cross-entropy, and the share of them whose largest logit is that of their class.
    """
    ### BEGIN SOLUTION
    model.eval()
    loss, right, n = 0.0, 0, 0
    with torch.no_grad():
        for images, labels in loader:
            logits = model(images)
            loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum").item()
            right += (logits.argmax(dim=1) == labels).sum().item()
            n += len(labels)
    return loss / n, right / n
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_evaluate", "grade": true, "points": 2}
check("evaluate")

# %% [markdown]
# ### When to stop
#
# How many epochs? Not the training loss decides, which only falls, and not the **test** images, which are for the final
# judgement alone: whoever chooses by them has trained on them. So lay part of the training images aside, the **validation** images,
# and watch those. *Early stopping* keeps the weights of the best epoch and gives up when a few epochs have brought nothing better.

# %% tags=["explore"]
X, y = torch.tensor(X_train), torch.tensor(y_train)
final = Batches(torch.tensor(X_test), torch.tensor(y_test), batch_size=1000)
order = np.random.default_rng(3).permutation(len(X))[:6000]
train_part, valid_part = order[: len(order) * 5 // 6], order[len(order) * 5 // 6 :]
torch.manual_seed(0)
model = make_mlp([784, 128, 10])
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
loader = Batches(X[train_part], y[train_part], batch_size=32, rng=np.random.default_rng(4))
validation = Batches(X[valid_part], y[valid_part], batch_size=1000)

log, patience = TrainingLog(f"784-128-10 on {len(train_part):,} images, stopped early"), 4
while len(log) < 40 and (len(log) == 0 or len(log) - log.best_epoch("validation_loss") < patience):
    train_loss = train_epoch(model, loader, optimizer)
    validation_loss, validation_accuracy = evaluate(model, validation)
    log.add(train_loss=train_loss, validation_loss=validation_loss, validation_accuracy=validation_accuracy)
    if log.best_epoch("validation_loss") == len(log):
        best = {name: value.clone() for name, value in model.state_dict().items()}
model.load_state_dict(best)
print(f"kept: the weights after epoch {log.best_epoch('validation_loss')} of {len(log)}")

# %% [markdown]
# ## 9 · The detective story
#
# The slides print a program and, beneath it, a log. The program: 784-16-16-10, `optimizer='sgd'`, `batch_size=10`, 5 epochs,
# `validation_data=(x_test, y_test)`. The log, from a GTX 1080:
#
# | epoch | steps | loss | accuracy |
# |---|---|---|---|
# | 1 | 1875 | 0.2982 | 0.9127 |
# | 2 | 1875 | 0.1433 | 0.9571 |
# | 3 | 1875 | 0.1097 | 0.9663 |
# | 4 | 1875 | 0.0893 | 0.9730 |
# | 5 | 1875 | 0.0777 | 0.9750 |
# | test images | 313 | 0.0727 | 0.9776 |
#
# A step is one batch. There are 60,000 training and 10,000 test images. The first five losses and accuracies are of the training images, measured
# during the epoch, as `train_epoch` does; the last row is measured afterwards, as `evaluate` does.

# %% [markdown]
# The suspects. Dropout sets a share of the hidden layer's outputs to zero, others each time, and only while training; it
# has no parameters.
#
# | | layers | dropout | optimiser |
# |---|---|---|---|
# | A | 784-16-16-10 | none | SGD, lr 0.01 |
# | B | 784-16-16-10 | none | Adam |
# | C | 784-128-10 | none | Adam |
# | D | 784-128-10 | 0.2 | Adam |
# | E | 784-64-10 | 0.2 | Adam |
# | F | 784-128-10 | 0.2 | SGD, lr 0.01 |
#
# The batch size is arithmetic. You have seen A and B at work. The cell under the check lets C, D, E and F show what they can do, with the
# batch size that you give: fill that in first, leave the rest as a guess, look at the evidence, and come back. (Training the four
# takes about a minute on two slow cores.)


# %% nbgrader={"grade_id": "read_the_log", "solution": true}
def read_the_log():
    """Say which network made the log.

    Returns a dict of five facts:
        "batch_size": examples a step, a whole number
        "sizes": units from the input to the output, a list such as [784, 16, 16, 10]
        "dropout": the share of hidden units that is dropped, 0 for none
        "optimizer": "sgd" or "adam"
        "parameters": how many weights and biases the network has
    The checks that you see judge the arithmetic; which suspect it was is judged in grading.
    """
    ### BEGIN SOLUTION
    return {
        "batch_size": 32,
        "sizes": [784, 128, 10],
        "dropout": 0.2,
        "optimizer": "adam",
        "parameters": 101_770,
    }
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_read_the_log", "grade": true, "points": 2}
check("read_the_log")

# %% tags=["explore"]
batch_size = read_the_log()["batch_size"]
seen = {"the log": (np.arange(1, 6), [0.2982, 0.1433, 0.1097, 0.0893, 0.0777])}
if mnist.is_sample:
    print("The sample has too few images to retrace the log: the curves show what the suspects do with 1,300.")
suspects = {"C": (128, 0.0, "Adam"), "D": (128, 0.2, "Adam"), "E": (64, 0.2, "Adam"), "F": (128, 0.2, "SGD")}
for suspect, (width, dropout, kind) in suspects.items():
    torch.manual_seed(0)
    hidden, out = torch.nn.Linear(784, width), torch.nn.Linear(width, 10)
    for layer in (hidden, out):  # as Keras begins
        torch.nn.init.xavier_uniform_(layer.weight)
        torch.nn.init.zeros_(layer.bias)
    model = torch.nn.Sequential(hidden, torch.nn.ReLU(), torch.nn.Dropout(dropout), out)
    optimizer = getattr(torch.optim, kind)(model.parameters(), lr=0.01 if kind == "SGD" else 0.001)
    loader = Batches(X, y, batch_size=batch_size, rng=np.random.default_rng(5))
    seen[suspect] = (np.arange(1, 6), [train_epoch(model, loader, optimizer) for _ in range(5)])
    test_loss, test_accuracy = evaluate(model, final)
    print(f"suspect {suspect}: test loss {test_loss:.4f}, test accuracy {test_accuracy:.4f}")
plots.curves(
    seen,
    xlabel="epoch",
    ylabel="training loss",
    title="Who made the log?",
    log="y",
    markers=True,
)

# %% [markdown]
# ## Beating it
#
# Now take the headline at its word: 97.76 %, in less than ten seconds, without a GPU. Four things help. **Width**: 256 units. **Large
# batches**: a product over 256 rows keeps the processor busy where 32 do not, and plain momentum costs it least. **A learning rate with a
# plan**: *one cycle*, up for the first third and down to nothing at the end, allows large steps without their noise at the end. And **no
# detours**: the images lie in memory, and `Batches` cuts a batch out of them in one go, where a `DataLoader` picks up examples one by one.

# %% tags=["explore"]
torch.manual_seed(0)
EPOCHS = 5 if len(X) > 10_000 else 40  # the built-in sample has few images, so few steps an epoch
best_model = make_mlp([784, 256, 10])
loader = Batches(X, y, batch_size=256, rng=np.random.default_rng(0))
optimizer = torch.optim.SGD(best_model.parameters(), lr=0.3, momentum=0.9, nesterov=True)
plan = torch.optim.lr_scheduler.OneCycleLR(
    optimizer, max_lr=0.3, total_steps=EPOCHS * len(loader), cycle_momentum=False
)
optimizer.register_step_post_hook(lambda *_: plan.step())
log = TrainingLog("784-256-10, momentum, one cycle, batches of 256")
for _ in range(EPOCHS):
    train_loss = train_epoch(best_model, loader, optimizer)
    test_loss, test_accuracy = evaluate(best_model, final)
    log.add(train_loss=train_loss, test_loss=test_loss, test_accuracy=test_accuracy)
right, bar = log["test_accuracy"][-1], mnist.targets["mlp"]
print(
    f"784-256-10 in PyTorch, one cycle: {right:.2%} of the test images are right; the bar is {bar:.2%}. ({log.seconds:.1f} s)"
)

# %% [markdown]
# The test images were looked at after every epoch, to draw the curve; nothing was chosen by them. What is still wrong:

# %% tags=["explore"]
with torch.no_grad():
    P_test = torch.softmax(best_model(torch.tensor(X_test)), dim=1).numpy()
plots.mistakes(mnist.test_images, y_test, P_test, mnist.class_names, title="The most confident mistakes")

# %% [markdown]
# Now write a digit yourself and watch the network read while you write. It gets your drawing as MNIST's digits were made: scaled to 20 pixels,
# its centre of mass in the middle. Which half of an 8 is a 3? Where does a 1 become a 7? What does it read in a letter?

# %% tags=["explore"]
digitpad.draw(lambda image: torch.softmax(best_model(torch.tensor(image).reshape(1, 784)), dim=1))

# %% [markdown]
# And 30 of its 256 units. Some have found strokes; many still look like the noise that they began with. 256 units are more than
# the task needs, which is part of why they learn it so easily.

# %% tags=["explore"]
W_first = best_model[0].weight.detach().numpy().T[:, :30]
names = [f"{i}" for i in range(30)]
plots.templates(W_first, mnist.image_shape, names, columns=10, title="30 of the 256 units")

# %% [markdown]
# ## Optional: the slide's program as it stands, and TensorBoard
#
# Keras 3 runs on PyTorch too. If it is installed (`pip install keras tensorboard`), the next two cells run the program of the slide,
# for one epoch, and write a log that TensorBoard shows. If not, they say so, and you have missed nothing that is graded.

# %% tags=["explore"]
import importlib.util

if importlib.util.find_spec("keras") is None:
    print("Keras is not installed; this part is skipped. To run it: pip install keras")
else:
    os.environ["KERAS_BACKEND"] = "torch"
    import keras

    program = keras.models.Sequential(
        [
            keras.layers.Flatten(),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    program.compile(optimizer="sgd", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    images, test_images = X_train.reshape(-1, 28, 28), X_test.reshape(-1, 28, 28)
    program.fit(
        images[:6000], y_train[:6000], epochs=1, batch_size=10, validation_data=(test_images, y_test), verbose=2
    )
    print(f"{program.count_params():,} parameters")

# %% tags=["explore"]
if importlib.util.find_spec("tensorboard") is None:
    print("TensorBoard is not installed; this part is skipped. To run it: pip install tensorboard")
else:
    from torch.utils.tensorboard import SummaryWriter

    with SummaryWriter("logs/784-256-10") as writer:
        for name in ("train_loss", "test_loss", "test_accuracy"):
            for epoch, value in enumerate(log[name], start=1):
                writer.add_scalar(name, value, epoch)
    print("Written. To look at it: tensorboard --logdir logs")

# %% [markdown]
# ## 10 · Why?
#
# The slide's program and the log beneath it do not belong together. **Give three pieces of evidence for that, each of a different kind
# (arithmetic, what such a network can reach, what happens only during training), and say for each how it points to its suspect.** Then
# say which two lines you would add to your own training programs so that nobody ever needs a detective for their logs. Five to eight sentences.

# %% [markdown] nbgrader={"grade_id": "why_the_log_is_another", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# (1) **Arithmetic**: 1,875 steps for 60,000 images are batches of 32 (and 313 steps for 10,000 test images agree), the default of Keras; the
# program says 10, which makes 6,000 steps. (2) **Capacity**: 784-16-16-10 ends near 95 % whatever the optimiser; the log passes that in its
# second epoch, so the hidden layer is wider, and SGD at 0.01 does not get there in five epochs. (3) **Training only**: the last epoch is at .9750 on
# images being trained on and .9776 on unseen ones, loss .0777 against .0727. A network is better on unseen images only if training
# handicaps it: dropout. Losses that match epoch by epoch leave 784-128-10 with dropout 0.2 and Adam. Also good: the program has
# validation_data, so its log would have val_loss in every line. Remedy: print the settings (sizes, optimiser, lr, batch size, seed) and the
# number of parameters at the head of the log; keep program and log together, by version or by writing both in one run.
# Full marks (3): three kinds of evidence tied to a suspect, and a remedy. One mark off for each that is missing or only asserted.
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
# - **Beat 98.5 %** with fully connected layers alone. Shift the training images by a pixel in each direction as further examples; add a layer;
#   add dropout. Decide by validation images, look at the test images once.
# - **AdamW** takes the decay out of the gradient: $w \leftarrow w - \eta \lambda w$ beside Adam's step. Write `adamw_step`, hold it against
#   `torch.optim.AdamW`, and see what `l2` inside Adam does differently.
# - **Squared error.** The slides' cost is $\frac{1}{2n}\sum (f - y)^2$ on one page and the mean $\frac1n\sum (f-y)^2$ on another: for
#   $f = (30, 80, 85)$, $y = (90, 20, 95)$ these are 1216.67 and 2433.33. Train with it on one-hot labels. What must the learning rate be now?
#
# Save the notebook and hand it in. Next: lab 04. A fully connected layer does not know that two pixels are neighbours; a convolution does.
