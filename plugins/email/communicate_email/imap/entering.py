"""Commands that everybody may give, and how somebody signs in (RFC 9051, 6.1 and 6.2)."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from communicate.accounts.limits import TooMany
from communicate_email.imap.answers import Answered, No
from communicate_email.imap.spooling import spooled
from communicate_email.imap.wire.commands import Command, from_base64
from communicate_email.imap.wire.errors import BadCommand, Hopeless

if TYPE_CHECKING:
    from communicate_email.imap.session import Session

ALWAYS = "IMAP4rev1 IMAP4rev2 ID ENABLE"
UNTIL = f"{ALWAYS} LITERAL- SASL-IR"  # before somebody has signed in
SINCE = (
    f"{ALWAYS} LITERAL+ IDLE NAMESPACE UNSELECT CHILDREN SPECIAL-USE LIST-EXTENDED LIST-STATUS "
    "STATUS=SIZE UIDPLUS MOVE MULTIAPPEND ESEARCH SEARCHRES SORT THREAD=REFERENCES CONDSTORE "
    "QRESYNC QUOTA QUOTA=RES-STORAGE BINARY UTF8=ACCEPT OBJECTID APPENDLIMIT={size}"
)
WRONG = 3  # passwords in one connection
SIGN_IN = "Sign in with your login and an app password for mail; you make one under Security"


def capabilities(session: "Session") -> str:
    """Return what this server can do now."""
    if session.signed is not None:
        return SINCE.format(size=session.desk.after.message)
    if session.stream.secure:
        return f"{UNTIL} AUTH=PLAIN"
    return f"{UNTIL} LOGINDISABLED{' STARTTLS' if session.desk.context() else ''}"


async def capability(session: "Session", _command: Command) -> None:
    """Say what can be done here."""
    await session.say(f"* CAPABILITY {capabilities(session)}\r\n".encode())


async def noop(session: "Session", _command: Command) -> None:
    """Do nothing: what is new is told with every answer."""


async def identify(session: "Session", _command: Command) -> None:
    """Say what this server is (RFC 2971); what the client said is not kept."""
    await session.say(b'* ID ("name" "2 Communicate")\r\n')


async def logout(session: "Session", _command: Command) -> None:
    """Take leave."""
    session.view = None
    await session.say(b"* BYE See you soon\r\n")
    session.ended = True


async def starttls(session: "Session", command: Command) -> None:
    """Speak TLS from now on."""
    context = session.desk.context()
    if session.stream.secure or context is None:
        raise BadCommand("TLS is spoken already, or cannot be")
    answer = f"{command.tag} OK Begin TLS\r\n".encode()
    await session.stream.encrypt(context, answer, session.desk.patience)
    raise Answered


async def login(session: "Session", command: Command) -> str:
    """Sign in with login and app password."""
    _needs_tls(session)
    return await _enter(session, command.args.login, command.args.password)


async def authenticate(session: "Session", command: Command) -> str:
    """Sign in by SASL (RFC 4616)."""
    _needs_tls(session)
    if command.args.mechanism != "PLAIN":
        raise No("Only PLAIN is offered", "CANNOT")
    given = command.args.initial
    if given is None:
        await session.say(b"+ \r\n")
        line = await session.stream.line(session.desk.patience)
        if line == b"*":
            raise BadCommand("the client has changed its mind")
        given = from_base64(line)
    try:
        who, name, password = given.decode("utf-8").split("\0")
    except ValueError:
        raise BadCommand("an answer of PLAIN has a name and a password") from None
    if who not in ("", name):
        raise No("Nobody signs in for somebody else", "AUTHORIZATIONFAILED")
    return await _enter(session, name, password)


def _needs_tls(session: "Session") -> None:
    if not session.stream.secure:
        raise No("A password goes encrypted only: begin with STARTTLS", "PRIVACYREQUIRED")


async def _enter(session: "Session", name: str, password: str) -> str:
    try:
        signed = await session.desk.sign_in(name, password, session.peer)
    except TooMany:
        raise No("Too many wrong passwords came from there: try later", "LIMIT") from None
    if signed is None:
        session.wrong += 1
        if session.wrong >= WRONG:
            raise Hopeless("Too many wrong passwords")
        raise No(SIGN_IN, "AUTHENTICATIONFAILED")
    session.signed = signed
    if not session.desk.members.begin(session):
        session.signed = None
        raise No("You have too many programs connected: close one", "LIMIT")
    session.stream.trust()
    desk = session.desk
    session.stream.keep_large(partial(spooled, desk.registry, signed.uid, desk.apart))
    session.stream.framer.sizes = session.desk.after
    return f"CAPABILITY {capabilities(session)}"


DOES: Mapping[str, Any] = {
    "CAPABILITY": capability,
    "NOOP": noop,
    "CHECK": noop,
    "ID": identify,
    "LOGOUT": logout,
    "STARTTLS": starttls,
    "LOGIN": login,
    "AUTHENTICATE": authenticate,
}
