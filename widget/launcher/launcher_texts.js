import { inFrench } from "../french.macro.js" with { type: "macro" };
import { createTranslator } from "../shared/texts.js";

const FRENCH = inFrench(["Chat with us", "{count} unread", "The chat could not be loaded. Try again."]);

export function launcherTexts(language) {
  const t = createTranslator(language === "fr" ? FRENCH : {});
  return {
    label: t("Chat with us"),
    unread: (count) => t("{count} unread", { count }),
    notLoaded: t("The chat could not be loaded. Try again."),
  };
}
