# %% [markdown]
# ## 9 · The detective story
#
# The slides print a program and, beneath it, a log. The program: 784-16-16-10, `optimizer='sgd'`, `batch_size=10`, 5 epochs,
# `validation_data=(x_test, y_test)`. The log, from a GTX 1080:
#
# | epoch | steps | loss | accuracy |
# |---|---|---|---|
# | 1 | 1875 | 0.2982 | 0.9127 |
# | 2 | 1875 | 0.1433 | 0.9571 |
# | 3 | 1875 | 0.1097 | 0.9663 |
# | 4 | 1875 | 0.0893 | 0.9730 |
# | 5 | 1875 | 0.0777 | 0.9750 |
# | test images | 313 | 0.0727 | 0.9776 |
#
# A step is one batch. There are 60,000 training and 10,000 test images. The first five losses and accuracies are of the training images, measured
# during the epoch, as `train_epoch` does; the last row is measured afterwards, as `evaluate` does.

# %% [markdown]
# The suspects. Dropout sets a share of the hidden layer's outputs to zero, others each time, and only while training; it
# has no parameters.
#
# | | layers | dropout | optimiser |
# |---|---|---|---|
# | A | 784-16-16-10 | none | SGD, lr 0.01 |
# | B | 784-16-16-10 | none | Adam |
# | C | 784-128-10 | none | Adam |
# | D | 784-128-10 | 0.2 | Adam |
# | E | 784-64-10 | 0.2 | Adam |
# | F | 784-128-10 | 0.2 | SGD, lr 0.01 |
#
# The batch size is arithmetic. You have seen A and B at work. The cell under the check lets C, D, E and F show what they can do, with the
# batch size that you give: fill that in first, leave the rest as a guess, look at the evidence, and come back. (Training the four
# takes about a minute on two slow cores.)

# %% nbgrader={"grade_id": "read_the_log", "solution": true}
def read_the_log():
    """Say which network made the log.

    Returns a dict of five facts:
        "batch_size": examples per step, a whole number
        "sizes": units from the input to the output, a list such as [784, 16, 16, 10]
        "dropout": the share of hidden units that is dropped, 0 for none
        "optimizer": "sgd" or "adam"
        "parameters": how many weights and biases the network has
    The checks that you see judge the arithmetic; which suspect it was is judged in grading.
    """
    ### BEGIN SOLUTION
    return {
        "batch_size": 32,
        "sizes": [784, 128, 10],
        "dropout": 0.2,
        "optimizer": "adam",
        "parameters": 101_770,
    }
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_read_the_log", "grade": true, "points": 2}
check("read_the_log")

# %% tags=["explore"]
batch_size = read_the_log()["batch_size"]
seen = {"the log": (np.arange(1, 6), [0.2982, 0.1433, 0.1097, 0.0893, 0.0777])}
if mnist.is_sample:
    print("The sample has too few images to retrace the log: the curves show what the suspects do with 1,300.")
suspects = {"C": (128, 0.0, "Adam"), "D": (128, 0.2, "Adam"), "E": (64, 0.2, "Adam"), "F": (128, 0.2, "SGD")}
for suspect, (width, dropout, kind) in suspects.items():
    torch.manual_seed(0)
    hidden, out = torch.nn.Linear(784, width), torch.nn.Linear(width, 10)
    for layer in (hidden, out):  # as Keras begins
        torch.nn.init.xavier_uniform_(layer.weight)
        torch.nn.init.zeros_(layer.bias)
    model = torch.nn.Sequential(hidden, torch.nn.ReLU(), torch.nn.Dropout(dropout), out)
    optimizer = getattr(torch.optim, kind)(model.parameters(), lr=0.01 if kind == "SGD" else 0.001)
    loader = Batches(X, y, batch_size=batch_size, rng=np.random.default_rng(5))
    seen[suspect] = (np.arange(1, 6), [train_epoch(model, loader, optimizer) for _ in range(5)])
    test_loss, test_accuracy = evaluate(model, final)
    print(f"suspect {suspect}: test loss {test_loss:.4f}, test accuracy {test_accuracy:.4f}")
plots.curves(
    seen,
    xlabel="epoch",
    ylabel="training loss",
    title="Who made the log?",
    log="y",
    markers=True,
)

# %% visible
#: How many parameters the suspects have.
SUSPECTS = {(784, 16, 16, 10): 13_002, (784, 128, 10): 101_770, (784, 64, 10): 50_890}
FACTS = ("batch_size", "sizes", "dropout", "optimizer", "parameters")


