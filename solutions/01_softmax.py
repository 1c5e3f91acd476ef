# %% [markdown]
# # Lab 01 · From pixels to probabilities
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({{colab}})
#
# **How far does one matrix product get in reading handwriting?** Further than you may think: in this lab you write
# a classifier in which learning is nothing but a slope, train it on MNIST in seconds, and look at what it has
# learnt. Then you see exactly where it must fail, which is the reason for every lab after this one.
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
# | 7–9 | `minibatches`, `train_softmax`, `predict` | learn from 60,000 digits |
#
# Two to three hours.

# %%
import matplotlib.pyplot as plt
import numpy as np

import coursekit
from coursekit import plots
from coursekit.checking import checks_for
from coursekit.datasets import load_cifar10, load_mnist

check = checks_for("01_softmax")

# %% [markdown]
# ## The data
#
# MNIST holds 70,000 handwritten digits, 28 × 28 pixels each. Every lab keeps one convention:
# **examples are rows**. An image becomes a row of $d = 784$ numbers between 0 and 1, so $n$ images are an array
# $X$ of shape $(n, d)$, and their labels $y$ are $n$ whole numbers from 0 to 9.

# %% tags=["explore"]
mnist = load_mnist()
X_train, y_train = mnist.train_vectors(), mnist.train_labels
X_test, y_test = mnist.test_vectors(), mnist.test_labels
mnist

# %% tags=["explore"]
first = [np.flatnonzero(y_train == digit)[:2] for digit in range(10)]
shown = np.array(first).T.ravel()
labels = [str(label) for label in y_train[shown]]
plots.image_grid(mnist.train_images[shown], labels, title=f"{mnist.name}: two of each")

# %% [markdown]
# ## 1 · Scores
#
# A linear classifier keeps one weight for every pixel and class: a matrix $W$ of shape $(d, k)$ and a bias $b$
# of shape $(k,)$. The score of class $j$ for image $i$ is a weighted sum of the image's pixels,
#
# $$S = X W + b, \qquad S_{ij} = \sum_p X_{ip} W_{pj} + b_j, \qquad (n, d)\,(d, k) + (k,) \to (n, k).$$
#
# Many slides write $z = Wx + b$ with one example as a column. It is the same sum; only the letters have changed
# sides. With rows, a whole batch is one product.


# %% nbgrader={"grade_id": "scores", "solution": true}
def scores(W, b, X):
    """Score every example for every class.

    W: (d, k) weights
    b: (k,) biases
    X: (n, d) examples, one a row
    Returns (n, k) scores.

    Hint: let the shapes lead you; only one order of the product fits.
    """
    ### BEGIN SOLUTION
    return X @ W + b
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_scores", "grade": true, "points": 1}
check("scores")

# %% [markdown]
# With random weights the scores mean nothing, and the best score is right about one time in ten. That is the
# ground from which everything below climbs.

# %% tags=["explore"]
rng = np.random.default_rng(0)
W_random, b_random = 0.01 * rng.normal(size=(X_test.shape[1], 10)), np.zeros(10)
random_guesses = scores(W_random, b_random, X_test).argmax(axis=1)
print(f"random weights: {(random_guesses == y_test).mean():.1%} of the test images are right")

# %% [markdown]
# ## 2 · How wrong is a score? The hinge
#
# To improve $W$ we need one number that says how bad it is. The **hinge loss** asks that the true class $y$ beat
# every other class by a margin. Each class that comes too close costs what it lacks:
#
# $$L = \frac1n \sum_{i=1}^n \sum_{j \ne y_i} \max(0,\; s_{ij} - s_{i y_i} + \text{margin}).$$
#
# Two things to watch. The true class itself takes no part in the inner sum. And one of the lectures prints the term as
# $s_j s_{y_i} + 1$: a minus sign was lost between the two scores, and with it the meaning. We take the mean over
# examples, as for every loss in this course.


# %% nbgrader={"grade_id": "hinge_loss", "solution": true}
def hinge_loss(S, y, margin=1.0):
    """Return the mean hinge loss of a batch.

    S: (n, k) scores
    y: (n,) true classes, whole numbers from 0 to k - 1
    Returns one number: the mean over examples of the sum over wrong classes.

    Hint: S[np.arange(n), y] picks each row's true score; make it a column, (n, 1).
    """
    ### BEGIN SOLUTION
    rows = np.arange(len(S))
    true_scores = S[rows, y][:, None]
    excess = np.maximum(0, S - true_scores + margin)
    excess[rows, y] = 0
    return excess.sum(axis=1).mean()
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_hinge_loss", "grade": true, "points": 2}
check("hinge_loss")

