"""Why letters wait is told to operators in their language, whatever sending says."""

import ast
import re
from pathlib import Path
from string import Template

import pytest

from communicate_email import sending
from communicate_email.sending import reasons
from communicate_email.sending.results import answered

FOLDER = Path(sending.__file__).parent
MODULES = ("session.py", "ways.py", "settling.py")


def sentences():
    """Return what sending may say: what is given to ``Refusal`` second, gaps filled with x."""
    found = set()
    for name in MODULES:
        tree = ast.parse((FOLDER / name).read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refusal":
                found.update(filter(None, map(text, node.args[1:2])))
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "why":
                found.update(filter(None, [text(node.value)]))
    return sorted(found)


def text(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            text(each) if isinstance(each, ast.Constant) else "x" for each in node.values
        )
    return None


def test_all_that_sending_says_is_known():
    found = sentences()
    assert len(found) > 10
    assert [one for one in found if reasons.recognised(one) is None] == []
    refusal = answered(451, "4.3.0 full", "mx.elsewhere.example", "the recipient")
    assert reasons.recognised(refusal.why)[1]["code"] == "451"


@pytest.mark.parametrize("sentence", reasons.SENTENCES, ids=lambda one: str(one)[:30])
def test_each_sentence_is_its_own(sentence):
    gaps = {name: f"<{name}>" for name in re.findall(r"\$\{(\w+)\}", str(sentence))}
    found = reasons.recognised(Template(str(sentence)).substitute(gaps))
    assert found == (sentence, gaps)
