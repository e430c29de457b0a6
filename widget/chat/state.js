import { shell } from "../shared/kit.js";

/** All that the view shows. There is one chat in a page, so its parts are modules, not objects. */
export const state = {
  isReady: false, // the session is open, or could not be opened at the first try
  isAnyoneThere: true,
  isCut: false,
  settings: {}, // of the site: ask_name, ask_email, title, greeting, fallback_text
  visitor: {}, // name and email, as far as the server knows them
  conversation: null, // what is read and written now, also when it has ended
  refusal: null, // of the session or of the start: a Problem
  draft: shell.storage.get("draft") ?? "",
  draftVersion: 0, // counts changes that were not made in the text box
  ending: null, // "now", or "failed"
  leaving: null, // a message left when nobody came: "now", "sent", or a Problem
};

/** Who the visitor is, as far as this page knows. */
export const known = () => ({ ...state.visitor, ...shell.visitor.attributes, ...shell.visitor.identity });

let show;

/** `listener` is called after every change. */
export function onChange(listener) {
  show = listener;
}

export function change(values) {
  Object.assign(state, values);
  show();
}

export function saveDraft(text) {
  state.draft = text;
  shell.storage.set("draft", text);
}

/** A text that could not be sent goes back to where it was written, before what is there now. */
export function giveBack(text) {
  if (!text) return;
  saveDraft([text, state.draft].filter(Boolean).join("\n"));
  change({ draftVersion: state.draftVersion + 1 });
}
