/** A past conversation to read: the same entries, nothing that acts. */
import { Days } from "./days.jsx";

export function TranscriptEntries({ entries, visitorName, texts }) {
  return (
    <div className="log log-read">
      <Days entries={entries} unreadAfter={-1} visitorName={visitorName} texts={texts} />
    </div>
  );
}
