"""What is written for some lies in no file; what is deleted, in none after a pack."""

from communicate.storage.pack import pack
from communicate.stores import stores_of
from communicate.testing.kit import form_with
from communicate_spaces.interfaces import ICommenting
from communicate_spaces.places import SIZE
from communicate_spaces.showing import Shown

NARROW, WIDE = "Chuchoteriez", "Proclameriez"


def files_with(place, words):
    """Return the files of the house in which *words* lie, as typed or folded."""
    forms = (words.encode(), words.lower().encode())
    folder = place.house.folder / "var"
    found = [path for path in folder.rglob("*") if path.is_file()]
    return {
        path.name.partition("-")[0]
        for path in found
        if any(form in path.read_bytes() for form in forms)
    }


class TestFiles:
    def test_hold_no_comment_that_is_for_some(self, make_place):
        place = make_place()
        place.open("contacts", "contacts")
        place.comment("colin", NARROW)
        place.open("members", "members", approval=True, owner="marie")
        place.comment("bela", NARROW, owner="marie")
        assert files_with(place, NARROW) == set()

    def test_hold_none_that_was_deleted(self, make_place):
        place = make_place()
        place.open("public")
        number = place.comment("marie", WIDE)
        assert files_with(place, WIDE) == {"catalog.sqlite"}
        place.act(number, "delete", place.uids["marie"])
        place.later(seconds=11)
        pack(stores_of(place.house.registry))
        assert files_with(place, WIDE) == set()


class TestLimits:
    def test_nobody_floods_the_others(self, make_place):
        place = make_place(**{"communicate.limits.posting": "2/hour"})
        place.open()
        for _time in range(2):
            place.write("marie", "/members/olga/comments", "Encore")
        form = form_with(place.browser("marie").get("/members/olga/comments"), "body")
        form["body"] = "Encore et toujours"
        origin = {"Origin": "http://localhost"}
        assert "Encore et toujours" in form.submit("post", status=429, headers=origin).text


class TestGrowth:
    def test_a_page_loads_what_it_shows(self, place):
        """The objects that a page of comments loads do not grow with the comments."""
        place.open()

        def loads(request):
            request.site._p_jar.cacheMinimize()
            before = request.site._p_jar.getTransferCounts(True)[0]
            Shown(request, place.thread(request)).html()
            return request.site._p_jar.getTransferCounts(True)[0] - before

        def fill(count):
            def add(request):
                words, thread = request.find_service(ICommenting), place.thread(request)
                for _time in range(count):
                    words.add(thread, place.uids["marie"], "Un mot")

            place.do(add)

        fill(7 * SIZE)
        assert place.do(loads) < 4 * SIZE
