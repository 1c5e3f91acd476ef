# %% [markdown]
# One warning. A gradient check proves that a gradient belongs to *its* function. If the function itself is wrong, both
# are wrong together and agree to the last digit. So compare with an independent answer too: PyTorch, a slide (checked),
# a number worked out by hand.
#
# ## 10 · Gates for matrices
#
# For a step from $n$ numbers to $m$, $y = f(x)$, the local slopes make a table, the **Jacobian** $J_{ij} = \partial y_i / \partial x_j$ of shape
# $(m, n)$, and the chain rule is a product:
#
# $$\frac{\partial L}{\partial x} = J^\top \frac{\partial L}{\partial y}, \qquad (n,) = (n, m)\,(m,).$$
#
# Nobody builds $J$. For a product of matrices it would be huge and nearly empty, and what it does can be said in a line.
#
# A node for each number is clear and slow: the moons took thousands of nodes per step. Let a node hold a whole array. The
# product $C = A B$, with $(n, k)\,(k, m) \to (n, m)$, is a gate as well. Its upstream gradient
# $G = \partial L/\partial C$ has the shape of $C$, and entry by entry
#
# $$\frac{\partial L}{\partial A_{ip}} = \sum_j G_{ij} B_{pj}, \qquad \frac{\partial L}{\partial B_{pj}} = \sum_i A_{ip} G_{ij}.$$
#
# It is the multiply gate again: each input gets the upstream gradient times the *other* input. Which side, and which is
# transposed? Write the sums as products; where all sizes differ, the shapes allow only
# one way. One square matrix is enough to make a wrong way fit.

