"""A house in which everything of core and of every plugin has a marker of its own."""

from contextlib import contextmanager

from communicate.audience import LEVELS
from communicate.testing.canaries import Canaries
from communicate.testing.house import House

from . import articles, comments, disk, forums, mail, messages, own, programs, sms
from .people import GROUPS, PLUGINS, ROLES, Writing


class Site:
    """The house, the markers, and by marker the id of the thing whose ACL governs it."""

    def __init__(self, folder, kinds, *, full=True):
        self.full = full
        self.house = House(
            folder,
            PLUGINS,
            {
                "messages.page_size": 50,
                **mail.SETTINGS,
                **programs.SETTINGS,
                **sms.SETTINGS,
            },
        )
        for login in filter(None, ROLES.values()):
            self.house.member(login, *GROUPS.get(login, ()))
        self.canaries, self.things = Canaries(self.house, ROLES), {}
        self.told = []  # whom open pages would be told of what, with which number
        with self.listening():
            self.house.work(lambda request: self.plant(request, kinds))
        self.house.run_jobs()

    @contextmanager
    def listening(self):
        """Have everybody's pages open, and keep what they are told."""
        hub = self.house.registry.communicate_live
        hub.loop, hub.post = True, lambda *told: self.told.append(told)
        yield
        hub.loop = None
        del hub.post

    def plant(self, request, kinds):
        """Write a marker into everything, for every audience."""
        on = Writing(self.canaries, self.things, request)
        on.be_told()
        sms.prove_friend(on)
        for level in LEVELS:
            on.befriend(level)
            own.say(on, level, kinds)
            own.keep(on, level)
            comments.write(on, level, articles.write(on, level), full=self.full)
            disk.write(on, level)
            mail.write(on, level)
            sms.write(on, level)
        for level in forums.LEVELS:
            forums.write(on, level)
        messages.write(on)
        for level in LEVELS:
            on.part(level)
        self.pages = on.pages
