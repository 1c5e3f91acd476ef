# %% [markdown]
# # Lab 03 · A network that reads
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({{colab}})
#
# **The lecture's headline: 97.76 % of MNIST's test digits, five epochs, ten seconds on a GTX 1080, a graphics card
# (GPU).** Can a laptop's processor beat that? It can, and at the end of this lab yours does. On the way you will notice
# something odd about the headline: the network printed on the slide cannot have made the log printed beneath it. Which
# one did?
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

# %% [markdown]
# ## Before you begin
#
# You need softmax, cross-entropy, minibatches and the rule of fifty images ([lab 01](../01_softmax/01_softmax.ipynb)), gradients of matrix products and of the relu
# ([lab 02](../02_backprop/02_backprop.ipynb)), and standard deviations.
#
# Afterwards you can
# - choose an activation function and a start for the weights, and say what depth does to signals and gradients,
# - write a multilayer perceptron with its gradient, and prove it equal to PyTorch's,
# - write SGD, momentum, Adam and Nadam, and say what each is good for,
# - train in PyTorch, stop in time, regularise, and judge on images that nothing was chosen by,
# - read a training log and say which network made it.
#
# Plan six hours, in two sittings: nineteen exercises and three answers in words. Sections 1 to 6 are the first half. All training together takes
# about three minutes on two free cores.
#
# In the browser alone, where there is no PyTorch, you can write and check all but `make_mlp`, `train_epoch` and `evaluate`; these, and the cells
# that train in PyTorch, need a computer or Colab.

# %%
import os
import time

# The products of this lab are small: several threads would wait for each other more than they would compute.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import matplotlib.pyplot as plt
import numpy as np

try:
    import torch
except ModuleNotFoundError:
    from coursekit.absent import torch

import coursekit
from coursekit import checks_for, digitpad, load_mnist, plots
from coursekit.batches import Batches
from coursekit.training import TrainingLog

check = checks_for("03_mlp")
ask = coursekit.questions_for("03_mlp")
if torch:
    torch.set_num_threads(1)

# %% [markdown]
# ## The data
#
# As in lab 01, examples are rows: $X$ is $(n, 784)$, pixels between 0 and 1, $y$ holds whole numbers from 0 to 9. The rows are
# `float32`, four bytes per number: half the memory of NumPy's usual `float64`, and twice the numbers in every instruction of the
# processor. Networks do not need the other digits; gradient checks do, and use `float64`.

# %% tags=["explore"]
mnist = load_mnist()
X_train, y_train = mnist.train_vectors(), mnist.train_labels
X_test, y_test = mnist.test_vectors(), mnist.test_labels
print(f"{X_train.dtype}, pixels from {X_train.min():g} to {X_train.max():g}")
mnist

# %% exercise sigmoid
# %% exercise d_sigmoid
# %% exercise tanh
# %% exercise d_tanh
# %% exercise relu
# %% exercise d_relu
# %% exercise init_layer
# %% exercise mlp_forward
# %% exercise mlp_backward
# %% exercise count_parameters
# %% exercise sgd_step
# %% exercise momentum_step
# %% exercise adam_step
# %% exercise nadam_step
# %% exercise train_mlp
# %% exercise make_mlp
# %% exercise train_epoch
# %% exercise evaluate
# %% exercise read_the_log

# %% [markdown]
# ## Beating it
#
# Now take the headline at its word: 97.76 %, in less than ten seconds, without a GPU. Four things help. **Width**: 256 units. **Large
# batches**: a product over 256 rows keeps the processor busy where 32 do not, and plain momentum costs it least. **A learning rate with a
# plan**: *one cycle*, up for the first third and down to nothing at the end, allows large steps without their noise at the end. And **no
# detours**: the images lie in memory, and `Batches` cuts a batch out of them in one go, where a `DataLoader` picks up examples one by one.

