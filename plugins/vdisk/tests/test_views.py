"""The pages of the disk, in plain requests."""

import os
import re
from io import BytesIO

import pytest
from PIL import Image

from communicate.audience import CONTACTS, MEMBERS, PRIVATE, PUBLIC
from communicate.interfaces import IAudiences, IContacts
from communicate.testing.kit import form_with
from communicate_vdisk.errors import Refused

HOME = "/members/ines/disk"


def listed(page):
    return [link.get_text() for link in page.html.select("tbody .row-title")]


def png():
    """Return a small picture."""
    out = BytesIO()
    Image.new("RGB", (4, 3), "green").save(out, "PNG")
    return out.getvalue()


class TestBegin:
    def test_who_has_no_disk_is_told_what_it_is_and_makes_one(self, make_place):
        place = make_place()
        page = place.browser("ines").get("/disk")
        assert "private until you say otherwise" in page
        assert "Sign in" in place.browser().get("/disk", status=403)
        answer = place.click("ines", "/disk/begin")
        assert answer.location.endswith(f"{HOME}/upload")
        assert place.browser("ines").get("/disk").location.endswith(HOME)
        assert "Drop files here" in place.browser("ines").get(HOME)


class TestUpload:
    def test_files_come_by_the_plain_form_and_go_out_alike(self, make_place):
        place = make_place()
        place.folder("Un")
        data = os.urandom(200_000)
        place.upload("ines", HOME, ("a.bin", data), ("C:\\x\\b.txt", b"texte"))
        page = place.browser("ines").get(HOME)
        assert listed(page) == ["Un", "a.bin", "b.txt"]
        address = page.html.find("a", string="a.bin")["href"]
        answer = place.browser("ines").get(f"{address}/download")
        assert answer.body == data
        assert answer.headers["Content-Disposition"].startswith("attachment")

    def test_the_same_name_is_a_new_version(self, make_place):
        place = make_place()
        number = place.file("a.txt", b"one")
        place.upload("ines", HOME, ("a.txt", b"other"))
        assert (place.names(), place.data(number)) == (["a.txt"], b"other")
        page = place.browser("ines").get(f"{place.path(number)}/versions")
        version = page.html.find("a", href=re.compile("/version"))["href"]
        assert place.browser("ines").get(version).body == b"one"
        place.click("ines", f"{place.path(number)}/versions", act="erase-all")
        assert place.used() == 5

    def test_a_folder_is_made(self, make_place):
        place = make_place()
        place.file("a.txt")
        form = form_with(place.browser("ines").get(f"{HOME}/folder"), "name")
        form["name"] = "Jardin"
        assert "Jardin" in form.submit("make", status=303).follow()
        form = form_with(place.browser("ines").get(f"{HOME}/folder"), "name")
        form["name"] = "a.txt"
        assert "choose another name" in form.submit("make", status=400)

    @pytest.mark.parametrize("name", ["..", "a\u202eb.txt", "x" * 300])
    def test_a_bad_name_is_told_and_nothing_is_kept(self, make_place, name):
        place = make_place()
        place.file("a.txt")
        place.upload("ines", HOME, ("good.txt", b"1"), (name, b"2"), status=400)
        assert place.names() == ["a.txt"]

    def test_nothing_and_too_much_are_told(self, make_place):
        place = make_place(quota="100 KB", max_body="50 KB", **{"vdisk.upload": "1 MB"})
        place.file("a.txt")
        assert "at least one file" in place.upload("ines", HOME, status=400)
        assert "no room" in place.upload("ines", HOME, ("b", b"x" * 200_000), status=400)
        place.upload("ines", HOME, ("b", b"x" * 2_000_000), status=413)
        assert (place.names(), place.used()) == (["a.txt"], 7)

    def test_more_than_other_pages_take_goes_to_the_disk_alone(self, make_place):
        place = make_place(max_body="100 KB")
        place.file("a.txt")
        place.upload("ines", HOME, ("b", b"x" * 200_000))
        place.upload("ines", "/account", ("b", b"x" * 200_000), status=413)
        place.upload(None, HOME, ("b", b"x" * 300_000), status=413)


