"""TLS of the site's own servers: certificates for trials, and contexts that follow their files.

A gateway that speaks TLS asks `server_context` of `communicate.tls.serving` with the two files of
its settings, by default ``communicate.tls_certificate`` and ``communicate.tls_key``, at each
connection; a certificate that was renewed is used from then on.
"""
