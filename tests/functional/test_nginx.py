"""nginx, started with the file that we give to operators: TLS, forwarded addresses, `/live`."""

import http.client
import os
import ssl
import subprocess
import time
from base64 import b64encode
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from communicate.interfaces import IAppPasswords
from communicate.testing.client import Client
from communicate.testing.house import PASSWORD, House
from communicate.testing.live import opening, ticket
from communicate.testing.programs import needed
from communicate.testing.server import Server, free_port, listening

pytestmark = pytest.mark.slow

FILE = Path(__file__).parents[2] / "deploy" / "nginx" / "communicate.conf"
NAME = "communicate.example"
MAIN = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/communicate.conf;
}}
"""


def certificate(folder):
    """Make a key, and a certificate of `NAME` signed with it."""
    key, today = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "fullchain.pem").write_bytes(made.public_bytes(pem))
    (folder / "privkey.pem").write_bytes(key.private_bytes(pem, *private))


class Proxy:
    """nginx as a plain user, on ports of the loopback in place of 80 and 443."""

    def __init__(self, folder, web, live, dav):
        self.folder, self.clear, self.port = folder, free_port(), free_port()
        self.origin = f"https://{NAME}"
        text = FILE.read_text(encoding="utf-8")
        for written, tried in {
            "127.0.0.1:6543": f"127.0.0.1:{web}",
            "127.0.0.1:6544": f"127.0.0.1:{live}",
            "proxy_pass http://127.0.0.1:8010": f"proxy_pass http://127.0.0.1:{dav}",
            "listen 80;": f"listen 127.0.0.1:{self.clear};",
            "listen 443 ssl": f"listen 127.0.0.1:{self.port} ssl",
            "    listen [::]:80;\n": "",
            "    listen [::]:443 ssl http2;\n": "",
            f"/etc/letsencrypt/live/{NAME}": str(folder),
        }.items():
            assert written in text, written
            text = text.replace(written, tried)
        certificate(folder)
        (folder / "communicate.conf").write_text(text, encoding="utf-8")
        (folder / "nginx.conf").write_text(MAIN.format(folder=folder), encoding="utf-8")

    def start(self):
        path = needed("nginx", "/usr/sbin/nginx")
        words = [path, "-p", str(self.folder), "-c", "nginx.conf", "-e", "error.log"]
        if os.getuid() == 0:
            words += ["-g", "user root;"]  # else its workers could not read what is ours
        with (self.folder / "said").open("wb") as said:
            self.process = subprocess.Popen(words, stdout=said, stderr=said)
        assert listening(self.port, self.process), (self.folder / "said").read_text()
        return self

    def stop(self):
        self.process.terminate()
        self.process.wait(30)

    def trusting(self):
        return ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))


class Browser(Client):
    """A browser that comes through the proxy, by TLS."""

    def __init__(self, proxy):
        super().__init__(proxy.port)
        self.origin = proxy.origin
        self.connection = Named(NAME, proxy.port, context=proxy.trusting(), timeout=60)


class Named(http.client.HTTPSConnection):
    """A connection to the loopback, under another name."""

    def connect(self):
        plain = self._create_connection(("127.0.0.1", self.port), self.timeout)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site in production that only nginx speaks to."""
    needed("nginx", "/usr/sbin/nginx")
    folder = tmp_path_factory.mktemp("site")
    live, dav = free_port(), free_port()
    house = House(folder, ["forums", "vdisk"], {"url": f"https://{NAME}"})
    for login in ("chloe", "denis"):
        uid = house.member(login)
    secret = house.work(lambda r: r.find_service(IAppPasswords).make(uid, "Test", ["disk"]))
    house.close()
    server = Server(folder)
    server.configure(
        "forums vdisk",
        mode="production",
        url=f"https://{NAME}",
        master_key_file=folder / ".secrets" / "master.key",
        ledger_file=folder.parent / "erasures.log",
        trusted_proxy="127.0.0.1",
        live_listen=f"127.0.0.1:{live}",
        mail="file",
        **{"vdisk.dav": f"127.0.0.1:{dav}"},
    )
    with server:
        server.live, server.dav, server.secret = live, dav, secret
        yield server


