"""The disk over WebDAV: who comes in, what is there for whom, what is refused."""

import base64
import http.client
from datetime import timedelta
from urllib.parse import quote, unquote

import pytest
from defusedxml.ElementTree import fromstring

from communicate.audience import CONTACTS, MEMBERS, PRIVATE
from communicate.ids import decode
from communicate.interfaces import IAppPasswords, IClock, IContacts, IDatabase
from communicate.testing.archives import exported
from communicate.testing.house import PASSWORD
from communicate_vdisk.dav import listing, server
from communicate_vdisk.dav.exchange import Exchange
from communicate_vdisk.dav.provider import Provider
from communicate_vdisk.locks.interfaces import ILocks

from .davs import LOCK, PATCH, Dav, leftovers, place_at, together

BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    b'<propfind xmlns="DAV:"><prop><l>&b;</l></prop></propfind>'
)


@pytest.fixture(scope="module")
def dav(tmp_path_factory, place):
    dav = Dav(place_at(place))
    yield dav
    dav.gateway.stop()


@pytest.fixture(scope="module")
def shared(place):
    """Return folders of ines for each audience, each with a file and a folder in a private one."""
    made = {}
    deep = place.folder("Fermé")
    for name, see, add, change in (
        ("Seul", PRIVATE, PRIVATE, PRIVATE),
        ("Lu", CONTACTS, PRIVATE, PRIVATE),
        ("Ajouté", CONTACTS, CONTACTS, PRIVATE),
        ("Changé", CONTACTS, PRIVATE, CONTACTS),
        ("Membres", MEMBERS, PRIVATE, PRIVATE),
    ):
        made[name] = place.folder(name, deep)
        place.file("Plan.txt", b"Bonjour", made[name])
        place.share(made[name], see, add, change)
    place.house.run_jobs()
    return made


class TestComingIn:
    def test_strangers_are_asked_who_they_are(self, dav):
        for method in ("GET", "PROPFIND", "OPTIONS", "PUT", "MKCOL"):
            answer = dav.ask(method, "/ines/", login=None)
            assert answer.status == 401
            assert "Basic" in answer.headers["WWW-Authenticate"]

    def test_an_app_password_of_the_scope_is_needed(self, dav):
        place = dav.place
        assert dav.status("PROPFIND", "/ines/", Depth="0") == 207
        other = place.do(
            lambda r, _s: r.find_service(IAppPasswords).make(place.uids["zoe"], "Mail", ["mail"])
        )
        for secret in (PASSWORD, other, "x", ""):
            assert dav.ask("PROPFIND", "/zoe/", "zoe", secret=secret or "-").status == 401

    def test_what_is_revoked_opens_nothing_from_then_on(self, dav):
        place, uid = dav.place, dav.place.uids["moira"]
        assert dav.status("PROPFIND", "/moira/", "moira", Depth="0") == 207

        def revoke(request, _service):
            apps = request.find_service(IAppPasswords)
            return apps.revoke(uid, decode(apps.of(uid)[0]["key"]))

        assert place.do(revoke)
        assert dav.status("PROPFIND", "/moira/", "moira", Depth="0") == 401

    def test_many_wrong_ones_are_held_up(self, make_place):
        place = place_at(make_place(**{"communicate.limits.gateway_address": "3/hour"}))
        dav = Dav(place)
        try:
            found = [dav.ask("GET", "/ines/", secret="x").status for _ in range(5)]
            assert found == [401, 401, 401, 429, 429]
            assert int(dav.ask("GET", "/ines/", secret="x").headers["Retry-After"]) > 0
            place.house.registry.getUtility(IClock).offset += timedelta(hours=2)
            assert dav.status("PROPFIND", "/ines/", Depth="0") == 207
        finally:
            dav.gateway.stop()

    @pytest.mark.parametrize(
        ("proxy", "headers", "status"),
        [
            ("", {}, 207),
            ("", {"X_Forwarded_For": "203.0.113.7"}, 403),
            ("127.0.0.1", {"X_Forwarded_For": "203.0.113.7"}, 403),
            ("127.0.0.1", {"X_Forwarded_For": "203.0.113.7", "X_Forwarded_Proto": "http"}, 403),
            ("127.0.0.1", {"X_Forwarded_For": "203.0.113.7", "X_Forwarded_Proto": "https"}, 207),
            ("192.0.2.1", {"X_Forwarded_For": "203.0.113.7", "X_Forwarded_Proto": "https"}, 403),
        ],
    )
    def test_no_password_travels_in_clear_text(self, dav, monkeypatch, proxy, headers, status):
        settings = dav.place.house.registry.settings
        monkeypatch.setitem(settings, "communicate.trusted_proxy", proxy)
        answer = dav.ask("PROPFIND", "/ines/", Depth="0", **headers)
        assert answer.status == status
        if status == 403:
            assert "WWW-Authenticate" not in answer.headers


