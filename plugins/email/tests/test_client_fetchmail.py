"""fetchmail takes the inbox to another machine: by IMAP or POP3, and leaves it there, or not."""

import pytest

from communicate.testing.programs import needed

from .reading_site import letter

CONF = """
poll localhost protocol {protocol} port {port} {uidl}
  user {login} password {secret}
  {ssl} sslproto tls1.2+ sslcertfile {certificate} sslcertck
  {keep}
  mda "cat >> {home}/fetched"
"""


@pytest.mark.parametrize("way", ["imap", "imaps", "pop3", "pop3s"])
@pytest.mark.parametrize("keep", ["keep", "no keep"])
def test_fetchmail_takes_everything_once(served, place, way, keep):
    fetchmail = needed("fetchmail")
    conf = place.write(
        "fetchmailrc",
        CONF,
        protocol=way.removesuffix("s"),
        port=served.port(way),
        ssl="ssl" if way.endswith("s") else "no ssl",
        uidl="uidl" if (way.removesuffix("s"), keep) == ("pop3", "keep") else "",
        keep=keep,
    )
    place.expect(rb"^LAST -> ")  # of RFC 1460, asked for without UIDL
    place.put(*(letter(f"Lettre {number}", "Un.\r\n.\r\n..\r\nDeux.") for number in range(5)))
    place.run(fetchmail, "-f", conf)
    place.run(fetchmail, "-f", conf, right=(1,))  # nothing is new
    place.put(letter("La sixième", "Été."))
    place.run(fetchmail, "-f", conf)
    fetched = (place.home / "fetched").read_text(encoding="utf-8")
    assert fetched.count("Subject: Lettre ") == 5
    assert fetched.count("\n.\n..\n") == 5
    assert fetched.count("\nÉté.\n") == 1
    left = place.webmail().subjects()
    assert len(left) == (6 if keep == "keep" else 0)
