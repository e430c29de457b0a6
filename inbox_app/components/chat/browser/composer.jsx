/** The box that the agent writes in. What is sent goes into the outbox, what is not yet sent is the draft. */
import { useEffect, useLayoutEffect, useRef } from "react";
import { Button } from "@radix-ui/themes";
import { closeDraft, drafts, openDraft, save, writeDraft } from "./drafts.js";
import { typedFor } from "./next_to_write.js";
import { send } from "./outbox.js";
import { sayStopped, sayTyping } from "./say_typing.js";
import { useStore } from "./store.js";

const LIMIT = 4_000;
const COUNT_FROM = 3_600;

/**
 * `opened`: the conversation that is shown; `conversationId`: the same if it is an own one, else empty.
 * `isOpen` false: the chat has ended. Then the box stands only where it still holds text, to be copied. `children`: what
 * else can be done in an open one.
 */
export function Composer({ opened, conversationId, memberId, draft, isOpen, texts, children }) {
  const all = useStore(drafts);
  useEffect(() => {
    if (conversationId && memberId) openDraft(conversationId, memberId, draft);
  }, [conversationId, memberId, draft]);
  useEffect(() => {
    if (!conversationId) return undefined;
    return () => {
      sayStopped(conversationId);
      closeDraft(conversationId);
    };
  }, [conversationId]);
  const box = useRef(null);
  useEffect(() => {
    const typed = typedFor(opened);
    if (typed === undefined || !isOpen || !box.current) return;
    box.current.focus();
    if (typed) writeDraft(conversationId, (drafts.get()[conversationId]?.text ?? "") + typed);
  }, [opened, conversationId, isOpen]);
  useEffect(() => () => void typedFor(""), []);
  const { text = "", notice = "" } = all[conversationId] ?? {};
  if (!conversationId || (!isOpen && !text)) return null;
  const length = [...text].length;
  const canSend = isOpen && text.trim() !== "" && length <= LIMIT;
  const submit = () => {
    if (!canSend) return;
    sendNow(conversationId, memberId, text);
    box.current.focus(); // a tap on Send would close the phone's keyboard
  };
  return (
    <form className="composer" aria-label={texts.form} onSubmit={(event) => (event.preventDefault(), submit())}>
      {(notice || !isOpen) && (
        <p className="composer-notice" role="alert">
          {notice || texts.kept}
        </p>
      )}
      <Box box={box} id={conversationId} text={text} isOpen={isOpen} texts={texts} submit={submit} />
      <div className="composer-foot">
        {isOpen && children}
        <span className="composer-hint">{isOpen ? texts.hint : ""}</span>
        {length > COUNT_FROM && <Count length={length} texts={texts} />}
        {isOpen ? (
          <Button type="submit" size="2" disabled={!canSend}>
            {texts.send}
          </Button>
        ) : (
          <Button type="button" size="2" variant="soft" color="gray" onClick={() => empty(conversationId)}>
            {texts.discard}
          </Button>
        )}
      </div>
    </form>
  );
}

function sendNow(id, memberId, text) {
  send(id, memberId, text.trim());
  empty(id);
  sayStopped(id);
}

function empty(id) {
  writeDraft(id, "");
  void save(id);
}

function Box({ box, id, text, isOpen, texts, submit }) {
  useLayoutEffect(() => {
    box.current.style.height = "auto";
    box.current.style.height = `${box.current.scrollHeight}px`;
  }, [text]);
  const isEnter = ({ key, shiftKey, nativeEvent, keyCode }) =>
    key === "Enter" && !shiftKey && !nativeEvent.isComposing && keyCode !== 229;
  return (
    <textarea
      ref={box}
      rows={1}
      dir="auto"
      className="composer-box"
      aria-label={texts.message}
      placeholder={texts.placeholder}
      value={text}
      readOnly={!isOpen}
      data-composer={id}
      onChange={({ target }) => {
        writeDraft(id, target.value);
        if (target.value.trim()) sayTyping(id);
        else sayStopped(id);
      }}
      onBlur={() => void save(id)}
      onKeyDown={(event) => {
        if (isEnter(event)) {
          event.preventDefault();
          submit();
        }
      }}
    />
  );
}

function Count({ length, texts }) {
  const number = (value) => value.toLocaleString(globalThis.inboxLanguage);
  return (
    <span className="composer-count" data-over={length > LIMIT || undefined} role="status">
      {texts.count.replace("{count}", number(length)).replace("{limit}", number(LIMIT))}
    </span>
  );
}