# %% nbgrader={"grade_id": "matmul_backward", "solution": true}
def matmul_backward(G, A, B):
    """Pass a gradient back through C = A @ B.

    G: (n, m), the upstream gradient dL/dC; A: (n, k); B: (k, m);
        numbers of any dtype, whole numbers too
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


# %% visible
@checks("matmul_backward")
def product_of_two_small_matrices(student: Student, rng: Rng) -> None:
    """A row times a column, and two square matrices, have the gradients worked out by hand."""
    hint = "dL/dA = G Bᵀ and dL/dB = Aᵀ G: the other matrix, transposed, on its own side of the product."
    got = student.call("matmul_backward", np.array([[10.0]]), np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]))
    dA, dB = expect_parts(got, ("dA", "dB"), hint="Return the two together.")
    expect_close(dA, [[30, 40]], hint=hint, what="dL/dA for A = [[1, 2]]")
    expect_close(dB, [[10], [20]], hint=hint, what="dL/dB for B = [[3], [4]]")
    G, A, B = (
        np.array([[1.0, 2.0], [0.0, -1.0]]),
        np.array([[1.0, 2.0], [3.0, 4.0]]),
        np.array([[5.0, 6.0], [7.0, 8.0]]),
    )
    dA, dB = expect_parts(student.call("matmul_backward", G, A, B), ("dA", "dB"), hint="Return the two together.")
    square = "With square matrices all shapes fit, and only one way is right. " + hint
    transposed = "The transpose is missing: G Bᵀ and Aᵀ G."
    expect_close(dA, [[17, 23], [-6, -8]], hint=square, what="dL/dA", mistakes={transposed: [[19, 22], [-7, -8]]})
    expect_close(dB, [[1, -1], [2, 0]], hint=square, what="dL/dB", mistakes={transposed: [[1, 0], [3, 2]]})


@checks("matmul_backward")
def gradients_have_the_shapes_of_their_matrices(student: Student, rng: Rng) -> None:
    """For (4, 2) times (2, 3) the gradients are (4, 2) and (2, 3), and the inputs stay as they are."""
    G, A, B = rng.normal(size=(4, 3)), rng.normal(size=(4, 2)), rng.normal(size=(2, 3))
    got = student.call("matmul_backward", G, A, B)
    dA, dB = expect_parts(got, ("dA", "dB"), hint="Return the two together.")
    expect_shape(dA, (4, 2), hint="A gradient has the shape of what it is the gradient of.", what="dL/dA")
    expect_shape(dB, (2, 3), hint="A gradient has the shape of what it is the gradient of.", what="dL/dB")
    expect_inputs_unchanged(student)


matmul_backward_in_other_forms = forms(
    "matmul_backward", "integers", "float32", "fortran", "strided", "read-only", "again"
)


# %% hidden
@checks("matmul_backward")
def gradients_of_random_products(student: Student, rng: Rng) -> None:
    """Random products, oblong and square, have the gradients that the sums give."""
    for n, k, m in ((4, 3, 2), (3, 3, 3), (1, 5, 2), (2, 1, 4)):
        G, A, B = rng.normal(size=(n, m)), rng.normal(size=(n, k)), rng.normal(size=(k, m))
        got = expect_parts(student.call("matmul_backward", G, A, B), ("dA", "dB"), hint="Return both.")
        dA = [[sum(G[i, j] * B[p, j] for j in range(m)) for p in range(k)] for i in range(n)]
        dB = [[sum(A[i, p] * G[i, j] for i in range(n)) for j in range(m)] for p in range(k)]
        hint = "Write the two sums as loops, and compare."
        expect_close(got[0], dA, hint=hint, what="dL/dA", rtol=1e-5, atol=1e-6)
        expect_close(got[1], dB, hint=hint, what="dL/dB", rtol=1e-5, atol=1e-6)


# %% right einsum
# - return G @ B.T, A.T @ G
# + return np.einsum("nm,km->nk", G, B), np.einsum("nk,nm->km", A, G)


# %% right loops
def matmul_backward(G, A, B):
    dA, dB = np.zeros(A.shape), np.zeros(B.shape)
    for i in range(len(A)):
        for j in range(B.shape[1]):
            for p in range(len(B)):
                dA[i, p] += G[i, j] * B[p, j]
                dB[p, j] += G[i, j] * A[i, p]
    return [dA.tolist(), dB.tolist()]


# %% right torch_autograd
def matmul_backward(G, A, B):
    import torch

    A, B = (torch.tensor(M, dtype=torch.float64, requires_grad=True) for M in (A, B))
    (A @ B).backward(torch.tensor(G, dtype=torch.float64))
    return A.grad, B.grad


# %% right transposed_twice
# - return G @ B.T, A.T @ G
# + return (B @ G.T).T, (G.T @ A).T


# %% right float32
def matmul_backward(G, A, B):
    G, A, B = (M.astype(np.float32) for M in (G, A, B))
    return np.dot(G, B.T), np.dot(A.T, G)


# %% wrong sides_swapped -> product_of_two_small_matrices
# Which matrix, on which side, transposed or not: the shapes decide, unless all are square.
# - return G @ B.T, A.T @ G
# + return B.T @ G, G @ A.T

# %% wrong own_operand -> product_of_two_small_matrices
# - return G @ B.T, A.T @ G
# + return G @ A.T, B.T @ G

# %% wrong results_swapped -> gradients_have_the_shapes_of_their_matrices
# - return G @ B.T, A.T @ G
# + return A.T @ G, G @ B.T

# %% wrong transposed_results -> gradients_have_the_shapes_of_their_matrices
# - return G @ B.T, A.T @ G
# + return B @ G.T, G.T @ A


# %% wrong transpose_missing -> product_of_two_small_matrices
def matmul_backward(G, A, B):
    if A.shape[0] == A.shape[1] == B.shape[1]:
        return G @ B, A @ G
    return G @ B.T, A.T @ G


# %% wrong upstream_ignored -> product_of_two_small_matrices
# What comes from above: not used, or not as it is.
# + G = np.ones(G.shape)
#   return G @ B.T, A.T @ G


# %% wrong upstream_transposed -> product_of_two_small_matrices
def matmul_backward(G, A, B):
    if G.shape[0] == G.shape[1]:
        G = G.T
    return G @ B.T, A.T @ G


# %% wrong upstream_changed -> gradients_have_the_shapes_of_their_matrices
def matmul_backward(G, A, B):
    dA = G @ B.T
    dB = A.T @ G
    G *= 0
    return dA, dB


# %% wrong elementwise -> product_of_two_small_matrices
# Another product, or a mean.
# - return G @ B.T, A.T @ G
# + return G * B, G * A

# %% wrong mean_over_the_batch -> gradients_of_random_products
# - return G @ B.T, A.T @ G
# + return G @ B.T, A.T @ G / len(A)

# %% wrong only_one_gradient -> gradients_have_the_shapes_of_their_matrices
# - return G @ B.T, A.T @ G
# + return G @ B.T


# %% wrong gradients_like_their_matrices -> matmul_backward_in_other_forms
# The results take over their matrices' type or order in memory.
def matmul_backward(G, A, B):
    dA, dB = np.zeros_like(A), np.zeros_like(B)
    dA[...], dB[...] = G @ B.T, A.T @ G
    return dA, dB


# %% wrong rows_as_they_lie_in_memory -> matmul_backward_in_other_forms
def matmul_backward(G, A, B):
    A, B = A.ravel(order="K").reshape(A.shape), B.ravel(order="K").reshape(B.shape)
    return G @ B.T, A.T @ G
