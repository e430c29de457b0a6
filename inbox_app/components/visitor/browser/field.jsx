/** A value of the panel that can be corrected in place: click or the pencil, Enter or leaving it saves, Esc returns. */
import { useEffect, useRef, useState } from "react";
import { IconButton } from "@radix-ui/themes";

/** `answer`: {field, beat, problem} of the newest save on this page; `beat` counts them. An edit is of one visitor. */
export function EditableField({ visitor, ...rest }) {
  return <Field key={visitor} visitor={visitor} {...rest} />;
}

function Field({ visitor, field, name, value, answer, limit, texts, onSave, pencil, copyIcon }) {
  const [text, setText] = useState(null);
  const [sent, setSent] = useState(null);
  const [asked, setAsked] = useState(0);
  const isEditing = text !== null;
  const isAnswered = isEditing && asked !== 0 && answer.beat >= asked && answer.field === field;
  const problem = isAnswered ? sentence(answer.problem) : "";
  useEffect(() => {
    if (isAnswered && !problem) setText(null);
  }, [isAnswered, problem]);
  const corrector = useRef(null);
  const wasEditing = useRef(false);
  useEffect(() => {
    if (wasEditing.current && !isEditing && document.activeElement === document.body) corrector.current?.focus();
    wasEditing.current = isEditing;
  }, [isEditing]);
  const start = () => (setText(value), setSent(null), setAsked(0));
  const save = () => {
    if (text.trim() === value) return setText(null);
    if (text === sent) return;
    setSent(text);
    setAsked(answer.beat + 1);
    onSave(visitor, field, text);
  };
  if (!isEditing) return <Shown {...{ name, value, texts, start, pencil, corrector, copy: copyIcon }} />;
  return <Editing {...{ field, name, value, text, setText, limit, problem, save }} isBusy={asked !== 0 && !isAnswered} />;
}

/** The server knows the member's choice of language, not the browser's: it answers in all. */
const sentence = (problem) => problem[globalThis.inboxLanguage ?? "en"] ?? problem.en ?? "";

function Shown({ name, value, texts, start, pencil, corrector, copy }) {
  return (
    <>
      <span className={value ? "fact-value" : "fact-value fact-missing"} onClick={start}>
        {value || "-"}
      </span>
      <span className="fact-acts">
        {copy && value && <CopyButton value={value} name={texts.copy.replace("{name}", name)} icon={copy} />}
        <IconButton
          ref={corrector}
          type="button"
          size="1"
          variant="ghost"
          color="gray"
          aria-label={texts.correct.replace("{name}", name)}
          onClick={start}
        >
          {pencil}
        </IconButton>
      </span>
    </>
  );
}

function Editing({ field, name, value, text, setText, limit, problem, save, isBusy }) {
  const box = useRef(null);
  const isGivenUp = useRef(false);
  useEffect(() => box.current.select(), []);
  const problemId = `problem-${field}`;
  const onKeyDown = (event) => {
    if (event.key === "Enter" && !event.nativeEvent.isComposing) save();
    else if (event.key === "Escape") (isGivenUp.current = true), setText(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <span className="fact-editing">
      <input
        ref={box}
        className="fact-box"
        aria-label={name}
        aria-invalid={Boolean(problem)}
        aria-describedby={problem ? problemId : undefined}
        aria-busy={isBusy}
        maxLength={limit}
        value={text}
        autoFocus
        onChange={({ target }) => setText(target.value)}
        onKeyDown={onKeyDown}
        onBlur={({ target }) => isGivenUp.current || target === document.activeElement || save()} // not when the window is left
      />
      {problem && (
        <span id={problemId} role="alert" className="fact-problem">
          {problem}
        </span>
      )}
    </span>
  );
}

function CopyButton({ value, name, icon }) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), 1_500);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <IconButton
      type="button"
      size="1"
      variant="ghost"
      color={isCopied ? "grass" : "gray"}
      aria-label={name}
      className="fact-copy"
      onClick={() => navigator.clipboard?.writeText(value).then(() => setCopied(true))}
    >
      {icon}
    </IconButton>
  );
}
