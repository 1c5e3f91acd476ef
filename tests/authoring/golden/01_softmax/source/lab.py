# ---
# jupyter:
#   kernelspec:
#     display_name: another
#     language: python
#     name: another
#   jupytext:
#     cell_metadata_filter: -all
# ---

# %% [markdown]
# # Softmax
#
# [Open in Colab]({{colab}}) · [course]({{repository}})
#
# $$p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}, \quad \alpha \in \{0, 1\}, \quad x_{{i}}$$

# %%
import numpy as np

from coursekit.checking import checks_for

# %matplotlib inline
check = checks_for("01_softmax", globals())

# %% [markdown]
# ## Scores to probabilities
#
# Rows of $Z$ are examples: shape `(n, k)`.


# %% exercise softmax

# %% tags=["explore"]
print("Überraschung →", softmax(np.zeros((2, 2))))

# %% [markdown]
# Look again.

# %% [markdown]
# Look again.

# %% [markdown] nbgrader={"grade_id": "setup-note", "locked": true}
# This cell stays as it is.

# %% [markdown] nbgrader={"grade_id": "why_subtract", "grade": true, "solution": true, "points": 2}
# **Why** is the largest score subtracted?
#
# ### BEGIN SOLUTION
# Because $e^{710}$ overflows a float64, and the quotient is unchanged.
# ### END SOLUTION

# %% [markdown] nbgrader={"grade_id": "essay", "task": true, "points": 1.5}
# Draw the picture of $e^z$.
#
# ### BEGIN MARK SCHEME
# One point for the shape, half a point for the axis names.
# ### END MARK SCHEME

# %%
