from pathlib import Path

from communicate.audience import Audience
from communicate.principals import member
from communicate.sealing.content import Sealed
from communicate.web import once
from communicate.web.content import ROOT
from communicate_forums.interfaces import IForums

ADDRESS = "/forums/conseil/0123456789abc-zebramarker"


def filled(browser, path, field, **values):
    form = next(f for f in browser.get(path).forms.values() if field in f.fields)
    for name, value in values.items():
        form[name] = value
    return form


def forum_of_claire(house, uid):
    """Make a forum that only Claire reads."""
    readers = Audience("chosen", [member(uid)])

    def add(request):
        request.find_service(IForums).add_forum("conseil", "Conseil", audience=readers)

    house.work(add)


class TestAnswers:
    def test_what_is_remembered_is_sealed(self, make_house):
        house = make_house()
        uid = house.member("claire.morvan")

        def done(request):
            request.member = request.site["members"]["claire.morvan"]
            request.method = "POST"
            request.content_type = "application/x-www-form-urlencoded"
            request.body = b"once=0123456789"
            once.done(request, ADDRESS)
            ((_moment, kept),) = request.root_map[ROOT][uid].values()
            return kept

        kept = house.work(done)
        assert isinstance(kept, Sealed)
        assert b"zebramarker" not in kept.envelope

    def test_a_title_lies_nowhere_in_clear(self, make_house):
        house = make_house(["forums"])
        forum_of_claire(house, house.member("claire"))
        browser = house.browser("claire")
        form = filled(browser, "/forums/conseil/new", "title", title="Zebramarker", body="Un mot")
        topic = form.submit("post", status=303).location
        assert topic.endswith("-zebramarker")
        filled(browser, topic, "body", body="Giraffemarker").submit("post", status=303)
        assert form.submit("post", status=303).location == topic  # the same form, sent again
        house.close()
        for path in filter(Path.is_file, (house.folder / "var").rglob("*")):
            held = path.read_bytes().lower()
            assert b"zebramarker" not in held, path
            assert b"giraffemarker" not in held, path
        house.boot(["forums"])