class TestRights:
    """What each verb answers, by what its sender was given."""

    VERBS = ("PROPFIND", "GET", "PUT", "PROPPATCH", "LOCK", "MOVE", "DELETE", "MKCOL", "new")

    def statuses(self, dav, folder, login):
        """Return what each verb answers; what it did is taken back."""
        base = f"/ines/{folder}"
        return {verb: self.status(dav, verb, base, login) for verb in self.VERBS}

    def status(self, dav, verb, base, login):
        path, other = f"{base}/Plan.txt", f"{base}/Autre.txt"
        method, where, body = {
            "PUT": ("PUT", path, b"Bonjour"),
            "PROPPATCH": ("PROPPATCH", path, PATCH % b"x"),
            "LOCK": ("LOCK", path, LOCK % (b"exclusive", b"x")),
            "MKCOL": ("MKCOL", f"{base}/Neuf", None),
            "new": ("PUT", f"{base}/Neu.txt", b"x"),
        }.get(verb, (verb, path, None))
        to = {"Destination": quote(f"/dav{other}")} if verb == "MOVE" else {}
        answer = dav.ask(method, where, login, body, Depth="infinity" if to else "0", **to)
        done = answer.status < 300
        if done and verb == "LOCK":
            dav.ask("UNLOCK", path, login, Lock_Token=answer.headers["Lock-Token"])
        if done and verb == "MOVE":
            dav.ask("MOVE", other, login, Destination=quote(f"/dav{path}"))
        if done and verb == "DELETE":
            dav.ask("PUT", path, login, b"Bonjour")
        return 403 if b"403 Forbidden</" in answer.body else answer.status

    def test_by_what_was_given(self, dav, shared):
        nothing = dict.fromkeys(self.VERBS, 404) | {"PUT": 409, "MKCOL": 409, "new": 409}
        nothing["LOCK"] = 409
        read = dict.fromkeys(self.VERBS, 403) | {"PROPFIND": 207, "GET": 200}
        whole = {"PROPFIND": 207, "GET": 200, "PUT": 204, "PROPPATCH": 207, "LOCK": 200}
        whole |= {"MOVE": 201, "DELETE": 204, "MKCOL": 201, "new": 201}
        assert self.statuses(dav, "Seul", "paul") == nothing
        assert self.statuses(dav, "Lu", "paul") == read
        assert self.statuses(dav, "Ajouté", "paul") == read | {"MKCOL": 201, "new": 201}
        assert self.statuses(dav, "Changé", "paul") == whole
        assert self.statuses(dav, "Membres", "oscar") == read
        assert self.statuses(dav, "Lu", "oscar") == nothing

    def test_what_is_deep_in_a_closed_folder_is_in_the_folder_of_who_shares_it(self, dav, shared):
        listed = dav.ask("PROPFIND", "/ines/", "paul", Depth="1").body.decode()
        assert quote("/dav/ines/Lu/") in listed
        assert quote("Fermé") not in listed
        assert "quota-used-bytes>" not in listed
        assert dav.status("PROPFIND", "/ines/Fermé", "paul", Depth="0") == 404
        assert dav.ask("GET", "/ines/Lu/Plan.txt", "paul").body == b"Bonjour"
        home = dav.ask("PROPFIND", "/", "paul", Depth="1").body.decode()
        assert "/dav/paul/" in home
        assert "/dav/ines/" in home

    def test_who_shares_nothing_is_not_there(self, dav, shared):
        for path in ("/moira/", "/nobody/"):
            assert dav.status("PROPFIND", path, "zoe", Depth="0") == 404
        home = dav.ask("PROPFIND", "/", "zoe", Depth="1").body.decode()
        assert "/dav/moira" not in home

    def test_the_folders_that_nobody_made_are_written_by_nobody(self, dav, shared):
        for path in ("/", "/ines/"):
            assert dav.status("PUT", f"{path}Neu.txt", "paul", b"x") in (403, 409)
            assert dav.status("DELETE", path, "paul") == 403
            assert dav.lock(path, "paul").status == 403
        assert dav.status("DELETE", "/ines/", "ines") == 403

    def test_whom_ines_blocks_sees_nothing_more(self, dav, shared):
        place = dav.place
        assert dav.status("PROPFIND", "/ines/Membres", "oscar", Depth="0") == 207
        ines, oscar = place.uids["ines"], place.uids["oscar"]
        place.do(lambda r, _s: r.find_service(IContacts).block(ines, oscar))
        assert dav.status("PROPFIND", "/ines/Membres", "oscar", Depth="0") == 404
        place.do(lambda r, _s: r.find_service(IContacts).unblock(ines, oscar))

    def test_two_things_of_one_name_are_told_apart(self, dav, shared):
        place = dav.place
        twins = [place.file("Deux.txt", data, place.folder(f"D{data}")) for data in (b"1", b"2")]
        for number in twins:
            place.share(number, place.only("zoe"))
        place.house.run_jobs()
        for number, data in zip(twins, (b"1", b"2"), strict=True):
            address = place.path(number).rpartition("/")[2]
            assert dav.ask("GET", f"/ines/Deux.txt [{address}]", "zoe").body == data
        assert dav.status("GET", "/ines/Deux.txt", "zoe") == 404


