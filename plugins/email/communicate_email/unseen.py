"""Signs in texts of messages that nobody sees, and that turn what is read."""

import re

_TURNING = re.compile("[\x00-\x08\x0e-\x1b\x7f\u202a-\u202e]")


def straight(text: str) -> str:
    """Return *text* without signs that have letters stand backwards: ``gpj.exe`` as ``exe.jpg``.

    Writings that go from right to left need none of them: their letters know it.
    """
    return _TURNING.sub("", text)
