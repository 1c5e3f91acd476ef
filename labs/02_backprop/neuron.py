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
# written. Which two signs must turn to make it 1?

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
    # The same as 1 / (1 + exp(-s)), which overflows at s = -1000.
    value = (1 + math.tanh(s / 2)) / 2
    ds = value * (1 - value)
    grads = {"w0": ds * x0, "x0": ds * w0, "w1": ds * x1, "x1": ds * w1, "w2": ds}
    return value, grads
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_neuron", "grade": true, "points": 2}
check("neuron")

# %% [markdown]
# The slide's graph rounds: it says −0.6 and 0.2 where the slopes are −.5898 and .1966. And are they slopes at all?
# Follow one. If $w_0$ grows by $h$, the output should grow by about $h$ times the gradient. The dashed line is the
# tangent that your gradient gives; it must touch the curve at $w_0 = 2$. **Guess first**, here and wherever a cell says
# `my_guess = None`: put a number in place of `None`. It is drawn beside what comes out.

# %% tags=["explore"]
my_guess = None  # the slope of the output along w0, at w0 = 2

# %% tags=["explore"]
at = {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0}
value, grads = neuron(**at)
print("  ".join(f"d{name} = {slope:+.4f}" for name, slope in grads.items()))
w0 = np.linspace(-1, 5, 61)
curve = [neuron(**{**at, "w0": w})[0] for w in w0]
tangent = value + grads["w0"] * (w0 - at["w0"])
lines = {"the neuron": (w0, curve), "value + dw0 · (w0 − 2)": (w0, tangent)}
title = "One weight moves, everything else holds still"
guessed = None if my_guess is None else (w0, value + my_guess * (w0 - at["w0"]))
plots.curves(lines, xlabel="w0", ylabel="output of the neuron", title=title, guess=guessed)

# %% visible
NAMES = ("w0", "x0", "w1", "x1", "w2")


def _neuron(student: Student, *arguments: float) -> tuple[Any, dict[str, Any]]:
    got = student.call("neuron", *arguments)
    value, grads = expect_parts(got, ("value", "grads"), hint="Return the two together: return value, grads.")
    expect(
        isinstance(grads, dict) and set(grads) == set(NAMES),
        "grads has not the right names.",
        expected="a dict with the keys w0, x0, w1, x1, w2",
        got=f"a dict with the keys {', '.join(map(str, grads))}" if isinstance(grads, dict) else type(grads).__name__,
        hint='Return a dict by argument name: {"w0": dw0, "x0": dx0, …}.',
    )
    return value, grads


@checks("neuron")
def value_of_the_neuron(student: Student, rng: Rng) -> None:
    """Weights 2 and -3, inputs -1 and -2 and the bias -3 give σ(1) = .731059, and the slide's signs σ(-7)."""
    value, _ = _neuron(student, 2.0, -1.0, -3.0, -2.0, -3.0)
    expect_close(
        value,
        0.7310585786300049,
        hint="The value is 1 / (1 + exp(-s)) with s = w0·x0 + w1·x1 + w2.",
        what="The value",
        mistakes={
            "That is s itself: the sigmoid is missing.": 1.0,
            "That is σ(-s): mind the sign in exp(-s).": 0.2689414213699951,
            "The bias is missing from s.": 0.9820137900379085,
        },
        rtol=1e-5,
    )
    value, _ = _neuron(student, -2.0, -1.0, 3.0, -2.0, -3.0)
    expect_close(value, 0.0009110511944, hint="s is -7 here.", what="The value", rtol=1e-5)


@checks("neuron")
def gradients_of_the_neuron(student: Student, rng: Rng) -> None:
    """The slides' neuron has the slopes dw0 -.1966, dx0 .3932, dw1 -.3932, dx1 -.5898, dw2 .1966."""
    _, grads = _neuron(student, 2.0, -1.0, -3.0, -2.0, -3.0)
    slope = 0.19661193324148185
    factors = {"w0": -1.0, "x0": 2.0, "w1": -2.0, "x1": -3.0, "w2": 1.0}
    for name, factor in factors.items():
        expect_close(
            grads[name],
            factor * slope,
            hint=(
                "Going back, ds = value·(1 - value); then w0 gets ds·x0 and x0 gets ds·w0, "
                "with the values that came in: a name that has been given a new value no longer holds them."
            ),
            what=f"d{name}",
            rtol=1e-4,
            mistakes={
                "The sigmoid's slope is missing: multiply by value·(1 - value).": factor,
                "Too coarse: the slide rounds 0.1966 to 0.2 on the way.": factor * 0.2,
                "That is s·(1 - s): the slope needs the sigmoid's value in place of s.": 0.0,
            },
        )