# %% [markdown]
# Random weights give scores near zero, so every wrong class lacks almost the whole margin. Nine wrong classes,
# each about 1: the loss should be close to 9. Predicting a number before computing it is the cheapest test there is.

# %% tags=["explore"]
S_random = scores(W_random, b_random, X_test)
print(f"hinge loss of the random weights: {hinge_loss(S_random, y_test):.3f}")

# %% [markdown]
# ## 3 · Softmax: from scores to probabilities
#
# A score of 3.2 says little. Softmax turns a row of scores into probabilities: positive, adding up to 1, and in
# the order of the scores:
#
# $$p_{ij} = \frac{e^{z_{ij}}}{\sum_{l=1}^k e^{z_{il}}}.$$
#
# The lecture's scores 2, 4, 1, 0 become .112, .831, .041, .015. The lecture's *code*, though, divides by the sum of
# the **whole matrix**, so that all rows together add up to 1. With one example you cannot tell the difference;
# with two, nothing is a distribution any more.
#
# There is a second trap. $e^{1000}$ is larger than any float. But a number subtracted from a whole row cancels:
# $e^{z_j - c} / \sum_l e^{z_l - c}$ is the same for every $c$. Choose $c$ well and nothing can overflow.


# %% nbgrader={"grade_id": "softmax", "solution": true}
def softmax(Z):
    """Turn each row of scores into a probability distribution.

    Z: (n, k) scores of any size, thousands included; it stays as it is
    Returns (n, k) probabilities; each row adds up to 1. No warnings.

    Hint: keepdims=True keeps a row's maximum, or its sum, as a column (n, 1).
    """
    ### BEGIN SOLUTION
    shifted = Z - Z.max(axis=1, keepdims=True)
    powers = np.exp(shifted)
    return powers / powers.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_softmax", "grade": true, "points": 3}
check("softmax")

# %% [markdown]
# The lecture also works an example by hand: scores 3.2, 5.1 and −1.7 give .13, .87 and .00. The first two are right. The
# third was computed from the score itself, −1.7 / 188.68, where $e^{-1.7}$ belongs; rounding to two decimals hid it. **Four
# decimals** would have shown a negative probability.

# %% tags=["explore"]
example = np.array([[3.2, 5.1, -1.7]])
slide = np.array([24.5, 164.0, -1.7]) / 188.68
plots.bars(
    {"softmax": softmax(example)[0], "as on the slide": slide},
    ["score 3.2", "score 5.1", "score −1.7"],
    ylabel="probability",
    title="Can a probability be below zero?",
)

# %% [markdown]
# ## 4 · Cross-entropy: what a probability costs
#
# If the true class got probability $p$, the **cross-entropy** is $-\ln p$: nothing for $p = 1$, 0.69 for a coin toss,
# without bound as $p$ goes to 0. A confident mistake is expensive. Over a batch, the mean:
#
# $$L = -\frac1n \sum_{i=1}^n \ln p_{i y_i}.$$
#
# Written with one-hot labels this is $-\sum_j y_{ij} \ln p_{ij}$, and so it is often coded. Beware: where $p_{ij} = 0$ that
# computes $0 \cdot \ln 0$, which is `nan` in floating point. Only the true class's entry is needed: pick it.


# %% nbgrader={"grade_id": "cross_entropy", "solution": true}
def cross_entropy(P, y):
    """Return the mean cross-entropy of a batch.

    P: (n, k) probabilities; those of wrong classes may be zero
    y: (n,) true classes, whole numbers from 0 to k - 1
    Returns one number: the mean of minus the natural logarithm of each example's
    probability of its true class.
    """
    ### BEGIN SOLUTION
    true_probabilities = P[np.arange(len(P)), y]
    return -np.log(true_probabilities).mean()
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_cross_entropy", "grade": true, "points": 2}
check("cross_entropy")

# %% [markdown]
# Hinge and cross-entropy look at the same scores in different ways. Below, two wrong classes keep the scores 0 and 1 while the
# score of the true class moves. The hinge is content once the margin is kept and asks for no more. Cross-entropy never
# is: it always pays to be a little surer.

# %% tags=["explore"]
true_score = np.linspace(-4, 6, 101)
rows = np.column_stack([true_score, np.zeros(101), np.ones(101)])[:, None, :]
one = np.zeros(1, int)
plots.curves(
    {
        "hinge": (true_score, [hinge_loss(row, one) for row in rows]),
        "cross-entropy": (true_score, [cross_entropy(softmax(row), one) for row in rows]),
    },
    xlabel="score of the true class (the others have 0 and 1)",
    ylabel="loss",
    title="Two ways to be dissatisfied with the same scores",
)

