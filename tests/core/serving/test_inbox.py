import gc
import io

import pytest
from waitress.buffers import OverflowableBuffer
from waitress.receiver import FixedStreamReceiver

from communicate.serving.inbox import Inbox

SIZE = 1_000_000


def receiver(size=SIZE):
    return FixedStreamReceiver(size, OverflowableBuffer(500_000))


def filled(made):
    made.received(bytes(SIZE))
    return made.getfile()


class TestRoom:
    def test_a_large_body_lies_in_memory_while_there_is_room(self):
        inbox, made = Inbox(1_500_000), receiver()
        inbox.settle(made, SIZE)
        assert isinstance(filled(made), io.BytesIO)
        assert inbox.left == 500_000

    def test_what_comes_besides_lies_on_the_disk(self):
        inbox, first, second = Inbox(1_500_000), receiver(), receiver()
        inbox.settle(first, SIZE)
        inbox.settle(second, SIZE)
        assert not isinstance(filled(second), io.BytesIO)
        second.getbuf().close()

    def test_it_is_free_again_once_the_request_is_forgotten(self):
        inbox, made = Inbox(1_500_000), receiver()
        inbox.settle(made, SIZE)
        filled(made)
        del made
        gc.collect()
        assert inbox.left == 1_500_000

    @pytest.mark.parametrize("size", [0, 499_999, SIZE + 1])
    def test_what_is_small_or_too_large_takes_none(self, size):
        inbox = Inbox(1_500_000, SIZE)
        inbox.settle(receiver(size), size)
        inbox.settle(None, size)
        assert inbox.left == 1_500_000
