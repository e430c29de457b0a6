// A member's choices follow the member: language and colour scheme of the account win over those of this browser.
import { useContext, useEffect } from "react";
import { ColorModeContext } from "$/utils/context-registry";

const YEAR = 365 * 24 * 3600;
const cookie = () => document.cookie.match(/(?:^|; )inbox_language=(\w+)/)?.[1];

export function Preferences({ language, scheme }) {
  const { rawColorMode, setColorMode } = useContext(ColorModeContext);

  useEffect(() => {
    if (scheme && scheme !== rawColorMode) setColorMode(scheme);
  }, [scheme]);

  useEffect(() => {
    if (!language || language === globalThis.inboxLanguage) return;
    document.cookie = `inbox_language=${language}; Path=/; Max-Age=${YEAR}; SameSite=Lax`;
    if (cookie() === language) window.location.reload(); // a browser without cookies must not reload for ever
  }, [language]);

  return null;
}
