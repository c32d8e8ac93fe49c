/** Of undici's `DispatchOptions`: what makes the request what it is. */
export interface DispatchedRequest {
  readonly origin?: string | URL;
  readonly path: string;
  readonly method: string;
  readonly query?: object;
  readonly headers?: unknown;
  readonly body?: unknown;
}

/**
 * The request that undici was about to send. A stream is read here, since it can be read only once.
 *
 * Fails  TypeError when its origin, body or headers are of a kind that is not known here
 */
export async function readDispatched(options: DispatchedRequest): Promise<Request> {
  const { origin, path, method, query, headers, body } = options;
  const url = new URL(path, origin);
  for (const [name, value] of Object.entries(query ?? {})) {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const one of values) url.searchParams.append(name, String(one));
  }
  return new Request(url, { method, headers: readHeaders(headers), body: await readBody(body) });
}

/** An object of texts and lists, pairs, or names and values in turn. */
function readHeaders(given: unknown): [string, string][] {
  if (given === null || given === undefined) return [];
  if (typeof given !== 'object') throw new TypeError('the headers are of no known kind');
  const items: readonly unknown[] | null = isIterable(given) ? [...given] : null;
  if (items === null) return Object.entries(given).flatMap(([name, value]) => fieldsOf(name, value));
  if (items.every(isPair)) return items.flatMap(([name, value]) => fieldsOf(name, value));
  return items.flatMap((name, at) => (at % 2 === 0 ? fieldsOf(name, items[at + 1]) : []));
}

function isPair(item: unknown): item is readonly [unknown, unknown] {
  return Array.isArray(item);
}

function fieldsOf(name: unknown, value: unknown): [string, string][] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((one) => one !== undefined).map((one) => [textOf(name), textOf(one)]);
}

function textOf(part: unknown): string {
  if (typeof part === 'string' || typeof part === 'number') return String(part);
  if (part instanceof Uint8Array) return String.fromCharCode(...part);
  throw new TypeError('the headers are of no known kind');
}

async function readBody(body: unknown): Promise<string | Uint8Array<ArrayBuffer> | null> {
  if (body === null || body === undefined || typeof body === 'string') return body ?? null;
  if (body instanceof Uint8Array) return new Uint8Array(body);
  if (!isStream(body)) throw new TypeError('the body has to be a text, bytes or a stream');
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array))
      throw new TypeError('the stream has to be of bytes');
    chunks.push(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function isIterable(value: object): value is Iterable<unknown> {
  return Symbol.iterator in value;
}
