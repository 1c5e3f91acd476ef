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
# Three conventions. The root starts with $\partial L/\partial L = 1$. Gradients **add** to what a *leaf* (a Value without
# parents) holds already, so that a batch can be summed piece by piece. Both are PyTorch's too. The third is this lab's own:
# inner nodes start from 0 each time. (PyTorch keeps no gradient of an inner node; if you ask it to, with `retain_grad`, it
# adds there as well.)
#
# Write `+`, `*`, `**` with their slopes; the others follow: $a - b = a + (-1)\,b$ and $a / b = a\,b^{-1}$. For $2 \cdot
# v$ Python asks the number first and then calls `v.__rmul__(2)`; `sum(values)` starts from `0 + v`, which calls
# `v.__radd__(0)`. Two functions have names of their own: $\tanh x = (e^x - e^{-x}) / (e^x + e^{-x})$ (`math.tanh`) has
# the slope $1 - \tanh^2 x$, and $\mathrm{relu}(x) = \max(x, 0)$ the slope 1 above 0 and 0 below. A first cut works for
# two Values; add the mixed cases when the checks ask.

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
        slope = exponent * self.data ** (exponent - 1) if exponent else 0.0
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
        # The same as 1 / (1 + exp(-x)), which overflows at x = -1000.
        s = (1 + math.tanh(self.data / 2)) / 2
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

# %% [markdown]
# ### Why once, and why then?
#
# **For this graph, say step by step how a machine gets 27 for $x$, and how another gets 6. Which of the two rules, "each node once" and "only after
# everything that uses it", does each of them break? Then say why breaking the first one costs more than a wrong number.** Three to five
# sentences.

# %% [markdown] nbgrader={"grade_id": "why_each_node_once", "grade": true, "solution": true, "points": 1}
# ### BEGIN SOLUTION
# 27: it goes on from y as soon as something arrives. By way of a, y has 2, and x gets 3 · 2 = 6; by way of b, y has 2 + 5 = 7, and x gets
# another 3 · 7 = 21: together 27. It visits y twice (first rule), and passes on before all has arrived (second). 6: it visits y
# once, but too early, after a alone; what b adds to y later never reaches x (second rule). A walk that follows every path visits a node as often
# as there are paths to it: twenty layers that use their input twice have 2²⁰, a million paths, so the walk does not end, even where its sums are
# right. Full mark: both numbers explained on the graph, with the rule that is broken, and the cost. Half: one number and the cost, or both
# numbers alone.
# ### END SOLUTION

# %% tags=["explore"]
w0, x0, w1, x1, w2 = (Value(number) for number in at.values())
output = (w0 * x0 + w1 * x1 + w2).sigmoid()
output.backward()
names = {"w0": w0, "x0": x0, "w1": w1, "x1": x1, "w2": w2, "L": output}
plots.computational_graph(output, names=names, title="The lecture's neuron, to four digits")

# %% [markdown]
# The lecture takes the sigmoid itself apart: change the sign, exponential, add 1, one over it. The slope at the far left must be the one
# that `sigmoid` gave at once, $\sigma (1 - \sigma)$.

# %% tags=["explore"]
s = Value(1.0)
apart = 1 / (1 + (-s).exp())
apart.backward()
at_once = Value(1.0)
at_once.sigmoid().backward()
print(f"by gates {s.grad:.6f}, at once {at_once.grad:.6f}")
plots.computational_graph(apart, names={"s": s, "σ(s)": apart}, title="A sigmoid, gate by gate")

# %% [markdown]
# ### A net, trained by your engine
#
# There is nothing in the engine about networks, and it can train one. Two moons, two classes, no straight line between
# them. The net has two inputs, one score, and between them twelve *hidden units*: neurons with tanh in place of the
# sigmoid. The loss is the hinge of lab 01, here $\max(0, 1 - t s)$ with $t = \pm 1$, and a step is that of lab 01 too.
# But first a small net, whole: one point and three hidden units, each adding $v \tanh(u x_0 + w x_1 + b)$ to the score.
# Each box has its value in blue and, behind a ∂, its gradient in orange. Find the gradient that is largest in size:
# that value would change the score most. It belongs to a coordinate of the point, which reaches the score by three
# paths.


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


small, point = make_net(3, np.random.default_rng(183)), (Value(0.5), Value(-1.0))
s = score(small, point)
s.backward()
letters = [f"{letter}{i}" for i in range(3) for letter in "uwbv"] + ["c"]
names = dict(zip([*letters, "x0", "x1", "score"], [*flat(small), *point, s], strict=True))
title = f"A net of three hidden units, whole: {len(topological_order(s))} nodes"
plots.computational_graph(s, names=names, title=title)

# %% [markdown]
# Now twelve hidden units and 200 points. Every step builds a graph of thousands of nodes, walks it backwards once, and
# throws it away. **Guess first:** where will the loss be after 200 steps? A net that says 0 to everything has 1.

# %% tags=["explore"]
my_guess = None  # the last loss


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
print(f"200 steps in {elapsed_s:.1f} s, {n_nodes:,} nodes per step")
smooth = np.convolve(history, np.ones(10) / 10, mode="valid")
plots.curves(
    {"hinge": (10 + np.arange(len(smooth)), smooth)},
    xlabel="step (batch of 40)",
    ylabel="loss, mean of 10 steps",
    title="The moons' loss",
    guess=my_guess,
)


# %% tags=["explore", "cover"]
def answer(points):
    """Say which moon each point belongs to."""
    W = np.array([[w.data for w in unit] for unit in net[:-1]])
    return (np.tanh(points @ W[:, :2].T + W[:, 2]) @ W[:, 3] + net[-1].data > 0).astype(int)


X_new, y_new = make_moons(1000, np.random.default_rng(1))
right = (answer(X_new) == y_new).mean()
angles = np.radians(np.arange(0, 360, 2))
turned = X_new @ np.array([np.cos(angles), np.sin(angles)])
line = max(((turned > place).T == y_new).mean(axis=1).max() for place in np.linspace(-2, 2, 81))
print(f"{right:.1%} of 1,000 new points are right; the best of all straight lines gets {line:.1%}.")
plots.decision_regions(answer, X, y, title="Two moons, told apart by your own engine")

# %% [markdown]
# And PyTorch? Its autograd is the same idea with a larger stock of gates. The same parameters and the same batch must
# give the same loss and the same 49 gradients.

# %% tags=["explore"]
try:
    import torch
except ModuleNotFoundError:
    from coursekit.absent import torch

loss = batch_loss(net, X[:40], y[:40])
for w in flat(net):
    w.grad = 0.0
loss.backward()
yours = np.array([w.grad for w in flat(net)])

if torch:
    theirs = torch.tensor([w.data for w in flat(net)], dtype=torch.float64, requires_grad=True)
    W = theirs[:-1].reshape(12, 4)
    scores = torch.tanh(torch.tensor(X[:40]) @ W[:, :2].T + W[:, 2]) @ W[:, 3] + theirs[-1]
    loss_torch = torch.relu(1 - torch.tensor(2 * y[:40] - 1) * scores).mean()
    loss_torch.backward()
    print(f"loss: yours {loss.data:.12f}, PyTorch {loss_torch.item():.12f}")
    print(f"{len(yours)} gradients: largest difference {np.abs(yours - theirs.grad.numpy()).max():.1e}")

