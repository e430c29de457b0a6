// What a tab in the background shows and sounds: a number in its title, a chime until the chat is answered, a notification.
import { useEffect } from "react";
import { useSecondsLeft } from "$/public/external/inbox_app/components/countdown/countdown.js";
import { notify } from "$/public/external/inbox_app/components/notifications/notifications.js";

const MUTE = "inbox_sound";
const CHIMED = "inbox_chimed";
const EVERY = 10_000;
const ONE_CHIME = 4_000;
export const isMuted = () => localStorage.getItem(MUTE) === "off";
export const setMuted = (muted) => localStorage.setItem(MUTE, muted ? "off" : "on");

export function chime(source) {
  const sound = new Audio(source);
  sound.volume = 0.5;
  return sound.play().then(
    () => true,
    () => false, // a browser may refuse until the page was touched once
  );
}

/** Once, however many tabs ring: one after another, the first that may play does. */
function chimeInOneTab(source) {
  const inTurn = async () => {
    if (isMuted() || Math.abs(Date.now() - Number(localStorage.getItem(CHIMED))) < ONE_CHIME) return;
    if (await chime(source)) localStorage.setItem(CHIMED, String(Date.now()));
  };
  return navigator.locks ? navigator.locks.request(CHIMED, inTurn) : inTurn();
}

export function Attention({ title, product, unread, offer, offers, endsAt, toldAt, headline, words, sound }) {
  const isRinging = useSecondsLeft(endsAt, toldAt) > 0 && Boolean(offer);
  const waiting = unread + (isRinging ? offers : 0);

  useEffect(() => {
    const wanted = `${waiting > 0 ? `(${waiting}) ` : ""}${title} · ${product}`;
    if (document.title !== wanted) document.title = wanted; // Reflex sets its own at each link; setting one is slow
  });

  useEffect(() => {
    if (!isRinging) return undefined;
    void chimeInOneTab(sound);
    const again = setInterval(() => void chimeInOneTab(sound), EVERY);
    const close = notify(headline, words, offer);
    return () => {
      clearInterval(again);
      close();
    };
  }, [offer, isRinging, sound]);

  return null;
}
