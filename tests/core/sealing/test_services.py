import hashlib
import hmac
import io

import pytest
from pyramid.config import Configurator
from pyramid.request import apply_request_extensions
from pyramid.testing import DummyRequest
from zope.interface.verify import verifyObject

from communicate.interfaces import IKeyRing, ISeals
from communicate.sealing import SITE
from communicate.sealing.content import Sealed
from communicate.sealing.errors import Destroyed, SealBroken
from communicate.sealing.services import Seals


class TestSeal:
    def test_it_is_what_the_interface_promises(self, seals):
        assert verifyObject(ISeals, seals)

    def test_text_comes_back(self, seals):
        assert seals.text(seals.seal(7, "post", "Déjà vu 🙂")) == "Déjà vu 🙂"

    def test_bytes_come_back(self, seals):
        assert seals.open(seals.seal(7, "post", b"\xff\x00")) == b"\xff\x00"

    def test_it_is_the_owners(self, ring, seals):
        ring.create(8)
        sealed = seals.seal(7, "post", "words")
        with pytest.raises(SealBroken):
            seals.open(Sealed(7, "mail", sealed.envelope))
        with pytest.raises(Destroyed):
            seals.open(Sealed(8, "post", sealed.envelope))

    def test_the_site_seals_for_itself(self, seals):
        assert seals.text(seals.seal(SITE, "job", "words")) == "words"

    def test_nothing_is_sealed_for_someone_without_a_key(self, seals):
        with pytest.raises(Destroyed):
            seals.seal(99, "post", "words")


class TestDestroyed:
    def test_text_reads_as_deleted(self, ring, seals):
        sealed = seals.seal(7, "post", "words")
        ring.destroy(7)
        assert seals.text(sealed) is None
        with pytest.raises(Destroyed):
            seals.open(sealed)

    def test_many_texts_are_opened_as_each_is(self, ring, seals):
        ring.create(8)
        sealed = [seals.seal(uid, "post", f"words {n}") for n, uid in enumerate((7, 8, 7, 8))]
        assert seals.texts(sealed) == [f"words {n}" for n in range(4)]
        ring.destroy(8)
        assert seals.texts(sealed) == [seals.text(one) for one in sealed]
        assert seals.texts(sealed) == ["words 0", None, "words 2", None]
        ring.create(8)
        later = [sealed[1], seals.seal(8, "post", "again"), sealed[1]]
        assert seals.texts(later) == [None, "again", None]
        with pytest.raises(SealBroken):
            seals.texts([Sealed(7, "mail", sealed[0].envelope)])

    def test_nothing_that_was_made_of_words_outlives_their_key(self, ring, seals, clock):
        heard = []
        title = lambda text: heard.append(text) or text.upper()  # noqa: E731
        sealed = seals.seal(7, "post", "words")
        assert [seals.made(sealed, title) for _ in range(3)] == ["WORDS"] * 3
        assert heard == ["words"]  # opened once
        assert seals.made(sealed, len) == 5
        with pytest.raises(SealBroken):
            seals.made(Sealed(7, "mail", sealed.envelope), title)
        clock.pass_(61)
        assert seals.made(sealed, title) == "WORDS"
        assert heard == ["words"] * 2
        ring.destroy(7)
        assert seals.made(sealed, title) is None
        ring.create(7)
        assert seals.made(sealed, title) is None
        assert heard == ["words"] * 2

    def test_of_many_texts_short_ones_are_kept_with_the_key(self, ring, seals, clock):
        sealed = [seals.seal(7, "post", words) for words in ("short", "long" * 1000)]
        for _ in range(2):
            assert seals.texts(sealed) == ["short", "long" * 1000]
        key = ring.member_key(7)
        assert list(key.made.values()) == ["short"]
        with pytest.raises(SealBroken):
            seals.texts([Sealed(7, "mail", sealed[0].envelope)])
        clock.pass_(61)
        assert not ring.member_key(7).made
        assert seals.texts(sealed) == ["short", "long" * 1000]
        ring.destroy(7)
        assert seals.texts(sealed) == [None, None]

    def test_of_each_of_many_what_is_made_of_short_ones_is_kept_with_the_key(self, ring, seals):
        heard = []
        length = lambda text: heard.append(len(text)) or len(text)  # noqa: E731
        sealed = [seals.seal(7, "post", words) for words in ("short", "long" * 1000)]
        for _ in range(2):
            assert seals.each(sealed, length) == [5, 4000]
        assert heard == [5, 4000, 4000]
        assert seals.made(sealed[0], length) == 5
        assert seals.texts(sealed[:1]) == ["short"]
        ring.destroy(7)
        assert seals.each(sealed, length) == [None, None]
        assert len(heard) == 3

    def test_nothing_made_of_words_is_shown_of_a_closed_account(self, ring, seals):
        sealed = seals.seal(7, "post", "words")
        assert seals.made(sealed, str.upper) == "WORDS"
        assert seals.texts([sealed]) == ["words"]
        assert Seals(ring, closed={7}).made(sealed, str.upper) is None
        assert Seals(ring, closed={7}).texts([sealed]) == [None]

    def test_a_file_reads_as_destroyed(self, ring, seals):
        blob = seals.seal_stream(7, "disk.file", io.BytesIO(b"words"))
        ring.destroy(7)
        with pytest.raises(Destroyed):
            seals.open_range(blob, 0, 5)

    def test_it_stays_deleted_even_if_a_new_key_is_made(self, ring, seals):
        sealed = seals.seal(7, "post", "words")
        ring.destroy(7)
        ring.create(7)
        assert seals.text(sealed) is None

    def test_a_broken_seal_does_not_read_as_deleted(self, seals):
        sealed = seals.seal(7, "post", "words")
        with pytest.raises(SealBroken):
            seals.text(Sealed(7, "post", sealed.envelope[:-1] + b"\0\0"))