# %% visible
NOTHING = "No gradient has arrived: is the root's grad 1 when backward starts, and does every node pass its own on?"


def computing_with_values(Value: Function) -> Any:
    """Compute with two Values, and return the results' data by name."""
    a, b = Value(3.0), Value(-2.0)
    values = {"a + b": a + b, "a - b": a - b, "a * b": a * b, "a / b": a / b, "-a": -a, "a ** 2": a**2, "b ** 3": b**3}
    return {name: value.data for name, value in values.items()} | {"a": a.data}


@checks("Value")
def values_compute_like_numbers(student: Student, rng: Rng) -> None:
    """With a = 3 and b = -2, + - * / ** and unary - give what they give for numbers."""
    right = {"a": 3, "a + b": 1, "a - b": 5, "a * b": -6, "a / b": -1.5, "-a": -3, "a ** 2": 9, "b ** 3": -8}
    got = student.run(computing_with_values)
    for name, value in right.items():
        expect_close(got[name], value, hint="Compute .data from the inputs' .data.", what=f"({name}).data", rtol=1e-5)


def applying_the_functions(Value: Function, at: float) -> Any:
    """Apply each function to a leaf of its own; return values and slopes."""
    leaves = [Value(at) for _ in range(4)]
    roots = [leaves[0].exp(), leaves[1].tanh(), leaves[2].relu(), leaves[3].sigmoid()]
    for root in roots:
        root.backward()
    return [root.data for root in roots], [leaf.grad for leaf in leaves]


@checks("Value")
def functions_have_their_values(student: Student, rng: Rng) -> None:
    """exp, tanh, relu and sigmoid have the right values at 0.5, at -2 and at 6."""
    table = {
        0.5: (1.6487212707, 0.46211715726, 0.5, 0.62245933120),
        -2.0: (0.13533528324, -0.96402758008, 0.0, 0.11920292202),
        6.0: (403.42879349, 0.99998771165, 6.0, 0.99752737684),
    }
    formulas = {"exp": "math.exp(v)", "tanh": "math.tanh(v)", "relu": "max(v, 0)", "sigmoid": "1 / (1 + math.exp(-v))"}
    for at, right in table.items():
        values, _ = student.run(applying_the_functions, at=at)
        for (name, formula), seen, value in zip(formulas.items(), values, right, strict=True):
            what, hint = f"Value({at}).{name}().data", f"{name} is {formula}, v being self.data."
            mistakes = {"The sign is turned: the exponent is -v.": 1 - value} if name == "sigmoid" else {}
            expect_close(seen, value, hint=hint, what=what, rtol=1e-5, mistakes=mistakes)


@checks("Value")
def slopes_of_the_functions(student: Student, rng: Rng) -> None:
    """exp, tanh, relu and sigmoid have the right slopes at 0.5, -0.5 and -2."""
    hints = {
        "exp": "The slope of exp is exp itself.",
        "tanh": "The slope is 1 - t², where t is tanh's value, not its input.",
        "relu": "The slope is 1 above zero and 0 below.",
        "sigmoid": "The slope is s·(1 - s), where s is the sigmoid's value, not its input.",
    }
    table = {
        0.5: (1.6487212707, 0.78644773297, 1.0, 0.23500371220),
        -0.5: (0.60653065971, 0.78644773297, 0.0, 0.23500371220),
        -2.0: (0.13533528324, 0.07065082485, 0.0, 0.10499358540),
    }
    for at, right in table.items():
        _, slopes = student.run(applying_the_functions, at=at)
        for (name, hint), seen, slope in zip(hints.items(), slopes, right, strict=True):
            mistakes = {NOTHING: 0.0} if slope else {}
            expect_close(seen, slope, hint=hint, what=f"The slope of {name} at {at}", rtol=1e-5, mistakes=mistakes)


def the_graph_of_the_slide(Value: Function) -> Any:
    """Go back through (x + y) z."""
    x, y, z = Value(-2.0), Value(5.0), Value(-4.0)
    f = (x + y) * z
    before = [x.grad, y.grad, z.grad]
    f.backward()
    return f.data, [x.grad, y.grad, z.grad], f.grad, before


@checks("Value")
def gradients_of_the_slide(student: Student, rng: Rng) -> None:
    """In (x + y) z at -2, 5 and -4, the slopes are -4, -4 and 3; the root's own is 1, and all are 0 before."""
    data, grads, seed, before = student.run(the_graph_of_the_slide)
    expect_close(data, -12.0, hint="(−2 + 5) · −4.", what="f.data")
    expect_close(before, [0, 0, 0], hint="A new Value has grad 0.", what="(x.grad, y.grad, z.grad) before backward")
    expect_close(
        grads,
        [-4, -4, 3],
        hint="Each input of a product gets the upstream gradient times the other input's data, and each input of a "
        "sum the upstream gradient as it is.",
        what="(x.grad, y.grad, z.grad)",
        mistakes={
            NOTHING: [0, 0, 0],
            "A product's inputs have got their own values; each should get the other's.": [3, 3, -4],
            "The sum has not passed on what came from above: upstream gradient times 1.": [1, 1, 3],
        },
    )
    expect_close(seed, 1.0, hint="The root's slope along itself is 1: seed backward with it.", what="f.grad")


def the_fan_out(Value: Function) -> Any:
    """Go back through c = 2y + 5y with y = 3x."""
    x = Value(2.0)
    y = Value(3.0) * x
    c = Value(2.0) * y + Value(5.0) * y
    c.backward()
    return c.data, x.grad, y.grad


@checks("Value", weight=2)
def gradients_add_up_at_a_fan_out(student: Student, rng: Rng) -> None:
    """With y = 3x and c = 2y + 5y, y gets 2 + 5 = 7 and x gets 21."""
    data, x_grad, y_grad = student.run(the_fan_out)
    expect_close(data, 42.0, hint="x = 2, y = 6, 2·6 + 5·6.", what="c.data")
    twice = "y has passed on its gradient twice, once for each use: visit each node once, after all that uses it."
    once = (
        "Only one of y's two uses has reached x. Either the second gradient replaces the first (write +=), or y passes "
        "on before both have arrived (go through a topological order in reverse)."
    )
    expect_close(
        x_grad,
        21.0,
        hint="Write += where a gradient arrives, and visit each node once, after all that uses it.",
        what="x.grad",
        # Which of two wrong numbers comes out depends on which use of y is met first.
        mistakes={
            twice: 36 if x_grad == 36 else 27,
            once: 15 if x_grad == 15 else 6,
            "That is the slope of y along x alone: what is passed on is the local slope times the node's own grad.": 3,
        },
    )
    expect_close(y_grad, 7.0, hint="Inner nodes have a grad too: y gets 2 + 5.", what="y.grad")


