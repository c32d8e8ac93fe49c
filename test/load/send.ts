import { Pool } from 'undici';

/** A request that was signed beforehand, so that nothing but sending it is measured. */
export interface PreparedRequest {
  /** Default `POST`. */
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
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
      const { method = 'POST', path, headers, body: content } = prepared;
      const answer = await this.pool.request({
        method,
        path,
        headers: { ...headers },
        body: method === 'GET' ? null : content,
      });
      const body = await answer.body.text();
      if (answer.statusCode !== expected.status || !isIn(body, expected.body))
        throw new UnexpectedAnswer(`${this.url}${path} answered ${answer.statusCode} ${body.slice(0, 200)}`);
      return body;
    };
  }

  shots(requests: readonly PreparedRequest[], expected: Expected): readonly Shot[] {
    return requests.map((prepared) => this.shot(prepared, expected));
  }

  async close(): Promise<void> {
    await this.pool.close();
  }
}

function isIn(body: string, expected: string | RegExp): boolean {
  return typeof expected === 'string' ? body.includes(expected) : expected.test(body);
}
