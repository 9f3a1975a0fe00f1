"""What mail programs are told: which servers, where, and nothing that a stranger could grow."""

import os
import plistlib
import subprocess
from datetime import UTC, datetime

import pytest
from colander import Invalid, SchemaNode
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from communicate.testing.programs import needed
from communicate.tls import making
from communicate_email.programs import apple, autoconfig, autodiscover
from communicate_email.programs.guides import guides, muttrc
from communicate_email.programs.servers import STARTTLS, TLS, servers
from communicate_email.programs.settings import Ports

ALL = {
    "email.imap": "0.0.0.0:143",
    "email.imaps": "[::]:993",
    "email.pop3": "0.0.0.0:110",
    "email.pop3s": "0.0.0.0:995",
    "email.submission": "127.0.0.1:2587",
    "email.submissions": "0.0.0.0:465",
    "email.programs_host": "mail.example.org",
    "email.programs_ports": {"submission": 587},
    "email.hostname": "mx.example.org",
    "communicate.url": "https://www.example.org",
}
ONLY_IMAP = {**ALL, **dict.fromkeys(set(ALL) & {f"email.{n}" for n in ("pop3", "pop3s")}, "")}
INES = apple.Person("Inès Le Goff", "ines@example.org")
QUESTION = """<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">
  <Request>
    <EMailAddress>ines@example.org</EMailAddress>
    <AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema>
  </Request>
</Autodiscover>"""


def named(root, *path):
    """Return the elements at *path* below *root*, whatever their namespaces."""
    return root.findall("/".join(f"{{*}}{name}" for name in path))


def texts(element):
    """Return what the elements in *element* say, by name."""
    return {each.tag.rpartition("}")[2]: each.text for each in element}


class TestServers:
    def test_those_that_are_on_are_told_the_safest_of_each_kind_first(self):
        found = servers(ALL)
        assert [(one.name, one.security, one.port) for one in found.all] == [
            ("imaps", TLS, 993),
            ("imap", STARTTLS, 143),
            ("pop3s", TLS, 995),
            ("pop3", STARTTLS, 110),
            ("submissions", TLS, 465),
            ("submission", STARTTLS, 587),  # not where it listens: the firewall leads on
        ]
        assert {one.host for one in found.all} == {"mail.example.org"}
        assert found.reading.name == "imaps"
        assert found.writing.name == "submissions"

    def test_those_that_are_off_are_not(self):
        found = servers({**ALL, "email.imaps": "", "email.imap": "", "email.submissions": ""})
        assert found.reading.name == "pop3s"
        assert found.writing.name == "submission"
        assert not servers(
            {
                **ALL,
                **dict.fromkeys(
                    (k for k in ALL if ALL[k] and ":" in ALL[k] and k != "communicate.url"), ""
                ),
            }
        ).all

    @pytest.mark.parametrize(
        ("host", "name", "told"),
        [
            ("mail.example.org", "mx.example.org", "mail.example.org"),
            ("", "mx.example.org", "mx.example.org"),
            ("", "", "www.example.org"),
        ],
    )
    def test_they_have_the_name_that_programs_find(self, host, name, told):
        settings = {**ALL, "email.programs_host": host, "email.hostname": name}
        assert {one.host for one in servers(settings).all} == {told}

    @pytest.mark.parametrize(
        "text", ["imaps", "imaps=0", "imaps=65536", "smtp=25", "imaps=+9", "imaps=९"]
    )
    def test_ports_that_are_none_are_refused(self, text):
        with pytest.raises(Invalid, match="such as imaps=993"):
            Ports().deserialize(SchemaNode(Ports()), text)

    def test_ports_are_read(self):
        read = Ports().deserialize(SchemaNode(Ports()), "imaps=10993, submission=10587")
        assert read == {"imaps": 10993, "submission": 10587}


