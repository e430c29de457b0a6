/**
 * `bun widget/build.js WEB ASSETS`: the bundles of visitors, by the bundler that the pages' build has brought into WEB.
 *
 * A bundle speaks one language, so that nobody loads the texts of another: while bundling, `t("A sentence.")` becomes its
 * words. Only the launcher, which is loaded before the language is known, has both: `t(["A sentence.", "Une phrase."])`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import french from "./texts.fr.json";

const [web, assets] = process.argv.slice(2);
const { rolldown } = await import(Bun.resolveSync("rolldown", web));
const { minifySync } = await import(Bun.resolveSync("rolldown/utils", web));
const { transform } = await import(Bun.resolveSync("lightningcss", web));

const LANGUAGES = ["en", "fr"];
const BROWSERS = { chrome: 124 << 16, firefox: 125 << 16, safari: (17 << 16) | (5 << 8) };
const SAID = /\bt\(\s*("(?:[^"\\]|\\.)*")\s*(\)?)/g;

/** Properties of one bundle's own objects, which may get short names: nothing that is sent, stored, lent to another, or the browser's. */
const OWN_PROPERTIES = `
  asked begin canEnd check choose dayInShort delivery dismiss draft draftVersion element elements endReason ending
  endsAt fit input isAnyoneThere isBusy isCut isEnding isFirst isFocused isOver isOwn isReady isTemporary isTyping kind known lastSeq
  label leaving notLoaded onDraft onSubmit panelScript refusal render reset retryAfter seen setProblem share shown take taken tell timeline timeAndZone toBottom
  track unread update wait wasTaken watch words
`;

function words(language) {
  const inLanguage = (sentence, tag) => (tag === "fr" && french[sentence]) || sentence;
  return (_, literal, end) => {
    const sentence = JSON.parse(literal);
    if (!language) return `t(${JSON.stringify(LANGUAGES.map((tag) => inLanguage(sentence, tag)))}${end}`;
    const said = JSON.stringify(inLanguage(sentence, language));
    return end ? said : `t(${said}`;
  };
}

function plugin(language) {
  return {
    name: "texts and styles",
    transform: (code, id) => (id.endsWith(".js") ? { code: code.replace(SAID, words(language)) } : null),
    load(id) {
      if (!id.endsWith(".css")) return null;
      const { code } = transform({ filename: id, code: readFileSync(id), minify: true, targets: BROWSERS });
      return { code: `export default ${JSON.stringify(code.toString())}`, moduleType: "js" };
    },
  };
}

async function bundle(entry, name, language) {
  const made = await rolldown({ input: `${import.meta.dir}/${entry}`, plugins: [plugin(language)] });
  const { output } = await made.generate({ format: "iife" });
  const include = new RegExp(`^(${OWN_PROPERTIES.trim().split(/\s+/).join("|")})$`);
  const { code, errors } = minifySync(name, output[0].code, { compress: true, mangle: { toplevel: true }, mangleProps: { include } });
  if (errors.length) throw new Error(errors[0].message);
  writeFileSync(`${assets}/${name}`, code);
}

await bundle("launcher.js", "widget.js");
for (const language of LANGUAGES) {
  await bundle("panel.js", `widget-panel-${language}.js`, language);
  await bundle("meeting.js", `meeting-${language}.js`, language);
}
