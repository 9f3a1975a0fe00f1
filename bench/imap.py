"""IMAP beside Dovecot, the same script to both; a large mailbox, and many clients that wait.

``--only NAME`` measures one figure; the other options make smaller ones.
"""

import harness

PARTS = {
    **dict.fromkeys(("append", "envelopes", "bodies", "copy", "noop"), "imap_rates"),
    **dict.fromkeys(("flags_seconds", "select_seconds", "stall_seconds", "idle_mb"), "imap_large"),
}
SIZES = {
    "messages": (1_000, "of 2 KB, each turn"),
    "large": (20_000, "messages of a large mailbox"),
    "clients": (1_000, "that wait"),
}

if __name__ == "__main__":
    harness.parts("imap", __doc__, PARTS, SIZES)
