"""Which addresses are fetched, by how they are written, their port and where they lead."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot import __version__
from bot.core.errors import ConfigError, NotFetched
from bot.core.fetching import Trouble, not_fetched
from bot.core.settings import FetchSettings
from bot.providers import open_fetcher
from bot.providers.addresses import Allowed, is_public, is_safe_port, read_address
from bot.providers.answer_headers import charset, content_type, validator

PUBLIC = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 93.184.216.34 100.63.255.255 100.128.0.0 126.255.255.255
128.0.0.1 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255
192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255 2001:4860:4860::8888 2606:4700::1111
2a00:1450::1 2620:0:ccc::2 2003::1 ::ffff:8.8.8.8 64:ff9b::8.8.8.8
""".split()

NOT_PUBLIC = """
0.0.0.0 0.1.2.3 10.0.0.0 10.255.255.255 100.64.0.0 100.100.100.200 100.127.255.255 127.0.0.1
127.255.255.255 168.63.129.16 169.254.0.0 169.254.169.254 169.254.170.2 172.16.0.0 172.31.255.255
192.0.0.0 192.0.0.9 192.0.0.170 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.0 192.168.255.255
198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1
255.255.255.255
:: ::1 ::7f00:1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:0.0.0.0
::ffff:0:127.0.0.1 64:ff9b::127.0.0.1 64:ff9b::10.1.2.3 64:ff9b::a9fe:a9fe 64:ff9b:1::8.8.8.8
100::1 2001::1 2001:0:7f00:1:: 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:20::1
2001:db8::1 2002:7f00:1:: 2002:a00:1:: 2002:808:808:: 3ffe::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254
fdff::1 fe80::1 fe80::1%eth0 2606:4700::1111%1 febf::1 fec0::1 ff02::1 ff0e::1 4000::1 8000::1
""".split()


@pytest.mark.parametrize("address", PUBLIC)
def test_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_address_with_another_meaning_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@given(st.ip_addresses(v=4))
def test_ipv4_address_is_judged_alike_in_every_ipv6_form_that_is_it(inner: IPv4Address) -> None:
    for form in (f"::ffff:{inner}", f"64:ff9b::{inner}"):
        assert is_public(IPv6Address(form)) == is_public(inner)


@given(st.ip_addresses(v=4))
def test_ipv4_address_in_a_tunnel_is_never_public(inner: IPv4Address) -> None:
    packed = f"{int(inner) >> 16:x}:{int(inner) & 0xFFFF:x}"
    for form in (f"2002:{packed}::1", f"2001:0:{packed}::1", f"::{inner}", f"64:ff9b:1::{inner}"):
        assert not is_public(IPv6Address(form))


@given(st.ip_addresses())
def test_public_address_is_none_that_python_knows_another_use_of(
    address: IPv4Address | IPv6Address,
) -> None:
    mapped = getattr(address, "ipv4_mapped", None)
    if is_public(address) and mapped is None:
        assert address.is_global
        assert not address.is_private
        assert not address.is_multicast
        assert not address.is_loopback
        assert not address.is_link_local


@pytest.mark.parametrize(
    ("written", "host", "port"),
    [
        ("http://example.com", "example.com", 80),
        ("https://example.com/feed?token=a%2Fb#part", "example.com", 443),
        ("  HTTPS://EXAMPLE.com:8443/a b ", "example.com", 8443),
        ("https://bücher.example/ä", "xn--bcher-kva.example", 443),
        ("https://ⓔxample.com", "example.com", 443),
        ("https://日本.example。com/", "xn--wgv71a.example.com", 443),
        ("http://example.com./", "example.com.", 80),
        ("http://a_b.example.com", "a_b.example.com", 80),
        ("http://localhost", "localhost", 80),
        ("http://1.1.1.1/", "1.1.1.1", 80),
        ("http://１２７.0.0.1/", "127.0.0.1", 80),
        ("http://127。0。0。1/", "127.0.0.1", 80),
        ("http://[::1]:8080/", "::1", 8080),
        ("http://[::ffff:127.0.0.1]/", "::ffff:7f00:1", 80),
        ("http://7.example.com/", "7.example.com", 80),
    ],
)
def test_address_is_read_with_its_host_and_port(written: str, host: str, port: int) -> None:
    url = read_address(written)
    assert (url.raw_host, url.port, url.fragment) == (host, port, "")


