import type { PresentedCertificate } from '../caller/caller-credentials.ts';

/** What a request brings besides its body. */
export interface HttpFacts {
  /** Names and values in turn, as they came on the wire: Node's `rawHeaders`, where nothing has been joined or dropped. */
  readonly rawHeaders: readonly string[];
  /** Address of the peer, or of whom a configured proxy names; null when unknown. */
  readonly ip: string | null;
  /** With which the connection was made; null when there was none. */
  readonly clientCertificate: PresentedCertificate | null;
}

/** Every value of a header, in order; `name` in lower case. */
export function headerValues({ rawHeaders }: Pick<HttpFacts, 'rawHeaders'>, name: string): readonly string[] {
  const values: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const header = rawHeaders[at] ?? '';
    if (header.length === name.length && header.toLowerCase() === name) values.push(rawHeaders[at + 1] ?? '');
  }
  return values;
}
