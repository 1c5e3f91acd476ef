# %% [markdown]
# # Lab 02 · Gradients by machine
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({{colab}})
#
# **One number comes out of a network, and a million weights each want to know: which way should I move?** To ask them
# one at a time, as lab 01's central differences did, takes two million runs. There is a way that takes about as long as
# *three*. In this lab you build the machine that does it, in some forty lines, and train a classifier with it.
#
# You write thirteen short pieces. Under each is a *check* cell: run it as often as you like. When your work is graded,
# further checks run on other numbers; code that is right passes them too.
#
# | | you write | what it makes possible |
# |---|---|---|
# | 1–4 | `add_gate`, `mul_gate`, `max_gate`, `copy_gate` | pass a gradient backwards through one step |
# | 5 | `neuron` | pass it through a formula, line by line |
# | 6–7 | `topological_order`, `Value` | pass it through *any* formula: an engine that trains a net |
# | 8–9 | `gradient_check`, `repaired_backward` | catch a gradient that lies: hunt three planted bugs |
# | 10–11 | `matmul_backward`, `unbroadcast` | matrices for single numbers, and the same net hundreds of times faster |
# | 12–13 | `compile_graph`, `evaluate` | describe first, compute later, and only what somebody needs |
#
# Two to three hours.

# %%
import math
import time

import numpy as np

import coursekit
from coursekit import plots
from coursekit.checking import checks_for

check = checks_for("02_backprop")

# %% [markdown]
# ## 1–4 · Four gates
#
# Take a computation apart until each step is trivial, and draw it as a **graph**: numbers flow forwards along the
# edges, and gradients flow back. Call the last result $L$. Each step is told how $L$ changes with its *output*, the
# **upstream gradient** $g$, and must say how $L$ changes with each of its *inputs*. That is the chain rule, one factor
# a step:
#
# $$\frac{\partial L}{\partial x} = \frac{\partial L}{\partial z}\,\frac{\partial z}{\partial x} = g \cdot \text{local slope}.$$
#
# A step needs to know nothing else about the graph. Four such **gates** take you far. In all of them, `g` and the
# inputs are numbers, and the result is a tuple with one gradient for each input of the gate.
#
# The first gate adds: $z = x + y$. Move either input by a little, and $z$ moves by as much.


# %% nbgrader={"grade_id": "add_gate", "solution": true}
def add_gate(g):
    """Pass a gradient back through z = x + y.

    g: dL/dz, the upstream gradient, a number
    Returns (dL/dx, dL/dy).

    Hint: what are dz/dx and dz/dy?
    """
    ### BEGIN SOLUTION
    return g, g
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_add_gate", "grade": true, "points": 1}
check("add_gate")

# %% [markdown]
# The second multiplies: $z = x \cdot y$. How much $z$ moves when $x$ does depends on the *other* input.


# %% nbgrader={"grade_id": "mul_gate", "solution": true}
def mul_gate(g, x, y):
    """Pass a gradient back through z = x * y.

    g: dL/dz, the upstream gradient; x, y: the inputs, numbers all
    Returns (dL/dx, dL/dy).

    Hint: hold y still. What is the slope of x * y along x?
    """
    ### BEGIN SOLUTION
    return g * y, g * x
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_mul_gate", "grade": true, "points": 1}
check("mul_gate")

# %% [markdown]
# The third keeps the larger input: $z = \max(x, y)$. The smaller one could move a little and nobody would notice. At a
# tie there is no slope, only a choice; here the gradient goes to $x$.


# %% nbgrader={"grade_id": "max_gate", "solution": true}
def max_gate(g, x, y):
    """Pass a gradient back through z = max(x, y).

    g: dL/dz, the upstream gradient; x, y: the inputs, numbers all
    Returns (dL/dx, dL/dy). At a tie, the gradient goes to x.

    Hint: one of the two results is always 0.
    """
    ### BEGIN SOLUTION
    return (g, 0.0) if x >= y else (0.0, g)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_max_gate", "grade": true, "points": 1}
check("max_gate")

# %% [markdown]
# The fourth looks like nothing at all: one value is used in two places, $z_1 = x$ and $z_2 = x$. Forwards it only
# copies. Backwards, two gradients arrive, and both uses count: $L$ moves because $z_1$ moved *and* because $z_2$ did.
# Every graph on the lecture's slides is a tree, in which this never happens. In a network it happens everywhere.


# %% nbgrader={"grade_id": "copy_gate", "solution": true}
def copy_gate(g1, g2):
    """Pass gradients back through a fan-out: z1 = x and z2 = x.

    g1, g2: dL/dz1 and dL/dz2, the two upstream gradients, numbers
    Returns (dL/dx,), a tuple of one.

    Hint: let L = 2 * z1 + 5 * z2, and so 7 * x.
    """
    ### BEGIN SOLUTION
    return (g1 + g2,)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_copy_gate", "grade": true, "points": 1}
check("copy_gate")

# %% [markdown]
# Now the lecture's example, $f = (x + y)\,z$ at $x = -2$, $y = 5$, $z = -4$: forwards by hand, backwards through your
# gates. In the picture each node has its value in blue and, below, in red, the slope of $f$ along it: how fast $f$
# grows when that value does.


# %% tags=["explore"]
class Step:
    """One step of a computation, filled in by hand."""

    def __init__(self, data=None, parents=(), op=""):
        self.data, self.parents, self.op = data, parents, op