def using_a_value_twice(Value: Function) -> Any:
    """Go back through steps whose inputs are, or share, one Value."""
    x, y, a, b = Value(3.0), Value(3.0), Value(2.0), Value(3.0)
    square, double = x * x, y + y
    both = (a + b) + (a * b) + (a + b) * (a * b)
    for root in (square, double, both):
        root.backward()
    return x.grad, y.grad, both.data, [a.grad, b.grad]


@checks("Value")
def one_step_may_use_a_value_twice(student: Student, rng: Rng) -> None:
    """x·x has the slope 2x, x + x the slope 2, and (a+b) + (ab) + (a+b)(ab) at 2 and 3 the slopes 25 and 19."""
    square, double, data, both = student.run(using_a_value_twice)
    hint = "The two inputs may be the same Value: each use adds its part, so write +=, and keep both parents."
    expect_close(square, 6.0, hint=hint, what="The slope of x·x at 3", mistakes={NOTHING: 0.0})
    expect_close(double, 2.0, hint=hint, what="The slope of x + x", mistakes={NOTHING: 0.0})
    expect_close(data, 41.0, hint="5 + 6 + 30.", what="(a+b) + (ab) + (a+b)(ab)")
    expect_close(both, [25, 19], hint="Write += where a gradient arrives.", what="(a.grad, b.grad)")


def using_a_value_elsewhere_too(Value: Function, which: str) -> Any:
    """Go back from a step and its input, added up; the input is used by the step and by the sum."""
    x, w = Value(0.5), Value(2.0)
    # A check's own text; as its file's name it is what a message shows.
    root = eval(compile(which, which, "eval"), globals() | {"x": x, "w": w}) + x  # noqa: S307
    root.backward()
    return x.grad


@checks("Value", weight=2)
def every_step_adds_to_what_its_input_has(student: Student, rng: Rng) -> None:
    """At x = 0.5 and w = 2, x + w + x, x.exp() + x and the like give x the step's slope and 1 more."""
    slopes = {"x + w": 1.0, "w + x": 1.0, "x - w": 1.0, "w - x": -1.0, "-x": -1.0, "2 + x": 1.0, "1 - x": -1.0}
    slopes |= {"x * w": 2.0, "w * x": 2.0, "2 * x": 2.0, "x / w": 0.5, "w / x": -8.0, "1 / x": -4.0, "x ** 3": 0.75}
    slopes |= {"x.exp()": 1.6487212707, "x.tanh()": 0.78644773297, "x.relu()": 1.0, "x.sigmoid()": 0.23500371220}
    for which, slope in slopes.items():
        lost = "Only one of x's two parts has arrived: write += instead of = wherever a gradient is passed on."
        if slope != 1:
            lost = (
                f"Only the part of {which} is there; the other one, 1, is lost. Where the gradient of {which} is "
                "passed on, write += instead of =."
            )
        expect_close(
            student.run(using_a_value_elsewhere_too, which=which),
            slope + 1,
            hint=f"First see to it that the slope of {which} is right by itself; then each use of x adds its part.",
            what=f"x.grad for {which} + x",
            rtol=1e-5,
            mistakes={lost: slope},
        )


def using_whole_numbers(Value: Function) -> Any:
    """Go back from 0.75 x + x·x / 8 at a whole number."""
    x = Value(2)
    root = 0.75 * x + x * x / 8
    root.backward()
    return root.data, x.grad


@checks("Value")
def whole_numbers_have_slopes_too(student: Student, rng: Rng) -> None:
    """At x = Value(2), 0.75 x + x·x / 8 is 2 and has the slope 1.25: fractions are kept."""
    data, slope = student.run(using_whole_numbers)
    hint = "The data may be a whole number, and its slope is a fraction all the same: grad starts as 0.0."
    expect_close(data, 2.0, hint="0.75·2 + 2·2/8: / is no whole division.", what="0.75 x + x·x / 8 at 2")
    expect_close(slope, 1.25, hint=hint, what="x.grad", mistakes={f"Its fraction is cut off. {hint}": 1.0})


def mixing_numbers_and_values(Value: Function, which: str) -> Any:
    """Compute with a Value of 4 and a number; return value and slope, or what went wrong."""
    v = Value(4.0)
    try:
        root = eval(compile(which, which, "eval"), globals() | {"v": v, "Value": Value})  # noqa: S307
    except (TypeError, AttributeError) as error:
        return f"{type(error).__name__}: {error}"
    root.backward()
    return [root.data, v.grad]


@checks("Value", weight=2)
def numbers_mix_with_values(student: Student, rng: Rng) -> None:
    """2 + v, 1 - v, 2·v, 1/v, and the other way round, and sum() have the right values and slopes at v = 4."""
    right: dict[str, list[float]] = {"v + 2": [6, 1], "2 + v": [6, 1], "v * 2": [8, 2], "2 * v": [8, 2]}
    right |= {"v - 1": [3, 1], "1 - v": [-3, -1], "v / 2": [2, 0.5], "1 / v": [0.25, -0.0625]}
    right |= {"sum([v, v, Value(1)])": [9, 2], "v * (v - 4)": [0, 4]}
    sides = (
        "If the other side is a number, make it a Value first. If the number comes first, Python calls the Value's "
        "__radd__, __rsub__, __rmul__ or __rtruediv__."
    )
    hints = {"sum([v, v, Value(1)])": "sum() starts with 0 + the first Value."}
    turned = {
        "1 - v": {"1 - v is not v - 1: the value is -3 and the slope -1.": [3.0, 1.0]},
        "1 / v": {"1 / v is not v / 1: the value is 0.25, and the slope of 1/v is -1/v².": [4.0, 1.0]},
        "v * (v - 4)": {"A product that is 0 has slopes too: each factor's is the other factor.": [0.0, 0.0]},
    }
    for which, value_and_slope in right.items():
        got = student.run(mixing_numbers_and_values, which=which)
        power = "^ is no power in Python but a bitwise operation: write **." if "^" in str(got) else ""
        hint = power or f"{hints.get(which, '')} {sides}".strip()
        expect(not isinstance(got, str), f"{which} does not work.", got=got, hint=hint)
        hint = hints.get(which, sides)
        mistakes = turned.get(which, {NOTHING: [value_and_slope[0], 0.0]})
        what = f"{which}: value and slope"
        expect_close(got, value_and_slope, hint=hint, what=what, rtol=1e-5, mistakes=mistakes)


def differences_and_quotients(Value: Function) -> Any:
    """Go back through a - b, a / b and -a."""
    a, b, c, d = Value(3.0), Value(-2.0), Value(3.0), Value(-2.0)
    difference, quotient = a - b, c / d
    difference.backward()
    quotient.backward()
    e = Value(5.0)
    (-e).backward()
    return [a.grad, b.grad], [c.grad, d.grad], e.grad


