"""Links for those without an account: what they open, for how long, and what ends them."""

import io
import re
import threading
import zipfile
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from communicate.audience import CONTACTS, MEMBERS, PRIVATE, PUBLIC, Audience
from communicate.clock import milliseconds, now
from communicate.interfaces import IAudiences, IErasure
from communicate.permissions import VIEW
from communicate.security import decide
from communicate.testing.archives import exported
from communicate.testing.kit import form_with
from communicate_vdisk.errors import Spent
from communicate_vdisk.interfaces import ILinks
from communicate_vdisk.links import viewer_through

PASSWORD = "sept choux verts à midi"


class Linking:
    """A place and what its tests do with links."""

    def __init__(self, place):
        self.place = place

    def make(self, number, **more):
        """Return the secret of a new link to the thing *number*."""
        days = more.pop("days", 0)

        def made(request, service):
            until = milliseconds(now(request) + timedelta(days=days)) if days else 0
            links = request.find_service(ILinks)
            return links.make(service.find(number), until=until, **more)

        return self.place.do(made)

    def get(self, secret, view="link", login=None, **more):
        """Return what comes of following the link."""
        query = "&".join(f"{name}={value}" for name, value in more.items())
        address = f"/disk/{view}?key={secret}" + (f"&{query}" if query else "")
        return self.place.browser(login).get(address, expect_errors=True)

    def fetch(self, secret, login=None, **more):
        """Return the bytes of a download, or None where none was begun."""
        answer = self.get(secret, "link-download", login, **more)
        if answer.status_int != 303 or "ticket=" not in answer.location:
            return None
        return self.place.browser(login).get(answer.location).body

    def item(self, number):
        return self.place.path(number).rpartition("/")[2]

    def links(self, number):
        """Return how many links lead to a thing."""
        return self.place.do(
            lambda request, service: len(request.find_service(ILinks).of(service.find(number)))
        )

    def fetched(self, secret):
        return self.place.do(lambda r, _s: r.find_service(ILinks).find(secret).fetched)


@pytest.fixture(scope="module")
def linking(place):
    return Linking(place)


class TestFile:
    def test_opens_the_file_to_a_stranger_and_nothing_else(self, linking):
        place = linking.place
        folder = place.folder("Papiers")
        number = place.file("Bail.txt", b"Trois pages", folder)
        beside = place.file("Secret.txt", b"Rien", folder)
        secret = linking.make(number)
        assert len(secret) >= 26  # of 64 signs: 156 bits and more
        page = linking.get(secret)
        assert page.status_int == 200
        assert "Bail.txt" in page
        assert "Trois pages" in page
        assert "Papiers" not in page
        assert linking.fetch(secret) == b"Trois pages"
        assert linking.get(secret, item=linking.item(beside)).status_int == 404
        assert linking.get(secret, item=linking.item(folder)).status_int == 404
        for login in (None, "paul", "oscar"):
            assert place.status(login, place.path(number)) in (403, 404, 303)
            assert place.found(login, "bail") == set()

    def test_tells_nobody_of_itself(self, linking):
        secret = linking.make(linking.place.file("Discret.txt"))
        ticket = linking.get(secret, "link-download").location
        browser = linking.place.house.browser()
        answers = [browser.get(f"/disk/link?key={secret}")]
        answers += [linking.get("wrong"), browser.get(ticket)]
        for answer in answers:
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert "noindex" in answer.headers["X-Robots-Tag"]
            assert answer.headers.get("Set-Cookie", "csrf=").startswith("csrf=")
        assert answers[0].headers["Cache-Control"] == "no-store"
        assert answers[1].status_int == 404
        assert "sandbox" in answers[2].headers["Content-Security-Policy"]
        assert "Content-Disposition" in answers[2].headers

    def test_its_secret_is_kept_nowhere(self, linking):
        place = linking.place
        secret = linking.make(place.file("Sûr.txt"), password=PASSWORD)
        stored = b"".join(
            path.read_bytes() for path in place.house.folder.rglob("*") if path.is_file()
        )
        assert secret.encode() not in stored
        assert PASSWORD.encode() not in stored
        assert b"$argon2id$" in stored

    def test_only_pictures_sound_film_and_text_are_shown(self, linking):
        page = linking.place.file("Page.html", b"<script>alert(1)</script>")
        secret = linking.make(page)
        shown = linking.get(secret)
        assert "<script>alert" not in shown
        ticket = linking.get(secret, "link-download").location
        answer = linking.place.browser(None).get(f"{ticket}&show=1")
        assert answer.headers["Content-Disposition"].startswith("attachment")

    def test_who_is_signed_in_sees_no_more_by_it(self, linking):
        place = linking.place
        number = place.file("Bref.txt", b"Bref")
        secret = linking.make(number)
        assert linking.fetch(secret, "paul") == b"Bref"
        assert place.status("paul", place.path(number)) == 404


