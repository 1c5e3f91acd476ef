from __future__ import annotations

import pytest

from coursekit import errors
from coursekit.errors import CoursekitError, UnknownNameError


@pytest.mark.parametrize("name", errors.__all__)
def test_every_error_is_one_of_coursekits(name: str) -> None:
    assert issubclass(getattr(errors, name), CoursekitError)


def test_an_unknown_name_is_quoted_with_the_nearest_and_all_known() -> None:
    error = UnknownNameError("lab", "01_sofmax", ["02_backprop", "01_softmax"])
    assert str(error) == (
        "There is no lab named '01_sofmax'. Did you mean '01_softmax'? Known: 01_softmax, 02_backprop."
    )
    assert (error.name, error.suggestion) == ("01_sofmax", "01_softmax")


def test_nothing_near_means_no_suggestion() -> None:
    error = UnknownNameError("exercise", "zzz", ["softmax"])
    assert str(error) == "There is no exercise named 'zzz'. Known: softmax."
    assert error.suggestion is None


def test_without_known_names_it_says_that_there_are_none() -> None:
    assert str(UnknownNameError("lab", "x", [])) == "There is no lab named 'x'. Known: there is no lab here."


def test_an_unknown_name_is_a_lookup_error_too() -> None:
    with pytest.raises(LookupError):
        raise UnknownNameError("lab", "x", [])
