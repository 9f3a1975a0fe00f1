"""Write ``reference/hooks.md`` from the source of the hook contract and its declarations.

Run ``make docs`` (or ``python docs/hooks.py``) after changing `communicate.hookspecs`; a test
compares the page with what this would write.
"""

import inspect
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import FunctionType

from communicate import declarations, hookspecs

PAGE = Path(__file__).parent / "reference" / "hooks.md"


def hooks() -> list[FunctionType]:
    """Return every hook in the order of the source."""
    found = [item for name, item in vars(hookspecs).items() if name.startswith("communicate_")]
    return sorted(found, key=lambda hook: hook.__code__.co_firstlineno)


def state(hook: FunctionType) -> str:
    """Return "Stable" or "Provisional", as the docstring of *hook* ends by saying."""
    last = inspect.getdoc(hook).rstrip().rstrip(".").rsplit(" ", 1)[-1].rsplit("\n", 1)[-1]
    if last not in ("Stable", "Provisional"):
        raise ValueError(f"the docstring of {hook.__name__} must end with Stable. or Provisional.")
    return last


def signature(hook: FunctionType) -> str:
    """Return *hook* as it is called, without the packages of its annotations."""
    text = str(inspect.signature(hook))
    for package in (
        "communicate.declarations.",
        "collections.abc.",
        "colander.",
        "typing.",
        "pyramid.config.",
        "click.core.",
        "random.",
    ):
        text = text.replace(package, "")
    return f"{hook.__name__}{text}"


def entry(hook: FunctionType) -> str:
    """Return the section of the page about *hook*."""
    return f"## {hook.__name__}\n\n```python\n{signature(hook)}\n```\n\n{inspect.getdoc(hook)}\n"


def declaration(class_: type) -> str:
    """Return the section of the page about the declaration *class_*."""
    shown = "\n".join(
        f"* `{field.name}`: `{getattr(field.type, '__name__', field.type)}`"
        for field in fields(class_)
    )
    return f"### {class_.__name__}\n\n{inspect.getdoc(class_)}\n\n{shown}\n"


def page() -> str:
    """Return the whole page."""
    classes = [item for item in vars(declarations).values() if is_dataclass(item)]
    table = "\n".join(
        f"| [{hook.__name__}](#{hook.__name__}) | {state(hook).lower()} |" for hook in hooks()
    )
    return "\n".join(
        [
            "# Hooks\n",
            inspect.getdoc(hookspecs) + "\n",
            f"| hook | |\n|---|---|\n{table}\n",
            *map(entry, hooks()),
            "## Declarations\n\nWhat hooks return, from `communicate.declarations`.\n",
            *map(declaration, classes),
        ]
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
