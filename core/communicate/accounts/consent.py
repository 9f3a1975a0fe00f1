"""What a person agreed to: versions of the terms and of the policy, when and how."""

from typing import Any

TERMS = 2  # one more whenever the terms say something else


def consent(how: str, now: int, registry: Any) -> dict[str, Any]:
    """Return a record of agreeing to the present terms and policy of the site of *registry*.

    *how* is ``join``, ``invitation``, ``operator``, ``first operator`` or, for what has changed
    since, ``read``; *now* is in milliseconds since 1970.
    """
    policy = getattr(registry, "communicate_policy", None)  # see `communicate.privacy.versions`
    return {"terms": TERMS, "policy": policy.number if policy else 1, "at": now, "how": how}