# %% [markdown]
# And a prediction to check: random weights give every class about 1/10, so the loss should be near $\ln 10 = 2.303$.

# %% tags=["explore"]
P_random = softmax(S_random)
print(f"cross-entropy of the random weights: {cross_entropy(P_random, y_test):.3f}")

# %% [markdown]
# ## 5 · Which way is down? Slopes by experiment
#
# Learning means moving $W$ so that the loss falls. The direction comes from the **gradient**: for each entry, how
# much the loss changes if that entry moves a little. It can be found by experiment. The lecture moves one entry by $h$ and
# measures $(f(x+h) - f(x))/h$. Going both ways is far better for the same $h$:
#
# $$\frac{\partial f}{\partial x_i} \approx \frac{f(x + h e_i) - f(x - h e_i)}{2h}.$$
#
# The error of the one-sided difference shrinks like $h$, that of the **central difference** like $h^2$: the even terms of the
# Taylor series cancel.


# %% nbgrader={"grade_id": "numeric_gradient", "solution": true}
def numeric_gradient(f, x, h=1e-5):
    """Estimate the gradient of f at x by central differences.

    f: takes an array of x's shape and returns a number
    x: float array of any shape; after the call it is what it was before
    h: how far to step
    Returns an array of x's shape: the slope of f along each entry.

    Hint: for i in np.ndindex(x.shape) walks through the indices of any array.
    """
    ### BEGIN SOLUTION
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_numeric_gradient", "grade": true, "points": 2}
check("numeric_gradient")

# %% [markdown]
# How small should $h$ be? Too large, and the curve bends within the step; too small, and two nearly equal numbers
# are subtracted, so that only rounding is left. Below, the error for $f(x) = x^3$ at $x = 2$. The two slopes on the right are
# the orders $h$ and $h^2$; on the left both drown in noise.

# %% tags=["explore"]
steps = np.logspace(-13, -1, 49)


def cube(x):
    return float((x**3).sum())


two = np.array([2.0])
forward = [abs((cube(two + h) - cube(two)) / h - 12) for h in steps]
central = [abs(numeric_gradient(cube, two, h)[0] - 12) for h in steps]
plots.curves(
    {"one-sided difference": (steps, forward), "your central one": (steps, central)},
    xlabel="step h",
    ylabel="error of the slope",
    title="The best step is neither large nor tiny",
    log="xy",
)

# %% [markdown]
# ## 6 · Slopes by thought
#
# Experiments need two evaluations of the loss for each of 7,850 parameters. Calculus gives all of them at once. Softmax and
# cross-entropy belong together because of what happens when you differentiate them together. With $Y$ the one-hot labels,
#
# $$\frac{\partial L}{\partial S} = \frac{1}{n}(P - Y), \qquad
# \frac{\partial L}{\partial W} = X^\top \frac{\partial L}{\partial S}, \qquad
# \frac{\partial L}{\partial b} = \text{sum of the rows of } \frac{\partial L}{\partial S}.$$
#
# Probability minus truth: the classifier's error *is* the signal. The lecture writes $\partial J/\partial z = \hat y - y$
# although its $J$ is a mean over $m$ examples; the factor $1/m$ has been forgotten. Leave it out, and the right learning rate
# depends on the batch size.
#
# To keep weights small, add a **regulariser**, $\tfrac12 \lambda \sum W^2$ with $\lambda$ = `l2`. The half makes its slope simply
# $\lambda W$. The bias is not regularised.


