"""Mailboxes and their messages: what webmail, SMTP, IMAP and POP share; speaks no protocol."""