@checks("Value")
def slopes_of_differences_and_quotients(student: Student, rng: Rng) -> None:
    """a - b has the slopes 1 and -1, -a the slope -1, and a/b at 3 and -2 the slopes -1/2 and -3/4."""
    difference, quotient, negative = student.run(differences_and_quotients)
    hint = "a - b is a + (-1)·b: b gets the gradient with its sign turned."
    expect_close(difference, [1, -1], hint=hint, what="The pair of slopes of a - b", mistakes={NOTHING: [0, 0]})
    expect_close(negative, -1, hint="The slope of -a is -1.", what="The slope of -a")
    expect_close(
        quotient,
        [-0.5, -0.75],
        hint="a/b is a·b⁻¹: along a the slope is 1/b, along b it is -a/b².",
        what="The pair of slopes of a / b",
        rtol=1e-5,
        mistakes={"The slope of 1/b is -1/b²: a minus sign is missing.": [-0.5, 0.75]},
    )


def taking_powers(Value: Function) -> Any:
    """Return value and slope of six powers."""
    out: list[list[float]] = []
    for base, exponent in ((2.0, 3), (4.0, 0.5), (2.0, -1), (-3.0, 2), (4.0, 0), (0.0, 2)):
        v = Value(base)
        root = v**exponent
        root.backward()
        out.append([root.data, v.grad])
    return out


@checks("Value")
def slopes_of_powers(student: Student, rng: Rng) -> None:
    """v³ at 2, √v at 4, 1/v at 2, v² at -3, v⁰ at 4 and v² at 0 have the slopes 12, 1/4, -1/4, -6, 0 and 0."""
    expect_close(
        student.run(taking_powers),
        np.array([[8, 12], [2, 0.25], [0.5, -0.25], [9, -6], [1, 0], [0, 0]]),
        hint="The slope of vⁿ is n·vⁿ⁻¹: the exponent goes down by one.",
        what="The table of values and slopes",
        rtol=1e-5,
        mistakes={
            "The exponent of the slope is off by one: n·vⁿ⁻¹.": np.array(
                [[8, 24], [2, 1], [0.5, -0.5], [9, 18], [1, 0], [0, 0]]
            ),
            "The factor n of n·vⁿ⁻¹ is missing.": np.array([[8, 4], [2, 0.5], [0.5, 0.25], [9, -3], [1, 0.25], [0, 0]]),
        },
    )


def asking_for_parents(Value: Function) -> Any:
    """Look at the parents of a leaf and a product, and see whether a tanh and a relu lead back to their input."""
    a, b = Value(2.0), Value(-3.0)
    c = a * b

    def leads_back(root: Any, v: Any) -> bool:
        # A tanh may be made of an exp, and a relu be a product.
        waiting = list(root.parents)
        while waiting:
            node = waiting.pop()
            if node is v:
                return True
            waiting.extend(node.parents)
        return False

    each = [leads_back(root, v) for v, root in ((c, c.tanh()), (c, c.relu()), (a, a.relu()))]
    return [len(list(a.parents)), {id(p) for p in c.parents} == {id(a), id(b)}, each]


@checks("Value")
def parents_are_the_inputs(student: Student, rng: Rng) -> None:
    """A leaf has no parents, a product its two factors, and a tanh and a relu come from their input."""
    none, both, one = student.run(asking_for_parents)
    hint = "Keep the Values that a new Value is computed from in .parents: a tuple, a list or a set."
    expect_equal(none, 0, hint=hint, what="The number of a leaf's parents")
    expect(both, "The parents of a * b are not a and b.", hint=hint)
    hint += " A relu has one too, on either side of 0."
    for name, found in zip(("c.tanh()", "c.relu() for c = -6", "a.relu() for a = 2"), one, strict=True):
        expect(found, f"The parents of {name} do not lead back to its input.", hint=hint)


def going_back_twice(Value: Function) -> Any:
    """Call backward twice on one root, and once on a leaf."""
    x = Value(2.0)
    y = Value(3.0) * x
    c = Value(2.0) * y + Value(5.0) * y
    c.backward()
    once = [x.grad, y.grad, c.grad]
    c.backward()
    leaf = Value(4.0)
    leaf.backward()
    return once, [x.grad, y.grad, c.grad], leaf.grad


@checks("Value")
def leaves_add_up_and_inner_nodes_start_clean(student: Student, rng: Rng) -> None:
    """A second backward adds another 21 to the leaf x and leaves 7 in the inner node y and 1 in the root."""
    once, twice, leaf = student.run(going_back_twice)
    expect_close(once, [21, 7, 1], hint="First see to it that one backward is right.", what="(x.grad, y.grad, c.grad)")
    expect_close(
        twice,
        [42, 7, 1],
        hint="When backward starts, set the grad of nodes with parents to 0, keep the leaves', and seed the root.",
        what="(x.grad, y.grad, c.grad) after a second backward",
        mistakes={
            "Leaves keep what they have: only nodes with parents are set to 0.": [21, 7, 1],
            "Inner nodes still hold the gradient of the first backward: set them to 0 first.": [63, 14, 1],
            "Inner nodes and the root still hold what the first backward left: start them clean.": [84, 21, 2],
        },
    )
    expect_close(leaf, 1.0, hint="A leaf may be the root: its slope along itself is 1.", what="The grad of a lone leaf")


def walking_a_long_chain(Value: Function, length: int) -> Any:
    """Add x to itself again and again, and go back."""
    x = Value(0.5)
    v = x
    try:
        for _ in range(length):
            v = v + x
        v.backward()
    except RecursionError:
        return "too deep"
    return [v.data, x.grad]


@checks("Value")
def chain_of_5000_nodes(student: Student, rng: Rng) -> None:
    """A chain of 5,000 additions is computed and walked back."""
    got = student.run(walking_a_long_chain, length=5000)
    expect(got != "too deep", "It stops with a RecursionError.", hint=TOO_DEEP)
    hint = "x is used 5,001 times; each use adds 1."
    expect_close(got, [2500.5, 5001], hint=hint, what="The pair of value and slope", rtol=1e-5)


def going_back_through_forks(Value: Function, rungs: int, most: int) -> Any:
    """Count the lines that backward runs in a graph with 2 ** rungs paths; stop it when there are too many."""
    import sys

    class TooManyError(BaseException):
        pass

    steps = 0

    def count(frame: Any, event: str, arg: Any) -> Any:
        nonlocal steps
        steps += 1
        if steps > most:
            raise TooManyError
        return count

    x = Value(1.0)
    v = x
    for _ in range(rungs):
        v = v * 0.25 + v * 0.75
    before = sys.gettrace()
    sys.settrace(count)
    try:
        v.backward()
    except TooManyError:
        return "too many"
    finally:
        sys.settrace(before)
    return x.grad


@checks("Value")
def backward_without_following_every_path(student: Student, rng: Rng) -> None:
    """Going back through 40 forks in a row, a million million paths, takes a few steps per node, not some for each."""
    got = student.run(going_back_through_forks, rungs=40, most=100_000)
    expect(got != "too many", "backward takes more than 100,000 steps in a graph of some 200 nodes.", hint=PATH_BY_PATH)
    hint = "At each fork 0.25 and 0.75 of the gradient come together again."
    expect_close(got, 1.0, hint=hint, what="x.grad", rtol=1e-5)


