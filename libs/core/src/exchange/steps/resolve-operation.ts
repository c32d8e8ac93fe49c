import { ADMIN_API_ID } from '../../administration/admin-catalog.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import {
  HTTP_OPERATION,
  type HttpOperation,
  type RequestedOperation,
} from '../../operation/http-operation.ts';
import {
  canonicalTargetUri,
  isWithin,
  pathBelow,
  prefixOf,
  type TargetUri,
} from '../../operation/target-uri.ts';
import type { Catalog, MatchedOperation } from '../../operation/catalog.ts';
import type { ResourceServerRegistration } from '../../registry/registrations.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { ExchangePorts } from '../exchange.ports.ts';
import type { ExchangeRequest } from '../exchange-request.ts';
import type { AuthenticatedClient } from './authenticate-client.ts';
import { withinLimits } from '../within-limits.ts';
import type { VerifiedDevice } from './verify-device.ts';
import type { VerifiedSubject } from './verify-subject.ts';

export type ResolvedOperation = Evidence<
  'ResolvedOperation',
  {
    operation: HttpOperation;
    target: TargetUri;
    server: ResourceServerRegistration;
    matched: MatchedOperation;
  }
>;

/**
 * Finds out what the client wants to do: which resource server, which exact request, which operation of its catalog.
 * From here on the operation has one spelling.
 *
 * In     request  one `resource`, and the requested operation, or a scope that names one of the catalog
 *        client   evidence from `authenticateClient`: it may ask for some resource servers only
 *        subject  evidence from `verifySubject`: an identity assertion may go so far and no further
 *        device   evidence from `verifyDevice`: most resource servers want bound tokens
 * Out    ResolvedOperation, in canonical form
 * Fails  resource.* | operation.* | grant.scope_not_accepted | assertion.other_* |
 *        device.proof_missing; Unavailable
 * Spec   RFC 8707 §2; RFC 9396 §5; RFC 3986 §6.2
 */
export function resolveOperation(
  ports: Pick<ExchangePorts, 'trust' | 'identity'>,
  request: Pick<ExchangeRequest, 'resources' | 'operation' | 'scope'>,
  {
    client,
    subject,
    device,
  }: { client: AuthenticatedClient; subject: VerifiedSubject; device: VerifiedDevice },
): ResolvedOperation {
  const trust = ports.trust.current();
  const { resources, operation, scope } = withinLimits(request, subject.limits, ports.identity);
  const resource = onlyResource(resources, ports.identity);
  const server = trust.resourceServer(resource);
  // Who administers is there in person: nothing that follows from a call changes who may do what.
  const isForbidden = subject.transaction !== null && server?.id === ADMIN_API_ID;
  if (server === null || isForbidden || !client.registration.resourceServers.has(server.id)) {
    throw new OAuthError('resource.unknown', resource);
  }
  const release = { catalog: trust.release.catalog, identity: ports.identity };
  const resolved =
    operation === null
      ? templateOf(release, scope, server)
      : exactOperation(release, operation, { server, resource });
  if (scope !== null && scope !== resolved.matched.operation.id)
    throw new OAuthError('grant.scope_not_accepted');
  if (subject.limits?.scopes?.includes(resolved.matched.operation.id) === false)
    throw new OAuthError('assertion.other_scope');
  const isBound = device.keyThumbprint !== null || (server.proof === 'bound' && client.certificate !== null);
  if (server.proof !== 'none' && !isBound) throw new OAuthError('device.proof_missing');
  return attest<ResolvedOperation>({ server, ...resolved });
}

interface Known {
  readonly catalog: Catalog;
  readonly identity: ExchangePorts['identity'];
}

type Resolved = Pick<ResolvedOperation, 'operation' | 'target' | 'matched'>;

function exactOperation(
  { catalog, identity }: Known,
  operation: RequestedOperation,
  { server, resource }: { server: ResourceServerRegistration; resource: string },
): Resolved {
  if (canonicalTargetUri(operation.location, identity)?.href !== resource) {
    throw new OAuthError('operation.malformed', 'locations is not the resource');
  }
  const target = canonicalTargetUri(operation.targetUri, identity);
  if (target === null) throw new OAuthError('operation.bad_uri');
  if (target.origin !== server.base.origin) throw new OAuthError('resource.foreign_target', target.origin);
  if (!isWithin(target, server.base)) throw new OAuthError('operation.outside_resource');
  const matched = catalog.match(server.id, operation.method, pathBelow(server.base, target));
  if (matched === null)
    throw new OAuthError('operation.not_in_catalog', `${operation.method} ${target.path}`);
  return { operation: toHttpOperation(operation, target, server), target, matched };
}

/** Software that cannot send `authorization_details` names an operation, and gets a token for its path template. */
function templateOf({ catalog }: Known, scope: string | null, server: ResourceServerRegistration): Resolved {
  // Who administers says exactly what is to be changed, and into what.
  if (scope === null || server.id === ADMIN_API_ID) throw new OAuthError('operation.missing');
  const api = catalog.apis.find(({ id }) => id === server.id);
  const operation = api?.operations.find(({ id }) => id === scope);
  if (operation === undefined) throw new OAuthError('grant.scope_not_accepted', scope);
  const path = `${prefixOf(server.base)}${operation.path}`;
  const href = `${server.base.origin}${path}`;
  return {
    operation: {
      type: HTTP_OPERATION,
      locations: [server.resource],
      actions: [operation.method],
      target_uri: href,
      path_template: operation.path,
    },
    target: { href, origin: server.base.origin, path, query: '' },
    matched: { operation, parameters: {} },
  };
}

function onlyResource(resources: readonly string[], rules: ExchangePorts['identity']): string {
  const [resource, another] = resources;
  if (resource === undefined) throw new OAuthError('resource.missing');
  if (another !== undefined) throw new OAuthError('resource.several');
  const canonical = canonicalTargetUri(resource, rules);
  if (canonical === null) throw new OAuthError('resource.malformed');
  return canonical.href;
}

function toHttpOperation(
  { method, contentDigest, contentType }: RequestedOperation,
  target: TargetUri,
  server: ResourceServerRegistration,
): HttpOperation {
  return {
    type: HTTP_OPERATION,
    locations: [server.resource],
    actions: [method],
    target_uri: target.href,
    ...(contentDigest === null ? {} : { content_digest: contentDigest }),
    ...(contentType === null ? {} : { content_type: contentType }),
  };
}
