"""The disk over WebDAV (RFC 4918), at ``/dav/<login>/``: a gateway of its own beside the site.

`gateway` is the server, `application` what it runs: each request signs in (`signing`), is answered
by WsgiDAV's request server out of a `provider` of its own, in a transaction of its own that is
tried again after a conflict (`exchange` keeps what came), and leaves as a stream.
"""
