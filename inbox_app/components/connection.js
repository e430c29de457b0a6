// A thin bar while the socket is down: since when, and what still works. Reflex reconnects by itself.
import { createElement, useState } from "react";
import { clock } from "$/public/external/inbox_app/components/time/time.js";

export function Disconnected({ sentence, ...rest }) {
  const [since] = useState(() => new Date());
  return createElement("p", { role: "status", ...rest }, sentence.replace("{time}", clock(since)));
}
