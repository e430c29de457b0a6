import { h } from "../shared/kit.js";
import { t } from "../view/texts.js";

/** The reader's time zone, and every other one. */
export function createZoneField(onchange) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const names = new Set([own, ...Intl.supportedValuesOf("timeZone")]);
  return h("select", { class: "field", "aria-label": t("Time zone"), onchange }, ...[...names].map((name) => h("option", {}, name)));
}