x, y, z = Step(-2.0), Step(5.0), Step(-4.0)
q = Step(x.data + y.data, (x, y), "+")
f = Step(q.data * z.data, (q, z), "×")

f.grad = 1.0
q.grad, z.grad = mul_gate(f.grad, q.data, z.data)
x.grad, y.grad = add_gate(q.grad)
names = {"x": x, "y": y, "z": z, "f": f}
title = "f = (x + y) z: values forwards, gradients backwards"
plots.computational_graph(f, names=names, title=title)

# %% [markdown]
# Read it: $x$ up by 0.1 moves $q$ up by 0.1, and $f$ *down* by 0.4, because $z$ is −4. No formula for
# $\partial f / \partial x$ was ever written.
#
# ## 5 · A neuron in flat code
#
# One neuron: two inputs, two weights, a bias, a sigmoid.
#
# $$L = \sigma(s), \qquad s = w_0 x_0 + w_1 x_1 + w_2, \qquad \sigma(s) = \frac{1}{1 + e^{-s}}, \qquad \sigma'(s) = \sigma(s)\,\bigl(1 - \sigma(s)\bigr).$$
#
# In **flat code** every step has a line going forwards and, in reverse order, a line going backwards, from
# $\partial L/\partial L = 1$ on. It is how anyone's first backward pass should look.
#
# Check the lecture's arithmetic while you are here. One slide has $(-1 \cdot -2 + -2 \cdot 3) + -3 = 1$. It is −7 as
# written. Which two signs must turn to make it 1? (With the weights 2 and −3 that the other slide has, it is.)


# %% nbgrader={"grade_id": "neuron", "solution": true}
def neuron(w0, x0, w1, x1, w2):
    """Compute a neuron and the gradient of its output.

    w0, x0, w1, x1, w2: numbers
    Returns (value, grads): the sigmoid of w0 x0 + w1 x1 + w2, and a dict with its
    slope along each argument, by name: {"w0": …, "x0": …, "w1": …, "x1": …, "w2": …}.

    Hint: give each gradient a name of its own, such as ds for dL/ds; the way back
    still needs the values of the way forward.
    """
    ### BEGIN SOLUTION
    s = w0 * x0 + w1 * x1 + w2
    value = 1 / (1 + math.exp(-s))
    ds = value * (1 - value)
    grads = {"w0": ds * x0, "x0": ds * w0, "w1": ds * x1, "x1": ds * w1, "w2": ds}
    return value, grads
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_neuron", "grade": true, "points": 2}
check("neuron")

# %% [markdown]
# The slide's graph rounds: it says −0.6 and 0.2 where the slopes are −.5898 and .1966. And are they slopes at all?
# Follow one. If $w_0$ grows by $h$, the output should grow by about $h$ times the gradient. The dashed line is the
# tangent that your gradient gives; it must touch the curve at $w_0 = 2$.

# %% tags=["explore"]
at = {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0}
value, grads = neuron(**at)
print("  ".join(f"d{name} = {slope:+.4f}" for name, slope in grads.items()))
w0 = np.linspace(-1, 5, 61)
curve = [neuron(**{**at, "w0": w})[0] for w in w0]
tangent = value + grads["w0"] * (w0 - at["w0"])
lines = {"the neuron": (w0, curve), "value + dw0 · (w0 − 2)": (w0, tangent)}
title = "One weight moves, everything else holds still"
plots.curves(lines, xlabel="w0", ylabel="output of the neuron", title=title)

# %% [markdown]
# ## 6 · In which order?
#
# Flat code is written for one formula. A machine must find the order itself, in a graph of any shape. Going back, a
# node may pass its gradient on only when **all** of it has arrived: after everything that uses the node. So line the
# nodes up with inputs before what uses them, a **topological order**, and walk it from the end.
#
# Take $x = 2$, $y = 3x$, $a = 2y$, $b = 5y$, $c = a + b$. Then $c = 21x$, so the slope is 21. A machine that follows
# every path and passes on at $y$ what has gathered there so far tells $x$ twice and gets 27. One that never comes back
# to $y$ loses a path and gets 6.
#
# Visit each node **once**. If every layer uses its input twice, twenty layers have a million paths, and a path-by-path
# walk that gives the right answer on small graphs never comes back from a large one. And mind the depth: Python gives
# up on functions that call themselves about 1,000 deep (3,000 in some notebooks), and a chain of 5,000 nodes is nothing
# unusual. (You may raise that limit, if it then works.)


# %% nbgrader={"grade_id": "topological_order", "solution": true}
def topological_order(root):
    """List a graph's nodes, inputs before what uses them.

    root: a node. Every node has .parents, its inputs: a tuple, list or set of nodes,
        empty for a leaf.
    Returns a list of root and all that it was computed from, every node once;
    a node's parents come before it, and root comes last. No node is changed.
    It must cope with chains of 5,000 nodes and graphs with millions of paths.

    Hint: keep a list as your own stack. A node that comes off it waits until its
    parents are done: push it again, marked, and then push them.
    """
    ### BEGIN SOLUTION
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, parents_done = stack.pop()
        if parents_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((parent, False) for parent in node.parents)
    return order
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_topological_order", "grade": true, "points": 3}
check("topological_order")

# %% [markdown]
# Your order for the graph above, with two more uses of $x$. Every arrow must lead from a smaller number to a larger
# one.

