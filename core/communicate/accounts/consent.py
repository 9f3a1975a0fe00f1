"""What a person agreed to when the account was made: versions, when and how."""

from typing import Any

TERMS = 1
POLICY = 1


def consent(how: str, now: int) -> dict[str, Any]:
    """Return a record of agreeing to the present terms and policy.

    *how* is ``join``, ``invitation``, ``operator`` or ``first operator``; *now* is in
    milliseconds since 1970.
    """
    return {"terms": TERMS, "policy": POLICY, "at": now, "how": how}
