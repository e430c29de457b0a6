/** The keys of the inbox, the sheet that explains them, and the question before a key ends a session. */
import { useEffect, useRef, useState } from "react";
import { AlertDialog, Button, Dialog, Flex, IconButton } from "@radix-ui/themes";

const LINKS = "a[data-conversation]";
const typesIn = (element) => element.closest("input, textarea, select, [contenteditable], [role=radiogroup], [role=menu]");
const isFree = (event) =>
  !event.ctrlKey && !event.metaKey && !event.altKey && !typesIn(event.target) && !document.querySelector("[role=dialog], [role=alertdialog]");

/** The next or previous conversation gets the focus; from nowhere, the opened one or the first. */
function step(by) {
  const links = [...document.querySelectorAll(LINKS)];
  const focused = links.indexOf(document.activeElement);
  const current = links.findIndex((link) => link.getAttribute("aria-current") === "page");
  const from = focused >= 0 ? focused : current;
  const next = links[Math.min(Math.max(from + by, 0), links.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

const toComposer = () => document.querySelector("[data-composer]")?.focus();

/** Where it stands, the chat can be given a calendar. */
const shareCalendar = () => document.querySelector("[data-share-calendar]")?.click();

/** Out of a text box first, then back to the list. */
function back(event) {
  if (event.target.matches("[data-composer]")) event.target.blur();
  const current = document.querySelector(`${LINKS}[aria-current=page]`);
  const backLink = document.querySelector("[data-back]");
  if (backLink?.offsetParent) backLink.click();
  else current?.focus();
}

const isScrolling = (event) => event.key.startsWith("Arrow") && event.target.closest("[role=log], .panel");

/** `conversation`: the opened one, with the `visitor` in it. */
export function InboxKeys({ conversation, visitor, canEnd, onEnd, texts, children }) {
  const [isHelpOpen, setHelp] = useState(false);
  const [asked, setAsked] = useState(""); // the conversation that is to end
  useEffect(() => setAsked(""), [conversation]);
  const acts = useRef({});
  acts.current = {
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    r: toComposer,
    c: shareCalendar,
    e: () => canEnd && setAsked(conversation),
    "?": () => setHelp(true),
  };
  useEffect(() => {
    const onKeyDown = (event) => {
      if (event.defaultPrevented || event.isComposing) return;
      if (event.key === "Escape" && (isFree(event) || event.target.matches("[data-composer]"))) return back(event);
      const act = acts.current[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!act || !isFree(event) || isScrolling(event)) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
  return (
    <>
      <IconButton type="button" variant="ghost" color="gray" aria-label={texts.title} title={texts.title} onClick={() => setHelp(true)}>
        {children}
      </IconButton>
      <Help isOpen={isHelpOpen} setOpen={setHelp} texts={texts} />
      <EndQuestion isOpen={asked !== "" && asked === conversation} close={() => setAsked("")} onEnd={() => onEnd(asked)} {...{ visitor, texts }} />
    </>
  );
}

function Help({ isOpen, setOpen, texts }) {
  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Content maxWidth="420px" aria-describedby={undefined}>
        <Dialog.Title size="4">{texts.title}</Dialog.Title>
        <dl className="keys">
          {texts.keys.map(([keys, meaning]) => (
            <div key={keys}>
              <dt>
                {keys.split(" ").map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
        <Flex justify="end">
          <Dialog.Close>
            <Button variant="soft" color="gray">
              {texts.close}
            </Button>
          </Dialog.Close>
        </Flex>
      </Dialog.Content>
    </Dialog.Root>
  );
}

function EndQuestion({ isOpen, close, onEnd, visitor, texts }) {
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={close}>
      <AlertDialog.Content maxWidth="380px">
        <AlertDialog.Title size="4">{texts.endTitle}</AlertDialog.Title>
        <AlertDialog.Description size="2">
          <strong>{visitor}</strong>
          <br />
          {texts.endText}
        </AlertDialog.Description>
        <Flex justify="end" gap="3" mt="4">
          <AlertDialog.Cancel>
            <Button variant="soft" color="gray">
              {texts.cancel}
            </Button>
          </AlertDialog.Cancel>
          <AlertDialog.Action>
            <Button color="tomato" variant="soft" highContrast onClick={onEnd}>
              {texts.end}
            </Button>
          </AlertDialog.Action>
        </Flex>
      </AlertDialog.Content>
    </AlertDialog.Root>
  );
}
