import { readFileSync } from 'node:fs';

interface LockedPackage {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: true;
}

const lockfile = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};
const installed = Object.entries(lockfile.packages).filter(
  ([path, { link }]) => path.includes('node_modules/') && link !== true,
);

/** The digest of what is installed, as npm compares it (Subresource Integrity). */
const SHA_512 = /^sha512-[A-Za-z0-9+/]{86}==$/;

it('B-10: nothing is installed but what the lockfile has the digest of', () => {
  expect(installed.length).toBeGreaterThan(100);
  expect(installed.filter(([, { integrity = '' }]) => !SHA_512.test(integrity))).toEqual([]);
});

it('B-10: nothing is installed from a repository, a folder or a bare URL', () => {
  expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});

it('B-10: no script of a dependency runs when it is installed', () => {
  expect(readFileSync('.npmrc', 'utf8').split('\n')).toContain('ignore-scripts=true');
  expect(readFileSync('Dockerfile', 'utf8').match(/npm ci(?! --ignore-scripts)/)).toBeNull();
});