class TestAutoconfig:
    def test_it_names_each_server_and_nobody(self):
        root = fromstring(
            autoconfig.document("example.org", "Le <Canal>", servers(ALL), "https://x/y")
        )
        assert root.attrib == {"version": "1.1"}
        (provider,) = root
        assert provider.get("id") == provider.findtext("domain") == "example.org"
        assert provider.findtext("displayName") == "Le <Canal>"
        incoming = provider.findall("incomingServer")
        outgoing = provider.findall("outgoingServer")
        assert [one.get("type") for one in incoming] == ["imap", "imap", "pop3", "pop3"]
        assert [one.get("type") for one in outgoing] == ["smtp", "smtp"]
        assert texts(incoming[0]) == {
            "hostname": "mail.example.org",
            "port": "993",
            "socketType": "SSL",
            "username": "%EMAILADDRESS%",
            "authentication": "password-cleartext",
        }
        assert texts(outgoing[1])["socketType"] == "STARTTLS"
        assert texts(outgoing[1])["port"] == "587"


class TestAutodiscover:
    def test_a_question_is_read_whatever_its_namespaces(self):
        for text in (QUESTION, QUESTION.replace("xmlns=", "xmlns:x="), f"\ufeff{QUESTION}"):
            asked = autodiscover.read(text.encode())
            assert asked.address == "ines@example.org"
            assert autodiscover.wants_settings(asked)

    def test_a_question_for_exchange_is_told_apart(self):
        text = QUESTION.replace("outlook/responseschema/2006a", "mobilesync/responseschema/2006")
        assert not autodiscover.wants_settings(autodiscover.read(text.encode()))

    def test_the_answer_says_each_server_and_the_address_back(self):
        root = fromstring(autodiscover.document("a<b@example.org", servers(ALL)))
        (account,) = named(root, "Response", "Account")
        assert texts(account)["Action"] == "settings"
        found = [texts(one) for one in named(account, "Protocol")]
        assert [(one["Type"], one["Port"], one["Encryption"]) for one in found] == [
            ("IMAP", "993", "SSL"),
            ("IMAP", "143", "TLS"),
            ("POP3", "995", "SSL"),
            ("POP3", "110", "TLS"),
            ("SMTP", "465", "SSL"),
            ("SMTP", "587", "TLS"),
        ]
        assert {one["LoginName"] for one in found} == {"a<b@example.org"}
        assert {one["SSL"] for one in found} == {"on"}

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"<",
            b"ines@example.org",
            b"<a><EMailAddress>x@y</EMailAddress>",
            b"<a><EMailAddress/></a>",
            b"<a><EMailAddress> </EMailAddress></a>",
            b"<a><EMailAddress>" + b"x" * 321 + b"</EMailAddress></a>",
            b'<?xml version="1.0" encoding="utf-99"?><a/>',
            b"<a>\xff</a>",
            b"<a>" * 6_000,
            b"<!DOCTYPE a><a><EMailAddress>x@y</EMailAddress></a>",
            b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
            b"<a><EMailAddress>&b;</EMailAddress></a>",
            b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>'
            b"<a><EMailAddress>&c;&c;</EMailAddress></a>",
            QUESTION.encode().ljust(autodiscover.LARGEST + 1),
        ],
    )
    def test_what_is_no_question_is_refused(self, raw):
        with pytest.raises(autodiscover.Unreadable):
            autodiscover.read(raw)

    @given(
        st.binary(max_size=300)
        | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))
    )
    def test_whatever_comes_is_read_or_refused(self, raw):
        for each in (raw, b"<a><EMailAddress>" + raw + b"</EMailAddress></a>"):
            try:
                asked = autodiscover.read(each)
            except autodiscover.Unreadable:
                continue
            assert 0 < len(asked.address) <= autodiscover.LONGEST
            assert fromstring(autodiscover.document(asked.address, servers(ALL)))


