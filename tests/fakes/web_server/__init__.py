"""A web server on loopback that behaves as badly as it is told, byte by byte."""

from tests.fakes.web_server.server import Asked, WebServer, Wire

__all__ = ["Asked", "WebServer", "Wire"]
