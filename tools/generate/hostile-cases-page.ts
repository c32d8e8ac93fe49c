import type { FoundCase } from './find-cases.ts';
import { HOSTILE_CASES, hostileCaseIds } from './hostile-cases.ts';

/** Which test is about which hostile case. */
export function hostileCasesPage(found: readonly FoundCase[]): string {
  const missing = casesWithoutTest(found);
  const kinds = HOSTILE_CASES.flatMap(({ letters, about }) => [
    `## ${letters}: ${about}`,
    '',
    '| case | tests |',
    '|---|---|',
    ...hostileCaseIds.filter((id) => id.startsWith(`${letters}-`)).map((id) => rowOf(id, found)),
    '',
  ]);
  return [
    '# Hostile cases',
    '',
    'Where each hostile case of the [threat model](../threat-model.md) is tested, found by the names of the tests.',
    '',
    ...kinds,
    '## Without a test',
    '',
    ...(missing.length === 0 ? ['None.'] : missing.map((id) => `- ${id}`)),
    '',
  ].join('\n');
}

export function casesWithoutTest(found: readonly FoundCase[]): readonly string[] {
  const tested = new Set(found.map(({ id }) => id));
  return hostileCaseIds.filter((id) => !tested.has(id));
}

function rowOf(id: string, found: readonly FoundCase[]): string {
  const files = found.filter((one) => one.id === id).map(({ file }) => `[${nameOf(file)}](../../${file})`);
  return `| ${id} | ${[...new Set(files)].toSorted().join(', ')} |`;
}

function nameOf(file: string): string {
  return file.replace(/^.*\//, '').replace(/\.(?:(?:e2e-|int-)?spec|contract)?\.?ts$/, '');
}
