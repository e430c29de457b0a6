/**
 * One conversation as the visitor sees it, built only from the server's events, in the order of their `seq`.
 * `take` answers true for the next entry, and false when a number is missing: then the stream must be read again from
 * `lastSeq`.
 */
export function createConversation(id, epoch) {
  const conversation = {
    id,
    epoch,
    state: "waiting",
    endReason: null,
    agent: null,
    position: null,
    isTyping: false,
    wasTaken: false, // by an agent, who may be gone again
    endsAt: 0, // because nobody writes: by this browser's clock
    timeline: [],
    lastSeq: 0,
    seen: { agent: 0, visitor: 0 },
    take,
    isOver: () => /ended|missed|cancelled/.test(conversation.state),
    unread: () => conversation.timeline.filter(({ type, sender, seq }) => (sender === "agent" || type === "calendar_share") && seq > conversation.seen.visitor),
  };

  function take(type, event, isGapAccepted) {
    if (type === "seen") conversation.seen[event.by] = Math.max(conversation.seen[event.by], event.seq);
    else if (type === "queue") conversation.position = event.position;
    else if (type === "idle") conversation.endsAt = Date.now() + event.seconds * 1000;
    else if (type === "typing") conversation.isTyping = event.by === "agent" && event.active;
    else if (event.seq > conversation.lastSeq) {
      if (event.seq > conversation.lastSeq + 1 && !isGapAccepted) return false;
      conversation.lastSeq = event.seq;
      conversation.endsAt = 0;
      conversation.timeline.push({ type, ...event });
      if (type === "state") applyState(event);
      if (event.sender === "agent") conversation.isTyping = false;
      return true;
    }
  }

  function applyState({ state, end_reason: endReason, agent }) {
    const isWithoutAgent = state === "waiting" || state === "offered"; // also again, when an agent was lost
    Object.assign(conversation, { state, endReason, agent: isWithoutAgent ? null : (agent ?? conversation.agent) });
    conversation.wasTaken ||= state === "active";
    conversation.isTyping &&= state === "active";
  }

  return conversation;
}
