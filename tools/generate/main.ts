import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { renderPolicySchema } from '#core';
import { writeAdminDocument } from '../../apps/admin/src/openapi/admin-document.ts';
import { writeBrokerDocument } from '../../apps/broker/src/openapi/broker-document.ts';
import { CONFIGURATION as ADMIN } from '../../apps/admin/src/config.ts';
import { CONFIGURATION as BROKER } from '../../apps/broker/src/config.ts';
import { conformancePage } from './conformance-page.ts';
import { configurationPage } from './configuration-page.ts';
import { findChecks } from './find-checks.ts';
import { writePerformance } from './performance-page.ts';
import { reasonsPage } from './reasons-page.ts';

const FOLDER = join('docs', 'generated');

/** Where tests are. */
const TESTED = ['apps', 'libs', 'test'];

/** Writes what is generated. CI does it again and finds nothing changed. */
async function main(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const write = (name: string, text: string): void => writeFileSync(join(FOLDER, name), text);
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  write('reasons.md', reasonsPage());
  write('configuration.md', configurationPage({ Broker: BROKER, 'Admin process': ADMIN }));
  write(
    'policy-schema.cedarschema',
    renderPolicySchema(parse(readFileSync('policies/catalog.yaml', 'utf8'))),
  );
  write(
    'conformance.md',
    conformancePage(testFiles().flatMap((file) => findChecks(file, readFileSync(file, 'utf8')))),
  );
  write('openapi-broker.json', json(await writeBrokerDocument()));
  write('openapi-admin.json', json(await writeAdminDocument()));
  writePerformance();
}

/** Paths with slashes, so that they are the same everywhere. */
function testFiles(): readonly string[] {
  return TESTED.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => !path.includes('node_modules') && /(?:spec|contract)\.ts$/.test(path))
      .map((path) => join(folder, path).replaceAll('\\', '/')),
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
