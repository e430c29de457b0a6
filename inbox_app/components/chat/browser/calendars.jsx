/** Whose calendar can be shared: the own one first, then the others by their next free time, then who can't be booked. */
import { TextField } from "@radix-ui/themes";
import { until } from "$/public/external/inbox_app/components/time/time.js";

const FEW = 6;
const SHAPES = [1, 2, 3];

export function Calendars({ agents, count, situation, chosen, onChoose, query, onQuery, onRetry, texts }) {
  if (situation === "failed") return <Failed onRetry={onRetry} texts={texts} />;
  if (situation !== "open") return <Skeleton texts={texts} />;
  return (
    <>
      {count > FEW && (
        <TextField.Root
          type="search"
          size="2"
          className="share-search"
          aria-label={texts.search}
          placeholder={texts.search}
          maxLength={120}
          value={query}
          onChange={({ target }) => onQuery(target.value)}
        />
      )}
      <div role="radiogroup" aria-label={texts.calendar} className="share-list">
        {agents.map((agent) => (
          <Calendar key={agent.id} agent={agent} isChosen={agent.id === chosen} onChoose={onChoose} texts={texts} />
        ))}
      </div>
      {agents.length === 0 && <p className="quiet share-none">{texts.nobody}</p>}
    </>
  );
}

function Calendar({ agent, isChosen, onChoose, texts }) {
  const name = agent.is_me ? texts.mine.replace("{name}", agent.name) : agent.name;
  const free = agent.next_slot && texts.nextFree.replace("{time}", until(new Date(agent.next_slot)));
  return (
    <label className="share-choice" data-unavailable={!agent.is_bookable || undefined}>
      <input
        type="radio"
        name="calendar"
        checked={isChosen}
        disabled={!agent.is_bookable}
        onChange={() => onChoose(agent.id)}
      />
      <span className="avatar avatar-small" data-colour={agent.colour} aria-hidden="true">
        {agent.initials}
      </span>
      <span className="share-words">
        <span className="share-name">{name}</span>
        <span className="share-free">{agent.is_bookable ? free : agent.why_not}</span>
      </span>
    </label>
  );
}

const Skeleton = ({ texts }) => (
  <div className="share-list" role="status" aria-label={texts.loading}>
    {SHAPES.map((shape) => (
      <div key={shape} className="skeleton-row" aria-hidden="true">
        <span className="skeleton skeleton-round" />
        <span className="skeleton-lines">
          <span className="skeleton skeleton-line" />
          <span className="skeleton skeleton-line skeleton-short" />
        </span>
      </div>
    ))}
  </div>
);

const Failed = ({ onRetry, texts }) => (
  <p className="share-failed" role="alert">
    {texts.failed}{" "}
    <button type="button" className="link-button" onClick={onRetry}>
      {texts.retry}
    </button>
  </p>
);
