// A thin bar while the socket is down: since when, and what still works. Reflex reconnects by itself.
import { createElement, useEffect, useState } from "react";
import { clock } from "$/public/external/inbox_app/components/time/time.js";

const SHORT_BREAK = 1_000; // nobody needs to read of it

export function Disconnected({ sentence, ...rest }) {
  const [since] = useState(() => new Date());
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SHORT_BREAK);
    return () => clearTimeout(timer);
  }, []);
  return isShown && createElement("p", { role: "status", ...rest }, sentence.replace("{time}", clock(since)));
}
