"""YouTube on loopback, by both ways: its Data API, and its pages as yt-dlp asks for them."""

from tests.fakes.youtube_server.data_api import DataApi
from tests.fakes.youtube_server.site import Site
from tests.fakes.youtube_server.watched import Watched, track

__all__ = ["DataApi", "Site", "Watched", "track"]
