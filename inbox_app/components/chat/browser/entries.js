/**
 * The thread as the browser holds it. The server sends a page when a conversation is opened, an older page when asked,
 * and with each new message only the last few: here they become one list. Entries never change, and each names the one
 * that it follows: numbers alone don't tell, since a restore of the server leaves some out.
 */
import { useMemo, useRef } from "react";

/** The unbroken run that ends at the newest; what lies before a gap is read again as an older page. */
export function unbroken(bySeq) {
  const run = [];
  for (let entry = bySeq.get(Math.max(...bySeq.keys())); entry; entry = bySeq.get(entry.follows)) run.push(entry);
  return run.reverse();
}

export function useEntries(conversationId, page, older, fresh) {
  const held = useRef({ id: "", bySeq: new Map() });
  return useMemo(() => {
    if (held.current.id !== conversationId) held.current = { id: conversationId, bySeq: new Map() };
    const { bySeq } = held.current;
    for (const entry of [...older, ...page, ...fresh]) if (!bySeq.has(entry.seq)) bySeq.set(entry.seq, entry);
    return unbroken(bySeq);
  }, [conversationId, page, older, fresh]);
}

const days = new WeakMap();

/** Entries never change, and telling a date costs more than all else that a thread is put together from. */
function dayOf(entry) {
  if (!days.has(entry)) days.set(entry, new Date(entry.at).toDateString());
  return days.get(entry);
}

/** [{day: instant of its first entry, entries}] in the reader's zone. */
export function byDay(entries) {
  const found = [];
  for (const entry of entries) {
    const last = found.at(-1);
    if (last && dayOf(last.entries[0]) === dayOf(entry)) last.entries.push(entry);
    else found.push({ day: entry.at, entries: [entry] });
  }
  return found;
}
