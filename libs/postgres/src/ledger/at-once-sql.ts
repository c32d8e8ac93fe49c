import { eventsPart, idsPart, relianceCondition, tokensPart, type WritePart } from './at-once-parts.ts';

/**
 * SQL that writes all of a batch or nothing, and says `held` or not: whether nothing stood against it. Where another
 * process writes the same id or token between the look and the write, it fails with `RACE_LOST` and has no effect.
 *
 * Each write counts those before it, so that they come in the order in which every batch locks: ids, then tokens, by
 * table. What is written is durable when the statement is answered, whatever the database does elsewhere.
 *
 * Parameters: what its parts say, in the order tokens, ids, what permits stand on, events.
 *
 * In  idTables, tokenTables  the tables that are written, in the order of their numbers; none where there is nothing
 */
export function atOnceSql(idTables: readonly number[], tokenTables: readonly number[]): string {
  const tokens = tokensPart(tokenTables);
  const ids = idsPart(idTables, 1 + tokens.parameters);
  const reliances = relianceCondition(1 + tokens.parameters + ids.parameters);
  const events = eventsPart(1 + tokens.parameters + ids.parameters + reliances.parameters);
  const parts: readonly WritePart[] = [ids, tokens];
  const writes = parts.flatMap((part) => part.writes);
  const conditions = [...parts.flatMap((part) => part.conditions), reliances.condition];
  const wanted = parts.flatMap((part) => part.count);
  const written = (upTo: number): string =>
    ['0', ...writes.slice(0, upTo).map(({ cte }) => `(SELECT count(*) FROM ${cte})`)].join(' + ');
  const ctes = [
    ...parts.flatMap((part) => part.rows),
    `held AS MATERIALIZED (
      SELECT set_config('synchronous_commit', 'on', true) = 'on' AND ${conditions.join('\n         AND ')} AS held)`,
    ...writes.map(
      ({ cte, insert }, at) => `${cte} AS (
      ${insert} AND (SELECT held FROM held) AND ${written(at)} >= 0
      ON CONFLICT DO NOTHING RETURNING 1)`,
    ),
    `told AS (
      ${events.insert}
       WHERE (SELECT held FROM held) AND ${written(writes.length)} = ${['0', ...wanted].join(' + ')}
      RETURNING 1)`,
  ];
  return `
    WITH ${ctes.join(',\n    ')}
    SELECT held,
           CASE WHEN held AND (SELECT count(*) FROM told) <> ${events.count}
             THEN concat('another process was faster, and the batch runs again: ', (SELECT count(*) FROM told))::int4
           END
      FROM held`;
}

/** invalid_text_representation: a text is no number. */
export const RACE_LOST = '22P02';