@pytest.mark.parametrize(
    ("written", "trouble"),
    [
        ("", Trouble.NOT_WEB),
        ("example.com/feed.xml", Trouble.NOT_WEB),
        ("//example.com/", Trouble.NOT_WEB),
        ("ftp://example.com/", Trouble.NOT_WEB),
        ("file:///etc/passwd", Trouble.NOT_WEB),
        ("gopher://example.com:6379/_FLUSHALL", Trouble.NOT_WEB),
        ("data:text/plain,hello", Trouble.NOT_WEB),
        ("feed://example.com/", Trouble.NOT_WEB),
        ("unix:///var/run/docker.sock", Trouble.NOT_WEB),
        ("http://", Trouble.MALFORMED),
        ("http:/example.com", Trouble.MALFORMED),
        ("http:example.com", Trouble.MALFORMED),
        ("https:///example.com", Trouble.MALFORMED),
        ("http://:80/", Trouble.MALFORMED),
        ("http://example.com:99999/", Trouble.MALFORMED),
        ("http://example.com:0/", Trouble.MALFORMED),
        ("http://example.com:0x50/", Trouble.MALFORMED),
        ("http://[::1/", Trouble.MALFORMED),
        ("http://[::1]x/", Trouble.MALFORMED),
        ("http://exa mple.com/", Trouble.MALFORMED),
        ("http://ex%61mple.com/", Trouble.MALFORMED),
        ("http://%31%32%37.0.0.1/", Trouble.MALFORMED),
        ("http://example.com\\@127.0.0.1/", Trouble.MALFORMED),
        ("http://exa|mple.com/", Trouble.MALFORMED),
        ("http://a..b/", Trouble.MALFORMED),
        ("http://../", Trouble.MALFORMED),
        (f"http://{'a' * 64}.com/", Trouble.MALFORMED),
        (f"http://{'a.' * 130}com/", Trouble.MALFORMED),
        (f"http://example.com/{'a' * 5_000}", Trouble.MALFORMED),
        ("http://example.com/\r\nX-Header: 1", Trouble.MALFORMED),
        ("http://exam\tple.com/", Trouble.MALFORMED),
        ("http://example.com/\x00", Trouble.MALFORMED),
        ("http://\ud800.com/", Trouble.MALFORMED),
        ("http://2130706433/", Trouble.MALFORMED),
        ("http://0x7f000001/", Trouble.MALFORMED),
        ("http://0x7F.1/", Trouble.MALFORMED),
        ("http://0x/", Trouble.MALFORMED),
        ("http://017700000001/", Trouble.MALFORMED),
        ("http://0177.0.0.1/", Trouble.MALFORMED),
        ("http://127.1/", Trouble.MALFORMED),
        ("http://127.0.1/", Trouble.MALFORMED),
        ("http://127.0.0.1./", Trouble.MALFORMED),
        ("http://127.0.0.0x1/", Trouble.MALFORMED),
        ("http://1.1.1.1.1/", Trouble.MALFORMED),
        ("http://256.0.0.1/", Trouble.MALFORMED),
        ("http://１/", Trouble.MALFORMED),
        ("http://name@example.com/", Trouble.USERINFO),
        ("http://name:word@example.com/", Trouble.USERINFO),
        ("http://:word@example.com/", Trouble.USERINFO),
        ("http://example.com@127.0.0.1/", Trouble.USERINFO),
    ],
)
def test_address_that_is_none_of_the_web_is_refused_with_its_sentence(
    written: str, trouble: Trouble
) -> None:
    with pytest.raises(NotFetched) as told:
        read_address(written)
    assert told.value.sentence == trouble
    assert not told.value.passing


_PARTS = st.sampled_from(
    "http https :// / // : @ \\ [ ] % # ? . é 。 １ 0 80 0x7f 127.0.0.1 ::1 ::ffff: a.com".split()
)


@settings(deadline=None)
@given(st.lists(_PARTS | st.text(max_size=5), max_size=9).map("".join))
@example("http://[::ffff:127.0.0.1%25eth0]/")
@example("http://xn--/")
def test_whatever_is_written_is_read_one_way_or_refused(written: str) -> None:
    for text in (written, f"http://{written}"):
        with suppress(NotFetched):
            url = read_address(text)
            assert url.raw_host
            assert read_address(str(url)) == url
            assert "@" not in url.raw_authority
            assert str(url).isascii()
            assert str(url).isprintable()