# %% tags=["explore"]
torch.manual_seed(0)
EPOCHS = 5 if len(X) > 10_000 else 40  # the built-in sample has few images, so few steps per epoch
best_model = make_mlp([784, 256, 10])
loader = Batches(X, y, batch_size=256, rng=np.random.default_rng(0))
optimizer = torch.optim.SGD(best_model.parameters(), lr=0.3, momentum=0.9, nesterov=True)
plan = torch.optim.lr_scheduler.OneCycleLR(
    optimizer, max_lr=0.3, total_steps=EPOCHS * len(loader), cycle_momentum=False
)
optimizer.register_step_post_hook(lambda *_: plan.step())
weights = [[parameter.detach().clone() for parameter in best_model.parameters()]]  # before any training
log = TrainingLog("784-256-10, momentum, one cycle, batches of 256")
for _ in range(EPOCHS):
    train_loss = train_epoch(best_model, loader, optimizer)
    test_loss, test_accuracy = evaluate(best_model, final)
    log.add(train_loss=train_loss, test_loss=test_loss, test_accuracy=test_accuracy)
    weights.append([parameter.detach().clone() for parameter in best_model.parameters()])
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
def best_guess(image):
    """Return the probabilities (1, 10) of the best network; where there is no PyTorch, of 784-16-16-10 in NumPy."""
    if torch:
        return torch.softmax(best_model(torch.tensor(image).reshape(1, 784)), dim=1)
    powers = np.exp(mlp_forward(small["mlp_adam"], image.reshape(1, 784))[0])
    return powers / powers.sum()


digitpad.draw(best_guess)

# %% [markdown]
# And 30 of its 256 units. Some have found strokes; many still look like the noise that they began with. 256 units are more than
# the task needs, which is part of why they learn it so easily.

# %% tags=["explore"]
W_first = best_model[0].weight.detach().numpy().T[:, :30]
names = [f"{i}" for i in range(30)]
plots.templates(W_first, mnist.image_shape, names, columns=10, title="30 of the 256 units")

# %% [markdown]
# ## Optional: the slide's network in Keras, and what TensorBoard shows
#
# Keras 3 runs on PyTorch too. If it is installed (`pip install keras`), the next cell trains the slide's network with
# the slide's optimiser and batch size. Two things differ from the slide: 6,000 images and one epoch, to be brief; and
# no callback (a function that Keras calls after each epoch) for TensorBoard, a program that draws training logs: on
# PyTorch Keras's own would ask for TensorFlow. If Keras is not installed, the cell says so, and you have missed nothing
# that is graded.

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
    program.compile(optimizer="sgd", loss="SparseCategoricalCrossentropy", metrics=["accuracy"])
    images, test_images = X_train.reshape(-1, 28, 28), X_test.reshape(-1, 28, 28)
    program.fit(
        images[:6000], y_train[:6000], epochs=1, batch_size=10, validation_data=(test_images, y_test), verbose=2
    )
    print(f"{program.count_params():,} parameters")

# %% [markdown]
# The slide's callback has `histogram_freq=1`: after each epoch, TensorBoard keeps a histogram of the weights of each layer. That needs no TensorBoard. Here are
# those of your best network, before training and after some epochs. What to look for: a layer whose histogram does not move learns nothing; one that
# runs away to both sides has too large a learning rate; a spike at zero is weights that nothing uses.

# %% tags=["explore"]
at = [0, 1, *sorted({round(part * EPOCHS) for part in (0.4, 0.7, 1)} - {0, 1})]
plots.histograms(
    {
        f"W{layer}, {tuple(weights[0][i].T.shape)}": [weights[epoch][i].numpy() for epoch in at]
        for layer, i in ((1, 0), (2, 2))
    },
    ["before"] + [f"epoch {epoch}" for epoch in at[1:]],
    xlabel="weights, each row on a scale of its own; σ is their standard deviation",
    title="The weights of 784-256-10 while it learns",
)

