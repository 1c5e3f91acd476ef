# %% nbgrader={"grade_id": "softmax", "solution": true}
def softmax(Z):
    """Return the softmax of each row of Z, shape (n, k)."""
    # copy the input first; a comment, not a shell command
    ### BEGIN SOLUTION
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_softmax", "grade": true, "points": 3}
### BEGIN HIDDEN TESTS
assert softmax(np.zeros((1, 4)))[0, 0] == 0.25
### END HIDDEN TESTS
check("softmax")
