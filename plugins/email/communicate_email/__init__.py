"""E-mail: members' addresses, mailboxes and mail, in and out."""