# %% [markdown]
# Where TensorBoard is installed (`pip install tensorboard`), the next cell writes the same for it: losses, accuracies, and the histograms of
# weights and biases for every epoch, to be played back and forth under *Histograms*.

# %% tags=["explore"]
if importlib.util.find_spec("tensorboard") is None:
    print("TensorBoard is not installed; this part is skipped. To run it: pip install tensorboard")
else:
    from torch.utils.tensorboard import SummaryWriter

    with SummaryWriter("logs/784-256-10") as writer:
        for name in ("train_loss", "test_loss", "test_accuracy"):
            for epoch, value in enumerate(log[name], start=1):
                writer.add_scalar(name, value, epoch)
        for epoch, kept in enumerate(weights):
            for (name, _), values in zip(best_model.named_parameters(), kept):
                writer.add_histogram(name, values, epoch)
    print("Written. To look at it: tensorboard --logdir logs")

# %% [markdown]
# ## 10 · Why?
#
# The slide's program and the log beneath it do not belong together. **Give three pieces of evidence for that, each of a different kind
# (arithmetic, what such a network can reach, what happens only during training), and say for each how it points to its suspect.** Then
# say which two lines you would add to your own training programs so that nobody ever needs a detective for their logs. Five to eight sentences.

# %% [markdown] nbgrader={"grade_id": "why_the_log_is_another", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# (1) **Arithmetic**: 1,875 steps for 60,000 images are batches of 32 (and 313 steps for 10,000 test images agree), the
# default of Keras; the program says 10, which makes 6,000 steps. (2) **Capacity**: 784-16-16-10 ends near 95 % whatever
# the optimiser; the log passes that in its second epoch, so the hidden layer is wider, and SGD at 0.01 does not get
# there in five epochs. (3) **Training only**: the last epoch is at .9750 on images being trained on and .9776 on unseen
# ones, loss .0777 against .0727. Two things can do that. The loss of an epoch is measured *during* it, so earlier and
# worse weights count too; that alone puts a first epoch above the test loss, without any dropout. By the fifth epoch
# that makes little difference: without dropout (suspect C) the epoch's loss, near .044, lies far below the test loss,
# near .073. A gap the other way round that is still there has the other cause: dropout, which is off when images are
# only read. Losses that match epoch by epoch leave 784-128-10 with dropout 0.2 and Adam. Also good: the program has
# validation_data, so its log would have val_loss in every line. Remedy: print the settings (sizes, optimiser, lr, batch
# size, seed) and the number of parameters at the head of the log; keep program and log together, by version or by
# writing both in one run. Full marks (3): three kinds of evidence tied to a suspect, and a remedy. One mark off for
# each that is missing or only asserted.
# ### END SOLUTION

# %% [markdown]
# ## What you have learnt
#
# - $A_l = \mathrm{relu}(A_{l-1} W_l + b_l)$; back: $dW_l = A_{l-1}^\top D_l$, $D_{l-1} = (D_l W_l^\top) \odot \mathrm{relu}'(Z_{l-1})$, from
#   $D_L = (P - Y)/n$.
# - $\sigma' = \sigma(1 - \sigma) \le \frac14$, $\tanh' = 1 - \tanh^2$, relu passes all or nothing. He: $\sqrt{2/n_\text{in}}$, Xavier:
#   $\sqrt{2/(n_\text{in} + n_\text{out})}$.
# - SGD: $w - \eta g$. Momentum: $v \leftarrow \gamma v + g$, $w - \eta v$. Adam: $w - \eta\, \hat m / (\sqrt{\hat v} + \varepsilon)$, with
#   $\hat m = m/(1 - \beta_1^t)$.
# - $(a + 1)\, b$ parameters from $a$ to $b$ units: 13,002 for 784-16-16-10, 101,770 for 784-128-10.
# - Training images for weights, validation images for choices, test images once.

