import { Caller, type Answer } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { makeSigningKey, segment, type SigningKey } from '../support/deployment/signing-key.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { decoded, HOSTILE_JWTS, partsOf, signRaw } from '../support/hostile-jwts.ts';

let deployment: Deployment;
let caller: Caller;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  caller = new Caller(deployment);
  await caller.learnNonce();
}, 60_000);
afterEach(() => expectServed(caller));
afterAll(() => deployment.stop());

/** Everywhere a JWT is taken, with what a bad one is answered. */
const SLOTS = [
  {
    slot: 'subject_token',
    answer: '400 invalid_request',
    good: () => deployment.issuerServer.idToken(),
    key: (): SigningKey => deployment.issuerServer.key,
    present: (jwt: string): Promise<Answer> => caller.exchange({ subject_token: jwt }),
  },
  {
    slot: 'client_assertion',
    answer: '401 invalid_client',
    good: () => caller.assertion(),
    key: (): SigningKey => deployment.keys.client,
    present: (jwt: string): Promise<Answer> => caller.exchange({ client_assertion: jwt }),
  },
  {
    slot: 'DPoP',
    answer: '400 invalid_dpop_proof',
    good: () => caller.proof(),
    key: (): SigningKey => caller.device,
    present: (jwt: string): Promise<Answer> => caller.exchange({}, jwt),
  },
] as const;

describe.each(SLOTS)('a JWT as $slot', ({ answer, good, key, present }) => {
  it.each(Object.entries(HOSTILE_JWTS))(
    'is refused with %s, and the next good one is taken',
    async (_name, spoil) => {
      const refused = await present(spoil(good(), key()));
      expect(`${refused.status} ${String(refused.body['error'])}`).toBe(answer);
      expect(Object.keys(refused.body).sort()).toEqual(['error', 'error_description']);
      expect(refused.headers.get('cache-control')).toBe('no-store');
      expect((await present(good())).status).toBe(200);
    },
  );
});

describe('one JWT, signed or presented in other ways', () => {
  const signedAgain = (jwt: string, key: SigningKey): string => {
    const [header, payload] = partsOf(jwt);
    return signRaw(header, payload, key);
  };
  const withCertificate = (jwt: string, key: SigningKey): string => {
    const [header, payload] = partsOf(jwt);
    return signRaw(segment({ ...decoded(header), x5c: ['MIIBszCCAVmgAwIBAgIU'] }), payload, key);
  };

  it.each(SLOTS)(
    'J-13 a certificate in the header of a $slot is passed over',
    async ({ good, key, present }) => {
      expect((await present(withCertificate(good(), key()))).status).toBe(200);
    },
  );

  it.each(SLOTS.filter(({ slot }) => slot !== 'subject_token'))(
    'J-64 a second signature under a used $slot does not make it a new one',
    async ({ answer, good, key, present }) => {
      const first = good();
      const second = signedAgain(first, key());
      expect(second).not.toBe(first);
      expect((await present(first)).status).toBe(200);
      const refused = await present(second);
      expect(`${refused.status} ${String(refused.body['error'])}`).toBe(answer);
    },
  );

  it.each(SLOTS)(
    'K-20 what was verified once is verified again: a $slot',
    async ({ answer, good, key, present }) => {
      const first = good();
      expect((await present(first)).status).toBe(200);
      const forged = await present(signedAgain(first, { ...key(), privateKey: makeSigningKey().privateKey }));
      expect(`${forged.status} ${String(forged.body['error'])}`).toBe(answer);
    },
  );

  it('J-63 an ID token needs no id of its own', async () => {
    const subject_token = deployment.issuerServer.idToken();
    expect(decoded(partsOf(subject_token)[1])).not.toHaveProperty('jti');
    expect((await caller.exchange({ subject_token })).status).toBe(200);
  });
});
