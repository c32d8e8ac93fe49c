import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { Value } from '@sinclair/typebox/value';
import type { Bench } from '../bench.ts';
import { Performance, type Machine, type Measured, type SectionName } from './performance.ts';
import { TABLES } from './tables.ts';

/** Where the figures of the documentation are kept. */
export const PERFORMANCE_FILE = 'docs/generated/performance.json';

/** What was measured so far, in this run and, with `--save`, in those before it. */
export class Report {
  private constructor(
    private performance: Performance,
    private readonly files: readonly string[],
  ) {}

  /** Fails  Error when it is to be saved beside figures of another machine */
  static open({ options, postgresVersion }: Bench): Report {
    const machine = thisMachine(postgresVersion);
    const files = [options.json, options.save ? PERFORMANCE_FILE : null].filter((file) => file !== null);
    if (!options.save || !existsSync(PERFORMANCE_FILE)) return new Report({ machine }, files);
    const kept = readPerformance(readFileSync(PERFORMANCE_FILE, 'utf8'));
    if (!options.sections.includes('all') && !Value.Equal(kept.machine, machine)) {
      throw new Error(`${PERFORMANCE_FILE} is of another machine: measure all sections anew, or do not save`);
    }
    return new Report({ ...kept, machine }, files);
  }

  /**
   * Writes it down at once: a later section may fail.
   *
   * Fails  Error when it is not what a report holds; then the report is as it was
   */
  add(measured: Measured): void {
    const together = { ...this.performance, ...measured };
    const text = `${JSON.stringify(rounded(together), null, 2)}\n`;
    readPerformance(text);
    this.performance = together;
    for (const file of this.files) writeFileSync(file, text);
  }

  tablesOf(section: SectionName): string {
    return TABLES[section](this.performance);
  }
}

/** Fails  Error with what is wrong when it is not a report */
export function readPerformance(text: string): Performance {
  const value: unknown = JSON.parse(text);
  if (Value.Check(Performance, value)) return value;
  const wrong = [...Value.Errors(Performance, value)].map(({ path, message }) => `${path}: ${message}`);
  throw new Error(`not a performance report: ${wrong.slice(0, 5).join('; ')}`);
}

function thisMachine(postgres: string): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: `${platform()}/${arch()} ${release()}`,
    node: process.version,
    postgres,
  };
}

/** Four significant figures: the rest is noise, and makes every change of the file unreadable. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toPrecision(4));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, rounded(member)]));
}
