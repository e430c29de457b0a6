/** Choose a picture, or remove it. The page shows the new one when the server tells of it. */
import { Button } from "@radix-ui/themes";
import { useRef, useState } from "react";

const MAX_BYTES = 5 * 1024 * 1024; // the server's limit

export function PictureButtons({ path, hasPicture, texts, symbol }) {
  const picker = useRef(null);
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);

  async function call(method, body) {
    setBusy(true);
    setProblem("");
    try {
      const headers = { "Accept-Language": globalThis.inboxLanguage ?? "en", "Content-Type": "application/octet-stream" };
      const answer = await fetch(path, { method, body, headers, credentials: "same-origin" });
      const said = answer.ok ? {} : await answer.json();
      if (!answer.ok) setProblem(said.errors?.[0]?.message ?? said.detail);
    } catch {
      setProblem(texts.unreachable);
    }
    setBusy(false);
  }

  function take(file) {
    if (!file) return;
    if (file.size > MAX_BYTES) setProblem(texts.tooLarge);
    else call("PUT", file);
  }

  return (
    <div className="picture-buttons">
      <input
        ref={picker}
        type="file"
        accept="image/jpeg,image/png,image/webp"
        aria-label={texts.file}
        hidden
        onChange={({ target }) => (take(target.files[0]), (target.value = ""))}
      />
      <Button type="button" variant="soft" color="gray" onClick={() => !isBusy && picker.current.click()}>
        {symbol}
        {isBusy ? texts.busy : texts.choose}
      </Button>
      {hasPicture && (
        <Button type="button" variant="ghost" color="gray" aria-label={texts.removeName} onClick={() => call("DELETE")}>
          {texts.remove}
        </Button>
      )}
      {problem && (
        <p role="alert" className="field-problem">
          {problem}
        </p>
      )}
    </div>
  );
}