def _facts(student: Student) -> dict[str, Any]:
    got = student.call("read_the_log")
    names = [name for name in FACTS if not isinstance(got, dict) or name not in got]
    expect(
        not names,
        "The answer lacks facts.",
        expected=", ".join(FACTS),
        got=", ".join(map(str, got)) if isinstance(got, dict) else got,
        hint="Return a dict with these five keys.",
    )
    expect(
        isinstance(got["sizes"], list | tuple | np.ndarray) and len(got["sizes"]) >= 2,
        "sizes is not a list of two numbers or more.",
        got=got["sizes"],
        hint="From the input to the output, such as [784, 16, 16, 10].",
    )
    return got  # type: ignore[no-any-return]


@checks("read_the_log")
def answer_has_the_five_facts(student: Student, rng: Rng) -> None:
    """The answer is a dict of five facts; the network reads 784 pixels and gives 10 classes."""
    facts = _facts(student)
    hint = "The images have 28 × 28 pixels and show ten digits."
    expect(facts["sizes"][0] == 784 and facts["sizes"][-1] == 10, "sizes fits no MNIST.", got=facts["sizes"], hint=hint)
    expect(
        str(facts["optimizer"]).lower() in ("sgd", "adam"),
        "optimizer is none of the suspects'.",
        expected="'sgd' or 'adam'",
        got=facts["optimizer"],
        hint="The suspects use SGD or Adam.",
    )
    hint = "A share is between 0, for none, and 1."
    expect(bool(0 <= facts["dropout"] < 1), "dropout is not a share.", got=facts["dropout"], hint=hint)


