"""Who authored what."""

import threading

from communicate.erasure.authored import AuthoredService, plugin_of

UID = 4711


def authored(house, func):
    return house.work(lambda request: func(AuthoredService(request)))


class TestAdd:
    def test_it_is_found_by_kind_in_the_order_of_ids(self, house):
        for item in (3, 1, 2):
            authored(house, lambda service, item=item: service.add(UID, "forums.post", item))
        authored(house, lambda service: service.add(UID, "forums.topic", 9))
        assert authored(house, lambda service: service.items(UID, "forums.post")) == [1, 2, 3]
        assert authored(
            house, lambda service: service.items(UID, "forums.post", after=1, most=1)
        ) == [2]
        assert authored(house, lambda service: service.kinds(UID)) == [
            "forums.post",
            "forums.topic",
        ]
        assert len(authored(house, lambda service: list(service.of(UID)))) == 4

    def test_twice_is_once(self, house):
        for _ in range(2):
            authored(house, lambda service: service.add(UID, "forums.post", 1))
        assert authored(house, AuthoredService.totals) == {"forums.post": 1}

    def test_threads_of_one_author_all_count(self, house):
        def write(start):
            for item in range(start, start + 20):
                authored(house, lambda service, item=item: service.add(UID, "forums.post", item))

        threads = [threading.Thread(target=write, args=(100 * number,)) for number in range(1, 5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert authored(house, AuthoredService.totals) == {"forums.post": 80}
        assert len(authored(house, lambda service: service.items(UID, "forums.post"))) == 80


class TestRemove:
    def test_it_is_not_found_any_more(self, house):
        authored(house, lambda service: service.add(UID, "forums.post", 1))
        for _ in range(2):
            authored(house, lambda service: service.remove(UID, "forums.post", 1))
        assert authored(house, lambda service: service.kinds(UID)) == []
        assert authored(house, AuthoredService.totals) == {}

    def test_of_somebody_unknown_nothing_happens(self, house):
        authored(house, lambda service: service.remove(1, "forums.post", 1))
        assert authored(house, lambda service: service.items(1, "forums.post")) == []


def test_a_kind_begins_with_its_plugin():
    assert plugin_of("forums.post") == "forums"
