/**
 * The thread as the browser holds it. The server sends a page when a conversation is opened, an older page when asked,
 * and with each new message only the last few: here they become one list. Entries never change, seq has no gaps.
 */
import { useMemo, useRef } from "react";

/** The unbroken run that ends at the newest; what lies before a gap is read again as an older page. */
export function unbroken(bySeq) {
  const run = [];
  for (let seq = Math.max(...bySeq.keys(), 0); bySeq.has(seq); seq -= 1) run.push(bySeq.get(seq));
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

const dayOf = (entry) => new Date(entry.at).toDateString();

/** [{day: instant of its first entry, entries}] in the reader's zone. */
export function byDay(entries) {
  const days = [];
  for (const entry of entries) {
    const last = days.at(-1);
    if (last && dayOf(last.entries[0]) === dayOf(entry)) last.entries.push(entry);
    else days.push({ day: entry.at, entries: [entry] });
  }
  return days;
}
