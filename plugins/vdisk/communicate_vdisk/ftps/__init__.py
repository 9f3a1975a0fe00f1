"""Disks over FTPS: RFC 959 and its extensions over explicit TLS (RFC 4217), by pyftpdlib.

| module | what it does |
|---|---|
| `settings`, `gateway` | what operators say; the server, one thread for each session |
| `control`, `data` | what pyftpdlib does otherwise: cut transfers, replies with words |
| `signing` | who comes in, and who is still in |
| `tree`, `acts` | where paths lead, and what is done there, through the services of the disk |
| `filesystem`, `streams` | all of that as pyftpdlib asks for it |

Nothing of pyftpdlib is imported before the gateway is started.
"""
