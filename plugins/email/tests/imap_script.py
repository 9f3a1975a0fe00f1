"""What is said to Dovecot and to us alike, and why some answers differ."""

from .collection import FILES
from .reading_site import letter


def crlf(octets):
    """Return *octets* with the line ends that APPEND is to have."""
    return octets.replace(b"\r\n", b"\n").replace(b"\r", b"").replace(b"\n", b"\r\n")


WILD = (
    "attachment_emails/attachment_message_rfc822.eml",
    "attachment_emails/attachment_pdf.eml",
    "attachment_emails/attachment_content_disposition.eml",
    "mime_emails/raw_email2.eml",
    "mime_emails/raw_email7.eml",
    "mime_emails/raw_email11.eml",
    "multipart_report_emails/report_422.eml",
)
MAILS = [
    letter("Zinnias & co", "Un mot.\r\n.\r\nDeux.", Message_ID="<1@x.example>"),
    letter("Re: Ail", "Plantons.", sender='"Ana, B" <ana@x.example>'),
    letter("=?utf-8?q?=C3=89t=C3=A9?=", "Chaud.", Cc="paul@x.example, Zoe <zoe@y.example>"),
    *(crlf(FILES[name].read_bytes()) for name in WILD if name in FILES),
]
NUMBERS = range(1, len(MAILS) + 1)
ITEMS = (
    "ENVELOPE",
    "BODYSTRUCTURE",
    "BODY",
    "(UID FLAGS INTERNALDATE RFC822.SIZE)",
    "BODY.PEEK[]",
    "BODY.PEEK[]<5.20>",
    "BODY.PEEK[HEADER]",
    "BODY.PEEK[TEXT]",
    "BODY.PEEK[HEADER.FIELDS (SUBJECT FROM X-NONE)]",
    "BODY.PEEK[HEADER.FIELDS.NOT (RECEIVED SUBJECT)]",
    "BODY.PEEK[1]",
    "BODY.PEEK[2]",
    "BODY.PEEK[1.MIME]",
    "BODY.PEEK[2.HEADER]",
    "BINARY.PEEK[1]",
    "BINARY.SIZE[1]",
    "RFC822.HEADER",
)
FETCHES = [f"FETCH {number} {item}" for item in ITEMS for number in NUMBERS]
SEARCHES = [
    f"{uid}SEARCH {key}"
    for uid in ("", "UID ")
    for key in (
        "ALL", "1", "2:3", "*", "1:*", "UID 2", "UID 5:*", "NOT 1", "OR 1 2", "(1:4 2:9)", "SEEN",
        "UNSEEN", "FLAGGED", "ANSWERED", "DELETED", "DRAFT", "KEYWORD none", "UNKEYWORD none",
        "LARGER 1000", "SMALLER 1000", "SUBJECT zin", "SUBJECT ZINNIAS", "FROM ana", "FROM luce",
        "TO ines", "CC zoe", "BCC x", "BODY deux", "TEXT mot", "TEXT luce", "HEADER Message-ID x",
        'HEADER Cc ""', "HEADER X-Nothing x", "ON 2-Feb-2026", "BEFORE 3-Feb-2026",
        "SINCE 3-Feb-2026", "SENTON 2-Feb-2026", "SENTBEFORE 1-Jan-2010", "SENTSINCE 1-Jan-2010",
        'SUBJECT "zinnias & co"', "NOT SUBJECT zin FROM luce", "OR SUBJECT zin SUBJECT ail",
        "CHARSET UTF-8 SUBJECT ail", "RETURN (MIN) 2:5", "RETURN (MAX) ALL", "RETURN (COUNT) ALL",
        "RETURN () 2:4", "RETURN (MIN MAX COUNT ALL) 3:4", "RETURN (ALL) KEYWORD none", "99",
    )
]  # fmt: skip
SORTS = [
    f"SORT ({order}) UTF-8 {key}"
    for order in ("ARRIVAL", "REVERSE ARRIVAL", "SIZE", "REVERSE SIZE SUBJECT", "SUBJECT", "FROM",
                  "TO ARRIVAL", "CC ARRIVAL", "DATE", "REVERSE DATE")
    for key in ("1:3", "ALL")
]  # fmt: skip
STORES = [
    "STORE 1 +FLAGS (\\Flagged)", "STORE 1 -FLAGS \\Flagged", "STORE 2:3 FLAGS (\\Answered)",
    "STORE 2 +FLAGS.SILENT (\\Draft)", "FETCH 2 FLAGS", "STORE 1:3 FLAGS ()",
    "UID STORE 3 +FLAGS (\\Seen)", "UID STORE 99 +FLAGS (\\Seen)", "STORE 99 +FLAGS (\\Seen)",
    "STORE 1 +FLAGS ($Forwarded)", "SEARCH KEYWORD $Forwarded", "SEARCH KEYWORD $forwarded",
    "STORE 1 -FLAGS ($Forwarded)", "SEARCH UNSEEN", "STORE 1:* +FLAGS.SILENT (\\Seen)",
    "FETCH 1 BODY[1]", "FETCH 1 (FLAGS)", "STORE 1 -FLAGS.SILENT (\\Seen)", "FETCH 1 BODY[TEXT]",
    "FETCH 1 FLAGS", "STORE 1 FLAGS.SILENT (\\Seen)", "FETCH 1 RFC822.SIZE",
    "STORE 1 +FLAGS (\\Recent)", "STORE 1 +FLAGS (\\Nothing)", "UID FETCH 2:3 (FLAGS)",
]  # fmt: skip
FOLDERS = [
    ("CREATE Voyages",), ("CREATE Voyages",), ("CREATE Voyages/Lisbonne",),
    ("CREATE &AMk-t&AOk-",),
    ('CREATE "Avec blanc"',), ("CREATE INBOX",), ("CREATE inbox",), ('LIST "" *',), ('LIST "" %',),
    ('LIST "" Voyages/%',), ('LIST "Voyages/" %',), ('LIST "" v*',), ('LIST "" inbox',),
    ('LIST "" I*',), ('LIST "" "*o*"',), ('LIST "" ""',), ('LIST "" nope',),
    # What one makes is subscribed here, and not with Dovecot; so it is said of each.
    ("SUBSCRIBE Voyages",), ("SUBSCRIBE Voyages/Lisbonne",), ("SUBSCRIBE &AMk-t&AOk-",),
    ('SUBSCRIBE "Avec blanc"',), ("SUBSCRIBE INBOX",), ('LSUB "" *',), ('LSUB "" %',),
    ('LSUB "" V*',), ('UNSUBSCRIBE "Avec blanc"',), ('LSUB "" A*',), ('LSUB "" Voyages/%',),
    ('LIST (SUBSCRIBED) "" *',), ('LIST (SUBSCRIBED) "" %',), ('LIST "" * RETURN (SUBSCRIBED)',),
    ("UNSUBSCRIBE Voyages",), ('LIST (SUBSCRIBED RECURSIVEMATCH) "" %',), ('LSUB "" V%',),
    ("SUBSCRIBE Voyages",), ('SUBSCRIBE "Avec blanc"',), ('LIST "" (Voyages INBOX)',),
    ('LIST (SUBSCRIBED) "" A*',),
    ('LIST "" A* RETURN (SUBSCRIBED)',), ('LIST "" Voyages RETURN (CHILDREN)',),
    ('LIST "" Voyages/* RETURN (STATUS (MESSAGES UNSEEN))',), ('LIST (SPECIAL-USE) "" *',),
    ('LIST "" S* RETURN (SPECIAL-USE)',), ("STATUS Voyages (MESSAGES)",),
    ("STATUS Voyages (MESSAGES UIDNEXT UNSEEN)",), ("STATUS nope (MESSAGES)",),
    ("STATUS Voyages ()",), ("STATUS Voyages (NOPE)",), ("RENAME Voyages/Lisbonne Voyages/Porto",),
    ('LIST "" Voyages/*',), ("RENAME Voyages Vacances",), ('LIST "" V*',), ("RENAME nope x",),
    ("RENAME Vacances INBOX",), ("DELETE Vacances/Porto",), ("DELETE nope",), ("DELETE INBOX",),
    ("EXAMINE Vacances",), ("SELECT nope",), ("CHECK",), ("SELECT Vacances",), ("FETCH 1 FLAGS",),
    ("UID FETCH 1:* FLAGS",), ("SEARCH ALL",), ("EXPUNGE",), ("CLOSE",), ("FETCH 1 FLAGS",),
    ("SELECT INBOX",), ("UNSELECT",), ("SEARCH ALL",), ("SELECT INBOX",), ("NAMESPACE",),
]  # fmt: skip
MOVES = [
    ("COPY 1:2 Vacances",), ("STATUS Vacances (MESSAGES UIDNEXT)",), ("UID COPY 3 Vacances",),
    ("COPY 99 Vacances",), ("UID COPY 99 Vacances",), ("COPY 1 nope",), ("MOVE 1 nope",),
    ("APPEND Vacances (\\Deleted) {4}", b"a: b\r\n"), ("APPEND nope {4}", b"a: b\r\n"),
    ("APPEND Vacances {6}", b"a: b\r\n\r\n"), ("SELECT Vacances",), ("FETCH 1:* UID",),
    ("STORE 2 +FLAGS.SILENT (\\Deleted)",), ("UID EXPUNGE 99",), ("UID EXPUNGE 2",), ("NOOP",),
    ("FETCH 1:* (UID FLAGS)",), ("EXPUNGE",), ("FETCH 1:* UID",), ("MOVE 1 Archive",),
    ("FETCH 1:* UID",), ("UID MOVE 99 Archive",), ("UID MOVE 1:* Archive",), ("FETCH 1 UID",),
    ("STATUS Archive (MESSAGES UIDNEXT)",), ("SELECT INBOX",),
]  # fmt: skip
BAD = [
    "BOGUS", "FETCH", "FETCH 1", "FETCH 1 NOPE", "FETCH 0 FLAGS", "FETCH a FLAGS", "FETCH 1 BODY[",
    "FETCH 1 BODY[]<1>", "SEARCH", "SEARCH NOPE", "SEARCH SUBJECT", "SEARCH (1", "SEARCH OR 1",
    "SEARCH CHARSET KOI8-R ALL", "STORE", "STORE 1", "STORE 1 NOPE ()", "STORE 1 FLAGS", "COPY 1",
    "LIST", 'LIST ""', "STATUS INBOX", "SELECT", "CREATE", "RENAME x", "LOGIN ines x", "STARTTLS",
    "UID", "UID NOOP", "UID FETCH", "APPEND INBOX", "ENABLE", "NOOP now", "SORT",
    "SORT (NOPE) UTF-8 ALL", "SORT (DATE) KOI8-R ALL", "FETCH 1 (FLAGS", "NOOP", "CAPABILITY x",
]  # fmt: skip
SCRIPT = [
    ("EXAMINE INBOX",),
    ("SELECT INBOX",),
    *((one,) for one in (*FETCHES, *SEARCHES, *SORTS, *STORES)),
    *FOLDERS,
    *MOVES,
    *((each,) for one in BAD for each in (one, "NOOP")),
]
# Why answers differ: commands, and what the standards say of it.
EXPLAINED = {
    r"^FETCH 9 ENVELOPE": "an address without a host has an empty one here; Dovecot makes one up",
    r"^FETCH (6|8|10) BODY(STRUCTURE)?$": "RFC 9051, 7.5.2: parameters are those of the message; "
    "Dovecot adds the charset that RFC 2045, 5.2 has by default",
    r"FIELDS.NOT": "RFC 5322: a line of mbox's, ``From``, is no field",
    r"^FETCH \d+ BODY.PEEK\[2(.HEADER)?\]": "RFC 9051, 6.4.5: a part that there is not is NIL",
    r"^FETCH 8 BINARY": "RFC 3516, 4.2: a part of several parts has no encoding to be taken away",
    r"^SEARCH KEYWORD none": "RFC 9051, 7.3.5: asking for a keyword makes none",
    r"\\(Recent|Nothing)\)": "both refuse: NO, for the command can be read",
    r'^LIST "" "\*o\*"': "RFC 9051, 6.3.9: the inbox is listed where INBOX, so written, matches",
    r"^STORE 1 \+FLAGS \(\$Forwarded\)": "this keyword is known from the beginning",
    r"BODY\[\]<1>": "RFC 9051, 9: a part of octets has its length",
    r"KOI8-R": "RFC 9051, 6.4.4: an encoding that is not known is answered with BADCHARSET",
    r"^STORE 1 FLAGS$": "RFC 9051, 9: flags are a list, or one and more",
    r"^SELECT$": "what cannot be read closes nothing",
    r"^ENABLE$|^NOOP now|^CAPABILITY x": "RFC 9051, 9: these are not given so",
}
