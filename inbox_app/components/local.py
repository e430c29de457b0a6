"""React components of our own: a JavaScript file beside the Python file that wraps it."""

import inspect

import reflex as rx
from reflex_base.environment import EnvironmentVariables


def library(file: str) -> str:
    """What a component imports for the JavaScript file beside its own module.

    Reflex links the file for a build and looks at the whole stack for that, which costs a process that only serves
    seconds of its start: there the same path is put together (tests/installation/test_reflex_names.py).
    """
    if not EnvironmentVariables.REFLEX_SKIP_COMPILE.get():
        return rx.asset(file, shared=True, _stack_level=2).importable_path
    frame = inspect.currentframe()
    caller = frame.f_back if frame else None
    module = caller.f_globals["__name__"] if caller else __name__
    return f"$/public/external/{module.replace('.', '/')}/{file}"