class TestProfile:
    def profile(self, person=INES, **settings):
        found = servers({**ALL, **settings})
        words = {"title": "Courrier", "text": "Configure."}
        return plistlib.loads(apple.profile("Canal", words, person, found.reading, found.writing))

    def test_it_sets_up_both_ways_and_holds_no_password_unless_it_is_new(self):
        (account,) = self.profile()["PayloadContent"]
        assert account["PayloadType"] == "com.apple.mail.managed"
        assert account["EmailAccountType"] == "EmailTypeIMAP"
        assert account["EmailAddress"] == account["IncomingMailServerUsername"] == INES.address
        assert account["EmailAccountName"] == "Inès Le Goff"
        assert (
            account["IncomingMailServerPortNumber"],
            account["OutgoingMailServerPortNumber"],
        ) == (993, 465)
        assert account["IncomingMailServerUseSSL"] is account["OutgoingMailServerUseSSL"] is True
        assert not {"IncomingPassword", "OutgoingPassword"} & set(account)
        (account,) = self.profile(INES._replace(password="abc"))["PayloadContent"]
        assert account["IncomingPassword"] == account["OutgoingPassword"] == "abc"

    def test_another_one_takes_the_place_of_the_first(self):
        first, again = self.profile(), self.profile(INES._replace(password="abc"))
        other = self.profile(INES._replace(address="paul@example.org"))
        assert first["PayloadUUID"] == again["PayloadUUID"] != other["PayloadUUID"]
        assert first["PayloadUUID"] != first["PayloadContent"][0]["PayloadUUID"]

    def test_where_only_pop3_is_served_it_says_so(self):
        found = self.profile(**{"email.imap": "", "email.imaps": ""})
        assert found["PayloadContent"][0]["EmailAccountType"] == "EmailTypePOP"

    def test_it_is_signed_with_the_sites_certificate_where_there_is_one(self, tmp_path):
        settings = {
            "communicate.tls_certificate": tmp_path / "site.crt",
            "communicate.tls_key": tmp_path / "site.key",
        }
        assert apple.signed(b"a profile", settings) is None
        secret, public = making.make(making.HERE, datetime.now(UTC))
        (tmp_path / "site.key").write_bytes(secret)
        (tmp_path / "site.crt").write_bytes(public)
        (tmp_path / "profile").write_bytes(apple.signed(b"a profile", settings))
        words = ("-inform", "DER", "-in", tmp_path / "profile", "-CAfile", tmp_path / "site.crt")
        asked = [needed("openssl"), "cms", "-verify", "-purpose", "any", *words]
        assert subprocess.run(asked, capture_output=True, check=True).stdout == b"a profile"
        (tmp_path / "site.key").write_bytes(b"no key")
        assert apple.signed(b"a profile", settings) is None


class TestGuides:
    def test_each_program_is_told_what_is_served(self):
        found = {one.name: one for one in guides(servers(ALL), INES)}
        assert set(found) == {"thunderbird", "apple", "outlook", "android", "mutt"}
        assert 'set folder = "imaps://mail.example.org:993/"' in found["mutt"].code
        assert 'set smtp_url = "smtps://ines@mail.example.org:465/"' in found["mutt"].code
        pop = guides(servers({**ALL, "email.imap": "", "email.imaps": ""}), INES)
        assert "mutt" not in {one.name for one in pop}
        none = {
            key: "" if key.startswith(("email.imap", "email.pop")) else ALL[key] for key in ALL
        }
        assert guides(servers(none), INES) == []

    def test_a_name_runs_nothing_in_mutt(self, tmp_path):
        there, name = servers(ALL), 'Inès"; `touch ran` $HOME \\ #1'
        lines = muttrc(there.reading, there.writing, INES._replace(name=f"{name}\n"))
        (tmp_path / "muttrc").write_text("\n".join(lines), encoding="utf-8")
        asked = [needed("mutt", "neomutt"), "-n", "-F", "muttrc", "-Q", "realname", "-Q", "folder"]
        done = subprocess.run(
            asked,
            cwd=tmp_path,
            capture_output=True,
            check=True,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
        said = done.stdout.decode().splitlines()
        written = name.replace("\\", "\\\\").replace('"', '\\"')
        assert said == [f'realname="{written}"', 'folder="imaps://mail.example.org:993/"']
        assert not (tmp_path / "ran").exists()
