import { randomUUID } from 'node:crypto';
import { toEpochSeconds, type Clock, type EpochMs, type EventPoll, type PublishedSigner } from '#core';
import { BoundedMap } from '../bounded-map.ts';
import type { PostForJson } from '../outbound/guarded-fetch.ts';

export interface TransmitterTokenPorts {
  readonly postForJson: PostForJson;
  /** Signs what the broker says of itself, with a key that `/jwks` publishes. */
  readonly signer: Pick<PublishedSigner, 'sign'>;
  readonly clock: Clock;
}

interface HeldToken {
  readonly token: string;
  readonly until: EpochMs;
}

const REMEMBERED_TOKENS = 1_000;
const ASSERTION_LIFE_SECONDS = 60;

/** Where the answer does not say how long the token is good. */
const DEFAULT_LIFE_SECONDS = 60;
const MAX_LIFE_SECONDS = 3_600;

/** A token is not used in its last seconds: it has to get there. */
const SPARE_MS = 10_000;

/** Visible ASCII, as it stands in a header (RFC 6750 §2.1). */
const TOKEN = /^[A-Za-z0-9._~+/-]{1,8192}=*$/;

/**
 * Access tokens of this broker at transmitters: client credentials (RFC 6749 §4.4) with an assertion that the broker
 * signs (RFC 7523 §2.2). They are kept in memory alone, and there is no secret that both sides know.
 */
export class TransmitterTokens {
  private readonly held = new BoundedMap<string, HeldToken>(REMEMBERED_TOKENS);

  constructor(private readonly ports: TransmitterTokenPorts) {}

  /** Fails  FetchRefused | BadTokenAnswer; Unavailable while no key signs */
  async of(poll: EventPoll, signal: AbortSignal): Promise<string> {
    const now = this.ports.clock.now();
    const known = this.held.get(nameOf(poll));
    if (known !== undefined && now < known.until) return known.token;
    const answer = await this.ports.postForJson(poll.tokenEndpoint, {
      contentType: 'application/x-www-form-urlencoded',
      body: this.formFor(poll, now),
      signal,
    });
    const { access_token: token, token_type: type, expires_in: seconds } = answer;
    if (typeof token !== 'string' || !TOKEN.test(token)) throw new BadTokenAnswer('no access token');
    // Of other types we could not prove that it is ours.
    if (typeof type !== 'string' || type.toLowerCase() !== 'bearer')
      throw new BadTokenAnswer('no bearer token');
    this.held.set(nameOf(poll), { token, until: now + lifeSeconds(seconds) * 1000 - SPARE_MS });
    return token;
  }

  /** The transmitter does not want this token any more. */
  forget(poll: EventPoll): void {
    this.held.delete(nameOf(poll));
  }

  private formFor({ clientId, assertionAudience, scope }: EventPoll, now: EpochMs): string {
    const iat = toEpochSeconds(now);
    const assertion = this.ports.signer.sign('client-authentication+jwt', {
      iss: clientId,
      sub: clientId,
      aud: assertionAudience,
      jti: randomUUID(),
      iat,
      exp: iat + ASSERTION_LIFE_SECONDS,
    });
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    });
    if (scope !== null) form.set('scope', scope);
    return form.toString();
  }
}

/** A token endpoint answered, and not with a token that can be used. */
export class BadTokenAnswer extends Error {
  override readonly name = 'BadTokenAnswer';
}

function nameOf({ tokenEndpoint, clientId, assertionAudience, scope }: EventPoll): string {
  return JSON.stringify([tokenEndpoint, clientId, assertionAudience, scope]);
}

function lifeSeconds(seconds: unknown): number {
  return typeof seconds === 'number' && seconds > 0
    ? Math.min(seconds, MAX_LIFE_SECONDS)
    : DEFAULT_LIFE_SECONDS;
}
