"""``python -m bot``."""

import gc
import sys

# Importing makes a hundred thousand objects that stay. With the default of 700 new objects
# Python looks for garbage among them over and over: a tenth of the time to start.
gc.set_threshold(50_000, 20, 20)

# A thread that reads a long transcript gives way to answers ten times as often as by default:
# an answer hops between threads some ten times.
sys.setswitchinterval(0.0005)

from bot.cli import main  # noqa: E402 - after the lines above, which is the point of it

if __name__ == "__main__":
    sys.exit(main())
