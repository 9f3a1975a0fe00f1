"""What the standards show of IMAP, and what is answered here.

Each conversation begins in an account of its own.  ``#`` stands for any number, ``~`` for anything
up to the end.  The last line of an answer is that of its command.  Where an answer is another one
than the standard shows, a remark says why that is right too.
"""

MEETING = (
    b"Date: Mon, 7 Feb 1994 21:52:25 -0800 (PST)\r\n"
    b"From: Fred Foobar <foobar@Blurdybloop.example>\r\n"
    b"Subject: afternoon meeting\r\n"
    b"To: mooch@owatagu.siam.edu.example\r\n"
    b"Message-Id: <B27397-0100000@Blurdybloop.example>\r\n"
    b"MIME-Version: 1.0\r\n"
    b"Content-Type: TEXT/PLAIN; CHARSET=US-ASCII\r\n"
    b"\r\n"
    b"Hello Joe, do you think we can meet at 3:30 tomorrow?\r\n"
)
SUMMARY = (
    b"Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\r\n"
    b"From: Terry Gray <gray@cac.washington.edu>\r\n"
    b"Subject: IMAP4rev2 WG mtg summary and minutes\r\n"
    b"To: imap@cac.washington.edu\r\n"
    b"cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>\r\n"
    b"Message-Id: <B27397-0100000@cac.washington.edu>\r\n"
    b"MIME-Version: 1.0\r\n"
    b"Content-Type: TEXT/PLAIN; CHARSET=US-ASCII\r\n"
    b"\r\n" + (b"y" * 31 + b"\r\n") * 91 + b"z" * 23 + b"\r\n"
)
RUSSIAN = MEETING.replace(b"US-ASCII", b"UTF-8").replace(b"Hello", "отпуск".encode())
NULS = (
    b"From: Fred Foobar <foobar@example.com>\r\nContent-Type: application/octet-stream\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\nYQBiAGM=\r\n"
)
FLAGS = "* FLAGS (~"
KEPT = "* OK [PERMANENTFLAGS (~"
ROOM = [f"CREATE {name}" for name in ("Fruit", "Fruit/Apple", "Fruit/Banana", "Tofu")]


def append(folder, message, flags="(\\Seen)"):
    """Return the command that appends *message*."""
    return (f"APPEND {folder} {flags} {{{len(message)}}}", message + b"\r\n")


def opened(count, *more):
    """Return what is told of a folder that is opened, as a client of IMAP4rev1 is told."""
    return [
        FLAGS, KEPT, f"* {count} EXISTS", *more, "* OK [UIDVALIDITY #]~", "* OK [UIDNEXT #]~",
        "* OK [HIGHESTMODSEQ #]~", "* OK [MAILBOXID (~",
    ]  # fmt: skip


