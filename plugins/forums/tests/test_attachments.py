"""Files beside the words of a post: who reads them, and that they go with it."""

from io import BytesIO

import pytest
from PIL import Image
from ZODB.POSException import ConflictError

from communicate.interfaces import IErasure
from communicate.testing.archives import exported
from communicate.testing.kit import form_with
from communicate.writing.attachments import AttachmentService
from communicate.writing.interfaces import IAttachments, IDrafts

PDF = b"%PDF-1.4 canari dans une fiche"


def photo():
    """Return a picture that tells where it was taken."""
    made, exif = BytesIO(), Image.Exif()
    exif[0x010E] = "canari-exif"
    Image.new("RGB", (40, 30), "green").save(made, "JPEG", exif=exif)
    return made.getvalue()


@pytest.fixture
def send(place):
    """Return what sends a file to the draft of a form, as the module does."""

    def to_draft(where, name, data, login="paul", status=200):
        browser = place.browser(login)
        token = form_with(browser.get("/help"), "csrf_token")["csrf_token"].value
        values = {"csrf_token": token, "place": where}
        files = [("file", name, data)]
        return browser.post("/account/drafts/files", values, upload_files=files, status=status)

    return to_draft


@pytest.fixture
def topic(place):
    """Return a topic of Inès."""
    return place.topic()


@pytest.fixture
def attached(place, topic, send):
    """Return a reply of Paul with a file and a picture in it: its address, and theirs."""
    made = [send(topic.base, *one).json for one in (("fiche.pdf", PDF), ("photo.jpg", photo()))]
    place.write("paul", topic.base, body="Voici. " + " ".join(one["markdown"] for one in made))
    number = place.do(lambda _request, forums: forums.topic(topic.number).posts.maxKey())
    return number, [f"{topic.post(number)}/{one['id']}" for one in made]


def post_of(place, number, func):
    """Return what *func* does with a request and a post."""
    return place.do(lambda request, forums: func(request, forums.post(number)))


class TestReading:
    def test_what_is_referred_to_stands_in_the_words(self, place, topic, attached):
        page = place.browser("ines").get(topic.base).maybe_follow().html
        body = page.find_all(class_="post-body")[-1]
        file, picture = attached[1]
        assert body.find("a", href=file).get_text().split()[0] == "fiche.pdf"
        image = body.find("img")
        assert (image["src"], image["width"], image["height"]) == (picture, "40", "30")
        assert image["alt"] == "photo.webp"
        assert body.find(class_="attached") is None

    def test_what_is_not_stands_below(self, place, topic, send):
        send(topic.base, "notes.txt", b"bonjour")
        place.write("paul", topic.base, body="Voici.")
        page = place.browser("ines").get(topic.base).maybe_follow().html
        assert "notes.txt" in page.select_one(".post-body .attached").get_text()

    def test_a_picture_is_made_anew_and_a_file_is_handed_out(self, place, attached):
        file, picture = (place.browser("ines").get(path) for path in attached[1])
        assert picture.content_type == "image/webp"
        assert b"canari-exif" not in picture.body
        assert file.body == PDF
        assert file.content_type == "application/pdf"
        assert file.headers["Content-Disposition"].startswith('attachment; filename="fiche.pdf"')
        assert picture.headers["Content-Disposition"].startswith("inline;")
        part = place.browser("ines").get(attached[1][0], headers={"Range": "bytes=1-3"})
        assert (part.status_int, part.body) == (206, PDF[1:4])
        for answer in (file, picture):
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in answer.headers["Content-Security-Policy"]

    def test_by_who_may_read_the_post_and_nobody_else(self, place, send):
        forum = place.forum(audience=place.only("ines", "paul"))
        topic = place.topic(forum)
        made = send(topic.base, "fiche.pdf", PDF).json
        place.write("paul", topic.base, body="Voici.")
        number = place.do(lambda _r, forums: forums.topic(topic.number).posts.maxKey())
        path = f"{topic.post(number)}/{made['id']}"
        place.browser("ines").get(path)
        for login in ("moira", "oscar", None):
            place.browser(login).get(path, status=403)

    def test_not_while_it_is_a_draft(self, place, topic, send):
        made = send(topic.base, "fiche.pdf", PDF).json
        path = f"/account/drafts/files/{made['id']}"
        assert place.browser("paul").get(path).body == PDF
        for login in ("ines", "moira", "oscar"):
            place.browser(login).get(path, status=404)
        place.browser().get(path, status=403)

    @pytest.mark.parametrize("act", ["delete", "set_hidden"])
    def test_not_any_more_once_the_post_is_gone(self, place, attached, act):
        number, paths = attached
        place.remove(number, act, *([True] if act == "set_hidden" else []))
        for path in paths:
            place.browser("ines").get(path, status=403)
            place.browser("paul").get(path, status=403)


