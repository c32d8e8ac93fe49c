import { ROLE_GROUP_PREFIX } from '../administration/roles.ts';
import { canonicalTargetUri, type TargetUri, type UriRules } from '../operation/target-uri.ts';
import { isJsonObject } from '../shared/strict-json.ts';
import { readBrowserOrigins } from './read-browser-origins.ts';
import { CLIENT_ID, DocumentReader, isTexts, REGISTRATION_ID } from './document-reader.ts';
import type { DocumentProblem } from './documents.ts';
import {
  CALLER_MEMBERS,
  CLIENT_WAYS,
  VOUCHED_WAYS,
  readClientAuthentication,
  readServerAuthentication,
} from './read-caller-authentication.ts';
import { readForwardAuthProfile } from './read-forward-auth-profile.ts';
import { readIntrospectionProfile } from './read-introspection-profile.ts';
import { readEventTransmitter } from './read-event-transmitter.ts';
import { readQuota } from './read-quota.ts';
import { readWorkloads } from './read-workloads.ts';
import type {
  ClientRegistration,
  IdentityProviderRegistration,
  PermittedActors,
  ResourceServerRegistration,
} from './registrations.ts';

export type Read<Registration> = { registration: Registration } | { problems: readonly DocumentProblem[] };

export function readIdentityProvider(document: unknown, rules: UriRules): Read<IdentityProviderRegistration> {
  const read = new DocumentReader(document, [
    'id',
    'issuer',
    'algorithms',
    'max_age_seconds',
    'groups_claim',
    'groups_prefix',
    'events',
  ]);
  const issuer = read.text('issuer', /^https?:\/\/[^\s?#]+$/);
  if (issuer !== '' && canonicalTargetUri(issuer, rules) === null) {
    read.refuse('issuer', 'must be an https URL without userinfo');
  }
  const groupsPrefix = read.optionalText('groups_prefix', /^[a-z0-9:/_-]{1,64}$/) ?? '';
  if (groupsPrefix.startsWith(ROLE_GROUP_PREFIX)) {
    read.refuse('groups_prefix', `must not begin with ${ROLE_GROUP_PREFIX}, which stands for roles`);
  }
  return finish(read, {
    id: read.text('id', REGISTRATION_ID),
    issuer,
    algorithms: read.algorithms(),
    maxAgeSeconds: read.wholeNumber('max_age_seconds', { least: 1, most: 86_400, fallback: 3600 }),
    groupsClaim: read.optionalText('groups_claim', /^[!-~]{1,64}$/),
    groupsPrefix,
    events: readEventTransmitter(read, rules),
  });
}

export function readClient(document: unknown, rules: UriRules): Read<ClientRegistration> {
  const read = new DocumentReader(document, [
    ...CALLER_MEMBERS,
    ...CLIENT_WAYS,
    'identity_providers',
    'resource_servers',
    'actors',
    'browser_origins',
    'workloads',
    'transaction_tokens',
  ]);
  return finish(read, {
    kind: 'client',
    clientId: read.text('client_id', CLIENT_ID),
    authentication: readClientAuthentication(read, rules),
    quota: readQuota(read),
    identityProviders: readProviders(read),
    resourceServers: new Set(read.texts('resource_servers')),
    actors: readActors(read),
    browserOrigins: readBrowserOrigins(read, rules),
    workloads: readWorkloads(read, rules),
    tradesTransactions: read.flag('transaction_tokens'),
  });
}

function readProviders(read: DocumentReader): ReadonlyMap<string, readonly string[]> {
  const providers = new Map<string, readonly string[]>();
  const listed = read.value('identity_providers');
  if (!Array.isArray(listed)) read.refuse('identity_providers', PROVIDERS);
  for (const one of Array.isArray(listed) ? listed : []) {
    const isClosed =
      isJsonObject(one) && Object.keys(one).every((name) => name === 'id' || name === 'audiences');
    if (!isClosed || typeof one['id'] !== 'string' || !isTexts(one['audiences'])) {
      read.refuse('identity_providers', PROVIDERS);
    } else if (providers.has(one['id'])) {
      read.refuse('identity_providers', 'must name each identity provider once');
    } else {
      providers.set(one['id'], one['audiences']);
    }
  }
  return providers;
}

const PROVIDERS = 'must be a list of objects with id and audiences, and nothing else';

function readActors(read: DocumentReader): ReadonlyMap<string, PermittedActors> {
  const actors = new Map<string, PermittedActors>();
  const listed = read.value('actors');
  if (listed !== undefined && !Array.isArray(listed)) read.refuse('actors', ACTORS);
  for (const one of Array.isArray(listed) ? listed : []) {
    const isClosed = isJsonObject(one) && Object.keys(one).every((name) => ACTOR_MEMBERS.has(name));
    if (
      !isClosed ||
      typeof one['id'] !== 'string' ||
      !isTexts(one['audiences']) ||
      !isTexts(one['subjects'])
    ) {
      read.refuse('actors', ACTORS);
    } else if (actors.has(one['id'])) {
      read.refuse('actors', 'must name each identity provider once');
    } else {
      actors.set(one['id'], { audiences: one['audiences'], subjects: new Set(one['subjects']) });
    }
  }
  return actors;
}

const ACTOR_MEMBERS = new Set(['id', 'audiences', 'subjects']);
const ACTORS = 'must be a list of objects with id, audiences and subjects, and nothing else';

/** What the database knows of a resource server besides its document. */
export interface StoredServer {
  /** Small and unique, given when the resource server is first registered. */
  readonly number: number;
  /** Changes with each change of the row, and never comes again. */
  readonly version: string;
}

/** For a document that is only to be judged. */
export const UNSTORED: StoredServer = { number: 0, version: '' };

export function readResourceServer(
  document: unknown,
  { number, version }: StoredServer,
  rules: UriRules,
): Read<ResourceServerRegistration> {
  const read = new DocumentReader(document, [
    ...CALLER_MEMBERS,
    ...VOUCHED_WAYS,
    'id',
    'resource',
    'binding',
    'proof',
    'introspection',
    'caller_tokens',
    'forward_auth',
  ]);
  const resource = read.text('resource', /^https?:\/\/[^\s#]+$/);
  const base = readBase(resource, rules);
  if (base === null) read.refuse('resource', 'must be an https URL without query, fragment and userinfo');
  return finish(read, {
    kind: 'resource_server',
    clientId: read.text('client_id', CLIENT_ID),
    authentication: readServerAuthentication(read, rules),
    quota: readQuota(read),
    id: read.text('id', REGISTRATION_ID),
    number,
    version,
    resource,
    base: base ?? NOWHERE,
    binding: read.choice('binding', ['enforced', 'self']),
    proof: read.choice('proof', ['dpop', 'bound', 'none']),
    introspection: readIntrospectionProfile(read),
    callerTokens: readCallerTokens(read),
    forwardAuth: readForwardAuthProfile(read),
  });
}

/** What vouches for a workload is shown again as it is, and earns nothing that lives longer or goes further. */
function readCallerTokens(read: DocumentReader): boolean {
  const isGiven = read.flag('caller_tokens');
  const way = VOUCHED_WAYS.find((member) => read.has(member));
  if (isGiven && way !== undefined) read.refuse('caller_tokens', `must not be there beside ${way}`);
  return isGiven;
}

const NOWHERE: TargetUri = { href: '', origin: '', path: '', query: '' };

function readBase(resource: string, rules: UriRules): TargetUri | null {
  const base = canonicalTargetUri(resource, rules);
  return base === null || base.query !== '' ? null : base;
}

function finish<Registration>(read: DocumentReader, registration: Registration): Read<Registration> {
  return read.problems.length === 0 ? { registration } : { problems: read.problems };
}
