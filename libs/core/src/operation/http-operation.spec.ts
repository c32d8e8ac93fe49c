import { readAuthorizationDetails } from './http-operation.ts';

const DIGEST = { 'sha-256': '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' };
const detail = {
  type: 'http_operation',
  locations: ['https://api.example'],
  actions: ['POST'],
  target_uri: 'https://api.example/orders/42/refund?x=1',
};
const read = (...details: readonly unknown[]) => readAuthorizationDetails(JSON.stringify(details));

test('reads one operation as it was asked for', () => {
  expect(read(detail)).toEqual({
    location: 'https://api.example',
    method: 'POST',
    targetUri: 'https://api.example/orders/42/refund?x=1',
    contentDigest: null,
    contentType: null,
  });
});

test('reads what is optional', () => {
  expect(
    read({ ...detail, content_digest: DIGEST, content_type: 'application/json; charset=utf-8' }),
  ).toMatchObject({
    contentDigest: DIGEST,
    contentType: 'application/json; charset=utf-8',
  });
});

test.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('reads the method %s', (method) => {
  expect(read({ ...detail, actions: [method] })?.method).toBe(method);
});

test.each([
  'text/plain',
  'application/vnd.orders+json',
  'multipart/form-data; boundary=x',
  'APPLICATION/JSON',
])('reads the content type %s', (type) => {
  expect(read({ ...detail, content_type: type })?.contentType).toBe(type);
});

test.each<[string, object]>([
  ['check 51 an unknown type', { type: 'payment_initiation' }],
  ['check 51 a type in capitals', { type: 'HTTP_OPERATION' }],
  ['check 51 no type', { type: undefined }],
  ['check 52 an unknown member', { privileges: ['admin'] }],
  ['check 52 a member in capitals', { Target_uri: 'https://evil.test' }],
  ['check 52 no locations', { locations: undefined }],
  ['check 52 locations as a string', { locations: 'https://api.example' }],
  ['check 52 no location', { locations: [] }],
  ['check 52 two locations', { locations: ['https://api.example', 'https://evil.test'] }],
  ['check 52 a location that is a number', { locations: [1] }],
  ['X-22 no actions', { actions: undefined }],
  ['X-22 no action', { actions: [] }],
  ['X-22 two actions', { actions: ['GET', 'POST'] }],
  ['X-22 an action as a string', { actions: 'GET' }],
  ['X-22, I-20 a method in lower case', { actions: ['get'] }],
  ['X-22, I-20 a method in mixed case', { actions: ['Get'] }],
  ['X-22, I-20 a method with a blank', { actions: ['GET '] }],
  ['X-22, I-20 a method with a tab', { actions: ['GET\t'] }],
  ['X-22 any method', { actions: ['*'] }],
  ['X-22 an unknown method', { actions: ['PURGE'] }],
  ['X-22 CONNECT', { actions: ['CONNECT'] }],
  ['X-22 an empty method', { actions: [''] }],
  ['X-22 a method that every object has', { actions: ['constructor'] }],
  ['check 52 no target', { target_uri: undefined }],
  ['check 52 a target that is a list', { target_uri: ['https://api.example'] }],
  ['check 52 a target that is null', { target_uri: null }],
  ['check 56 a digest by md5', { content_digest: { md5: 'AA==' } }],
  ['check 52 a digest that is null', { content_digest: null }],
  ['check 52 a digest that is a string', { content_digest: DIGEST['sha-256'] }],
  ['check 52 an empty digest', { content_digest: {} }],
  ['check 52 a content type that is null', { content_type: null }],
  ['check 52 an empty content type', { content_type: '' }],
  ['check 52 a content type without subtype', { content_type: 'json' }],
  ['check 52 a content type with a newline', { content_type: 'text/plain\r\nX: y' }],
  ['check 52 a content type of any kind', { content_type: '*/*' }],
])('refuses %s', (_, change) => {
  expect(read({ ...detail, ...change })).toBeNull();
  expect(read(detail)).not.toBeNull();
});

test.each([
  ['X-25 no JSON', 'POST https://api.example/'],
  ['X-25 nothing', ''],
  ['X-25 null', 'null'],
  ['X-25 an object', JSON.stringify(detail)],
  ['X-25 an empty list', '[]'],
  ['X-25 a list of null', '[null]'],
  ['X-25 a list in a list', JSON.stringify([[detail]])],
  ['check 53 two operations', JSON.stringify([detail, detail])],
  ['X-25 1000 operations', JSON.stringify(Array(1000).fill(detail))],
  ['X-25 100 lists deep', `${'['.repeat(100)}${']'.repeat(100)}`],
  ['X-25 10^5 lists deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ['X-25 a member twice', JSON.stringify([detail]).replace('"actions"', '"actions":["GET"],"actions"')],
  [
    'X-25 a member twice, once escaped',
    JSON.stringify([detail]).replace('"actions"', '"\\u0061ctions":["GET"],"actions"'),
  ],
  [
    'X-25 a digest twice',
    JSON.stringify([{ ...detail, content_digest: DIGEST }]).replace('{"sha-256"', '{"sha-256":"x","sha-256"'),
  ],
  ['J-34 a type by way of __proto__', '[{"__proto__":{"type":"http_operation"}}]'],
  ['J-34 __proto__ beside the rest', JSON.stringify([detail]).replace('{"type"', '{"__proto__":{},"type"')],
  ['X-22 10 kB', JSON.stringify([{ ...detail, target_uri: `https://api.example/${'a'.repeat(10_240)}` }])],
])('refuses %s', (_, text) => {
  expect(readAuthorizationDetails(text)).toBeNull();
});
