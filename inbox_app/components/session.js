// Signing in and out: plain requests to the API, which sets and clears the HttpOnly cookie. No Reflex state takes part.
import { createElement, useEffect, useState } from "react";

/** Where to go after the sign-in: only a path of this site, whatever the address bar says. */
export function safeNext(search, origin = window.location.origin) {
  const wanted = new URLSearchParams(search).get("next") ?? "";
  if (!wanted.startsWith("/")) return "/inbox";
  try {
    const url = new URL(wanted, origin);
    const isHere = url.origin === origin && !url.pathname.startsWith("//") && url.pathname !== "/login";
    return isHere ? url.pathname + url.search : "/inbox";
  } catch {
    return "/inbox";
  }
}

const post = (path, body) =>
  fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    credentials: "same-origin",
    body: JSON.stringify(body ?? {}),
  });

export async function signOut() {
  await post("/api/v1/auth/logout").catch(() => null);
  window.location.assign("/login");
}

/** The form of /login around its fields; `wrong` and `unreachable` are sentences in the reader's language. */
export function SignInForm({ wrong, unreachable, changed, busyName, name, isSignedIn, children }) {
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);
  const isChanged = new URLSearchParams(window.location.search).has("changed"); // comes from /reset

  useEffect(() => {
    if (isSignedIn) window.location.replace(safeNext(window.location.search));
  }, [isSignedIn]);

  async function submit(event) {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = Object.fromEntries(new FormData(form));
    setBusy(true);
    setProblem("");
    try {
      const answer = await post("/api/v1/auth/login", { email: fields.email, password: fields.password });
      if (answer.ok) {
        window.location.assign(safeNext(window.location.search));
        return;
      }
      const said = await answer.json().catch(() => ({}));
      setProblem(answer.status === 401 || answer.status === 422 ? wrong : (said.detail ?? unreachable));
      form.elements.password.select();
    } catch {
      setProblem(unreachable);
    }
    setBusy(false);
  }

  return createElement(
    "form",
    { onSubmit: submit, className: "sign-in-form", "aria-label": name, noValidate: true },
    isChanged && !problem && createElement("p", { role: "status", className: "field-saved", key: "changed" }, changed),
    problem && createElement("p", { role: "alert", className: "problem", key: "problem" }, problem),
    children,
    createElement(
      "button",
      { type: "submit", disabled: isBusy, className: "sign-in-button", key: "go" },
      isBusy ? busyName : name,
    ),
  );
}
