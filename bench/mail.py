"""E-mail: what comes in, lists as mailboxes grow, searches, imports.

``--only NAME`` measures one figure; the other options make smaller ones.
"""

import harness

PARTS = {
    "receive_vs_files": "mail_receiving",
    "import_vs_parse": "mail_import",
    "list_growth": "mail_list",
    "list_vs_bare": "mail_list",
    "search_seconds": "mail_store",
}
SIZES = {
    "messages": (2_000, "that come in, each turn"),
    "large": (100_000, "messages of a large mailbox"),
    "searched": (20_000, "messages that are searched"),
    "imported": (10_000, "messages that are imported"),
}

if __name__ == "__main__":
    harness.parts("mail", __doc__, PARTS, SIZES)
