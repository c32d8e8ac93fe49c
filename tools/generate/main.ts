import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { renderPolicySchema } from '#core';
import { writeAdminDocument } from '../../apps/admin/src/openapi/admin-document.ts';
import { writeBrokerDocument } from '../../apps/broker/src/openapi/broker-document.ts';
import { CONFIGURATION as ADMIN } from '../../apps/admin/src/config.ts';
import { CONFIGURATION as BROKER } from '../../apps/broker/src/config.ts';
import { conformancePage } from './conformance-page.ts';
import { configurationPage } from './configuration-page.ts';
import { findCases } from './find-cases.ts';
import { findChecks } from './find-checks.ts';
import { writeGatewayExamples } from './gateway-examples.ts';
import { hostileCasesPage } from './hostile-cases-page.ts';
import { writePerformance } from './performance-page.ts';
import { reasonsPage } from './reasons-page.ts';
import { testFiles } from './test-files.ts';

const FOLDER = join('docs', 'generated');

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
  const tests = testFiles();
  write('conformance.md', conformancePage(tests.flatMap(({ file, text }) => findChecks(file, text))));
  write('hostile-cases.md', hostileCasesPage(tests.flatMap(({ file, text }) => findCases(file, text))));
  write('openapi-broker.json', json(await writeBrokerDocument()));
  write('openapi-admin.json', json(await writeAdminDocument()));
  writePerformance();
  writeGatewayExamples();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
