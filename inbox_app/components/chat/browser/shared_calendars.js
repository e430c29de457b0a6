/** What became of the calendars that were shared: each entry is a snapshot, the newest of an id counts. */

/** Share id → {withdrawn, meeting}; `meeting` is the newest word on what was booked by it. */
export function standings(entries) {
  const found = new Map();
  const learn = (id, news) => found.set(id, { ...found.get(id), ...news });
  for (const { kind, details } of entries) {
    if (kind === "calendar_share") learn(details.id, { withdrawn: details.withdrawn });
    else if (kind === "meeting") learn(details.share_id, { meeting: details });
  }
  return found;
}

/** booked, moved, withdrawn, cancelled, or waiting: a cancelled meeting leaves the calendar open, a withdrawn one does not. */
export function stateOf({ withdrawn, meeting }) {
  if (meeting && meeting.status !== "cancelled") return meeting.status === "rescheduled" ? "moved" : "booked";
  if (withdrawn) return "withdrawn";
  return meeting ? "cancelled" : "waiting";
}

/** The entry that is drawn as a card; that it was withdrawn later is a line of its own. */
export const isCard = (entry) => entry.kind === "calendar_share" && !entry.details.withdrawn;
