"""PyTorch where it is not installed: what stands in for it, and the words that say how to get it.

A lab imports it in a way that goes on without it::

    try:
        import torch
    except ModuleNotFoundError:
        from coursekit.absent import torch

The stand-in counts as false, so that a cell can ask for it (``if torch:``); whatever uses it stops and says why.
"""

from __future__ import annotations

import importlib.util
import sys
from typing import Any

__all__ = ["has_torch", "remedy", "require_torch"]

#: What a lab takes from here: PyTorch, and the parts of coursekit that are made of it.
_STAND_INS = ("speedrun", "torch")


class Absent:
    """Stands in for a module that needs PyTorch: false, and any use of it says what is missing."""

    def __bool__(self) -> bool:
        return False

    def __getattr__(self, name: str) -> Any:
        # What Python and IPython look for on any object is not there, which is no reason to stop.
        if name.startswith("_"):
            raise AttributeError(name)
        raise ModuleNotFoundError(f"This needs PyTorch. {remedy()}", name="torch")


def __getattr__(name: str) -> Any:
    """Return a stand-in, and say what is missing."""
    if name not in _STAND_INS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "torch":
        print(f"PyTorch is not here. What needs it says so and stops; all else runs. {remedy()}")
    return Absent()


def has_torch() -> bool:
    """Tell whether PyTorch is installed, without importing it."""
    return importlib.util.find_spec("torch") is not None


def remedy() -> str:
    """Say how to get PyTorch."""
    if sys.platform == "emscripten":
        return "It does not run in the browser: for what needs it, open the notebook on a computer or in Colab."
    return "Install it: pip install 'coursekit[torch]'."


def require_torch(what: str) -> None:
    """Stop where something needs PyTorch and it is not installed.

    Args:
        what: What needs it, as the beginning of a sentence, such as ``"Measuring bandwidth"``.

    Raises:
        ModuleNotFoundError: If it is not installed; the message says how to get it.
    """
    if not has_torch():
        raise ModuleNotFoundError(f"{what} needs PyTorch, which is not here. {remedy()}", name="torch")
