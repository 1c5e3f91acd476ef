"""What an answer does, while it is called, that looks at those who call it: noticed, and told."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

__all__ = ["Watch"]

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
_FUNCTION_PARTS = ("__code__", "__defaults__", "__kwdefaults__")
# Bound before any student's code has run.
_frame_of = sys._getframe


class Watch:
    """Notes which of these an answer uses itself; libraries that it calls may use all of them.

    Args:
        namespace: The student's names.
    """

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self.seen: set[str] = set()
        self._namespace = namespace
        self._looking = False

    def begin(self) -> None:
        """Watch this process from now on; Python lets nobody take a hook away again."""
        sys.addaudithook(self._look)

    def _look(self, event: str, args: tuple[Any, ...]) -> None:
        changes = event == "object.__setattr__" and len(args) > 1 and args[1] in _FUNCTION_PARTS
        if self._looking or not (changes or event in _EVENTS):
            return
        self._looking = True
        try:
            frame = _frame_of(1)
            own = frame.f_globals is self._namespace or frame.f_code.co_filename.startswith("<text ")
            if own:
                self.seen.add("code objects" if changes else _EVENTS[event])
        finally:
            self._looking = False