# %% tags=["explore"]
x = Step()
y = Step(parents=(x,))
a, b = Step(parents=(y,)), Step(parents=(y, x))
c = Step(parents=(a, b))
d = Step(parents=(c, x))
formulas = {x: "x", y: "y = 3x", a: "a = 2y", b: "b = 5y + x", c: "c = a + b", d: "d = c − x"}
numbered = {f"{i}:  {formulas[node]}": node for i, node in enumerate(topological_order(d), 1)}
plots.computational_graph(d, names=numbered, title="An order in which every input comes first")

# %% [markdown]
# ## 7 · `Value`: a number that remembers
#
# Now the engine. A `Value` is a number that knows what it was computed from. Python calls `__add__` for `+`, `__mul__`
# for `*` and so on, so ordinary code builds the graph *while it runs*: **define by run**. A new Value keeps its inputs
# as `parents`, and for each of them the local slope, which is known the moment the step is computed. Then `backward` is
# one short loop over the nodes in reverse order:
#
# $$\text{parent.grad} \mathrel{+}= \text{local slope} \cdot \text{node.grad}.$$
#
# Three conventions, all PyTorch's. The root starts with $\partial L/\partial L = 1$. Gradients **add** to what a *leaf*
# (a Value without parents) holds already, so that a batch can be summed piece by piece. Inner nodes start from 0 each
# time.
#
# Write `+`, `*`, `**` with their slopes; the others follow: $a - b = a + (-1)\,b$ and $a / b = a\,b^{-1}$. For
# $2 \cdot v$ Python asks the number first and then calls `v.__rmul__(2)`; `sum(values)` starts from `0 + v`, which
# calls `v.__radd__(0)`. A first cut works for two Values; add the mixed cases when the checks ask.


# %% nbgrader={"grade_id": "Value", "solution": true}
class Value:
    """A number that remembers how it was computed.

    To be written: + - * / and unary -, with Values and numbers on either side; ** with
    a number as exponent; the methods exp, tanh, relu, sigmoid; and backward, which must
    cope with chains of 5,000 Values and graphs with millions of paths.

    data: the number
    grad: 0 at first; after L.backward(), the slope of L along this Value
    parents: the Values that it was computed from; empty for a leaf
    """

    # How you keep the slopes is up to you: only Value(data) is given. A text op, such
    # as "+", shows in pictures. You may use your topological_order; a mistake in it
    # costs nothing here.
    def __init__(self, data, parents=(), slopes=(), op=""):
        ### BEGIN SOLUTION
        self.data, self.grad = data, 0.0
        self.parents, self.slopes, self.op = parents, slopes, op
        ### END SOLUTION

    def __add__(self, other):
        ### BEGIN SOLUTION
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0), "+")
        ### END SOLUTION

    def __mul__(self, other):
        ### BEGIN SOLUTION
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data), "×")
        ### END SOLUTION

    def __pow__(self, exponent):
        ### BEGIN SOLUTION
        slope = exponent * self.data ** (exponent - 1)
        return Value(self.data**exponent, (self,), (slope,), f"^{exponent}")
        ### END SOLUTION

    def exp(self):
        ### BEGIN SOLUTION
        e = math.exp(self.data)
        return Value(e, (self,), (e,), "exp")
        ### END SOLUTION

    def tanh(self):
        ### BEGIN SOLUTION
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t**2,), "tanh")
        ### END SOLUTION

    def relu(self):
        ### BEGIN SOLUTION
        return Value(max(self.data, 0.0), (self,), (float(self.data > 0),), "relu")
        ### END SOLUTION

    def sigmoid(self):
        ### BEGIN SOLUTION
        s = 1 / (1 + math.exp(-self.data))
        return Value(s, (self,), (s * (1 - s),), "σ")
        ### END SOLUTION

    def backward(self):
        """Fill in grad, from this Value back to the leaves, by the three conventions above."""
        ### BEGIN SOLUTION
        order = topological_order(self)
        for node in order:
            if node.parents:
                node.grad = 0.0
        self.grad += 1.0
        for node in reversed(order):
            for parent, slope in zip(node.parents, node.slopes):
                parent.grad += slope * node.grad
        ### END SOLUTION

    # Now what is missing for -v, v - w, v / w, 2 * v, 1 - v, 1 / v and sum(values).
    def __neg__(self):
        ### BEGIN SOLUTION
        return self * -1.0

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return -self + other

    def __truediv__(self, other):
        return self * other**-1.0

    def __rtruediv__(self, other):
        return self**-1.0 * other

    __radd__, __rmul__ = __add__, __mul__
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_Value", "grade": true, "points": 6}
check("Value")

# %% [markdown]
# First the graph that tells right from wrong: $x$ must get 21. Then the neuron of section 5, taken apart by your
# engine. It was written as one line of ordinary Python; the slopes are those that you derived by hand.

# %% tags=["explore"]
x = Value(2.0)
y = 3 * x
c = 2 * y + 5 * y
c.backward()
title = "One x, two ways to c: 3 · 2 + 3 · 5 = 21"
plots.computational_graph(c, names={"x": x, "y": y, "c": c}, title=title)

# %% tags=["explore"]
w0, x0, w1, x1, w2 = (Value(number) for number in at.values())
output = (w0 * x0 + w1 * x1 + w2).sigmoid()
output.backward()
names = {"w0": w0, "x0": x0, "w1": w1, "x1": x1, "w2": w2, "L": output}
plots.computational_graph(output, names=names, title="The lecture's neuron, to four digits")

