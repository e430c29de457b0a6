import { insist, request } from "../chat/api.js";
import { h, setText } from "../shared/kit.js";
import { createStorage } from "../shared/storage.js";
import { here, t } from "../view/texts.js";

/**
 * The mail's link carries a proof of its address behind the `#`. The browser that chatted on the inbox's own pages
 * sends it at once; any other asks first, and only a click on "yes" proves anything. `isAlone`: the page has nothing else,
 * so it also says what became of a link that needs no question.
 */
export function createAddressQuestion(isAlone) {
  const proof = location.hash.slice(1);
  const facts = h("p");
  const yes = h("button", { class: "primary", onclick: () => answer("yes") }, t("Yes, that was me"));
  const no = h("button", { class: "secondary", onclick: () => answer("no") }, t("No, it wasn’t me"));
  const title = t("Was that you?");
  const question = h("div", { class: "question", role: "group", "aria-label": title }, h("h2", {}, title), facts, yes, no);
  const outcome = h("p", { role: "status", tabindex: -1 });
  const element = h("div", { class: "asked", hidden: true }, question, outcome);
  if (proof) confirm().then(confirmed, look);
  else say(t("This link doesn’t work. Open it from the email again."));

  /** Only where this browser has a token: another's is refused. */
  async function confirm() {
    const token = createStorage(`agent-inbox:${location.host}:`).get("token");
    if (!token) throw undefined;
    await insist(() => request("/address-proofs", { token: proof }, token), () => {});
  }

  function confirmed() {
    say(t("Thanks, your address is confirmed."));
    forget();
  }

  function say(words) {
    if (!isAlone) return;
    question.hidden = true;
    element.hidden = false;
    setText(outcome, words);
  }

  async function look() {
    try {
      const { name, site, email, at } = await insist(() => request("/address-proofs/question", { token: proof }), () => {});
      const gaps = { name: name || t("Someone"), site, email, day: here.dayInShort(at), time: here.time(at) };
      setText(facts, t("{name} chatted on {site} on {day} at {time} and gave your address, {email}.", gaps));
      element.hidden = false;
    } catch ({ message }) {
      say(message); // answered, or no longer to be asked
    }
  }

  async function answer(said) {
    yes.disabled = no.disabled = true;
    try {
      await insist(() => request("/address-proofs/answer", { token: proof, answer: said }), () => setText(outcome, t("No connection. We keep trying.")));
      setText(outcome, said === "yes" ? t("Thanks, your address is confirmed.") : t("Thanks. We won’t link this chat to you."));
      forget();
    } catch ({ message }) {
      setText(outcome, message);
    }
    question.hidden = true;
    outcome.focus();
  }

  function forget() {
    history.replaceState(null, "", location.pathname + location.search);
  }

  return { element };
}
