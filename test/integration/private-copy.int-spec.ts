import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { privateCopy, type BinaryPackage } from '../../libs/embedded-postgres/src/private-copy.ts';

describe('the private copy of the binaries', () => {
  let folder: string;
  let temp: string;
  let from: BinaryPackage;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'oncekey-copy-test-'));
    temp = join(folder, 'temp');
    mkdirSync(temp);
    const native = join(folder, 'package', 'native');
    for (const part of ['bin', 'lib']) mkdirSync(join(native, part), { recursive: true });
    for (const program of ['postgres', 'initdb', 'pg_ctl'])
      writeFileSync(join(native, 'bin', program), program);
    writeFileSync(join(native, 'lib', 'libpq.so.5.18'), 'library');
    from = {
      folder: join(folder, 'package'),
      version: '18.4.0',
      links: [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }],
    };
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const library = (copy: string): string => readFileSync(join(copy, 'native', 'lib', 'libpq.so.5'), 'utf8');

  it('has the links that the package lacks, and programs that run', () => {
    const copy = privateCopy(from, temp);
    expect(library(copy)).toBe('library');
    expect(lstatSync(join(copy, 'native', 'bin', 'postgres')).mode & 0o777).toBe(0o755);
    expect(readdirSync(temp)).toHaveLength(1);
  });

  it('is made once', () => {
    const first = lstatSync(privateCopy(from, temp));
    expect(lstatSync(privateCopy(from, temp)).ino).toBe(first.ino);
  });

  it('is made anew when a cleaner took something out of it', () => {
    const copy = privateCopy(from, temp);
    rmSync(join(copy, 'native', 'lib', 'libpq.so.5.18'));
    expect(library(privateCopy(from, temp))).toBe('library');
  });

  it.each<{ name: string; spoil: (copy: string) => void }>([
    { name: 'can be written by others', spoil: (copy) => chmodSync(copy, 0o777) },
    {
      name: 'is a link to somewhere else',
      spoil: (copy) => {
        rmSync(copy, { recursive: true });
        symlinkSync(folder, copy);
      },
    },
  ])('is not used when its place $name', ({ spoil }) => {
    spoil(privateCopy(from, temp));
    expect(() => privateCopy(from, temp)).toThrow(/belongs to somebody else or can be written by others/);
  });
});