class TestFolder:
    def test_opens_what_shares_its_audience(self, linking):
        place = linking.place
        top = place.folder("Voyage")
        inner = place.folder("Jour 1", top)
        photo = place.file("Quai.txt", b"Le quai", inner)
        own = place.file("Journal.txt", b"Intime", inner)
        place.share(own, MEMBERS)
        place.do(lambda request, s: request.find_service(IAudiences).choose(s.find(own), PRIVATE))
        opened = place.file("Affiche.txt", b"Fest-noz", inner)
        place.share(opened, PUBLIC)
        secret = linking.make(top)
        assert "Jour 1" in linking.get(secret)
        page = linking.get(secret, item=linking.item(inner))
        assert "Quai.txt" in page
        assert "Affiche.txt" in page
        assert "Journal.txt" not in page
        assert linking.get(secret, item=linking.item(own)).status_int == 404
        assert linking.fetch(secret, item=linking.item(photo)) == b"Le quai"
        assert linking.fetch(secret, item=linking.item(own)) is None
        packed = zipfile.ZipFile(io.BytesIO(linking.get(secret, "link-zip").body))
        assert sorted(packed.namelist()) == [
            *("Voyage/", "Voyage/Jour 1/", "Voyage/Jour 1/Affiche.txt"),
            "Voyage/Jour 1/Quai.txt",
        ]

    def test_what_is_public_elsewhere_is_not_in_it(self, linking):
        place = linking.place
        elsewhere = place.file("Ailleurs.txt")
        place.share(elsewhere, PUBLIC)
        secret = linking.make(place.folder("Ici"))
        assert linking.get(secret, item=linking.item(elsewhere)).status_int == 404

    def test_nobody_else_moves_things_to_where_a_link_leads(self, linking):
        place = linking.place
        work = place.folder("Atelier")
        place.share(work, place.potager, change=place.potager)
        shown = place.folder("Vitrine", work)
        linking.make(shown)
        number = place.file("Brouillon.txt", b"x", work)
        answer = place.click(
            "zoe", f"{place.path(work).rpartition('/')[0]}/place", 400,
            item=linking.item(number), to=linking.item(shown), act="move",
        )  # fmt: skip
        assert "More people would see it" in answer


class TestPassword:
    def test_opens_it_for_an_hour_and_is_tried_a_few_times(self, linking):
        place = linking.place
        number = place.file("Clé.txt", b"Sous le pot")
        secret = linking.make(number, password=PASSWORD)
        closed = linking.get(secret)
        assert closed.status_int == 200
        assert "Clé.txt" not in closed
        assert linking.fetch(secret) is None
        browser = place.browser(None)
        opened = browser.post(f"/disk/link?key={secret}", {"password": PASSWORD}, status=303)
        assert "Set-Cookie" not in opened.headers
        assert "Clé.txt" in browser.get(opened.location)
        proof = parse_qs(urlsplit(opened.location).query)["proof"][0]
        assert linking.fetch(secret, proof=proof) == b"Sous le pot"
        other = linking.make(number, password=PASSWORD)
        assert linking.fetch(other, proof=proof) is None
        for _try in range(10):
            wrong = browser.post(f"/disk/link?key={secret}", {"password": "choux"}, status=400)
            assert "not the password" in wrong
        browser.post(f"/disk/link?key={secret}", {"password": PASSWORD}, status=429)
        place.house.registry.getUtility(clock_of()).offset += timedelta(hours=2)
        assert linking.fetch(secret, proof=proof) is None
        browser.post(f"/disk/link?key={secret}", {"password": PASSWORD}, status=303)

    def test_a_download_that_was_begun_goes_on_once_it_has_to_be_typed_again(self, linking):
        place = linking.place
        secret = linking.make(place.file("Long.txt", b"Un film"), password=PASSWORD)
        browser = place.browser(None)
        opened = browser.post(f"/disk/link?key={secret}", {"password": PASSWORD}, status=303)
        proof = parse_qs(urlsplit(opened.location).query)["proof"][0]
        begun = linking.get(secret, "link-download", proof=proof).location
        place.house.registry.getUtility(clock_of()).offset += timedelta(minutes=90)
        assert linking.fetch(secret, proof=proof) is None
        assert browser.get(begun, headers={"Range": "bytes=3-"}, status=206).body == b"film"
        assert linking.get(secret, "link-file", ticket="AAAA").status_int == 404


