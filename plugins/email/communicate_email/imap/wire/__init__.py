"""The protocol as octets, apart from sessions and store."""
