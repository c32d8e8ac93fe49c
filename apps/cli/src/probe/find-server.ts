import { canonicalTargetUri, isWithin, pathBelow, readPathTemplate } from '#core';
import type { AdminClient } from '../administration/admin-client.ts';
import { listAll } from '../administration/list-all.ts';
import type { Answer } from '../answer.ts';
import { EXIT, Failure } from '../failure.ts';

/** The resource server that a URL belongs to, as registered. */
export interface ProbedServer {
  readonly id: string;
  readonly resource: string;
  /** Path of the URL below `resource`, without a slash at its end. */
  readonly below: string;
  readonly registration: Answer;
}

const RULES = { allowHttpLoopback: true };

/** Fails  Failure when the URL is none, or no resource server has it */
export async function findServer(admin: Pick<AdminClient, 'get'>, url: string): Promise<ProbedServer> {
  const target = canonicalTargetUri(url, RULES);
  if (target === null || target.query !== '') {
    throw new Failure(`"${url}" is not the URL of an API: https, without query and fragment`, EXIT.usage);
  }
  const servers = await listAll(admin, { path: '/resource-servers' });
  for (const registration of servers) {
    const resource = registration.text('resource');
    const base = canonicalTargetUri(resource, RULES);
    if (base === null || !isWithin(target, base)) continue;
    const below = pathBelow(base, target).replace(/\/$/, '');
    if (below.includes('{') || (below !== '' && readPathTemplate(below) === null)) {
      throw new Failure(`the path of ${url} cannot be in a catalog`, EXIT.usage);
    }
    return { id: registration.text('id'), resource, below, registration };
  }
  const known = servers.map((one) => `\n  ${one.text('resource')}`).join('');
  throw new Failure(`${url} lies below no resource server that is registered:${known || ' there is none'}`);
}
