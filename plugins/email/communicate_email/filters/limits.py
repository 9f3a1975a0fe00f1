"""How large filters may be, and how much they may do to one message."""

# Octets of a script.  A hundred rules of ten lines each are some 40 KiB.
MAX_SCRIPT = 64 * 1024

# Blocks and tests within each other.
MAX_NESTED = 20

# Tokens of a script.
MAX_TOKENS = 10_000

# Characters of a key that is looked for, and of a value that is looked at.
MAX_KEY = 1_000
MAX_VALUE = 256 * 1024

# Comparisons, tests and actions, each thousand characters that are looked at being one too.
MAX_STEPS = 50_000

# Folders that one message may be put in, as Dovecot has it.
MAX_ACTIONS = 32

# Days between two answers to the same sender (RFC 5230, 4.1).
MIN_DAYS, DAYS, MAX_DAYS = 1, 7, 90
