import { Pool } from 'undici';

/** A request that was signed beforehand, so that nothing but sending it is measured. */
export interface PreparedRequest {
  /** Default `POST`. */
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The same request with a proof for this nonce: what a client sends when it is told `use_dpop_nonce`. */
  readonly again?: (dpopNonce: string) => PreparedRequest;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly dpopNonce: string | null;
}

/** What the answer has to be: the status, and what is in the body. */
export interface Expected {
  readonly status: number;
  readonly body: string | RegExp;
}

/** One request of a load with the check of its answer. Resolves with the body. Fails  UnexpectedAnswer */
export type Shot = () => Promise<string>;

/** A measurement of answers that are wrong is a measurement of nothing. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
}

/** Connections to one server that are kept. */
export class Sender {
  private readonly pool: Pool;

  constructor(
    readonly url: string,
    connections: number,
  ) {
    this.pool = new Pool(url, { connections });
  }

  shot(prepared: PreparedRequest, expected: Expected): Shot {
    return async () => {
      const { status, body } = await this.askAsClient(prepared);
      if (status !== expected.status || !isIn(body, expected.body))
        throw new UnexpectedAnswer(`${this.url}${prepared.path} answered ${status} ${body.slice(0, 200)}`);
      return body;
    };
  }

  shots(requests: readonly PreparedRequest[], expected: Expected): readonly Shot[] {
    return requests.map((prepared) => this.shot(prepared, expected));
  }

  async close(): Promise<void> {
    await this.pool.close();
  }

  /** Once more, where the nonce of its proof has become too old while it waited for its turn (RFC 9449 section 8). */
  private async askAsClient(prepared: PreparedRequest): Promise<Answer> {
    const answer = await this.ask(prepared);
    if (answer.dpopNonce === null || !answer.body.includes('use_dpop_nonce')) return answer;
    const again = prepared.again?.(answer.dpopNonce);
    return again === undefined ? answer : this.ask(again);
  }

  private async ask({ method = 'POST', path, headers, body: content }: PreparedRequest): Promise<Answer> {
    const {
      statusCode,
      headers: fields,
      body,
    } = await this.pool.request({
      method,
      path,
      headers: { ...headers },
      body: method === 'GET' ? null : content,
    });
    const dpopNonce = fields['dpop-nonce'];
    return {
      status: statusCode,
      body: await body.text(),
      dpopNonce: typeof dpopNonce === 'string' ? dpopNonce : null,
    };
  }
}

/** The same request so many times: one that prepares itself when it is sent. */
export function repeated(shot: Shot, count: number): readonly Shot[] {
  return Array.from({ length: count }, () => shot);
}

function isIn(body: string, expected: string | RegExp): boolean {
  return typeof expected === 'string' ? body.includes(expected) : expected.test(body);
}
