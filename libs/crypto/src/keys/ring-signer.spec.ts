import { randomBytes } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { readCompactJws } from '#core';
import { MemoryKeyStore } from '#testing';
import { NodeSignatureVerifier } from '../jws/node-signature-verifier.ts';
import { readKek } from './kek.ts';
import { KeyRing } from './key-ring.ts';
import { RingSigner } from './ring-signer.ts';

const NOW = 1_800_000_000_000;
const HOUR_MS = 3_600_000;

async function openRing(): Promise<KeyRing> {
  const ring = await KeyRing.open({
    store: new MemoryKeyStore(),
    kek: readKek(randomBytes(32).toString('base64url')),
    policy: { activeForMs: 24 * HOUR_MS, publishedForMs: HOUR_MS, keptForMs: HOUR_MS },
    clock: { now: () => NOW },
    onProblem: () => undefined,
  });
  ring.close();
  return ring;
}

describe(RingSigner.name, () => {
  it('signs what another library verifies with the published keys, and so do we', async () => {
    const ring = await openRing();
    const signer = new RingSigner(ring);
    const token = signer.sign('txntoken+jwt', { iss: 'https://broker.example', name: 'Zoë' });
    const { payload, protectedHeader } = await jwtVerify(
      token,
      createLocalJWKSet({ keys: [...ring.publicJwks().keys] }),
    );
    expect(payload).toEqual({ iss: 'https://broker.example', name: 'Zoë' });
    expect(protectedHeader).toEqual({ alg: 'ES256', kid: ring.signingKey().kid, typ: 'txntoken+jwt' });

    const jws = readCompactJws(token);
    const [key] = signer.publicKeys();
    const verifier = new NodeSignatureVerifier();
    expect(jws !== null && key !== undefined && verifier.verify(jws, key, 'ES256')).toBe(true);
    expect(signer.publicKeys()).toBe(signer.publicKeys());
  });
});
