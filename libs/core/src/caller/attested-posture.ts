import { OAuthError } from '../errors/oauth-error.ts';
import { readLifetime } from '../jwt/claims.ts';
import type { DevicePosture } from '../registry/device-posture.ts';
import { readPostureFacts } from '../registry/read-posture-facts.ts';
import type { EpochMs } from '../shared/clock.ts';
import { isJsonObject, type JsonObject } from '../shared/strict-json.ts';

const MEMBERS: ReadonlySet<string> = new Set(['compliant', 'facts']);

/**
 * What an attester says of the device whose key it attests: the `posture` claim, shaped like the report that the admin
 * API takes. It was learnt when the attestation was made, and never later than now.
 *
 * In     claims  of an attestation whose signature and lifetime were verified
 *        issuer  whose word it is
 * Out    DevicePosture; null where nothing is said
 * Fails  client.bad_attestation
 * Spec   docs/registrations.md, attestation
 */
export function readAttestedPosture(
  claims: JsonObject,
  { issuer, now }: { readonly issuer: string; readonly now: EpochMs },
): DevicePosture | null {
  const { posture } = claims;
  if (posture === undefined) return null;
  if (!isJsonObject(posture) || Object.keys(posture).some((member) => !MEMBERS.has(member))) {
    throw new OAuthError('client.bad_attestation', 'posture is no report');
  }
  const { compliant = null, facts = {} } = posture;
  const read = isJsonObject(facts) ? readPostureFacts(facts) : null;
  const isTruth = posture['compliant'] === undefined || typeof compliant === 'boolean';
  if (read === null || 'problems' in read || !isTruth) {
    throw new OAuthError('client.bad_attestation', 'posture is not of names and truths');
  }
  const iat = readLifetime(claims)?.iat ?? null;
  if (iat === null) throw new OAuthError('client.bad_attestation', 'posture of unknown age');
  return {
    compliant: typeof compliant === 'boolean' ? compliant : null,
    facts: Object.keys(read.facts)
      .filter((name) => read.facts[name] === true)
      .sort(),
    learntAt: Math.min(iat * 1000, now),
    learntFrom: issuer,
  };
}
