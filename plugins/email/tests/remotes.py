"""Another site's mail server, played by aiosmtpd on a free port: it keeps what it takes."""

import asyncio
import ssl
import threading
import time
from collections import Counter

from aiosmtpd.smtp import SMTP

from communicate_email.sending.resolving import NoSuchDomain


class Remote:
    """A server that does what it is told: *script* maps a word to what is answered.

    ``mail``, ``rcpt``, ``data``: the answer; or a callable that gets the session's envelope and
    returns one, None for 250.  ``cut``: "before" or "after" the letter was taken, the
    connection is broken without a word, that many times.
    """

    def __init__(self, context=None, *, tls="none", smtputf8=True, **options):
        self.first = (context, tls, smtputf8, options)
        self.reset()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.port = 0

    def reset(self):
        """Be as at first."""
        self.context, self.tls, self.smtputf8, options = self.first
        self.options = dict(options)
        self.letters, self.script, self.cuts = [], {}, {}
        self.reached = Counter()
        self.hanging = threading.Event()
        self.break_tls = False
        self.stuck, self.server = [], None
        self.encrypted = self.open = self.most_at_once = 0

    def start(self, port=0):
        if not self._thread.is_alive():
            self._thread.start()
        return self._call(self._start(port))

    async def _start(self, port):
        self._server = await self._loop.create_server(
            self._session, "127.0.0.1", port, ssl=self.context if self.tls == "tls" else None
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def pause(self):
        """Be away."""
        self._call(self._pause())

    async def _pause(self):
        self._server.close()
        await self._server.wait_closed()

    def stop(self):
        self.pause()
        self._call(self._cancel())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _cancel(self):
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    def _call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)

    def _session(self):
        self.reached["connect"] += 1
        return Session(
            self,
            hostname="remote.example",
            enable_SMTPUTF8=self.smtputf8,
            tls_context=self.context if self.tls == "starttls" else None,
            loop=self._loop,
            **self.options,
        )

    async def _say(self, word, envelope):
        self.reached[word] += 1
        answer = self.script.get(word)
        answer = answer(envelope) if callable(answer) else answer
        if answer == "hang":
            self.stuck.append(self.server)
            self.hanging.set()
            await asyncio.Event().wait()
        return answer

    def handle_STARTTLS(self, server, session, envelope):
        self.encrypted += 1
        return True

    def until(self, true, seconds=120):
        """Wait until *true* says so."""
        last = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < last
            time.sleep(0.01)

    def hang_up(self):
        """Break off the connections in which something hangs."""
        self._call(self._hang_up())

    async def _hang_up(self):
        for server in self.stuck:
            if server.transport is not None:
                server.transport.abort()
        self.stuck.clear()

    async def handle_MAIL(self, server, session, envelope, address, options):
        self.server = server
        answer = await self._say("mail", envelope)
        if answer is None:
            self.open += 1
            self.most_at_once = max(self.most_at_once, self.open)
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer or "250 2.1.0 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        script = self.script.get("rcpt")
        self.reached["rcpt"] += 1
        answer = script.get(address) if isinstance(script, dict) else script
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        self.open -= 1
        if self._cut("before"):
            server.transport.abort()
            return "421 cut"
        answer = await self._say("data", envelope)
        if answer is None:
            self.letters.append(
                (envelope.mail_from, tuple(envelope.rcpt_tos), envelope.original_content)
            )
            if self._cut("after"):
                server.transport.abort()
        return answer or "250 2.0.0 taken"

    def _cut(self, when):
        if self.cuts.get(when, 0) > 0:
            self.cuts[when] -= 1
            return True
        return False


class Session(SMTP):
    """A connection that may offer an encryption that is none."""

    async def smtp_STARTTLS(self, arg):
        if self.event_handler.break_tls:
            await self.push("220 go on")
            self.transport.write(b"this is no TLS" * 10)
            self.transport.close()
            return
        await super().smtp_STARTTLS(arg)


class Names:
    """A DNS of a few names."""

    def __init__(self, **domains):
        self.exchangers = domains.pop("mx", {})
        self.hosts = domains.pop("hosts", {})
        self.texts = domains.pop("texts", {})
        self.back = domains.pop("back", {})
        self.services = domains.pop("services", {})
        self.asked = []

    async def mx(self, domain):
        self.asked.append(domain)
        return self._found(self.exchangers, domain)

    async def addresses(self, host):
        return self._found(self.hosts, host)

    async def txt(self, name):
        return self._found(self.texts, name)

    async def names(self, address):
        return self._found(self.back, address)

    async def srv(self, name):
        return self._found(self.services, name)

    def _found(self, there, name):
        known = {**self.exchangers, **self.hosts, **self.texts, **self.back, **self.services}
        if name not in known and not any(each.endswith(f".{name}") for each in known):
            raise NoSuchDomain(name)
        found = there.get(name, [])
        if isinstance(found, Exception):
            raise found
        return list(found)


def server_context(folder):
    """Return the context of a server with a certificate of its own in *folder*, and its file."""
    from datetime import UTC, datetime

    from communicate.tls import making

    folder.mkdir(parents=True, exist_ok=True)
    secret, public = making.make(making.HERE, datetime.now(UTC))
    (folder / "key.pem").write_bytes(secret)
    (folder / "cert.pem").write_bytes(public)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context, folder / "cert.pem"
