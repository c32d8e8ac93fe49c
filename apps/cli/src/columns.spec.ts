import { columns } from './columns.ts';

test('columns are as wide as their widest cell, and end where they end', () => {
  expect(
    columns(
      [
        ['a', 'bb', 'c'],
        ['aaa', '', ''],
        ['\u001b[32maa\u001b[39m', 'b'],
      ],
      '  ',
    ),
  ).toEqual(['  a    bb  c', '  aaa', '  \u001b[32maa\u001b[39m   b']);
});
