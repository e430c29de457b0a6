// What a tab in the background shows and sounds: a number in its title, a soft chime for a new chat.
import { useEffect, useRef } from "react";

const MUTE = "inbox_sound";
export const isMuted = () => localStorage.getItem(MUTE) === "off";
export const setMuted = (muted) => localStorage.setItem(MUTE, muted ? "off" : "on");

export function chime(source) {
  const sound = new Audio(source);
  sound.volume = 0.5;
  sound.play().catch(() => null); // a browser may refuse until the page was touched once
}

export function Attention({ title, product, unread, offer, offers, sound }) {
  const shown = useRef("");
  const waiting = unread + offers;

  useEffect(() => {
    document.title = `${waiting > 0 ? `(${waiting}) ` : ""}${title} · ${product}`;
  });

  useEffect(() => {
    if (offer && offer !== shown.current && !isMuted()) chime(sound);
    shown.current = offer;
  }, [offer, sound]);

  return null;
}
