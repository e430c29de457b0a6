/** A UUID of version 4, also on plain http pages, where `crypto.randomUUID` is missing: browsers name a blob by one. */
export function uniqueId() {
  const url = URL.createObjectURL(new Blob());
  URL.revokeObjectURL(url);
  return url.slice(-36);
}
