"""Compiled templates are kept, whatever the conftests load first."""

import os
import subprocess
import sys


def test_a_conftest_that_loads_chameleon_finds_where_to_keep_them(tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "conftest.py").write_text("import chameleon.config as loaded\n")
    (tmp_path / "test_it.py").write_text(
        "from chameleon.config import CACHE_DIRECTORY as kept\n\n"
        "def test_it(pytestconfig):\n"
        "    assert kept == str(pytestconfig.rootpath / '.pytest_cache' / 'chameleon')\n"
    )
    environ = {name: value for name, value in os.environ.items() if name != "CHAMELEON_CACHE"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "test_it.py"],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