@pytest.fixture(scope="module")
def proxy(site, tmp_path_factory):
    """nginx in front of it."""
    proxy = Proxy(tmp_path_factory.mktemp("nginx"), site.port, site.live, site.dav).start()
    yield proxy
    proxy.stop()


@pytest.fixture
def browser(proxy):
    """Return what makes browsers, closed at the end; signed in where a login is given."""
    opened = []

    def make(login=None):
        opened.append(Browser(proxy))
        if login:
            opened[-1].sign_in(login, PASSWORD)
        return opened[-1]

    yield make
    for each in opened:
        each.close()


class TestProxy:
    def test_what_is_new_passes_through_live(self, proxy, browser):
        chloe, denis = browser("chloe"), browser("denis")
        topic = chloe.submit("/forums/general/new", title="Le tilleul", body="Il penche.")
        made = ticket(chloe, int(time.time() * 1000))
        assert made["address"] == "/live"
        options = {"address": ("127.0.0.1", proxy.port), "ssl": proxy.trusting()}
        with opening(chloe, made, **options) as page:
            denis.submit(topic.headers["location"], body="Oui.")
            assert '"notices"' in page.recv(20)

    def test_the_policy_names_no_other_place(self, browser):
        answer = browser().ask("GET", "/")
        assert answer.status == 200
        assert "connect-src" not in answer.headers["content-security-policy"]
        assert "max-age=" in answer.headers["strict-transport-security"]

    def test_pages_in_clear_lead_to_tls(self, proxy):
        with closing(http.client.HTTPConnection("127.0.0.1", proxy.clear)) as connection:
            connection.request("GET", "/forums?x=1", headers={"Host": NAME})
            answer = connection.getresponse()
            assert answer.status == 308
            assert answer.headers["Location"] == f"https://{NAME}/forums?x=1"

    def test_no_ticket_is_in_its_logs(self, proxy, browser):
        chloe = browser("chloe")
        made = ticket(chloe)
        options = {"address": ("127.0.0.1", proxy.port), "ssl": proxy.trusting()}
        with opening(chloe, made, **options):
            pass
        for path in proxy.folder.rglob("*"):
            if path.is_file():
                assert made["ticket"][:20].encode() not in path.read_bytes()

    def test_a_program_keeps_files_over_webdav(self, site, proxy):
        """More than the pages' bodies may hold; the destination says https, and the port."""
        given = b64encode(f"denis:{site.secret}".encode()).decode()
        data, base = os.urandom(41 * 2**20), f"{proxy.origin}:{proxy.port}/dav/denis"

        def ask(method, name, body=None, **headers):
            with closing(Named(NAME, proxy.port, context=proxy.trusting(), timeout=60)) as line:
                sent = {"Authorization": f"Basic {given}", **headers}
                line.request(method, f"/dav/denis/{name}", body, sent)
                answer = line.getresponse()
                return answer.status, answer.read()

        assert ask("PUT", "film.bin", data)[0] == 201
        assert ask("MOVE", "film.bin", Destination=f"{base}/f%C3%AAte.bin")[0] == 201
        assert ask("GET", "f%C3%AAte.bin") == (200, data)
        assert ask("GET", "f%C3%AAte.bin", Authorization="")[0] == 401

    def test_what_a_client_says_of_its_address_is_not_believed(self, browser):
        """Each try counts for the address that nginx saw, whatever the client claims."""
        client = browser()
        codes = []
        for number in range(40):
            page = client.ask("GET", "/login").text
            token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
            form = {"login": f"qui{number}", "password": "faux", "csrf_token": token}
            answer = client.ask(
                "POST",
                "/login",
                urlencode(form).encode(),
                **{
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Origin": client.origin,
                    "X-Forwarded-For": f"198.51.100.{number}",
                },
            )
            codes.append(answer.status)
        assert 429 in codes
