"""What programs with windows are known to say, which no test can drive.

They are written as those programs write them: in their case, with their lists of fields, which
are put in for ``@thunderbird`` and the like, as is the length of a draft for ``@draft``.
"""

FIELDS = {
    "thunderbird": "From To Cc Bcc Subject Date Message-ID Priority X-Priority References "
    "Newsgroups In-Reply-To Content-Type Reply-To List-Unsubscribe Received",
    "apple": "date subject from to cc message-id in-reply-to references content-type x-priority "
    "x-uniform-type-identifier x-universally-unique-identifier list-id list-unsubscribe "
    "bimi-indicator bimi-location x-bimi-indicator-hash authentication-results dkim-signature",
    "k9": "date subject from content-type to reply-to in-reply-to references sender cc bcc "
    "list-unsubscribe x-original-to autocrypt message-id",
}
DRAFT = "Subject: Brouillon\r\n\r\nUn mot.\r\n"
THUNDERBIRD = """
capability
ID ("name" "Thunderbird" "version" "128.5.0")
namespace
ENABLE UTF8=ACCEPT
list (subscribed) "" "*" return (special-use)
list "" "INBOX"
select "INBOX" (CONDSTORE)
getquotaroot "INBOX"
UID fetch 1:* (FLAGS)
UID fetch 1:3 (UID RFC822.SIZE FLAGS BODY.PEEK[HEADER.FIELDS (@thunderbird)])
uid fetch 1:* (FLAGS) (CHANGEDSINCE 1)
UID fetch 1 (UID BODYSTRUCTURE)
UID fetch 2 (UID RFC822.SIZE BODY[]<0.16384>)
UID fetch 3 (BODY.PEEK[1.MIME] BODY.PEEK[1])
uid store 1 +FLAGS (\\Seen)
uid store 1 +Flags (NonJunk)
uid store 1 -Flags (Junk)
uid store 2 +FLAGS ($label1 \\Flagged)
STATUS "Sent" (UIDNEXT MESSAGES UNSEEN RECENT)
create "Chantiers/Été"
subscribe "Chantiers/Été"
list "" "Chantiers/Été"
uid copy 1 "Chantiers/Été"
uid move 2 "Trash"
append "Drafts" (\\Seen \\Draft) @draft
rename "Chantiers/Été" "Chantiers/Automne"
unsubscribe "Chantiers/Été"
subscribe "Chantiers/Automne"
UID SEARCH UNDELETED HEADER Message-ID "<1@x.example>"
uid search UNSEEN BODY "mot"
uid store 3 +FLAGS (\\Deleted)
uid expunge 3
expunge
check
close
logout
"""
APPLE = """
CAPABILITY
ID ("name" "com.apple.email.maild" "version" "3774.600.62" "os" "Mac OS X" "os-version" "14.6")
ENABLE CONDSTORE QRESYNC
NAMESPACE
LIST "" ""
LIST (SPECIAL-USE) "" "*"
LIST "" "*" RETURN (CHILDREN SPECIAL-USE STATUS (MESSAGES UNSEEN UIDNEXT UIDVALIDITY))
LSUB "" "*"
SELECT INBOX
GETQUOTAROOT INBOX
FETCH 1:* (FLAGS UID)
FETCH 1:* (FLAGS UID) (CHANGEDSINCE 1)
UID SEARCH 1:4 NOT DELETED
UID FETCH 1:3 (INTERNALDATE UID RFC822.SIZE FLAGS BODY.PEEK[HEADER.FIELDS (@apple)])
UID FETCH 1 (BODYSTRUCTURE BODY.PEEK[HEADER])
UID FETCH 1 BODY.PEEK[1]<0.65536>
UID FETCH 2 (BODY.PEEK[1.MIME] BODY.PEEK[TEXT])
UID STORE 1 +FLAGS.SILENT (\\Seen $MailFlagBit0)
UID STORE 1 (UNCHANGEDSINCE 99999) +FLAGS.SILENT (\\Flagged)
CREATE "&AMk-t&AOk-"
SUBSCRIBE "&AMk-t&AOk-"
UID COPY 1 "&AMk-t&AOk-"
UID MOVE 2 Archive
APPEND Drafts (\\Seen \\Draft $NotJunk NotJunk) " 1-Dec-2026 09:00:00 +0100" @draft
STATUS Archive (MESSAGES UIDNEXT UIDVALIDITY UNSEEN HIGHESTMODSEQ)
UID STORE 3 +FLAGS.SILENT (\\Deleted)
UID EXPUNGE 3
NOOP
CLOSE
LOGOUT
"""
OUTLOOK = """
CAPABILITY
ID ("vendor" "Microsoft" "os" "Windows Mobile" "os-version" "10.0" "guid" "7A30413041")
NAMESPACE
LIST "" ""
LIST "" "*"
LSUB "" "*"
LIST "" "INBOX"
CREATE "Outbox"
SUBSCRIBE "Outbox"
SELECT "INBOX"
STATUS "INBOX" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)
UID FETCH 1:* (UID FLAGS)
UID FETCH 1:* (UID FLAGS RFC822.SIZE BODY.PEEK[HEADER] INTERNALDATE)
UID FETCH 1 (UID FLAGS RFC822.SIZE BODY.PEEK[] INTERNALDATE)
UID FETCH 1:3 (UID ENVELOPE BODYSTRUCTURE)
UID STORE 1 +FLAGS ($MDNSent \\Answered)
UID STORE 1 +FLAGS.SILENT (\\Seen)
CREATE "Chantiers"
SUBSCRIBE "Chantiers"
UID COPY 2 "Chantiers"
UID STORE 2 +FLAGS (\\Deleted \\Seen)
EXPUNGE
APPEND "Drafts" (\\Seen \\Draft) @draft
UID SEARCH SINCE 1-Jan-2026
RENAME "Chantiers" "Travaux"
NOOP
UNSUBSCRIBE "Outbox"
DELETE "Outbox"
LOGOUT
"""
K9 = """
CAPABILITY
ID ("name" "Thunderbird for Android" "version" "8.0")
NAMESPACE
LIST "" "*" RETURN (SPECIAL-USE)
LSUB "" "*"
SELECT "INBOX"
STATUS "INBOX" (UIDNEXT)
UID SEARCH 1:3 NOT DELETED
UID SEARCH UID 1,2,3
UID FETCH 1,2,3 (UID FLAGS)
UID FETCH 1,2,3 (UID INTERNALDATE RFC822.SIZE FLAGS BODY.PEEK[HEADER.FIELDS (@k9)])
UID FETCH 1 (UID BODYSTRUCTURE)
UID FETCH 1 (UID BODY.PEEK[]<0.32768>)
UID FETCH 2 (UID BODY.PEEK[])
UID STORE 1 +FLAGS.SILENT (\\Seen)
UID STORE 1 +FLAGS.SILENT (\\Flagged)
UID MOVE 2 "Trash"
UID COPY 1 "Archive"
UID SEARCH CHARSET UTF-8 OR SUBJECT "mot" FROM "mot"
UID SEARCH TEXT "mot"
UID STORE 3 +FLAGS.SILENT (\\Deleted)
UID EXPUNGE 3
APPEND "Drafts" (\\Seen \\Draft) @draft
UID SEARCH HEADER MESSAGE-ID "<1@x.example>"
CLOSE
LOGOUT
"""
FAIREMAIL = """
CAPABILITY
ID ("name" "FairEmail" "version" "1.2275")
ENABLE UTF8=ACCEPT
NAMESPACE
LIST "" "*"
LIST "" "%"
LSUB "" "*"
STATUS INBOX (MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN)
SELECT INBOX
FETCH 1:3 (ENVELOPE INTERNALDATE RFC822.SIZE FLAGS UID BODYSTRUCTURE BODY.PEEK[HEADER])
FETCH 1:3 (UID FLAGS)
UID FETCH 1:* (UID FLAGS)
UID FETCH 1 (BODY.PEEK[1])
FETCH 1 (BODY.PEEK[1.MIME])
FETCH 2 (RFC822.HEADER)
FETCH 2 (BODY.PEEK[]<0.16384>)
STORE 1 +FLAGS (\\Seen)
STORE 1 +FLAGS (\\Flagged $Forwarded)
STORE 1 -FLAGS ($Forwarded)
SEARCH SINCE 1-Jan-2026 NOT DELETED ALL
SEARCH OR UNSEEN (FLAGGED) ALL
UID SEARCH HEADER Message-ID <1@x.example>
GETQUOTAROOT INBOX
COPY 1 Archive
UID MOVE 2 Trash
APPEND Drafts (\\Draft \\Seen) "01-Dec-2026 09:00:00 +0100" @draft
STORE 2 +FLAGS (\\Deleted)
EXPUNGE
CLOSE
NOOP
LOGOUT
"""


def _lines(script):
    """Return the commands of *script*."""
    for name, fields in {**FIELDS, "draft": f"{{{len(DRAFT)}}}"}.items():
        script = script.replace(f"@{name}", fields)
    return script.strip().splitlines()


SCRIPTS = {
    "thunderbird": _lines(THUNDERBIRD),
    "apple": _lines(APPLE),
    "outlook": _lines(OUTLOOK),
    "k9": _lines(K9),
    "fairemail": _lines(FAIREMAIL),
}