# %% [markdown]
# ### The click
#
# There is nothing in the engine about networks, and it can train one. Two moons, two classes, no straight line between
# them. The net has two inputs, twelve hidden units with tanh and one score. The loss is the hinge of lab 01, here
# $\max(0, 1 - t s)$ with $t = \pm 1$, and a step is that of lab 01 too. But first a small net, whole: one point and
# three hidden units, each adding $v \tanh(u x_0 + w x_1 + b)$ to the score. Find the largest red number: that value
# would change the score most.


# %% tags=["explore"]
def score(parameters, point):
    """Score one point; parameters is a list of hidden units (u, w, b, v) and a last bias."""
    *hidden, bias = parameters
    return sum(v * (u * point[0] + w * point[1] + b).tanh() for u, w, b, v in hidden) + bias


def make_net(n_hidden, rng):
    """Draw random parameters for a net with n_hidden hidden units."""
    weights = rng.normal(size=(n_hidden, 4)).tolist()
    return [tuple(Value(w) for w in unit) for unit in weights] + [Value(0.0)]


def flat(parameters):
    """List all parameters, one after the other."""
    return [w for unit in parameters[:-1] for w in unit] + parameters[-1:]


small = make_net(3, np.random.default_rng(183))
s = score(small, (0.5, -1.0))
s.backward()
letters = [f"{letter}{i}" for i in range(3) for letter in "uwbv"] + ["c"]
names = dict(zip([*letters, "score"], [*flat(small), s], strict=True))
title = f"A net of three hidden units, whole: {len(topological_order(s))} nodes"
plots.computational_graph(s, names=names, title=title)

# %% [markdown]
# Now twelve hidden units and 200 points. Every step builds a graph of thousands of nodes, walks it backwards once, and
# throws it away.


# %% tags=["explore"]
def make_moons(n, rng):
    """Draw two interleaved half-circles: (n, 2) points and (n,) labels 0 or 1."""
    labels, angle = np.arange(n) % 2, rng.uniform(0, np.pi, size=n)
    points = np.column_stack([np.cos(angle), np.sin(angle)])
    points[labels == 1] = [1, 0.5] - points[labels == 1]
    return points + rng.normal(scale=0.1, size=(n, 2)), labels


def batch_loss(parameters, points, labels):
    """Return the mean hinge loss of a batch, as a Value."""
    targets = 2 * labels - 1
    pairs = zip(points.tolist(), targets.tolist(), strict=True)
    losses = [(1 - t * score(parameters, point)).relu() for point, t in pairs]
    return sum(losses) / len(losses)


rng = np.random.default_rng(0)
X, y = make_moons(200, rng)
net, history = make_net(12, rng), []
began = time.perf_counter()
for step in range(200):
    chosen = rng.choice(200, size=40, replace=False)
    loss = batch_loss(net, X[chosen], y[chosen])
    for w in flat(net):
        w.grad = 0.0
    loss.backward()
    for w in flat(net):
        w.data -= (0.5 - 0.4 * step / 200) * w.grad
    history.append(loss.data)
elapsed_s, n_nodes = time.perf_counter() - began, len(topological_order(loss))
print(f"200 steps in {elapsed_s:.1f} s, {n_nodes:,} nodes a step")


# %% tags=["explore", "cover"]
def answer(points):
    """Say which moon each point belongs to."""
    W = np.array([[w.data for w in unit] for unit in net[:-1]])
    return (np.tanh(points @ W[:, :2].T + W[:, 2]) @ W[:, 3] + net[-1].data > 0).astype(int)


X_new, y_new = make_moons(1000, np.random.default_rng(1))
right = (answer(X_new) == y_new).mean()
print(f"{right:.1%} of 1,000 new points are right; no straight line gets 90 %.")
plots.decision_regions(answer, X, y, title="Two moons, told apart by your own engine")

# %% [markdown]
# And PyTorch? Its autograd is the same idea with a larger stock of gates. The same parameters and the same batch must
# give the same loss and the same 49 gradients.

# %% tags=["explore"]
import torch

loss = batch_loss(net, X[:40], y[:40])
for w in flat(net):
    w.grad = 0.0
loss.backward()
yours = np.array([w.grad for w in flat(net)])

theirs = torch.tensor([w.data for w in flat(net)], dtype=torch.float64, requires_grad=True)
W = theirs[:-1].reshape(12, 4)
scores = torch.tanh(torch.tensor(X[:40]) @ W[:, :2].T + W[:, 2]) @ W[:, 3] + theirs[-1]
loss_torch = torch.relu(1 - torch.tensor(2 * y[:40] - 1) * scores).mean()
loss_torch.backward()
print(f"loss: yours {loss.data:.12f}, PyTorch {loss_torch.item():.12f}")
print(f"{len(yours)} gradients: largest difference {np.abs(yours - theirs.grad.numpy()).max():.1e}")

