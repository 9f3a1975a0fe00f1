"""A site with disks over FTPS in this process, and Python's own client of it."""

import ftplib
import io
import os
import ssl
import warnings
from datetime import UTC, datetime

import pytest

from communicate.interfaces import IAppPasswords
from communicate.testing.house import House
from communicate.tls import making
from communicate_vdisk.content import SCOPE

from .conftest import Place

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # asyncore, which pyftpdlib is made of
    from communicate_vdisk.ftps import gateway as gateways

Plain = ftplib.FTP  # what must be refused is tried


def free_range(count=40):
    """Return a range of ports that the system gives to nobody by itself; most of them are free."""
    first = 20_000 + os.getpid() * 131 % 10_000
    return f"{first}-{first + count}"


class Site(Place):
    """A place with the gateway; each of its people has an app password."""

    def __init__(self, folder, **settings):
        making_files(folder / "var" / "tls")
        house = House(
            folder,
            ["vdisk"],
            {
                "language": "en",
                "vdisk.ftps": "127.0.0.1:0",
                "vdisk.ftps_ports": free_range(),
                "vdisk.ftps_per_address": "40",
                **settings,
            },
        )
        super().__init__(house)
        self.secrets = {login: self.app_password(login) for login in self.uids}
        self.gateway = gateways.start(house.registry)
        self.open = []

    def app_password(self, login, scope=SCOPE):
        """Return a new app password of *login*."""
        return self.house.work(
            lambda r: r.find_service(IAppPasswords).make(self.uids[login], "laptop", [scope])
        )

    def at_root(self, name, login="ines"):
        """Return the id of what is called *name* on the disk of *login*."""
        return self.do(lambda _r, s: s.child(s.disk(self.uids[login]), name).id)

    def client(self, login="ines", secret=None, versions=None, cls=ftplib.FTP_TLS):
        """Return a client that has signed in, its data connections closed to others."""
        context = trusting()
        if versions:
            context.minimum_version = context.maximum_version = versions
        client = cls(context=context, timeout=20)
        self.open.append(client)
        client.connect("127.0.0.1", self.gateway.port)
        client.login(login, secret or self.secrets[login])
        client.prot_p()
        return client

    def close(self):
        for client in self.open:
            client.close()
        self.gateway.stop()
        self.house.close()


def making_files(folder):
    """Put a key and a certificate for this machine into *folder*."""
    folder.mkdir(parents=True)
    secret, public = making.make(making.HERE, datetime.now(UTC))
    (folder / "site.key").write_bytes(secret)
    (folder / "site.crt").write_bytes(public)


def trusting():
    """Return the context of a client that asks for no authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def put(client, path, data, **more):
    """Send *data*; return the reply."""
    return client.storbinary(f"STOR {path}", io.BytesIO(data), **more)


def got(client, path, rest=None):
    """Return the bytes at *path*."""
    out = io.BytesIO()
    client.retrbinary(f"RETR {path}", out.write, rest=rest)
    return out.getvalue()


def refused(code, func, *args, **more):
    """Assert that the reply to *func* begins with *code*; return it."""
    with pytest.raises(ftplib.Error) as error:
        func(*args, **more)
    assert str(error.value).startswith(str(code)), error.value
    return str(error.value)


def does(func, *args):
    """Tell whether *func* is done; a refusal is 550."""
    try:
        func(*args)
    except ftplib.error_perm as error:
        if str(error).startswith("550"):
            return False
        raise
    return True
