import { withBench, type Bench } from './bench.ts';
import { readOptions } from './options.ts';
import { Report } from './report/report.ts';
import type { SectionName } from './report/performance.ts';
import { SECTIONS, isSection } from './sections/sections.ts';

/**
 * `main.js [section ...]`: measures the sections in turn (default: the loads; `all`: every one), says their tables, and
 * with `--save` writes them into `docs/generated/performance.json`.
 */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const names = sectionsOf(options.sections);
  await withBench(options, async (bench) => {
    const report = Report.open(bench);
    const failed: SectionName[] = [];
    for (const name of names) if (!(await isMeasured(bench, report, name))) failed.push(name);
    if (failed.length > 0) throw new Error(`failed: ${failed.join(', ')}`);
  });
}

/** A section that fails leaves what it has measured, and the others. */
async function isMeasured(bench: Bench, report: Report, name: SectionName): Promise<boolean> {
  try {
    await measure(bench, report, name);
    return true;
  } catch (error) {
    const causes = error instanceof AggregateError ? error.errors : [error];
    for (const cause of causes) bench.say(cause instanceof Error ? String(cause.stack) : String(cause));
    return false;
  }
}

async function measure(bench: Bench, report: Report, name: SectionName): Promise<void> {
  const beganAt = performance.now();
  bench.say(`\n== ${name}`);
  report.add(await SECTIONS[name](bench, (measured) => report.add(measured)));
  bench.say(`${report.tablesOf(name)}\n(${((performance.now() - beganAt) / 1000).toFixed(0)} s)`);
}

/** Fails  Error when one is not known */
function sectionsOf(asked: readonly string[]): readonly SectionName[] {
  if (asked.length === 0) return ['loads'];
  const names = asked.flatMap((name) => (name === 'all' ? Object.keys(SECTIONS) : [name]));
  const unknown = names.filter((name) => !isSection(name));
  if (unknown.length > 0)
    throw new Error(`there is no section ${unknown.join(', ')}: ${Object.keys(SECTIONS).join(', ')}, all`);
  return names.filter(isSection);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