class TestStreams:
    def test_a_range_of_a_file(self, seals):
        data = bytes(range(256)) * 1000
        blob = seals.seal_stream(7, "disk.file", io.BytesIO(data))
        assert blob.size == len(data)
        assert b"".join(seals.open_range(blob, 65_000, 140_000)) == data[65_000:140_000]
        assert b"".join(seals.open_range(blob)) == data


class TestHmac:
    def test_it_is_made_with_the_sites_key_for_the_label(self, ring, seals):
        expected = hmac.new(ring.site_key("members.login"), b"alice", hashlib.sha256).digest()
        assert seals.hmac("members.login", b"alice") == expected

    def test_labels_and_members_have_their_own(self, ring, seals):
        ring.create(8)
        made = {
            seals.hmac("name", b"x"),
            seals.hmac("mail", b"x"),
            seals.member_hmac(7, "name", b"x"),
            seals.member_hmac(7, "mail", b"x"),
            seals.member_hmac(8, "name", b"x"),
        }
        assert len(made) == 5

    def test_a_members_goes_with_the_key(self, ring, seals):
        before = seals.member_hmac(7, "name", b"x")
        assert seals.member_hmac(7, "name", b"x") == before
        ring.destroy(7)
        with pytest.raises(Destroyed):
            seals.member_hmac(7, "name", b"x")


class TestRegistration:
    def test_requests_find_the_services_of_the_attached_ring(self, ring):
        config = Configurator()
        config.include("pyramid_services")
        config.include("communicate.sealing")
        config.registry.registerUtility(ring, IKeyRing)
        config.commit()
        request = DummyRequest(context=None)
        request.registry = config.registry
        apply_request_extensions(request)
        assert request.find_service(IKeyRing) is ring
        sealed = request.find_service(ISeals).seal(SITE, "job", "words")
        assert request.find_service(ISeals).text(sealed) == "words"
