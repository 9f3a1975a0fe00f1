"""Take the steps of a document: its code blocks, read and executed in a scratch folder.

A block of ``sh`` is run, one line after the other.  A ``{code-block}`` with a ``:caption:`` says
what is in the file of that name: a file that is not there yet is written; of a ``.py`` that is
there, each function, class and name of the block takes the place of the one of that name, and
what is new is added; a ``.po`` grows; any other file becomes what the block says.
"""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^```(\{code-block\} )?(\w+)\n((?::\w+:[^\n]*\n)*)\n?(.*?)^```$", re.M | re.S)
CAPTION = re.compile(r"^:caption: (.+)$", re.M)
PATIENCE = 120  # seconds for a step
PROGRAMS = {
    "communicate": "from communicate.cli import main; main()",
    "pip": "import runpy; runpy.run_module('pip', run_name='__main__')",
    "pytest": "import pytest, sys; sys.exit(pytest.main())",
}
Node = ast.stmt


@dataclass(frozen=True)
class Step:
    """One block: what to run, or with a *path* what is in that file."""

    text: str
    path: str = ""


def steps(document: Path) -> Iterator[Step]:
    """Yield the steps of the Markdown *document*; other blocks only show something."""
    for named, language, options, text in FENCE.findall(document.read_text(encoding="utf-8")):
        caption = CAPTION.search(options)
        if named and caption:
            yield Step(text, caption[1].strip())
        elif language == "sh":
            yield Step(text)


class Scratch:
    """A folder with a virtual environment that sees what the running one has installed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.here = folder
        python = [sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")]
        subprocess.run(python, check=True, timeout=PATIENCE)  # noqa: S603
        packages = next((folder / "venv").glob("lib/python*/site-packages"))
        known = [path for path in sys.path if path.endswith("site-packages")]
        lines = [f"import site; site.addsitedir({path!r})" for path in known]
        (packages / "known.pth").write_text("\n".join(lines), encoding="utf-8")
        for name, code in PROGRAMS.items():
            program = folder / "venv" / "bin" / name
            start = f"#!{folder}/venv/bin/python -W ignore\n"
            program.write_text(f"{start}import sys\nsys.argv[0] = {name!r}\n{code}\n")
            program.chmod(0o700)

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment of a step: programs of the scratch folder first, pip off the network."""
        path = os.pathsep.join([str(self.folder / "venv" / "bin"), os.environ.get("PATH", "")])
        # pip reads this one the other way round: "0" switches isolation off.
        pip = {"PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_DEPS": "1", "PIP_NO_INDEX": "1"}
        return {**os.environ, **pip, "PATH": path, "PYTEST_ADDOPTS": "-p no:cacheprovider"}

    def take(self, step: Step) -> str:
        """Take *step*; return what it printed. Raise AssertionError where it fails."""
        if step.path:
            put(self.here / step.path, step.text)
            return ""
        # What a step leaves the shell in is where the next one begins.
        script = f"set -e\n{step.text}\npwd >{self.folder}/here\n"
        done = subprocess.run(  # noqa: S603
            ["/bin/sh", "-c", script],
            cwd=self.here,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"{step.text}\n{done.stdout}{done.stderr}")
        self.here = Path((self.folder / "here").read_text(encoding="utf-8").strip())
        return done.stdout


def put(path: Path, text: str) -> None:
    """Bring the file at *path* to what a block with its name says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    if old and path.suffix == ".py":
        text = spliced(old, text)
    elif old and path.suffix == ".po":
        text = f"{old}\n{text}"
    path.write_text(text, encoding="utf-8")


def spliced(old: str, new: str) -> str:
    """Return the module *old* with each function, class, name and import of *new* in it."""
    for node in ast.parse(new).body:
        piece = source(new, node)
        place = next((one for one in ast.parse(old).body if name(one) == name(node)), None)
        if isinstance(node, ast.Import | ast.ImportFrom):
            old = after_imports(old, piece)
        elif place is not None:
            old = old.replace(source(old, place), piece)
        else:
            old = f"{old.rstrip()}\n\n\n{piece}\n"
    return old


def after_imports(old: str, piece: str) -> str:
    """Return *old* with the import *piece* after its last import."""
    last = [n for n in ast.parse(old).body if isinstance(n, ast.Import | ast.ImportFrom)][-1]
    return old.replace(source(old, last), f"{source(old, last)}\n{piece}", 1)


def name(node: Node) -> str | None:
    """Return the name that the top-level *node* gives to something, or None."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return None


def source(text: str, node: Node) -> str:
    """Return the lines of *node* in *text*, its decorators with it."""
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(one.lineno for one in decorators)])
    return "\n".join(text.splitlines()[first - 1 : node.end_lineno])
