# %% [markdown]
# # A class, and an answer in code

# %%
from coursekit.checking import checks_for

check = checks_for("02_class", globals())

# %%
# %%time
# %config InlineBackend.figure_format = "retina"
total = sum(range(10))


# %% exercise Value

# %%
print(total)

# %%
print(total)

# %% nbgrader={"grade_id": "design", "grade": true, "solution": true, "points": 2}
# Sketch how division would look.
### BEGIN SOLUTION
quotient = Value(6 * 0.5)
### END SOLUTION
