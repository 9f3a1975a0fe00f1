"""Notices for members of a group: nobody else has them, nor a choice of when they come."""

from communicate.interfaces import IMembers, INotifications


def make_operator(request, uid):
    request.find_service(IMembers).by_uid(uid).groups = ("operators",)


def tell(shelf, uid):
    shelf.house.work(
        lambda request: request.find_service(INotifications).send("shelf.alarm", uid, path="/")
    )


def test_only_they_are_told(shelf):
    shelf.house.work(lambda request: make_operator(request, shelf.paul))
    tell(shelf, shelf.ines)
    tell(shelf, shelf.paul)
    assert shelf.unread(shelf.ines) == 0
    assert shelf.unread(shelf.paul) == 1


def test_only_they_choose_when(shelf):
    shelf.house.work(lambda request: make_operator(request, shelf.paul))
    fields = {}
    for login in ("ines", "paul"):
        page = shelf.house.browser(login).get("/account/notices")
        form = page.forms["mail"]
        fields[login] = "shelf-alarm" in form.fields
        form.submit().follow()
    assert fields == {"ines": False, "paul": True}