# %% [markdown]
# ### Where to read on
#
# [Glorot and Bengio](https://proceedings.mlr.press/v9/glorot10a.html) (2010) and
# [He and others](https://arxiv.org/abs/1502.01852) (2015) on the start; [Adam](https://arxiv.org/abs/1412.6980) (2015); Goh,
# [Why Momentum Really Works](https://distill.pub/2017/momentum/) (2017); [dropout](https://jmlr.org/papers/v15/srivastava14a.html) (2014);
# Zhang and others, [Understanding deep learning requires rethinking generalization](https://arxiv.org/abs/1611.03530) (2017), on labels
# that are made up; CS231n's [notes on training](https://cs231n.github.io/neural-networks-3/).
#
# **Credit.** Activation functions and their faces are from *CS 539, Machine Learning* (K. Lee, Worcester Polytechnic Institute), pages "Activation: Sigmoid", "Tanh" and "ReLU"; the program, the log,
# the optimisers and the costs from *MAT391, Unit 2: MLP Training* (K. Wong, University of Tennessee, 2022); epochs and batches from *Hardware for Deep Learning, Part 1* (A. Teman, Bar-Ilan University, 2020), page "Batch Training". Histograms of a
# signal through ten layers and the race in a valley follow CS231n; the one-cycle plan is [Smith's and
# Topin's](https://arxiv.org/abs/1708.07120) (2018). What the slides got wrong is listed in [Slides on trial]({{repository}}/blob/main/docs/slides.md).

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
# - **AdamW** takes the regulariser's part, the *weight decay*, out of the gradient: $w \leftarrow w - \eta \lambda w$ beside Adam's step. Write `adamw_step`, hold it against
#   `torch.optim.AdamW`, and see what `l2` inside Adam does differently.
# - **Softer labels.** Train with $y_c = 0.91$ for the right class and 0.01 for each of the others. What becomes of the confidence in mistakes, and
#   of the way back for the network that was taught wrong?
#
# Save the notebook and hand it in. Next: lab 04. A fully connected layer does not know that two pixels are neighbours; a convolution does.

