import { EXIT, Failure } from '../failure.ts';
import type { CallOptions } from './call-options.ts';
import { readInput } from './read-input.ts';

const JSON_TYPE = 'application/json';

/**
 * The request that was typed: `-d` is the body or, after `@`, a file that holds it byte for byte (`@-`: standard
 * input). A body without a `content-type` is taken for JSON.
 *
 * Fails  Failure when method, URL, header or file are not usable
 */
export async function readRequest(
  method: string,
  url: string,
  { data, header = [] }: Pick<CallOptions, 'data' | 'header'>,
): Promise<Request> {
  if (!/^[A-Za-z]{1,16}$/.test(method)) throw new Failure(`"${method}" is not an HTTP method`, EXIT.usage);
  if (!URL.canParse(url)) throw new Failure(`"${url}" is not an absolute URL`, EXIT.usage);
  const headers = new Headers();
  for (const line of header) {
    const [, name, value] = /^([^:\s]+):\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      throw new Failure(`"${line}" is not a header: write it as 'name: value'`, EXIT.usage);
    }
    headers.append(name, value);
  }
  const body = data === undefined ? null : await bodyOf(data);
  if (body !== null && !headers.has('content-type')) headers.set('content-type', JSON_TYPE);
  try {
    return new Request(url, { method: method.toUpperCase(), headers, body });
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : 'it is not usable';
    throw new Failure(`no request can be made of this: ${said}`, EXIT.usage, { cause });
  }
}

async function bodyOf(data: string): Promise<Uint8Array<ArrayBuffer>> {
  return data.startsWith('@') ? readInput(data.slice(1)) : new TextEncoder().encode(data);
}
