import { shell } from "../shared/kit.js";
import { call, getToken } from "./api.js";

/**
 * Who the visitor is to the server: one token for this browser, opened at first use and again when it is refused.
 * → `{token, visitor_id, settings, visitor, conversation}`; an identity that the server refuses is left out.
 */
export function openSession() {
  const { identity, hash } = shell.visitor;
  return openAs({ identity, identity_hash: hash })
    .catch((problem) => {
      if (!identity || problem.isTemporary) throw problem;
      console.warn("identify():", problem);
      return openAs();
    })
    .then((answer) => (identity === shell.visitor.identity ? answer : openSession())); // the site said it meanwhile
}

async function openAs(identity) {
  const body = {
    token: getToken(),
    page_url: location.href,
    referrer: document.referrer,
    locale: navigator.language,
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...identity,
  };
  const answer = await call("/sessions", body, "");
  shell.storage.set("token", answer.token);
  shell.storage.set("accent", answer.settings.accent);
  shell.paint();
  return answer;
}

/** Once for a refused token; another tab may have been faster. */
export async function renew(refused = getToken()) {
  if (getToken() !== refused) return;
  shell.storage.remove("token");
  await openSession();
}
