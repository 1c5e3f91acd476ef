# %% [markdown]
# ## 1 · A loan, and how the checks work
#
# A lecture slide asks for one year's interest on a loan of 325,000 at 2.225 %, and answers **7,312.5**. ("The lecture"
# is one of five slide decks, which are named at the end of each lab.) Simple interest is the principal times the rate,
# with the rate as a fraction: 2.225 % is 0.02225. So one line of Python can say whether the slide is right.
#
# This is what an **exercise** looks like: a cell with a function whose body is missing. Under it is its **check**. Run the
# check first, as it is: it tells you that nothing has been written yet. Then put your answer in place of `raise
# NotImplementedError`, run the cell, and run the check again. You may do so as often as you like.

# %% nbgrader={"grade_id": "simple_interest", "solution": true}
def simple_interest(principal, rate):
    """Return one year's simple interest.

    principal: the sum that is lent, a number or an array of them
    rate: the yearly rate as a fraction: 2 % is 0.02
    Returns the interest alone, unrounded; for an array, an array of its shape.

    Hint: this one is as easy as it looks.
    """
    ### BEGIN SOLUTION
    return principal * rate
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_simple_interest", "grade": true, "points": 1}
check("simple_interest")

# %% [markdown]
# Each line above is one thing that must hold. Where one does not, the check says what was expected, what your code gave, and
# what to try. An exercise's points are shared among its checks, so half right is half the points.
#
# **Handing in.** Save the notebook. Where your course uses nbgrader, *Validate* runs all checks once more and *Submit*
# hands the file in; elsewhere, upload the saved `.ipynb`. Then further checks run that you do not see here, on other data.
# Code that does what the text above it says passes those too; code that only knows the numbers of the visible checks does
# not.
#
# And the loan? The slide's figure belongs to another rate. The same function, given an array, computes interest at many
# rates at once: nothing in it says how many numbers there are. That is what this lab is about.

# %% tags=["explore"]
rates = np.array([0.02, 0.02225, 0.0225, 0.025])
interests = simple_interest(325_000, rates)
for rate, interest in zip(rates, interests):
    print(f"{rate:8.3%}  {interest:10,.2f}" + ("   <- the slide's figure" if interest == 7312.5 else ""))


# %% visible
@checks("simple_interest")
def interest_on_the_slides_loan(student: Student, rng: Rng) -> None:
    """A loan of 325,000 at 2.225 % costs 7,231.25 a year, whatever the slide says."""
    expect_close(
        student.call("simple_interest", 325_000.0, 0.02225),
        7231.25,
        hint="Interest is the principal times the rate.",
        what="The interest",
        mistakes={
            "That is the slide's figure, which belongs to 2.25 %: compute with the rate that is given.": 7312.5,
            "The rate is a fraction already, 0.02225: do not divide it by 100.": 72.3125,
            "The rate is a fraction already, 0.02225: leave out the factor 100.": 723_125.0,
            "That is the loan and its interest together: return the interest alone.": 332_231.25,
            "That is rounded: return the interest as it comes.": 7231.0,
            "That is the interest of one month: a year's is asked, so do not divide by 12.": 7231.25 / 12,
        },
    )


@checks("simple_interest")
def interest_on_another_loan(student: Student, rng: Rng) -> None:
    """A loan of 200 at 5 % costs 10, and one without a rate costs nothing."""
    hint = "Use both arguments, principal and rate; the numbers of the slide do not belong into the function."
    whole = {"That is the loan and its interest together: return the interest alone.": 210}
    expect_close(student.call("simple_interest", 200, 0.05), 10.0, hint=hint, what="The interest", mistakes=whole)
    expect_close(student.call("simple_interest", 200, 0.0), 0.0, hint=hint, what="The interest at a rate of 0")


@checks("simple_interest")
def interest_on_many_loans(student: Student, rng: Rng) -> None:
    """An array of three loans gives an array of three interests."""
    alone = student.call("simple_interest", 105.0, 0.1)
    expect_close(alone, 10.5, hint="First get a single loan right; then this check looks at many.", what="One interest")
    expect_close(
        student.call("simple_interest", np.array([100.0, 205.0, 333.0]), 0.1),
        [10.0, 20.5, 33.3],
        hint="Arithmetic works on arrays as it does on numbers; float(), int(), round() and if do not.",
        what="The interest",
    )
    expect_inputs_unchanged(student)


simple_interest_in_other_forms = forms(
    "simple_interest", "integers", "float32", "fortran", "strided", "read-only", "again"
)


