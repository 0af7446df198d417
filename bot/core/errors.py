"""Every error Segue raises on purpose, each with the sentence a person sees.

SegueError
├── UserError            the person can mend it: said as it is
│   ├── InvalidTime          the text is not a time
│   ├── UnknownVideo         a link to a video that the catalog does not have
│   ├── NotFound             an id or a name that this tenant cannot see (any more)
│   ├── NotAllowed           the person is not an admin here
│   ├── TooFast              the per-user rate limit
│   ├── BadDocument          an import that cannot be read; carries the line
│   ├── NotFetched           an address that gave nothing; says whether it may later
│   └── NotLookedUp          a video that YouTube tells nothing of; says whether it may later
├── Busy                 the deadline passed, or the database stayed locked: try again
├── StorageError         the database cannot be used: its file, its version, its disk
└── ConfigError          a setting or secret is missing or malformed

In chat, StorageError and ConfigError are said as a fault of ours: their own words, which name files
and settings, are for the log and for the command line.
"""

from __future__ import annotations


class SegueError(Exception):
    """Something went wrong on our side."""

    def __init__(self, sentence: str | None = None) -> None:
        # Python drops docstrings with -OO; a person is told something all the same.
        self.sentence = sentence or (type(self).__doc__ or "That did not work.").splitlines()[0]
        super().__init__(self.sentence)


def told(error: BaseException) -> str | None:
    """Return the sentence of an error that anybody may read; None for every other error.

    What a store or a setting says of itself names files and hosts: it is for the log.
    """
    return error.sentence if isinstance(error, (UserError, Busy)) else None


class UserError(SegueError):
    """That cannot be done as asked."""


class InvalidTime(UserError):
    """That is not a time I can read. Try 2:00:32, 90m or a YouTube link with t=."""


class UnknownVideo(UserError):
    """I have no notes on that video. /episodes lists what I know."""


class NotFound(UserError):
    """That is no longer in the catalog. /episodes lists what is."""


class NotAllowed(UserError):
    """Only an admin of this server can do that."""


class TooFast(UserError):
    """That was a lot of questions at once. Wait a moment and ask again."""


class BadDocument(UserError):
    """That document cannot be read."""

    def __init__(self, sentence: str | None = None, *, line: int | None = None) -> None:
        self.line = line
        where = f"Line {line}: " if line is not None else ""
        super().__init__(where + sentence if sentence else None)


class NotFetched(UserError):
    """That address cannot be fetched."""

    def __init__(self, sentence: str | None = None, *, passing: bool = False) -> None:
        self.passing = passing
        super().__init__(sentence)


class NotLookedUp(UserError):
    """That video cannot be looked up."""

    def __init__(self, sentence: str | None = None, *, passing: bool = False) -> None:
        self.passing = passing
        super().__init__(sentence)


class Busy(SegueError):
    """I am busy and could not answer in time. Nothing was lost; please ask again."""


class StorageError(SegueError):
    """The database cannot be used."""


class ConfigError(SegueError):
    """A setting is missing or malformed."""
