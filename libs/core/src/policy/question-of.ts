import type { CatalogApi, CatalogOperation } from '../operation/catalog.ts';
import { parametersOf, readPathTemplate, type PathTemplate } from '../operation/path-template.ts';
import { canonicalTargetUri } from '../operation/target-uri.ts';
import { readInstant } from './instant.ts';
import type { HypotheticalPosture, HypotheticalRequest } from './policy-test.ts';
import type { EpochSeconds } from '../shared/clock.ts';
import type { PolicyRequest, ReportedPosture } from './policy-request.ts';
import type { LiveRelease } from './release.ts';

/** For a request that does not say which client makes it; no policy should depend on it. */
export const UNNAMED_CLIENT = 'unnamed';

/** For a report that does not say whose it is. */
const UNNAMED_SOURCE = 'unnamed';

type Problem = { readonly problem: string };

/**
 * The question that a request would put to the policies. Resource servers are called `https://<api>.invalid` here,
 * because a release does not know where they are.
 *
 * Out  the question, or why nobody can make such a request
 */
export function questionOf(
  request: HypotheticalRequest,
  { catalog, claimed: known }: Pick<LiveRelease, 'catalog' | 'claimed'>,
): { question: PolicyRequest } | Problem {
  const found = find(catalog.apis, request.operation);
  if (found === null) return { problem: `operation ${request.operation} is not in the catalog` };
  const { api, operation } = found;
  const filled = fill(operation, request.parameters ?? {});
  if ('problem' in filled) return filled;
  const target = canonicalTargetUri(`https://api.invalid${filled.path}${queryOf(request)}`, {
    allowHttpLoopback: false,
  });
  if (target === null) return { problem: `${filled.path} has no canonical form` };
  const matched = catalog.match(api.id, operation.method, target.path);
  if (matched?.operation.id !== operation.id) {
    const other = matched === null ? 'no operation' : `operation ${matched.operation.id}`;
    return { problem: `${operation.method} ${target.path} is ${other} of the catalog` };
  }
  const { claimed = {} } = request;
  const unknown = Object.keys(claimed).find((name) => !Object.hasOwn(known, name));
  if (unknown !== undefined) return { problem: `no context attribute is called ${unknown}` };
  const time = readInstant(request.time);
  const authTime = request.auth_time === undefined ? null : readInstant(request.auth_time);
  if (time === null) return { problem: `time ${request.time} is not an instant` };
  return {
    question: {
      principal: { ...request.principal, email: request.principal.email ?? null },
      action: operation.id,
      resource: api.id,
      context: {
        operation: {
          method: operation.method,
          targetUri: `https://${api.id}.invalid${target.path}${target.query}`,
          path: target.path,
          parameters: matched.parameters,
          hasDigest: request.has_digest ?? false,
          contentType: request.content_type ?? null,
          ...(request.by_scope === true ? { isTemplate: true } : {}),
        },
        device: { keyThumbprint: request.device_key ?? null, ...deviceFacts(request, time) },
        network: { ip: request.ip ?? null },
        auth: { acr: request.acr ?? null, amr: request.amr ?? [], authTime },
        client: { id: request.client ?? UNNAMED_CLIENT },
        ...(request.actor === undefined ? {} : { actor: { depth: 1, ...request.actor } }),
        ...(request.transaction === undefined
          ? {}
          : { transaction: { ...request.transaction, depth: request.transaction.workloads.length } }),
        time,
        claimed,
        ...(request.approved_by === undefined ? {} : { approvedBy: request.approved_by }),
      },
    },
  };
}

function deviceFacts(
  { device, attested }: Pick<HypotheticalRequest, 'device' | 'attested'>,
  time: EpochSeconds,
): Pick<PolicyRequest['context']['device'], 'registered' | 'attested'> {
  const said = attested === undefined ? {} : { attested: reportedPosture(attested, time) };
  if (device === undefined) return said;
  const { owner_matches: ownerMatches = false, platform, ...reported } = device;
  const posture = Object.keys(reported).length > 0 ? reportedPosture(reported, time) : null;
  return { ...said, registered: { ownerMatches, platform, posture } };
}

function reportedPosture(said: HypotheticalPosture, time: EpochSeconds): ReportedPosture {
  const { compliant, facts = [], attested_by: attestedBy = UNNAMED_SOURCE, posture_age: age = 0 } = said;
  return { compliant: compliant ?? null, facts, learntAt: time - age, attestedBy };
}

function find(
  apis: readonly CatalogApi[],
  id: string,
): { api: CatalogApi; operation: CatalogOperation } | null {
  for (const api of apis) {
    const operation = api.operations.find((one) => one.id === id);
    if (operation !== undefined) return { api, operation };
  }
  return null;
}

function fill(
  { path }: CatalogOperation,
  parameters: Readonly<Record<string, string>>,
): { path: string } | Problem {
  const template = readPathTemplate(path);
  if (template === null) return { problem: `${path} is not a path template` };
  const names = parametersOf(template);
  const missing = names.find((name) => !Object.hasOwn(parameters, name));
  if (missing !== undefined) return { problem: `parameter ${missing} of ${path} is missing` };
  const extra = Object.keys(parameters).find((name) => !names.includes(name));
  if (extra !== undefined) return { problem: `${path} has no parameter ${extra}` };
  return { path: pathOf(template, parameters) };
}

function pathOf({ segments }: PathTemplate, parameters: Readonly<Record<string, string>>): string {
  const parts = segments.map((one) => ('literal' in one ? one.literal : (parameters[one.parameter] ?? '')));
  return `/${parts.join('/')}`;
}

function queryOf({ query }: HypotheticalRequest): string {
  return query === undefined ? '' : `?${query}`;
}
