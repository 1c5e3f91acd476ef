# %% [markdown]
# # Lab 01 · From pixels to probabilities
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({{colab}})
#
# **How far does one matrix product get in reading handwriting?** Further than you may think: in this lab you write a
# classifier in which learning is nothing but a slope, train it on MNIST in seconds, and look at what it has learnt.
# Then you see exactly where it must fail, which is the reason for labs 02 to 04.
#
# You write nine short functions. Under each is a *check* cell: run it as often as you like. It says what
# holds, what does not, what was expected and what your code gave. When your work is graded, further checks run that
# you do not see here, on other data; code that is right passes them too.
#
# | | you write | what it makes possible |
# |---|---|---|
# | 1–2 | `scores`, `hinge_loss` | say how wrong a guess is |
# | 3–4 | `softmax`, `cross_entropy` | turn scores into probabilities, and judge them |
# | 5–6 | `numeric_gradient`, `softmax_gradient` | know which way is down |
# | 7–9 | `minibatches`, `train_softmax`, `predict` | learn from 50,000 digits |

# %% [markdown]
# ## Before you begin
#
# You need arrays, shapes and broadcasting ([lab 00](../00_numpy/00_numpy.ipynb)), sums written with $\sum$, and what a derivative is.
#
# Afterwards you can
# - score images by one matrix product, and turn scores into probabilities that never overflow,
# - say how wrong a guess is, by the hinge and by cross-entropy,
# - compute a gradient by its formula, and prove it right by experiment and by PyTorch, a library for neural networks,
# - train a classifier by stochastic gradient descent, choose its settings on validation images, and report on test images,
# - say what a linear classifier cannot do, and why.
#
# Plan four hours: nine exercises and three answers in words. All training together takes about two minutes.

# %%
import matplotlib.pyplot as plt
import numpy as np

import coursekit
from coursekit import checks_for, load_cifar10, load_mnist, plots

check = checks_for("01_softmax")
ask = coursekit.questions_for("01_softmax")

# %% [markdown]
# ## The data
#
# MNIST holds 70,000 handwritten digits, 28 × 28 pixels each. Every lab keeps one convention: **examples are rows**. An
# image becomes a row of $d = 784$ numbers between 0 and 1, so $n$ images are an array $X$ of shape $(n, d)$, and their
# labels $y$ are $n$ whole numbers from 0 to 9. The test images are for the last judgement only. A sixth of the training
# images, the **validation** images, is laid aside to choose settings by.

# %% tags=["explore"]
mnist = load_mnist()
X_train, y_train = mnist.train_vectors(), mnist.train_labels
X_test, y_test = mnist.test_vectors(), mnist.test_labels
n_valid = len(X_train) // 6
X_valid, y_valid = X_train[-n_valid:], y_train[-n_valid:]
X_train, y_train = X_train[:-n_valid], y_train[:-n_valid]
mnist

# %% tags=["explore"]
first = [np.flatnonzero(y_train == digit)[:2] for digit in range(10)]
shown = np.array(first).T.ravel()
labels = [str(label) for label in y_train[shown]]
plots.image_grid(mnist.train_images[shown], labels, title=f"{mnist.name}: two of each")

# %% exercise scores
# %% exercise hinge_loss
# %% exercise softmax
# %% exercise cross_entropy
# %% exercise numeric_gradient
# %% exercise softmax_gradient
# %% exercise minibatches
# %% exercise train_softmax
# %% exercise predict

# %% [markdown]
# ## Reading digits
#
# Now let it learn. What counts is the *accuracy*, the share of right answers, on test images that training has never
# seen; the share to reach is called the *bar*. You may try several learning rates, and then the test images must not be
# what you choose by: whoever keeps the best of many tries on them reports luck. So the last sixth of the training
# images was set aside at the top. Choose with those; the test images are looked at once, at the end.
#
# One rule before any long run: first see that the classifier can learn **fifty** images by heart. If it cannot, something
# is broken, and no amount of data will help. The long run after it takes ten seconds or so, half a minute on two slow cores.

# %% tags=["explore"]
X_few, y_few = X_train[:50], y_train[:50]
rng = np.random.default_rng(0)
few = train_softmax(X_few, y_few, 10, epochs=200, batch_size=50, lr=0.5, l2=0, rng=rng)
print(f"on the fifty images themselves: {(predict(*few, X_few) == y_few).mean():.0%}")
print(f"on the validation images:       {(predict(*few, X_valid) == y_valid).mean():.0%}")

