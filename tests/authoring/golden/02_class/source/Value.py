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
