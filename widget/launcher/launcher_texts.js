import { fill } from "../shared/texts.js";

/** The few sentences that are said before a language's own bundle is loaded. */
export function launcherTexts(language) {
  const t = ([english, french], gaps) => fill(language === "fr" ? french : english, gaps);
  return {
    label: t("Chat with us"),
    unread: (count) => t("{count} unread", { count }),
    notLoaded: t("The chat could not be loaded. Try again."),
  };
}
