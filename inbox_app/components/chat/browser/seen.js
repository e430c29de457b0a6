/** Tells the server what the agent has seen: only while the tab is in front and the newest message is in sight. */
import { useEffect, useRef } from "react";
import { call } from "./api.js";

const AFTER_MS = 10; // the message is shown first: asking the network costs the page some milliseconds

const isLooking = () => document.visibilityState === "visible" && document.hasFocus();

export function useSeen({ conversationId, newest, seenByAgent, isInSight }) {
  const told = useRef(seenByAgent);
  useEffect(() => {
    const tell = () => {
      if (!isInSight || !isLooking() || newest <= told.current) return;
      told.current = newest;
      void call("POST", conversationId, "seen", { seq: newest }).then(({ status }) => {
        if (status < 200 || status >= 300) told.current = Math.min(told.current, newest - 1);
      });
    };
    const timer = setTimeout(tell, AFTER_MS);
    window.addEventListener("focus", tell);
    document.addEventListener("visibilitychange", tell);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("focus", tell);
      document.removeEventListener("visibilitychange", tell);
    };
  }, [conversationId, newest, isInSight]);
}
