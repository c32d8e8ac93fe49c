import { createWorld } from '#testing';
import type { AwaitedApproval, Permit } from '../exchange/steps/decide.ts';
import { draftGrant } from '../exchange/steps/draft-grant.ts';
import { mint } from '../exchange/steps/mint.ts';
import type { AuthenticatedClient } from '../exchange/steps/authenticate-client.ts';
import { verifySubject } from '../exchange/steps/verify-subject.ts';
import type { BoundGrant } from '../introspection/steps/check-binding.ts';
import { spend } from '../introspection/steps/spend.ts';
import { attest, type Evidence } from './evidence.ts';

type Checked = Evidence<'Checked', { value: number }>;

describe('evidence', () => {
  it('cannot be changed once it is stamped', () => {
    const checked = attest<Checked>({ value: 1 });
    expect(Object.isFrozen(checked)).toBe(true);
    expect(() => Object.assign(checked, { value: 2 })).toThrow(TypeError);
  });

  it('cannot be made up: a skipped check does not compile', () => {
    const { ports, registrations } = createWorld();
    const skipped = [
      // @ts-expect-error -- a token without a record of it
      () => mint(ports, { grant: {} }, { nextNonce: null }),
      // @ts-expect-error -- a subject for a client that nobody has authenticated
      () => verifySubject(ports, 'token', { registration: registrations.client }),
      // @ts-expect-error -- a grant without a policy
      () => draftGrant(ports, {}, { permit: { ttlSeconds: 300 } }),
      // @ts-expect-error -- a grant of what waits for an approval
      () => draftGrant(ports, {}, { permit: attest<AwaitedApproval>({ awaits: [], obligations: {} }) }),
      // @ts-expect-error -- a spend without a check of the binding
      () => spend(ports, { presented: {}, idempotencyKey: null }, { grant: {}, spender: 1 }),
    ];
    expect(skipped).toHaveLength(5);
  });

  it('of one check is no evidence of another', () => {
    const permit = attest<Permit>({ release: 1, policies: [], obligations: {}, ttlSeconds: 15 });
    // @ts-expect-error -- a permit is no authenticated client
    const client: AuthenticatedClient = permit;
    // @ts-expect-error -- nor a bound grant
    const bound: BoundGrant = permit;
    expect(client).toBe(bound);
  });
});
