"""Right and wrong answers to the exercise read_the_log."""

# %% setup
import numpy as np


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
