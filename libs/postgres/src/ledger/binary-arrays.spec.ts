import {
  byteaArray,
  float8Array,
  int2Array,
  int4Array,
  isUuid,
  jsonbArray,
  textArray,
  uuidArray,
} from './binary-arrays.ts';

const header = (oid: number, count: number): string =>
  [
    '00000001',
    '00000001',
    oid.toString(16).padStart(8, '0'),
    count.toString(16).padStart(8, '0'),
    '00000001',
  ].join('');

describe('binary arrays', () => {
  it.each([
    {
      name: 'UUIDs',
      array: uuidArray(['00112233-4455-6677-8899-AABBCCDDEEFF', '01010101-0101-0101-0101-010101010101']),
      oid: 2950,
      elements: `00000010${'00112233445566778899aabbccddeeff'}00000010${'01'.repeat(16)}`,
    },
    { name: 'smallints', array: int2Array([1, -1]), oid: 21, elements: '000000020001' + '00000002ffff' },
    {
      name: 'integers with a null',
      array: int4Array([7, null]),
      oid: 23,
      elements: '0000000400000007' + 'ffffffff',
    },
    {
      name: 'doubles',
      array: float8Array([1.5, 0]),
      oid: 701,
      elements: '000000083ff8000000000000' + '000000080000000000000000',
    },
    {
      name: 'bytes with a null',
      array: byteaArray([Buffer.from('00ff', 'hex'), null]),
      oid: 17,
      elements: '0000000200ff' + 'ffffffff',
    },
    {
      name: 'texts of more than one byte per character',
      array: textArray(['é☃', null]),
      oid: 25,
      elements: '00000005c3a9e29883' + 'ffffffff',
    },
    { name: 'JSON', array: jsonbArray(['{}', '1']), oid: 3802, elements: '00000003017b7d' + '000000020131' },
  ])('writes $name', ({ array, oid, elements }) => {
    expect(array.toString('hex')).toBe(header(oid, 2) + elements);
  });

  it.each([
    ['0190f3a0-0000-7000-8000-000000000000', true],
    ['0190F3A0-0000-7000-8000-00000000000F', true],
    ['0190f3a0000070008000000000000000', false],
    ['0190f3a0-0000-7000-8000-00000000000g', false],
    ['0190f3a0-0000-7000-8000-000000000000 ', false],
    ['', false],
  ])('knows whether %j is a UUID', (text, expected) => {
    expect(isUuid(text)).toBe(expected);
  });
});
