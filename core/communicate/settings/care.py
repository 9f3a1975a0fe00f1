"""Declare how long what staff do and decide lasts, and how new accounts are held back."""

from colander import Int, Range, SchemaNode

from communicate.settings.nodes import node
from communicate.settings.types import Size


def days(key: str, what: str, missing: int, low: int = 1, high: int = 366) -> SchemaNode:
    """Return the node of a number of days."""
    sentence = f"Write {what}, from {low} to {high}."
    return node(Int(), key, sentence, missing=missing, validator=Range(low, high))


def nodes() -> list[SchemaNode]:
    """Return the nodes in the order in which they are read."""
    return [
        days("communicate.case_days", "how many days a case may last at most", 30),
        days(
            "communicate.report_days",
            "after how many days what was reported is destroyed, once decided",
            180,
        ),
        days(
            "communicate.request_days",
            "after how many days an answered request for deletion is destroyed",
            30,
        ),
        days("communicate.draft_days", "after how many days an untouched draft is destroyed", 30),
        node(
            Int(),
            "communicate.attachments",
            "Write how many files can be attached to one thing, from 1 to 100.",
            missing=10,
            validator=Range(1, 100),
        ),
        node(
            Size(),
            "communicate.attachment_size",
            "Write the largest file that can be attached, such as 8 MB.",
            missing=8 * 2**20,
        ),
        node(
            Size(),
            "communicate.quota",
            "Write how much each member may store in all services together, such as 5 GB; 0 for "
            "as much as there is room for.",
            missing=5 * 2**30,
        ),
        days("communicate.suspension_days", "how many days a suspension may last at most", 366),
        days(
            "communicate.new_account_days",
            "for how many days an account is new and held back; 0 for none",
            3,
            low=0,
        ),
    ]