class TestChanging:
    def test_files_are_added_and_taken_off(self, place, topic, attached, send):
        number, paths = attached
        edit = f"{topic.post(number)}/edit"
        send(edit, "plan.pdf", PDF)
        form = form_with(place.browser("paul").get(edit), "body")
        first = paths[0].rpartition("/")[2]
        boxes = form.fields["attached.remove"]
        assert len(boxes) == 3
        next(box for box in boxes if box._value == first).checked = True
        form.submit("post", status=303)
        place.browser("ines").get(paths[0], status=404)
        page = place.browser("ines").get(topic.base).maybe_follow().html
        body = page.find_all(class_="post-body")[-1]
        assert "plan.pdf" in body.select_one(".attached").get_text()
        assert body.select_one("span.file-link") is not None


class TestWithoutScripts:
    def test_a_file_comes_with_the_form_and_outlives_a_preview(self, place, topic):
        form = form_with(place.browser("paul").get(topic.base).maybe_follow(), "body")
        form["body"] = "Voici."
        form["attached.files"] = [("photo.jpg", photo())]
        page = form.submit("preview")
        assert page.html.select_one("#preview img") is not None
        form = form_with(page, "body")
        assert "photo.webp" in form.text
        form.submit("post", status=303)
        page = place.browser("ines").get(topic.base).maybe_follow().html
        assert page.select_one(".attached img") is not None

    def test_a_file_is_kept_where_the_words_are_missing(self, place, topic):
        form = form_with(place.browser("paul").get(topic.base).maybe_follow(), "body")
        form["attached.files"] = [("fiche.pdf", PDF)]
        page = form.submit("post", status=400)
        page = place.browser("paul").get(topic.base).maybe_follow()
        assert "fiche.pdf" in form_with(page, "body").text

    def test_what_cannot_be_attached_is_said_beside_the_field(self, place, topic):
        form = form_with(place.browser("paul").get(topic.base).maybe_follow(), "body")
        form["body"] = "Voici."
        form["attached.files"] = [("page.html", b"<script>alert(1)</script>")]
        page = form.submit("post", status=400)
        assert page.html.find(id="body-error") is not None
        assert "Voici." in form_with(page, "body")["body"].value


class TestLimits:
    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("page.html", b"<html>"),
            ("image.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            ("prog.exe", b"MZ\x90\x00"),
            ("notes.txt", b"\x00\x01"),
            ("vide.txt", b""),
            ("casse.png", b"\x89PNG\r\n\x1a\n et rien"),
        ],
    )
    def test_only_kinds_that_harm_nobody(self, place, topic, send, name, data):
        if not data:
            name, data = "vide.txt", b""
        answer = send(topic.base, name, data, status=400)
        assert answer.json["error"]

    def test_so_large_and_so_many(self, make_place):
        place = make_place(**{"communicate.attachment_size": "1 kB", "communicate.attachments": 1})
        topic = place.topic()
        browser = place.browser("paul")
        token = form_with(browser.get("/help"), "csrf_token")["csrf_token"].value

        def send(name, data, status):
            values = {"csrf_token": token, "place": topic.base}
            files = [("file", name, data)]
            return browser.post("/account/drafts/files", values, upload_files=files, status=status)

        assert "1" in send("long.txt", b"x" * 2000, 400).json["error"]
        send("un.txt", b"un", 200)
        assert send("deux.txt", b"deux", 400).json["error"]

    def test_so_many_in_all_also_when_a_post_is_changed(self, make_place):
        place = make_place(**{"communicate.attachments": 1})
        topic = place.topic()
        number = place.reply(topic, "Voici")

        def put(request, forums):
            service = request.find_service(IAttachments)
            return service.put(forums.post(number), place.uids["paul"], "un.txt", b"un").__name__

        first = place.do(put)
        form = form_with(place.browser("paul").get(f"{topic.post(number)}/edit"), "body")
        form["attached.files"] = [("deux.txt", b"deux")]
        page = form.submit("post", status=400)
        assert "At most 1" in page.html.find(id="body-error").get_text()
        form = form_with(page, "body")
        form["attached.remove"] = [first]
        form.submit("post", status=303)
        names = post_of(
            place,
            number,
            lambda request, post: [
                request.find_service(IAttachments).name(each) for each in post.attached()
            ],
        )
        assert names == ["deux.txt"]

    def test_so_many_an_hour(self, make_place):
        place = make_place(**{"communicate.limits.attachments": "1/hour"})
        topic, browser = place.topic(), place.browser("paul")
        token = form_with(browser.get("/help"), "csrf_token")["csrf_token"].value
        values = {"csrf_token": token, "place": topic.base}
        for status in (200, 429):
            files = [("file", "un.txt", b"un")]
            browser.post("/account/drafts/files", values, upload_files=files, status=status)


