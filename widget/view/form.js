import { assign, h, setText } from "../shared/kit.js";
import { t } from "./texts.js";

export const MESSAGE_LIMIT = 4000;

/**
 * Name, email and message with one button. `asked` says of name and email "required", "optional" or "off".
 * What is wrong is said at its field; `render` shows a refusal of the server the same way.
 */
export function createForm({ asked, known, label, onDraft, onSubmit }) {
  const fields = {
    name: createField(t("Name"), asked.name, known.name, { autocomplete: "name", maxlength: 120 }),
    email: createField(t("Email"), asked.email, known.email, { type: "email", autocomplete: "email", maxlength: 254 }),
    text: createField(t("Message"), asked.text ?? "required", known.text, { rows: 4 }),
  };
  const all = Object.values(fields);
  const problem = h("p", { class: "error", role: "alert" });
  const button = h("button", { class: "primary" }, label);
  const element = h("form", { class: "form", novalidate: true, onsubmit: submit }, ...all.map((field) => field.element), problem, button);
  if (onDraft) fields.text.input.addEventListener("input", () => onDraft(fields.text.input.value));

  function submit(event) {
    event.preventDefault();
    all.forEach((field) => field.tell(field.check()));
    const wrong = all.find((field) => field.check());
    if (wrong) wrong.input.focus();
    else onSubmit({ name: fields.name.value(), email: fields.email.value(), text: fields.text.value() });
  }

  function render({ refusal, isBusy }) {
    button.disabled = isBusy;
    setText(problem, refusal ? refusal.message || t("No connection. Your message is kept here: try again.") : "");
    for (const { field, message } of refusal?.errors ?? []) fields[field]?.tell(message);
  }

  return {
    element,
    render,
    focus: () => (all.find((field) => !field.element.hidden && !field.value()) ?? fields.text).input.focus(),
  };
}

let count = 0;

function createField(label, asked, value, attributes) {
  const id = `field${++count}`;
  const isRequired = asked === "required";
  const input = h(attributes.rows ? "textarea" : "input", { id, class: "field", "aria-required": isRequired, "aria-describedby": `${id}n`, ...attributes });
  const note = h("p", { id: `${id}n`, class: "note" });
  input.value = value ?? "";
  tell();

  function tell(wrong) {
    setText(note, wrong || (isRequired ? "" : t("Optional")));
    assign(input, { "aria-invalid": Boolean(wrong) });
  }

  function check() {
    const given = input.value.trim();
    if (isRequired && !given) return t("Please fill this in.");
    if (given && attributes.type && !/^\S+@\S+\.\S+$/.test(given)) return t("Please check this address.");
    const count = [...given].length - MESSAGE_LIMIT;
    if (count > 0) return t("{count} characters too many", { count });
  }

  return {
    element: h("div", { class: "asked", hidden: asked === "off" }, h("label", { for: id }, label), note, input),
    input,
    tell,
    check,
    value: () => input.value.trim() || undefined,
  };
}
