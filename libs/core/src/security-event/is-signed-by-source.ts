import type { CompactJws } from '../jwt/compact-jws.ts';
import { readAlgorithm, type JwsAlgorithm } from '../keys/jws-algorithm.ts';
import { candidateKeys } from '../keys/public-key.ts';
import type { EventSource } from '../registry/event-source.ts';
import type { SecurityEventPorts } from './security-event.ports.ts';

/** Transmitters are bound to it by the CAEP interoperability profile, whatever their ID tokens are signed with. */
const BESIDES: JwsAlgorithm = 'RS256';

/** Did whoever sends events sign this? Fails  Unavailable when his keys are not known */
export async function isSignedBySource(
  { signatures, issuerKeys }: Pick<SecurityEventPorts, 'signatures' | 'issuerKeys'>,
  jws: CompactJws,
  { keys, algorithms }: Pick<EventSource, 'keys' | 'algorithms'>,
): Promise<boolean> {
  const alg = readAlgorithm(jws.alg, [...algorithms, BESIDES]);
  if (alg === null) return false;
  const published = 'id' in keys ? await issuerKeys.of(keys, jws.kid) : keys;
  const candidates = candidateKeys(published, { kid: jws.kid, alg });
  return candidates.some((key) => signatures.verify(jws, key, alg));
}
