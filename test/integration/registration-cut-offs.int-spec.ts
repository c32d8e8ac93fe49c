import { LedgerBuilder } from '../../libs/testing/src/contracts/ledger-under-test.ts';
import type { CutOffKind } from '#core';
import { freshDatabase } from '../support/fresh-database.ts';
import { ledgerOnDatabase, type LedgerOnDatabase } from '../support/ledger-on-database.ts';

/** Registrations that go, and what becomes of the tokens that stand on them. */
describe('X-17 B-06 whoever is no longer trusted takes his tokens with him', () => {
  let under: LedgerOnDatabase;
  let a: LedgerBuilder;
  beforeAll(async () => {
    under = await ledgerOnDatabase((await freshDatabase()).url, 2);
    a = new LedgerBuilder(under);
  });
  afterAll(() => under.close());

  const sql = async (statement: string): Promise<void> => void (await under.pools[0].query(statement));
  const spend = async (kind: CutOffKind, id: string): Promise<string> => {
    const attempt = await a.attempt({ reliances: [{ kind, id, since: await under.now() }] });
    return (await a.door(1).spend(attempt, a.entry())).verdict;
  };

  it.each<{ kind: CutOffKind; id: string; insert: string; table: string; column: string }>([
    {
      kind: 'client',
      id: 'desk',
      table: 'client',
      column: 'client_id',
      insert: `INSERT INTO client (client_id, document) VALUES ('desk', '{}')`,
    },
    {
      kind: 'identity_provider',
      id: 'https://idp.example',
      table: 'identity_provider',
      column: 'issuer',
      insert: `INSERT INTO identity_provider (id, issuer, document) VALUES ('corp', 'https://idp.example', '{}')`,
    },
    {
      kind: 'device',
      id: 'laptop',
      table: 'device',
      column: 'id',
      insert: `INSERT INTO device (id, document) VALUES ('laptop', '{}')`,
    },
  ])('$kind', async ({ kind, id, insert, table, column }) => {
    await sql(insert);
    expect(await spend(kind, id)).toBe('spent');
    const whose = `WHERE ${column} = '${id}'`;
    await sql(`UPDATE ${table} SET document = '{"changed":true}' ${whose}`);
    expect(await spend(kind, id)).toBe('spent');

    const issuedBefore = await a.attempt({ reliances: [{ kind, id, since: await under.now() }] });
    await sql(`UPDATE ${table} SET enabled = false ${whose}`);
    expect(await spend(kind, id)).toBe('revoked');
    await sql(`UPDATE ${table} SET enabled = true ${whose}`);
    await under.passUntil((await under.now()) + 5);
    expect((await a.door(0).spend(issuedBefore, a.entry())).verdict).toBe('revoked');
    expect(await spend(kind, id)).toBe('spent');

    await sql(`UPDATE ${table} SET ${column} = 'renamed' ${whose}`);
    expect([await spend(kind, id), await spend(kind, 'renamed')]).toEqual(['revoked', 'spent']);
    await sql(`DELETE FROM ${table} WHERE ${column} = 'renamed'`);
    expect(await spend(kind, 'renamed')).toBe('revoked');
    expect(await spend(kind, 'somebody-else')).toBe('spent');
  });
});
