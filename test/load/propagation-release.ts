import type { Client } from 'pg';
import type { ReleaseDocument } from '../../libs/core/src/index.ts';
import { sampleRelease } from './decision-sample.ts';

/** As many as leave room in a catalog for the deployment's own operations. */
const APIS = 40;

/** 100 policies over 40 resource servers, of the sample that decisions are measured with. */
function ballast(): Pick<ReleaseDocument, 'apis' | 'policies'> {
  const { apis, policies } = sampleRelease(125);
  const kept = apis.slice(0, APIS);
  const names = new Set(kept.map(({ id }) => `"${id}"`));
  return {
    apis: kept,
    policies: policies.filter(({ cedar }) => names.has(/resource == Api::("[^"]+")/.exec(cedar)?.[1] ?? '')),
  };
}

const BALLAST = ballast();

/** Policies of a release besides the deployment's own. */
export const BALLAST_POLICIES = BALLAST.policies.length;

/**
 * Publishes the deployment's first release with the ballast, and with this life of its refund tokens. The instant just
 * before the COMMIT was sent.
 */
export async function publishTtl(database: Client, ttl: number): Promise<number> {
  const { rows } = await database.query<{ document: ReleaseDocument }>(
    'SELECT document FROM release WHERE number = 1',
  );
  const first = rows[0]?.document;
  if (first === undefined) throw new Error('the deployment has published nothing');
  const policies = first.policies.map(({ id, cedar }) => ({
    id,
    cedar: id === 'support-writes' ? cedar.replace('@ttl("300")', `@ttl("${ttl}")`) : cedar,
  }));
  const document: ReleaseDocument = {
    ...first,
    apis: [...first.apis, ...BALLAST.apis],
    policies: [...policies, ...BALLAST.policies],
  };
  await database.query('BEGIN');
  await database.query(
    `INSERT INTO release (number, document, author, message)
     SELECT max(number) + 1, $1, 'bench', 'a release' FROM release`,
    [JSON.stringify(document)],
  );
  await database.query('UPDATE live_release SET number = (SELECT max(number) FROM release)');
  const committingAt = performance.now();
  await database.query('COMMIT');
  return committingAt;
}