def clock_of():
    from communicate.interfaces import IClock

    return IClock


class TestLimit:
    def test_a_download_counts_once_with_all_its_ranges(self, linking):
        place = linking.place
        data = bytes(range(256)) * 1000
        secret = linking.make(place.file("Film.bin", data), most=1)
        place.browser(None).head(f"/disk/link-download?key={secret}")
        assert linking.fetched(secret) == 0
        begun = linking.get(secret, "link-download")
        browser, parts = place.browser(None), []
        for start, stop in ((0, 99_999), (100_000, 255_999)):
            part = browser.get(
                begun.location, headers={"Range": f"bytes={start}-{stop}"}, status=206
            )
            parts.append(part.body)
        assert b"".join(parts) == data
        assert linking.fetched(secret) == 1
        assert linking.fetch(secret) is None
        assert "as many downloads as it allows" in linking.get(secret)

    def test_bytes_are_not_had_without_counting(self, linking):
        place = linking.place
        number = place.file("Compté.txt", b"Une fois")
        secret = linking.make(number, most=1)
        assert "Une fois" not in linking.get(secret)
        for more in ({}, {"show": "1"}, {"ticket": "AAAA"}, {"ticket": "%C3%A9"}):
            assert linking.get(secret, "link-file", **more).status_int == 303
        other = linking.make(place.file("Autre.txt", b"Autre"))
        begun = linking.get(other, "link-download").location
        ticket = parse_qs(urlsplit(begun).query)["ticket"][0]
        assert linking.get(secret, "link-file", ticket=ticket).status_int == 303
        assert linking.fetched(secret) == 0

    def test_another_file_than_was_counted_is_not_what_the_ticket_is_for(self, linking):
        place = linking.place
        number = place.file("Neuf.txt", b"Avant")
        secret = linking.make(number, most=1)
        begun = linking.get(secret, "link-download").location
        place.file("Neuf.txt", b"Maintenant")
        assert place.browser(None).get(begun).status_int == 303

    def test_a_zip_counts(self, linking):
        place = linking.place
        folder = place.folder("Une fois")
        place.file("a.txt", b"1", folder)
        secret = linking.make(folder, most=1)
        assert linking.get(secret, "link-zip").status_int == 200
        assert linking.get(secret, "link-zip").status_int == 303

    def test_those_who_come_at_once_are_all_counted(self, linking):
        place = linking.place
        number = place.file("Foule.txt", b"x")
        secret, begun = linking.make(number, most=5), []

        def fetch():
            try:
                place.do(
                    lambda request, s: request.find_service(ILinks).begin(
                        request.find_service(ILinks).find(secret), s.find(number)
                    )
                )
            except Spent:
                return
            begun.append(1)

        threads = [threading.Thread(target=fetch) for _each in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (len(begun), linking.fetched(secret)) == (5, 5)


class TestReports:
    def test_whoever_sees_it_by_a_link_may_report_it(self, linking):
        place = linking.place
        number = place.file("Tract.txt", b"Des mots qui blessent")
        secret, other = linking.make(number), linking.make(place.file("Rien.txt"))
        address = linking.get(secret, login="oscar").html.find("a", href=re.compile("^/report/"))
        page = place.browser("oscar").get(address["href"])
        assert "Des mots qui blessent" in page
        form = form_with(page, "reason")
        form["reason"] = form["reason"].options[0][0]
        done = form.submit("report")
        assert done.location.endswith(f"/disk/link?key={secret}")
        bare = address["href"].partition("?")[0]
        for query in ("", "?key=x", f"?key={other}"):
            place.browser("oscar").get(f"{bare}{query}", status=404)
        assert "/report/" not in linking.get(secret, login="ines")
        assert place.house.browser().get(address["href"], expect_errors=True).status_int != 200

    def test_not_before_its_password(self, linking):
        place = linking.place
        number = place.file("Scellé.txt")
        secret = linking.make(number, password=PASSWORD)
        address = f"/report/vdisk.file/{linking.item(number)}?key={secret}"
        place.browser("oscar").get(address, status=404)


class TestEnd:
    def test_by_its_owner(self, linking):
        place = linking.place
        number = place.file("Fin.txt")
        secret = linking.make(number)
        begun = linking.get(secret, "link-download").location
        page = place.browser("ines").get(f"{place.path(number)}/links")
        item = page.html.find("button", attrs={"name": "link"})["value"]
        place.click("oscar", "/members/ines/disk/end-link", 404, link=item)
        assert linking.get(secret).status_int == 200
        place.click("ines", "/members/ines/disk/end-link", link=item)
        assert linking.get(secret).status_int == 404
        assert place.browser(None).get(begun, status=404)

    def test_by_its_day(self, make_place):
        linking = Linking(make_place())
        number = linking.place.file("Jour.txt")
        secret = linking.make(number, days=7)
        assert linking.get(secret).status_int == 200
        linking.place.later(days=8)
        assert linking.get(secret).status_int == 404
        linking.place.later(days=1)
        assert linking.links(number) == 0

    def test_by_the_trash_for_good(self, linking):
        place = linking.place
        folder = place.folder("Vieux")
        number = place.file("Vieux.txt", b"x", folder)
        secrets = [linking.make(number), linking.make(folder)]
        place.trash(folder)
        assert [linking.get(one).status_int for one in secrets] == [404, 404]
        place.trash(folder, "restore")
        assert [linking.get(one).status_int for one in secrets] == [404, 404]
        assert linking.links(number) == linking.links(folder) == 0

    def test_by_whom_its_owner_lets_see_it(self, linking):
        place = linking.place

        def choose(number, audience):
            place.do(
                lambda request, s: request.find_service(IAudiences).choose(
                    s.find(number), audience
                )
            )

        folder = place.folder("Cercle")
        number = place.file("Plan.txt", b"x", folder)
        choose(folder, CONTACTS)
        secret = linking.make(number)
        choose(folder, MEMBERS)
        assert linking.get(secret).status_int == 200
        choose(folder, place.potager)
        assert linking.get(secret).status_int == 404
        choose(folder, PUBLIC)
        assert linking.get(secret).status_int == 404
        secret, closed = linking.make(number), place.folder("Fermé")
        place.do(lambda _r, s: s.move(s.find(number), s.find(closed)))
        assert linking.get(secret).status_int == 404

    def test_for_as_long_as_a_moderator_hides_it(self, linking):
        number = linking.place.file("Douteux.txt")
        secret = linking.make(number)
        linking.place.trash(number, "set_hidden", True)
        assert linking.get(secret).status_int == 404
        linking.place.trash(number, "set_hidden", False)
        assert linking.get(secret).status_int == 200

    def test_by_destroying_and_by_erasure(self, make_place):
        place = make_place()
        linking = Linking(place)
        gone, kept = place.file("a.txt"), place.file("b.txt")
        secrets = [linking.make(gone), linking.make(kept, password=PASSWORD)]
        place.trash(gone, "destroy")
        assert [linking.get(one).status_int for one in secrets] == [404, 200]
        place.do(lambda request, _s: request.find_service(IErasure).start(place.uids["ines"]))
        assert linking.get(secrets[1]).status_int == 404
        place.house.run_jobs()
        left = place.do(lambda r, _s: len(r.find_service(ILinks).links.by_id))
        assert left == 0

    def test_by_the_operator(self, make_place):
        place = make_place(**{"vdisk.links": "no"})
        linking = Linking(place)
        number = place.file("a.txt")
        assert linking.get(linking.make(number)).status_int == 404
        assert place.status("ines", f"{place.path(number)}/links") == 404

    def test_on_a_site_that_strangers_do_not_read(self, make_place):
        place = make_place(widest_audience="members")
        linking = Linking(place)
        secret = linking.make(place.file("a.txt", b"Ici"))
        assert linking.get(secret).status_int != 200
        assert linking.fetch(secret, "paul") == b"Ici"


class TestMatrix:
    """A link opens what it leads to with each audience and state, and to nobody who lacks it."""

    LEVELS = (PRIVATE, CONTACTS, Audience("chosen"), MEMBERS, PUBLIC)

    def test_every_path_of_a_link_says_the_same(self, linking):
        place = linking.place
        for level in self.LEVELS:
            place.share(folder := place.folder(f"Niveau {level.level}"), level)
            states = {
                "kept": place.file("kept.txt", b"MOT", folder),
                "hidden": place.file("hidden.txt", b"MOT", folder),
                "thrown": place.file("thrown.txt", b"MOT", folder),
            }
            secret, direct = linking.make(folder), {}
            for state, number in states.items():
                direct[state] = linking.make(number)
            place.trash(states["hidden"], "set_hidden", True)
            place.trash(states["thrown"])
            packed = zipfile.ZipFile(io.BytesIO(linking.get(secret, "link-zip").body)).namelist()
            listed = linking.get(secret)
            for state, number in states.items():
                opens, item = state == "kept", linking.item(number)
                said = {
                    "acl": self.asked(place, secret, number),
                    "listed": f"{state}.txt" in listed,
                    "page": linking.get(secret, item=item).status_int == 200,
                    "fetched": linking.fetch(secret, item=item) == b"MOT",
                    "packed": any(name.endswith(f"{state}.txt") for name in packed),
                    "direct": linking.get(direct[state]).status_int == 200,
                    "directly fetched": linking.fetch(direct[state]) == b"MOT",
                }
                assert set(said.values()) == {opens}, (level, state, said)

    def asked(self, place, secret, number):
        def ask(request, service):
            link = request.find_service(ILinks).find(secret)
            return bool(decide(viewer_through(request, link), service.find(number), VIEW))

        return place.do(ask)


class TestPages:
    def test_the_owner_makes_one_and_sees_it_once(self, linking):
        place = linking.place
        number = place.file("Offert.txt", b"Pour vous")
        browser, path = place.browser("ines"), f"{place.path(number)}/links"
        form = form_with(browser.get(path), "days")
        form["days"], form["most"], form["password"] = "7", "3", "court"
        assert "at least 10" in form.submit("make", status=400)
        form = form_with(browser.get(path), "days")
        form["days"], form["most"] = "7", "3"
        page = form.submit("make")
        address = page.html.select_one("#new-link")["value"]
        secret = re.search("key=(.+)", address)[1]
        assert linking.fetch(secret) == b"Pour vous"
        again = browser.get(path)
        assert secret not in again
        assert "1 of 3 downloads" in again
        mine = browser.get("/members/ines/disk/links")
        assert "Offert.txt" in mine
        assert "1 link" in browser.get(f"{place.path(number)}/share")
        for login in ("paul", "oscar"):
            place.browser(login).get(path, status=404)
            place.browser(login).get("/members/ines/disk/links", status=404)

    def test_the_archive_says_which_there_are(self, linking):
        linking.make(linking.place.file("Liste.txt"), password=PASSWORD)
        rows = exported(linking.place.house, "ines").records("vdisk", "link")
        row = next(row for row in rows if row["name"] == "Liste.txt")
        assert (row["fetched"], row["password"], row["until"]) == (0, True, None)

    def test_a_disk_has_no_link_and_members_not_too_many(self, make_place, monkeypatch):
        monkeypatch.setattr("communicate_vdisk.links.MOST", 2)
        place = make_place()
        number = place.file("a.txt")
        linking = Linking(place)
        assert place.status("ines", "/members/ines/disk/links") == 200
        for _each in range(2):
            linking.make(number)
        form = form_with(place.browser("ines").get(f"{place.path(number)}/links"), "days")
        assert "end some first" in form.submit("make", status=400)
