# %% [markdown]
# ## 9 · Three planted bugs
#
# Below is a net that uses the same weights twice, as recurrent nets do (lab 04 ends with one): $H_1 = \tanh(X W + b)$,
# $H_2 = \tanh(H_1 W + b)$, $s = H_2 v$, and the loss is the mean of $(s - t)^2$. Shapes: X (n, d), W (d, d), b, v (d,),
# t (n,).
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
# three concern rules of this lab. The one about a product of matrices is explained in section 10: shapes alone will not
# show it here, since $W$ is square.


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
ask("repaired_backward", answer=None)  # about the lines that you wrote: "a", "b", "c" or "d"

# %% tags=["explore"]
title = "Case closed: all three gradients agree with the experiment"
plots.relative_errors(errors_of(repaired_backward), title=title)

# %% ask
W = np.array([[0.1, 0.2], [0.4, 0.3]])
b, v = np.array([0.1, -0.2]), np.array([1.0, 2.0])
X, t = np.array([[1.0, 2.0], [-1.0, 1.0], [2.0, 0.5]]), np.array([1.0, -1.0, 2.0])
repaired_backward(W, b, v, X, t)


# %% visible
RIGHT_FIRST = "First return a result of the right form; then this check looks at what happens to the inputs."

NET = {
    "W": np.array([[0.5, -1.0], [0.25, 0.75]]),
    "b": np.array([0.1, -0.2]),
    "v": np.array([1.0, -2.0]),
    "X": np.array([[1.0, 0.5], [-0.5, 1.0], [0.0, -1.5]]),
    "t": np.array([0.5, -1.0, 1.0]),
}
HUNT = (
    "Hunt: check this parameter alone with your gradient_check. A gradient is wrong if any line that it comes from is, "
    "so begin with the wrong one that the fewest lines lead to."
)


def _gradients(student: Student) -> tuple[Any, ...]:
    got = student.call("repaired_backward", *NET.values())
    return expect_parts(got, ("dW", "db", "dv"), hint="Return the three together: return dW, db, dv.")


@checks("repaired_backward")
def gradient_along_v(student: Student, rng: Rng) -> None:
    """dv of a small net agrees with PyTorch's."""
    _, _, dv = _gradients(student)
    hint = "dv was right in broken_backward: go back to its first lines."
    order = {"That is db: the order is dW, db, dv.": [2.78160771449, -1.518446979249]}
    expect_close(dv, [0.435547493322, -0.640805896539], hint=hint, what="dv", rtol=1e-5, mistakes=order)


@checks("repaired_backward")
def gradient_along_b(student: Student, rng: Rng) -> None:
    """db of a small net agrees with PyTorch's."""
    _, db, _ = _gradients(student)
    expect_close(
        db,
        [2.78160771449, -1.518446979249],
        hint=HUNT,
        what="db",
        rtol=1e-5,
        mistakes={
            "One bug that db suffers from is repaired, and one is left: it sits where the gradient passes a product.": [
                1.4537084598,
                -2.3305162514,
            ],
            "One bug that db suffers from is repaired, and one is left: it sits where the gradient passes a tanh.": [
                2.6489168662,
                -1.3075659703,
            ],
            "Only the first step's part of db is there: b is used twice, and both uses count.": [
                1.5179773972,
                -0.2752136741,
            ],
            "That is broken_backward's db: two of the three bugs are in lines that db comes from.": [
                1.405253843,
                -1.7354680299,
            ],
        },
    )


@checks("repaired_backward")
def gradient_along_W(student: Student, rng: Rng) -> None:  # noqa: N802 - the matrix is W
    """dW of a small net agrees with PyTorch's."""
    dW, _, _ = _gradients(student)
    expect_close(
        dW,
        [[0.651326544514, -0.397908316524], [1.647802607879, -0.891666373675]],
        hint=HUNT,
        what="dW",
        rtol=1e-5,
        mistakes={
            "Only one bug is left, and db does not suffer from it: W is used twice, and how many uses count?": [
                [-0.0026702849, 0.0465370547],
                [1.8107757691, -0.3091369493],
            ],
            "That is the transpose of dW.": [
                [0.651326544514, 1.647802607879],
                [-0.397908316524, -0.891666373675],
            ],
            "That is broken_backward's dW: all three bugs are still in it.": [
                [0.1670752162, -0.4717696989],
                [0.0926944017, 0.2155583789],
            ],
        },
    )


@checks("repaired_backward")
def backward_leaves_its_inputs_alone(student: Student, rng: Rng) -> None:
    """W, b, v, X and t are what they were before the call."""
    dW, db, dv = _gradients(student)
    expect_shape(dW, (2, 2), hint=RIGHT_FIRST, what="dW")
    expect_shape(db, (2,), hint=RIGHT_FIRST, what="db")
    expect_shape(dv, (2,), hint=RIGHT_FIRST, what="dv")
    expect_inputs_unchanged(student)


