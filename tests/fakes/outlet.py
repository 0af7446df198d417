"""A platform that posts what it is given, and misbehaves as it is told."""

from dataclasses import dataclass, field

from bot.core.outlet import Outcome, Posted


@dataclass
class FakeOutlet:
    """``outcomes`` are what the next posts come to; then each is posted.

    ``posts`` holds (channel, reply, key) of what is there. Where ``repeatable``, a key that is
    there already gives its message again.
    """

    repeatable: bool = True
    outcomes: list[Posted] = field(default_factory=list)
    refused: str | None = None
    posts: list[tuple] = field(default_factory=list)
    told: list[tuple] = field(default_factory=list)
    asked: list[tuple] = field(default_factory=list)
    found: Posted | None = None
    sought: list[tuple] = field(default_factory=list)
    tries: int = 0
    edits: list[tuple] = field(default_factory=list)
    uneditable: bool = False

    async def post(self, channel, reply, *, key, within_s):
        assert within_s > 0
        self.tries += 1
        planned = self.outcomes.pop(0) if self.outcomes else Posted(Outcome.POSTED)
        if planned.outcome in {Outcome.REFUSED, Outcome.LATER} or planned.reason == "lost":
            return planned
        keys = [known for _, _, known in self.posts]
        if not (self.repeatable and key in keys):
            self.posts.append((channel, reply, key))
            keys.append(key)
        if planned.outcome is Outcome.UNKNOWN:
            return planned
        return Posted(Outcome.POSTED, message=f"m{keys.index(key)}")

    async def edit(self, channel, message, reply, *, within_s):
        assert within_s > 0
        if self.uneditable or not message.startswith("m"):
            return False
        self.edits.append((channel, message, reply))
        return True

    async def refusal(self, tenant, channel, *, user=""):
        self.asked.append((tenant, channel, user))
        return self.refused

    async def find(self, channel, *, key, since, within_s):
        self.sought.append((channel, key, since))
        if self.found is None:
            return None
        if self.found.outcome is Outcome.POSTED and key not in [one[2] for one in self.posts]:
            raise AssertionError("a post that is not there cannot be found")
        return self.found

    async def tell(self, user, reply):
        self.told.append((user, reply))
        return True
