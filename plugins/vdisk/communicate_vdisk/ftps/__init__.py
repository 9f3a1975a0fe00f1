"""Disks over FTPS: RFC 959 and its extensions over explicit TLS (RFC 4217), by pyftpdlib.

| module | what it does |
|---|---|
| `settings`, `gateway` | what operators say; the server, one thread for each session |
| `control`, `data` | what pyftpdlib does otherwise: cut transfers, replies with words |
| `signing` | who comes in, and who is still in |
| `tree`, `acts` | where paths lead, and what is done there, through the services of the disk |
| `filesystem`, `streams` | all of that as pyftpdlib asks for it |

A start looks for views in every module, and so loads pyftpdlib: here, where it may be made of what
Python calls old.
"""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # asyncore
    import pyftpdlib.handlers
    import pyftpdlib.servers  # noqa: F401
