"""What an answer does, while it is called, that looks at those who call it: noticed, and told."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from types import FunctionType
from typing import Any

__all__ = ["LOOKS", "Watch"]

#: Events (docs.python.org/3/library/audit_events.html) by what a reader knows them as.
_EVENTS: Mapping[str, str] = {
    "sys.settrace": "sys.settrace",
    "sys.setprofile": "sys.setprofile",
    "sys.addaudithook": "sys.addaudithook",
    "sys._getframe": "frames of its callers",
    "sys._current_frames": "frames of its callers",
    "sys.monitoring.register_callback": "sys.monitoring",
    "gc.get_objects": "the garbage collector's objects",
    "gc.get_referrers": "the garbage collector's objects",
    "gc.get_referents": "the garbage collector's objects",
    "code.__new__": "code objects",
}
_CODE = "code objects"
#: All that it can say an answer uses.
LOOKS = frozenset({*_EVENTS.values(), _CODE})
_FUNCTION_PARTS = frozenset({"__code__", "__defaults__", "__kwdefaults__"})
# None as defaults counts as a deletion.
_SETS, _READS = ("object.__setattr__", "object.__delattr__"), "object.__getattr__"
_LOOKED_AT = frozenset({*_EVENTS, *_SETS, _READS})
#: A function's defaults by name are a dictionary that can be changed once it was read.
_CHANGED_IN_PLACE = "__kwdefaults__"
# Bound before any student's code has run.
_frame_of = sys._getframe


class Watch:
    """Notes which of these an answer uses itself; libraries that it calls may use all of them.

    Args:
        namespace: The student's names.
        functions: Functions of the grader's own.
    """

    def __init__(self, namespace: Mapping[str, Any], functions: Iterable[FunctionType] = ()) -> None:
        self.seen: set[str] = set()
        #: Whether a part of one of these functions was set, or could have been, since this was last put to False.
        self.touched = False
        self._namespace = namespace
        self._functions = frozenset(map(id, functions))
        self._looking = False

    def begin(self) -> None:
        """Watch this process from now on; Python lets nobody take a hook away again."""
        sys.addaudithook(self._look)

    def _look(self, event: str, args: tuple[Any, ...]) -> None:
        # Nearly all events are others: whatever stands above this line is paid for by all that an answer does.
        if event not in _LOOKED_AT or self._looking:
            return
        changes = event in _SETS and args[1] in _FUNCTION_PARTS
        if event.startswith("gc."):
            self.touched = True
        elif (changes or event == _READS) and id(args[0]) in self._functions:
            self.touched |= changes or args[1] == _CHANGED_IN_PLACE
        if not changes and event not in _EVENTS:
            return
        self._looking = True
        try:
            frame = _frame_of(1)
            own = frame.f_globals is self._namespace or frame.f_code.co_filename.startswith("<text ")
            if own:
                self.seen.add(_CODE if changes else _EVENTS[event])
        finally:
            self._looking = False
