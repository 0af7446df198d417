"""Which addresses of strangers are fetched: how they are written, their ports, where they lead.

An address is read once, by the parser that aiohttp connects with: two that disagree about where
a host ends are how such checks are got round.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from yarl import URL

from bot.core.errors import ConfigError
from bot.core.fetching import Trouble, not_fetched

LONGEST = 4_096
"""Characters of an address."""

LOW_PORTS = frozenset({80, 443})
"""The ports below 1024 that are fetched from."""

UNSAFE_PORTS = frozenset(
    {1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6679, 6697, 10080}
    | set(range(6665, 6670))
    | {1433, 1521, 2375, 2376, 2379, 2380, 3306, 3389, 5432, 5900, 5984, 6379, 6443, 8086}
    | {9042, 9200, 9300, 10250, 11211, 27017}
)
"""Ports from 1024 on that are not: those that browsers refuse, then databases and machines'
controls, some of which do as a request says."""

_NAME = re.compile(r"(?=.{1,253}\.?\Z)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?", re.ASCII)
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\.?", re.ASCII)
"""A host that ends in a number: some programs read such a one as an IPv4 address (0x7f.1)."""

_NOT_PUBLIC_4 = tuple(
    map(
        ip_network,
        # Beside what Python's is_global knows: protocols' own, 6to4 relays, multicast and
        # reserved, and where Azure answers its machines about themselves.
        "192.0.0.0/24 192.88.99.0/24 224.0.0.0/3 168.63.129.16/32".split(),
    )
)
_UNICAST_6 = ip_network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    map(
        ip_network,
        # Protocols' own and Teredo, documentation, 6to4, the former 6bone, documentation.
        "2001::/23 2001:db8::/32 2002::/16 3ffe::/16 3fff::/20".split(),
    )
)
_NAT64 = ip_network("64:ff9b::/96")


def read_address(text: str) -> URL:
    """Return an address as it is fetched, without its fragment; raise NotFetched."""
    text = text.strip()
    if not text.isprintable() or len(text) > LONGEST:
        raise not_fetched(Trouble.MALFORMED)
    try:
        url = URL(text).with_fragment(None)
        port = url.port
    except ValueError:
        raise not_fetched(Trouble.MALFORMED) from None
    if url.scheme not in {"http", "https"}:
        raise not_fetched(Trouble.NOT_WEB)
    if "@" in url.raw_authority:
        raise not_fetched(Trouble.USERINFO)
    if not port or not _is_host(url.raw_host or ""):
        raise not_fetched(Trouble.MALFORMED)
    return url


def _is_host(host: str) -> bool:
    """Return whether a host is a name, or an IP address as everybody writes it."""
    if literal(host) is not None:
        return True
    return bool(_NAME.fullmatch(host)) and not _NUMBER.fullmatch(host)


def literal(host: str) -> IPv4Address | IPv6Address | None:
    """Return the IP address that a host is, or None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_safe_port(port: int) -> bool:
    """Return whether a port may be one of the web's."""
    return port in LOW_PORTS or (port >= 1024 and port not in UNSAFE_PORTS)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Return whether an IP address is one of the internet's, the same for everybody.

    An IPv6 address that stands for an IPv4 one is what that is. Tunnels (6to4, Teredo) are not.
    """
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in network for network in _NOT_PUBLIC_4)
    inner = _inner(address)
    if inner is not None:
        return is_public(inner)
    return (
        address.scope_id is None
        and address in _UNICAST_6
        and not any(address in network for network in _NOT_PUBLIC_6)
    )


def _inner(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the operator lets people fetch besides: hosts with any port, and networks."""

    places: frozenset[tuple[str, int]] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def read(cls, setting: str) -> Allowed:
        """Return what ``fetch.allow_private`` says; raise ConfigError."""
        entries = setting.split()
        try:
            networks = tuple(ip_network(entry) for entry in entries if "/" in entry)
            places = frozenset(_place(entry) for entry in entries if "/" not in entry)
        except ValueError as error:
            raise ConfigError(
                f"fetch.allow_private has host:port or networks, with spaces between: {error}."
            ) from None
        return cls(places, networks)

    def is_place(self, url: URL) -> bool:
        """Return whether an address is fetched wherever it leads."""
        return (url.raw_host, url.port) in self.places

    def holds(self, address: IPv4Address | IPv6Address) -> bool:
        """Return whether an IP address is in an allowed network."""
        return any(address in network for network in self.networks)


def _place(entry: str) -> tuple[str, int]:
    url = URL(f"http://{entry}")
    if not url.raw_host or not url.explicit_port or not _is_host(url.raw_host):
        raise ValueError(f"{entry} is neither")
    return url.raw_host, url.explicit_port