@checks("neuron")
def neuron_of_other_numbers(student: Student, rng: Rng) -> None:
    """With s = -0.5 and five different numbers, each argument gets its own slope."""
    value, grads = _neuron(student, 0.5, 2.0, -1.0, 3.0, 1.5)
    expect_close(value, 0.3775406687981454, hint="s = 0.5·2 - 1·3 + 1.5 = -0.5.", what="The value", rtol=1e-5)
    slope = 0.2350037122015945
    right = {"w0": 2 * slope, "x0": 0.5 * slope, "w1": 3 * slope, "x1": -slope, "w2": slope}
    hint = (
        "A weight's slope is ds times its input, an input's is ds times its weight, and ds = value·(1 - value). "
        "Use the numbers that came in, not names that have been written over since."
    )
    for name, number in right.items():
        mistakes = {"That is s·(1 - s): the slope needs the sigmoid's value in place of s.": number / slope * -0.75}
        expect_close(grads[name], number, hint=hint, what=f"d{name}", rtol=1e-5, mistakes=mistakes)


@checks("neuron")
def inputs_of_zero_have_slopes(student: Student, rng: Rng) -> None:
    """With w0, x1 and w2 at 0 the value is σ(0) = 1/2, and their slopes are those of any other numbers."""
    value, grads = _neuron(student, 0.0, 2.0, 3.0, 0.0, 0.0)
    expect_close(value, 0.5, hint="s = 0·2 + 3·0 + 0 = 0, and the sigmoid of 0 is 1/2.", what="The value", rtol=1e-5)
    hint = "w0 gets ds·x0 and x0 gets ds·w0: nothing needs to be divided, and a number that is 0 is no exception."
    for name, right in {"w0": 0.5, "x0": 0.0, "w1": 0.0, "x1": 0.75, "w2": 0.25}.items():
        expect_close(grads[name], right, hint=hint, what=f"d{name}", rtol=1e-5, atol=1e-6)


# %% hidden
def calling_twice(neuron: Function, first: list[float], second: list[float]) -> Any:
    """Return what the first call's slopes are after a second call, and the second's."""
    kept = neuron(*first)[1]
    later = neuron(*second)[1]
    return [[float(slope) for slope in grads.values()] for grads in (kept, later)]


@checks("neuron")
def neuron_of_random_numbers(student: Student, rng: Rng) -> None:
    """Random neurons have the value and the slopes that an imaginary step finds."""
    names = ("w0", "x0", "w1", "x1", "w2")
    # In the last two the sum is near 6 and -6, where the slopes are small and not 0.
    far = np.array([[2.0, 1.5, -1.0, -1.0, 2.0], [2.0, -1.5, 1.0, -1.0, -2.0]]) + rng.uniform(-0.1, 0.1, size=(2, 5))
    for at in (*rng.normal(scale=1.2, size=(5, 5)), *far):

        def sigmoid(p: Any) -> Any:
            return 1 / (1 + np.exp(-(p[0] * p[1] + p[2] * p[3] + p[4])))

        value, grads = expect_parts(
            student.call("neuron", *at.tolist()), ("value", "grads"), hint="Return value, grads."
        )
        hint = "The sigmoid of w0·x0 + w1·x1 + w2."
        expect_close(value, sigmoid(at), hint=hint, what="The value", rtol=1e-5, atol=1e-6)
        for i, name in enumerate(names):
            slope = sigmoid(at + 1e-20j * np.eye(5)[i]).imag / 1e-20
            hint = "Compare each slope with a central difference of your own value."
            expect_close(grads[name], slope, hint=hint, what=f"d{name}", rtol=1e-5, atol=1e-6)
    hint = "Make a new dict in each call: one that stands outside the function is the same dict each time."
    kept, second = student.run(calling_twice, first=[0.0] * 5, second=[1.0] * 5)
    expect(kept != second, "The slopes of an earlier call change when neuron is called again.", hint=hint)