def files_of(place, login="paul"):
    """Return how many files *login* has, and their bytes."""
    uid = place.uids[login]

    def count(request, _forums):
        service = request.find_service(IAttachments)
        return service.count(uid), service.size(uid)

    return place.do(count)


@pytest.fixture
def trouble(monkeypatch):
    """Return what lets as many replies as it is given meet a conflict."""

    def arise(times):
        left = iter(range(times))

        def take(_self, _form, _holder):
            if next(left, None) is not None:
                raise ConflictError
            return real(_self, _form, _holder)

        real = AttachmentService.take
        monkeypatch.setattr(AttachmentService, "take", take)

    return arise


class TestTriedAgain:
    """A request that meets another one is tried again: what came with it is there once."""

    def reply(self, place, topic, status):
        """Send a reply with a file, without any module."""
        form = form_with(place.browser("paul").get(topic.base).maybe_follow(), "body")
        form["body"] = "Voici."
        form["attached.files"] = [("fiche.pdf", PDF)]
        return form.submit("post", status=status)

    def kept(self, place, topic):
        """Return the words of the draft, if there is one, and the names of its files."""

        def draft(request, _forums):
            found = request.find_service(IDrafts).of(place.uids["paul"], topic.base)
            service = request.find_service(IAttachments)
            if found is None:
                return None
            return dict(found.words), [service.name(each) for each in found.draft.attached()]

        return place.do(draft)

    def test_and_done(self, make_place, trouble):
        place = make_place()
        topic = place.topic()
        trouble(2)
        self.reply(place, topic, 303)
        assert self.kept(place, topic) is None
        assert files_of(place) == (1, len(PDF))

    def test_and_given_up(self, make_place, trouble):
        place = make_place()
        topic = place.topic()
        trouble(100)
        self.reply(place, topic, 503)
        assert self.kept(place, topic) == ({"body": "Voici."}, ["fiche.pdf"])
        assert files_of(place) == (1, len(PDF))


class TestGoing:
    def test_with_the_words_of_the_post(self, make_place):
        place = make_place()
        topic = place.topic()
        number = place.reply(topic, "Voici")
        uid = place.uids["paul"]

        def put(request, forums):
            service = request.find_service(IAttachments)
            service.put(forums.post(number), uid, "fiche.pdf", PDF)

        place.do(put)
        assert files_of(place) == (1, len(PDF))
        place.remove(number, "destroy")
        assert files_of(place) == (0, 0)
        assert post_of(place, number, lambda _request, post: post.attachments) is None

    def test_with_the_account(self, make_place):
        place = make_place()
        number = place.reply(place.topic(), "Voici")
        uid = place.uids["paul"]

        def put(request, forums):
            service = request.find_service(IAttachments)
            return service.put(forums.post(number), uid, "fiche.pdf", PDF).id

        attachment = place.do(put)
        assert "fiche.pdf" in " ".join(exported(place.house, "paul").names)
        place.do(lambda request, _forums: request.find_service(IErasure).start(uid) and None)
        place.house.run_jobs()
        assert files_of(place) == (0, 0)
        assert (
            post_of(place, number, lambda _r, post: (post.attachments or {}).get(attachment))
            is None
        )


class TestSwitchedOff:
    def test_nothing_is_handed_out_and_all_is_counted(self, make_place):
        place = make_place()
        topic = place.topic()
        number = place.reply(topic, "Voici")
        uid = place.uids["paul"]

        def put(request, forums):
            service = request.find_service(IAttachments)
            return service.put(forums.post(number), uid, "fiche.pdf", PDF).__name__

        path = f"{topic.post(number)}/{place.do(put)}"
        place.browser("paul").get(path)
        place.house.reboot([])
        place._browsers.clear()
        place.browser("paul").get(path, status=404)
        count = place.house.work(lambda request: request.find_service(IAttachments).count(uid))
        assert count == 1
        assert "fiche.pdf" in " ".join(exported(place.house, "paul").names)
        place.house.reboot(["forums"])
        place._browsers.clear()
        assert place.browser("paul").get(path).body == PDF
