/** The icon under the chat and its dialog (PRODUCT 1.7). It opens at once; the calendars come from the server. */
import { useEffect, useRef, useState } from "react";
import { Button, Dialog, Flex, IconButton } from "@radix-ui/themes";
import { Calendars } from "./calendars.jsx";

/** `situation`: loading, open or failed. `answer` counts what became of each sending in `beat`. */
export function ShareCalendar({ onLook, texts, children, ...rest }) {
  const [isOpen, setOpen] = useState(false);
  const open = (next) => {
    if (next) onLook();
    setOpen(next);
  };
  return (
    <Dialog.Root open={isOpen} onOpenChange={open}>
      <Dialog.Trigger>
        <IconButton type="button" variant="ghost" color="gray" aria-label={texts.share} title={texts.share} data-share-calendar>
          {children}
        </IconButton>
      </Dialog.Trigger>
      <Dialog.Content
        maxWidth="440px"
        aria-describedby={undefined}
        onOpenAutoFocus={(event) => (event.preventDefault(), event.currentTarget.focus())}
        onCloseAutoFocus={(event) => (event.preventDefault(), document.querySelector("[data-composer]")?.focus())}
      >
        <Dialog.Title size="4">{texts.title}</Dialog.Title>
        <ShareForm {...rest} texts={texts} onLook={onLook} onDone={() => setOpen(false)} />
      </Dialog.Content>
    </Dialog.Root>
  );
}

/** The dialog is a child of the composer's form: what happens in it stays in it. */
function ShareForm({ agents, situation, answer, onLook, onShare, onDone, texts }) {
  const [choice, setChoice] = useState("");
  const [query, setQuery] = useState("");
  const [sentAt, setSentAt] = useState(-1);
  const opened = useRef(answer.beat);
  const form = useRef(null);
  const isAnswered = answer.beat !== opened.current;
  const problem = isAnswered ? answer.problem : "";
  const shown = matching(agents, query);
  const chosen = chosenOf(shown, choice, query);
  const isSending = sentAt === answer.beat;

  useEffect(() => {
    if (isAnswered && !answer.problem) onDone();
  }, [answer.beat]);
  useEffect(() => {
    if (situation === "open") form.current.querySelector("input:checked, input[type=radio]:enabled")?.focus();
  }, [situation]);

  const submit = (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (!chosen || isSending) return;
    setSentAt(answer.beat);
    onShare(chosen.id);
  };
  return (
    <form ref={form} className="share-form" onSubmit={submit}>
      <Calendars
        agents={shown}
        count={agents.length}
        situation={situation}
        chosen={chosen?.id}
        onChoose={setChoice}
        query={query}
        onQuery={setQuery}
        onRetry={onLook}
        texts={texts}
      />
      <p className="share-problem" role="alert">
        {problem}
      </p>
      <Flex justify="end" gap="3">
        <Dialog.Close>
          <Button type="button" variant="soft" color="gray">
            {texts.cancel}
          </Button>
        </Dialog.Close>
        <Button type="submit" disabled={!chosen} aria-busy={isSending || undefined}>
          {texts.send}
        </Button>
      </Flex>
    </form>
  );
}

function matching(agents, query) {
  const words = query.trim().toLocaleLowerCase();
  return agents.filter((agent) => agent.name.toLocaleLowerCase().includes(words));
}

/** What was chosen, while it is shown; else the own calendar, or the first that a search leaves. Never one that can't be booked. */
function chosenOf(shown, choice, query) {
  const free = shown.filter((agent) => agent.is_bookable);
  return free.find((agent) => agent.id === choice) ?? free.find((agent) => query || (!choice && agent.is_me));
}