@pytest.mark.parametrize("port", [80, 443, 1024, 3000, 8000, 8080, 8443, 65_535])
def test_port_of_web_servers_is_fetched_from(port: int) -> None:
    assert is_safe_port(port)


@pytest.mark.parametrize(
    "port", [0, 1, 21, 22, 25, 53, 110, 465, 587, 631, 1023, 2375, 3306, 5432, 6379, 6667, 11211]
)
def test_port_of_something_else_is_not_fetched_from(port: int) -> None:
    assert not is_safe_port(port)


def test_operator_may_allow_places_and_networks_and_nothing_near_them() -> None:
    allowed = Allowed.read("feeds.lan:81 [::1]:8080  10.1.2.0/24 fd00::/8")
    assert allowed.is_place(read_address("http://feeds.lan:81/x"))
    assert allowed.is_place(read_address("https://[::1]:8080"))
    assert not allowed.is_place(read_address("http://feeds.lan/"))
    assert not allowed.is_place(read_address("http://x.feeds.lan:81/"))
    assert allowed.holds(ip_address("10.1.2.255"))
    assert allowed.holds(ip_address("fd12::1"))
    assert not allowed.holds(ip_address("10.1.3.0"))
    assert not allowed.holds(ip_address("::ffff:10.1.2.3"))
    assert Allowed.read("") == Allowed()


@pytest.mark.parametrize(
    "setting",
    ["feeds.lan", "10.0.0.1", "10.0.0.1/8", "10.0.0.0/33", "a b:80", ":80", "http://a:80/"],
)
def test_setting_that_names_no_place_is_refused(setting: str) -> None:
    with pytest.raises(ConfigError, match=r"fetch\.allow_private"):
        open_fetcher(FetchSettings(allow_private=setting))


@pytest.mark.parametrize(
    ("said", "kind", "codec"),
    [
        ("text/vtt", "text/vtt", ""),
        ("Text/XML; charset=UTF-8", "text/xml", "utf-8"),
        ('application/rss+xml;charset="ISO-8859-1"; x=y', "application/rss+xml", "iso8859-1"),
        ("text/html; x=y; charset='windows-1252'", "text/html", "cp1252"),
        ("text/plain; charset=latin1", "text/plain", "iso8859-1"),
        ("text/plain; charset=Shift_JIS", "text/plain", "shift_jis"),
        ("text/plain; charset=nonsense", "text/plain", ""),
        ("text/plain; charset=", "text/plain", ""),
        ("text/plain; charset=zlib", "text/plain", ""),
        ("text/plain; charset=idna", "text/plain", ""),
        ("text/plain; charset=unicode_escape", "text/plain", ""),
        ("text/plain; charset=../../x", "text/plain", ""),
        ("text", "", ""),
        ("", "", ""),
        (f"text/{'x' * 5_000}; charset=utf-8", "text/" + "x" * 64, ""),
    ],
)
def test_content_type_is_read_as_far_as_it_makes_sense(said: str, kind: str, codec: str) -> None:
    assert content_type({"Content-Type": said}) == kind
    assert charset({"Content-Type": said}) == codec


def test_validator_that_could_not_be_sent_back_is_dropped() -> None:
    assert validator({"ETag": 'W/"a b"'}, "ETag") == 'W/"a b"'
    for odd in ("é", "\udce9", "a\tb", "x" * 257, ""):
        assert validator({"ETag": odd}, "ETag") == ""
    assert validator({}, "ETag") == ""


def test_only_what_may_pass_is_passing() -> None:
    passing = {trouble for trouble in Trouble if not_fetched(trouble).passing}
    assert passing == {Trouble.UNREACHABLE, Trouble.SLOW, Trouble.BROKEN}
    assert not_fetched(Trouble.REFUSED, status=503).passing
    assert not not_fetched(Trouble.REFUSED, status=403).passing
    assert "(status 403)" in not_fetched(Trouble.REFUSED, status=403).sentence


def test_version_that_servers_are_told_is_the_projects() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == __version__
