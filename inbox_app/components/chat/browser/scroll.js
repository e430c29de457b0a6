/**
 * Where the reader is in the log. It opens at the first unread message or at the end, follows the end only while the
 * reader is there, and keeps what is being read in place when older messages come in above.
 */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

const AT_END = 48;
const NEAR_START = 240;
const CONTEXT_ABOVE_UNREAD = 0.25;

const distanceToEnd = (box) => box.scrollHeight - box.scrollTop - box.clientHeight;

export function useLogScroll({ entries, pendingCount, onOlder }) {
  const box = useRef(null);
  const known = useRef({ first: 0, height: 0, pending: 0, isOpen: false });
  const atEndRef = useRef(true);
  const [atEnd, setAtEnd] = useState(true);
  const [readTo, setReadTo] = useState(0);
  const first = entries[0]?.seq ?? 0;
  const last = entries.at(-1)?.seq ?? 0;

  const toEnd = useCallback(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, []);

  const inNextFrame = useNextFrame();

  const look = useCallback(() => {
    atEndRef.current = distanceToEnd(box.current) <= AT_END;
    setAtEnd(atEndRef.current);
  }, []);

  useLayoutEffect(() => {
    const element = box.current;
    const before = known.current;
    if (!element || entries.length === 0) return;
    const isFollowing = before.isOpen && first >= before.first;
    const goesToEnd = isFollowing && (atEndRef.current || pendingCount > before.pending);
    if (!before.isOpen) openAt(element);
    else if (!isFollowing) element.scrollTop += element.scrollHeight - before.height;
    known.current = { ...before, first, pending: pendingCount, isOpen: true };
    const settle = () => {
      if (goesToEnd) toEnd();
      known.current.height = element.scrollHeight;
      look();
    };
    if (isFollowing) inNextFrame(settle);
    else settle();
  }, [first, last, pendingCount, entries.length, toEnd, look, inNextFrame]);

  useEffect(() => {
    if (atEnd) setReadTo(last);
  }, [atEnd, last]);

  useFollowSize(box, atEndRef, toEnd);

  const onScroll = useCallback(() => {
    look();
    if (box.current.scrollTop < NEAR_START && first > 1) onOlder(first);
  }, [first, onOlder, look]);

  return { box, atEnd, readTo, toEnd, onScroll };
}

function openAt(element) {
  const unread = element.querySelector("[data-unread-line]");
  if (!unread) element.scrollTop = element.scrollHeight;
  else element.scrollTop = unread.offsetTop - element.clientHeight * CONTEXT_ABOVE_UNREAD;
}

/** Before the next paint: where a message only follows, its layout is computed once, not once more while it is put in. */
function useNextFrame() {
  const frame = useRef(0);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);
  return useCallback((work) => {
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(work);
  }, []);
}

/** The composer grows, the window shrinks, the keyboard of a phone opens: the end stays in sight. */
function useFollowSize(box, atEndRef, toEnd) {
  useEffect(() => {
    const observer = new ResizeObserver(() => atEndRef.current && toEnd());
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [box, atEndRef, toEnd]);
}
