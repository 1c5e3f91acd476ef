# %% [markdown]
# # A class, and an answer in code

# %%
from coursekit.checking import checks_for

check = checks_for("02_class", globals())

# %%
# %%time
# %config InlineBackend.figure_format = "retina"
total = sum(range(10))


# %% nbgrader={"grade_id": "Value", "solution": true}
class Value:
    """A number that remembers where it came from."""

    def __init__(self, data):
        self.data = data

    def __add__(self, other):
        ### BEGIN SOLUTION
        return Value(self.data + other.data)
        ### END SOLUTION

    def __mul__(self, other):
        """Return the product.

        # %matplotlib in a docstring stays.
        """
        ### BEGIN SOLUTION
        return Value(self.data * other.data)
        ### END SOLUTION


# %% nbgrader={"grade_id": "check_Value", "grade": true, "points": 2}
check("Value")

# %%
print(total)

# %%
print(total)

# %% nbgrader={"grade_id": "design", "grade": true, "solution": true, "points": 2}
# Sketch how division would look.
### BEGIN SOLUTION
quotient = Value(6 * 0.5)
### END SOLUTION
