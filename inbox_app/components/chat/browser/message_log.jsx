/** The log of a conversation: the thread, what is on its way, and how far the reader is. */
import { useEffect, useMemo } from "react";
import { Delivery, Pending } from "./bubble.jsx";
import { Days } from "./days.jsx";
import { useEntries } from "./entries.js";
import { outbox, readFrom, restore, settle } from "./outbox.js";
import { useLogScroll } from "./scroll.js";
import { useSeen } from "./seen.js";
import { useStore } from "./store.js";

/**
 * A new instance for each conversation, so that reading position and what was unread start afresh; and after a restore of
 * the server to an earlier point, which gives numbers that are held here to other entries.
 */
export function MessageLog({ conversationId, epoch, ...rest }) {
  return conversationId ? <Log key={`${conversationId} ${epoch}`} conversationId={conversationId} epoch={epoch} {...rest} /> : null;
}

function Log({ conversationId, epoch, page, older, fresh, ...rest }) {
  const entries = useEntries(conversationId, page, older, fresh);
  const pending = usePending(conversationId, rest.memberId, entries, epoch);
  const { box, atEnd, readTo, toEnd, onScroll } = useLogScroll({
    entries,
    pendingCount: pending.length,
    onOlder: rest.onOlder,
  });
  useSeen({ conversationId, newest: newestOf(entries, "visitor"), seenByAgent: rest.seenByAgent, isInSight: atEnd && rest.isMine });
  const fresher = entries.filter((entry) => entry.seq > readTo && entry.sender === "visitor").length;
  return (
    <div className="log-frame">
      <div role="log" aria-label={rest.texts.messages} aria-live="polite" tabIndex={0} className="log" ref={box} onScroll={onScroll}>
        {entries[0]?.seq > 1 && (
          <button type="button" className="link-button older" onClick={() => rest.onOlder(entries[0].seq)}>
            {rest.texts.older}
          </button>
        )}
        <Days entries={entries} {...rest} />
        <LastDelivery entries={entries} pending={pending} {...rest} />
        {pending.map((message, index) => (
          <Pending key={message.clientId} message={message} isLast={index === pending.length - 1} texts={rest.texts} />
        ))}
      </div>
      {!atEnd && (
        <button type="button" className="jump" onClick={toEnd}>
          {fresher ? rest.texts.fresh.replace("{count}", fresher) : rest.texts.newest} ↓
        </button>
      )}
    </div>
  );
}

const newestOf = (entries, sender) => entries.findLast((entry) => entry.sender === sender && entry.kind === "message")?.seq ?? 0;

/** The state of the last own message only, and not while a newer one is on its way. */
function LastDelivery({ entries, pending, seenByVisitor, isMine, texts }) {
  const last = entries.at(-1);
  if (!isMine || pending.length > 0 || last?.kind !== "message" || last.sender !== "agent") return null;
  return <Delivery text={seenByVisitor >= last.seq ? texts.seen : texts.sent} />;
}

function usePending(conversationId, memberId, entries, epoch) {
  const all = useStore(outbox);
  useEffect(() => readFrom(epoch), [epoch]);
  useEffect(() => {
    if (memberId) restore(memberId);
  }, [memberId]);
  const shown = useMemo(() => new Set(entries.map((entry) => entry.client_id).filter(Boolean)), [entries]);
  useEffect(() => settle(shown), [shown, all]);
  return useMemo(
    () => all.filter((message) => message.conversationId === conversationId && !shown.has(message.clientId)),
    [all, shown, conversationId],
  );
}
