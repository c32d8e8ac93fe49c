import { granted, idJag } from '../support/deployment/assertion-grant.ts';
import { AttestedCaller } from '../support/deployment/attested-caller.ts';
import { Caller, ID_TOKEN, type Answer } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { IssuerServer } from '../support/deployment/issuer-server.ts';
import { eventClaims, pushEvent, signEvent } from '../support/deployment/security-event.ts';
import { makeSigningKey, type SigningKey } from '../support/deployment/signing-key.ts';
import { SvidCaller } from '../support/deployment/svid-caller.ts';
import { User } from '../support/deployment/user.ts';
import { WorkloadCaller } from '../support/deployment/workload-caller.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { HOSTILE_JWTS } from '../support/hostile-jwts.ts';

const attester = makeSigningKey();
const instance = makeSigningKey();

let deployment: Deployment;
let platform: IssuerServer;
let caller: Caller;
let job: WorkloadCaller;
let service: WorkloadCaller;
let app: AttestedCaller;

beforeAll(async () => {
  const { url } = await freshDatabase();
  platform = await IssuerServer.start();
  const common = {
    identity_providers: [{ id: 'corp', audiences: ['desk-app'] }],
    resource_servers: ['orders'],
  };
  const attestation = { issuer: 'https://mdm.example', jwks: { keys: [attester.publicJwk] } };
  const spiffe = { spiffe_id: 'spiffe://prod.example/a', spiffe_bundle_endpoint: `${platform.url}/bundle` };
  const federation = { issuer: platform.url, claims: { repository_id: '1296269' } };
  deployment = await deploy({
    databaseUrl: url,
    clients: () => [
      { ...common, client_id: 'app', attestation },
      { ...common, client_id: 'service', spiffe },
      { ...common, client_id: 'job', federation },
    ],
  });
  caller = new Caller(deployment);
  job = new WorkloadCaller(deployment, platform, { sub: 'repo:acme/shop', repository_id: '1296269' });
  const svid = { iss: undefined, sub: 'spiffe://prod.example/a', jti: undefined };
  service = new SvidCaller(deployment, platform, svid);
  app = new AttestedCaller(deployment, attester, instance);
  await app.attested();
}, 60_000);
afterEach(() => expectServed(caller));
afterAll(async () => {
  await platform?.stop();
  await deployment?.stop();
});

const push = (event: string): Promise<Answer> => pushEvent(caller, event);

const ofProvider = (): SigningKey => deployment.issuerServer.key;

/** Where somebody else's word is taken: for whom a client acts, what it is, what became of a user. */
const SLOTS = [
  {
    slot: 'actor_token',
    answers: ['400 invalid_request'],
    good: () => deployment.issuerServer.idToken({ sub: 'agent-7', aud: 'agents' }),
    key: ofProvider,
    present: (jwt: string) => caller.exchange({ actor_token: jwt, actor_token_type: ID_TOKEN }),
  },
  {
    slot: 'ID-JAG',
    answers: ['400 invalid_grant'],
    good: () => idJag(caller),
    key: ofProvider,
    present: (jwt: string) => caller.exchange(granted(caller, {}, { assertion: jwt })),
  },
  {
    slot: 'token of a platform',
    answers: ['401 invalid_client'],
    good: () => job.workloadToken(),
    key: (): SigningKey => platform.key,
    present: (jwt: string) => job.exchange({ client_assertion: jwt }),
  },
  {
    slot: 'JWT-SVID',
    answers: ['401 invalid_client'],
    good: () => service.workloadToken(),
    key: (): SigningKey => platform.key,
    present: (jwt: string) => service.exchange({ client_assertion: jwt }),
  },
  {
    slot: 'attestation',
    answers: ['401 invalid_client', '400 invalid_request'],
    good: () => app.attestation(),
    key: (): SigningKey => attester,
    present: (jwt: string) => app.attested({ attestation: jwt }),
  },
  {
    slot: 'proof of an attested key',
    answers: ['401 invalid_client', '400 invalid_request'],
    good: () => app.attestationProof(),
    key: (): SigningKey => instance,
    present: (jwt: string) => app.attested({ proof: jwt }),
  },
  {
    slot: 'security event',
    answers: ['400 invalid_request', '400 invalid_key', '400 invalid_issuer', '413 invalid_request'],
    good: () => signEvent(caller, eventClaims(caller, new User(caller).subjectId)),
    key: ofProvider,
    present: push,
  },
] as const;

describe.each(SLOTS)('a JWT as $slot', ({ answers, good, key, present }) => {
  it.each(Object.entries(HOSTILE_JWTS))(
    'is refused with %s, and the next good one is taken',
    async (_name, spoil) => {
      const { status, headers, body } = await present(spoil(good(), key()));
      expect(answers).toContain(`${status} ${String(body['error'] ?? body['err'])}`);
      expect(headers.get('cache-control')).toBe('no-store');
      expect((await present(good())).status).toBeLessThan(300);
    },
  );
});
