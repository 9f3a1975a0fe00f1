"""Text messages: how quickly they are queued, and how quickly they leave.

``--only NAME`` measures one figure; the other options make smaller ones.
"""

import harness

PARTS = {"queue_vs_post": "sms_queue", "drain_vs_smpplib": "sms_drain"}
SIZES = {
    "queued": (10_000, "messages that are queued, and posts that are saved"),
    "drained": (2_000, "messages that leave, each turn"),
}

if __name__ == "__main__":
    harness.parts("sms", __doc__, PARTS, SIZES)
