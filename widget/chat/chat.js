import { createConversation } from "./conversation.js";
import { createEventStream } from "./event_stream.js";
import { createOutbox } from "./outbox.js";
import { watchPageLife } from "./page_life.js";
import { announce } from "./announce.js";
import { createBackOff } from "./back_off.js";
import { createSession } from "./session.js";

const TYPING_EVERY_MS = 3_000;
const TYPING_SHOWN_MS = 8_000;

/** The visitor's chat without its looks. `state` is all that the view shows; `onChange` is called after every change. */
export function createChat({ shell, onChange }) {
  const { storage } = shell;
  const session = createSession({ shell });
  const { api } = session;
  const backOff = createBackOff();
  const outbox = createOutbox({ storage, send, onChange, onRefused: takeBack });
  const state = {
    isReady: false, // the session is open, or could not be opened at the first try
    isAnyoneThere: true,
    isCut: false,
    settings: {}, // of the site: ask_name, ask_email, title, greeting, fallback_text
    visitor: {}, // name and email, as far as the server knows them
    conversation: null, // what is read and written now, also when it has ended
    refusal: null, // of the session or of the start: a Problem
    draft: { text: storage.get("draft") ?? "", version: 0 }, // `version` counts changes from outside the text box
    ending: null, // "now", or "failed"
    leaving: null, // a message left when nobody came: "now", "sent", or a Problem
  };
  let opening = null;
  let isOpen = false;
  let stream = null;
  let heardSeq = 0;
  let gapAt = 0;
  let typedAt = 0;
  let typingTimer = null;

  function change(values) {
    Object.assign(state, values);
    onChange();
  }

  /** Opens the session and goes on with what is open; done once, however often it is called. */
  function begin() {
    opening ??= openSession();
    return opening;
  }

  async function openSession() {
    for (;;) {
      try {
        const { settings, visitor, conversation } = await session.open();
        isOpen = true;
        change({ settings, visitor, isCut: false });
        goOn(conversation?.id);
        return change({ isReady: true });
      } catch (problem) {
        change({ isReady: true, isCut: problem.isTemporary });
        if (!problem.isTemporary) {
          opening = null; // so that the next "Start chat" asks again
          return takeBack(problem, outbox.takeUnsent());
        }
        await backOff.wait(problem.retryAfter * 1000);
      }
    }
  }

  function goOn(openId) {
    const known = storage.get("conversation");
    const id = openId ?? (known?.isLive && known.id);
    if (id) follow(id);
    else if (!outbox.messages()[0]?.start) giveBack(outbox.takeUnsent());
    outbox.hurry();
    api.call("/availability").then(({ available }) => change({ isAnyoneThere: available }), () => {});
  }

  async function send({ client_id, text, start }) {
    if (!start) return api.post(path("/messages"), { client_id, text });
    const { id } = await api.post("/conversations", { client_id, text, ...start });
    shell.emit("live_chat_requested", { conversation_id: id });
    follow(id);
  }

  function takeBack(problem, text) {
    giveBack(text);
    if (!state.conversation) change({ refusal: problem });
  }

  const path = (rest) => `/conversations/${state.conversation.id}${rest}`;

  function follow(id) {
    if (state.conversation?.id === id) return;
    stream?.stop();
    const known = storage.get("conversation");
    heardSeq = known?.id === id ? known.seq : 0;
    change({ conversation: createConversation(id), leaving: null, ending: null, refusal: null });
    remember();
    stream = createEventStream({
      url: shell.embedding.api + path("/events"),
      getToken: session.getToken,
      getLastSeq: () => state.conversation.lastSeq,
      onEvent: read,
      onCut: (isCut) => change({ isCut }),
      onRefused: (status) => (status === 401 ? session.renew() : forget()),
    });
    stream.start();
  }

  function read(type, event) {
    const { conversation } = state;
    const outcome = conversation.apply(type, event, gapAt === event.seq);
    if (outcome === "gap") {
      gapAt = event.seq;
      stream.reconnect();
    } else if (outcome === "new") settle(type, event);
    if (conversation.isTyping) {
      clearTimeout(typingTimer); // should its end get lost, nobody is shown typing for ever
      typingTimer = setTimeout(() => onChange((conversation.isTyping = false)), TYPING_SHOWN_MS);
    }
    onChange();
  }

  function settle(type, event) {
    if (event.sender === "visitor") outbox.confirm(event.client_id);
    if (state.conversation.isOver()) giveBack(outbox.takeUnsent());
    if (event.seq <= heardSeq) return;
    heardSeq = event.seq;
    remember();
    announce(shell, type, { conversation_id: state.conversation.id, ...event });
  }

  function remember() {
    storage.set("conversation", { id: state.conversation.id, seq: heardSeq, isLive: !state.conversation.isOver() });
  }

  /** Back to the form: for a new chat, or because the conversation is not there any more. */
  function forget() {
    stream?.stop();
    storage.remove("conversation");
    giveBack(outbox.takeUnsent());
    change({ conversation: null, refusal: null });
  }

  function saveDraft(text) {
    state.draft.text = text;
    storage.set("draft", text);
  }

  /** A text that could not be sent goes back to where it was written, before what is there now. */
  function giveBack(text) {
    if (!text) return;
    saveDraft([text, state.draft.text].filter(Boolean).join("\n"));
    change({ draft: { text: state.draft.text, version: state.draft.version + 1 } });
  }

  function write(text, start) {
    saveDraft("");
    outbox.add(text, start);
  }

  function start({ text, ...profile }) {
    change({ refusal: null, visitor: profile });
    write(text, { ...shell.visitor.attributes, ...profile });
    begin();
  }

  function notifyTyping() {
    if (state.conversation?.state !== "active" || Date.now() - typedAt < TYPING_EVERY_MS) return;
    typedAt = Date.now();
    api.post(path("/typing"), { active: true }).catch(() => {});
  }

  function markSeen() {
    const { seen, unread } = state.conversation ?? {};
    const last = unread?.().at(-1);
    if (!last) return;
    const before = seen.visitor;
    seen.visitor = last.seq;
    api.post(path("/seen"), { seq: last.seq }).catch(() => (seen.visitor = before));
  }

  async function end() {
    change({ ending: "now" });
    const failed = await api.post(path("/end")).then(
      () => false,
      ({ code }) => code !== "conversation_ended",
    );
    change({ ending: failed ? "failed" : null });
  }

  async function leaveMessage(message) {
    change({ leaving: "now" });
    const outcome = await api.post("/offline-messages", message).catch((problem) => problem);
    change({ leaving: outcome instanceof Error ? outcome : "sent" });
  }

  storage.onChangeElsewhere((key) => {
    const known = storage.get("conversation");
    if (key === "conversation" && known?.isLive && isOpen && (state.conversation?.isOver() ?? true)) follow(known.id);
    outbox.changedElsewhere(key);
  });

  watchPageLife({
    onRest() {
      stream?.stop();
      outbox.stop();
    },
    onWake({ isNetworkNew } = {}) {
      if (!state.conversation?.isOver()) stream?.start();
      stream?.hurry(isNetworkNew);
      backOff.skip();
      if (isOpen) outbox.hurry();
    },
  });

  return {
    state,
    outbox,
    begin,
    start,
    write,
    saveDraft,
    notifyTyping,
    markSeen,
    end,
    leaveMessage,
    startAnew: forget,
    renew: () => isOpen && session.open().catch(() => {}),
  };
}
