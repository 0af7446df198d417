"""A pseudo-terminal with a program on it, for tests that type and look as a person does."""

from __future__ import annotations

import asyncio
import fcntl
import os
import re
import struct
import termios
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07|\x1b[=>]")


class Terminal:
    """What was shown so far, and the keyboard. ``expect`` waits for text not seen before."""

    def __init__(self, master: int, slave: int, process: asyncio.subprocess.Process) -> None:
        self._master = master
        self._slave = slave
        self._seen = 0
        self._more = asyncio.Event()
        self.process = process
        self.raw = ""
        self._modes = termios.tcgetattr(slave)
        asyncio.get_running_loop().add_reader(master, self._read)

    @property
    def restored(self) -> bool:
        """Return whether the line discipline is as it was before the program started."""
        return termios.tcgetattr(self._slave) == self._modes

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    async def expect(self, text: str) -> str:
        """Return what was shown up to ``text``, escapes left out; fail if it never comes."""
        while (at := self._shown().find(text, self._seen)) < 0:
            self._more.clear()
            try:
                await asyncio.wait_for(self._more.wait(), 10)
            except TimeoutError:
                raise AssertionError(f"no {text!r} in {self.raw[-2_000:]!r}") from None
        found = self._shown()[self._seen : at + len(text)]
        self._seen = at + len(text)
        return found

    async def exit_code(self) -> int:
        async with asyncio.timeout(20):
            return await self.process.wait()

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._master)
        os.close(self._master)
        os.close(self._slave)

    def _shown(self) -> str:
        return _ESCAPES.sub("", self.raw)

    def _read(self) -> None:
        self.raw += os.read(self._master, 65_536).decode(errors="replace")
        self._more.set()


@asynccontextmanager
async def on_terminal(
    *command: str, env: Mapping[str, str], columns: int = 90
) -> AsyncIterator[Terminal]:
    """Run a command on a pseudo-terminal; end it if the test has not."""
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = await asyncio.create_subprocess_exec(
        *command, stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True
    )
    terminal = Terminal(master, slave, process)
    try:
        yield terminal
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        terminal.close()
