/** A box that saves by itself: on Enter and when it is left. What was refused stays in it until it is right. */
import { useEffect, useRef, useState } from "react";

export function SavedInput({ value, name, problemId, isWrong, low, high, limit, isLong, placeholder, onSave, className }) {
  const [text, setText] = useState(value);
  const [sent, setSent] = useState(value);
  useEffect(() => {
    setText(value);
    setSent(value);
  }, [value]);
  const wasWrong = useRef(false);
  useEffect(() => {
    if (wasWrong.current && !isWrong) (setText(value), setSent(value)); // what was refused is not in force: show what is
    wasWrong.current = isWrong;
  }, [isWrong]);
  const save = () => {
    if (text.trim() === sent.trim()) return;
    setSent(text);
    onSave(text.trim());
  };
  const onKeyDown = (event) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && !isLong) save();
    else if (event.key === "Escape") setText(value);
    else return;
    event.preventDefault();
  };
  const props = {
    "aria-label": name,
    "aria-invalid": Boolean(isWrong),
    "aria-describedby": problemId,
    className: `input-box input-box-form ${className ?? ""}`,
    placeholder,
    maxLength: limit,
    value: text,
    onChange: ({ target }) => setText(target.value),
    onBlur: save,
    onKeyDown,
  };
  if (isLong) return <textarea rows={3} {...props} />;
  const isNumber = low !== undefined;
  return <input {...props} {...(isNumber ? { inputMode: "numeric", "data-low": low, "data-high": high } : {})} />;
}
