import { Trail } from '../audit/trail.ts';
import { AdminProblem } from '../errors/admin-problem.ts';
import { OAuthError, Unavailable } from '../errors/oauth-error.ts';
import type { ExchangePorts } from '../exchange/exchange.ports.ts';
import { readIdToken, verifyIdToken } from '../exchange/verify-id-token.ts';
import type { UriRules } from '../operation/target-uri.ts';
import type { ReleaseDocument } from '../policy/release.ts';
import { readClient, readIdentityProvider, type Read } from '../registry/read-registrations.ts';
import type { ClientRegistration, IdentityProviderRegistration } from '../registry/registrations.ts';
import { sha256 } from '../shared/sha256.ts';
import type { JsonObject } from '../shared/strict-json.ts';
import { ADMIN_API_ID } from './admin-catalog.ts';
import type { AdminStore, EnrolmentWrite } from './administration.ports.ts';
import { EnrolmentRefused } from './refused-changes.ts';
import { detailsOfDocument } from './problem-details.ts';
import { ROLES, type RoleBinding } from './roles.ts';
import { SHIPPED_POLICIES } from './shipped-policies.ts';
import { SHIPPED_TESTS } from './shipped-tests.ts';

export interface EnrolmentPorts extends Pick<ExchangePorts, 'clock' | 'signatures' | 'issuerKeys'> {
  readonly store: Pick<AdminStore, 'enrol' | 'read' | 'release' | 'recordRefusal'>;
  readonly rules: UriRules;
  /** Is there an enrolment under this code that is neither used nor expired? Uses nothing up. */
  isOpen(codeHash: Buffer): Promise<boolean>;
}

export interface EnrolmentRequest {
  readonly code: string;
  readonly idToken: string;
  readonly identityProvider: JsonObject;
  readonly client: JsonObject;
  readonly ip: string | null;
}

export interface Enrolled {
  readonly issuer: string;
  readonly subject: string;
}

/**
 * Makes the holder of an enrolment code, signed in at the identity provider that they bring, an admin with all roles.
 * Nobody without a code makes us ask a stranger's server for keys.
 *
 * Fails  admin.invalid for a document; admin.enrolment_refused for the code and the ID token alike; admin.exists
 *        as ResourceConflict; Unavailable
 * Spec   docs/administration.md, the first admin
 */
export async function enrol(ports: EnrolmentPorts, request: EnrolmentRequest): Promise<Enrolled> {
  const provider = registrationOf(
    readIdentityProvider(request.identityProvider, ports.rules),
    '#/identity_provider',
  );
  const client = registrationOf(readClient(request.client, ports.rules), '#/client');
  demandAccess(client);
  const trail = new Trail('admin.enrolment', ports.clock.now());
  trail.saw({ callerId: client.clientId, ip: request.ip });
  try {
    const codeHash = sha256(request.code);
    if (!(await ports.isOpen(codeHash))) throw new EnrolmentRefused('the code is unknown, used or expired');
    const subject = await signedIn(ports, request.idToken, { provider, client });
    const enrolled = { issuer: provider.issuer, subject };
    trail.saw({ subject: enrolled });
    await ports.store.enrol({
      codeHash,
      identityProvider: await newProvider(ports, provider, request.identityProvider),
      client: request.client,
      bindings: bindingsOf(enrolled, trail.reasonId),
      release: await firstRelease(ports),
      event: trail.event('done', null),
    });
    return enrolled;
  } catch (thrown) {
    const detail = refusalOf(thrown);
    if (detail === null) throw thrown;
    await ports.store.recordRefusal(trail.event('refused', 'admin.enrolment_refused', detail));
    throw new AdminProblem('admin.enrolment_refused');
  }
}

function registrationOf<Registration>(read: Read<Registration>, under: string): Registration {
  if ('problems' in read) throw new AdminProblem('admin.invalid', detailsOfDocument(read.problems, under));
  return read.registration;
}

function demandAccess({ resourceServers }: ClientRegistration): void {
  if (resourceServers.has(ADMIN_API_ID)) return;
  const detail = `must name ${ADMIN_API_ID}, or nobody could administer with it`;
  throw new AdminProblem('admin.invalid', [{ detail, pointer: '#/client/resource_servers' }]);
}

async function signedIn(
  ports: EnrolmentPorts,
  idToken: string,
  { provider, client }: { provider: IdentityProviderRegistration; client: ClientRegistration },
): Promise<string> {
  const audiences = client.identityProviders.get(provider.id);
  if (audiences === undefined) throw new OAuthError('client.not_allowed', provider.id);
  const token = readIdToken(idToken);
  if (token.jws.payload['iss'] !== provider.issuer) throw new OAuthError('subject.unknown_issuer');
  const { subject, act, mayAct } = await verifyIdToken(ports, token, { provider, audiences });
  // Whoever is bound here has signed in themselves.
  if (act !== null || mayAct !== null) throw new OAuthError('subject.bad_claims', 'act or may_act');
  return subject;
}

/** The document, unless this provider is registered already. */
async function newProvider(
  { store }: EnrolmentPorts,
  { id, issuer }: IdentityProviderRegistration,
  document: JsonObject,
): Promise<JsonObject | null> {
  const known = await store.read('identity_provider', id);
  return known !== null && known.enabled && known.document['issuer'] === issuer ? null : document;
}

function bindingsOf(holder: Enrolled, reasonId: string): readonly RoleBinding[] {
  const enrolment = reasonId.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return ROLES.map((role) => ({ id: `enrolled-${enrolment.slice(-12)}-${role}`, role, holder }));
}

/**
 * Null where the policies over the admin API are there: by now they may say something else. A policy that happens to
 * match the admin API as well, such as one that forbids a whole network, gives nobody a role.
 */
async function firstRelease({ store }: EnrolmentPorts): Promise<EnrolmentWrite['release']> {
  const live = await store.release('live');
  if (live?.document.policies.some(({ id }) => id.startsWith(`${ADMIN_API_ID}.`)) === true) return null;
  const document: ReleaseDocument = live?.document ?? { policies: [], apis: [], claimed: {} };
  return {
    ifLive: live?.number ?? null,
    document: {
      ...document,
      policies: [...document.policies, ...SHIPPED_POLICIES],
      tests: [...(document.tests ?? []), ...SHIPPED_TESTS],
    },
  };
}

/** What the auditor reads of a refusal; null for what is none. */
function refusalOf(thrown: unknown): string | null {
  if (thrown instanceof EnrolmentRefused) return thrown.message === '' ? 'the code' : thrown.message;
  if (thrown instanceof Unavailable || !(thrown instanceof OAuthError)) return null;
  return thrown.detail === null ? thrown.reason : `${thrown.reason}: ${thrown.detail}`;
}
