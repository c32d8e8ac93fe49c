import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { machineSentence } from '../../test/load/report/machine-sentence.ts';
import { Performance } from '../../test/load/report/performance.ts';
import { PERFORMANCE_FILE, readPerformance } from '../../test/load/report/report.ts';
import { sizingTable } from '../../test/load/report/sizing-table.ts';
import { TABLES } from '../../test/load/report/tables.ts';

const PAGE = 'docs/performance.md';
const SCHEMA_FILE = 'docs/generated/performance.schema.json';

/** The schema of the measurements, and their tables between the marks of the page. */
export function writePerformance(): void {
  writeFileSync(SCHEMA_FILE, `${JSON.stringify(Performance, null, 2)}\n`);
  if (!existsSync(PERFORMANCE_FILE)) return;
  const performance = readPerformance(readFileSync(PERFORMANCE_FILE, 'utf8'));
  writeFileSync(PAGE, fillPage(readFileSync(PAGE, 'utf8'), tablesOf(performance)));
}

function tablesOf(performance: Performance): Readonly<Record<string, string>> {
  const sections = Object.entries(TABLES).map(([name, tableOf]) => [name, tableOf(performance)] as const);
  return {
    ...Object.fromEntries(sections),
    machine: machineSentence(performance),
    sizing: sizingTable(performance),
  };
}

/**
 * Replaces what stands between `<!-- measured: <name> -->` and `<!-- end -->`.
 *
 * Fails  Error when a mark names nothing that is measured, or something that is has no mark
 */
export function fillPage(page: string, tables: Readonly<Record<string, string>>): string {
  const filled = new Set<string>();
  const text = page.replaceAll(MARKED, (_, name: string) => {
    const table = tables[name];
    if (table === undefined) throw new Error(`${PAGE} asks for ${name}, which is not measured`);
    filled.add(name);
    return `<!-- measured: ${name} -->\n\n${table}\n\n<!-- end -->`;
  });
  const missing = Object.keys(tables).filter((name) => !filled.has(name));
  if (missing.length > 0) throw new Error(`${PAGE} has no place for ${missing.join(', ')}`);
  return text;
}

const MARKED = /<!-- measured: (\w+) -->[\s\S]*?<!-- end -->/g;