class TestPaths:
    @pytest.mark.parametrize(
        "path",
        [
            "/dav/ines/%2e%2e/paul/",
            "/dav/ines/../paul/x",
            "/dav/ines/a%2Fb",
            "/dav/ines//a",
            "/dav/ines/%ff",
            "/dav/ines/./a",
        ],
    )
    def test_tricks_are_refused(self, dav, path):
        sent = path if "%" in path else path.replace("ines", "%69nes")
        for method in ("GET", "PUT", "MKCOL", "PROPFIND"):
            assert dav.ask(method, sent, body=b"" if method == "PUT" else None).status == 400
        dav.status("PUT", "/ines/Vrai.txt", body=b"x")
        there = f"http://localhost{sent}"
        assert dav.status("MOVE", "/ines/Vrai.txt", Destination=there) == 400

    @pytest.mark.parametrize("name", ["a%0Ab", "a%00", "%E2%80%AEgpj.exe", "%20", "x" * 256])
    def test_names_that_can_be_none_are_refused(self, dav, name):
        path = f"/dav/%69nes/{name}"
        assert dav.ask("PUT", path, body=b"x").status == 400
        assert dav.ask("MKCOL", path).status == 400
        assert dav.ask("GET", path).status == 404
        dav.status("PUT", "/ines/Vrai.txt", body=b"x")
        assert dav.status("MOVE", "/ines/Vrai.txt", Destination=f"http://localhost{path}") == 400

    def test_a_name_that_is_composed_otherwise_is_the_same(self, dav):
        assert dav.status("PUT", "/ines/E\u0301te\u0301.txt", body=b"chaud") == 201
        assert dav.ask("GET", "/ines/Été.txt").body == b"chaud"

    def test_a_destination_elsewhere_is_refused(self, dav):
        dav.status("PUT", "/ines/Vrai.txt", body=b"x")
        there = "http://elsewhere.example/dav/ines/Neu.txt"
        assert dav.status("COPY", "/ines/Vrai.txt", Destination=there) == 502

    @pytest.mark.parametrize("address", ["https://localhost", "http://127.0.0.1:%s", ""])
    def test_a_destination_by_any_address_of_the_site_is_found(self, dav, address):
        dav.status("PUT", "/ines/Source.txt", body=b"x")
        base = address % dav.gateway.port if "%s" in address else address
        there = f"{base}/dav/ines/Copie%20{len(address)}.txt"
        assert dav.status("COPY", "/ines/Source.txt", Destination=there) == 201

    def test_all_of_a_disk_at_once_is_not_listed(self, dav):
        for headers in ({"Depth": "infinity"}, {}):
            answer = dav.ask("PROPFIND", "/ines/", **headers)
            assert answer.status == 403
            assert b"propfind-finite-depth" in answer.body


