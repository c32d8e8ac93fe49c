import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readPerformance } from '../load/report/report.ts';
import { SECTIONS } from '../load/sections/sections.ts';
import { TABLES } from '../load/report/tables.ts';

/** A broker on a machine that is busy with something else may answer 503, and a bench ends there: it is run again. */
jest.retryTimes(2);

const folder = mkdtempSync(join(tmpdir(), 'oncekey-benches-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('every bench works: what it measures is a report, and has its table', async () => {
  const file = join(folder, 'performance.json');
  await promisify(execFile)(process.execPath, ['dist/test/load/main.js', 'all', '--smoke', '--json', file]);
  const performance = readPerformance(readFileSync(file, 'utf8'));
  expect(Object.keys(performance).toSorted()).toEqual([...Object.keys(SECTIONS), 'machine'].toSorted());
  for (const tableOf of Object.values(TABLES)) expect(tableOf(performance)).toContain('| ---');
  const { loads } = performance;
  expect(loads?.results.map(({ load }) => load)).toEqual([
    'exchange',
    'introspect, no proof',
    'introspect, proof forwarded',
    'introspect, proof forwarded, caller token',
    'forward-auth',
    'round trip of the SDKs',
    'mixed day',
  ]);
}, 900_000);
