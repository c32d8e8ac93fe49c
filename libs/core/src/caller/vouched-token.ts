import { OAuthError } from '../errors/oauth-error.ts';
import { FUTURE_TOLERANCE_SECONDS, isAlive, readAudiences, readLifetime } from '../jwt/claims.ts';
import type { CompactJws } from '../jwt/compact-jws.ts';
import type { SignatureVerifier } from '../jwt/signature-verifier.ts';
import type { IssuerKeys } from '../keys/issuer-keys.ts';
import { readAlgorithm, type JwsAlgorithm } from '../keys/jws-algorithm.ts';
import { candidateKeys } from '../keys/public-key.ts';
import type { KeySource } from '../registry/caller-authentication.ts';
import type { EpochMs } from '../shared/clock.ts';
import { verifyAsNobody } from './nobody.ts';

/** As what a token was shown: refusals are `client.*`, `subject.*` or `actor.*`. */
type ShownAs = 'client' | 'subject' | 'actor';

/** Whose word a token has to be, for whom it has to be made, and for how long at most. */
export interface ExpectedVoucher {
  readonly keys: KeySource;
  readonly algorithms: readonly JwsAlgorithm[];
  readonly audience: string;
  readonly maxAssertionSeconds: number;
  /** Default: `client`. */
  readonly as?: ShownAs;
}

/** The caller that fits. Fails  client.unmatched | client.ambiguous */
export function onlyFitting<Client>(
  signatures: SignatureVerifier,
  jws: CompactJws,
  [client, another]: readonly Client[],
): Client {
  if (client !== undefined && another === undefined) return client;
  verifyAsNobody(signatures, jws);
  throw new OAuthError(client === undefined ? 'client.unmatched' : 'client.ambiguous');
}

/**
 * Verifies a token that somebody made about a workload: signature, sole audience, time.
 *
 * Fails  client.bad_signature | client.wrong_audience | client.wrong_time, or the same of the subject and of the actor;
 *        Unavailable
 */
export async function checkVouchedToken(
  ports: VoucherPorts,
  jws: CompactJws,
  expected: ExpectedVoucher & { readonly now: EpochMs },
): Promise<void> {
  const { as = 'client' } = expected;
  await checkVoucher(ports, jws, expected);
  const audiences = readAudiences(jws.payload['aud']);
  if (audiences?.length !== 1 || audiences[0] !== expected.audience) {
    throw new OAuthError(`${as}.wrong_audience`);
  }
  checkLifetime(jws, expected);
}

export interface VoucherPorts {
  readonly signatures: SignatureVerifier;
  readonly issuerKeys: IssuerKeys;
}

/** Fails  client.bad_signature, or that of the subject and of the actor; Unavailable */
export async function checkVoucher(
  { signatures, issuerKeys }: VoucherPorts,
  jws: CompactJws,
  { keys, algorithms, as = 'client' }: Pick<ExpectedVoucher, 'keys' | 'algorithms' | 'as'>,
): Promise<void> {
  const alg = readAlgorithm(jws.alg, algorithms);
  if (alg === null) throw new OAuthError(`${as}.bad_signature`, `alg ${jws.alg}`);
  const published = 'id' in keys ? await issuerKeys.of(keys, jws.kid) : keys;
  const candidates = candidateKeys(published, { kid: jws.kid, alg });
  // Whoever vouches for somebody hands out the same words until they expire.
  if (!candidates.some((key) => signatures.verifyRepeated(jws, key, alg))) {
    throw new OAuthError(`${as}.bad_signature`, jws.kid);
  }
}

/** Fails  client.wrong_time, or that of the subject and of the actor */
export function checkLifetime(
  jws: CompactJws,
  {
    maxAssertionSeconds,
    as = 'client',
    now,
  }: Pick<ExpectedVoucher, 'maxAssertionSeconds' | 'as'> & { readonly now: EpochMs },
): void {
  const lifetime = readLifetime(jws.payload);
  if (lifetime === null || lifetime.exp === null || !isAlive(lifetime, now)) {
    throw new OAuthError(`${as}.wrong_time`);
  }
  if (lifetime.exp > now / 1000 + maxAssertionSeconds + FUTURE_TOLERANCE_SECONDS) {
    throw new OAuthError(`${as}.wrong_time`, 'valid for too long');
  }
}