# %% [markdown]
# ## 8 · Trust, but check
#
# A wrong gradient rarely crashes. The net still learns, only worse, and nobody knows why. So compare every gradient
# that you derive with central differences, $(f(x + h e_i) - f(x - h e_i)) / 2h$, which know nothing of your derivation.
# The lecture's one-sided difference would do, badly: on $x^3$ with $h = 10^{-4}$ at 2 it is off by $6 \cdot 10^{-4}$,
# the central one by $10^{-8}$.
#
# What counts is the error *relative* to the slopes, since slopes may be 1000 or 0.001. For each coordinate, with $a$
# claimed and $b$ measured,
#
# $$\frac{|a - b|}{\max(|a|, |b|, 10^{-12})},$$
#
# and the **largest** coordinate counts: one bad weight in a million is a bug. About $10^{-6}$ or less is right, above
# $10^{-3}$ is wrong, and in between a kink (a relu at 0) may be near. A `nan` is no small error: it counts as infinite,
# and since every comparison with nan is false it likes to slip through.


# %% nbgrader={"grade_id": "gradient_check", "solution": true}
def gradient_check(f, grad_f, x):
    """Compare a gradient with central differences.

    f: takes an array of x's shape and returns a number
    grad_f: takes the same and returns an array of that shape, f's supposed gradient
    x: float array of any shape; after the call it is what it was before
    Returns the largest relative error of any coordinate, as defined above; infinity
    if any is nan.

    Hint: a step of 1e-5 serves well. np.isnan finds what comparisons miss.
    """
    ### BEGIN SOLUTION
    claimed, worst = np.asarray(grad_f(x)), 0.0
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        measured = (f(x + step) - f(x - step)) / 2e-5
        scale = max(abs(claimed[i]), abs(measured), 1e-12)
        error = abs(claimed[i] - measured) / scale
        worst = max(worst, np.inf if np.isnan(error) else error)
    return float(worst)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_gradient_check", "grade": true, "points": 3}
check("gradient_check")

# %% [markdown]
# Every step that your engine knows, checked at 0.7, and one gradient that is wrong on purpose. On the logarithmic axis
# the honest ones lie at the level of rounding; a lie stands out by nine orders of magnitude.

# %% tags=["explore"]
steps = {
    "v + 2v": lambda v: v + 2 * v,
    "v · v": lambda v: v * v,
    "v³": lambda v: v**3,
    "1 − v": lambda v: 1 - v,
    "1 / v": lambda v: 1 / v,
    "exp": lambda v: v.exp(),
    "tanh": lambda v: v.tanh(),
    "relu": lambda v: v.relu(),
    "σ": lambda v: v.sigmoid(),
}


def error_of(step, x):
    """Check the slope that the engine gives a step at x, an array of one."""

    def slope(x):
        v = Value(float(x[0]))
        step(v).backward()
        return np.array([v.grad])

    return gradient_check(lambda x: step(Value(float(x[0]))).data, slope, x)


at_07 = np.array([0.7])
errors = {name: error_of(step, at_07) for name, step in steps.items()}
errors["a lie"] = gradient_check(lambda x: np.tanh(x[0]), lambda x: 1 - x**2, at_07)
title = "tanh with the slope 1 − v² instead of 1 − tanh² v is caught at once"
plots.relative_errors(errors, title=title)

# %% [markdown]
# ## 9 · Three planted bugs
#
# Below is a net that uses the same weights twice, as recurrent nets do (they come in a later course):
# $H_1 = \tanh(X W + b)$, $H_2 = \tanh(H_1 W + b)$, $s = H_2 v$, and the loss is the mean of $(s - t)^2$. Shapes: X (n,
# d), W (d, d), b, v (d,), t (n,).
#
# `broken_backward` has **three bugs**. It runs, all shapes are right, and training with it even lowers the loss for a
# while. Do not stare at it; hunt. Check one parameter at a time with your `gradient_check`. The backward pass runs from
# the loss to the inputs: what is right shows that everything above it is.


# %%
def two_step_loss(W, b, v, X, t):
    """Return the mean squared error of the two-step net."""
    H1 = np.tanh(X @ W + b)
    H2 = np.tanh(H1 @ W + b)
    return float(np.mean((H2 @ v - t) ** 2))


def broken_backward(W, b, v, X, t):
    """Return (dW, db, dv), or what somebody took for them."""
    Z1 = X @ W + b
    H1 = np.tanh(Z1)
    H2 = np.tanh(H1 @ W + b)
    ds = 2 * (H2 @ v - t) / len(X)
    dv = H2.T @ ds
    dH2 = np.outer(ds, v)
    dZ2 = dH2 * (1 - H2**2)
    dW = H1.T @ dZ2
    db = dZ2.sum(axis=0)
    dH1 = dZ2 @ W
    dZ1 = dH1 * (1 - Z1**2)
    dW = X.T @ dZ1
    db += dZ1.sum(axis=0)
    return dW, db, dv


# %% tags=["explore"]
rng = np.random.default_rng(2)
W, b, v = rng.normal(size=(3, 3)), rng.normal(size=3), rng.normal(size=3)
X, t = rng.normal(size=(5, 3)), rng.normal(size=5)


def errors_of(backward):
    """Check the gradients of the two-step net, one parameter at a time."""
    f, g = two_step_loss, backward
    return {
        "v": gradient_check(lambda v: f(W, b, v, X, t), lambda v: g(W, b, v, X, t)[2], v),
        "b": gradient_check(lambda b: f(W, b, v, X, t), lambda b: g(W, b, v, X, t)[1], b),
        "W": gradient_check(lambda W: f(W, b, v, X, t), lambda W: g(W, b, v, X, t)[0], W),
    }


