/** Names and values in turn, as they came on the wire: Node's `rawHeaders`, where nothing has been joined or dropped. */
export type RawHeaders = readonly string[];

/** Every value of a header, in order; `name` in lower case. */
export function headerValues(rawHeaders: RawHeaders, name: string): readonly string[] {
  const values: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const header = rawHeaders[at] ?? '';
    if (header.length === name.length && header.toLowerCase() === name) values.push(rawHeaders[at + 1] ?? '');
  }
  return values;
}
