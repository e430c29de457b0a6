"""Live updates: `async with subscribe(*topics) as changes`, `await publish(topics, kind, data)`.

An event is a hint, not the truth: losing one costs latency, never data. Whoever listens subscribes first and reads
the database second, and reads again when told `resync`.
"""

from inbox_app.live import topics
from inbox_app.live.hub import RESYNC, Event, Hub, Subscription, hub, publish, subscribe

__all__ = ["RESYNC", "Event", "Hub", "Subscription", "hub", "publish", "subscribe", "topics"]
