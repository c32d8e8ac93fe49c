import { servedPaths } from '../served-paths.ts';
import { writeBrokerDocument } from './broker-document.ts';

it('describes every path that is served, with its errors and examples, and needs no database', async () => {
  const document = await writeBrokerDocument();
  expect(Object.keys(document.paths).toSorted()).toEqual(
    servedPaths('https://broker.example')
      .map(({ route }) => route)
      .toSorted(),
  );
  const token = document.paths['/token']?.post;
  expect(Object.keys(token?.responses ?? {})).toEqual([
    '200',
    '400',
    '401',
    '405',
    '413',
    '415',
    '429',
    '500',
    '503',
  ]);
  expect(Object.keys(document.paths['/introspect']?.post?.responses ?? {})).toContain('422');
  expect(JSON.stringify(token?.requestBody)).toContain('application/x-www-form-urlencoded');
  expect(JSON.stringify(token?.responses)).toContain('insufficient_user_authentication');
  expect(document.servers).toMatchObject([{ url: 'https://broker.example' }]);
});

it('is the same each time it is written', async () => {
  expect(await writeBrokerDocument()).toEqual(await writeBrokerDocument());
});
