import type { Records } from './records.ts';

/** The live release with these policies besides its own, by id. */
const CANDIDATE = `
  SELECT jsonb_set(document, '{policies}', (document -> 'policies') || $1::jsonb) AS document
    FROM release JOIN live_release USING (number)`;

const PUBLISH = `
  WITH candidate AS (${CANDIDATE}), made AS (
    INSERT INTO release (number, document, author, message)
    SELECT (SELECT max(number) + 1 FROM release), document, 'test', 'a release' FROM candidate
    RETURNING number
  )
  UPDATE live_release SET number = made.number FROM made RETURNING live_release.number`;

const BRING_BACK = `
  WITH made AS (
    INSERT INTO release (number, document, author, message)
    SELECT (SELECT max(number) + 1 FROM release), document, 'test', 'as before' FROM release WHERE number = $1
    RETURNING number
  )
  UPDATE live_release SET number = made.number FROM made RETURNING live_release.number`;

const START_SHADOW = `
  INSERT INTO shadow (id, document, started_by) SELECT gen_random_uuid(), document, 'test' FROM (${CANDIDATE}) AS c
  RETURNING id::text`;

type Policies = Readonly<Record<string, string>>;

const sources = (policies: Policies): string =>
  JSON.stringify(Object.entries(policies).map(([id, cedar]) => ({ id, cedar })));

/** Publishes behind the back of every tool, in one statement, so that its time is known. The new number. */
export async function publishNow(records: Records, policies: Policies): Promise<number> {
  const [live] = await records.rows<{ number: number }>(PUBLISH, [sources(policies)]);
  if (live === undefined) throw new Error('there is no live release to publish after');
  return live.number;
}

/** Publishes once more what release `number` says. The new number. */
export async function bringBack(records: Records, number: number): Promise<number> {
  const [live] = await records.rows<{ number: number }>(BRING_BACK, [number]);
  if (live === undefined) throw new Error(`there is no release ${number}`);
  return live.number;
}

/** Starts a shadow of the live release with these policies besides; its id. */
export async function startShadow(records: Records, policies: Policies): Promise<string> {
  const [shadow] = await records.rows<{ id: string }>(START_SHADOW, [sources(policies)]);
  if (shadow === undefined) throw new Error('there is no live release to run a shadow beside');
  return shadow.id;
}
