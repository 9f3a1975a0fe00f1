"""A disk with its WebDAV gateway running, for the tests that ask it."""

import base64
import http.client
import threading
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

from communicate.interfaces import IAppPasswords
from communicate_vdisk.dav.gateway import Gateway

LOCK = (
    b'<?xml version="1.0"?><lockinfo xmlns="DAV:"><lockscope><%s/></lockscope>'
    b"<locktype><write/></locktype><owner>Poste de %s</owner></lockinfo>"
)
PATCH = (
    b'<?xml version="1.0"?><propertyupdate xmlns="DAV:"><set><prop>'
    b'<z:mot xmlns:z="urn:z">%s</z:mot></prop></set></propertyupdate>'
)


class Dav:
    """A place with its gateway running, and a client for each member's app password."""

    def __init__(self, place):
        self.place = place
        self.secrets = {
            login: place.do(
                lambda r, _s, uid=uid: r.find_service(IAppPasswords).make(uid, "Test", ["disk"])
            )
            for login, uid in place.uids.items()
        }
        self.gateway = Gateway(place.house.registry).start()

    def ask(self, method, path, login="ines", body=None, secret=None, **headers):
        """Return status, headers and body of one request; *path* is unquoted."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if login:
            pair = f"{login}:{secret or self.secrets[login]}".encode()
            sent.setdefault("Authorization", f"Basic {base64.b64encode(pair).decode()}")
        connection = http.client.HTTPConnection("127.0.0.1", self.gateway.port, timeout=20)
        try:
            connection.request(method, path if "%" in path else quote(f"/dav{path}"), body, sent)
            answer = connection.getresponse()
            return SimpleNamespace(
                status=answer.status, headers=answer.headers, body=answer.read()
            )
        finally:
            connection.close()

    def status(self, method, path, login="ines", body=None, **headers):
        """Return the status of one request."""
        return self.ask(method, path, login, body, **headers).status

    def lock(self, path, login="ines", scope=b"exclusive", **headers):
        """Return the answer to a lock."""
        return self.ask("LOCK", path, login, LOCK % (scope, login.encode()), **headers)


def place_at(place):
    """Let the gateway of *place* have any free port."""
    place.house.registry.settings["vdisk.dav"] = "127.0.0.1:0"
    return place


def together(act, count):
    """Return what *act* returns for each of *count* numbers, all begun at once."""
    found = [None] * count
    gate = threading.Barrier(count)

    def run(number):
        gate.wait()
        found[number] = act(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def leftovers(place):
    """Return what lies about where uploads come in."""
    folder = place.do(lambda r, _s: r.root_map._p_jar.db().storage.temporaryDirectory())
    found = (each.name for each in Path(folder).iterdir() if each.is_file())
    return [name for name in found if "lock" not in name]
