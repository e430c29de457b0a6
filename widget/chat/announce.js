const OF_STATE = {
  active: "live_chat_initiated",
  missed: "live_chat_request_timeout",
  ended: "live_chat_ended",
  cancelled: "live_chat_ended",
};

/** Tells the site's own scripts what has just happened, once an event and browser (see the JavaScript API). */
export function announce(shell, type, event) {
  const name = type === "state" ? OF_STATE[event.state] : event.sender === "agent" && "message_received";
  if (name) shell.emit(name, event);
}