# %% visible
"""Visible checks of lab 03: the multilayer perceptron, in NumPy and in PyTorch.

They compare with numbers worked out by hand and with what must hold of any right answer; nothing here computes
an answer. Numbers named "the slides'" are those of the lecture decks that the course grew from.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from coursekit.checking import (
    Student,
    checks,
    expect,
    expect_close,
    expect_inputs_unchanged,
    expect_no_warning,
    expect_own_memory,
    expect_parts,
    expect_shape,
    forms,
)
from coursekit.checking.uncalled import uncalled

#: What grading imports ahead, once for all submissions: the first optimiser of a process imports it, in over a second.
PRELOAD = ("torch._dynamo",)

Rng = np.random.Generator
Function = Callable[..., Any]

RIGHT_FIRST = "First return a result of the right form; then this check looks at what happens to the inputs."
LN2, LN3 = np.log(2), np.log(3)
#: Values far from zero on both sides, 1000 among them.
FAR = np.array([-1000.0, -50.0, 0.0, 50.0, 1000.0])
SHAPES: tuple[tuple[int, ...], ...] = ((), (4,), (2, 3), (2, 1, 3))


def _expect_shapes_kept(student: Student, name: str, rng: Rng) -> None:
    """Expect that a function of numbers keeps every shape, leaves its input alone and shares no memory with it."""
    for shape in SHAPES:
        z = rng.normal(size=shape)
        got = student.call(name, z if shape else float(z))
        hint = "Work entry by entry: a number gives a number, an array an array of the same shape."
        expect_shape(got, shape, hint=hint)
        expect_inputs_unchanged(student)
        expect_own_memory(student)


# Two examples, sizes 2-3-2. The first layer gives [[5, -1, 4], [1, 2, -1]] before the relu.
X_HAND = np.array([[1.0, 2.0], [3.0, -1.0]])
PARAMS_HAND = [
    (np.array([[1.0, 0.0, -1.0], [2.0, -1.0, 1.0]]), np.array([0.0, 1.0, 3.0])),
    (np.array([[1.0, -1.0], [0.0, 2.0], [2.0, 1.0]]), np.array([1.0, -1.0])),
]
LOGITS_HAND = [[14.0, -2.0], [2.0, 2.0]]
NETWORK_MISTAKES = {
    "A relu after the last layer: logits may be negative.": [[14.0, 0.0], [2.0, 2.0]],
    "The relu between the layers is missing.": [[14.0, -4.0], [0.0, 1.0]],
    "Those are probabilities: no softmax here, the loss has it.": [[0.9999998874648, 1.12535e-07], [0.5, 0.5]],
}


def _random_params(rng: Rng, sizes: list[int]) -> list[tuple[np.ndarray, np.ndarray]]:
    return [
        (rng.normal(scale=0.7, size=(n_in, n_out)), rng.normal(scale=0.5, size=n_out))
        for n_in, n_out in pairwise(sizes)
    ]


STEP_PARAMS = [(np.array([[10.0, 20.0]]), np.array([1.0, -1.0])), (np.array([[3.0], [-4.0]]), np.array([0.5]))]
STEP_GRADS = [(np.array([[1.0, -2.0]]), np.array([0.5, 4.0])), (np.array([[2.0], [0.0]]), np.array([-1.0]))]


def _parts(params: Any) -> list[tuple[str, Any]]:
    """Take a list of (W, b) apart, each part with its name."""
    names = []
    hint = "Return params as a list of (W, b), one pair a layer."
    layers = expect_parts(params, ("W1, b1", "W2, b2"), hint=hint, what="params")
    for i, layer in enumerate(layers, start=1):
        W, b = expect_parts(layer, ("W", "b"), hint=hint, what=f"Layer {i} of params")
        names += [(f"W of layer {i}", W), (f"b of layer {i}", b)]
    return names


def _expect_pure(student: Student, probe: Function) -> None:
    """Expect that steps change nothing that they are given: neither parameters, gradients nor state."""
    # No gradient of zero here: what becomes of those is another check's business.
    grads = [(np.where(dW == 0, 3.0, dW), db) for dW, db in STEP_GRADS]
    before, place, once, again = student.run(probe, params=STEP_PARAMS, grads=grads)
    expect(bool(np.any(_parts(once)[0][1] != _parts(place)[0][1])), "Nothing has moved.", hint=RIGHT_FIRST)
    expect_inputs_unchanged(student, hint="v *= … and v += … write into the array that is there: make a new one.")
    expect_own_memory(student)
    for (name, one), (_, two) in zip(_parts(before), _parts(place), strict=True):
        hint = "The step has moved the parameters it was given: return w - …, do not write w -= …."
        expect_close(two, one, hint=hint, what=f"After a further step, the earlier {name}", rtol=0, atol=0)
    for (name, one), (_, two) in zip(_parts(once), _parts(again), strict=True):
        hint = "The step has changed the state it was given: build a new state, and nothing outside the function."
        expect_close(two, one, hint=hint, what=f"From the same state a second time, {name}", rtol=0, atol=0)


def _one_weight(*slopes: float) -> tuple[Any, Any]:
    """Build a network of a single weight at 10 and bias at 0, with a gradient for each step, and -1 for the bias."""
    params = [(np.array([[10.0]]), np.array([0.0]))]
    return params, [[(np.array([[slope]]), np.array([-1.0]))] for slope in slopes]


def _steps_of(path: Any, lr: float) -> np.ndarray:
    """Give the length of each step of the single weight, in units of lr."""
    hint = "Return (params, state), params being a list of (W, b) like the one given."
    places = [10.0]
    for params in path:
        (layer,) = expect_parts(params, ("(W, b)",), hint=hint, what="params")
        W, b = expect_parts(layer, ("W", "b"), hint=hint, what="The layer")
        expect_shape(W, (1, 1), hint=hint, what="W")
        expect_shape(b, (1,), hint=hint, what="b")
        places.append(float(np.asarray(W)[0, 0]))
    return -np.diff(places) / lr


WHAT_STEPS = "The list of the steps' lengths, in units of lr,"

# %% hidden
"""Hidden checks of lab 03: random cases against an independent computation of the right answer.