class TestDownload:
    @pytest.fixture
    def sent(self, make_place):
        place = make_place()
        place.bytes = os.urandom(150_000)
        number = place.file("Été.bin", place.bytes)
        place.address = f"{place.path(number)}/content"
        place.number = number
        return place

    def get(self, place, status=200, **headers):
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return place.browser("ines").get(place.address, headers=names, status=status)

    @pytest.mark.parametrize(
        ("asked", "start", "stop"),
        [
            ("bytes=0-0", 0, 1),
            ("bytes=65530-65550", 65530, 65551),
            ("bytes=149999-", 149_999, 150_000),
            ("bytes=-10", 149_990, 150_000),
            ("bytes=100-999999", 100, 150_000),
        ],
    )
    def test_a_range_is_exact(self, sent, asked, start, stop):
        answer = self.get(sent, 206, Range=asked)
        assert answer.body == sent.bytes[start:stop]
        assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/150000"

    def test_what_no_range_is_gets_all_or_416(self, sent):
        assert self.get(sent, Range="bytes=0-1,5-6").body == sent.bytes
        assert self.get(sent, Range="lines=1-2").body == sent.bytes
        answer = self.get(sent, 416, Range="bytes=150000-")
        assert answer.headers["Content-Range"] == "bytes */150000"

    def test_what_is_known_is_not_sent_again_until_it_changes(self, sent):
        tag = self.get(sent).headers["ETag"]
        self.get(sent, 304, If_None_Match=tag)
        assert self.get(sent, 206, Range="bytes=0-9", If_Range=tag).body == sent.bytes[:10]
        sent.file("Été.bin", b"other")
        assert self.get(sent, Range="bytes=0-1", If_Range=tag).body == b"other"
        assert self.get(sent, If_None_Match=tag).headers["ETag"] != tag

    def test_the_browser_runs_nothing_of_it(self, make_place):
        place = make_place()
        for name, data in (
            ("a.html", b"<script>alert(1)</script>"),
            ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
            ("a.pdf", b"%PDF-1.4"),
        ):
            answer = place.browser("ines").get(f"{place.path(place.file(name, data))}/content")
            assert answer.headers["Content-Disposition"].startswith("attachment"), name
            assert "sandbox" in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
        picture = place.file("a.png", png())
        answer = place.browser("ines").get(f"{place.path(picture)}/content")
        assert answer.headers["Content-Disposition"].startswith("inline")
        assert answer.content_type == "image/png"

    def test_a_name_travels_whole(self, sent):
        answer = sent.browser("ines").get(f"{sent.path(sent.number)}/download")
        said = answer.headers["Content-Disposition"]
        assert "filename*=UTF-8''%C3%89t%C3%A9.bin" in said
        assert said.isascii()

    def test_head_tells_the_same_without_the_bytes(self, sent):
        answer = sent.browser("ines").head(sent.address)
        assert (answer.body, answer.headers["Content-Length"]) == (b"", "150000")
        assert answer.headers["Accept-Ranges"] == "bytes"


@pytest.fixture(scope="module")
def many(place):
    """A folder with 120 files."""
    place.many = place.folder("Beaucoup")

    def fill(_request, service):
        for n in range(120):
            data = BytesIO(b"x" * ((n * 37) % 120 + 1))
            service.add_file(service.find(place.many), f"n{n:03}.txt", data, None)

    place.do(fill)
    return place


class TestList:
    def walk(self, place, query, word):
        """Return what every page shows that the link *word* leads to."""
        found, address = [], f"{place.path(place.many)}{query}"
        while address:
            page = place.browser("ines").get(address)
            found.append(listed(page))
            links = page.html.select(f"a[rel={word}]")
            address = links[0]["href"] if links else None
        return found

    @pytest.mark.parametrize("order", ["name", "-name", "date", "-date", "size", "-size"])
    def test_each_order_is_walked_once_through(self, many, order):
        pages = self.walk(many, f"?sort={order}", "next")
        names = [name for page in pages for name in page]
        assert [len(page) for page in pages] == [50, 50, 20]
        assert len(set(names)) == 120
        if order.endswith("name"):
            assert names == sorted(names, reverse=order.startswith("-"))
        if order.endswith("size"):
            sizes = [(int(name[1:4]) * 37) % 120 for name in names]
            assert sizes == sorted(sizes, reverse=order.startswith("-"))

    def test_back_leads_to_what_was_before(self, many):
        first = many.browser("ines").get(many.path(many.many))
        second = many.browser("ines").get(first.html.select_one("a[rel=next]")["href"])
        back = many.browser("ines").get(second.html.select_one("a[rel=prev]")["href"])
        assert listed(back) == listed(first)
        assert not back.html.select("a[rel=prev]")

    def test_the_grid_shows_the_same(self, many):
        page = many.browser("ines").get(f"{many.path(many.many)}?view=grid")
        assert len(page.html.select(".disk-grid li")) == 50

    def test_bad_questions_are_answered_as_none(self, many):
        for query in ("?sort=x", "?view=x", "?after=x", "?after=0000000000000", "?before=%2e"):
            many.browser("ines").get(f"{many.path(many.many)}{query}", status=200)


