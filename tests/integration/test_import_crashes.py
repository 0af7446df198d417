"""An import that is killed at any step and begun again ends in the same database, row by row."""

import asyncio
import sys

import pytest

LEAST_STEPS = {"job": 15, "feed": 20}


@pytest.mark.parametrize("scene", LEAST_STEPS)
@pytest.mark.timeout(240)
async def test_import_killed_at_any_step_ends_in_the_same_database(tmp_path, scene):
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.integration.import_crashes_child", str(tmp_path), scene,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output = (await child.communicate())[0].decode()
    assert child.returncode == 0, output
    first, *differing = output.splitlines()
    assert differing == []
    assert int(first.removeprefix("steps ")) >= LEAST_STEPS[scene]
