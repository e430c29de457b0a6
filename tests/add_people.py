"""Adds people to the installation that the environment names, as `inbox user add` does, in one process for all.

Their passwords are hashed at the least cost: every sign-in of a test would take the tenth of a second that it should.
"""

import asyncio
import json
import sys

from argon2 import PasswordHasher

from inbox_app import clock
from inbox_app.data.engine import use_database
from inbox_app.services import people, sign_in

sign_in.hash_password = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash


async def main() -> None:
    try:
        for person in json.load(sys.stdin):
            await people.add(**person, now=clock.now())
    finally:
        await use_database(None)


asyncio.run(main())