class TestBodies:
    def test_what_is_put_is_what_is_got_in_ranges_too(self, dav):
        data = bytes(range(256)) * 1000
        assert dav.status("PUT", "/ines/Octets.bin", body=data) == 201
        answer = dav.ask("GET", "/ines/Octets.bin")
        assert (answer.body, answer.headers["Accept-Ranges"]) == (data, "bytes")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        head = dav.ask("HEAD", "/ines/Octets.bin")
        assert (head.body, head.headers["Content-Length"]) == (b"", "256000")
        part = dav.ask("GET", "/ines/Octets.bin", Range="bytes=70000-140000")
        assert (part.status, part.body) == (206, data[70000:140001])
        assert part.headers["Content-Range"] == "bytes 70000-140000/256000"
        assert dav.ask("GET", "/ines/Octets.bin", Range="bytes=-5").body == data[-5:]
        assert dav.status("GET", "/ines/Octets.bin", Range="bytes=256000-") == 416
        old = {"Range": "bytes=0-1", "If_Range": '"x"'}
        assert dav.status("GET", "/ines/Octets.bin", **old) == 200

    def test_conditions_hold(self, dav):
        dav.status("PUT", "/ines/Si.txt", body=b"1")
        tag = dav.ask("GET", "/ines/Si.txt").headers["ETag"]
        found = dav.ask("PROPFIND", "/ines/Si.txt", Depth="0").body.decode()
        assert f"getetag>{tag}<" in found.replace("&quot;", '"')
        assert dav.status("GET", "/ines/Si.txt", If_None_Match=tag) == 304
        assert dav.status("PUT", "/ines/Si.txt", body=b"2", If_None_Match="*") == 412
        assert dav.status("PUT", "/ines/Si.txt", body=b"2", If_Match='"x"') == 412
        assert dav.status("PUT", "/ines/Si.txt", body=b"2", If_Match=tag) == 204
        assert dav.ask("GET", "/ines/Si.txt").headers["ETag"] != tag

    def test_a_body_of_no_known_length_comes_in(self, dav):
        pieces = (b"x" * 10_000 for _ in range(30))
        assert dav.status("PUT", "/ines/Morceaux.bin", body=pieces) == 201
        assert dav.ask("GET", "/ines/Morceaux.bin").body == b"x" * 300_000

    def test_what_is_cut_off_is_not_there(self, dav):
        before = dav.place.used()
        pair = base64.b64encode(f"ines:{dav.secrets['ines']}".encode()).decode()
        connection = http.client.HTTPConnection("127.0.0.1", dav.gateway.port, timeout=20)
        connection.putrequest("PUT", "/dav/ines/Coupe.bin")
        for name, value in (("Authorization", f"Basic {pair}"), ("Content-Length", "100000")):
            connection.putheader(name, value)
        connection.endheaders(b"x" * 50_000)
        connection.sock.shutdown(1)
        assert connection.getresponse().status == 400
        connection.close()
        assert dav.status("GET", "/ines/Coupe.bin") == 404
        assert dav.place.used() == before
        assert leftovers(dav.place) == []

    def test_what_is_refused_is_not_read_to_the_end(self, dav, shared):
        """A body that nobody may send is not kept, in memory or elsewhere."""
        answer = dav.ask("PUT", "/ines/Lu/Neu.bin", "paul", b"x" * 5_000_000)
        assert answer.status == 403
        assert leftovers(dav.place) == []

    def test_xml_that_swells_or_is_long_is_refused(self, dav):
        assert dav.status("PROPFIND", "/ines/", body=BOMB, Depth="0") == 400
        long = b"<a>" + b" " * 300_000 + b"</a>"
        assert dav.status("PROPFIND", "/ines/", body=long, Depth="0") == 413
        deep = b"<propertyupdate xmlns='DAV:'><set><prop>%s%s</prop></set></propertyupdate>"
        deep %= (b"<a xmlns='x'>" * 5000, b"</a>" * 5000)
        assert dav.status("PROPPATCH", "/ines/", body=deep) == 413

    def test_conditions_and_ranges_are_short(self, dav):
        # 60,000 characters kept the whole process busy for ten seconds and more.
        for header in ({"If": "<" * 60_000}, {"If": "(" * 60_000}, {"Range": "1" * 60_000}):
            assert dav.status("PROPFIND", "/ines/", Depth="0", **header) == 431
        tokens = " ".join(f"(<urn:uuid:{number:036}>)" for number in range(50))
        assert dav.status("PROPFIND", "/ines/", Depth="0", If=tokens) == 412

    def test_few_properties_can_be_asked_for(self, dav):
        # Each is answered for each thing of a folder: 20,000 of 40 files took a gigabyte.
        asked = b"<propfind xmlns='DAV:'><prop>%s</prop></propfind>"
        for many, status in ((50, 207), (100, 413)):
            names = b"".join(b"<a%d/>" % number for number in range(many))
            assert dav.status("PROPFIND", "/ines/", body=asked % names, Depth="1") == status
        owner = LOCK.replace(b"Poste de %s", b"%s") % (b"exclusive", b"<a>" * 900 + b"</a>" * 900)
        assert dav.status("LOCK", "/ines/", body=owner, Depth="0") == 413

    def test_there_is_no_room_beyond_the_quota(self, make_place):
        place = place_at(make_place(quota="100 kB"))
        dav = Dav(place)
        try:
            assert dav.status("PUT", "/ines/Grand.bin", body=b"x" * 200_000) == 507
            assert dav.status("PUT", "/ines/Petit.bin", body=b"x" * 60_000) == 201
            copy = {"Destination": "/dav/ines/Copie.bin"}
            assert dav.status("COPY", "/ines/Petit.bin", **copy) == 507
            assert place.used() == 60_000
            statuses = together(
                lambda n: dav.status("PUT", f"/ines/{n}.bin", body=b"x" * 10_000), 8
            )
            assert sorted(statuses) == [201] * 4 + [507] * 4
            assert place.used() == 100_000
            found = dav.ask("PROPFIND", "/ines/", Depth="0").body
            assert b"quota-used-bytes>100000<" in found
            left = place.house.registry.settings["communicate.quota"] - 100_000
            assert b"quota-available-bytes>%d<" % left in found
        finally:
            dav.gateway.stop()

    def test_how_much_is_put_is_limited(self, make_place):
        place = place_at(make_place(**{"vdisk.dav_uploads": "3/hour"}))
        dav = Dav(place)
        try:
            found = [dav.status("PUT", f"/ines/{n}.txt", body=b"x") for n in range(4)]
            assert found == [201, 201, 201, 429]
        finally:
            dav.gateway.stop()

    def test_how_often_something_is_changed_is_limited(self, make_place):
        place = place_at(make_place(**{"vdisk.changes": "7/hour"}))
        dav = Dav(place)
        try:
            dav.status("PUT", "/ines/a.txt", body=b"x")
            to = {"Destination": "/dav/ines/b.txt"}
            held = dav.lock("/ines/a.txt").headers["Lock-Token"]
            assert dav.status("UNLOCK", "/ines/a.txt", Lock_Token=held) == 204  # not counted
            found = [
                dav.status("PROPPATCH", "/ines/a.txt", body=PATCH % b"x"),
                dav.status("MKCOL", "/ines/c"),
                dav.status("COPY", "/ines/a.txt", **to),
                dav.status("DELETE", "/ines/b.txt"),
                dav.status("MOVE", "/ines/a.txt", **to),
            ]
            assert found == [207, 201, 201, 204, 201]
            held = dav.lock("/ines/b.txt").headers["Lock-Token"]
            late = {
                "PROPPATCH": dav.ask("PROPPATCH", "/ines/b.txt", body=PATCH % b"y"),
                "LOCK": dav.lock("/ines/c"),
                **{one: dav.ask(one, "/ines/b.txt", **to) for one in ("MOVE", "COPY", "DELETE")},
                "MKCOL": dav.ask("MKCOL", "/ines/d"),
            }
            assert {one.status for one in late.values()} == {429}
            assert all(0 < int(one.headers["Retry-After"]) <= 3600 for one in late.values())
            assert b"mot>x<" in dav.ask("PROPFIND", "/ines/b.txt", Depth="0").body
            assert dav.status("UNLOCK", "/ines/b.txt", Lock_Token=held) == 204
            assert dav.status("PUT", "/ines/b.txt", body=b"y") == 204
            assert dav.status("MKCOL", "/paul/d", "paul") == 201  # each for themselves
            place.house.registry.getUtility(IClock).offset += timedelta(hours=1, minutes=1)
            assert dav.status("DELETE", "/ines/b.txt") == 204
        finally:
            dav.gateway.stop()


