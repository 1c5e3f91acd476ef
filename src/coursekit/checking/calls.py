"""A call that a check makes of a student's code, as plain data: to be made again, and to be shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from coursekit.checking.plain import Plain

__all__ = ["LAYOUTS", "Call", "arrays_mapped"]


def _strided(array: np.ndarray) -> np.ndarray:
    return array.repeat(2, axis=-1)[..., ::2] if array.ndim else array


def _fortran(array: np.ndarray) -> np.ndarray:
    # np.asfortranarray makes an axis for a number that has none.
    return np.asarray(array, order="F")


def _read_only(array: np.ndarray) -> np.ndarray:
    return np.broadcast_to(array, array.shape)


#: Other ways in which an array's values may lie in memory, by name.
LAYOUTS: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "fortran": _fortran,
    "strided": _strided,
    "read-only": _read_only,
}


@dataclass(frozen=True)
class Call:
    """A call of a function of the student's, or of a probe beside their code.

    Attributes:
        name: The function or the probe.
        args: Positional inputs; a probe has none.
        kwargs: Inputs by name.
        layout: How the arrays among the inputs lie in memory: a name of :data:`LAYOUTS`, or empty for as they are.
        text: The probe's text; empty for a function of the student's.
        wanted: Parameters of the probe that get the student's names.
        own: The text of an answer that is to be called in place of what the notebook holds; empty for that.
        slug: The exercise that this text answers.
    """

    name: str
    args: tuple[Plain, ...] = ()
    kwargs: Mapping[str, Plain] = field(default_factory=dict)
    layout: str = ""
    text: str = ""
    wanted: tuple[str, ...] = ()
    own: str = ""
    slug: str = ""

    @property
    def what(self) -> str:
        """What is done, in words that a student knows: they have written the function, but not the probe."""
        return f"The use of {' and '.join(self.wanted) or self.name}" if self.text else self.name

    @property
    def inputs(self) -> dict[int | str, Plain]:
        """The inputs, by position or by name."""
        by_position: dict[int | str, Plain] = dict(enumerate(self.args))
        return by_position | dict(self.kwargs)

    def with_inputs(self, inputs: Mapping[int | str, Plain]) -> Call:
        """Return the same call with other inputs for some of its own."""
        args = tuple(inputs.get(i, value) for i, value in enumerate(self.args))
        return replace(self, args=args, kwargs={name: inputs.get(name, value) for name, value in self.kwargs.items()})

    def uses(self, slug: str) -> bool:
        """Tell whether the call reaches the function or class of an exercise."""
        return slug in self.wanted if self.text else self.name == slug

    def as_plain(self) -> dict[str, Plain]:
        """Return the call as plain data."""
        return {**vars(self), "args": list(self.args), "kwargs": dict(self.kwargs), "wanted": list(self.wanted)}

    @classmethod
    def of(cls, data: Mapping[str, Plain]) -> Call:
        """Rebuild a call from :meth:`as_plain`."""
        return cls(**{**data, "args": tuple(data["args"]), "wanted": tuple(data["wanted"])})


def arrays_mapped(value: Plain, change: Callable[[np.ndarray], Plain]) -> Plain:
    """Return plain data with something else in place of each array in it."""
    if isinstance(value, np.ndarray):
        changed = change(value)
        # NumPy gives a scalar where an array without axes was computed with.
        return np.asarray(changed) if isinstance(changed, np.generic) else changed
    if isinstance(value, list | tuple):
        return type(value)([arrays_mapped(item, change) for item in value])
    if isinstance(value, dict):
        return {key: arrays_mapped(item, change) for key, item in value.items()}
    return value