repaired_backward_in_other_forms = forms(
    "repaired_backward", "integers", "float32", "fortran", "strided", "read-only", "again"
)


# %% hidden
def _imaginary_slopes(W: Any, b: Any, v: Any, X: Any, t: Any) -> list[np.ndarray]:
    """Differentiate the two-step net's loss along W, b and v by imaginary steps, exact to rounding."""

    def loss(W: Any, b: Any, v: Any) -> Any:
        return np.mean((np.tanh(np.tanh(X @ W + b) @ W + b) @ v - t) ** 2)

    slopes = []
    for k, parameter in enumerate((W, b, v)):
        slope = np.zeros(parameter.shape)
        for i in np.ndindex(parameter.shape):
            moved: list[Any] = [W.astype(complex), b.astype(complex), v.astype(complex)]
            moved[k][i] += 1e-20j
            slope[i] = loss(*moved).imag / 1e-20
        slopes.append(slope)
    return slopes


@checks("repaired_backward", weight=2)
def gradients_of_random_nets(student: Student, rng: Rng) -> None:
    """Random nets of one, three and four units have the right gradients, for one example and for many."""
    for n, d in ((6, 3), (1, 4), (4, 4), (5, 1)):
        W, b, v = rng.normal(size=(d, d)), rng.normal(size=d), rng.normal(size=d)
        X, t = rng.normal(size=(n, d)), rng.normal(size=n)
        got = expect_parts(
            student.call("repaired_backward", W, b, v, X, t), ("dW", "db", "dv"), hint="Return all three."
        )
        for name, seen, right in zip(("dW", "db", "dv"), got, _imaginary_slopes(W, b, v, X, t), strict=True):
            hint = "Hunt with your gradient_check at n and d that differ, and at d = 1, where no transpose can matter."
            expect_close(seen, right, hint=hint, what=name, rtol=1e-4, atol=1e-7)


# %% right one_expression_a_line
def repaired_backward(W, b, v, X, t):
    Z1 = X @ W + b
    H1 = np.tanh(Z1)
    H2 = np.tanh(H1 @ W + b)
    ds = 2 * (H2 @ v - t) / len(X)
    dv = H2.T @ ds
    dH2 = np.outer(ds, v)
    dZ2 = dH2 * (1 - H2**2)
    db = dZ2.sum(axis=0)
    dH1 = dZ2 @ W.T
    dZ1 = dH1 * (1 - H1**2)
    return H1.T @ dZ2 + X.T @ dZ1, db + np.ones(len(X)) @ dZ1, dv


# %% right torch_autograd
def repaired_backward(W, b, v, X, t):
    import torch

    W, b, v = (torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in (W, b, v))
    X, t = torch.as_tensor(X, dtype=torch.float64), torch.as_tensor(t, dtype=torch.float64)
    H = torch.tanh(torch.tanh(X @ W + b) @ W + b)
    ((H @ v - t) ** 2).mean().backward()
    return [W.grad, b.grad, v.grad]


# %% right loops_over_examples
def repaired_backward(W, b, v, X, t):
    dW, db, dv = np.zeros(W.shape), np.zeros(b.shape), np.zeros(v.shape)
    for x, target in zip(X, t):
        h1 = np.tanh(x @ W + b)
        h2 = np.tanh(h1 @ W + b)
        ds = 2 * (h2 @ v - target) / len(X)
        dz2 = ds * v * (1 - h2**2)
        dz1 = (W @ dz2) * (1 - h1**2)
        dW += np.outer(h1, dz2) + np.outer(x, dz1)
        db += dz1 + dz2
        dv += ds * h2
    return dW, db, dv


# %% right einsum
def repaired_backward(W, b, v, X, t):
    H1 = np.tanh(np.einsum("ni,ij->nj", X, W) + b)
    H2 = np.tanh(np.einsum("ni,ij->nj", H1, W) + b)
    ds = 2 * (np.einsum("nj,j->n", H2, v) - t) / t.size
    dZ2 = np.einsum("n,j->nj", ds, v) / np.cosh(np.arctanh(H2)) ** 2
    dZ1 = np.einsum("nj,ij->ni", dZ2, W) * (1 - H1) * (1 + H1)
    dW = np.einsum("ni,nj->ij", H1, dZ2) + np.einsum("ni,nj->ij", X, dZ1)
    return dW, np.einsum("nj->j", dZ1 + dZ2), np.einsum("nj,n->j", H2, ds)


# %% right plain of one_expression_a_line
# + dW = H1.T @ dZ2
#   db = dZ2.sum(axis=0)

# - return H1.T @ dZ2 + X.T @ dZ1, db + np.ones(len(X)) @ dZ1, dv
# + dW += X.T @ dZ1
# + db += dZ1.sum(axis=0)
# + return dW, db, dv

