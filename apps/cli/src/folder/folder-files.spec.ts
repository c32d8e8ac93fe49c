import { diffReleases, isEmptyDiff, type ReleaseDocument } from '#core';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderChanges } from './folder-files.ts';
import { readPolicyFolder } from './read-policy-folder.ts';
import { readTexts, writeTexts } from './read-texts.ts';

const PERMIT = 'permit (principal in Group::"a", action == Action::"orders.read", resource == Api::"orders")';

const RELEASE: ReleaseDocument = {
  apis: [
    {
      id: 'orders',
      operations: [
        { id: 'orders.read', method: 'GET', path: '/orders/{id}', tags: ['read', 'bulk'] },
        { id: 'orders.list', method: 'GET', path: '/orders', tags: [] },
      ],
    },
  ],
  claimed: { ticket: 'String' },
  policies: [
    { id: 'no-newline', cedar: `@id("no-newline")\n${PERMIT};` },
    { id: 'newline', cedar: `// Why.\n@id("newline")\n${PERMIT};\n` },
    { id: 'unnamed.read', cedar: `\n\n  ${PERMIT}; // at the end\n\n` },
    { id: 'windows', cedar: `@id("windows")\r\n${PERMIT};\r\n` },
  ],
  tests: [
    {
      id: 'reads',
      name: 'somebody reads: "x" # y',
      principal: { issuer: 'https://login.example', subject: '007', groups: ['a', 'yes', '1e3'] },
      operation: 'orders.read',
      parameters: { id: '0042' },
      device_key: null,
      claimed: { ticket: 'null' },
      time: '2026-01-05T09:00:00Z',
      expect: { decision: 'permit' },
    },
  ],
};

async function inFolder(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'oncekey-folder-'));
  await writeTexts(folder, new Map(Object.entries(files)));
  return folder;
}

async function pull(folder: string, release: ReleaseDocument): Promise<readonly string[]> {
  const { changes, conflicts } = folderChanges(release, await readTexts(folder));
  await writeTexts(folder, changes);
  return conflicts;
}

async function read(folder: string): Promise<ReleaseDocument> {
  const found = await readPolicyFolder(folder);
  if ('problems' in found) throw new Error(JSON.stringify(found.problems));
  return found.document;
}

describe('a folder that was pulled', () => {
  it('is read again as the release that it came from, byte for byte', async () => {
    const folder = await inFolder({});
    expect(await pull(folder, RELEASE)).toEqual([]);
    expect(readdirSync(folder).toSorted()).toEqual([
      'catalog.yaml',
      'newline.cedar',
      'no-newline.cedar',
      'tests.yaml',
      'unnamed.read.cedar',
      'windows.cedar',
    ]);
    expect(isEmptyDiff(diffReleases(RELEASE, await read(folder)))).toBe(true);
    expect(folderChanges(RELEASE, await readTexts(folder)).changes.size).toBe(0);
  });

  it('keeps files that say the same in other words', async () => {
    const folder = await inFolder({});
    await pull(folder, RELEASE);
    const catalog = readFileSync(join(folder, 'catalog.yaml'), 'utf8').replace('- read\n', '- read # tag\n');
    writeFileSync(join(folder, 'catalog.yaml'), `# mine\n${catalog}`);
    const two = `@id("a")\n${PERMIT};\n\n@id("b")\n${PERMIT};\n`;
    writeFileSync(join(folder, 'two.cedar'), two);
    const policies = ['a', 'b'].map((id) => ({ id, cedar: `@id("${id}")\n${PERMIT};\n` }));
    const release = { ...RELEASE, policies: [...RELEASE.policies, ...policies] };
    expect(folderChanges(release, await readTexts(folder)).changes.size).toBe(0);
  });

  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    [
      'a policy that says something else',
      { 'newline.cedar': `@id("newline")\nforbid (principal, action, resource);\n` },
      ['newline.cedar'],
    ],
    ['a policy that is not on the server', { 'mine.cedar': `${PERMIT};\n` }, ['mine.cedar']],
    ['a file that is no policy', { 'broken.cedar': 'permit (' }, ['broken.cedar']],
    ['another catalog', { 'catalog.yaml': 'apis: []\n' }, ['catalog.yaml']],
    ['other tests', { 'tests.yaml': '[]\n' }, ['tests.yaml']],
  ])('tells of %s, and replaces it', async (_, files, conflicts) => {
    const folder = await inFolder(files);
    expect(await pull(folder, RELEASE)).toEqual(conflicts);
    expect(isEmptyDiff(diffReleases(RELEASE, await read(folder)))).toBe(true);
  });
});