title = "The evidence: v is innocent, b and W are not"
plots.relative_errors(errors_of(broken_backward), title=title)

# %% [markdown]
# Copy the body of `broken_backward` into the cell below, and repair it there. Each bug is in a line of its own. All
# three are old friends: they were in your way, or nearly, in the sections above.


# %% nbgrader={"grade_id": "repaired_backward", "solution": true}
def repaired_backward(W, b, v, X, t):
    """Compute the gradient of two_step_loss along W, b and v.

    W: (d, d); b, v: (d,); X: (n, d); t: (n,)
    Returns (dW, db, dv), of the shapes of W, b and v.

    Hint: repair one line, put this function into the hunt above, and see whose error
    falls.
    """
    ### BEGIN SOLUTION
    H1 = np.tanh(X @ W + b)
    H2 = np.tanh(H1 @ W + b)
    ds = 2 * (H2 @ v - t) / len(X)
    dv = H2.T @ ds
    dZ2 = np.outer(ds, v) * (1 - H2**2)
    dW = H1.T @ dZ2
    db = dZ2.sum(axis=0)
    dZ1 = (dZ2 @ W.T) * (1 - H1**2)
    dW += X.T @ dZ1
    db += dZ1.sum(axis=0)
    return dW, db, dv
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_repaired_backward", "grade": true, "points": 3}
check("repaired_backward")

# %% tags=["explore"]
title = "Case closed: all three gradients agree with the experiment"
plots.relative_errors(errors_of(repaired_backward), title=title)

# %% [markdown]
# One warning. A gradient check proves that a gradient belongs to *its* function. If the function itself is wrong, both
# are wrong together and agree to the last digit. So compare with an independent answer too: PyTorch, a slide (checked),
# a number worked out by hand.
#
# ## 10 · Gates for matrices
#
# A node for each number is clear and slow: the moons took thousands of nodes a step. Let a node hold a whole array. The
# product $C = A B$, with $(n, k)\,(k, m) \to (n, m)$, is a gate as well. Its upstream gradient
# $G = \partial L/\partial C$ has the shape of $C$, and entry by entry
#
# $$\frac{\partial L}{\partial A_{ip}} = \sum_j G_{ij} B_{pj}, \qquad \frac{\partial L}{\partial B_{pj}} = \sum_i A_{ip} G_{ij}.$$
#
# It is the multiply gate again: each input gets the upstream gradient times the *other* input. Which side, and which is
# transposed? Write the sums as products; the shapes allow only one way, unless all matrices are square.


# %% nbgrader={"grade_id": "matmul_backward", "solution": true}
def matmul_backward(G, A, B):
    """Pass a gradient back through C = A @ B.

    G: (n, m), the upstream gradient dL/dC; A: (n, k); B: (k, m)
    Returns (dL/dA, dL/dB), of shapes (n, k) and (k, m).

    Hint: the sums above are matrix products with a transpose in each.
    """
    ### BEGIN SOLUTION
    return G @ B.T, A.T @ G
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_matmul_backward", "grade": true, "points": 2}
check("matmul_backward")

# %% [markdown]
# Your `gradient_check` takes arrays of any shape, so it can judge this gate as well. Square matrices hide a forgotten
# transpose from the shapes, but not from the experiment.

# %% tags=["explore"]
rng = np.random.default_rng(5)
G, A, B = rng.normal(size=(3, 3, 3))


def total(A, B):
    """Return a number whose gradient along A @ B is G."""
    return float((G * (A @ B)).sum())


errors = {
    "G Bᵀ": gradient_check(lambda A: total(A, B), lambda A: matmul_backward(G, A, B)[0], A),
    "Aᵀ G": gradient_check(lambda B: total(A, B), lambda B: matmul_backward(G, A, B)[1], B),
    "G B": gradient_check(lambda A: total(A, B), lambda A: G @ B, A),
}
plots.relative_errors(errors, title="Three square candidates, all of the right shape")

# %% [markdown]
# ## 11 · What broadcasting did
#
# In $X W + b$ the bias (m,) is added to every row of an (n, m) array. NumPy *copies* it n times without saying so:
# **broadcasting is a fan-out**, and going back, the copies' gradients add. So the gradient of a broadcast array is the
# upstream gradient, summed over every axis that was added or stretched:
#
# $$b: (m,) \to (n, m) \qquad\Longrightarrow\qquad \frac{\partial L}{\partial b_j} = \sum_{i=1}^n G_{ij}.$$
#
# NumPy's rule: line shapes up at their *last* axis; missing axes are added in front; an axis of length 1 is stretched.


