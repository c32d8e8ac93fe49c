import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { KeycloakAdmin } from './keycloak-admin.ts';
import { setUpKeycloak } from './set-up-keycloak.ts';

/**
 * `keycloak.js --url <base URL> --user <admin> --out <file>`: sets a Keycloak up to be measured, and writes the file
 * that `main.js peers --peer <file>` reads. The password is in `KEYCLOAK_ADMIN_PASSWORD`. The file holds secrets of the
 * realm that it made, and nothing else's.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: 'http://127.0.0.1:8080' },
      user: { type: 'string', default: 'admin' },
      out: { type: 'string', default: 'keycloak-peer.json' },
    },
  });
  const password = process.env['KEYCLOAK_ADMIN_PASSWORD'] ?? '';
  const admin = await KeycloakAdmin.signIn(values.url, { username: values.user, password });
  try {
    const peer = await setUpKeycloak(admin, values.url);
    writeFileSync(values.out, `${JSON.stringify(peer, null, 2)}\n`, { mode: 0o600 });
  } finally {
    await admin.close();
  }
  process.stdout.write(`npm run bench:peers -- --peer ${values.out}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
