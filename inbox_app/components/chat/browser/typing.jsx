/** "Ana is typing" as a status. A stop that got lost must not leave it standing. */
import { useEffect, useState } from "react";

const BELIEVED_FOR = 7_000;

export function Typing({ name, beat, texts }) {
  const [over, setOver] = useState(-1);
  useEffect(() => {
    const timer = setTimeout(() => setOver(beat), BELIEVED_FOR);
    return () => clearTimeout(timer);
  }, [name, beat]);
  const isShown = name && over !== beat;
  return (
    <p className="typing" role="status">
      {isShown && (
        <>
          <span className="typing-dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {texts.typing.replace("{name}", name)}
        </>
      )}
    </p>
  );
}
