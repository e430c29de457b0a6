/** A form that posts to the API and not through the page's state, so that no password passes through it. */
import { Button } from "@radix-ui/themes";
import { useEffect, useId, useRef, useState } from "react";

/** `field` names what was refused; empty: the whole form. `sentence`: in the reader's language. */
async function send(method, path, body, unreachable) {
  try {
    const response = await fetch(path, {
      method,
      headers: { "Content-Type": "application/json", "Accept-Language": globalThis.inboxLanguage ?? "en" },
      credentials: "same-origin",
      body: JSON.stringify(body),
    });
    if (response.ok) return null;
    const problem = await response.json().catch(() => ({}));
    const [first] = problem.errors ?? [];
    return { field: first?.field ?? "", sentence: first?.message ?? problem.detail ?? unreachable };
  } catch {
    return { field: "", sentence: unreachable };
  }
}

const Problem = ({ id, sentence }) => (
  <p id={id} role="alert" className="field-problem">
    {sentence}
  </p>
);

function Field({ field, refusal }) {
  const id = useId();
  const { name, label, hint, ...props } = field;
  const isWrong = refusal?.field === name;
  return (
    <div className="field">
      <label className="input-holder">
        <span className="input-label">{label}</span>
        <input
          {...props}
          name={name}
          className="input-box"
          aria-invalid={isWrong}
          aria-describedby={isWrong || hint ? id : undefined}
        />
      </label>
      {isWrong ? (
        <Problem id={id} sentence={refusal.sentence} />
      ) : (
        hint && (
          <p id={id} className="field-hint">
            {hint}
          </p>
        )
      )}
    </div>
  );
}

/**
 * `fields`: `{name, label, type, autoComplete, hint, defaultValue}`; `more`: sent along with them.
 * `next`: where to go when it was accepted; without it the form is emptied and says so.
 */
export function ApiForm({ method, path, fields, more, texts, name, username, next, onDone, className }) {
  const form = useRef(null);
  const [refusal, setRefusal] = useState(null);
  const [state, setState] = useState("");
  useEffect(() => {
    if (refusal) (form.current.querySelector("[aria-invalid='true']") ?? form.current.querySelector("input:not([hidden])"))?.focus();
  }, [refusal]);

  async function submit(event) {
    event.preventDefault();
    if (state === "busy") return;
    setState("busy");
    setRefusal(null);
    const typed = Object.fromEntries(fields.map((field) => [field.name, form.current.elements[field.name].value]));
    const refused = await send(method, path, { ...typed, ...more }, texts.unreachable);
    if (refused) {
      setRefusal(refused);
      setState("");
      return;
    }
    if (next) {
      window.location.assign(next);
      return;
    }
    form.current.reset();
    setState("done");
    onDone?.();
  }

  const isGeneral = refusal && !fields.some((field) => field.name === refusal.field);
  return (
    <form ref={form} aria-label={name} className={className} noValidate onSubmit={submit} onInput={() => state === "done" && setState("")}>
      {username && <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />}
      {fields.map((field) => (
        <Field key={field.name} field={field} refusal={refusal} />
      ))}
      <div className="form-acts">
        <Button type="submit">{state === "busy" ? texts.busy : texts.submit}</Button>
        {isGeneral && <Problem sentence={refusal.sentence} />}
        <span role="status" className="field-saved">
          {state === "done" ? texts.done : ""}
        </span>
      </div>
    </form>
  );
}
