import { OAuthError } from '../../errors/oauth-error.ts';
import {
  HTTP_OPERATION,
  type HttpOperation,
  type RequestedOperation,
} from '../../operation/http-operation.ts';
import { canonicalTargetUri, isWithin, type TargetUri } from '../../operation/target-uri.ts';
import type { MatchedOperation } from '../../operation/catalog.ts';
import type { ResourceServerRegistration } from '../../registry/registrations.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { ExchangePorts } from '../exchange.ports.ts';
import type { ExchangeRequest } from '../exchange-request.ts';
import type { AuthenticatedClient } from './authenticate-client.ts';
import type { VerifiedDevice } from './verify-device.ts';

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
 * In     request  one `resource` and the requested operation
 *        client   evidence from `authenticateClient`: it may ask for some resource servers only
 *        device   evidence from `verifyDevice`: most resource servers want bound tokens
 * Out    ResolvedOperation, in canonical form
 * Fails  resource.* | operation.* | device.proof_missing; Unavailable
 * Spec   RFC 8707 §2; RFC 9396 §5; RFC 3986 §6.2
 */
export function resolveOperation(
  ports: Pick<ExchangePorts, 'trust' | 'identity'>,
  { resources, operation }: Pick<ExchangeRequest, 'resources' | 'operation'>,
  { client, device }: { client: AuthenticatedClient; device: VerifiedDevice },
): ResolvedOperation {
  const trust = ports.trust.current();
  const resource = onlyResource(resources, ports.identity);
  const server = trust.resourceServer(resource);
  if (server === null || !client.registration.resourceServers.has(server.id)) {
    throw new OAuthError('resource.unknown', resource);
  }
  if (operation === null) throw new OAuthError('operation.missing');
  if (canonicalTargetUri(operation.location, ports.identity)?.href !== resource) {
    throw new OAuthError('operation.malformed', 'locations is not the resource');
  }
  const target = canonicalTargetUri(operation.targetUri, ports.identity);
  if (target === null) throw new OAuthError('operation.bad_uri');
  if (target.origin !== server.base.origin) throw new OAuthError('resource.foreign_target', target.origin);
  if (!isWithin(target, server.base)) throw new OAuthError('operation.outside_resource');
  const matched = trust.release.catalog.match(server.id, operation.method, pathBelow(server.base, target));
  if (matched === null)
    throw new OAuthError('operation.not_in_catalog', `${operation.method} ${target.path}`);
  if (server.proof === 'dpop' && device.keyThumbprint === null) throw new OAuthError('device.proof_missing');
  return attest<ResolvedOperation>({
    operation: toHttpOperation(operation, target, server),
    target,
    server,
    matched,
  });
}

function onlyResource(resources: readonly string[], rules: ExchangePorts['identity']): string {
  const [resource, another] = resources;
  if (resource === undefined) throw new OAuthError('resource.missing');
  if (another !== undefined) throw new OAuthError('resource.several');
  const canonical = canonicalTargetUri(resource, rules);
  if (canonical === null) throw new OAuthError('resource.malformed');
  return canonical.href;
}

/** The target's path as the catalog knows it: below the resource server's own, with a leading slash. */
function pathBelow(base: TargetUri, target: TargetUri): string {
  const prefix = base.path.endsWith('/') ? base.path.slice(0, -1) : base.path;
  return target.path.slice(prefix.length) || '/';
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
