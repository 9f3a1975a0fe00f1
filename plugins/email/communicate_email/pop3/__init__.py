"""POP3 (RFC 1939, 2449, 2595): programs that fetch the inbox, and perhaps empty it."""