# %% nbgrader={"grade_id": "unbroadcast", "solution": true}
def unbroadcast(G, shape):
    """Sum a gradient back to the shape that was broadcast.

    G: array, the upstream gradient
    shape: a tuple, the shape before broadcasting; it broadcasts to G.shape
    Returns an array of that shape: each entry is the sum of the gradients of its copies.
    Where nothing was stretched, G itself will do.

    Hint: first sum away the axes in front, then those where shape has a 1 (keepdims).
    """
    ### BEGIN SOLUTION
    G = G.sum(axis=tuple(range(G.ndim - len(shape))))
    stretched = tuple(i for i, n in enumerate(shape) if n == 1)
    return G.sum(axis=stretched, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_unbroadcast", "grade": true, "points": 2}
check("unbroadcast")

# %% [markdown]
# With these two, an engine for arrays takes some twenty lines. It uses your `topological_order`, and `backward` is the
# same loop.


# %% tags=["explore"]
class Array:
    """An array that remembers how it was computed.

    pass_back turns the gradient of this array into a list of its parents' gradients.
    """

    def __init__(self, data, parents=(), pass_back=None, op=""):
        self.data, self.parents, self.op = np.asarray(data, float), parents, op
        self.grad, self.pass_back = np.zeros(self.data.shape), pass_back

    def __matmul__(self, other):
        A, B = self.data, other.data
        return Array(A @ B, (self, other), lambda G: matmul_backward(G, A, B), "@")

    def __add__(self, other):
        A, B = self.data, other.data
        return Array(A + B, (self, other), lambda G: [unbroadcast(G, M.shape) for M in (A, B)], "+")

    def tanh(self):
        T = np.tanh(self.data)
        return Array(T, (self,), lambda G: [G * (1 - T**2)], "tanh")


def backward(root, G):
    """Pass G, the gradient of the loss along root, back to everything."""
    root.grad = G
    for node in reversed(topological_order(root)):
        grads = node.pass_back(node.grad) if node.parents else []
        for parent, grad in zip(node.parents, grads, strict=True):
            parent.grad = parent.grad + grad


# %% [markdown]
# The moons again: the same net, the same hinge, full batches of all 200 points instead of 40. Ten nodes a step.

# %% tags=["explore"]
X, y = make_moons(200, np.random.default_rng(0))
rng = np.random.default_rng(0)
parameters = [Array(rng.normal(size=shape)) for shape in ((2, 12), (12,), (12, 1), (1,))]
W1, b1, W2, b2 = parameters
inputs, targets = Array(X), (2 * y - 1)[:, None]
began = time.perf_counter()
for step in range(500):
    scores = (inputs @ W1 + b1).tanh() @ W2 + b2
    for w in parameters:
        w.grad = np.zeros(w.data.shape)
    backward(scores, -targets * (targets * scores.data < 1) / len(X))  # the hinge's slope
    for w in parameters:
        w.data = w.data - 0.5 * w.grad
elapsed_s = time.perf_counter() - began


def array_answer(points):
    """Say which moon each point belongs to."""
    return ((np.tanh(points @ W1.data + b1.data) @ W2.data + b2.data)[:, 0] > 0).astype(int)


n_nodes, right = len(topological_order(scores)), (array_answer(X_new) == y_new).mean()
print(f"500 steps over all 200 points in {elapsed_s:.2f} s, {n_nodes} nodes a step")
print(f"{right:.1%} of 1,000 new points are right")
names = {"X": inputs, "W1": W1, "b1": b1, "W2": W2, "b2": b2, "scores": scores}
plots.computational_graph(scores, names=names, title="The whole net, an array a node")

# %% [markdown]
# ## 12 · Describe first, compute later
#
# Your engine builds its graph while it computes: **imperative**, as PyTorch does it. The lecture's other family,
# **symbolic**, as in TensorFlow 1, MXNet or Theano, describes the whole graph first and computes nothing. Then a
# compiler looks at the description, and a *plan* is run as often as you like with different numbers. What the one gains
# in freedom (any `if` and `for` of Python), the other gains in knowledge: it can see, before the first number, what
# will never be needed.
#
# Below is the description: a `Node` has a `function`, its `parents`, whose values are the function's arguments, and a
# `name`. A **placeholder** has the function `None`: its value comes later, by its name. A constant is a function
# without arguments.


# %%
class Node:
    """A step that has not been computed."""

    def __init__(self, function, parents=(), name=""):
        self.function, self.parents, self.name = function, tuple(parents), name

    def __add__(self, other):
        return Node(lambda a, b: a + b, (self, other), "+")

    def __sub__(self, other):
        return Node(lambda a, b: a - b, (self, other), "−")

    def __mul__(self, other):
        return Node(lambda a, b: a * b, (self, other), "×")

    def __matmul__(self, other):
        return Node(lambda a, b: a @ b, (self, other), "@")


def placeholder(name):
    """Return a node whose value will be fed by its name."""
    return Node(None, name=name)


# %% [markdown]
# Compiling means finding out which steps the outputs need, and in which order. Nothing is computed yet. It may use your
# `topological_order`; a mistake in that costs nothing here.


# %% nbgrader={"grade_id": "compile_graph", "solution": true}
def compile_graph(outputs):
    """Make a plan to compute some nodes, without computing any.

    outputs: a list of nodes, which may share steps or need one another
    Returns the plan, a pair (steps, outputs): steps lists every node that an output
    needs, and no other, once, inputs before what uses them; outputs is the list given.
    It must cope with chains of 5,000 nodes and graphs with millions of paths.

    Hint: one node above all outputs would need exactly what they need together.
    """
    ### BEGIN SOLUTION
    everything = Node(None, outputs)
    return topological_order(everything)[:-1], outputs
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_compile_graph", "grade": true, "points": 2}
check("compile_graph")

# %% [markdown]
# ## 13 · Run the plan
#
# Running a plan is a single pass through its steps. Keep the values beside the nodes, not in them, so that the next run
# with other numbers starts clean.


# %% nbgrader={"grade_id": "evaluate", "solution": true}
def evaluate(plan, feed):
    """Run a plan.

    plan: a pair (steps, outputs), as above
    feed: a dict with the values of the placeholders, numbers or arrays, by name; it may
        hold more than the plan needs
    Returns the list of the outputs' values, in the order of outputs. Every function is
    called once, even if several nodes use its value. A plan may have 5,000 steps.

    Hint: a dict from node to value; node.function(*arguments) computes one.
    """
    ### BEGIN SOLUTION
    steps, outputs = plan
    values = {}
    for node in steps:
        if node.function is None:
            values[node] = feed[node.name]
        else:
            values[node] = node.function(*[values[parent] for parent in node.parents])
    return [values[node] for node in outputs]
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_evaluate", "grade": true, "points": 2}
check("evaluate")

# %% [markdown]
# A net described, with its loss and a summary of its weights beside it. Whoever only asks for the score pays for the
# score: what the plan leaves out is grey, and the labels `t` need not even be fed.

# %% tags=["explore"]
inputs = {name: placeholder(name) for name in ("X", "W1", "b1", "W2", "b2", "t")}
Xn, W1n, b1n, W2n, b2n, tn = inputs.values()
hidden = Node(np.tanh, [Xn @ W1n + b1n], "tanh")
scores_node = hidden @ W2n + b2n
error = scores_node - tn
loss_node = Node(np.mean, [error * error], "mean")
penalty = Node(np.sum, [W1n * W1n], "sum")
total = loss_node + penalty
plan = compile_graph([scores_node])
needed = set(plan[0])
left_out = [node for node in topological_order(total) if node not in needed]
title = f"To compute the scores, {len(needed)} of {len(needed) + len(left_out)} nodes are needed"
names = {"scores": scores_node, "total": total}
plots.computational_graph(total, names=names, faded=left_out, title=title)

# %% [markdown]
# What does it save? The same net and points three ways: by run, where each evaluation builds its graph anew; by plan
# with everything in it; by a plan for the scores alone. The arrays are small, so that the bookkeeping shows.

# %% tags=["explore"]
few = X[:5]
feed = {"X": few, "W1": W1.data, "b1": b1.data, "W2": W2.data, "b2": b2.data, "t": targets[:5]}


def by_run():
    """Compute the scores, the loss and the penalty while the graph is built."""
    scores = (Array(feed["X"]) @ W1 + b1).tanh() @ W2 + b2
    squares = (scores.data - feed["t"]) ** 2
    return scores.data, np.mean(squares) + np.sum(W1.data * W1.data)


def microseconds(function, repeats=2000):
    """Return the best of three mean times of a call, in microseconds."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        for _ in range(repeats):
            function()
        times.append((time.perf_counter() - began) / repeats)
    return 1e6 * min(times)


plan_for_all = compile_graph([scores_node, total])
same = np.abs(by_run()[0] - evaluate(plan, feed)[0]).max()
times_us = {
    "define by run": microseconds(by_run),
    "plan for everything": microseconds(lambda: evaluate(plan_for_all, feed)),
    "plan for the scores": microseconds(lambda: evaluate(plan, feed)),
}
print(f"largest difference between the ways: {same:.0e}")
title = "A plan is made once and run often; what nobody needs is never computed"
times = {"time": list(times_us.values())}
plots.bars(times, list(times_us), ylabel="time of one evaluation (µs)", title=title)

# %% [markdown]
# PyTorch began as purely imperative and now offers both: `torch.compile` watches your code run, extracts the graph and
# optimises it.
#
# ## 14 · Why?
#
# A network has a million weights and one loss. **Why does one backward pass cost about as much as one forward pass,
# whatever the number of weights, while central differences cost two million forward passes? And what does the backward
# pass need that central differences do not?** Argue with the graph: what happens at a node, how often, and what must be
# kept until then. Then say in which case it would be cheaper to go through the graph forwards, carrying the slopes
# along. Five to eight sentences.

# %% [markdown] nbgrader={"grade_id": "why_backwards", "grade": true, "solution": true, "points": 2}
# ### BEGIN SOLUTION
# In the backward pass each node is visited once, after all that uses it. There it multiplies its one gradient by a
# local slope for each of its inputs: a fixed number of operations an edge, as in the forward pass. So the cost grows
# with the number of edges, not with (weights × edges). It works because there is **one** output: each node needs to
# know only that output's slope, a single number, and all paths that leave the node share it. Central differences know
# nothing of the graph: each weight needs two whole forward passes. The price is **memory**: local slopes depend on the
# forward values, so all of them must be kept until the pass comes back (they can be dropped, or computed again, only at
# a cost in time). With one input (or few) and many outputs it is the other way round: carry the slope along that input
# forwards with the values (forward mode), and nothing needs to be kept. Full marks: once a node because of one scalar
# output, the memory, and the case of few inputs. Half: one of the first two alone.
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
# - **Forward mode.** Write `Dual`, a pair of a value and its slope along one input, with `+`, `*` and `tanh`. It is
#   shorter than `Value`. How many runs does it need for all gradients of the moons net?
# - **Gradients of gradients.** Let the local slopes be Values themselves. Then `grad` is a Value, and you can call
#   `backward` on it. What is the second derivative of $x^3$ at 2, by your engine?
# - **A better compiler.** Two nodes with the same function and the same parents compute the same value. Merge them
#   while compiling.
#
# Save the notebook and hand it in. Next: lab 03, in which this machine, in PyTorch's dress and in your own NumPy,
# learns to read MNIST far better than any line can.