# %% right line_by_line
def neuron(w0, x0, w1, x1, w2):
    s0 = w0 * x0
    s1 = w1 * x1
    s2 = s0 + s1
    s3 = s2 + w2
    L = 1 / (1 + np.exp(-s3))
    grad_L = 1.0
    grad_s3 = grad_L * (1 - L) * L
    grad_w2 = grad_s3
    grad_s2 = grad_s3
    grad_s0 = grad_s2
    grad_s1 = grad_s2
    return L, dict(
        w1=grad_s1 * x1,
        x1=grad_s1 * w1,
        w0=grad_s0 * x0,
        x0=grad_s0 * w0,
        w2=grad_w2,
    )


# %% right four_small_gates
def neuron(w0, x0, w1, x1, w2):
    a, b = w0 * x0, w1 * x1
    c = a + b + w2
    d = -c
    e = math.exp(d)
    f = 1 + e
    value = 1 / f
    df = -1 / f**2
    de = df
    dd = de * e
    dc = -dd
    return [value, {"w0": x0 * dc, "x0": w0 * dc, "w1": x1 * dc, "x1": w1 * dc, "w2": dc}]


# %% right torch_autograd
def neuron(w0, x0, w1, x1, w2):
    import torch

    given = {"w0": w0, "x0": x0, "w1": w1, "x1": x1, "w2": w2}
    t = {name: torch.tensor(float(v), dtype=torch.float64, requires_grad=True) for name, v in given.items()}
    value = torch.sigmoid(t["w0"] * t["x0"] + t["w1"] * t["x1"] + t["w2"])
    value.backward()
    return value, {name: v.grad for name, v in t.items()}


# %% right float32
def neuron(w0, x0, w1, x1, w2):
    w, x = np.array([w0, w1, w2], dtype=np.float32), np.array([x0, x1, 1], dtype=np.float32)
    value = np.float32(0.5) * (1 + np.tanh(w @ x / 2))
    dw, dx = value * (1 - value) * x, value * (1 - value) * w
    return value, {"w0": dw[0], "w1": dw[1], "w2": dw[2], "x0": dx[0], "x1": dx[1]}


# %% wrong slope_of_the_wrong_s -> neuron_of_other_numbers
# The local slope of the sigmoid is σ(s)(1 − σ(s)): of its value, and once.
def neuron(w0, x0, w1, x1, w2):
    s = w0 * x0 + w1 * x1 + w2
    value = 1 / (1 + math.exp(-s))
    ds = s * (1 - s)
    return value, {"w0": ds * x0, "x0": ds * w0, "w1": ds * x1, "x1": ds * w1, "w2": ds}


# %% wrong sum_written_over -> neuron_of_other_numbers
# s is the value by the time that the way back reads it.
def neuron(w0, x0, w1, x1, w2):
    s = w0 * x0 + w1 * x1 + w2
    s = 1 / (1 + math.exp(-s))
    value = s
    s = s * (1 - s)
    s = s * (1 - s)
    return value, {"w0": s * x0, "x0": s * w0, "w1": s * x1, "x1": s * w1, "w2": s}


# %% wrong sigmoid_slope_missing -> gradients_of_the_neuron
def neuron(w0, x0, w1, x1, w2):
    value = 1 / (1 + math.exp(-(w0 * x0 + w1 * x1 + w2)))
    return value, {"w0": x0, "x0": w0, "w1": x1, "x1": w1, "w2": 1.0}


# %% wrong upstream_not_one -> gradients_of_the_neuron
# The way back starts from the output instead of from 1.
def neuron(w0, x0, w1, x1, w2):
    value = 1 / (1 + math.exp(-(w0 * x0 + w1 * x1 + w2)))
    ds = value * value * (1 - value)
    return value, {"w0": ds * x0, "x0": ds * w0, "w1": ds * x1, "x1": ds * w1, "w2": ds}


# %% wrong rounded_like_the_slide -> gradients_of_the_neuron
def neuron(w0, x0, w1, x1, w2):
    value = 1 / (1 + math.exp(-(w0 * x0 + w1 * x1 + w2)))
    ds = round(value * (1 - value), 1)
    return value, {"w0": ds * x0, "x0": ds * w0, "w1": ds * x1, "x1": ds * w1, "w2": ds}


# %% wrong own_operand -> gradients_of_the_neuron
# A product's slope along one factor is the other.
# - grads = {"w0": ds * x0, "x0": ds * w0, "w1": ds * x1, "x1": ds * w1, "w2": ds}
# - return value, grads
# + return value, {"w0": ds * w0, "x0": ds * x0, "w1": ds * w1, "x1": ds * x1, "w2": ds}