CONVERSATIONS = {
    "9051, 6.1 to 6.2": [
        ("CAPABILITY", "* CAPABILITY IMAP4rev1 IMAP4rev2 ~", "OK~"),
        ("NOOP", "OK~"),
        ("LOGIN SMITH SESAME", "BAD~"),  # somebody has signed in already
        ("LOGOUT", "* BYE ~", "OK~"),
    ],
    "9051, 6.3.1 and RFC 5161": [
        ("ENABLE CONDSTORE X-GOOD-IDEA", "* ENABLED CONDSTORE", "OK~"),
        ("ENABLE X-GOOD-IDEA", "* ENABLED", "OK~"),
        ("ENABLE IMAP4rev2", "* ENABLED IMAP4rev2", "OK~"),
    ],
    "9051, 6.3.2 and 6.3.3": [
        ("CREATE blurdybloop", "OK [MAILBOXID (F~"),
        (append("blurdybloop", MEETING, "()"), "OK [APPENDUID # 1]~"),
        ("SELECT INBOX", *opened(0), "OK [READ-WRITE]~"),
        (
            "EXAMINE blurdybloop",
            "* OK [CLOSED]~",
            FLAGS,
            "* OK [PERMANENTFLAGS ()]~",
            *opened(1, "* OK [UNSEEN 1]~")[2:],
            "OK [READ-ONLY]~",
        ),
        ("STORE 1 +FLAGS (\\Deleted)", "NO [READ-ONLY]~"),
        ("EXPUNGE", "NO [READ-ONLY]~"),
        ("ENABLE IMAP4rev2", "* ENABLED IMAP4rev2", "OK~"),
        (
            "SELECT blurdybloop",
            "* OK [CLOSED]~",
            *opened(1),
            '* LIST () "/" blurdybloop',
            "OK [READ-WRITE]~",
        ),
    ],
    "9051, 6.3.4 and 6.3.5": [
        ("CREATE owatagusiam/", "OK~"),
        ("CREATE owatagusiam/blurdybloop", "OK~"),
        ("CREATE blurdybloop", "OK~"),
        ("CREATE foo", "OK~"),
        ("CREATE foo/bar", "OK~"),
        (
            'LIST "" *o*',
            '* LIST (\\HasNoChildren) "/" blurdybloop',
            '* LIST (\\HasChildren) "/" foo',
            '* LIST (\\HasNoChildren) "/" foo/bar',
            '* LIST (\\HasChildren) "/" owatagusiam',
            '* LIST (\\HasNoChildren) "/" owatagusiam/blurdybloop',
            "OK~",
        ),
        ("DELETE blurdybloop", "OK~"),
        ("DELETE foo", "NO [HASCHILDREN]~"),  # the standard lets it become \NoSelect, too
        ("DELETE foo/bar", "OK~"),
        ("DELETE foo", "OK~"),
        ("DELETE INBOX", "NO [CANNOT]~"),
    ],
    "9051, 6.3.6": [
        ("CREATE blurdybloop", "OK~"),
        (append("INBOX", MEETING), "OK~"),
        ("RENAME blurdybloop sarasoop", "OK~"),
        ("RENAME INBOX old-mail", "OK~"),
        ("STATUS INBOX (MESSAGES)", "* STATUS INBOX (MESSAGES 0)", "OK~"),
        ("STATUS old-mail (MESSAGES)", "* STATUS old-mail (MESSAGES 1)", "OK~"),
        ("RENAME sarasoop a/b/c", "OK~"),
        (
            'LIST "" a/*',
            '* LIST (\\HasChildren) "/" a/b',
            '* LIST (\\HasNoChildren) "/" a/b/c',
            "OK~",
        ),
    ],
    "9051, 6.3.7 to 6.3.10": [
        ("CREATE news", "OK~"),
        ("UNSUBSCRIBE news", "OK~"),
        ('LSUB "" new%', "OK~"),
        ("SUBSCRIBE news", "OK~"),
        ('LSUB "" new%', '* LSUB (\\HasNoChildren) "/" news', "OK~"),
        ("SUBSCRIBE #news.comp.mail.mime", "NO [NONEXISTENT]~"),  # "MAY validate"
        ('LIST "" ""', '* LIST (\\Noselect) "/" ""', "OK~"),
        ('LIST #news.comp.mail.misc ""', '* LIST (\\Noselect) "/" ""', "OK~"),
        ("NAMESPACE", '* NAMESPACE (("" "/")) NIL NIL', "OK~"),
    ],
    "9051, 6.3.11 and 6.3.12": [
        ("CREATE saved-messages", "OK~"),
        (append("saved-messages", MEETING), "OK [APPENDUID # 1]~"),
        ("STATUS saved-messages (UIDNEXT MESSAGES)",
         "* STATUS saved-messages (UIDNEXT 2 MESSAGES 1)", "OK~"),
        ("STATUS saved-messages (UIDVALIDITY UNSEEN DELETED SIZE)",
         f"* STATUS saved-messages (UIDVALIDITY # UNSEEN 0 DELETED 0 SIZE {len(MEETING)})", "OK~"),
        (append("nope", MEETING), "NO [TRYCREATE]~"),
        ("SELECT saved-messages", *opened(1), "OK~"),
        (append("saved-messages", MEETING), "* 2 EXISTS",
         "* 2 FETCH (UID 2 FLAGS (\\Seen))", "OK [APPENDUID # 2]~"),
        ("CREATE meeting", "OK~"),
        ("COPY 1:2 meeting", "OK [COPYUID # 1:2 1:2]~"),
        ("UID COPY 305:310 meeting", "OK ~"),
    ],
    "9051, 6.4.1 to 6.4.3": [
        *[(append("INBOX", MEETING), "OK~")] * 11,
        ("SELECT INBOX", *opened(11), "OK~"),
        ("STORE 3,4,7,11 +FLAGS.SILENT (\\Deleted)", "OK~"),
        ("UNSELECT", "OK~"),
        ("SELECT INBOX", *opened(11), "OK~"),
        # The standard's own order, 3 3 5 8, and ours name the same messages (7.5.1).
        ("EXPUNGE", "* 11 EXPUNGE", "* 7 EXPUNGE", "* 4 EXPUNGE", "* 3 EXPUNGE", "OK~"),
        ("STORE 1 +FLAGS.SILENT (\\Deleted)", "OK~"),
        ("UID EXPUNGE 3000:3002", "OK~"),
        ("CLOSE", "OK~"),
        ("STATUS INBOX (MESSAGES)", "* STATUS INBOX (MESSAGES 6)", "OK~"),
    ],
    "9051, 6.4.4": [
        ("ENABLE IMAP4rev2", "* ENABLED IMAP4rev2", "OK~"),
        (append("INBOX", MEETING, "(\\Flagged)"), "OK~"),
        (append("INBOX", MEETING.replace(b"Foobar", b"Smith"), "(\\Flagged)"), "OK~"),
        (append("INBOX", MEETING, "(\\Flagged \\Deleted)"), "OK~"),
        (append("INBOX", RUSSIAN, "(\\Seen)"), "OK~"),
        ("SELECT INBOX", *opened(4), '* LIST () "/" INBOX', "OK~"),
        ('SEARCH RETURN (MIN COUNT) FLAGGED SINCE 1-Feb-1994 NOT FROM "Smith"',
         '* ESEARCH (TAG "{tag}") MIN 1 COUNT 2', "OK~"),
        ('SEARCH RETURN () FLAGGED SINCE 1-Feb-1994 NOT FROM "Smith"',
         '* ESEARCH (TAG "{tag}") ALL 1,3', "OK~"),
        ('SEARCH TEXT "string not in mailbox"', '* ESEARCH (TAG "{tag}")', "OK~"),
        (("SEARCH CHARSET UTF-8 TEXT {12}", "отпуск".encode() + b"\r\n"),
         '* ESEARCH (TAG "{tag}") ALL 4', "OK~"),
        ("SEARCH RETURN (MIN) UNSEEN", '* ESEARCH (TAG "{tag}") MIN 1', "OK~"),
        ("UID SEARCH RETURN (MIN MAX) 1:5000", '* ESEARCH (TAG "{tag}") UID MIN 1 MAX 4', "OK~"),
        ("SEARCH RETURN (COUNT) DELETED", '* ESEARCH (TAG "{tag}") COUNT 1', "OK~"),
        ("UID SEARCH UID 559:*", '* ESEARCH (TAG "{tag}") UID ALL 4', "OK~"),
    ],
    "9051, 6.4.4.4 and RFC 5182": [
        (append("INBOX", MEETING, "(\\Flagged)"), "OK~"),
        (append("INBOX", MEETING.replace(b"Foobar", b"Smith"), "(\\Flagged)"), "OK~"),
        (append("INBOX", MEETING, "(\\Flagged)"), "OK~"),
        (append("INBOX", RUSSIAN, "(\\Seen)"), "OK~"),
        ("SELECT INBOX", *opened(4, "* OK [UNSEEN 1]~"), "OK~"),
        ('SEARCH RETURN (SAVE) FLAGGED SINCE 1-Feb-1994 NOT FROM "Smith"', "OK~"),
        ("FETCH $ (UID FLAGS)", "* 1 FETCH (UID 1 FLAGS (\\Flagged))",
         "* 3 FETCH (UID 3 FLAGS (\\Flagged))", "OK~"),
        ("UID SEARCH UID $ SMALLER 4096", "* SEARCH 1 3", "OK~"),
        ("UID SEARCH $ SMALLER 4096", "* SEARCH 1 3", "OK~"),
        ((b"SEARCH CHARSET UTF-8 (OR $ 1,4) TEXT {12+}\r\n" + "отпуск".encode(),),
         "* SEARCH 4", "OK~"),
        (("SEARCH RETURN (SAVE) CHARSET KOI8-R (OR $ 1,4) TEXT {4}", b"XXXX\r\n"),
         "NO [BADCHARSET (US-ASCII UTF-8)]~"),
        ("FETCH $ FLAGS", "OK~"),
        ("CREATE funny", "OK~"),
        ("COPY $ funny", "OK ~"),
    ],
    "9051, 6.4.5 to 6.4.9": [
        *[(append("INBOX", MEETING), "OK~")] * 4,
        ("SELECT INBOX", *opened(4), "OK~"),
        ("FETCH 2:3 (FLAGS BODY[HEADER.FIELDS (DATE FROM)])",
         *[
             f"* {number} FETCH (FLAGS (\\Seen) BODY[HEADER.FIELDS (DATE FROM)] {{94}}\r\n"
             "Date: Mon, 7 Feb 1994 21:52:25 -0800 (PST)\r\n"
             "From: Fred Foobar <foobar@Blurdybloop.example>\r\n\r\n)"
             for number in (2, 3)
         ], "OK~"),
        ("FETCH 1 BODY[]<0.2048>", f"* 1 FETCH (BODY[]<0> {{{len(MEETING)}}}~", "OK~"),
        ("FETCH 1 BODY[]<9999.10>", '* 1 FETCH (BODY[]<9999> {0}\r\n)', "OK~"),
        ("STORE 2:4 +FLAGS (\\Deleted)",
         *[f"* {number} FETCH (UID {number} FLAGS (\\Seen \\Deleted))" for number in (2, 3, 4)],
         "OK~"),
        ("CREATE foo", "OK~"),
        ("COPY 2:4 nowhere", "NO [TRYCREATE]~"),
        ("UID MOVE 2:3 foo", "* OK [COPYUID # 2:3 1:2]~", "* 3 EXPUNGE", "* 2 EXPUNGE", "OK~"),
        ("UID FETCH 1:4828442 FLAGS", "* 1 FETCH (UID 1 FLAGS (\\Seen))",
         "* 2 FETCH (UID 4 FLAGS (\\Seen \\Deleted))", "OK~"),
        # "moving a message to the currently selected mailbox … is allowed" (6.4.8)
        ("MOVE 1 INBOX", "* OK [COPYUID # 1 5]~", "* 1 EXPUNGE", "* 2 EXISTS",
         "* 2 FETCH (UID 5 FLAGS (\\Seen))", "OK~"),
    ],
    "9051, 8": [
        (append("INBOX", SUMMARY), "OK~"),
        ("SELECT INBOX", *opened(1), "OK~"),
        ("FETCH 1 FULL",
         '* 1 FETCH (FLAGS (\\Seen) INTERNALDATE "~" RFC822.SIZE # ENVELOPE ('
         '"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)" "IMAP4rev2 WG mtg summary and minutes" '
         '(("Terry Gray" NIL "gray" "cac.washington.edu")) '
         '(("Terry Gray" NIL "gray" "cac.washington.edu")) '
         '(("Terry Gray" NIL "gray" "cac.washington.edu")) '
         '((NIL NIL "imap" "cac.washington.edu")) '
         '((NIL NIL "minutes" "CNRI.Reston.VA.US")'
         '("John Klensin" NIL "KLENSIN" "MIT.EDU")) NIL NIL '
         '"<B27397-0100000@cac.washington.edu>") '
         'BODY ("text" "plain" ("charset" "US-ASCII") NIL NIL "7bit" 3028 92))', "OK~"),
        ("FETCH 1 BODY[HEADER]", "* 1 FETCH (BODY[HEADER] {342}~", "OK~"),
        ("STORE 1 +FLAGS \\Deleted", "* 1 FETCH (UID 1 FLAGS (\\Seen \\Deleted))", "OK~"),
        ("LOGOUT", "* BYE ~", "OK~"),
    ],
    "3501, 6.4.4": [
        (append("INBOX", MEETING, "(\\Flagged)"), "OK~"),
        ("SELECT INBOX", *opened(1, "* OK [UNSEEN 1]~"), "OK~"),
        ('SEARCH FLAGGED SINCE 1-Feb-1994 NOT FROM "Smith"', "* SEARCH 1", "OK~"),
        ('SEARCH TEXT "string not in mailbox"', "* SEARCH", "OK~"),
    ],
    "5258, 5": [
        *[(one, "OK~") for one in ROOM],
        *[(f"CREATE Vegetable{one}", "OK~") for one in ("", "/Broccoli", "/Corn")],
        *[(f"UNSUBSCRIBE {one}", "OK~") for one in (
            "Fruit", "Fruit/Apple", "Tofu", "Vegetable/Corn", "Archive", "Drafts", "Junk", "Sent",
            "Trash")],
        ('LIST (SUBSCRIBED) "" "*"',
         '* LIST (\\HasNoChildren \\Subscribed) "/" INBOX',
         '* LIST (\\HasNoChildren \\Subscribed) "/" Fruit/Banana',
         '* LIST (\\HasChildren \\Subscribed) "/" Vegetable',
         '* LIST (\\HasNoChildren \\Subscribed) "/" Vegetable/Broccoli', "OK~"),
        ('LIST () "" "F%" RETURN (CHILDREN)', '* LIST (\\HasChildren) "/" Fruit', "OK~"),
        ('LIST (REMOTE) "" "T%u" RETURN (CHILDREN)', '* LIST (\\HasNoChildren) "/" Tofu', "OK~"),
        ('LIST (REMOTE SUBSCRIBED) "" "V*"',
         '* LIST (\\HasChildren \\Subscribed) "/" Vegetable',
         '* LIST (\\HasNoChildren \\Subscribed) "/" Vegetable/Broccoli', "OK~"),
        ('LIST "" ("INBOX" "Drafts" "Fruit/%")',
         '* LIST (\\HasNoChildren) "/" INBOX',
         '* LIST (\\HasNoChildren \\Drafts) "/" Drafts',
         '* LIST (\\HasNoChildren) "/" Fruit/Apple',
         '* LIST (\\HasNoChildren) "/" Fruit/Banana', "OK~"),
        ('LIST (SUBSCRIBED RECURSIVEMATCH) "" "F%"',
         '* LIST (\\HasChildren) "/" Fruit ("CHILDINFO" ("SUBSCRIBED"))', "OK~"),
        ("SUBSCRIBE Fruit", "OK~"),
        ('LIST (SUBSCRIBED RECURSIVEMATCH) "" "F%"',
         '* LIST (\\HasChildren \\Subscribed) "/" Fruit ("CHILDINFO" ("SUBSCRIBED"))', "OK~"),
        ("UNSUBSCRIBE Fruit/Banana", "OK~"),
        ('LIST (SUBSCRIBED RECURSIVEMATCH) "" "F%" RETURN (CHILDREN)',
         '* LIST (\\HasChildren \\Subscribed) "/" Fruit', "OK~"),
        ('LIST (RECURSIVEMATCH) "" "*"', "BAD~"),
        ('LIST (SPECIAL-USE) "" "S*"', '* LIST (\\HasNoChildren \\Sent) "/" Sent', "OK~"),
    ],
    "5819, 3": [
        ("CREATE foo", "OK~"),
        ("CREATE foo/bar", "OK~"),
        ("UNSUBSCRIBE foo", "OK~"),
        (append("INBOX", MEETING, "()"), "OK~"),
        ('LIST "" (INBOX foo) RETURN (STATUS (MESSAGES UNSEEN))',
         '* LIST (\\HasNoChildren) "/" INBOX', "* STATUS INBOX (MESSAGES 1 UNSEEN 1)",
         '* LIST (\\HasChildren) "/" foo', "* STATUS foo (MESSAGES 0 UNSEEN 0)", "OK~"),
        ('LIST (SUBSCRIBED RECURSIVEMATCH) "" (INBOX foo) RETURN (STATUS (MESSAGES))',
         '* LIST (\\HasNoChildren \\Subscribed) "/" INBOX', "* STATUS INBOX (MESSAGES 1)",
         '* LIST (\\HasChildren) "/" foo ("CHILDINFO" ("SUBSCRIBED"))', "OK~"),
    ],
    "4315, 3 and RFC 6851, 3": [
        ("CREATE meeting", "OK~"),
        *[(append("INBOX", MEETING, "()"), "OK [APPENDUID # #]~")] * 4,
        ("SELECT INBOX", *opened(4, "* OK [UNSEEN 1]~"), "OK~"),
        ("COPY 2:4 meeting", "OK [COPYUID # 2:4 1:3]~"),
        ("UID COPY 305:310 meeting", "OK ~"),
        ("STORE 2:4 +FLAGS.SILENT (\\Deleted)", "OK~"),
        ("UID EXPUNGE 3:3000", "* 4 EXPUNGE", "* 3 EXPUNGE", "OK~"),
        ("UID MOVE 2 meeting", "* OK [COPYUID # 2 4]~", "* 2 EXPUNGE", "OK~"),
    ],
    "3502, 6.3.11": [
        ("CREATE saved-messages", "OK~"),
        ((f"APPEND saved-messages (\\Seen) {{{len(MEETING)}}}",
          MEETING + b' (\\Seen) " 7-Feb-1994 22:43:04 -0800" {%d+}\r\n' % len(RUSSIAN)
          + RUSSIAN + b"\r\n"), "OK [APPENDUID # 1:2]~"),
        ("EXAMINE saved-messages", *opened(2), "OK~"),
        ("FETCH 2 INTERNALDATE", '* 2 FETCH (INTERNALDATE " 8-Feb-1994 06:43:04 +0000")', "OK~"),
    ],
    "8474, 4 to 6": [
        ("CREATE foo", "OK [MAILBOXID (F~"),
        ("CREATE bar", "OK [MAILBOXID (F~"),
        ("CREATE foo", "NO [ALREADYEXISTS]~"),
        ("STATUS foo (MAILBOXID)", "* STATUS foo (MAILBOXID (F~", "OK~"),
        ("RENAME foo renamed", "OK~"),
        ('LIST "" bar RETURN (STATUS (MAILBOXID))', '* LIST (\\HasNoChildren) "/" bar',
         "* STATUS bar (MAILBOXID (F~", "OK~"),
        (append("INBOX", MEETING), "OK~"),
        ("EXAMINE INBOX", *opened(1), "OK~"),
        ("FETCH 1 (EMAILID THREADID)", "* 1 FETCH (EMAILID (M~", "OK~"),
        ("SEARCH EMAILID Mnope", "* SEARCH", "OK~"),
    ],
    "9208, 4": [
        ('GETQUOTA ""', '* QUOTA "" (STORAGE # #)', "OK~"),
        ("GETQUOTA !partition/sda4", "NO [NONEXISTENT]~"),
        ("GETQUOTAROOT INBOX", '* QUOTAROOT INBOX ""', '* QUOTA "" (STORAGE # #)', "OK~"),
        ("GETQUOTAROOT not-there", '* QUOTAROOT not-there ""', '* QUOTA "" (STORAGE # #)', "OK~"),
        ('SETQUOTA "" (STORAGE 510)', "BAD~"),  # QUOTASET is not offered
        (append("INBOX", MEETING, "(\\Deleted)"), "OK~"),
        ("STATUS INBOX (MESSAGES DELETED DELETED-STORAGE)",
         f"* STATUS INBOX (MESSAGES 1 DELETED 1 DELETED-STORAGE {len(MEETING)})", "OK~"),
    ],
    "7889, 2 to 4": [
        ("STATUS INBOX (APPENDLIMIT)", "* STATUS INBOX (APPENDLIMIT 26214400)", "OK~"),
        ("APPEND INBOX {26214401}", "NO [TOOBIG]~"),
    ],
    "3516, 4.2 and 4.3": [
        (append("INBOX", NULS), "OK~"),
        (append("INBOX", NULS.replace(b"base64", b"x-nobody")), "OK~"),
        ("EXAMINE INBOX", *opened(2), "OK~"),
        ("FETCH 1 BINARY.SIZE[1]", "* 1 FETCH (BINARY.SIZE[1] 5)", "OK~"),
        ("FETCH 1 BINARY[1]", "* 1 FETCH (BINARY[1] ~{5}\r\na\0b\0c)", "OK~"),
        ("FETCH 1 BINARY[1]<2.1>", "* 1 FETCH (BINARY[1]<2> {1}\r\nb)", "OK~"),
        ("FETCH 2 BINARY.SIZE[1]", "NO [UNKNOWN-CTE]~"),
        ("FETCH 2 BINARY[1]", "NO [UNKNOWN-CTE]~"),
        ("FETCH 2 BODY[1]", "* 2 FETCH (BODY[1] {10}\r\nYQBiAGM=\r\n)", "OK~"),
        ("FETCH 2 BODY",
         '* 2 FETCH (BODY ("application" "octet-stream" NIL NIL NIL "x-nobody" 10))', "OK~"),
    ],
    "9051, 5.1": [
        ("CREATE &AMk-t&AOk-", "OK~"),
        ('LIST "" "&AMk-t%"', '* LIST (\\HasNoChildren) "/" &AMk-t&AOk-', "OK~"),
        ("ENABLE IMAP4rev2", "* ENABLED IMAP4rev2", "OK~"),
        ('LIST "" "Ét%"', '* LIST (\\HasNoChildren) "/" "Été"', "OK~"),
        ('STATUS "Été" (MESSAGES)', '* STATUS "Été" (MESSAGES 0)', "OK~"),
    ],
    "9051, 6.4.4: the author's day": [
        (append("INBOX", MEETING.replace(b"21:52:25 -0800", b"23:30:00 -0800")), "OK~"),
        (append("INBOX", MEETING.replace(b"21:52:25 -0800", b"00:30:00 +0800")), "OK~"),
        ("EXAMINE INBOX", *opened(2), "OK~"),
        ("SEARCH SENTON 7-Feb-1994", "* SEARCH 1 2", "OK~"),
        ("SEARCH SENTBEFORE 7-Feb-1994", "* SEARCH", "OK~"),
        ("SEARCH SENTSINCE 8-Feb-1994", "* SEARCH", "OK~"),
    ],
    "6855, 3 and 4": [
        ("ENABLE UTF8=ACCEPT", "* ENABLED UTF8=ACCEPT", "OK~"),
        ('CREATE "Été"', "OK~"),
        ('LIST "" "Ét%"', '* LIST (\\HasNoChildren) "/" "Été"', "OK~"),
        ((f"APPEND INBOX UTF8 (~{{{len(RUSSIAN)}}}", RUSSIAN + b")\r\n"), "OK~"),
        ((b'SELECT "\xff"',), "BAD~"),
        # "SHOULD reject": a client that says what is true is understood
        ("SELECT INBOX", *opened(1, "* OK [UNSEEN 1]~"), "OK~"),
        ("SEARCH CHARSET UTF-8 TEXT hello", "* SEARCH", "OK~"),
    ],
    "5530, 3": [
        ("SELECT nope", "NO [NONEXISTENT]~"),
        ("CREATE INBOX", "NO [ALREADYEXISTS]~"),
        ("RENAME Drafts x", "NO [CANNOT]~"),
        ("AUTHENTICATE PLAIN", "BAD~"),  # somebody has signed in already
    ],
    "2177, 3": [
        ("SELECT INBOX", *opened(0), "OK~"),
        (("IDLE", b"DONE\r\n"), "OK~"),
        (("IDLE", b"NOOP\r\n"), "BAD~"),
    ],
    "2971, 3": [
        ('ID ("name" "sodr" "version" "19.34" "vendor" "Pink Floyd Music Limited")',
         '* ID ("name" "2 Communicate")', "OK~"),
        ("ID NIL", '* ID ("name" "2 Communicate")', "OK~"),
    ],
}  # fmt: skip
