"""IMAP (RFC 9051 and RFC 3501): members' own mail programs, over the store that webmail uses.

`wire` is the protocol as octets: commands cut out of a stream and read, answers written.  It
knows nothing of the store, and nothing in it waits.
"""