# %% wrong written_over -> gradients_of_the_neuron
# w0 holds its own gradient by the time that x0 needs the weight.
def neuron(w0, x0, w1, x1, w2):
    s = w0 * x0 + w1 * x1 + w2
    value = 1 / (1 + math.exp(-s))
    ds = value * (1 - value)
    w0 = ds * x0
    x0 = ds * w0
    w1 = ds * x1
    x1 = ds * w1
    return value, {"w0": w0, "x0": x0, "w1": w1, "x1": x1, "w2": ds}


# %% wrong bias_gets_its_value -> neuron_of_random_numbers
def neuron(w0, x0, w1, x1, w2):
    value = 1 / (1 + math.exp(-(w0 * x0 + w1 * x1 + w2)))
    ds = value * (1 - value)
    return value, {"w0": ds * x0, "x0": ds * w0, "w1": ds * x1, "x1": ds * w1, "w2": ds * w2}


# %% wrong sign_of_the_exponent -> value_of_the_neuron
# The value is another function's.
def neuron(w0, x0, w1, x1, w2):
    value = 1 / (1 + math.exp(w0 * x0 + w1 * x1 + w2))
    ds = value * (1 - value)
    return value, {"w0": ds * x0, "x0": ds * w0, "w1": ds * x1, "x1": ds * w1, "w2": ds}


# %% wrong no_sigmoid -> value_of_the_neuron
def neuron(w0, x0, w1, x1, w2):
    return w0 * x0 + w1 * x1 + w2, {"w0": x0, "x0": w0, "w1": x1, "x1": w1, "w2": 1.0}


# %% wrong bias_forgotten -> value_of_the_neuron
def neuron(w0, x0, w1, x1, w2):
    value = 1 / (1 + math.exp(-(w0 * x0 + w1 * x1)))
    ds = value * (1 - value)
    return value, {"w0": ds * x0, "x0": ds * w0, "w1": ds * x1, "x1": ds * w1, "w2": ds}


# %% wrong names_with_a_d -> gradients_of_the_neuron
# Right numbers under other names, or none.
def neuron(w0, x0, w1, x1, w2):
    value = 1 / (1 + math.exp(-(w0 * x0 + w1 * x1 + w2)))
    ds = value * (1 - value)
    return value, {"dw0": ds * x0, "dx0": ds * w0, "dw1": ds * x1, "dx1": ds * w1, "dw2": ds}


# %% wrong a_list_of_slopes -> gradients_of_the_neuron
def neuron(w0, x0, w1, x1, w2):
    value = 1 / (1 + math.exp(-(w0 * x0 + w1 * x1 + w2)))
    ds = value * (1 - value)
    return value, [ds * x0, ds * w0, ds * x1, ds * w1, ds]


# %% right scalar_product
def neuron(w0, x0, w1, x1, w2):
    s = np.dot([w0, w1, 1.0], [x0, x1, w2])
    v = np.exp(-np.logaddexp(0, -s))
    slope = v * (1.0 - v)
    names = ["w0", "x0", "w1", "x1", "w2"]
    return v, dict(zip(names, slope * np.array([x0, w0, x1, w1, 1.0])))


# %% wrong divided_by_its_operand -> inputs_of_zero_have_slopes
def neuron(w0, x0, w1, x1, w2):
    import math

    def quotient(product, operand):
        return product / operand if operand else 0.0

    first, second = w0 * x0, w1 * x1
    value = 1 / (1 + math.exp(-(first + second + w2)))
    ds = value * (1 - value)
    return value, {
        "w0": ds * quotient(first, w0),
        "x0": ds * quotient(first, x0),
        "w1": ds * quotient(second, w1),
        "x1": ds * quotient(second, x1),
        "w2": ds,
    }


# %% wrong one_dict_for_all_calls -> neuron_of_random_numbers
GRADS = {}


def neuron(w0, x0, w1, x1, w2):
    value = 1 / (1 + math.exp(-(w0 * x0 + w1 * x1 + w2)))
    ds = value * (1 - value)
    GRADS.update(w0=ds * x0, x0=ds * w0, w1=ds * x1, x1=ds * w1, w2=ds)
    return value, GRADS


# %% wrong flat_far_out -> neuron_of_random_numbers
def neuron(w0, x0, w1, x1, w2):
    s = w0 * x0 + w1 * x1 + w2
    value = 1 / (1 + math.exp(-s))
    ds = value * (1 - value) if abs(s) < 4 else 0.0
    return value, {"w0": ds * x0, "x0": ds * w0, "w1": ds * x1, "x1": ds * w1, "w2": ds}
