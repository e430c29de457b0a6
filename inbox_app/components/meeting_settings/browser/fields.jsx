/** The boxes of the meeting settings: numbers with their unit, the invitation with its tokens, the link, a choice. */
import { useRef } from "react";

function Problem({ name, problem }) {
  if (problem?.field !== name) return null;
  return (
    <p id={`meeting-${name}-problem`} role="alert" className="field-problem">
      {problem.sentence}
    </p>
  );
}

/** What a box has in common: its id, its name, and how it stands. */
function box(name, problem) {
  const isWrong = problem?.field === name;
  return {
    id: `meeting-${name}`,
    "aria-invalid": isWrong,
    "aria-describedby": isWrong ? `meeting-${name}-problem` : `meeting-${name}-hint`,
  };
}

/** `field`: {name, label, unit, hint}. */
export function NumberField({ field: { name, label, unit, hint }, draft, problem, onChange }) {
  return (
    <div className="field">
      <label className="input-label" htmlFor={`meeting-${name}`}>
        {label}
      </label>
      <span className="number-line">
        <input
          {...box(name, problem)}
          inputMode="numeric"
          autoComplete="off"
          className="input-box input-box-form input-box-number"
          value={draft[name]}
          onChange={({ target }) => onChange({ ...draft, [name]: target.value })}
        />
        <span className="number-unit">{unit}</span>
      </span>
      <p id={`meeting-${name}-hint`} className="field-hint">
        {hint}
      </p>
      <Problem {...{ name, problem }} />
    </div>
  );
}

/** A token goes where the cursor is. */
export function InvitationField({ draft, problem, tokens, texts, onChange }) {
  const holder = useRef(null);
  const name = "invitation_text";
  const insert = (token) => {
    const { selectionStart: from, selectionEnd: to, value } = holder.current;
    onChange({ ...draft, [name]: value.slice(0, from) + token + value.slice(to) });
    requestAnimationFrame(() => {
      holder.current.focus();
      holder.current.setSelectionRange(from + token.length, from + token.length);
    });
  };
  return (
    <div className="field">
      <label className="input-label" htmlFor={`meeting-${name}`}>
        {texts.invitation}
      </label>
      <textarea
        {...box(name, problem)}
        ref={holder}
        rows={5}
        className="input-box input-box-form input-box-tall"
        value={draft[name]}
        onChange={({ target }) => onChange({ ...draft, [name]: target.value })}
      />
      <p id={`meeting-${name}-hint`} className="field-hint">
        {texts.invitationHint}
      </p>
      <div className="tokens" role="group" aria-label={texts.tokens}>
        {tokens.map(({ token, meaning }) => (
          <button key={token} type="button" className="token" title={meaning} onClick={() => insert(token)}>
            {token}
          </button>
        ))}
      </div>
      <Problem {...{ name, problem }} />
    </div>
  );
}

export function LinkField({ draft, problem, texts, onChange }) {
  const name = "video_link";
  return (
    <div className="field">
      <label className="input-label" htmlFor={`meeting-${name}`}>
        {texts.link}
      </label>
      <input
        {...box(name, problem)}
        inputMode="url"
        autoComplete="off"
        placeholder="https://"
        className="input-box input-box-form"
        value={draft[name]}
        onChange={({ target }) => onChange({ ...draft, [name]: target.value })}
      />
      <p id={`meeting-${name}-hint`} className="field-hint">
        {texts.linkHint}
      </p>
      <Problem {...{ name, problem }} />
    </div>
  );
}

/** What happens while a calendar does not answer. */
export function BrokenField({ draft, problem, texts, onChange }) {
  const name = "when_broken";
  return (
    <fieldset className="field broken-choice">
      <legend className="input-label">{texts.broken}</legend>
      {["keep", "stop"].map((value) => (
        <label key={value} className="radio-line">
          <input
            type="radio"
            name={name}
            value={value}
            checked={draft[name] === value}
            onChange={() => onChange({ ...draft, [name]: value })}
          />
          <span>{texts[value]}</span>
        </label>
      ))}
      <Problem {...{ name, problem }} />
    </fieldset>
  );
}
