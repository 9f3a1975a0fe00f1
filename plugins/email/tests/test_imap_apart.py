"""What waits opens no transaction, and what a transaction does never waits, by construction.

A coroutine of IMAP or POP3 sees neither a request nor folders: it hands functions to
`Desk.work`, which calls each in a thread, from the begin of a transaction to its end.
"""

import ast
import inspect
from pathlib import Path

import pytest

from communicate_email import imap, pop3
from communicate_email.imap.desk import Desk

MODULES = sorted(
    path for package in (imap, pop3) for path in Path(package.__file__).parent.rglob("*.py")
)
IN_TRANSACTION = {"request", "folders", "boxes", "account"}
OPENING = {"work", "perform", "made_request"}  # called, not handed on


def own(function):
    """Yield the nodes of a coroutine, but for functions within it, which others call."""
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, ast.FunctionDef | ast.Lambda):
            yield node
            yield from own(node)


def faults(tree):
    """Yield where a coroutine of *tree* touches the tree, or a function hands a coroutine on."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.AsyncFunctionDef):
            continue
        for node in own(function):
            if isinstance(node, ast.Name) and node.id in IN_TRANSACTION:
                yield f"{function.name}:{node.lineno} sees {node.id}"
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in OPENING:
                yield f"{function.name}:{node.lineno} opens a transaction"
        if {one.arg for one in function.args.args} & IN_TRANSACTION:
            yield f"{function.name}:{function.lineno} is handed what a transaction has"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_coroutine_is_in_a_transaction(path):
    assert list(faults(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "text",
    [
        "async def f(request): await g()",
        "async def f(s):\n folders = Folders(s)\n await s.say(folders.all())",
        "async def f(s):\n return work(s.registry, g)",
        "async def f(s):\n with made_request(s.registry) as one: await s.say(b'')",
    ],
)
def test_one_that_were_would_be_found(text):
    assert list(faults(ast.parse(text)))


def test_what_is_done_in_a_transaction_is_called_in_a_thread():
    assert "run_in_executor" in inspect.getsource(Desk.apart)
    assert "self.apart" in inspect.getsource(Desk.work)