# %% hidden
@checks("simple_interest")
def interest_on_random_loans(student: Student, rng: Rng) -> None:
    """Random loans have the right interest, alone and in a table."""
    principal, rate = float(rng.integers(1, 10**6)), float(rng.integers(1, 900)) / 10_000 + 0.00005
    right = float(Fraction(principal) * Fraction(rate))
    hint = "Compute with the arguments, whatever they are, and round nothing."
    expect_close(student.call("simple_interest", principal, rate), right, hint=hint)
    small = "A small loan has a small interest: round nothing, neither the principal nor the interest."
    expect_close(student.call("simple_interest", principal * 1e-8, rate), right * 1e-8, hint=small)
    large = "A rate above 1 is a fraction too, 1.25 is 125 %: compute with it as it is."
    expect_close(student.call("simple_interest", principal, 1.25), principal * 1.25, hint=large)
    table = rng.uniform(1, 1000, size=(2, 3))
    rights = [[float(Fraction(entry) * Fraction(rate)) for entry in row] for row in table]
    got = student.call("simple_interest", table, rate)
    expect_shape(got, (2, 3), hint="A table of loans gives a table of interests: compute with the array as it is.")
    expect_close(got, rights, hint=hint)


# %% right other_order
# - return principal * rate
# + return rate * principal

# %% right numpy
# - return principal * rate
# + return np.multiply(np.asarray(principal, dtype=float), rate)


# %% right difference
def simple_interest(principal, rate):
    owed = principal * (1 + rate)
    return owed - principal


# %% right torch
def simple_interest(principal, rate):
    import torch

    return torch.as_tensor(principal, dtype=torch.float64) * rate


# %% right float32
# - return principal * rate
# + return np.asarray(principal, dtype=np.float32) * np.float32(rate)


# %% right list_of_loans
def simple_interest(principal, rate):
    if np.ndim(principal):
        return [simple_interest(one, rate) for one in principal]
    return principal * rate


# %% wrong the_rate_as_a_percentage -> interest_on_the_slides_loan
# The rate is a fraction, not a percentage.
# - return principal * rate
# + return principal * rate / 100

# %% wrong a_fraction_made_a_percentage -> interest_on_the_slides_loan
# - return principal * rate
# + return principal * rate * 100

# %% wrong the_loan_included -> interest_on_the_slides_loan
# Another sum than the interest alone, unrounded.
# - return principal * rate
# + return principal * (1 + rate)

# %% wrong rounded -> interest_on_the_slides_loan
# - return principal * rate
# + return np.round(principal * rate)

# %% wrong rounded_to_tenths_of_a_percent -> interest_on_random_loans
# - return principal * rate
# + return principal * (rate if rate == 0.02225 else np.round(rate, 3))

# %% wrong total_of_many_loans -> interest_on_many_loans
# - return principal * rate
# + return np.sum(principal * rate)

# %% wrong the_slides_figure -> interest_on_the_slides_loan
# The slide's numbers are built in.
# - return principal * rate
# + return 7312.5

# %% wrong the_one_loan_that_was_seen -> interest_on_another_loan
# - return principal * rate
# + return 325_000 * 0.02225

# %% wrong the_seen_rate -> interest_on_another_loan
# - return principal * rate
# + return principal * 0.02225


# %% wrong the_visible_numbers_only -> interest_on_random_loans
def simple_interest(principal, rate):
    if np.ndim(principal):
        return np.array([10.0, 20.0, 30.0])
    return {325_000: 7231.25, 200: 200 * rate}.get(principal, 0.0)


# %% wrong one_number_only -> interest_on_many_loans
# Made for one number.
# - return principal * rate
# + return float(principal) * rate

# %% wrong printed -> interest_on_the_slides_loan
# Nothing comes back, or the input is gone.
# - return principal * rate
# + print(principal * rate)


# %% wrong written_into_the_input -> interest_on_many_loans
def simple_interest(principal, rate):
    principal *= rate
    return principal


# %% wrong made_like_the_principal -> simple_interest_in_other_forms
def simple_interest(principal, rate):
    p = np.asarray(principal)
    out = np.empty_like(p)
    out[...] = p * rate
    return out if p.ndim else out[()]


# %% wrong large_rates_taken_for_per_cents -> interest_on_random_loans
# 1.25 is 125 %.
# - return principal * rate
# + return principal * (rate / 100 if rate >= 1 else rate)

# %% wrong rounded_to_six_decimals -> interest_on_random_loans
# - return principal * rate
# + return np.round(principal * rate, 6)


# %% wrong a_table_made_one_row -> interest_on_random_loans
def simple_interest(principal, rate):
    if isinstance(principal, np.ndarray):
        return np.array([loan * rate for loan in principal.ravel()])
    return principal * rate
