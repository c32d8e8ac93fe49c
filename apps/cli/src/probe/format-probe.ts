import type { Colours } from '#quickstart';
import { columns } from '../columns.ts';
import { fixesOf } from './fixes.ts';
import type { GatewayProduct } from '../gateways/gateway-setups.ts';
import { ROWS, type Row } from './row.ts';

export interface ProbeReport {
  /** What the probe's operations lie below. */
  readonly url: string;
  /** Id of the resource server. */
  readonly server: string;
  /** Null where it cannot be told. */
  readonly gateway: GatewayProduct | null;
  readonly rows: readonly Row[];
}

export function hasPassed({ rows }: ProbeReport): boolean {
  return rows.every(({ state }) => state !== 'failed');
}

/** For people: a row a line, and below each that failed what to do. */
export function formatProbe(report: ProbeReport, colours: Colours): readonly string[] {
  const { url, server, gateway, rows } = report;
  const sign = { passed: colours.green('✓'), failed: colours.red('✗'), skipped: '-' };
  const lines = columns(
    rows.map(({ id, state, says }) => [sign[state], ROWS[id], id, says]),
    '  ',
  );
  const red = rows.filter(({ state }) => state === 'failed').length;
  return [
    `${url} (${server}${gateway === null ? '' : `, behind ${gateway}`})`,
    ...rows.flatMap(({ id, state }, at) => [
      lines[at] ?? '',
      ...(state === 'failed' ? fixesOf(id, gateway).map((fix) => `      ${colours.yellow(fix)}`) : []),
    ]),
    red === 0
      ? colours.green('nothing got in that must not')
      : colours.red(`${red} of ${rows.length} failed`),
  ];
}

/** For programs. */
export function probeDocument(report: ProbeReport): object {
  const { url, server, gateway, rows } = report;
  return {
    url,
    resource_server: server,
    gateway,
    passed: hasPassed(report),
    rows: rows.map(({ id, state, says, attempts }) => ({
      id,
      state,
      says,
      attempts: attempts.map((one) => ({
        says: one.says,
        status: one.status,
        outcome: one.outcome,
        broker: one.heard,
      })),
      fixes: state === 'failed' ? fixesOf(id, gateway) : [],
    })),
  };
}
