"""YouTube on loopback, by both ways: its Data API, and its pages as yt-dlp asks for them."""

from tests.fakes.youtube_server.data_api import DataApi

__all__ = ["DataApi"]
