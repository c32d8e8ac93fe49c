import type { BrokerAnswer, BrokerConnection } from './broker-connection.ts';
import type { BrokerEndpoints } from './broker-endpoints.ts';
import { readJsonObject } from './read-json-object.ts';

/** Tokens by which this resource server says who it is, in place of an assertion that is signed for each request. */
export interface CallerTokens {
  /** One that will do now; null: sign an assertion. Keeps nobody waiting, and never fails. */
  current(): string | null;
  /** The broker did not take this one. */
  refused(token: string): void;
}

export interface CallerTokenParts {
  readonly connection: BrokerConnection;
  readonly endpoints: () => Promise<BrokerEndpoints>;
  readonly assertion: () => string | Promise<string>;
  readonly timeoutMs: number;
  /** Monotonic. */
  readonly nowMs: () => number;
}

interface HeldToken {
  readonly token: string;
  readonly renewAtMs: number;
  readonly endsAtMs: number;
}

/** A token is worth a request of its own where one introspection follows another within this time. */
const BUSY_MS = 30_000;
/** After a grant that failed for a passing reason, or a token that was not taken. */
const AGAIN_MS = 5_000;
/** After a no: registrations do not change by the second. */
const REFUSED_MS = 300_000;
/** For a request that is under way while the token ends. */
const MARGIN_MS = 3_000;
/** Renewed when this part of its life is over. */
const RENEWED_AT = 0.6;
const MOST_SECONDS = 3_600;
const TOKEN = /^[A-Za-z0-9\-._~+/]{1,8192}=*$/;

export const NO_CALLER_TOKENS: CallerTokens = { current: () => null, refused: () => undefined };

/**
 * Gets caller tokens of the broker (RFC 6749 §4.4), one at a time and beside the introspections that need them: while
 * there is none, assertions are signed. Nothing is asked for in idleness, so that no timer has to be stopped.
 */
export function callerTokens(parts: CallerTokenParts): CallerTokens {
  const { nowMs, timeoutMs } = parts;
  let held: HeldToken | null = null;
  let notBeforeMs = -Infinity;
  let usedAtMs = -Infinity;

  function renew(): void {
    // A lease and no flag: some runtimes drop what is under way when a request ends, and then nothing would end it.
    notBeforeMs = nowMs() + 3 * timeoutMs;
    obtain(parts).then(
      (obtained) => {
        if (obtained !== null) held = obtained;
        notBeforeMs = nowMs() + (obtained === null ? REFUSED_MS : 0);
      },
      () => {
        notBeforeMs = nowMs() + AGAIN_MS;
      },
    );
  }

  return {
    current() {
      const now = nowMs();
      const isBusy = now - usedAtMs < BUSY_MS;
      usedAtMs = now;
      if (held !== null && now >= held.endsAtMs) held = null;
      const isDue = held === null ? isBusy : now >= held.renewAtMs;
      if (isDue && now >= notBeforeMs) renew();
      return held?.token ?? null;
    },
    refused(token) {
      if (held?.token !== token) return;
      held = null;
      notBeforeMs = Math.max(notBeforeMs, nowMs() + AGAIN_MS);
    },
  };
}

/** Null: there are none for us. Fails  when it is not known. */
async function obtain(parts: CallerTokenParts): Promise<HeldToken | null> {
  const { connection, endpoints, assertion, timeoutMs, nowMs } = parts;
  const { token: url } = await endpoints();
  if (url === null) return null;
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    scope: 'introspect',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await assertion(),
  });
  // Its life is counted from before it was made, so that it is never taken for longer than it is.
  const askedAtMs = nowMs();
  const answer = await connection.ask({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: form.toString(),
    timeoutMs,
  });
  if (answer.status >= 500 || answer.status === 429) throw new Error(`the broker answered ${answer.status}`);
  return readCallerToken(answer, askedAtMs);
}

function readCallerToken({ status, text }: BrokerAnswer, askedAtMs: number): HeldToken | null {
  const members = status === 200 ? readJsonObject(text) : null;
  const { access_token: token, token_type: type, expires_in: seconds } = members ?? {};
  if (typeof token !== 'string' || !TOKEN.test(token)) return null;
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer') return null;
  if (typeof seconds !== 'number' || !Number.isInteger(seconds) || seconds < 1) return null;
  const lifeMs = Math.min(seconds, MOST_SECONDS) * 1000;
  return {
    token,
    renewAtMs: askedAtMs + lifeMs * RENEWED_AT,
    endsAtMs: askedAtMs + lifeMs - Math.min(MARGIN_MS, lifeMs / 2),
  };
}
