/** The English sentence is the key, so that a missing translation is English, never a code. Gaps are `{name}`. */
export function createTranslator(translations) {
  return (sentence, gaps) => (translations[sentence] ?? sentence).replace(/\{(\w+)\}/g, (_, name) => gaps[name]);
}
