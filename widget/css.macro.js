import { readFileSync } from "node:fs";

/** Runs while bundling: a style sheet as one string without comments and needless white space. */
export function css(path) {
  return readFileSync(new URL(path, import.meta.url), "utf8")
    .replace(/\/\*[^]*?\*\//g, "")
    .replace(/\s+/g, " ")
    .replace(/ ?([{};,>]) ?/g, "$1")
    .replace(/: (?=[^{}]*[;}])/g, ":")
    .replaceAll(";}", "}")
    .trim();
}