class TestNames:
    """A name is in a folder once: that it is taken can be found out, and nothing else."""

    def test_what_is_taken_by_something_closed_is_told_as_that_alone(self, dav):
        place = dav.place
        folder = place.folder("Essais")
        place.share(folder, place.only("paul"), add=place.only("paul"))
        closed = [place.file("Secret 1", b"1", folder), place.folder("Secret 2", folder)]
        for number in closed:
            place.share(number, PRIVATE)
        said = set()
        for way in ("PUT", "MKCOL"):
            for name in ("Secret 1", "Secret 2"):
                body = b"x" if way == "PUT" else None
                answer = dav.ask(way, f"/ines/Essais/{name}", "paul", body)
                said.add((answer.status, answer.body.replace(name.encode(), b"")))
        assert [status for status, _body in said] == [403]
        for name in ("Secret 1", "Secret 2", "Secret 3"):
            assert dav.status("GET", f"/ines/Essais/{name}", "paul") == 404
        assert b"Secret" not in dav.ask("PROPFIND", "/ines/Essais", "paul", Depth="1").body
        assert place.data(closed[0]) == b"1"
        address = place.path(folder)
        place.upload("paul", address, ("Secret 1", b"x"))
        assert sorted(place.names(folder)) == ["Secret 1", "Secret 1 (2)", "Secret 2"]
        assert "taken there" in place.browser("paul").get("/help/disk").text


class TestThings:
    def test_what_is_deleted_is_in_the_trash(self, dav):
        dav.status("PUT", "/ines/Jeté.txt", body=b"x")
        assert dav.status("DELETE", "/ines/Jeté.txt") == 204
        assert dav.status("GET", "/ines/Jeté.txt") == 404
        assert "Jeté.txt" in dav.place.browser("ines").get("/members/ines/disk/trash").text

    def test_what_is_saved_by_way_of_another_file_stays_the_same_thing(self, dav):
        place = dav.place
        number = place.file("Rapport.odt", b"Un")
        place.share(number, place.only("paul"))
        used = place.used()
        dav.status("PUT", "/ines/.~Rapport.tmp", body=b"Deux!")
        to = {"Destination": "/dav/ines/Rapport.odt", "Overwrite": "T"}
        assert dav.status("MOVE", "/ines/.~Rapport.tmp", **to) == 204
        assert place.data(number) == b"Deux!"
        assert place.state(number, lambda node: len(node.versions)) == 1
        assert dav.ask("GET", "/ines/Rapport.odt", "paul").body == b"Deux!"
        assert dav.status("GET", "/ines/.~Rapport.tmp") == 404
        assert place.used() == used + 5
        assert dav.place.browser("ines").get("/members/ines/disk/trash").text.count("tmp") == 0

    def test_what_is_moved_keeps_its_address(self, dav):
        number = dav.place.file("Avant.txt", b"x")
        dav.status("MKCOL", "/ines/Ailleurs")
        to = {"Destination": "/dav/ines/Ailleurs/Apr%C3%A8s.txt"}
        assert dav.status("MOVE", "/ines/Avant.txt", **to) == 201
        assert dav.place.do(lambda _r, s: s.name(s.find(number))) == "Après.txt"
        assert dav.place.names(dav.place.state(number, lambda node: node.__parent__.id)) == [
            "Après.txt"
        ]

    @pytest.mark.parametrize("name", ["a?b", "a;b", "a#b", "100 %", "a%3Fb", "+", "é&è"])
    def test_it_is_called_what_it_was_to_be_called(self, dav, name):
        dav.status("PUT", "/ines/Nom.txt", body=name.encode())
        there = quote(f"/dav/ines/{name}", safe="/")
        to = {"Destination": f"http://localhost{there}"}
        assert dav.status("COPY", "/ines/Nom.txt", **to) == 201
        assert dav.ask("GET", there.replace("ines", "%69nes")).body == name.encode()
        assert name in dav.place.names()
        assert dav.status("MOVE", "/ines/Nom.txt", **to) == 204

    def test_what_goes_to_another_disk_is_copied_there(self, dav, shared):
        dav.status("PUT", "/paul/Cadeau.txt", "paul", b"Pour Ines")
        to = {"Destination": quote("/dav/ines/Changé/Cadeau.txt")}
        assert dav.status("MOVE", "/paul/Cadeau.txt", "paul", **to) == 201
        assert dav.ask("GET", "/ines/Changé/Cadeau.txt", "paul").body == b"Pour Ines"
        assert dav.status("GET", "/paul/Cadeau.txt", "paul") == 404
        copied = dav.ask("GET", "/ines/Fermé/Changé/Cadeau.txt")
        assert copied.body == b"Pour Ines"

    def test_a_copy_holds_what_its_maker_may_read(self, dav, shared):
        place = dav.place
        place.share(place.file("Secret.txt", b"x", shared["Lu"]), PRIVATE)
        to = {"Destination": "/dav/paul/Copie"}
        assert dav.status("COPY", "/ines/Lu", "paul", **to) == 201
        assert place.names(login="paul") == ["Copie"]
        copied = dav.ask("PROPFIND", "/paul/Copie", "paul", Depth="1").body
        assert b"Plan.txt" in copied
        assert b"Secret.txt" not in copied

    def test_programs_say_when_a_file_was_changed(self, dav):
        assert dav.status("PUT", "/ines/Daté.txt", body=b"x", X_OC_Mtime="1000000000") == 201
        answer = dav.ask("GET", "/ines/Daté.txt")
        assert answer.headers["Last-Modified"] == "Sun, 09 Sep 2001 01:46:40 GMT"
        body = (
            b'<propertyupdate xmlns="DAV:"><set><prop><getlastmodified>%s</getlastmodified>'
            b"</prop></set></propertyupdate>"
        )
        when = b"Mon, 12 Jan 1998 09:25:56 GMT"
        dav.ask("PROPPATCH", "/ines/Daté.txt", body=body % when)
        assert dav.ask("HEAD", "/ines/Daté.txt").headers["Last-Modified"] == when.decode()
        dav.ask("PROPPATCH", "/ines/Daté.txt", body=body % b"jamais")
        assert dav.ask("HEAD", "/ines/Daté.txt").headers["Last-Modified"] == when.decode()

    def test_a_browser_that_opens_a_folder_is_told(self, dav):
        answer = dav.ask("GET", "/ines/")
        assert (answer.status, b"WebDAV" in answer.body) == (200, True)


