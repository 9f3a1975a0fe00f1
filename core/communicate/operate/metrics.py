"""Figures for monitoring, in the format of Prometheus: nothing of any person.

Requests are counted in memory as they are answered; what lies in the stores is read when somebody
asks for it.
"""

import ipaddress
import time
from collections.abc import Callable, Iterator
from hmac import compare_digest
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily

from communicate.interfaces import IOutbox, IPlugins
from communicate.operate.figures import figures_of, free_space
from communicate.storage.work import work

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
Handler = Callable[[Any], Any]


class Metrics:
    """What is counted in this process of one application."""

    def __init__(self, registry: Any) -> None:
        self.registry = CollectorRegistry()
        answers = Counter(
            "communicate_responses",
            "Answers by the first digit of their status",
            ["status"],
            registry=self.registry,
        )
        self.by_class = [answers.labels(f"{digit}xx") for digit in range(1, 6)]
        self.seconds = Histogram(
            "communicate_response_seconds",
            "How long answers took",
            buckets=SECONDS,
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)
        self.registry.register(Stores(registry))

    def count(self, status: int, seconds: float) -> None:
        """Count one answer."""
        self.by_class[min(max(status // 100, 1), 5) - 1].inc()
        self.seconds.observe(seconds)


class Stores:
    """What is read from the stores when somebody asks."""

    def __init__(self, registry: Any) -> None:
        self.registry = registry

    def describe(self) -> list[Any]:
        """Return nothing: what there is, is known only once it is asked for."""
        return []

    def collect(self) -> Iterator[Any]:
        """Yield each figure as it is now."""
        read = work(self.registry, figures)
        read["communicate_disk_free_bytes"] = free_space(self.registry.settings)
        live = self.registry.communicate_live.shown
        if live is not None:
            read["communicate_live_connections"] = live
        plugins = self.registry.getUtility(IPlugins)
        read["communicate_plugins_failed"] = len(plugins.failed)
        jobs = read.pop("jobs")
        for name, value in read.items():
            yield GaugeMetricFamily(name, name.replace("_", " "), value=value)
        waiting = GaugeMetricFamily(
            "communicate_jobs_waiting", "Jobs that wait, by handler", labels=["job"]
        )
        for name, count in sorted(jobs.items()):
            waiting.add_metric([name], count)
        yield waiting


def figures(request: Any) -> dict[str, Any]:
    """Return what the tree tells: how many there are of what."""
    outbox = request.find_service(IOutbox)
    measured = figures_of(request)
    return {
        "communicate_members": len(request.site["members"]),
        "communicate_jobs_set_aside": len(outbox.outbox.aside),
        "communicate_erasures_open": len(request.root_map["erasures"].open),
        "communicate_storage_use": request.root_map["storage"].total.value,
        "communicate_store_bytes": sum(measured.sizes.values()) if measured else 0,
        "jobs": outbox.waiting(),
    }


def may_read(request: Any) -> bool:
    """Tell whether whoever sent *request* may read the figures: a program here, or with the token.

    Where a proxy on this machine stands in front that the settings do not name, everybody seems to
    be here, so that nobody is believed to be.
    """
    token = request.registry.settings.get("communicate.metrics_token")
    if token:
        given = request.headers.get("Authorization", "")
        return compare_digest(given.encode("utf-8", "replace"), f"Bearer {token}".encode())
    return is_here(request.remote_addr) and not behind_unnamed_proxy(request.registry.settings)


def is_here(address: str | None) -> bool:
    """Tell whether *address* is one of this machine."""
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False


def behind_unnamed_proxy(settings: Any) -> bool:
    """Tell whether visitors come through a proxy here that does not say who they are."""
    listen = str(settings.get("communicate.listen") or "").rpartition(":")[0].strip("[]")
    alone = is_here(listen) or listen == "localhost"
    production = settings.get("communicate.mode") == "production"
    return bool(production and alone and not settings.get("communicate.trusted_proxy"))


def tween_factory(handler: Handler, registry: Any) -> Handler:
    """Return the tween that counts every answer."""
    metrics: Metrics = registry.communicate_metrics

    def tween(request: Any) -> Any:
        began = time.perf_counter()
        response = handler(request)
        metrics.count(response.status_int, time.perf_counter() - began)
        return response

    return tween
