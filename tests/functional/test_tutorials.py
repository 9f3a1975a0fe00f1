"""The tutorials are true: every step that they show is taken, in a folder of its own."""

import re
import subprocess
from pathlib import Path

import pytest

from communicate.testing.client import Client
from communicate.testing.document import Scratch, Step, spliced, steps
from communicate.testing.server import free_port, listening

TUTORIALS = Path(__file__).parents[2] / "docs" / "tutorial"
SERVE = "communicate serve\n"
PASSWORD = "le tilleul penche vers le canal"


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return Scratch(tmp_path_factory.mktemp("tutorial"))


class Taken:
    """A tutorial whose steps were all taken: what each printed, and the site that serves."""

    def __init__(self, scratch, name):
        scratch.here = scratch.folder
        self.printed = ""
        self.site = None
        for step in steps(TUTORIALS / f"{name}.md"):
            serves = not step.path and step.text.endswith(SERVE)
            self.printed += scratch.take(Step(step.text.removesuffix(SERVE)) if serves else step)
            if serves:
                self.serve(scratch)

    def serve(self, scratch):
        self.port = free_port()
        self.site = subprocess.Popen(
            ["communicate", "serve", "--listen", f"127.0.0.1:{self.port}"],
            cwd=scratch.here,
            env={**scratch.environ, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert listening(self.port, self.site)


@pytest.fixture(scope="module")
def take(scratch):
    """Return what takes a tutorial; what it serves ends with the tests of this file."""
    taken = []

    def take(name):
        taken.append(Taken(scratch, name))
        return taken[-1]

    yield take
    for one in taken:
        one.site.terminate()
        one.site.wait(30)


@pytest.fixture(scope="module")
def taken(take):
    return take("plugin")


@pytest.fixture(scope="module")
def browser(take):
    browser = Client(take("theme").port)
    yield browser
    browser.close()


class TestPlugin:
    @pytest.mark.slow
    def test_its_tests_pass_at_the_beginning_and_at_the_end(self, taken):
        assert re.findall(r"(\d+) passed", taken.printed) == ["5", "7"]

    def test_the_site_lists_it(self, taken):
        assert "tools\tenabled" in taken.printed

    def test_a_member_lends_a_tool_on_the_site_that_it_serves(self, taken):
        browser = Client(taken.port)
        browser.sign_in("ines", PASSWORD)
        sent = browser.submit("/tools", words="Escabeau", place="Cave du 3")
        assert sent.status == 303
        page = browser.get("/tools")
        assert "Escabeau" in page
        assert "Le reprendre" in page
        assert "Outils à emprunter" in browser.get("/")
        browser.close()


class TestTheme:
    def test_the_site_wears_it(self, browser):
        page = browser.get("/terms")
        assert "bi-pencil" in page
        style = re.search(r"/static/communicate/\w+/theme\.css", page)[0]
        assert "#7a3b12" in browser.get(style)


class TestSplicing:
    OLD = "import os\n\nX = 1\n\n\n@mark\ndef one():\n    return 1\n\n\ndef two():\n    return 2\n"

    def test_what_has_a_name_takes_its_place(self):
        new = "X = 2\n\ndef one():\n    return 11\n"
        assert spliced(self.OLD, new) == (
            "import os\n\nX = 2\n\n\ndef one():\n    return 11\n\n\ndef two():\n    return 2\n"
        )

    def test_what_is_new_goes_to_the_end_and_imports_to_the_others(self):
        done = spliced(self.OLD, "import re\n\ndef three():\n    return 3\n")
        assert done.startswith("import os\nimport re\n")
        assert done.endswith("\n\n\ndef three():\n    return 3\n")

    def test_a_step_that_fails_says_what_it_was(self, scratch):
        with pytest.raises(AssertionError, match="exit 3"):
            scratch.take(Step("exit 3\n"))