class TestLargeFolders:
    """What a folder of many things holds is answered as it is read."""

    @pytest.fixture
    def many(self, dav, monkeypatch):
        for module in (listing, server):
            monkeypatch.setattr(module, "LISTED", 3)
        place = dav.place
        folder = place.folder(f"Beaucoup {len(place.names())}")
        names = [f"é {n}.txt" for n in range(10)]
        for name in names:
            place.file(name, b"x", folder)
        return place.do(lambda _r, s: s.name(s.find(folder))), folder, names

    def told(self, answer):
        """Return the tags that an answer has of each path, and how many things it has."""
        tree = fromstring(answer.body)
        assert tree.tag == "{DAV:}multistatus"
        return {
            unquote(one.findtext("{DAV:}href")): {each.tag for each in one.iter()} for one in tree
        }, len(tree)

    def test_all_of_it_is_there_once_in_pieces(self, dav, many):
        name, _folder, names = many
        answer = dav.ask("PROPFIND", f"/ines/{name}", Depth="1")
        assert answer.headers["Transfer-Encoding"] == "chunked"
        told, count = self.told(answer)
        whole = {f"/dav/ines/{name}/", *(f"/dav/ines/{name}/{one}" for one in names)}
        assert (set(told), count) == (whole, 11)

    @pytest.mark.parametrize(
        ("wanted", "there", "absent"),
        [
            (b"<D:prop><D:getetag/></D:prop>", "{DAV:}getetag", "{DAV:}getcontentlength"),
            (b"<D:propname/>", "{DAV:}getetag", "{DAV:}nothing"),
            (b"<D:allprop/>", "{DAV:}getcontentlength", "{DAV:}nothing"),
        ],
    )
    def test_it_says_what_it_is_asked_for(self, dav, many, wanted, there, absent):
        body = b'<D:propfind xmlns:D="DAV:">' + wanted + b"</D:propfind>"
        told, _count = self.told(dav.ask("PROPFIND", f"/ines/{many[0]}", body=body, Depth="1"))
        files = [tags for path, tags in told.items() if path[-1] != "/"]
        assert len(files) == 10
        assert all(there in tags and absent not in tags for tags in files)

    def test_what_is_closed_and_what_is_nonsense_is_refused_as_ever(self, dav, many):
        name, folder, _names = many
        assert dav.status("PROPFIND", f"/ines/{name}", body=b"<x/>", Depth="1") == 400
        assert dav.status("PROPFIND", f"/ines/{name}", Depth="infinity") == 403
        assert dav.status("PROPFIND", f"/ines/{name}", "paul", Depth="1") == 404
        place = dav.place
        place.share(folder, place.only("paul"))
        place.share(place.do(lambda _r, s: s.child(s.find(folder), "é 7.txt").id), PRIVATE)
        told, count = self.told(dav.ask("PROPFIND", f"/ines/{name}", "paul", Depth="1"))
        assert (count, f"/dav/ines/{name}/é 7.txt" in told) == (10, False)

    def test_who_loses_the_right_meanwhile_reads_no_further(self, dav, many):
        """Rights are asked with each piece; the answer stays well-formed."""
        name, folder, _names = many
        place = dav.place
        place.share(folder, place.only("paul"))
        sent = {"REQUEST_METHOD": "PROPFIND", "PATH_INFO": "/dav/ines", "wsgi.input": None}

        def begun(request, _service):
            request.member = request.site["members"]["paul"]
            provider = Provider(request, request.member, Exchange(sent, "http://localhost"))
            found = provider.get_resource_inst(f"/ines/{name}", provider.environ())
            return listing.Listed(found, listing.Asked("allprop"))

        pieces = iter(place.do(begun))
        assert next(pieces).count(b"<D:href>") == 4
        place.share(folder, PRIVATE)
        assert b"".join(pieces) == b"</D:multistatus>"