# %% wrong as_it_was_given of plain -> gradient_along_b
# Of the three planted bugs, some are left.
# - dH1 = dZ2 @ W.T
# - dZ1 = dH1 * (1 - H1**2)
# - dW += X.T @ dZ1
# + dH1 = dZ2 @ W
# + dZ1 = dH1 * (1 - Z1**2)
# + dW = X.T @ dZ1

# %% wrong only_the_transpose_found of plain -> gradient_along_b
# - dZ1 = dH1 * (1 - H1**2)
# - dW += X.T @ dZ1
# + dZ1 = dH1 * (1 - Z1**2)
# + dW = X.T @ dZ1

# %% wrong only_the_slope_found of plain -> gradient_along_b
# - dH1 = dZ2 @ W.T
# + dH1 = dZ2 @ W

# - dW += X.T @ dZ1
# + dW = X.T @ dZ1

# %% wrong only_the_second_use_found of plain -> gradient_along_W
# - dH1 = dZ2 @ W.T
# - dZ1 = dH1 * (1 - H1**2)
# + dH1 = dZ2 @ W
# + dZ1 = dH1 * (1 - Z1**2)

# %% wrong transpose_missing of plain -> gradient_along_b
# - dH1 = dZ2 @ W.T
# + dH1 = dZ2 @ W

# %% wrong slope_of_the_wrong_s of plain -> gradient_along_b
# - dZ1 = dH1 * (1 - H1**2)
# + dZ1 = dH1 * (1 - Z1**2)

# %% wrong second_use_replaces_the_first of plain -> gradient_along_W
# - dW += X.T @ dZ1
# + dW = X.T @ dZ1

# %% wrong transposed_too_often of plain -> gradient_along_W
# A repair that breaks something else.
# - dW += X.T @ dZ1
# + dW += (X.T @ dZ1).T

# %% wrong slope_of_the_other_step of plain -> gradient_along_b
# - dZ1 = dH1 * (1 - H1**2)
# + dZ1 = dH1 * (1 - H2**2)

# %% wrong too_much_repaired of plain -> gradient_along_v
# - dv = H2.T @ ds
# + dv = H1.T @ ds

# %% wrong mean_forgotten of plain -> gradient_along_v
# The mean of the loss is taken once.
# - ds = 2 * (H2 @ v - t) / len(X)
# + ds = 2 * (H2 @ v - t)

# %% wrong mean_taken_twice of plain -> gradient_along_b
# - db += dZ1.sum(axis=0)
# + db += dZ1.mean(axis=0)

# %% wrong mean_over_the_units of plain -> gradients_of_random_nets
# - ds = 2 * (H2 @ v - t) / len(X)
# + ds = 2 * (H2 @ v - t) / 3

# %% wrong bias_of_the_second_step_only of plain -> gradient_along_b
# Weights and bias are used twice, and by every example.
# - db += dZ1.sum(axis=0)

# %% wrong weights_of_the_second_step_only of plain -> gradient_along_W
# - dW += X.T @ dZ1

# %% wrong bias_not_summed of plain -> gradient_along_b
# - db = dZ2.sum(axis=0)
# + db = dZ2.copy()

# - db += dZ1.sum(axis=0)
# + db += dZ1

# %% wrong weights_moved_on_the_way of plain -> backward_leaves_its_inputs_alone
#   db += dZ1.sum(axis=0)
# + W -= 1e-9 * dW

# %% wrong another_order of plain -> gradient_along_W
# - return dW, db, dv
# + return dv, db, dW


# %% right back_by_recursion
def repaired_backward(W, b, v, X, t):
    states = [np.asarray(X, float)]
    for _ in range(2):
        states.append(np.tanh(states[-1] @ W + b))
    ds = (states[-1] @ v - t) * 2 / len(t)
    grads = [np.zeros(W.shape), np.zeros(b.shape)]

    def back(i, dH):
        if i:
            dZ = dH * (1 - states[i] * states[i])
            grads[0] += np.einsum("ni,nj->ij", states[i - 1], dZ)
            grads[1] += dZ.sum(0)
            back(i - 1, dZ @ W.T)

    back(2, ds[:, None] * v)
    return (*grads, ds @ states[-1])


# %% wrong slopes_made_like_the_weights -> repaired_backward_in_other_forms
# - dW = H1.T @ dZ2
# + dW = np.zeros_like(W)
# + dW[:] = H1.T @ dZ2

# - dW += X.T @ dZ1
# + dW += (X.T @ dZ1).astype(W.dtype)


# %% wrong v_before_b -> gradient_along_v
# - return dW, db, dv
# + return dW, dv, db


# %% wrong b_of_the_first_step_only -> gradient_along_b
# - db += dZ1.sum(axis=0)
# + db = dZ1.sum(axis=0)


# %% wrong weights_transposed -> gradient_along_W
# - return dW, db, dv
# + return dW.T, db, dv
