// The sound switch: kept in this browser, since it is about this device's loudspeaker.
import { createElement, useState } from "react";
import { Switch } from "@radix-ui/themes";
import { chime, isMuted, setMuted } from "$/public/external/inbox_app/components/attention/attention.js";

export function SoundSwitch({ name, sound }) {
  const [isOn, setOn] = useState(() => !isMuted());
  const change = (next) => {
    setOn(next);
    setMuted(!next);
    if (next) chime(sound);
  };
  return createElement(Switch, { checked: isOn, onCheckedChange: change, "aria-label": name, size: "2" });
}
