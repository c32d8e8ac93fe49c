import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresPollLeases } from '#postgres';
import { Pool } from 'pg';
import { describePollLeases } from '../../libs/testing/src/contracts/poll-leases.contract.ts';

describePollLeases('Postgres', async () => {
  const pool = new Pool({ connectionString: process.env['DATABASE_URL'] ?? '', max: 5 });
  return {
    holder: () => new PostgresPollLeases(pool),
    pass: (ms) => sleep(ms),
    close: () => pool.end(),
  };
});
