import type { CompactJws } from '../jwt/compact-jws.ts';
import { readAlgorithm, type JwsAlgorithm } from '../keys/jws-algorithm.ts';
import { candidateKeys } from '../keys/public-key.ts';
import type { IdentityProviderRegistration } from '../registry/registrations.ts';
import type { SecurityEventPorts } from './security-event.ports.ts';

/** Transmitters are bound to it by the CAEP interoperability profile, whatever their ID tokens are signed with. */
const BESIDES: JwsAlgorithm = 'RS256';

/** Did the provider sign this? Fails  Unavailable when its keys are not known */
export async function isSignedByProvider(
  { signatures, issuerKeys }: Pick<SecurityEventPorts, 'signatures' | 'issuerKeys'>,
  jws: CompactJws,
  provider: IdentityProviderRegistration,
): Promise<boolean> {
  const alg = readAlgorithm(jws.alg, [...provider.algorithms, BESIDES]);
  if (alg === null) return false;
  const keys = candidateKeys(await issuerKeys.of(provider, jws.kid), { kid: jws.kid, alg });
  return keys.some((key) => signatures.verify(jws, key, alg));
}
