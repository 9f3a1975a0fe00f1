"""Programs that fetch by POP3: curl, and Python's own client with every command that it has."""

import inspect
import poplib
import ssl

import pytest

from communicate.testing.programs import needed

from .client_site import ways
from .reading_site import letter

ODD = {
    "no end": (b"Subject: sans fin\r\n\r\nUn mot", b"Un mot"),
    "a dot": (b"Subject: point\r\n\r\n.", b"."),
    "dots": (b"Subject: points\r\n\r\n..\r\n.a\r\n.\r\n", b"..\r\n.a\r\n."),
    "no text": (b"Subject: rien\r\n", b""),
    "a long line": (b"Subject: long\r\n\r\n" + b"x" * 70_000 + b"\r\n", b"x" * 70_000),
    "line feeds": (b"Subject: lf\n\n.\nun\n..\n", b".\r\nun\r\n.."),
    "returns": (b"Subject: cr\r\r.\run\r", b".\r\nun"),
    "octets": ("Subject: été\r\n\r\nété\r\n".encode("latin-1"), b"\xe9t\xe9"),
}
COVERED = {
    *("apop", "capa", "close", "dele", "getwelcome", "list", "noop", "pass_", "quit", "retr"),
    *("rpop", "rset", "set_debuglevel", "stat", "stls", "top", "uidl", "user", "utf8"),
}


@pytest.fixture
def connect(served, place):
    """Return what connects a client that has not signed in; all are hung up in the end."""
    trusting = ssl.create_default_context(cafile=str(place.certificate))
    made = []

    def one(way):
        port = served.port(way)
        if way == "pop3s":
            made.append(poplib.POP3_SSL("localhost", port, context=trusting, timeout=60))
        else:
            made.append(poplib.POP3("localhost", port, timeout=60))
            made[-1].stls(trusting)
        return made[-1]

    yield one
    for client in made:
        client.close()


def test_what_poplib_knows_is_all_tried():
    public = {name for name, one in vars(poplib.POP3).items() if inspect.isfunction(one)}
    assert {name for name in public if not name.startswith("_")} - {"top", "uidl"} <= COVERED


@pytest.mark.parametrize("way", ["pop3", "pop3s"])
def test_every_command_of_poplib(place, connect, way):
    place.expect(rb"^(APOP|RPOP|UTF8|USER|PASS)\b.* -> ")
    letters = [letter("Un"), letter("Deux", "Un\r\ndeux\r\ntrois"), letter("Trois")]
    place.put(*letters)
    client = connect(way)
    assert b"2 Communicate" in client.getwelcome()
    assert "UTF8" not in client.capa()
    for refused in (lambda: client.rpop("ines"), client.utf8):
        with pytest.raises(poplib.error_proto):
            refused()
    with pytest.raises(poplib.error_proto, match="APOP"):
        client.apop("ines", "secret")
    client.user(place.login)
    with pytest.raises(poplib.error_proto, match="AUTH"):
        client.pass_("faux")
    client.user(place.login)
    client.pass_(place.secret)
    assert client.stat() == (3, sum(map(len, letters)))
    assert client.list()[1] == [b"%d %d" % pair for pair in enumerate(map(len, letters), 1)]
    assert client.list(2) == b"+OK 2 %d" % len(letters[1])
    assert len({line.split()[1] for line in client.uidl()[1]}) == 3
    assert client.uidl(3).split()[2] == client.uidl()[1][2].split()[1]
    assert b"\r\n".join([*client.retr(2)[1], b""]) == letters[1]
    assert client.top(2, 1)[1][-1] == b"Un"
    client.noop()
    client.dele(1)
    client.dele(2)
    assert client.stat()[0] == 1
    client.rset()
    assert client.stat()[0] == 3
    client.dele(2)
    client.quit()
    assert place.webmail().subjects() == ["Trois", "Un"]


@pytest.mark.parametrize("name", ODD)
def test_messages_of_any_shape_come_whole(place, connect, name):
    raw, text = ODD[name]
    place.put(raw, letter("Après"))
    poplib._MAXLINE, before = 100_000, poplib._MAXLINE
    client = connect("pop3s")
    client.user(place.login)
    client.pass_(place.secret)
    try:
        found = b"\r\n".join(client.retr(1)[1])
        assert found.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") == text
        client.top(1, 1)
        assert b"Subject: Apr" in b"\r\n".join(client.retr(2)[1])
        client.quit()
    finally:
        poplib._MAXLINE = before


@ways("pop3")
def test_curl_fetches_and_deletes(served, place, way):
    curl = needed("curl")
    place.put(letter("Un", "Un point :\r\n.\r\n..deux"), letter("Deux"))
    url = f"{way}://localhost:{served.port(way)}/"
    settings = place.write("curlrc", 'user = "{login}:{secret}"\ncacert = "{certificate}"\n')

    def ask(path, *words):
        return place.run(curl, "-sS", "-K", settings, "--ssl-reqd", *words, url + path)

    assert len(ask("").splitlines()) == 2
    assert ask("1").endswith("Un point :\n.\n..deux\n")
    assert len(ask("", "-X", "UIDL").splitlines()) == 2
    ask("2", "-X", "DELE", "-I")
    assert place.webmail().subjects() == ["Un"]