class TestProperties:
    def test_they_are_sealed_and_leave_with_the_archive(self, dav):
        place = dav.place
        dav.status("PUT", "/ines/Propre.txt", body=b"x")
        assert dav.status("PROPPATCH", "/ines/Propre.txt", body=PATCH % b"Zinnia") == 207
        found = dav.ask("PROPFIND", "/ines/Propre.txt", Depth="0").body
        assert b"Zinnia" in found
        rows = exported(place.house, "ines").records("vdisk", "file")
        kept = [row["properties"] for row in rows if row["name"] == "Propre.txt"]
        assert list(kept[0]) == ["{urn:z}mot"]
        node = place.do(lambda _r, s: s.child(s.disk(place.uids["ines"]), "Propre.txt").properties)
        assert b"Zinnia" not in node.envelope
        to = {"Destination": "/dav/ines/Propre%202.txt"}
        assert dav.status("COPY", "/ines/Propre.txt", **to) == 201
        assert b"Zinnia" in dav.ask("PROPFIND", "/ines/Propre 2.txt", Depth="0").body

    def test_they_count_as_what_is_stored(self, dav):
        place, path = dav.place, "/ines/Compté.txt"
        before = place.used()

        def patched(length):
            answer = dav.ask("PROPPATCH", path, body=PATCH % (b"x" * length))
            assert b"200 OK" in answer.body
            return place.used() - before

        dav.status("PUT", path, body=b"x")
        large = patched(5000)
        assert 5000 < large < 5200
        assert patched(1000) == large - 4000
        assert patched(5000) == large
        other = "/ines/Compté bis.txt"
        for versions in (0, 1):  # of one byte
            dav.ask("COPY", path, Destination=quote(f"/dav{other}"), Overwrite="T")
            assert place.used() - before == 2 * large + versions
        assert dav.status("MOVE", other, Destination=quote(f"/dav{path}"), Overwrite="T") == 204
        assert b"xxx" in dav.ask("PROPFIND", path, Depth="0").body
        number = place.do(lambda _r, s: s.child(s.disk(place.uids["ines"]), "Compté.txt").id)
        place.trash(number)
        place.trash(number, "destroy")
        assert place.used() == before

    def test_there_is_no_room_for_them_beyond_the_quota(self, make_place):
        place = place_at(make_place(quota="10 kB"))
        dav = Dav(place)
        try:
            for name in ("a.txt", "b.txt", "c.txt"):
                dav.status("PUT", f"/ines/{name}", body=b"")
            ask = [
                dav.ask("PROPPATCH", f"/ines/{name}", body=PATCH % (b"x" * 4000)).body
                for name in ("a.txt", "b.txt", "c.txt")
            ]
            assert [b"507" in body for body in ask] == [False, False, True]
            assert 8000 < place.used() < 8400
            assert b"xxx" not in dav.ask("PROPFIND", "/ines/c.txt", Depth="0").body
        finally:
            dav.gateway.stop()

    def test_they_are_few_and_small(self, dav):
        dav.status("PUT", "/ines/Gros.txt", body=b"x")
        answer = dav.ask("PROPPATCH", "/ines/Gros.txt", body=PATCH % (b"x" * 20_000))
        assert b"507" in answer.body
        assert b"mot" not in dav.ask("PROPFIND", "/ines/Gros.txt", Depth="0").body