class TestActs:
    def test_rename_and_move_by_forms(self, make_place):
        place = make_place()
        folder, number = place.folder("Jardin"), place.file("a.txt")
        form = form_with(place.browser("ines").get(f"{place.path(number)}/rename"), "name")
        assert form["name"].value == "a.txt"
        form["name"] = "b.txt"
        form.submit("rename", status=303)
        answer = place.click("ines", f"{HOME}/chosen", place="1", item=place.path(number)[-13:])
        page = answer.follow()
        page = page.click("Jardin")
        form = form_with(page, "to")
        assert "b.txt" in form.submit("act", value="move", status=303).follow()
        assert (place.names(folder), place.names()) == (["b.txt"], ["Jardin"])

    def test_copy_by_form(self, make_place):
        place = make_place()
        folder, number = place.folder("Jardin"), place.file("a.txt")
        to, item = (place.path(each)[-13:] for each in (folder, number))
        place.click("ines", f"{HOME}/place", act="copy", to=to, item=item)
        assert (place.names(folder), place.names()) == (["a.txt"], ["Jardin", "a.txt"])
        page = place.click("ines", f"{HOME}/place", act="copy", to=to, item=to, status=400)
        assert "cannot be put into itself" in page

    def test_nothing_ticked_is_told(self, make_place):
        place = make_place()
        place.file("a.txt")
        assert "Tick something" in place.click("ines", f"{HOME}/chosen", throw="1").follow()

    def test_how_often_something_is_changed_is_limited_as_over_webdav(self, make_place):
        place = make_place(**{"vdisk.changes": "5/hour"})
        number, base = place.file("Plan.txt"), "/members/ines/disk"
        other, folder = place.file("Liste.txt"), place.folder("Dossier")
        path, item = place.path(number), {"item": place.path(number).rpartition("/")[2]}
        to = place.path(folder).rpartition("/")[2]
        acts = [  # each counts one
            (f"{path}/rename", {"name": "Carte.txt"}),
            (f"{base}/place", {**item, "act": "copy", "to": "disk"}),
            (f"{base}/place", {**item, "act": "move", "to": to}),
            (f"{base}/chosen", {**item, "throw": "1"}),
            (f"{place.path(other)}/inherit", {}),
        ]
        for address, fields in acts:
            place.click("ines", address, **fields)
        for address, fields in (
            (f"{place.path(other)}/rename", {"name": "Autre.txt"}),
            (f"{base}/chosen", {"item": place.path(other).rpartition("/")[2], "throw": "1"}),
            (f"{place.path(other)}/inherit", {}),
        ):
            place.click("ines", address, status=429, **fields)
        assert "Liste.txt" in place.names()
        place.click("ines", f"{path}/restore")  # what takes an act back is not counted
        assert place.names(folder) == ["Carte.txt"]

    @pytest.mark.parametrize("item", ["0000000000000", "x", "../../etc", "é"])
    def test_what_is_not_there_is_404(self, make_place, item):
        place = make_place()
        place.file("a.txt")
        place.click("ines", f"{HOME}/chosen", throw="1", item=item, status=404)
        place.click("ines", f"{HOME}/place", act="move", to="disk", item=item, status=404)


