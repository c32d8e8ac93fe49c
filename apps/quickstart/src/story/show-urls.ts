import { relative } from 'node:path';
import type { QuickstartEnvironment, QuickstartFolder } from '#quickstart';
import type { Screen } from '../screen.ts';

/** What runs where. */
export function showUrls(
  { write, colours }: Screen,
  environment: QuickstartEnvironment,
  { folder, tookMs }: { folder: QuickstartFolder; tookMs: number },
): void {
  const row = (name: string, url: string, remark: string): void =>
    write(`  ${name.padEnd(18)}${colours.cyan(url)}  ${colours.dim(remark)}`);
  write(`${colours.bold('Oncekey')} is up ${colours.dim(`(${(tookMs / 1000).toFixed(1)} s)`)}`);
  row('broker', environment.issuer, 'exchange, introspection, discovery');
  row('admin', environment.admin_url, 'policies and registrations over REST');
  row('identity provider', environment.identity_provider.issuer, 'toy: ada (group support) and bob');
  row('Orders API', environment.orders_url, 'toy: each request needs its own token');
  write(`  for scripts       ${relative('', folder.environment)}`);
}