class TestLocks:
    def test_a_lock_keeps_others_out_on_every_path(self, dav, shared):
        place = dav.place
        path, there = "/ines/Fermé/Changé/Plan.txt", "/ines/Changé/Plan.txt"
        answer = dav.lock(path)
        token = answer.headers["Lock-Token"]
        try:
            assert dav.status("PUT", there, "paul", b"x") == 423
            assert dav.status("PUT", path, body=b"x") == 423
            assert dav.status("PUT", path, body=b"Bonjour", If=f"({token})") == 204
            assert dav.status("PUT", there, "paul", b"x", If=f"({token})") in (412, 423)
            assert dav.status("DELETE", "/ines/Fermé/Changé") == 423
            number = place.do(lambda _r, s: s.child(s.find(shared["Changé"]), "Plan.txt").id)
            page = place.path(number)
            said = place.upload("paul", page, ("Plan.txt", b"x"), act="replace", status=400)
            assert "is being edited by ines" in said.text
        finally:
            assert dav.status("UNLOCK", path, Lock_Token=token) == 204
        assert dav.status("PUT", there, "paul", b"Bonjour") == 204

    def test_a_token_is_told_to_its_holder_alone(self, dav, shared):
        path, there = "/ines/Fermé/Changé/Plan.txt", "/ines/Changé/Plan.txt"
        token = dav.lock(path).headers["Lock-Token"].strip("<>")
        assert token.encode() in dav.ask("PROPFIND", path, Depth="0").body
        seen = dav.ask("PROPFIND", there, "paul", Depth="0").body
        assert b"activelock" in seen
        assert token.encode() not in seen
        for login in ("paul",):
            assert dav.status("UNLOCK", there, login, Lock_Token=f"<{token}>") in (403, 409)
            assert dav.status("LOCK", there, login, If=f"(<{token}>)") == 412
        assert dav.status("LOCK", path, If=f"(<{token}>)", Timeout="Second-600") == 200
        assert dav.status("UNLOCK", path, Lock_Token=f"<{token}>") == 204

    def test_it_lasts_an_hour_at_most(self, dav):
        dav.status("PUT", "/ines/Verrou.txt", body=b"x")
        answer = dav.lock("/ines/Verrou.txt", Timeout="Second-604799")
        seconds = int(answer.body.partition(b"Second-")[2].partition(b"<")[0])
        assert 3500 < seconds <= 3600
        assert b"Poste de ines" in answer.body
        token = answer.headers["Lock-Token"]
        clock = dav.place.house.registry.getUtility(IClock)
        clock.offset += timedelta(hours=1, minutes=1)
        try:
            assert dav.status("PUT", "/ines/Verrou.txt", body=b"y") == 204
            assert dav.status("LOCK", "/ines/Verrou.txt", If=f"({token})") == 412
        finally:
            clock.offset -= timedelta(hours=1, minutes=1)
            dav.place.do(lambda r, _s: r.find_service(ILocks).forget(dav.place.uids["ines"]))

    def test_who_may_only_add_locks_nothing_that_is_new(self, dav, shared):
        before = dav.place.names(shared["Ajouté"])
        assert dav.lock("/ines/Ajouté/Verrou neuf.txt", "paul").status == 403
        assert dav.place.names(shared["Ajouté"]) == before

    def test_a_name_that_is_free_is_held(self, dav):
        answer = dav.lock("/ines/Réservé.txt")
        assert answer.status == 201
        assert dav.status("PUT", "/ines/Réservé.txt", body=b"x") == 423
        token = answer.headers["Lock-Token"]
        assert dav.status("PUT", "/ines/Réservé.txt", body=b"x", If=f"({token})") == 204
        assert dav.status("UNLOCK", "/ines/Réservé.txt", Lock_Token=token) == 204

    def test_a_list_about_another_thing_is_about_that(self, dav):
        """RFC 4918, 10.4.2: a tagged list."""
        for name in ("A", "B"):
            dav.status("PUT", f"/ines/{name}.txt", body=b"x")
        token = dav.lock("/ines/B.txt").headers["Lock-Token"]
        to = {"Destination": "/dav/ines/B.txt", "Overwrite": "T"}
        assert dav.status("COPY", "/ines/A.txt", **to) == 423
        tagged = f"<http://localhost/dav/ines/B.txt> ({token})"
        assert dav.status("COPY", "/ines/A.txt", If=tagged, **to) == 204
        dav.status("UNLOCK", "/ines/B.txt", Lock_Token=token)


class TestTogether:
    def test_eight_put_into_one_folder_and_one_file(self, dav):
        """Small here: the whole of it is in `test_dav_clients`."""
        dav.status("MKCOL", "/ines/Foule")
        found = together(
            lambda n: (
                [
                    dav.status("PUT", f"/ines/Foule/{n}-{k}.txt", body=f"{n}{k}".encode())
                    for k in range(4)
                ]
                + [dav.status("PUT", "/ines/Foule/Une.txt", body=b"%d" % n)]
            ),
            8,
        )
        assert {status for each in found for status in each} <= {201, 204}
        number = dav.place.do(lambda _r, s: s.child(s.disk(dav.place.uids["ines"]), "Foule").id)
        assert len(dav.place.names(number)) == 33
        for n in range(8):
            assert dav.ask("GET", f"/ines/Foule/{n}-3.txt").body == f"{n}3".encode()
        assert leftovers(dav.place) == []

    def test_a_reader_holds_no_connection_to_the_tree(self, dav):
        dav.place.file("Lent.bin", b"x" * 5_000_000)
        connection = http.client.HTTPConnection("127.0.0.1", dav.gateway.port, timeout=20)
        pair = base64.b64encode(f"ines:{dav.secrets['ines']}".encode()).decode()
        connection.request("GET", "/dav/ines/Lent.bin", headers={"Authorization": f"Basic {pair}"})
        answer = connection.getresponse()
        first = answer.read(1000)
        database = dav.place.house.registry.getUtility(IDatabase)
        open_now = [each for each in database.connectionDebugInfo() if each["opened"]]
        assert open_now == []
        assert first + answer.read() == b"x" * 5_000_000
        connection.close()
