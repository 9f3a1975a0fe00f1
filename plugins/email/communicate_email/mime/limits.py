"""How much of a message is looked at.  What lies beyond stays in the message, unread.

Whatever people send passes far below these; what is made to hurt stops here, after a time that is
in proportion to the message's length.
"""

# Multiparts and messages within messages.  Lists of forwarded mail reach ten or so.
MAX_DEPTH = 50

# Parts of one message.  Digests of mailing lists have a hundred.
MAX_PARTS = 1_000

# Octets of a message's own header that are read.  Postfix takes 100 KiB; three thousand
# recipients need about as much.
MAX_HEADER = 256 * 1024

# Octets of a part's header; it may have to be looked for once for each part.
MAX_PART_HEADER = 64 * 1024

# Fields of one header.  A message that went through many lists has two hundred.
MAX_FIELDS = 2_000

# Lines that begin with two hyphens, and may thus be a boundary.
MAX_DASHED = 100_000

# Octets of a boundary; RFC 2046 allows 70.
MAX_BOUNDARY = 250

# Parameters of one field, and characters of each.
MAX_PARAMS = 100
MAX_PARAM = 4_096

# Addresses of one field, and the words and signs they are made of.
MAX_ADDRESSES = 5_000
MAX_TOKENS = 50_000

# Comments within comments of a field with addresses.
MAX_COMMENTS = 20

# Message-IDs of References and In-Reply-To together: a thread is found by any of them, and each
# costs a look-up.
MAX_REFERENCES = 100

# Octets of a Message-ID; RFC 5322 allows a line of 998.
MAX_ID = 998

# Characters of a subject or a name that are shown.
MAX_PHRASE = 2_000

# Octets of a text part that are decoded to be shown, and characters that are kept of it.
MAX_TEXT = 4 * 1024 * 1024

# Texts of one message that are shown one below the other.
MAX_TEXTS = 50

# Times that a charset is guessed for one message, and octets that are looked at for it:
# each time takes some ten milliseconds.
MAX_GUESSES = 3
GUESSED_FROM = 1_024

# Characters of the line below a subject in lists.
PREVIEW = 200

# Characters of what is searched by words.
MAX_SEARCHED = 1024 * 1024
