"""Ways and routes are read from the settings; what is wrong in them is named."""

import colander
import pytest

from communicate_sms.ways import Routes, Way, Ways, check, links, route

NODE = colander.SchemaNode(colander.String(), name="ways")
TWO = """
ovh  ovh  user=clé password="mot de passe" secret=s service=sms-1 sender=2communicate
k    kannel url=http://10.0.0.7:13013/cgi-bin/sendsms user=site password=p sender=38000
"""


def test_a_line_is_a_way():
    ovh, kannel = Ways().read(NODE, TWO)
    assert ovh.options["password"] == "mot de passe"
    assert (kannel.name, kannel.kind, kannel.sender) == ("k", "kannel", "38000")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("un", "name kind key=value"),
        ("un file path", "name kind key=value"),
        ('un file path="', "name kind key=value"),
        ("un pigeon sender=x", "none of file, kannel"),
        ("un kannel user=a password=b sender=x", "lacks url"),
        ("un file path=x", "lacks sender"),
        ("un file path=x sender=y colour=z", "cannot have colour"),
        ("un file path=x sender=y\nun file path=x sender=y", "two ways"),
    ],
)
def test_what_is_wrong_is_said(line, said):
    with pytest.raises(colander.Invalid, match=said):
        Ways().read(NODE, line)


@pytest.mark.parametrize(
    "line",
    [
        'un twilio user=a password=Geheim sender="x',
        "un twilio user=a password=Geheim sender",
        "un password=Geheim user=a",
        "un twilio user=a password=Geheim",
        'un http url=https://a.example fields=a=$number header="X: Geheim$c" sender=x',
    ],
)
def test_no_password_is_repeated_where_a_line_is_wrong(line):
    with pytest.raises(colander.Invalid) as error:
        Ways().read(NODE, line)
    assert "Geheim" not in str(error.value)


def test_the_longest_prefix_decides():
    settings = {
        "sms.ways": (Way("un", "file", {}), Way("deux", "file", {})),
        "sms.routes": Routes().read(NODE, "+33 un, deux\n+ deux\n+336 deux un"),
    }
    assert route(settings, "+33112345678") == ("un", "deux")
    assert route(settings, "+33612345678") == ("deux", "un")
    assert route(settings, "+49170123456") == ("deux",)
    assert route({**settings, "sms.routes": {"+33": ("un",)}}, "+49170123456") == ()
    assert route({**settings, "sms.routes": {}}, "+49170123456") == ("un", "deux")


def test_a_route_by_no_way_is_refused():
    with pytest.raises(ValueError, match="by deux"):
        check({"sms.ways": (Way("un", "file", {}),), "sms.routes": {"+": ("un", "deux")}})


@pytest.mark.parametrize("line", ["33 un", "+33", "+3a un"])
def test_a_route_that_is_none_is_refused(line):
    with pytest.raises(colander.Invalid):
        Routes().read(NODE, line)


def test_what_crosses_a_network_in_clear_is_a_fault():
    ways = [
        *Ways().read(NODE, TWO),
        Way("s", "smpp", {"host": "smsc.example"}),
        Way("t", "smpp", {"host": "smsc.example", "tls": "no"}),
        Way("here", "kannel", {"url": "http://127.0.0.1:13013/"}),
    ]
    assert [link.what for link in links(ways) if link.fault] == ["k", "t"]
