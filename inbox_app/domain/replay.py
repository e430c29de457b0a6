"""Where a client's replay resumes after a database was restored to an earlier point."""


def must_start_over(after: int, epoch: str | None, *, last_seq: int, current_epoch: str) -> bool:
    """Whether entries up to `after`, as the client knows them, may differ from those stored.

    `epoch`: of the history the client read them from; None when the client doesn't say. Then only a number that was
    never given out in this history tells.
    """
    return after > last_seq or (epoch is not None and epoch != current_epoch)
