/**
 * The list as it is shown. The server sends a page once and then only the lines that changed or left: put together here,
 * newest activity first, one line a conversation.
 */
export function mergedRows(rows, changed, older, gone) {
  const byId = new Map();
  for (const row of [...older, ...rows, ...changed]) byId.set(row.id, row);
  for (const id of gone) byId.delete(id);
  return [...byId.values()].sort((one, other) => compare(other.at, one.at) || compare(other.id, one.id));
}

const compare = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
