/**
 * localStorage under one prefix; plain memory where the browser blocks it (then the chat lasts as long as the page).
 * Values are JSON. What was written in another tab is read fresh: nothing is cached.
 */
export function createStorage(prefix) {
  const disk = openLocalStorage() ?? {}; // both keep a value as their own property

  return {
    get: (key) => JSON.parse(disk[prefix + key] ?? null),
    set(key, value) {
      try {
        disk[prefix + key] = JSON.stringify(value ?? null);
      } catch {} // full: what is in memory goes on
    },
    remove: (key) => delete disk[prefix + key],
    keys: (start) =>
      Object.keys(disk)
        .filter((key) => key.startsWith(prefix + start))
        .map((key) => key.slice(prefix.length)),
    /** Calls back with the key when another tab changed something of ours. */
    onChangeElsewhere(callback) {
      addEventListener("storage", ({ key }) => key?.startsWith(prefix) && callback(key.slice(prefix.length)));
    },
  };
}

function openLocalStorage() {
  try {
    localStorage.setItem("agent-inbox", "1"); // full or forbidden: both throw
    return localStorage;
  } catch {}
}
