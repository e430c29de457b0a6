// What depends on the browser (language, zone) is not in the prerendered page: it is drawn right after the start.
import { createElement, Fragment, useSyncExternalStore } from "react";

const never = () => () => {};

export function ClientOnly({ children }) {
  const isBrowser = useSyncExternalStore(never, () => true, () => false);
  return isBrowser ? createElement(Fragment, null, children) : null;
}
