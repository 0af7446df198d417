"""What tests of imports share: an admin, documents of each kind, feeds."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from bot.core.commands import User

ADMIN = User("1", "Ada", is_admin=True)
VTT = b"WEBVTT\n\n00:01.000 --> 00:03.000\nZebras have stripes.\n"
LIST = "0:00 Zebras\n5:00 Okapis\n12:30 Tapirs"
LATER = datetime(2026, 3, 1, 9, tzinfo=UTC)


def vtt(*said):
    """Return a transcript: what is said, two seconds a line."""
    cues = [
        f"00:{2 * n // 60:02}:{2 * n % 60:02}.000 --> 00:{(2 * n + 2) // 60:02}:"
        f"{(2 * n + 2) % 60:02}.000\n{line}\n"
        for n, line in enumerate(said)
    ]
    return ("WEBVTT\n\n" + "\n".join(cues)).encode()


def item(number, *, chapters=True, guid="", media="", title="", transcript="", day=0, extra=""):
    """Return an item of a feed; ``chapters`` stand in its description."""
    when = format_datetime(LATER + timedelta(days=day or -number))
    body = LIST if chapters is True else chapters or "Nothing."
    said = f'<podcast:transcript url="{transcript}" type="text/vtt"/>' if transcript else ""
    url = media or f"https://pod.example/{number}.mp3"
    return (
        f"<item><title>{title or f'Episode {number}'}</title>"
        f"<guid isPermaLink='false'>{guid or f'g{number}'}</guid><pubDate>{when}</pubDate>"
        f"<enclosure url='{url}' type='audio/mpeg' length='1'/>"
        f"<description><![CDATA[{body}]]></description>{said}{extra}</item>"
    )


def feed(*items, title="A Show"):
    """Return a feed's document."""
    return (
        "<?xml version='1.0'?><rss version='2.0' "
        "xmlns:podcast='https://podcastindex.org/namespace/1.0'><channel>"
        f"<title>{title}</title><language>en</language>{''.join(items)}</channel></rss>"
    ).encode()
