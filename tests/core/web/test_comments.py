"""Comments where no plugin offers any: a page shows nothing of them, and deleting goes on."""

from communicate.interfaces import IMembers
from communicate.web.comments import comments_on, count_on, forget_on, link_on


class TestWithoutPlugin:
    def test_nothing_is_shown_counted_or_forgotten(self, make_house):
        house = make_house([])
        uid = house.member("ines")

        def ask(request):
            thing = request.find_service(IMembers).by_uid(uid)
            forget_on(request, thing)
            return comments_on(request, thing), link_on(request, thing), count_on(request, thing)

        assert house.work(ask) == ("", "", None)
