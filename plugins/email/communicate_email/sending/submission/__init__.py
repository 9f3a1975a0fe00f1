"""Submission (RFC 6409): what programs of members hand in to be sent, once they have signed in."""