Students see of these checks only their names and hints. That the optimisers here are those of torch.optim is tested in
tests/hidden/test_03_mlp.py.
"""

from collections.abc import Callable
from itertools import pairwise, product
from typing import Any

import numpy as np

from coursekit.checking import Student, checks, expect, expect_close, expect_equal, expect_parts, expect_shape

Rng = np.random.Generator
Function = Callable[..., Any]
#: Right answers that later exercises may use in place of the student's own: see Exercise.stand_ins.
STAND_INS: dict[str, tuple[Function, ...]] = {}

SIZES = ([4, 3], [5, 4, 3], [3, 3, 3, 3], [2, 6, 4, 5, 3])


def _random_params(rng: Rng, sizes: list[int]) -> list[tuple[np.ndarray, np.ndarray]]:
    return [
        (rng.normal(size=(n_in, n_out)) / n_in**0.5, rng.normal(scale=0.5, size=n_out))
        for n_in, n_out in pairwise(sizes)
    ]


def _signal(params: Any, x: Any) -> list[list[float]]:
    """Send one example through the network, number by number; return what every layer gives."""
    signals = [list(map(float, x))]
    for depth, (W, b) in enumerate(params, start=1):
        z = [
            sum(s * float(W[i][j]) for i, s in enumerate(signals[-1])) + float(b[j])  # a unit's weighted sum
            for j in range(len(b))
        ]
        signals.append(z if depth == len(params) else [max(value, 0.0) for value in z])
    return signals


def _one_by_one(params: Any, X: Any, y: Any) -> list[list[np.ndarray]]:
    """Add up the gradients of all examples, each handed back from unit to unit."""
    grads = [[np.zeros(part.shape) for part in layer] for layer in params]
    for x, label in zip(X, y, strict=True):
        signals = _signal(params, x)
        powers = np.exp(np.array(signals[-1]) - max(signals[-1]))
        blame = powers / powers.sum() - (np.arange(len(powers)) == label)
        for depth in reversed(range(len(params))):
            below = np.array(signals[depth])
            grads[depth][0] += below[:, None] * blame[None, :] / len(X)
            grads[depth][1] += blame / len(X)
            blame = np.array([(w @ blame) * (s > 0) for w, s in zip(params[depth][0], below, strict=True)])
    return grads


def _expect_path(student: Student, probe: Function, reference: Function, rng: Rng, hint: str, **options: float) -> None:
    """Expect six steps on a network of three layers to go where the reference goes; lr changes on the way.

    The first layer and the last have one shape, and each needs a state of its own.
    """
    params = _random_params(rng, [5, 3, 5, 3])
    grads = [_random_params(rng, [5, 3, 5, 3]) for _ in range(6)]
    rates = [0.1, 0.1, 0.03, 0.2, 0.05, 0.1]
    path = student.run(probe, params=params, grads=grads, rates=rates, options=options)
    state = None
    for t, got in enumerate(path):
        params, state = reference(params, grads[t], state, rates[t], **options)
        _expect_params(got, params, f"after step {t + 1}", hint)


def _expect_params(got: Any, right: Any, when: str, hint: str, rtol: float = 1e-4, atol: float = 1e-5) -> None:
    names = [f"layer {i + 1}" for i in range(len(right))]
    for name, layer, pair in zip(names, expect_parts(got, names, hint=hint), right, strict=True):
        for part, what, value in zip(expect_parts(layer, ("W", "b"), hint=hint), ("W", "b"), pair, strict=True):
            expect_close(part, value, hint=hint, what=f"{what} of {name} {when}", rtol=rtol, atol=atol)