# %% tags=["explore"]
rng = np.random.default_rng(0)
W, b = train_softmax(X_train, y_train, 10, epochs=10, batch_size=100, lr=0.2, l2=1e-5, rng=rng)
accuracy = (predict(W, b, X_test) == y_test).mean()
bar = mnist.targets["linear"]
print(
    f"{(predict(W, b, X_valid) == y_valid).mean():.2%} of the validation images are right: to choose lr and epochs by."
)
print(f"{mnist.name}: {accuracy:.2%} of the test images are right; the bar is {bar:.0%}.")
print(
    "Reached."
    if accuracy >= bar
    else "Not yet: look at the checks above, then choose lr and epochs on the validation images."
)

# %% [markdown]
# ### What it has learnt
#
# A column of $W$ has one weight per pixel, so it can be drawn as a picture. Red pixels speak *for* the class, blue ones against
# it. Find the 0: ink in the ring is good, ink in the middle is bad. Each class has exactly one such **template**, and a
# score is how well the image fits it.

# %% tags=["explore"]
title = "One template per class: the columns of W"
plots.templates(W, mnist.image_shape, mnist.class_names, title=title)

# %% [markdown]
# The most confident mistakes: what the digit is, what the classifier read, and how sure it was. Some are hard for
# people too; others any child would read.

# %% tags=["explore"]
P_test = softmax(scores(W, b, X_test))
guesses = P_test.argmax(axis=1)
mistakes = np.flatnonzero(guesses != y_test)
worst = mistakes[np.argsort(-P_test[mistakes, guesses[mistakes]])[:20]]
sure = P_test.max(axis=1)
captions = [f"{y_test[i]} read as {guesses[i]}\n{sure[i]:.1%} sure" for i in worst]
plots.image_grid(mnist.test_images[worst], captions, title="Twenty confident mistakes")

# %% [markdown]
# ## Photographs
#
# The same functions, not one character changed, on CIFAR-10: 32 × 32 colour photographs, $d = 3072$. The images are centred by
# taking off the mean image, which helps the first steps. Training takes about a minute on two slow cores.

# %% tags=["explore"]
cifar = load_cifar10()
first = [np.flatnonzero(cifar.train_labels == label)[:2] for label in range(10)]
shown = np.array(first).T.ravel()
names = [cifar.class_names[label] for label in cifar.train_labels[shown]]
plots.image_grid(cifar.train_images[shown], names, title=f"{cifar.name}: two of each")

# %% tags=["explore"]
X_photos, X_photos_test = cifar.train_vectors(), cifar.test_vectors()
mean_image = X_photos.mean(axis=0)
X_photos -= mean_image
X_photos_test -= mean_image
y_photos, y_photos_test = cifar.train_labels, cifar.test_labels
settings = {"epochs": 8, "batch_size": 200, "lr": 0.02, "l2": 1e-3}
rng = np.random.default_rng(0)
W_photos, b_photos = train_softmax(X_photos, y_photos, 10, **settings, rng=rng)
accuracy = (predict(W_photos, b_photos, X_photos_test) == y_photos_test).mean()
bar = cifar.targets["linear"]
print(f"{cifar.name}: {accuracy:.2%} of the test images are right; the bar is {bar:.0%}.")

# %% tags=["explore", "cover"]
title = "One template for all pictures of a class"
plots.templates(W_photos, cifar.image_shape, cifar.class_names, title=title)

# %% [markdown]
# About four times as good as guessing, and yet far from useful. The templates show why: colours and blurs. A horse may
# look left or right, so its template tries to be both.
#
# ## What one template cannot do
#
# Lecture slides list three tasks that no linear classifier can solve. Here is each in the plane, with the regions that
# your own `train_softmax` finds. In *parity* the class says whether an even or an odd number of the two coordinates,
# the *features*, is above zero; in *ring* it says whether a point lies between two circles; in *three modes* one class
# lives in three separate places. That a trained line does badly proves little: perhaps training stopped too soon, or
# another loss would do better. So a search tries *every* line, each direction at each place, and keeps the one that
# gets most of the points right. It is dashed. **Guess first:** which share does the best line get?

# %% tags=["explore"]
my_guess = [None, None, None]  # per cent, for parity, ring and three modes

