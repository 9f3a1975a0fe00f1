"""A site with disks, people who know each other, and what they keep."""

from datetime import timedelta
from io import BytesIO

import pytest

from communicate.audience import PRIVATE, Audience
from communicate.interfaces import ICatalog, IClock, IContacts, IMembers
from communicate.outbox.runner import run_due
from communicate.principals import Viewer, circle
from communicate.principals import member as principal
from communicate.quota.proof import drifts
from communicate.testing.house import House
from communicate.testing.kit import form_with
from communicate_vdisk.interfaces import IDisk, ITrash
from communicate_vdisk.sharing import share

ROLES = {"ines": (), "paul": (), "zoe": (), "moira": ("moderators",), "oscar": ("operators",)}


class Place:
    """A house in which ines keeps files; paul is her contact, zoe is in her circle Potager."""

    def __init__(self, house):
        self.house = house
        self.uids = {login: house.member(login, *groups) for login, groups in ROLES.items()}
        self._browsers = {}
        self.circle = house.work(self._meet)

    def _meet(self, request):
        contacts, ines = request.find_service(IContacts), self.uids["ines"]
        for login in ("paul", "zoe"):
            contacts.request(self.uids[login], ines)
            contacts.accept(ines, self.uids[login])
        number = contacts.make_circle(ines, "Potager")
        contacts.put(ines, number, self.uids["zoe"])
        return number

    def browser(self, login=None):
        """Return the one browser of *login*, or that of a stranger."""
        if login not in self._browsers:
            self._browsers[login] = self.house.browser(login)
        return self._browsers[login]

    def do(self, func):
        """Return what *func* does with a request and the service, committed."""
        return self.house.work(lambda request: func(request, request.find_service(IDisk)))

    def at(self, service, where, login="ines"):
        """Return the folder with the id *where*, or the disk of *login*."""
        return service.disk(self.uids[login]) if where is None else service.find(where)

    def folder(self, name, where=None, by="ines", of="ines"):
        """Return the id of a new folder."""
        return self.do(
            lambda _request, service: (
                service.make_folder(self.at(service, where, of), name, self.uids[by]).id
            )
        )

    def file(self, name, data=b"Bonjour", where=None, by="ines", of="ines"):
        """Return the id of a new file, or of the one that got a new version."""
        return self.do(
            lambda _request, service: (
                service.put(self.at(service, where, of), name, BytesIO(data), self.uids[by]).id
            )
        )

    def share(self, number, see, add=PRIVATE, change=PRIVATE):
        """Let others see something, and do more with it."""
        self.do(lambda request, service: share(request, service.find(number), see, add, change))

    def only(self, *logins):
        """Return the audience of those people."""
        return Audience("chosen", [principal(self.uids[login]) for login in logins])

    @property
    def potager(self):
        """The audience of the circle."""
        return Audience("chosen", [circle(self.circle)])

    def state(self, number, func):
        """Return what *func* finds of a folder or file."""
        return self.do(lambda _request, service: func(service.find(number)))

    def path(self, number):
        """Return the address of a folder or file."""
        return self.do(lambda _request, service: service.path(service.find(number)))

    def data(self, number):
        """Return the bytes of a file."""
        return self.do(
            lambda _request, service: b"".join(service.seals.open_range(service.find(number).blob))
        )

    def names(self, where=None, login="ines"):
        """Return the names in a folder, in order."""

        def names(_request, service):
            folder = self.at(service, where, login)
            disk = service.disk(self.uids[login])
            listed = folder.listing.after(service.seals)
            return [service.name(disk.node(number)) for _words, number in listed]

        return self.do(names)

    def used(self, login="ines"):
        """Return how many bytes the disk counts for *login*; fail where it keeps others."""
        uid = self.uids[login]

        def used(request, _service):
            assert list(drifts(request, uid)) == []
            counted = request.root_map["storage"].by_uid.get(uid)
            return 0 if counted is None else counted.parts.get("vdisk", 0)

        return self.do(used)

    def trash(self, number, act="throw", *more):
        """Have the trash *act* on something."""

        def done(request, service):
            getattr(request.find_service(ITrash), act)(service.find(number), *more)

        self.do(done)

    def click(self, login, address, status=303, **fields):
        """Post to *address* as a bare button does."""
        browser = self.browser(login)
        token = form_with(browser.get("/help"), "csrf_token")["csrf_token"].value
        return browser.post(address, {"csrf_token": token, **fields}, status=status)

    def upload(self, login, address, *files, status=303, act="upload"):
        """Send *files*, pairs of name and bytes, by the plain form."""
        browser = self.browser(login)
        token = form_with(browser.get("/help"), "csrf_token")["csrf_token"].value
        sent = [("file", name, data) for name, data in files]
        return browser.post(
            f"{address}/{act}", {"csrf_token": token}, upload_files=sent, status=status
        )

    def status(self, login, address):
        """Return the status that *login* gets at *address*."""
        return self.browser(login).get(address, expect_errors=True).status_int

    def found(self, login, words):
        """Return the ids that a search by *login* finds, loaded and asked for permission."""

        def search(request, _service):
            catalog, members = request.find_service(ICatalog), request.site["members"]
            who = request.find_service(IMembers).by_login(login) if login else None
            request.viewer = viewer = Viewer(who, members)
            return {thing.id for _hit, thing in catalog.load(catalog.search(viewer, words))}

        return self.do(search)

    def later(self, **delta):
        """Let time pass, and do the work that is due by then."""
        self.house.registry.getUtility(IClock).offset += timedelta(**delta)
        self._browsers.clear()  # sessions end meanwhile
        run_due(self.house.registry)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return the place that the tests of a module share, in English."""
    house = House(tmp_path_factory.mktemp("disk"), ["vdisk"], {"language": "en"})
    yield Place(house)
    house.close()


@pytest.fixture
def make_place(make_house):
    """Return what makes a place of one test."""

    def make(**settings):
        return Place(make_house(["vdisk"], language="en", **settings))

    return make