@checks("read_the_log")
def steps_fit_the_images(student: Student, rng: Rng) -> None:
    """With this batch size, 60,000 images make 1,875 steps and 10,000 images make 313."""
    batch_size = _facts(student)["batch_size"]
    expect(
        isinstance(batch_size, int | float) and batch_size >= 1,
        "batch_size is not a whole number of 1 or more.",
        got=batch_size,
        hint="How many images does a step take?",
    )
    steps = [int(-(-60_000 // batch_size)), int(-(-10_000 // batch_size))]
    hint = "An epoch goes through all 60,000 images, and a step through one batch."
    expect(steps == [1875, 313], "These are not the log's steps.", expected=[1875, 313], got=steps, hint=hint)


@checks("read_the_log")
def parameters_fit_the_sizes(student: Student, rng: Rng) -> None:
    """The layers are a suspect's, and the number of parameters is that of a network with these layers."""
    facts = _facts(student)
    sizes = tuple(int(size) for size in facts["sizes"])
    expect(
        sizes in SUSPECTS,
        "No suspect has these layers.",
        expected=" or ".join("-".join(map(str, known)) for known in SUSPECTS),
        got="-".join(map(str, sizes)),
        hint="sizes is one of the table's, from the input to the output.",
    )
    hint = "Use count_parameters(sizes); dropout has none."
    expect_close(facts["parameters"], SUSPECTS[sizes], hint=hint, what="The number of parameters")


# %% hidden
@checks("read_the_log")
def layers_are_those_of_the_log(student: Student, rng: Rng) -> None:
    """The network has the layers of the one that made the log."""
    sizes = [int(size) for size in student.call("read_the_log")["sizes"]]
    hint = "How low does each suspect's training loss get, epoch by epoch? Too high and too low both rule it out."
    expect(sizes == [784, 128, 10], "Another network made the log.", hint=hint)


@checks("read_the_log")
def dropout_is_that_of_the_log(student: Student, rng: Rng) -> None:
    """The share of units dropped is that of the network that made the log."""
    hint = "Compare the last epoch with the test images. What makes a network look worse while it is trained?"
    expect(bool(abs(student.call("read_the_log")["dropout"] - 0.2) < 1e-6), "The dropout was another.", hint=hint)


@checks("read_the_log")
def optimiser_is_that_of_the_log(student: Student, rng: Rng) -> None:
    """The optimiser is the one that made the log."""
    hint = "Look at the first epoch: how far does each of the two get in 1,875 steps?"
    expect(str(student.call("read_the_log")["optimizer"]).lower() == "adam", "It was another optimiser.", hint=hint)


# %% right computed
def read_the_log():
    sizes = (784, 128, 10)
    parameters = sum(a * b + b for a, b in zip(sizes, sizes[1:]))
    return dict(batch_size=60_000 // 1875, sizes=sizes, dropout=1 / 5, optimizer="Adam", parameters=parameters)


# %% right arrays_and_floats
def read_the_log():
    return {
        "batch_size": 60_000 / 1875,
        "sizes": np.array([784, 128, 10]),
        "dropout": np.float32(0.2),
        "optimizer": "ADAM",
        "parameters": 101_770.0,
    }


# %% right step_by_step
def read_the_log():
    facts = {}
    facts["optimizer"] = "adam"
    facts["dropout"] = 0.2
    facts["sizes"] = [28 * 28, 128, 10]
    facts["batch_size"] = 32
    facts["parameters"] = 784 * 128 + 128 + 128 * 10 + 10
    facts["suspect"] = "D"
    return facts


# %% wrong as_printed_on_the_slide -> layers_are_those_of_the_log
def read_the_log():
    return {"batch_size": 10, "sizes": [784, 16, 16, 10], "dropout": 0, "optimizer": "sgd", "parameters": 13002}


# %% wrong batches_of_the_slide -> steps_fit_the_images
def read_the_log():
    return {"batch_size": 10, "sizes": [784, 128, 10], "dropout": 0.2, "optimizer": "adam", "parameters": 101770}


# %% wrong batches_one_too_many -> steps_fit_the_images
def read_the_log():
    return {"batch_size": 33, "sizes": [784, 128, 10], "dropout": 0.2, "optimizer": "adam", "parameters": 101770}


# %% wrong batches_one_too_few -> steps_fit_the_images
def read_the_log():
    return {"batch_size": 31, "sizes": [784, 128, 10], "dropout": 0.2, "optimizer": "adam", "parameters": 101770}


# %% wrong steps_for_batches -> steps_fit_the_images
def read_the_log():
    return {"batch_size": 1875, "sizes": [784, 128, 10], "dropout": 0.2, "optimizer": "adam", "parameters": 101770}


# %% wrong batch_in_words -> steps_fit_the_images
def read_the_log():
    return {"batch_size": "32", "sizes": [784, 128, 10], "dropout": 0.2, "optimizer": "adam", "parameters": 101770}


# %% wrong slides_network_with_adam -> layers_are_those_of_the_log
def read_the_log():
    return {"batch_size": 32, "sizes": [784, 16, 16, 10], "dropout": 0, "optimizer": "adam", "parameters": 13002}


# %% wrong narrower -> layers_are_those_of_the_log
def read_the_log():
    return {"batch_size": 32, "sizes": [784, 64, 10], "dropout": 0.2, "optimizer": "adam", "parameters": 50890}


# %% wrong no_dropout -> dropout_is_that_of_the_log
def read_the_log():
    return {"batch_size": 32, "sizes": [784, 128, 10], "dropout": 0, "optimizer": "adam", "parameters": 101770}


# %% wrong share_that_is_kept -> dropout_is_that_of_the_log
def read_the_log():
    return {"batch_size": 32, "sizes": [784, 128, 10], "dropout": 0.8, "optimizer": "adam", "parameters": 101770}


# %% wrong percentage -> answer_has_the_five_facts
def read_the_log():
    return {"batch_size": 32, "sizes": [784, 128, 10], "dropout": 20, "optimizer": "adam", "parameters": 101770}


# %% wrong plain_descent -> optimiser_is_that_of_the_log
def read_the_log():
    return {"batch_size": 32, "sizes": [784, 128, 10], "dropout": 0.2, "optimizer": "sgd", "parameters": 101770}


# %% wrong another_optimiser -> answer_has_the_five_facts
def read_the_log():
    return {"batch_size": 32, "sizes": [784, 128, 10], "dropout": 0.2, "optimizer": "rmsprop", "parameters": 101770}


# %% wrong weights_counted_only -> parameters_fit_the_sizes
def read_the_log():
    return {"batch_size": 32, "sizes": [784, 128, 10], "dropout": 0.2, "optimizer": "adam", "parameters": 101632}


# %% wrong parameters_of_the_slide -> parameters_fit_the_sizes
def read_the_log():
    return {"batch_size": 32, "sizes": [784, 128, 10], "dropout": 0.2, "optimizer": "adam", "parameters": 13002}


# %% wrong hidden_layers_only -> answer_has_the_five_facts
def read_the_log():
    return {"batch_size": 32, "sizes": [128, 128], "dropout": 0.2, "optimizer": "adam", "parameters": 16512}


# %% wrong fact_missing -> answer_has_the_five_facts
def read_the_log():
    return {"batch_size": 32, "sizes": [784, 128, 10], "optimizer": "adam", "parameters": 101_770}


# %% wrong a_letter -> answer_has_the_five_facts
def read_the_log():
    return "D"
