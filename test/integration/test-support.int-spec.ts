import { X509Certificate } from 'node:crypto';
import { Client } from 'pg';
import { freshDatabase } from '../support/fresh-database.ts';
import { selfSignedCertificate } from '../support/self-signed-certificate.ts';

async function tablesOf(url: string): Promise<string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
  );
  await client.query("INSERT INTO client (client_id, document) VALUES ('web', '{}')");
  await client.end();
  return rows.map(({ name }) => name);
}

describe('databases for tests', () => {
  it('gives every test file a migrated database of its own', async () => {
    expect(await tablesOf(process.env['DATABASE_URL'] ?? '')).toContain('release');
  });

  it('gives any number of further ones that do not see each other', async () => {
    const databases = await Promise.all([freshDatabase(), freshDatabase(), freshDatabase()]);
    await Promise.all(databases.map(({ url }) => tablesOf(url)));
    await Promise.all(databases.map(({ drop }) => drop()));
    await expect(tablesOf(databases[0].url)).rejects.toMatchObject({ code: '3D000' });
  });
});

describe('certificates for tests', () => {
  it('are PEM that can be read, however long they are', () => {
    const at = new Date();
    for (let length = 1; length <= 63; length++) {
      const host = 'h'.repeat(length);
      const { cert } = selfSignedCertificate({ host, notBefore: at, notAfter: at });
      expect(cert).not.toContain('\n\n');
      expect(new X509Certificate(cert).subjectAltName).toBe(`DNS:${host}`);
    }
  });
});
