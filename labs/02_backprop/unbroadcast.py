# %% [markdown]
# ## 11 · What broadcasting did
#
# In $X W + b$ the bias (m,) is added to every row of an (n, m) array. NumPy *uses* it n times without saying so (no
# copies are made: it reads the same memory again for each row). **Broadcasting is a fan-out**, and going back, the
# gradients of all uses add. So the gradient of a broadcast array is the upstream gradient, summed over every axis that
# was added or stretched:
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

# %% tags=["explore"]
ask("unbroadcast", answer=None)  # about the lines that you wrote: "a", "b", "c" or "d"

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
# The moons again: the same net, the same hinge, full batches of all 200 points instead of 40. Ten nodes per step.

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
print(f"500 steps over all 200 points in {elapsed_s:.2f} s, {n_nodes} nodes per step")
print(f"{right:.1%} of 1,000 new points are right")
names = {"X": inputs, "W1": W1, "b1": b1, "W2": W2, "b2": b2, "scores": scores}
plots.computational_graph(scores, names=names, title="The whole net, one array per node")

# %% ask
G = np.arange(24.0).reshape(4, 2, 3)
unbroadcast(G, (2, 1))

# %% visible
G_SMALL = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])


@checks("unbroadcast")
def bias_gradient_is_summed_over_the_rows(student: Student, rng: Rng) -> None:
    """The gradient of a bias (3,) that was added to two rows is the sum of the two rows."""
    expect_close(
        student.call("unbroadcast", G_SMALL, (3,)),
        [11, 22, 33],
        hint="The bias was copied once for each row, so its gradient is the sum over the rows, axis 0.",
        mistakes={
            "That is the mean: the copies' gradients add.": [5.5, 11, 16.5],
            "That is one row: all copies' gradients add.": [1, 2, 3],
            "That is the last row: all copies' gradients add.": [10, 20, 30],
        },
    )


@checks("unbroadcast")
def stretched_axes_stay_with_length_one(student: Student, rng: Rng) -> None:
    """Shapes (2, 1) and (1, 3) were stretched along one axis, (1, 1) along both; each keeps its shape."""
    hint = "Sum over the axes where shape has 1 and G has more; keepdims=True keeps them."
    for shape, right in (((2, 1), [[6], [60]]), ((1, 3), [[11, 22, 33]]), ((1, 1), [[66]])):
        expect_close(
            student.call("unbroadcast", G_SMALL, shape), right, hint=hint, what=f"The gradient of shape {shape}"
        )
        expect_inputs_unchanged(student)


@checks("unbroadcast")
def added_axes_are_summed_away(student: Student, rng: Rng) -> None:
    """From (2, 3), a number has shape () and gets the total; from (2, 2, 3), a (2, 1) gets two sums over six."""
    expect_close(student.call("unbroadcast", G_SMALL, ()), 66.0, hint="A number was copied into every entry: sum all.")
    G = np.stack([G_SMALL, 100 * G_SMALL])
    hint = "Line the shapes up at their last axis: here axis 0 was added in front, and the last axis was stretched."
    expect_close(student.call("unbroadcast", G, (2, 1)), [[606], [6060]], hint=hint)


@checks("unbroadcast")
def nothing_stretched_is_left_as_it_is(student: Student, rng: Rng) -> None:
    """A gradient that has the shape already comes back as it is, and G is not changed."""
    for G in (G_SMALL, G_SMALL[:1], G_SMALL[:, :1]):
        got = student.call("unbroadcast", G, G.shape)
        expect_close(got, G, hint="Where G already has the shape, there is nothing to add up.")
        expect_inputs_unchanged(student)


unbroadcast_in_other_forms = forms("unbroadcast", "integers", "float32", "fortran", "strided", "read-only", "again")


# %% hidden
@checks("unbroadcast")
def gradients_of_random_shapes(student: Student, rng: Rng) -> None:
    """From G of up to four axes back to every shape that broadcasts to it, each entry gets its copies' sum."""
    # An axis of length 1 that was added in front has to go, although there is nothing to sum.
    for full in ((4,), (3, 3), (1, 3), (2, 3, 4), (3, 1, 2), (1, 1, 2), (2, 2, 1, 3)):
        G = rng.normal(size=full)
        for n_in_front in range(len(full) + 1):
            kept = full[n_in_front:]
            shape = tuple(n if full[0] == 1 or rng.random() < 0.5 else 1 for n in kept)
            # Number the entries, broadcast the numbers, and let each copy's gradient go to its number.
            size = int(np.prod(shape))
            owner = np.broadcast_to(np.arange(size).reshape(shape), full)
            right = np.bincount(owner.ravel(), weights=G.ravel(), minlength=size).reshape(shape)
            got = student.call("unbroadcast", G, shape)
            hint = "Sum the axes in front away; sum those where shape has 1, and keep them."
            expect_close(got, right, hint=hint, what=f"From {full} back to {shape}: the result", rtol=1e-5, atol=1e-6)


# %% right axis_by_axis
def unbroadcast(G, shape):
    while G.ndim > len(shape):
        G = G.sum(axis=0)
    for axis, n in enumerate(shape):
        if n == 1:
            G = G.sum(axis=axis, keepdims=True)
    return G


