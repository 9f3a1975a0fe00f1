"""Mail that comes in: SMTP (RFC 5321) and LMTP (RFC 2033), by aiosmtpd behind limits of our own.

| module | what it does |
|---|---|
| `settings` | what operators say |
| `gateway` | the servers: a thread with a loop, sockets, a stop that lets go of nothing |
| `session`, `protocol` | one connection: commands, what may be asked how often, and its replies |
| `paths`, `body` | addresses in commands; what comes after DATA, up to its end |
| `crowd`, `together` | who is connected, what lies in memory; threads that do what waits at once |
| `reception`, `storing` | who a message is for; keeping it, durably before that is said |
| `checking`, `lookups` | what is looked at before that, in threads; few questions to the DNS |
| `spf_check`, `dkim_check`, `dmarc_check`, `results` | who a message is from, said how |
| `rspamd`, `learning` | junk, and what members say of it |
| `trace` | the lines that every machine leaves on a message, and loops |

Only `settings` and `duties`, with what they need, are loaded before a gateway is started.
"""
