"""Mail that members bring along: mbox files, Maildir folders in a ZIP, single messages.

`found_in` is pure: a file in, messages out, one by one.  Whoever asks keeps them.
"""

from communicate_email.importing.found import Found, Skipped
from communicate_email.importing.sources import found_in

__all__ = ["Found", "Skipped", "found_in"]
