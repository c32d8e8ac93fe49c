import { Answer } from '../answer.ts';

export interface BrokerAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Of JSON; null of anything else. */
  readonly body: Answer;
  /** How far the broker's clock, by its `Date`, is before ours; null without one. */
  readonly aheadMs: number | null;
}

/** No answer, and why: `ECONNREFUSED`, `CERT_HAS_EXPIRED`, `timeout`. */
export interface NoAnswer {
  readonly noAnswer: string;
}

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 1_000_000;

/** Asks the broker without credentials. In  via  origin to connect to instead of the issuer's */
export class BrokerAnswers {
  constructor(
    readonly issuer: URL,
    private readonly via: string | undefined,
  ) {}

  async ask(url: URL | string, init: RequestInit = {}): Promise<BrokerAnswer | NoAnswer> {
    const target = new URL(url);
    const to =
      this.via === undefined || target.origin !== this.issuer.origin
        ? target
        : new URL(`${target.pathname}${target.search}`, this.via);
    const beganMs = Date.now();
    try {
      const response = await fetch(to, {
        ...init,
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const midMs = (beganMs + Date.now()) / 2;
      const dateMs = Date.parse(response.headers.get('date') ?? '');
      const { status, headers } = response;
      const body = new Answer(parse(await textOf(response)));
      return { status, headers, body, aheadMs: Number.isNaN(dateMs) ? null : dateMs - midMs };
    } catch (error) {
      return { noAnswer: reasonOf(error) };
    }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'timeout';
  const { cause } = error;
  if (cause instanceof Error)
    return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
  return error.message;
}

/** What is longer than any answer of a broker is none. */
async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > MAX_BYTES) return '';
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
