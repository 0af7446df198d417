"""``/add`` and ``/follow``, asked as a person would."""

import pytest

from bot.core.catalog import PUBLIC
from bot.core.commands import Document, User
from tests.fakes.documents import document

ADMIN = User("1", "Ada", is_admin=True)
NOTES = document("A talk", "aaaaaaaaaaa", [(60, "KV Cache", "keys and values")]).encode()


@pytest.mark.parametrize("line", ["/add https://example.org/notes.md", "/follow https://a.org/f"])
async def test_who_is_no_admin_may_not_bring_anything_in(core, web, line):
    reply = await core.ask(line)
    assert reply.text == "Only an admin of this server can do that."
    assert web.asked == []


async def test_nothing_is_added_where_there_is_no_community(core):
    reply = await core.ask("/add https://example.org/notes.md", tenant=PUBLIC, user=ADMIN)
    assert reply.text.startswith("Episodes are added in a server or a workspace.")


async def test_file_is_added_to_the_communitys_own_episodes(core):
    asked = core.invocation("add", {}, user=ADMIN, document=Document("notes.md", NOTES))
    await core.run(asked)
    assert [episode.title for episode in await core.store.episodes(asked.tenant, offset=0, limit=9)
            if episode.tenant == asked.tenant] == ["A talk"]  # fmt: skip


async def test_address_that_gives_nothing_is_a_sentence(core, web):
    reply = await core.ask("/add https://example.org/gone.vtt", user=ADMIN)
    assert reply.text.startswith("There is nothing at that address any more")
