import { delayTable } from './delays.ts';
import { decisionTable, growthTables } from './growth-tables.ts';
import { loadTables } from './load-tables.ts';
import { overloadTable } from './overload-table.ts';
import { peerTable } from './peer-table.ts';
import type { Performance, SectionName } from './performance.ts';
import { memoryTable, steadyTable } from './steady-table.ts';
import { ledgersTable, workersTable } from './variant-tables.ts';

/** The tables of each section in Markdown; a sentence where it was not measured. */
export const TABLES: Readonly<Record<SectionName, (performance: Performance) => string>> = {
  loads: ({ loads }) => of(loads, loadTables),
  peers: ({ peers }) => of(peers, peerTable),
  growth: ({ growth }) => of(growth, growthTables),
  decisions: ({ decisions }) => of(decisions, decisionTable),
  steady: ({ steady }) => of(steady, steadyTable),
  memory: ({ memory }) => of(memory, memoryTable),
  overload: ({ overload }) => of(overload, overloadTable),
  workers: ({ workers }) => of(workers, workersTable),
  ledgers: ({ ledgers }) => of(ledgers, ledgersTable),
  propagation: ({ propagation }) => of(propagation, ({ rows }) => delayTable('from a release to', rows)),
  revocation: ({ revocation }) => of(revocation, ({ rows }) => delayTable('from an event to', rows)),
};

function of<Section>(section: Section | undefined, tableOf: (section: Section) => string): string {
  return section === undefined ? 'Not measured yet.' : tableOf(section);
}
