import french from "./texts.fr.json";

/** Runs while bundling: the launcher carries only the French that it shows itself. */
export function inFrench(sentences) {
  return Object.fromEntries(sentences.filter((sentence) => french[sentence]).map((sentence) => [sentence, french[sentence]]));
}