# %% hidden
STAND_INS["Value"] = (topological_order,)


def computing_an_expression(Value: Function, leaves: Any, program: Any) -> Any:
    """Compute an expression, given as steps on earlier values, and go back from the last."""
    values = [Value(number) for number in leaves]
    for name, i, j in program:
        a, b = values[i], values[j]
        step: dict[str, Any] = {
            "+": lambda a=a, b=b: a + b,
            "-": lambda a=a, b=b: a - b,
            "*": lambda a=a, b=b: a * b,
            "/": lambda a=a, b=b: a / (b * b + 1),
            "**": lambda a=a: (a * a + 0.5) ** 1.5,
            "**-2": lambda a=a: (a * a + 1) ** -2,
            "exp": lambda a=a: (a * 0.1).exp(),
            "tanh": lambda a=a: a.tanh(),
            "relu": lambda a=a: a.relu(),
            "sigmoid": lambda a=a: a.sigmoid(),
            "1-": lambda a=a: 1 - a,
            "2/": lambda a=a: 2 / (a * a + 1),
        }
        values.append(step[name]())
    values[-1].backward()
    return values[-1].data, [value.grad for value in values[: len(leaves)]]


def _forward_mode(leaves: Any, program: Any) -> tuple[float, np.ndarray]:
    """Do the same with pairs of a number and its slopes along all leaves."""
    values = [(number, np.eye(len(leaves))[i]) for i, number in enumerate(leaves)]
    for name, i, j in program:
        (a, da), (b, db) = values[i], values[j]
        s, t, e = 1 / (1 + np.exp(-a)), np.tanh(a), np.exp(0.1 * a)
        values.append(
            {
                "+": (a + b, da + db),
                "-": (a - b, da - db),
                "*": (a * b, a * db + b * da),
                "/": (a / (b * b + 1), da / (b * b + 1) - 2 * a * b * db / (b * b + 1) ** 2),
                "**": ((a * a + 0.5) ** 1.5, 3 * a * (a * a + 0.5) ** 0.5 * da),
                "**-2": ((a * a + 1) ** -2, -4 * a * (a * a + 1) ** -3 * da),
                "exp": (e, 0.1 * e * da),
                "tanh": (t, (1 - t * t) * da),
                "relu": (max(a, 0.0), (a > 0) * da),
                "sigmoid": (s, s * (1 - s) * da),
                "1-": (1 - a, -da),
                "2/": (2 / (a * a + 1), -4 * a / (a * a + 1) ** 2 * da),
            }[name]
        )
    return values[-1]


@checks("Value", weight=2)
def random_expressions(student: Student, rng: Rng) -> None:
    """Random expressions, in which values are used again and again, have the right value and slopes."""
    names = ["+", "-", "*", "/", "**", "**-2", "exp", "tanh", "relu", "sigmoid", "1-", "2/"]
    for number in range(7):
        leaves = rng.uniform(-1.5, 1.5, size=3).tolist() if number else [-0.7, 0.6, 1.4]
        program: list[tuple[str, int, int]] = []
        for step, name in enumerate(rng.permutation(names).tolist() if number else []):
            # Every third step squeezes what has gathered, so that products of products stay small.
            i, j = (int(k) for k in rng.integers(max(0, step - 2), 3 + len(program), size=2))
            program += [(name, i, j), ("tanh", 3 + len(program), 0)] if step % 3 == 2 else [(name, i, j)]
        # At least once of a number below zero, of one above, and far out.
        program += [("relu", 0, 0), ("relu", 1, 0), ("**", 2, 0), ("tanh", 5 + len(program), 0)]
        # The root is the sum of all values, so that no step goes unnoticed.
        count = 3 + len(program)
        program.append(("+", 0, 1))
        program += [("+", count + k, k + 2) for k in range(count - 2)]
        value, slopes = student.run(computing_an_expression, leaves=leaves, program=program)
        right_value, right_slopes = _forward_mode(leaves, program)
        expect_close(value, right_value, hint="Try each operation by itself.", what="The value", rtol=1e-5, atol=1e-7)
        hint = "Check each operation by itself with gradient_check, then two that share an input."
        expect_close(slopes, right_slopes, hint=hint, what="The list of the leaves' slopes", rtol=1e-4, atol=1e-6)


def going_back_from_two_roots(Value: Function, numbers: Any) -> Any:
    """Go back from two roots that share an inner node."""
    x, w = (Value(number) for number in numbers)
    inner = x * w
    first, second = inner * 3.0, inner.tanh()
    grads = []
    for root in (first, second, first):
        root.backward()
        grads.append([x.grad, w.grad, inner.grad])
    return grads


@checks("Value")
def two_roots_share_an_inner_node(student: Student, rng: Rng) -> None:
    """From two roots with a common inner node, leaves gather both gradients; the inner node holds the last."""
    x, w = rng.uniform(0.2, 0.9, size=2).tolist()
    slopes = [3.0, 1 - np.tanh(x * w) ** 2, 3.0]
    right = [[w * sum(slopes[: i + 1]), x * sum(slopes[: i + 1]), slopes[i]] for i in range(3)]
    hint = "When backward starts, every node with parents in its graph starts from 0, and leaves keep what they hold."
    expect_close(
        student.run(going_back_from_two_roots, numbers=[x, w]),
        right,
        hint=hint,
        what="The table of x.grad, w.grad, inner.grad",
        rtol=1e-5,
    )


# %% right plain
# No names for the steps, and slopes as the lecture writes them.
# - def __init__(self, data, parents=(), slopes=(), op=""):
# -     self.data, self.grad = data, 0.0
# -     self.parents, self.slopes, self.op = parents, slopes, op
# + def __init__(self, data, parents=(), slopes=()):
# +     self.data, self.grad = data, 0.0
# +     self.parents, self.slopes = parents, slopes

# - return Value(self.data + other.data, (self, other), (1.0, 1.0), "+")
# + return Value(self.data + other.data, (self, other), (1.0, 1.0))

# - return Value(self.data * other.data, (self, other), (other.data, self.data), "×")
# + return Value(self.data * other.data, (self, other), (other.data, self.data))

# - def __pow__(self, exponent):
# -     slope = exponent * self.data ** (exponent - 1) if exponent else 0.0
# -     return Value(self.data**exponent, (self,), (slope,), f"^{exponent}")
# + def __pow__(self, n):
# +     return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

# - return Value(e, (self,), (e,), "exp")
# + return Value(e, (self,), (e,))

# - return Value(t, (self,), (1 - t**2,), "tanh")
# + return Value(t, (self,), (1 - t * t,))

# - return Value(max(self.data, 0.0), (self,), (float(self.data > 0),), "relu")
# + return Value(max(self.data, 0.0), (self,), (float(self.data > 0),))

