/** "This chat ends in 58 s because nobody writes": seen ticking, said once. */
import { useRef } from "react";
import { useSecondsLeft } from "$/public/external/inbox_app/components/countdown/countdown.js";

export function IdleLine({ endsAt, toldAt, texts }) {
  const left = useSecondsLeft(endsAt, toldAt);
  const said = useRef({});
  const isShown = Boolean(endsAt) && left > 0;
  const sentence = texts.ends.replace("{seconds}", left);
  if (said.current.endsAt !== endsAt) said.current = { endsAt, sentence };
  return (
    <p className="idle-line" role="status" data-shown={isShown || undefined}>
      {isShown && (
        <>
          <span className="sr-only">{said.current.sentence}</span>
          <span aria-hidden="true">{sentence}</span>
        </>
      )}
    </p>
  );
}
