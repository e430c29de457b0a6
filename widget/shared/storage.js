/**
 * localStorage under one prefix; plain memory where the browser blocks it (then the chat lasts as long as the page).
 * Values are JSON. What was written in another tab is read fresh: nothing is cached.
 */
export function createStorage(prefix) {
  const disk = openLocalStorage() ?? createMemory();

  return {
    get: (key) => JSON.parse(disk.getItem(prefix + key)),
    set(key, value) {
      try {
        disk.setItem(prefix + key, JSON.stringify(value ?? null));
      } catch {} // full: what is in memory goes on
    },
    remove: (key) => disk.removeItem(prefix + key),
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

/** Its values are its own enumerable properties, as those of localStorage are. */
function createMemory() {
  return Object.create({
    getItem(key) {
      return this[key] ?? null;
    },
    setItem(key, value) {
      this[key] = value;
    },
    removeItem(key) {
      delete this[key];
    },
  });
}
