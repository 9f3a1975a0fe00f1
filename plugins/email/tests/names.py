"""A DNS of a test's own."""

import asyncio

from zope.interface import implementer

from communicate_email.sending.resolving import IResolver, NoSuchDomain, Unanswered


@implementer(IResolver)
class Names:
    """Answers from *texts* and *hosts*; counts what is asked; some names never answer."""

    def __init__(self, texts=(), hosts=(), mails=()):
        self.texts, self.hosts, self.mails = dict(texts), dict(hosts), dict(mails)
        self.asked, self.silent, self.failing = [], set(), set()

    async def _found(self, known, name):
        self.asked.append(name)
        if name in self.silent:
            await asyncio.sleep(3600)
        if name in self.failing:
            raise Unanswered(name)
        if name not in known:
            raise NoSuchDomain(name)
        return list(known[name])

    async def txt(self, name):
        return await self._found(self.texts, name)

    async def addresses(self, host):
        return await self._found(self.hosts, host)

    async def mx(self, domain):
        return await self._found(self.mails, domain)

    async def names(self, address):
        return await self._found(self.hosts, address)