class TestShared:
    def test_who_may_see_sees_and_nobody_else_knows(self, make_place):
        place = make_place()
        folder = place.folder("Jardin")
        inside = place.file("Semis.txt", b"pois", folder)
        secret = place.file("Secret.txt", b"x", folder)
        place.share(folder, place.only("paul"))
        place.share(secret, place.only("zoe"))
        assert listed(place.browser("paul").get(place.path(folder))) == ["Semis.txt"]
        assert place.status("paul", place.path(secret)) == 404
        assert place.status("zoe", place.path(secret)) == 200
        assert "Jardin" not in place.browser("zoe").get(place.path(secret))
        assert [place.status("zoe", place.path(each)) for each in (folder, inside)] == [404, 404]
        shared = place.browser("paul").get("/disk/shared")
        assert ("Jardin" in shared, "Semis" in shared, "Secret" in shared) == (True, False, False)
        assert "Secret.txt" in place.browser("zoe").get(HOME)
        assert place.status("oscar", HOME) == 404
        assert place.status(None, HOME) == 403  # a stranger may sign in

    def test_adding_and_changing_are_given_apart(self, make_place):
        place = make_place()
        folder = place.folder("Jardin")
        number = place.file("a.txt", b"own", folder)
        place.share(folder, place.only("paul"), add=place.only("zoe"))
        address = place.path(folder)
        place.upload("paul", address, ("b.txt", b"1"), status=404)
        place.upload("zoe", address, ("b.txt", b"1"), ("a.txt", b"another"))
        assert place.names(folder) == ["a (2).txt", "a.txt", "b.txt"]
        assert place.data(number) == b"own"
        for act in ("rename", "replace", "share", "versions"):
            assert place.status("zoe", f"{place.path(number)}/{act}") == 404
        place.share(folder, place.only("paul"), change=place.only("zoe"))
        place.upload("zoe", address, ("a.txt", b"changed"))
        assert place.data(number) == b"changed"
        place.click("zoe", f"{HOME}/chosen", throw_one=place.path(number)[-13:])
        assert place.status("ines", place.path(number)) == 404
        assert place.used() == 1 + 7 + 3 + 7
        page = place.browser("ines").get(address)
        assert "zoe" in page

    def test_what_is_narrower_takes_what_was_given_along(self, make_place):
        place = make_place()
        folder = place.folder("Jardin")
        place.share(folder, CONTACTS, add=CONTACTS, change=place.potager)
        place.upload("paul", place.path(folder), ("b.txt", b"1"))
        place.do(
            lambda request, service: request.find_service(IAudiences).choose(
                service.find(folder), PRIVATE
            )
        )
        place.upload("paul", place.path(folder), ("c.txt", b"1"), status=404)
        assert place.status("zoe", f"{place.path(folder)}/rename") == 404

    def test_nobody_but_the_owner_moves_a_thing_to_more_readers(self, make_place):
        place = make_place()
        few, many = place.folder("Peu"), place.folder("Beaucoup")
        number = place.file("a.txt", b"1", few)
        place.share(few, place.only("zoe"), change=place.only("zoe"))
        place.share(many, MEMBERS, add=place.only("zoe"))
        item, to = place.path(number)[-13:], place.path(many)[-13:]
        sent = {"act": "move", "item": item, "to": to}
        page = place.click("zoe", f"{HOME}/place", status=400, **sent)
        assert "More people would see it" in page
        assert place.status("oscar", place.path(number)) == 404
        place.click("ines", f"{HOME}/place", **sent)
        assert place.status("oscar", place.path(number)) == 200

    def test_only_who_may_see_is_given_more(self, make_place):
        place = make_place()
        folder = place.folder("Jardin")
        with pytest.raises(Refused):
            place.share(folder, CONTACTS, add=MEMBERS)
        with pytest.raises(Refused):
            place.share(folder, CONTACTS, add=place.only("oscar"))
        place.share(folder, MEMBERS, change=place.only("oscar"))

    def test_by_the_form_and_back_to_as_its_folder(self, make_place):
        place = make_place()
        folder = place.folder("Jardin")
        number = place.file("a.txt", b"1", folder)
        page = place.browser("ines").get(f"{place.path(number)}/share")
        form = next(form for form in page.forms.values() if "share" in form.fields)
        level = next(name for name in form.fields if name and name.startswith("see"))
        form[level] = "members"
        form.submit("share", status=303)
        assert place.status("oscar", place.path(number)) == 200
        assert place.status("oscar", place.path(folder)) == 404
        place.click("ines", f"{place.path(number)}/inherit")
        assert place.status("oscar", place.path(number)) == 404

    def test_blocked_people_are_kept_away(self, make_place):
        place = make_place()
        folder = place.folder("Jardin")
        place.share(folder, PUBLIC, change=MEMBERS)
        assert place.status("oscar", place.path(folder)) == 200
        place.do(
            lambda request, _s: request.find_service(IContacts).block(
                place.uids["ines"], place.uids["oscar"]
            )
        )
        assert place.status("oscar", place.path(folder)) == 404
        place.upload("oscar", place.path(folder), ("x", b"1"), status=404)


class TestFilePage:
    def test_shows_what_a_browser_can_show(self, make_place):
        place = make_place()
        text = place.browser("ines").get(place.path(place.file("a.txt", b"<b>pois</b>")))
        assert text.html.select_one("pre").get_text() == "<b>pois</b>"
        picture = place.browser("ines").get(place.path(place.file("a.png", png())))
        assert picture.html.select_one(".disk-preview img")["src"].endswith("/content")
        other = place.browser("ines").get(place.path(place.file("a.zip", b"PK\3\4")))
        assert "Download it to open it" in other

    def test_can_be_reported_by_who_sees_it(self, make_place):
        place = make_place()
        number = place.file("a.txt")
        place.share(number, MEMBERS)
        page = place.browser("oscar").get(place.path(number))
        address = page.html.find("a", href=re.compile("^/report/"))["href"]
        place.browser("oscar").get(address, status=200)
        assert (
            not place.browser("ines")
            .get(place.path(number))
            .html.find("a", href=re.compile("^/report/"))
        )
