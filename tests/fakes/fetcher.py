"""The web as a table: what is at which address, and who asked for it."""

from dataclasses import dataclass, field

from bot.core.fetching import NO_HEADERS, Fetched, Trouble, not_fetched


@dataclass
class FakeFetcher:
    """``pages`` maps an address to bytes, to a ``Fetched``, or to an error that is raised.

    A page that is a ``Fetched`` with validators is answered with 304 to whoever names them.
    """

    pages: dict = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    unchanged: int = 0

    async def fetch(
        self, url, *, max_bytes, within_s, accept="", etag="", last_modified="", headers=NO_HEADERS
    ):
        assert within_s > 0
        assert not headers
        self.asked.append(url)
        page = self.pages.get(url)
        if page is None:
            raise not_fetched(Trouble.NOT_FOUND)
        if isinstance(page, Exception):
            raise page
        found = page if isinstance(page, Fetched) else Fetched(url, 200, page)
        if (found.etag and found.etag == etag) or (
            found.last_modified and found.last_modified == last_modified
        ):
            self.unchanged += 1
            return Fetched(url, 304, b"", etag=found.etag, last_modified=found.last_modified)
        if len(found.body) > max_bytes:
            raise not_fetched(Trouble.LARGE)
        return found

    async def close(self):
        pass
