/** A box to paste a CSV into; a file that is chosen or dropped on it is put into it. */
import { useId, useRef, useState } from "react";
import { Button } from "@radix-ui/themes";

/** `onEdit`: of a list that `isLookedAt` already, what was found in it holds no more. */
export function CsvBox({ limit, example, texts, symbol, isLookedAt, onEdit }) {
  const [text, setTyped] = useState("");
  const [problem, setProblem] = useState("");
  const picker = useRef(null);
  const setText = (next) => {
    setTyped(next);
    if (isLookedAt) onEdit();
  };
  const id = useId();
  const take = async (file) => {
    if (!file) return;
    const found = await file.text();
    setProblem(found.length > limit ? texts.large : "");
    if (found.length <= limit) setText(found);
  };
  const onDrop = (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  };
  return (
    <>
      <label className="input-label" htmlFor={id}>
        {texts.csv}
      </label>
      <textarea
        id={id}
        name="csv"
        rows={6}
        className="input-box input-box-form csv-box"
        placeholder={example}
        spellCheck={false}
        maxLength={limit}
        value={text}
        onChange={({ target }) => setText(target.value)}
        onDrop={onDrop}
      />
      <input
        ref={picker}
        type="file"
        accept=".csv,text/csv,text/plain"
        hidden
        onChange={({ target }) => (take(target.files[0]), (target.value = ""))}
      />
      <Button type="button" variant="soft" color="gray" onClick={() => picker.current.click()}>
        {symbol}
        {texts.choose}
      </Button>
      {problem && (
        <p role="alert" className="field-problem">
          {problem}
        </p>
      )}
    </>
  );
}
