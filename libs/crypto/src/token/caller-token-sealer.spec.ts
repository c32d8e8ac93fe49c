import { createHash } from 'node:crypto';
import type { CallerTokenClaims, Grant } from '#core';
import { MemoryKeyStore } from '#testing';
import { readKek } from '../keys/kek.ts';
import { KeyRing } from '../keys/key-ring.ts';
import { CallerTokenSealer } from './caller-token-sealer.ts';
import { GrantSealer } from './grant-sealer.ts';

const CLAIMS: CallerTokenClaims = {
  iss: 'https://broker.example',
  client_id: 'orders-api',
  version: '7',
  iat: 1_800_000_000,
  exp: 1_800_000_060,
};

let ring: KeyRing;
beforeAll(async () => {
  ring = await KeyRing.open({
    store: new MemoryKeyStore(),
    kek: readKek(createHash('sha256').update('kek').digest('base64url')),
    policy: { activeForMs: 3_600_000, publishedForMs: 600_000, keptForMs: 600_000 },
    clock: { now: () => 1_800_000_000_000 },
    onProblem: () => undefined,
  });
});
afterAll(() => ring.close());

it('opens what it sealed, and shows nothing of it', async () => {
  const sealer = new CallerTokenSealer(ring);
  const token = sealer.seal(CLAIMS);
  expect(token).toMatch(/^oncecaller_[\w-]+\.\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/);
  expect(Buffer.from(token.split('.')[3] ?? '', 'base64url').toString('latin1')).not.toContain('orders');
  expect(await sealer.unseal(token)).toEqual({ opened: CLAIMS });
});

it('neither kind opens as the other, whatever prefix and header are put before it', async () => {
  const callers = new CallerTokenSealer(ring);
  const grants = new GrantSealer(ring);
  const caller = callers.seal(CLAIMS);
  // INVARIANT: only the seal is looked at here, not what is in it.
  const grant = grants.seal(CLAIMS as unknown as Grant);
  const tailOf = (token: string) => token.slice(token.indexOf('.'));
  const headOf = (token: string) => token.slice(0, token.indexOf('.'));
  const refused = (reason: string) => ({ refused: reason });
  expect(await callers.unseal(grant)).toEqual(refused('token.malformed'));
  expect(await grants.unseal(caller)).toEqual(refused('token.malformed'));
  expect(await callers.unseal(grant.replace('once_', 'oncecaller_'))).toEqual(refused('token.malformed'));
  expect(await grants.unseal(caller.replace('oncecaller_', 'once_'))).toEqual(refused('token.malformed'));
  expect(await callers.unseal(headOf(caller) + tailOf(grant))).toEqual(refused('token.forged'));
  expect(await grants.unseal(headOf(grant) + tailOf(caller))).toEqual(refused('token.forged'));
  expect(await callers.unseal(caller)).toEqual({ opened: CLAIMS });
});
