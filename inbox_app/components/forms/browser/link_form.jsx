/** A form behind a one-time link. Its token is the address's fragment, which no server and no other site is sent. */
import { useEffect, useState } from "react";
import { ApiForm } from "./api_form.jsx";

const tokenOf = () => window.location.hash.slice(1);

/** `person`: the path that names the link's recipient; `children`: what is shown without a token. */
export function LinkForm({ person, fields, texts, children, ...props }) {
  const [token, setToken] = useState(tokenOf);
  const [found, setFound] = useState(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    const follow = () => setToken(tokenOf());
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  useEffect(() => {
    const left = new AbortController();
    setFound(null);
    setProblem("");
    if (token) look(person, token, left.signal, texts.unreachable).then(([one, why]) => left.signal.aborted || (setFound(one), setProblem(why)));
    return () => left.abort();
  }, [token, person]);

  if (!token) return children;
  if (problem)
    return (
      <p role="alert" className="problem">
        {problem}
      </p>
    );
  if (!found) return <p role="status">{texts.busy}</p>;
  const filled = fields.map((field) => (field.name in found ? { ...field, defaultValue: found[field.name] } : field));
  return (
    <>
      <p className="link-person">
        {texts.person} <strong>{found.email}</strong>
      </p>
      <ApiForm key={token} {...props} fields={filled} texts={texts} more={{ token }} username={found.email} />
    </>
  );
}

async function look(path, token, signal, unreachable) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept-Language": globalThis.inboxLanguage ?? "en" },
      body: JSON.stringify({ token }),
      signal,
    });
    const said = await answer.json();
    return answer.ok ? [said, ""] : [null, said.detail ?? unreachable];
  } catch {
    return [null, unreachable];
  }
}
