/** One entry of the thread, and one message that is still on its way. */
import { memo } from "react";
import { clock, exact } from "$/public/external/inbox_app/components/time/time.js";
import { discard, retry } from "./outbox.js";
import { MessageText } from "./text.jsx";

export const Entry = memo(function Entry({ entry, label }) {
  return entry.kind === "message" ? <Message entry={entry} label={label} /> : <Step entry={entry} label={label} />;
});

export const Instant = ({ at }) => (
  <time dateTime={at} title={exact(new Date(at))}>
    {clock(new Date(at))}
  </time>
);

function Message({ entry, label }) {
  return (
    <div className="entry" data-sender={entry.sender} data-run={entry.starts_run ? "start" : "on"} data-seq={entry.seq}>
      {entry.starts_run && (
        <p className="entry-meta">
          <span className="entry-name">{label}</span> <Instant at={entry.at} />
        </p>
      )}
      <p className="bubble" dir="auto">
        <MessageText text={entry.text} />
      </p>
    </div>
  );
}

function Step({ entry, label }) {
  return (
    <p className="step" data-seq={entry.seq}>
      {label} · <Instant at={entry.at} />
    </p>
  );
}

export function Pending({ message, isLast, texts }) {
  return (
    <div className="entry" data-sender="agent" data-run="on" data-state={message.state}>
      <p className="bubble" dir="auto">
        <MessageText text={message.text} />
      </p>
      {message.state === "failed" ? (
        <NotSent message={message} texts={texts} />
      ) : (
        isLast && <Delivery text={message.state === "sent" ? texts.sent : texts.sending} />
      )}
    </div>
  );
}

function NotSent({ message, texts }) {
  return (
    <p className="delivery delivery-failed" role="alert">
      <strong>{texts.notSent}</strong> <span>{message.sentence || texts.noConnection}</span>{" "}
      <button type="button" className="link-button" onClick={() => retry(message.clientId)}>
        {texts.retry}
      </button>{" "}
      <button type="button" className="link-button quiet" onClick={() => discard(message.clientId)}>
        {texts.discard}
      </button>
    </p>
  );
}

export const Delivery = ({ text }) => <p className="delivery">{text}</p>;