# - # The same as 1 / (1 + exp(-x)), which overflows at x = -1000.
# - s = (1 + math.tanh(self.data / 2)) / 2
# - return Value(s, (self,), (s * (1 - s),), "σ")
# + s = 1 / (1 + math.exp(-self.data))
# + return Value(s, (self,), (s * (1 - s),))

# - self.grad += 1.0
# + self.grad = 1.0


# %% right closures
class Value:
    def __init__(self, data, parents=()):
        self.data = data
        self.grad = 0.0
        self.parents = set(parents)
        self._backward = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other))

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other))

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def __pow__(self, n):
        out = Value(self.data**n, (self,))

        def _backward():
            self.grad += n * self.data ** (n - 1) * out.grad

        out._backward = _backward
        return out

    def _function(self, data, slope):
        out = Value(data, (self,))

        def _backward():
            self.grad += slope * out.grad

        out._backward = _backward
        return out

    def exp(self):
        return self._function(math.exp(self.data), math.exp(self.data))

    def tanh(self):
        t = (math.exp(2 * self.data) - 1) / (math.exp(2 * self.data) + 1)
        return self._function(t, 1 - t**2)

    def relu(self):
        return self._function(0 if self.data < 0 else self.data, self.data > 0)

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        return self._function(s, s * (1 - s))

    def backward(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, done = stack.pop()
            if done:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((p, False) for p in node.parents)
        for node in order:
            if node.parents:
                node.grad = 0
        self.grad += 1
        for node in reversed(order):
            node._backward()

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return other + (-self)

    def __truediv__(self, other):
        return self * other**-1

    def __rtruediv__(self, other):
        return other * self**-1

    __radd__, __rmul__ = __add__, __mul__


# %% right classes_for_operations
class Operation:
    def __init__(self, forward, slopes):
        self.forward, self.slopes = forward, slopes


def sigma(x):
    return 0.5 + 0.5 * math.tanh(0.5 * x)


ADD = Operation(lambda a, b: a + b, lambda a, b: (1.0, 1.0))
SUB = Operation(lambda a, b: a - b, lambda a, b: (1.0, -1.0))
MUL = Operation(lambda a, b: a * b, lambda a, b: (b, a))
DIV = Operation(lambda a, b: a / b, lambda a, b: (1 / b, -a / b**2))
POW = Operation(lambda a, n: a**n, lambda a, n: (n * a ** (n - 1), 0.0))
EXP = Operation(lambda a: math.exp(a), lambda a: (math.exp(a),))
TANH = Operation(lambda a: math.tanh(a), lambda a: (1 / math.cosh(a) ** 2,))
RELU = Operation(lambda a: max(0, a), lambda a: (1 if a >= 0 else 0,))
SIGMOID = Operation(sigma, lambda a: (sigma(a) * sigma(-a),))


class Value:
    def __init__(self, data, parents=None, operation=None):
        self.data = data
        self.grad = 0
        self.parents = list(parents or [])
        self.operation = operation

    @staticmethod
    def make(operation, *inputs):
        values = [v if isinstance(v, Value) else Value(v) for v in inputs]
        return Value(operation.forward(*[v.data for v in values]), values, operation)

    def __add__(self, other):
        return Value.make(ADD, self, other)

    def __radd__(self, other):
        return Value.make(ADD, other, self)

    def __sub__(self, other):
        return Value.make(SUB, self, other)

    def __rsub__(self, other):
        return Value.make(SUB, other, self)

    def __mul__(self, other):
        return Value.make(MUL, self, other)

    def __rmul__(self, other):
        return Value.make(MUL, other, self)

    def __truediv__(self, other):
        return Value.make(DIV, self, other)

    def __rtruediv__(self, other):
        return Value.make(DIV, other, self)

    def __neg__(self):
        return Value.make(SUB, 0, self)

    def __pow__(self, exponent):
        return Value.make(POW, self, exponent)

    def exp(self):
        return Value.make(EXP, self)

    def tanh(self):
        return Value.make(TANH, self)

    def relu(self):
        return Value.make(RELU, self)

    def sigmoid(self):
        return Value.make(SIGMOID, self)

    def backward(self):
        order = topological_order(self)
        arrived = {id(node): 0.0 for node in order}
        arrived[id(self)] = 1.0
        for node in order[::-1]:
            g = arrived[id(node)]
            if node.operation is None:
                node.grad += g
                continue
            node.grad = g
            for parent, slope in zip(node.parents, node.operation.slopes(*[p.data for p in node.parents])):
                arrived[id(parent)] += slope * g


# %% right waiting_for_all_uses of plain
# - order = topological_order(self)
# - for node in order:
# + # Count the uses of each node first; a node passes on when the last of its users has reported.
# + uses, found = {self: 0}, [self]
# + for node in found:

# - self.grad = 1.0
# - for node in reversed(order):
# +     for parent in node.parents:
# +         if parent not in uses:
# +             uses[parent] = 0
# +             found.append(parent)
# +         uses[parent] += 1
# + self.grad += 1.0
# + ready = [self]
# + while ready:
# +     node = ready.pop()

#   parent.grad += slope * node.grad
# + uses[parent] -= 1
# + if uses[parent] == 0:
# +     ready.append(parent)

# %% right recursion_with_a_raised_limit of plain
# Deep recursion is allowed where it truly works; the old limit is put back.
# - order = topological_order(self)
# + import sys
# +
# + order, seen = [], set()
# +
# + def visit(node):
# +     if node in seen:
# +         return
# +     seen.add(node)
# +     for parent in node.parents:
# +         visit(parent)
# +     order.append(node)
# +
# + limit = sys.getrecursionlimit()
# + sys.setrecursionlimit(100_000)
# + try:
# +     visit(self)
# + finally:
# +     sys.setrecursionlimit(limit)

# - self.grad = 1.0
# - for node in reversed(order):
# + self.grad = self.grad + 1.0
# + while order:
# +     node = order.pop()

# - parent.grad += slope * node.grad
# + parent.grad = parent.grad + slope * node.grad


# %% right numpy_numbers_and_slots
class Value:
    __slots__ = ("data", "grad", "parents", "slopes")

    def __init__(self, data, parents=(), slopes=()):
        self.data, self.grad, self.parents, self.slopes = np.float64(data), np.float64(0), parents, slopes

    @classmethod
    def of(cls, other):
        return other if isinstance(other, cls) else cls(other)

    def __add__(self, other):
        other = Value.of(other)
        return Value(self.data + other.data, (self, other), (1, 1))

    def __sub__(self, other):
        other = Value.of(other)
        return Value(self.data - other.data, (self, other), (1, -1))

    def __mul__(self, other):
        other = Value.of(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __truediv__(self, other):
        other = Value.of(other)
        return Value(self.data / other.data, (self, other), (1 / other.data, -self.data / other.data**2))

    def __radd__(self, other):
        return Value.of(other) + self

    def __rsub__(self, other):
        return Value.of(other) - self

    def __rmul__(self, other):
        return Value.of(other) * self

    def __rtruediv__(self, other):
        return Value.of(other) / self

    def __neg__(self):
        return Value(-self.data, (self,), (-1,))

    def __pow__(self, n):
        return Value(self.data ** float(n), (self,), (n * self.data ** (n - 1.0),))

    def exp(self):
        return Value(np.exp(self.data), (self,), (np.exp(self.data),))

    def tanh(self):
        return Value(np.tanh(self.data), (self,), (1 - np.tanh(self.data) ** 2,))

    def relu(self):
        return Value(np.maximum(self.data, 0), (self,), (np.heaviside(self.data, 0),))

    def sigmoid(self):
        s = 1 / (1 + np.exp(-self.data))
        return Value(s, (self,), (s - s**2,))

    def backward(self):
        order = list(topological_order(self))
        for node in order:
            node.grad = np.float64(0) if len(node.parents) else node.grad
        self.grad += 1
        for node in order[::-1]:
            for i in range(len(node.parents)):
                node.parents[i].grad += node.slopes[i] * node.grad


# %% right slopes_that_stay_finite of plain
# - return Value(self.data**n, (self,), (n * self.data ** (n - 1),))
# + return Value(self.data**n, (self,), (n * self.data ** (n - 1) if n else 0.0,))

# - s = 1 / (1 + math.exp(-self.data))
# - return Value(s, (self,), (s * (1 - s),))
# + e = math.exp(-abs(self.data))
# + s = 1 / (1 + e) if self.data >= 0 else e / (1 + e)
# + return Value(s, (self,), (e / (1 + e) ** 2,))

# - self.grad = 1.0
# + self.grad += 1.0

# %% wrong replaced_at_a_fan_out of plain -> gradients_add_up_at_a_fan_out
# - parent.grad += slope * node.grad
# + parent.grad = slope * node.grad

# %% wrong path_by_path_from_gathered_gradients of plain -> gradients_add_up_at_a_fan_out
# 27 where 21 is right: y passes on what has gathered, once for each use.
# - order = topological_order(self)
# - for node in order:
# -     if node.parents:
# -         node.grad = 0.0

# - for node in reversed(order):
# + stack = [self]
# + while stack:
# +     node = stack.pop()

#   parent.grad += slope * node.grad
# + stack.append(parent)

# %% wrong preorder_with_a_visited_set of plain -> gradients_add_up_at_a_fan_out
# 15 or 6 where 21 is right: y passes on before both of its gradients have arrived.
# - order = topological_order(self)
# - for node in order:
# + for node in topological_order(self):

# - self.grad = 1.0
# - for node in reversed(order):
# + self.grad += 1.0
# + seen, stack = set(), [self]
# + while stack:
# +     node = stack.pop()
# +     if node in seen:
# +         continue
# +     seen.add(node)

#   parent.grad += slope * node.grad
# + stack.append(parent)

# %% wrong each_path_by_itself of plain -> backward_without_following_every_path
# Right on every graph, given the time: one visit for every path.
# - order = topological_order(self)
# - for node in order:
# + for node in topological_order(self):

# - self.grad = 1.0
# - for node in reversed(order):
# + stack = [(self, 1.0)]
# + while stack:
# +     node, g = stack.pop()
# +     node.grad += g

# - parent.grad += slope * node.grad
# + stack.append((parent, slope * g))

# %% wrong recursion_limit of plain -> chain_of_5000_nodes
# - order = topological_order(self)
# + order, seen = [], set()
# +
# + def visit(node):
# +     if node not in seen:
# +         seen.add(node)
# +         for parent in node.parents:
# +             visit(parent)
# +         order.append(node)
# +
# + visit(self)

# %% wrong not_seeded of plain -> gradients_of_the_slide
# The seed of the chain rule, its factors, and the order in which they are taken.
# - self.grad = 1.0

# %% wrong seeded_with_its_own_data of plain -> gradients_of_the_slide
# - self.grad = 1.0
# + self.grad += self.data

# %% wrong upstream_ignored of plain -> gradients_of_the_slide
# - parent.grad += slope * node.grad
# + parent.grad += slope

# %% wrong own_operand of plain -> gradients_of_the_slide
# - return Value(self.data * other.data, (self, other), (other.data, self.data))
# + return Value(self.data * other.data, (self, other), (self.data, other.data))

# %% wrong wrong_order of plain -> gradients_of_the_slide
# - for node in reversed(order):
# + for node in order:

# %% wrong inner_nodes_stale of plain -> leaves_add_up_and_inner_nodes_start_clean
# What an earlier call left behind: leaves add up, inner nodes start clean.
# - for node in order:
# -     if node.parents:
# -         node.grad = 0.0

# %% wrong inner_nodes_and_seed_stale of plain -> leaves_add_up_and_inner_nodes_start_clean
# - for node in order:
# -     if node.parents:
# -         node.grad = 0.0
# - self.grad = 1.0
# + self.grad += 1.0

# %% wrong leaves_cleared_too of plain -> leaves_add_up_and_inner_nodes_start_clean
#   for node in order:
# -     if node.parents:
# -         node.grad = 0.0
# - self.grad = 1.0
# +     node.grad = 0.0
# + self.grad += 1.0

# %% wrong inner_nodes_forgotten of plain -> gradients_add_up_at_a_fan_out
# Clears each inner node once it has passed its gradient on.
# - self.grad = 1.0
# + self.grad += 1.0

#       parent.grad += slope * node.grad
# + if node.parents and node is not self:
# +     node.grad = 0.0

# %% wrong only_the_root_starts_clean of plain -> two_roots_share_an_inner_node
# Cleans up only when called twice on the same root.
# - for node in order:
# -     if node.parents:
# -         node.grad = 0.0
# - self.grad = 1.0
# + if self.grad:
# +     for node in order:
# +         if node.parents:
# +             node.grad = 0.0
# + self.grad += 1.0

# %% wrong radd_missing of plain -> numbers_mix_with_values
# Numbers beside values.
# - __radd__, __rmul__ = __add__, __mul__
# + __rmul__ = __mul__

# %% wrong rmul_missing of plain -> numbers_mix_with_values
# - __radd__, __rmul__ = __add__, __mul__
# + __radd__ = __add__

# %% wrong numbers_not_wrapped of plain -> numbers_mix_with_values
#   def __add__(self, other):
# -     other = other if isinstance(other, Value) else Value(other)

# %% wrong rsub_is_sub of plain -> numbers_mix_with_values
# - return -self + other
# + return self - other

# %% wrong rtruediv_is_truediv of plain -> numbers_mix_with_values
# - return self**-1.0 * other
# + return self / other

# %% wrong sign_of_the_difference of plain -> slopes_of_differences_and_quotients
# - return self + -other
# + other = other if isinstance(other, Value) else Value(other)
# + return Value(self.data - other.data, (self, other), (1.0, 1.0))

# %% wrong sign_of_the_reciprocal of plain -> slopes_of_differences_and_quotients
# - return self * other**-1.0
# + other = other if isinstance(other, Value) else Value(other)
# + return Value(self.data / other.data, (self, other), (1 / other.data, self.data / other.data**2))

# %% wrong sign_of_the_negative of plain -> slopes_of_differences_and_quotients
# - return self * -1.0
# + return Value(-self.data, (self,), (1.0,))

# %% wrong exponent_not_lowered of plain -> slopes_of_powers
# Slopes of single operations.
# - return Value(self.data**n, (self,), (n * self.data ** (n - 1),))
# + return Value(self.data**n, (self,), (n * self.data**n,))

# %% wrong factor_of_the_power_missing of plain -> slopes_of_powers
# - return Value(self.data**n, (self,), (n * self.data ** (n - 1),))
# + return Value(self.data**n, (self,), (self.data ** (n - 1),))

# %% wrong factor_of_the_power_lowered of plain -> slopes_of_powers
# - return Value(self.data**n, (self,), (n * self.data ** (n - 1),))
# + return Value(self.data**n, (self,), ((n - 1) * self.data ** (n - 1),))

# %% wrong slope_of_a_power_from_its_value of plain -> slopes_of_powers
# 0² has no 0² / 0.
# - return Value(self.data**n, (self,), (n * self.data ** (n - 1),))
# + return Value(self.data**n, (self,), (n * self.data**n / self.data,))

# %% wrong power_of_whole_numbers_only of plain -> slopes_of_powers
# - return Value(self.data**n, (self,), (n * self.data ** (n - 1),))
# + out = self
# + for _ in range(int(n) - 1):
# +     out = out * self
# + return out

# %% wrong sigmoid_slope_of_the_wrong_s of plain -> slopes_of_the_functions
# - return Value(s, (self,), (s * (1 - s),))
# + return Value(s, (self,), (self.data * (1 - self.data),))

# %% wrong tanh_slope_of_the_input of plain -> slopes_of_the_functions
# - return Value(t, (self,), (1 - t * t,))
# + return Value(t, (self,), (1 - self.data**2,))

# %% wrong relu_slope_always_one of plain -> slopes_of_the_functions
# - return Value(max(self.data, 0.0), (self,), (float(self.data > 0),))
# + return Value(max(self.data, 0.0), (self,), (1.0,))

# %% wrong relu_slope_is_its_value of plain -> slopes_of_the_functions
# - return Value(max(self.data, 0.0), (self,), (float(self.data > 0),))
# + return Value(max(self.data, 0.0), (self,), (max(self.data, 0.0),))

# %% wrong exp_like_a_power of plain -> slopes_of_the_functions
# - return Value(e, (self,), (e,))
# + return Value(e, (self,), (self.data * math.exp(self.data - 1),))

# %% wrong leaky_relu of plain -> functions_have_their_values
# - return Value(max(self.data, 0.0), (self,), (float(self.data > 0),))
# + return Value(max(self.data, 0.01 * self.data), (self,), (1.0 if self.data > 0 else 0.01,))

# %% wrong sigmoid_of_the_negative of plain -> functions_have_their_values
# - s = 1 / (1 + math.exp(-self.data))
# + s = 1 / (1 + math.exp(self.data))

# %% wrong division_rounds_down of plain -> values_compute_like_numbers
# - return self * other**-1.0
# + other = other if isinstance(other, Value) else Value(other)
# + return Value(self.data // other.data, (self, other), (1 / other.data, -self.data / other.data**2))

# %% wrong same_parent_kept_once of plain -> one_step_may_use_a_value_twice
# A dict from parent to slope has one place for x in x·x.
# - self.parents, self.slopes = parents, slopes
# + self.slopes = {parent: slope for parent, slope in zip(parents, slopes)}
# + self.parents = tuple(self.slopes)

# - for parent, slope in zip(node.parents, node.slopes):
# + for parent, slope in node.slopes.items():

# %% wrong parents_not_kept of plain -> parents_are_the_inputs
# - def __init__(self, data, parents=(), slopes=()):
# + def __init__(self, data, inputs=(), slopes=()):

# - self.parents, self.slopes = parents, slopes
# + self.inputs, self.slopes = inputs, slopes
# + self.parents = ()

# - order = topological_order(self)
# + order, seen, stack = [], set(), [(self, False)]
# + while stack:
# +     node, done = stack.pop()
# +     if done:
# +         order.append(node)
# +     elif node not in seen:
# +         seen.add(node)
# +         stack += [(node, True), *((parent, False) for parent in node.inputs)]

# - if node.parents:
# + if node.inputs:

# - for parent, slope in zip(node.parents, node.slopes):
# + for parent, slope in zip(node.inputs, node.slopes):

# %% wrong exp_overwrites of closures -> every_step_adds_to_what_its_input_has
# In one place each, = where += belongs.
# - return self._function(math.exp(self.data), math.exp(self.data))
# + out = Value(math.exp(self.data), (self,))
# +
# + def _backward():
# +     self.grad = out.data * out.grad
# +
# + out._backward = _backward
# + return out

# %% wrong power_overwrites of closures -> every_step_adds_to_what_its_input_has
# - self.grad += n * self.data ** (n - 1) * out.grad
# + self.grad = n * self.data ** (n - 1) * out.grad

# %% wrong sum_overwrites_its_second_operand of closures -> every_step_adds_to_what_its_input_has
# - other.grad += out.grad
# + other.grad = out.grad

# %% wrong second_operand_overwritten of closures -> every_step_adds_to_what_its_input_has
# - other.grad += self.data * out.grad
# + other.grad = self.data * out.grad

# %% wrong nothing_through_a_zero of plain -> numbers_mix_with_values
# - return Value(self.data * other.data, (self, other), (other.data, self.data))
# + slopes = (other.data, self.data) if self.data * other.data else (0.0, 0.0)
# + return Value(self.data * other.data, (self, other), slopes)

# %% wrong relu_off_is_a_leaf of plain -> parents_are_the_inputs
# - return Value(max(self.data, 0.0), (self,), (float(self.data > 0),))
# + return Value(self.data, (self,), (1.0,)) if self.data > 0 else Value(0.0)

# %% wrong far_inputs_cut_off of plain -> functions_have_their_values
# - t = math.tanh(self.data)
# + t = math.tanh(max(-3, min(3, self.data)))

# %% wrong slopes_of_the_datas_type of plain -> whole_numbers_have_slopes_too
# - parent.grad += slope * node.grad
# + parent.grad += type(parent.data)(slope * node.grad)

# %% right relu_is_a_product of plain
# - return Value(max(self.data, 0.0), (self,), (float(self.data > 0),))
# + return self * float(self.data > 0)

# %% wrong grad_of_the_node_forgotten of plain -> gradients_add_up_at_a_fan_out
# - parent.grad += slope * node.grad
# + parent.grad += slope

# %% survivors
# - return self * -1.0
# + return self / -1.0
# Times -1 and divided by -1 are the same, slopes included.

# - return Value(max(self.data, 0.0), (self,), (float(self.data > 0),), 'relu')
# + return Value(max(self.data, 0.0), (self,), (float(self.data >= 0),), 'relu')
# At 0 itself relu has no slope; either choice is right.
