/** A sentence with its gaps, as `{name}`, filled. */
export function fill(sentence, gaps) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => gaps[name]);
}
