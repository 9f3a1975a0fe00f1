"""The ini files of the sources: every service is on in them, and none asks for more than a folder.

No network, no name, no account that may do more than others, and no port but the site's own.
"""

import re
import secrets
from base64 import b64encode
from pathlib import Path

import pytest

from communicate.boot import make_app
from communicate.cli.config import read
from communicate.interfaces import IPlugins
from communicate.stores import stores_of
from communicate.testing.house import House
from communicate.tls.serving import NoCertificate
from communicate_email.interfaces import IDelivery
from communicate_email.letters import Letter, Outcome

ROOT = Path(__file__).parents[2]
SERVICES = sorted(path.name for path in (ROOT / "plugins").iterdir() if path.is_dir())
#: What runs beside the pages where nobody says on which address: all of it leads outwards.
ALWAYS = {"mail-out"}
#: A setting of mail that is there to be switched on.
OFFERED = re.compile(r"^; (email\.\w+) = (.+)$", re.M)
#: What they switch on, by the file in which they stand.
SWITCHED = {
    "development": {"mail", "imap"},
    "production": {"mail", "submission", "imap", "pop3"},
}


def site_of(name, folder, **settings):
    """Return the registry of a site from the ini file *name*, with the least that it asks for."""
    key = folder / "master.key"
    key.write_bytes(b64encode(secrets.token_bytes(32)))
    key.chmod(0o600)
    config = read({"--config": f"{name}.ini"}, ROOT)
    ini = {**config.ini, "communicate.var": str(folder / "var"), **settings}
    ini |= {"communicate.master_key_file": str(key), "communicate.ledger_file": f"{folder}/gone"}
    if name == "production":
        ini["communicate.url"] = "https://communicate.example"
    return make_app({**config.global_config, "here": str(folder)}, ini).registry


def offered(name):
    """Return the settings of mail that the ini file *name* offers, commented out."""
    return dict(OFFERED.findall((ROOT / f"{name}.ini").read_text()))


@pytest.fixture(params=["development", "production", "testing"])
def registry(request, tmp_path):
    """Return the registry of a site from that ini file."""
    registry = site_of(request.param, tmp_path)
    yield registry
    stores_of(registry).close()


def test_every_service_runs_from_it(registry):
    plugins = registry.getUtility(IPlugins)
    assert sorted(plugins.enabled) == SERVICES
    assert plugins.failed == {}


def test_nothing_listens_but_where_it_is_asked_to(registry):
    found = registry.getUtility(IPlugins).gather("communicate_gateways", site=registry)
    assert {gateway.name for gateway in found} == ALWAYS
    assert registry.settings["email.out"] == "off"
    assert registry.settings["email.senders"] == "junk"


@pytest.mark.parametrize("name", SWITCHED)
def test_what_it_offers_for_mail_is_switched_on_by_taking_the_sign_away(name, tmp_path):
    registry = site_of(name, tmp_path, **offered(name))
    try:
        plugins = registry.getUtility(IPlugins)
        assert plugins.failed == {}
        gateways = plugins.gather("communicate_gateways", site=registry)
        assert {gateway.name for gateway in gateways} == ALWAYS | SWITCHED[name]
        imap = next(gateway for gateway in gateways if gateway.name == "imap")
        with pytest.raises(NoCertificate, match="communicate tls self-signed"):
            imap.start(registry)
    finally:
        stores_of(registry).close()


def test_a_site_from_before_there_was_mail_has_it_once_it_is_switched_on(tmp_path):
    """No command, no step: members who were there have an address and mail, as others do."""
    before = [name for name in SERVICES if name != "email"]
    house = House(tmp_path, before, {"language": "en"})
    try:
        house.member("ines", "operators")
        house.browser("ines").get("/mail", status=404)
        house.reboot(SERVICES)
        house.member("paul")
        letter = Letter(b"From: luce@x.example\r\nSubject: Le volet\r\n\r\nIl grince.\r\n")
        to = ["ines@localhost", "paul@localhost"]
        outcomes = house.work(lambda request: request.find_service(IDelivery).deliver(letter, to))
        assert set(outcomes.values()) == {Outcome.STORED}
        for login in ("ines", "paul"):
            assert "Le volet" in house.browser(login).get("/mail").follow().follow()
        assert "Outgoing mail" in house.browser("ines").get("/operate").maybe_follow()
        house.browser("ines").get("/outgoing", status=200)
    finally:
        house.close()
