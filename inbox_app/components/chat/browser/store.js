/** A value outside React that components can follow (useSyncExternalStore): it outlives the page that shows it. */
import { useSyncExternalStore } from "react";

export function createStore(value) {
  const listeners = new Set();
  return {
    get: () => value,
    update(next) {
      value = next(value);
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const useStore = (store) => useSyncExternalStore(store.subscribe, store.get, store.get);
