"""The contract for what is on its way: declared, exported, erased; nothing past the gate."""

from communicate.interfaces import ILimits
from communicate.testing import kit, promises
from communicate.testing.archives import exported
from communicate_email.sending.services import RATE

from .conftest import DOMAIN
from .outside import Outside, raw
from .remotes import Remote

WORDS = ("tilleul", "luce", "elsewhere", "penche")


def test_what_waits_is_declared_sealed_exported_and_erased(tmp_path):
    remote = Remote().start()
    outside = Outside(
        tmp_path,
        **{
            "email.out": "relay",
            "email.relay_port": remote.port,
            "email.relay_security": "none",
        },
    )
    try:
        remote.script["data"] = "451 4.3.0 the tilleul is full"
        outside.send(raw())
        outside.send(raw(body="penche\r\n" * 10_000), "luce@elsewhere.example", f"paul@{DOMAIN}")
        with promises.going_out() as told:
            outside.send_due()
        assert promises.faults(told) == []
        house = outside.office.house
        assert kit.undeclared_classes(house, "email") == []
        words = [word for word in WORDS if word != "tilleul"]  # which the domain holds
        assert promises.undeclared(house, "email", words=words) == []
        archive = exported(house, "ines")
        assert archive.failed == {}
        rows = archive.records("email", "outgoing")
        assert [row["to"] for row in rows] == [["luce@elsewhere.example"]] * 2
        assert archive.read("mail/email/Outgoing.mbox").count(b"\nSubject: Le tilleul") == 2
        assert promises.forgotten(house, "email", "ines") == []
        assert outside.waiting() == []
    finally:
        outside.close()
        remote.stop()


def test_a_member_writes_to_so_many_addresses_and_no_more_for_a_while(tmp_path):
    import pytest

    from communicate.accounts.limits import TooMany

    outside = Outside(tmp_path, **{"email.out": "direct", "email.sends": "3/hour"})
    try:
        outside.send(raw(), "a@x.example", "b@x.example")
        with pytest.raises(TooMany):
            outside.send(raw(), "c@x.example", "d@x.example")
        outside.send(raw(sender=f"paul@{DOMAIN}"), "c@x.example", "d@x.example", by="paul")
        assert len(outside.waiting()) == 2
        outside.office.pass_time(hours=2)
        outside.send(raw(), "c@x.example")
        outside.do(lambda r: r.find_service(ILimits).forget(RATE, str(outside.uids["ines"])))
    finally:
        outside.close()
