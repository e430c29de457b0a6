/** The day over the first activity of each day, in the reader's zone. */
import { day } from "$/public/external/inbox_app/components/time/time.js";

export function DayHeading({ iso, previous }) {
  const date = new Date(iso);
  if (previous && new Date(previous).toDateString() === date.toDateString()) return null;
  return <h4 className="activity-day">{day(date)}</h4>;
}
