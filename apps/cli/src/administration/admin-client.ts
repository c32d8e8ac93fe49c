import { ADMIN_PREFIX } from '#core';
import { OncekeyError, type OncekeyClient } from '#client';
import { Answer } from '../answer.ts';
import { EXIT, Failure } from '../failure.ts';
import { readAdminRefusal } from './admin-refusal.ts';

/** One call. */
export interface AdminCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/admin/v1`, each segment escaped already. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  /** An ETag as it came, quotes included. */
  readonly ifMatch?: string;
  /** Goes along with a POST that must not be done twice. */
  readonly idempotencyKey?: string;
}

export interface AdminAnswer {
  readonly body: Answer;
  /** Empty when there is none. */
  readonly etag: string;
}

/** The admin API. Each call earns a token of its own, for exactly this request, and is made once. */
export class AdminClient {
  constructor(
    private readonly url: string,
    private readonly client: Pick<OncekeyClient, 'fetch'>,
  ) {}

  /** Fails  AdminRefusal when the API says no; Failure when there is no token or no answer */
  async call(call: AdminCall): Promise<AdminAnswer> {
    const response = await this.send(call);
    const text = await response.text();
    return {
      body: new Answer(text === '' ? null : JSON.parse(text)),
      etag: response.headers.get('etag') ?? '',
    };
  }

  get(path: string, query: AdminCall['query'] = {}): Promise<AdminAnswer> {
    return this.call({ method: 'GET', path, query });
  }

  /** As `call`; the body is not read yet. */
  async send(call: AdminCall): Promise<Response> {
    const request = requestOf(this.url, call);
    const response = await this.client.fetch(request).catch((error: unknown) => {
      throw error instanceof OncekeyError ? noToken(error) : noAnswer(this.url, error);
    });
    if (response.ok) return response;
    throw readAdminRefusal(response.status, await response.text());
  }
}

function requestOf(
  url: string,
  { method, path, query = {}, body, ifMatch, idempotencyKey }: AdminCall,
): Request {
  const target = new URL(`${url.replace(/\/$/, '')}${ADMIN_PREFIX}${path}`);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) target.searchParams.set(name, value);
  }
  const headers = new Headers({ accept: 'application/json' });
  if (body !== undefined) headers.set('content-type', 'application/json');
  if (ifMatch !== undefined) headers.set('if-match', ifMatch);
  if (idempotencyKey !== undefined) headers.set('idempotency-key', `"${idempotencyKey}"`);
  return new Request(target, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
}

function noToken(error: OncekeyError): Failure {
  const { status, reasonId, stepUp } = error;
  const more = [
    ...(stepUp === null ? [] : [`sign in again: oncekey login${stepUpFlags(stepUp)}`]),
    ...(error.code === 'invalid_grant' ? ['sign in again: oncekey login'] : []),
    ...(reasonId === null ? [] : [`more, on the database host: oncekey explain ${reasonId}`]),
  ].map((line) => `\n  ${line}`);
  return new Failure(
    `no token for this call: ${error.message}${more.join('')}`,
    status === null || status === 503 ? EXIT.unavailable : EXIT.refused,
    { cause: error.cause },
  );
}

function stepUpFlags({ acrValues, maxAgeSeconds }: NonNullable<OncekeyError['stepUp']>): string {
  const acr = acrValues.length === 0 ? '' : ` --acr-values '${acrValues.join(' ')}'`;
  return `${acr}${maxAgeSeconds === null ? '' : ` --max-age ${maxAgeSeconds}`}`;
}

function noAnswer(url: string, cause: unknown): Failure {
  return new Failure(`the admin API at ${url} does not answer`, EXIT.unavailable, { cause });
}
