import { DocumentReader } from './document-reader.ts';
import { readBrowserOrigins } from './read-browser-origins.ts';

const strict = { allowHttpLoopback: false };

function origins(value: unknown, rules = strict): readonly string[] | string {
  const read = new DocumentReader(value === undefined ? {} : { browser_origins: value }, ['browser_origins']);
  const found = readBrowserOrigins(read, rules);
  return read.problems.length === 0 ? [...found] : 'refused';
}

describe('browser_origins', () => {
  it.each<{ name: string; value: unknown; expect: readonly string[] | 'refused' }>([
    { name: 'are none when they are absent', value: undefined, expect: [] },
    { name: 'may be none', value: [], expect: [] },
    {
      name: 'are origins',
      value: ['https://app.example', 'https://b.example:8443'],
      expect: ['https://app.example', 'https://b.example:8443'],
    },
    { name: 'are no text', value: 'https://app.example', expect: 'refused' },
    { name: 'have no path', value: ['https://app.example/'], expect: 'refused' },
    {
      name: 'have no default port, which no browser sends',
      value: ['https://app.example:443'],
      expect: 'refused',
    },
    { name: 'are in lower case', value: ['https://App.example'], expect: 'refused' },
    { name: 'are not all origins', value: ['*'], expect: 'refused' },
    { name: 'are no patterns', value: ['https://*.app.example'], expect: 'refused' },
    { name: 'are not that of a sandbox or a file', value: ['null'], expect: 'refused' },
    { name: 'are https', value: ['http://app.example'], expect: 'refused' },
    { name: 'are https here too', value: ['http://127.0.0.1:3000'], expect: 'refused' },
    {
      name: 'are not seventeen',
      value: Array.from({ length: 17 }, (_, at) => `https://a${at}.example`),
      expect: 'refused',
    },
  ])('$name', ({ value, expect: expected }) => {
    expect(origins(value)).toEqual(expected);
  });

  it('may be of this machine in development', () => {
    const local = ['http://127.0.0.1:3000'];
    expect(origins(local, { allowHttpLoopback: true })).toEqual(local);
  });
});