# %% right ones_in_front_then_reshape
def unbroadcast(G, shape):
    padded = (1,) * (G.ndim - len(shape)) + tuple(shape)
    axes = tuple(i for i, (n, full) in enumerate(zip(padded, G.shape)) if n != full)
    return G.sum(axis=axes).reshape(shape)


# %% right loop_over_entries
def unbroadcast(G, shape):
    out = np.zeros(shape)
    for index in np.ndindex(G.shape):
        own = index[G.ndim - len(shape) :]
        out[tuple(0 if n == 1 else i for i, n in zip(own, shape))] += G[index]
    return out


# %% right torch_sum_to_size
def unbroadcast(G, shape):
    import torch

    return torch.as_tensor(G).sum_to_size(*shape) if shape else float(G.sum())


# %% right einsum
def unbroadcast(G, shape):
    letters = "abcdefgh"[: G.ndim]
    kept = "".join(c for c, n in zip(letters[G.ndim - len(shape) :], shape) if n != 1)
    return np.einsum(f"{letters}->{kept}", G).reshape(shape)


# %% wrong not_summed -> bias_gradient_is_summed_over_the_rows
# The copies' gradients are not added up.
# The gradient of the bias keeps the shape of the batch.
def unbroadcast(G, shape):
    return G


# %% wrong mean -> bias_gradient_is_summed_over_the_rows
def unbroadcast(G, shape):
    G = G.mean(axis=tuple(range(G.ndim - len(shape))))
    return G.mean(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)


# %% wrong first_copy_only -> bias_gradient_is_summed_over_the_rows
def unbroadcast(G, shape):
    while G.ndim > len(shape):
        G = G[0]
    return G[tuple(slice(0, n) for n in shape)]


# %% wrong reshaped -> bias_gradient_is_summed_over_the_rows
def unbroadcast(G, shape):
    return np.resize(G, shape)


# %% wrong axes_in_front_only -> stretched_axes_stay_with_length_one
# Not every axis that was stretched or added is summed.
def unbroadcast(G, shape):
    return G.sum(axis=tuple(range(G.ndim - len(shape))))


# %% wrong stretched_axes_only -> bias_gradient_is_summed_over_the_rows
def unbroadcast(G, shape):
    return G.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)


# %% wrong one_axis_in_front_at_most -> gradients_of_random_shapes
def unbroadcast(G, shape):
    if G.ndim > len(shape) > 0:
        G = G.sum(axis=0)
    elif not shape:
        return G.sum()
    return G.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)


# %% wrong numbers_forgotten -> added_axes_are_summed_away
def unbroadcast(G, shape):
    if shape == ():
        return G
    G = G.sum(axis=tuple(range(G.ndim - len(shape))))
    return G.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)


# %% wrong rows_always_summed -> nothing_stretched_is_left_as_it_is
# Another axis is summed, or one that should stay goes.
def unbroadcast(G, shape):
    return G.sum(axis=0, keepdims=len(shape) == G.ndim)


# %% wrong lined_up_in_front -> added_axes_are_summed_away
def unbroadcast(G, shape):
    G = G.sum(axis=tuple(range(len(shape), G.ndim)))
    return G.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)


# %% wrong bias_summed_over_features -> bias_gradient_is_summed_over_the_rows
def unbroadcast(G, shape):
    return G.sum(axis=-1)


# %% wrong keepdims_missing -> stretched_axes_stay_with_length_one
def unbroadcast(G, shape):
    G = G.sum(axis=tuple(range(G.ndim - len(shape))))
    return G.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1))


# %% wrong sum_written_into_g -> nothing_stretched_is_left_as_it_is
# Right numbers, but G is changed, or read as it lies in memory.
def unbroadcast(G, shape):
    out = G.sum(axis=tuple(range(G.ndim - len(shape))))
    out = out.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)
    G[...] = 0
    return out


# %% wrong rows_as_they_lie_in_memory -> unbroadcast_in_other_forms
def unbroadcast(G, shape):
    G = G.ravel(order="K").reshape(G.shape)
    G = G.sum(axis=tuple(range(G.ndim - len(shape))))
    return G.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)


# %% right number_of_each_entry
def unbroadcast(G, shape):
    out = np.zeros(shape)
    owner = np.broadcast_to(np.arange(out.size).reshape(shape), G.shape)
    np.add.at(out.reshape(-1), owner.ravel(), G.ravel())
    return out


# %% wrong same_size_taken_for_same_shape -> gradients_of_random_shapes
# An axis of length 1 in front stays.
def unbroadcast(G, shape):
    if G.size == np.prod(shape, dtype=int):
        return G
    while G.ndim > len(shape):
        G = G.sum(axis=0)
    axes = tuple(i for i, n in enumerate(shape) if n == 1)
    return G.sum(axis=axes, keepdims=True)


# %% wrong added_up_in_place -> stretched_axes_stay_with_length_one
def unbroadcast(G, shape):
    while G.ndim > len(shape):
        G = G.sum(axis=0)
    for axis, n in enumerate(shape):
        if n == 1:
            first, *others = np.split(G, G.shape[axis], axis=axis)
            for other in others:
                first += other
            G = first
    return G
