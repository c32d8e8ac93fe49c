import { readDevice } from './read-device.ts';

const KEY = 'A'.repeat(43);
const OTHER_KEY = `${'A'.repeat(42)}E`;
const GOOD = {
  id: 'adas-laptop',
  owner: { issuer: 'https://idp.example', subject: 'ada' },
  keys: [KEY],
  platform: 'macos',
};

describe(readDevice.name, () => {
  it('reads a device', () => {
    expect(readDevice({ ...GOOD, attested_at: '2026-01-05T09:00:00Z' })).toEqual({
      registration: { ...GOOD, attestedAt: Date.parse('2026-01-05T09:00:00Z') },
    });
    expect(readDevice(GOOD)).toEqual({ registration: { ...GOOD, attestedAt: null } });
  });

  it.each<[string, object | null, string]>([
    ['no object', null, '#'],
    ['an unknown member', { ...GOOD, trusted: true }, '#/trusted'],
    ['an id in capitals', { ...GOOD, id: 'Ada' }, '#/id'],
    ['no owner', { ...GOOD, owner: undefined }, '#/owner/issuer'],
    ['a list for an owner', { ...GOOD, owner: [] }, '#/owner/issuer'],
    ['an owner with more', { ...GOOD, owner: { ...GOOD.owner, admin: true } }, '#/owner'],
    ['an owner without a subject', { ...GOOD, owner: { issuer: 'https://idp.example' } }, '#/owner/subject'],
    [
      'a subject with an escape',
      { ...GOOD, owner: { ...GOOD.owner, subject: 'a\u001b[2J' } },
      '#/owner/subject',
    ],
    ['no keys', { ...GOOD, keys: [] }, '#/keys'],
    ['an object for keys', { ...GOOD, keys: {} }, '#/keys'],
    ['nine keys', { ...GOOD, keys: Array.from({ length: 9 }, () => KEY) }, '#/keys'],
    ['a key twice', { ...GOOD, keys: [KEY, KEY] }, '#/keys'],
    ['a key that is none', { ...GOOD, keys: [KEY, 'short'] }, '#/keys/1'],
    ['a second spelling of a key', { ...GOOD, keys: [`${'A'.repeat(42)}F`] }, '#/keys/0'],
    ['a platform with markup', { ...GOOD, platform: '<b>' }, '#/platform'],
    ['a time without a zone', { ...GOOD, attested_at: '2026-01-05T09:00:00' }, '#/attested_at'],
    ['a day that there is not', { ...GOOD, attested_at: '2026-13-05T09:00:00Z' }, '#/attested_at'],
    ['null for a time', { ...GOOD, attested_at: null }, '#/attested_at'],
  ])('refuses %s', (_, document, pointer) => {
    const read = readDevice(document);
    expect('problems' in read && read.problems.map((problem) => problem.pointer)).toContain(pointer);
    expect(readDevice({ ...GOOD, keys: [KEY, OTHER_KEY] })).toHaveProperty('registration');
  });
});
