"""Messages that others met with in the wild, kept beside the tests (from Ruby's ``mail``, MIT)."""

from pathlib import Path

ROOT = Path(__file__).with_name("mails")
FILES = {str(path.relative_to(ROOT)): path for path in sorted(ROOT.glob("*/*.eml"))}
