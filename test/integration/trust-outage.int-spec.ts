import { createServer } from 'node:net';
import { Unavailable } from '#core';
import { startEmbeddedPostgres } from '#embedded-postgres';
import { migrate, PostgresReleaseStore } from '#postgres';
import { Pool } from 'pg';
import { eventually } from '../support/eventually.ts';
import { AN_EMPTY_RELEASE, followTrust } from '../support/trust-fixtures.ts';

const A_SECOND_MS = 1_000;

describe('the trust without a database', () => {
  it('believes what it knows for the staleness bound, then nothing, and is back within a second', async () => {
    const server = await startEmbeddedPostgres({ env: process.env, durable: true });
    const problems: string[] = [];
    const source = followTrust(server.url, { onProblem: (what) => problems.push(what) });
    const pool = new Pool({ connectionString: server.url });
    pool.on('error', () => undefined);
    try {
      await migrate(server.url);
      await new PostgresReleaseStore(pool).publish(AN_EMPTY_RELEASE, { ifLive: null });
      await source.start();
      expect(source.current().release.number).toBe(1);

      await server.crash();
      await eventually(() => !source.status().connected, A_SECOND_MS);
      expect(source.current().release.number).toBe(1);
      const staleAfterMs = await eventually(() => source.status().problem !== null, 6_000);
      expect(staleAfterMs).toBeGreaterThan(3_000);
      expect(() => source.current()).toThrow(Unavailable);
      expect(source.databaseNow()).toBeGreaterThan(0);

      await server.restart();
      await eventually(() => source.status().problem === null, A_SECOND_MS);
      expect(source.current().release.number).toBe(1);
      expect(problems).toEqual(['the database does not tell what is trusted']);
    } finally {
      await source.stop();
      await pool.end();
      await server.stop();
    }
  });

  it('starts without it and finds it when it comes', async () => {
    const server = await startEmbeddedPostgres({ env: process.env, durable: true });
    const source = followTrust(server.url);
    try {
      await migrate(server.url);
      await server.crash();
      await source.start();
      expect(source.status()).toMatchObject({ connected: false, problem: 'trust was not read yet' });
      expect(() => source.databaseNow()).toThrow(Unavailable);
      await server.restart();
      await eventually(() => source.status().problem === 'nothing has been published yet', A_SECOND_MS);
    } finally {
      await source.stop();
      await server.stop();
    }
  });

  it('starts beside a server that hangs up on everybody, as one does that is about to fail over', async () => {
    const rude = createServer((socket) => void socket.resume().end());
    await new Promise<void>((listening) => void rude.listen(0, '127.0.0.1', listening));
    const address = rude.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const source = followTrust(`postgres://a:b@127.0.0.1:${port}/c`);
    try {
      await source.start();
      expect(source.status()).toMatchObject({ connected: false, problem: 'trust was not read yet' });
    } finally {
      await source.stop();
      await new Promise((closed) => void rude.close(closed));
    }
  });
});
