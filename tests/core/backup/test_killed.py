"""kill -9 in the middle of a backup and of a restore."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_a_backup_or_a_restore_that_is_killed_costs_nothing_but_time(tmp_path):
    """See killed.py: the backup before stays whole; a half restored site is never opened."""
    program = Path(__file__).with_name("killed.py")
    command = [sys.executable, "-W", "ignore", str(program), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
