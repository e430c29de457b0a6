"""Whether this process is a command beside the servers (`inbox user disable`), whose hub has no listeners.

Its news reach the servers through the database, which works with SQLite and without Redis too: `services/use_case.py`
leaves them there in the transaction of the change, and the sweeper of any server publishes them.
"""

_is_command = False


def become_command() -> None:
    """Called once, by the command line. The workers of `inbox serve` are other processes."""
    global _is_command
    _is_command = True


def is_command() -> bool:
    """Whether news of this process have to be left for the servers."""
    return _is_command