# %% tags=["explore"]
rng = np.random.default_rng(3)
square = rng.uniform(-2, 2, size=(400, 2))
radius = np.hypot(*square.T)
centres = np.array([[-1.2, -1.0], [1.2, -1.0], [0.0, 1.3]])
nearest = np.min([np.hypot(*(square - centre).T) for centre in centres], axis=0)
tasks = {
    "parity": ((square > 0).sum(axis=1) % 2),
    "ring": ((radius >= 1) & (radius <= 2)).astype(int),
    "three modes": (nearest < 0.6).astype(int),
}


def best_line(points, labels):
    """Try every line (in steps of one degree); return the share it gets right, its direction and its place."""
    best = (0.0, np.zeros(2), 0.0)
    for angle in np.radians(np.arange(360)):
        direction = np.array([np.cos(angle), np.sin(angle)])
        along = points @ direction
        order = np.argsort(along)
        ones = labels[order]
        # Right are the zeros before the line and the ones behind it, for a line behind each of the points.
        right = (np.cumsum(1 - ones) + ones.sum() - np.cumsum(ones)) / len(ones)
        i = right.argmax()
        if right[i] > best[0]:
            best = (right[i], direction, along[order[i]])
    return best


settings = {"epochs": 100, "batch_size": 50, "lr": 0.1, "l2": 0}
shares = {"always the larger class": [], "trained": [], "the best line": []}
figure, axes = plt.subplots(1, 3, figsize=(10, 3.8), dpi=110, layout="constrained")
for axis, (task, labels) in zip(axes, tasks.items(), strict=True):
    W_line, b_line = train_softmax(square, labels, 2, **settings, rng=np.random.default_rng(0))

    def answer(points, W=W_line, b=b_line):
        return predict(W, b, points)

    right = (answer(square) == labels).mean()
    larger = max(labels.mean(), 1 - labels.mean())
    best, direction, place = best_line(square, labels)
    for name, share in zip(shares, (larger, right, best), strict=True):
        shares[name].append(100 * share)
    title = f"{task}: trained {right:.0%}, best line {best:.0%}\n(always the larger class: {larger:.0%})"
    plots.decision_regions(answer, square, labels, title=title, ax=axis)
    corners = axis.axis()
    axis.axline(place * direction, place * direction + direction[::-1] * [-1, 1], color="black", ls="--")
    axis.axis(corners)

# %% tags=["explore"]
plots.bars(
    shares, list(tasks), ylabel="points that are right, %", title="Three tasks, and every line there is", guess=my_guess
)
_ = plt.ylim(top=110)

# %% [markdown]
# What was trained does hardly better than always giving the larger class; where a panel has one colour, that is all
# that it learnt. For parity and the ring, the best line of all cuts a corner off and gets some more. For the three
# modes it gets nothing more, and lies at the panel's edge. That is the end: on these points no learning rate and no
# other loss gets past the dashed line, because a straight line is all that this model can say.
#
# ## 10 · Why?
#
# On MNIST your classifier reads more than nine digits in ten. On CIFAR-10 the same classifier is right less than half of the
# time, although it has four times as many weights. **Give two properties of the photographs that one template per class cannot
# express, and for each a picture from above that shows it.** Then say what a model would need, so that it could express one
# of them. Five to eight sentences.

# %% [markdown] nbgrader={"grade_id": "why_templates_fail", "grade": true, "solution": true, "points": 2}
# ### BEGIN SOLUTION
# One template is one weighted sum of pixels at fixed places. (1) **Place and pose**: a horse that looks left and one
# that looks right light up different pixels, so their template is an average with two heads; digits are centred and
# upright. (2) **Many looks of one class**: red and blue cars, planes on sky or on tarmac; a weighted sum cannot say
# "this or that", as the picture of three modes shows. Colour of the background is then the best that is left: ships and
# planes become blue blurs. A model needs several templates per class and a non-linear way to combine them (a hidden
# layer), or templates that may match at any place (convolution). Full marks: two different properties, each tied to a
# picture, and a remedy that fits one of them. Half: one property.
# ### END SOLUTION

