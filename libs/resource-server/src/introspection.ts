import type { BrokerAnswer, BrokerConnection } from './broker-connection.ts';
import type { BrokerEndpoints } from './broker-endpoints.ts';
import { BrokerFailure } from './broker-failure.ts';
import type { CallerTokens } from './caller-tokens.ts';
import { readJsonObject, type JsonObject } from './read-json-object.ts';

/** What the broker said: the members of a positive answer, or no. */
type Introspected =
  | { readonly active: true; readonly members: JsonObject }
  | { readonly active: false; readonly reasonId: string | null };

export type Introspection = (parameters: Readonly<Record<string, string>>) => Promise<Introspected>;

export interface IntrospectionParts {
  readonly connection: BrokerConnection;
  readonly endpoints: () => Promise<BrokerEndpoints>;
  readonly callerTokens: CallerTokens;
  readonly assertion: () => string | Promise<string>;
  /** For one attempt. */
  readonly timeoutMs: number;
  /** For all attempts together. */
  readonly deadlineMs: number;
}

const ASSERTION_TYPE = encodeURIComponent('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
const MOST_REPEATS = 2;
/** A broker that asks for more patience than this is not waited for. */
const LONGEST_WAIT_MS = 3000;
const WAIT_MS = 50;
const PASSING_STATUS = new Set([429, 502, 503, 504]);
const REASON_ID = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Spends a token at the broker (RFC 7662 §2.1). When the outcome is not known, the same question is put again, under
 * the same Idempotency-Key: had the first one spent the token, the second one gets the same answer. A broker that says
 * when it wants to be asked again is asked then, or not at all where that is too late. Only the client assertion is made
 * anew, since each is good for one request. A caller token that the broker does not take has spent nothing: then the same
 * is asked once more, with an assertion.
 *
 * Fails  BrokerFailure
 */
export function introspection(parts: IntrospectionParts): Introspection {
  const { connection, endpoints, callerTokens, assertion, timeoutMs, deadlineMs } = parts;

  async function attempt(form: string, key: string, endsAt: number): Promise<Introspected> {
    const { introspection: url } = await endpoints();
    const send = (body: string, authorization: Readonly<Record<string, string>>): Promise<BrokerAnswer> =>
      connection.ask({
        url,
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          accept: 'application/json',
          'idempotency-key': `"${key}"`,
          ...authorization,
        },
        body,
        timeoutMs: Math.min(timeoutMs, Math.max(1, endsAt - performance.now())),
      });
    const token = callerTokens.current();
    if (token !== null) {
      const answer = await send(form, { authorization: `Bearer ${token}` });
      if (answer.status !== 401) return readIntrospected(answer);
      callerTokens.refused(token);
    }
    const signed = `${form}&client_assertion_type=${ASSERTION_TYPE}&client_assertion=${await assertion()}`;
    return readIntrospected(await send(signed, {}));
  }

  return async (parameters) => {
    const form = new URLSearchParams(parameters).toString();
    const key = crypto.randomUUID();
    const endsAt = performance.now() + deadlineMs;
    for (let repeats = 0; ; repeats++) {
      try {
        return await attempt(form, key, endsAt);
      } catch (failure) {
        if (!(failure instanceof BrokerFailure) || !failure.isPassing || repeats === MOST_REPEATS)
          throw failure;
        const waitMs = failure.retryAfterMs ?? WAIT_MS;
        if (waitMs > LONGEST_WAIT_MS || performance.now() + waitMs >= endsAt) throw failure;
        await pause(waitMs);
      }
    }
  };
}

function readIntrospected({ status, header, text }: BrokerAnswer): Introspected {
  if (status !== 200) {
    const isPassing = PASSING_STATUS.has(status);
    const error = readJsonObject(text)?.['error'];
    const said =
      typeof error === 'string' && /^[a-z_]{1,64}$/.test(error) ? `${status} ${error}` : String(status);
    throw new BrokerFailure(`the broker answered ${said}`, {
      isPassing,
      retryAfterMs: readRetryAfterMs(header('retry-after')),
    });
  }
  const members = readJsonObject(text);
  if (members?.['active'] === true) return { active: true, members };
  if (members?.['active'] !== false)
    throw new BrokerFailure('the answer of the broker is no introspection response');
  const reasonId = header('oncekey-reason-id');
  return {
    active: false,
    reasonId: reasonId !== null && REASON_ID.test(reasonId) ? reasonId : null,
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

function readRetryAfterMs(value: string | null): number | null {
  return value !== null && /^[0-9]{1,6}$/.test(value) ? Number(value) * 1000 : null;
}