# %% nbgrader={"grade_id": "softmax_gradient", "solution": true}
def softmax_gradient(W, b, X, y, l2):
    """Return the regularised loss of a batch and its gradient.

    W: (d, k) weights
    b: (k,) biases
    X: (n, d) examples
    y: (n,) true classes, whole numbers from 0 to k - 1
    l2: the regulariser's strength λ, zero or more
    Returns (loss, dW, db): the mean cross-entropy plus 0.5·l2·ΣW², and its slopes,
    shaped like W and b.

    Hint: P - Y needs no one-hot array; subtract 1 from P[i, y[i]] in every row i.
    """
    ### BEGIN SOLUTION
    n = len(X)
    P = softmax(scores(W, b, X))
    loss = cross_entropy(P, y) + 0.5 * l2 * np.sum(W**2)
    dS = P.copy()
    dS[np.arange(n), y] -= 1
    dS /= n
    return loss, X.T @ dS + l2 * W, dS.sum(axis=0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_softmax_gradient", "grade": true, "points": 4}
check("softmax_gradient")

# %% [markdown]
# The function may use your `scores`, `softmax` and `cross_entropy`. If one of those is still wrong you lose nothing here:
# grading repeats a failed check with right ones in their place. The same holds for the exercises below.
#
# Now the same number by three roads: your formula, your experiment, and PyTorch, which differentiates on its own (how it does
# that is the subject of lab 02).

# %% tags=["explore"]
import torch

few, labels = X_train[:8].astype(float), y_train[:8]
rng = np.random.default_rng(1)
W0, b0 = 0.01 * rng.normal(size=(few.shape[1], 10)), np.zeros(10)
loss, dW, db = softmax_gradient(W0, b0, few, labels, l2=0.1)

W_torch = torch.tensor(W0, requires_grad=True)
S_torch = torch.tensor(few) @ W_torch
loss_torch = torch.nn.functional.cross_entropy(S_torch, torch.tensor(labels))
loss_torch = loss_torch + 0.05 * (W_torch**2).sum()
loss_torch.backward()


def loss_of_b(b):
    return softmax_gradient(W0, b, few, labels, l2=0.1)[0]


off_torch = np.abs(dW - W_torch.grad.numpy()).max()
off_experiment = np.abs(db - numeric_gradient(loss_of_b, b0)).max()
print(f"loss: yours {loss:.8f}, PyTorch {loss_torch.item():.8f}")
print(f"dW: largest difference from PyTorch {off_torch:.1e}")
print(f"db: largest difference from the experiment {off_experiment:.1e}")

# %% [markdown]
# ## 7 · Minibatches
#
# One exact gradient over 60,000 images costs as much as 600 rough ones over 100 images each, and 600 rough steps get much
# further. So shuffle the data, cut it into batches, step after each. One pass over all of them is an **epoch**. Each epoch
# sees every example exactly once, in a new order; the last batch may be short.
#
# Everything random in this course comes from a generator `rng` that is passed in, so that a run can be repeated.


# %% nbgrader={"grade_id": "minibatches", "solution": true}
def minibatches(X, y, batch_size, rng):
    """Give one epoch of shuffled batches.

    X: (n, …) examples; y: (n,) labels; both stay as they are
    batch_size: how many examples make a batch, one or more
    rng: np.random.Generator
    Yields pairs (X_batch, y_batch): every example once; the last batch may be short.

    Hint: rng.permutation(n) holds the row numbers, shuffled; index with pieces of it.
    """
    ### BEGIN SOLUTION
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        chosen = order[start : start + batch_size]
        yield X[chosen], y[chosen]
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_minibatches", "grade": true, "points": 2}
check("minibatches")

# %% [markdown]
# ## 8 · Learning
#
# All parts are there. Start from zero weights (or small random ones), go through the batches of each epoch, and step against
# the gradient: $W \leftarrow W - \eta\, dW$, $b \leftarrow b - \eta\, db$, with the learning rate $\eta$ = `lr`. This is *stochastic gradient
# descent*, and in all labs to come only the gradient gets more interesting.
#
# The function uses your `softmax_gradient` and `minibatches`; as above, a mistake in those costs nothing here.


# %% nbgrader={"grade_id": "train_softmax", "solution": true}
def train_softmax(X, y, n_classes, *, epochs, batch_size, lr, l2, rng):
    """Train a softmax classifier by stochastic gradient descent.

    X: (n, d) examples
    y: (n,) labels from 0 to n_classes - 1; a class may have no example
    epochs, batch_size, lr, l2: as above
    rng: np.random.Generator; the same one gives the same result
    Returns (W, b), of shapes (d, n_classes) and (n_classes,).
    """
    ### BEGIN SOLUTION
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            _, dW, db = softmax_gradient(W, b, X_batch, y_batch, l2)
            W -= lr * dW
            b -= lr * db
    return W, b
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_train_softmax", "grade": true, "points": 3}
check("train_softmax")

# %% [markdown]
# ## 9 · The answer
#
# Which class does the classifier choose? The one with the highest score. Softmax does not change the order, so it is not
# needed here.


# %% nbgrader={"grade_id": "predict", "solution": true}
def predict(W, b, X):
    """Choose a class for every example.

    W: (d, k) weights
    b: (k,) biases
    X: (n, d) examples
    Returns (n,) whole numbers: the class with the highest score in each row.
    """
    ### BEGIN SOLUTION
    return scores(W, b, X).argmax(axis=1)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_predict", "grade": true, "points": 1}
check("predict")

# %% [markdown]
# ## Reading digits
#
# Now let it learn. The bar is the accuracy on test images that training has never seen. One rule before any long run:
# first see that the classifier can learn **fifty** images by heart. If it cannot, something is broken, and no amount of data
# will help. The long run after it takes ten seconds or so, half a minute on two slow cores.

# %% tags=["explore"]
X_few, y_few = X_train[:50], y_train[:50]
rng = np.random.default_rng(0)
few = train_softmax(X_few, y_few, 10, epochs=200, batch_size=50, lr=0.5, l2=0, rng=rng)
print(f"on the fifty images themselves: {(predict(*few, X_few) == y_few).mean():.0%}")
print(f"on the test images:             {(predict(*few, X_test) == y_test).mean():.0%}")

# %% tags=["explore"]
rng = np.random.default_rng(0)
W, b = train_softmax(X_train, y_train, 10, epochs=10, batch_size=100, lr=0.2, l2=1e-5, rng=rng)
accuracy = (predict(W, b, X_test) == y_test).mean()
bar = mnist.targets["linear"]
print(f"{mnist.name}: {accuracy:.2%} of the test images are right; the bar is {bar:.0%}.")
print("Reached." if accuracy >= bar else "Not yet: look at lr, epochs and the checks above.")

# %% [markdown]
# ### What it has learnt
#
# A column of $W$ has one weight a pixel, so it can be drawn as a picture. Red pixels speak *for* the class, blue ones against
# it. Find the 0: ink in the ring is good, ink in the middle is bad. Each class has exactly one such **template**, and a
# score is how well the image fits it.

# %% tags=["explore"]
title = "One template a class: the columns of W"
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
# Three to four times better than guessing, and yet far from useful. The templates show why: colours and blurs. A horse may
# look left or right, so its template tries to be both.
#
# ## What one template cannot do
#
# Lecture slides list three tasks that no linear classifier can solve. Here is each in the plane, with the regions that your
# own `train_softmax` finds. In *parity* the class says whether an even or an odd number of features is above zero; in *ring* it says
# whether a point lies between two circles; in *three modes* one class lives in three separate places.

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

settings = {"epochs": 100, "batch_size": 50, "lr": 0.1, "l2": 0}
figure, axes = plt.subplots(1, 3, figsize=(10, 3.8), dpi=110, layout="constrained")
for axis, (task, labels) in zip(axes, tasks.items(), strict=True):
    W_line, b_line = train_softmax(square, labels, 2, **settings, rng=np.random.default_rng(0))

    def answer(points, W=W_line, b=b_line):
        return predict(W, b, points)

    right = (answer(square) == labels).mean()
    commoner = max(labels.mean(), 1 - labels.mean())
    title = f"{task}: {right:.0%} right\n(always the commoner class: {commoner:.0%})"
    plots.decision_regions(answer, square, labels, title=title, ax=axis)

# %% [markdown]
# The line does no better, or hardly better, than always giving the commoner class. No learning rate, no amount of data and
# no other loss helps: a straight line is all that this model can say.
#
# ## 10 · Why?
#
# On MNIST your classifier reads more than nine digits in ten. On CIFAR-10 the same classifier is right less than half of the
# time, although it has four times as many weights. **Give two properties of the photographs that one template a class cannot
# express, and for each a picture from above that shows it.** Then say what a model would need, so that it could express one
# of them. Five to eight sentences.

# %% [markdown] nbgrader={"grade_id": "why_templates_fail", "grade": true, "solution": true, "points": 2}
# ### BEGIN SOLUTION
# One template is one weighted sum of pixels at fixed places. (1) **Place and pose**: a horse that looks left and one that looks
# right light up different pixels, so their template is an average with two heads; digits are centred and upright. (2) **Many
# looks of one class**: red and blue cars, planes on sky or on tarmac; a weighted sum cannot say "this or that", as the picture of
# three modes shows. Colour of the background is then the best that is left: ships and planes become blue blurs. A model
# needs several templates a class and a non-linear way to combine them (a hidden layer), or templates that may match at any place
# (convolution).
# Full marks: two different properties, each tied to a picture, and a remedy that fits one of them. Half: one property.
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
# - **Train with the hinge.** Write `hinge_gradient` (check it with your `numeric_gradient`), train on MNIST, and compare templates
#   and accuracy. Which loss leaves examples alone once they are right?
# - **Give the line a bent plane.** Add the products of the two features as a third column in the tasks above. Which of the
#   three become solvable, and what is the template now?
# - **Beat 93 % on MNIST** with `train_softmax` as it is, by changing only what goes into $X$.
#
# Save the notebook and hand it in. Next: lab 02, in which gradients are computed by a machine that you build.