# %% [markdown]
# ## What you have learnt
#
# - Scores: $S = XW + b$. Probabilities: $p_{ij} = e^{z_{ij} - c_i} / \sum_l e^{z_{il} - c_i}$, the same for every $c_i$, so take the row's largest.
# - Losses: hinge $\frac1n \sum_i \sum_{j \ne y_i} \max(0, s_{ij} - s_{i y_i} + 1)$, cross-entropy $-\frac1n \sum_i \ln p_{i y_i}$.
# - Gradient: $\partial L/\partial S = (P - Y)/n$, $dW = X^\top\, \partial L/\partial S + \lambda W$. A central difference is wrong by about
#   $h^2$, a one-sided one by about $h$.
# - Learning: $W \leftarrow W - \eta\, dW$ after every batch. Settings are chosen on validation images.
# - One template per class is one straight line per pair of classes: no parity, no ring, no three modes.

# %% [markdown]
# ### Where to read on
#
# CS231n's notes on [linear classification](https://cs231n.github.io/linear-classify/) and
# [optimization](https://cs231n.github.io/optimization-1/); chapters 5 and 6 of Goodfellow, Bengio and Courville,
# [Deep Learning](https://www.deeplearningbook.org/) (2016); Bottou,
# [Stochastic Gradient Descent Tricks](https://doi.org/10.1007/978-3-642-35289-8_25) (2012).
#
# **Credit.** Templates as pictures, the tasks that no line solves and "predict the first loss" come from Stanford's CS231n. Softmax, the loss of
# (.20, .25, .55) and its gradient are from *CMSC 426, Deep Learning*, pages "Multiclass Classification – Softmax Layer"; hinge, hard cases and
# one-sided differences from *Hardware for Deep Learning, Part 1* (A. Teman, Bar-Ilan University, 2020), pages "Loss Function", "But Linear Classifiers are Limited" and "Optimization through
# Gradient Descent"; the batch of ten digits from *MAT391, Unit 2: MLP Training* (K. Wong, University of Tennessee, 2022). MNIST is by LeCun, Cortes and Burges, CIFAR-10 by
# [Krizhevsky](https://www.cs.toronto.edu/~kriz/learning-features-2009-TR.pdf) (2009). What the slides got wrong is listed in [Slides on trial]({{repository}}/blob/main/docs/slides.md).

# %% [markdown]
# ## How far you are
#
# What the checks that you ran in this session say, exercise by exercise; run those that are missing, then look again.

# %% tags=["explore"]
coursekit.progress()

# %% [markdown]
# ## If you want more
#
# - **Train with the hinge.** Write `hinge_gradient` (check it with your `numeric_gradient`), train on MNIST, and compare templates
#   and accuracy. Which loss leaves examples alone once they are right?
# - **Let the boundary bend.** Add the products of the two features as a third column in the tasks above. Which of the
#   three become solvable, and what is the template now?
# - **Beat 93 % on MNIST** with `train_softmax` as it is, by changing only what goes into $X$.
#
# Save the notebook and hand it in. Next: lab 02, in which gradients are computed by a machine that you build.

# %% visible
"""Visible checks of lab 01: linear classifiers and softmax.

They compare with numbers worked out by hand and with what must hold of any right answer; nothing here computes
an answer. Numbers named "the slides'" are those of the lecture decks that the course grew from.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.checking import (
    Student,
    checks,
    expect,
    expect_close,
    expect_equal,
    expect_inputs_unchanged,
    expect_no_warning,
    expect_own_memory,
    expect_parts,
    expect_shape,
    forms,
)

Rng = np.random.Generator
Function = Callable[..., Any]

# Three examples of two features, three classes: square on purpose, so that a bias added to the wrong axis shows.
X_SMALL = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
W_SMALL = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]])

RIGHT_FIRST = "First return a result of the right form; then this check looks at what happens to the inputs."


def _finite(values: Any) -> bool:
    """Tell whether an answer holds nothing but finite numbers, so that a hint can speak of overflow or not."""
    try:
        return bool(np.isfinite(np.asarray(values, dtype=float)).all())
    except (TypeError, ValueError):
        return False


# %% hidden
"""Hidden checks of lab 01: random cases against an independent computation of the right answer.

Students see of these checks only their names and hints.
"""

from collections.abc import Callable, Iterable
from itertools import permutations, product
from typing import Any

import numpy as np

from coursekit.checking import Student, checks, expect, expect_close, expect_parts, expect_shape

Rng = np.random.Generator
Function = Callable[..., Any]

#: Right answers that later exercises may use in place of the student's own: see Exercise.stand_ins.
STAND_INS: dict[str, tuple[Function, ...]] = {}
