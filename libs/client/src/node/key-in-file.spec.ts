import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSigningKey } from '../signing-key.ts';
import { keyInFile } from './key-in-file.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'oncekey-key-'));
  path = join(folder, 'device-key.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('keyInFile', () => {
  it('makes a key that only the owner can read, and finds it again', async () => {
    const made = await keyInFile(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await keyInFile(path)).toEqual(made);
    expect((await readSigningKey(made)).alg).toBe('ES256');
    expect(readdirSync(folder)).toEqual(['device-key.json']);
  });

  it('gives the same key to all who make one at the same time', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => keyInFile(path)));
    expect(new Set(keys.map(({ d }) => d)).size).toBe(1);
    expect(readdirSync(folder)).toEqual(['device-key.json']);
  });

  it.each<{ name: string; spoil: () => void }>([
    { name: 'a file that others may read', spoil: () => chmodSync(path, 0o644) },
    { name: 'a file that the group may write', spoil: () => chmodSync(path, 0o620) },
    { name: 'a public key', spoil: () => writeFileSync(path, '{"kty":"EC","crv":"P-256","x":"a","y":"b"}') },
    { name: 'a key of no known kind', spoil: () => writeFileSync(path, '{"kty":"oct","d":"a"}') },
    { name: 'a file that is no JSON', spoil: () => writeFileSync(path, '{') },
    { name: 'a file without end', spoil: () => writeFileSync(path, ' '.repeat(10_000)) },
    {
      name: 'a link',
      spoil: () => {
        rmSync(path);
        writeFileSync(`${path}.real`, '{}', { mode: 0o600 });
        symlinkSync(`${path}.real`, path);
      },
    },
  ])('does not take $name', async ({ spoil }) => {
    await keyInFile(path);
    spoil();
    await expect(keyInFile(path)).rejects.toMatchObject({ code: 'unacceptable_key' });
    rmSync(path);
    await expect(keyInFile(path)).resolves.toMatchObject({ kty: 'EC' });
  });

  it('says what the file system says when there is no such folder', async () => {
    await expect(keyInFile(join(folder, 'none', 'key'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
