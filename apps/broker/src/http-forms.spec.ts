import { rawHttp } from '../../../test/support/raw-http.ts';
import { FORM_TYPE, GOOD, post } from '../../../test/support/raw-requests.ts';
import { REASON_ID, serveBrokerEdge, type ServedEdge } from '../../../test/support/serve-broker-edge.ts';

let edge: ServedEdge;
beforeAll(async () => {
  edge = await serveBrokerEdge();
});
afterAll(() => edge.stop());
beforeEach(() => {
  for (const list of [edge.recorded, edge.exchanges, edge.introspections]) list.splice(0);
});
afterEach(async () => {
  // The positive control: whatever came before, the next good request succeeds.
  expect((await rawHttp(edge.port, post([FORM_TYPE]))).status).toBe(200);
});

describe('H-02: media types of a form', () => {
  it.each([
    ['as it should be', [FORM_TYPE], 200],
    ['upper case', ['CONTENT-TYPE: APPLICATION/X-WWW-FORM-URLENCODED'], 200],
    ['with charset utf-8', [`${FORM_TYPE};charset=UTF-8`], 200],
    ['with another charset', [`${FORM_TYPE};charset=utf-16`], 415],
    ['with rubbish behind', [`${FORM_TYPE}\tx`], 415],
    ['JSON', ['Content-Type: application/json'], 415],
    ['multipart', ['Content-Type: multipart/form-data; boundary=x'], 415],
    ['plain text', ['Content-Type: text/plain'], 415],
    ['no type', [], 415],
    ['an empty type', ['Content-Type:'], 415],
    ['two of them', [FORM_TYPE, FORM_TYPE], 415],
    ['two, another first', ['Content-Type: text/plain', FORM_TYPE], 415],
  ])('%s', async (_, headers, status) => {
    const answer = await rawHttp(edge.port, post(headers));
    expect(answer.status).toBe(status);
    expect(edge.introspections).toHaveLength(status === 200 ? 1 : 0);
    if (status === 415) {
      expect(edge.recorded).toEqual(
        [
          {
            type: 'token.introspect',
            reason: 'request.wrong_media_type',
            detail: expect.anything() as unknown,
          },
        ].map((one) => ({ ...one, detail: edge.recorded[0]?.detail ?? null })),
      );
    }
  });
});

describe('H-01, H-04, H-05, H-18: bodies', () => {
  const chunked = (...chunks: string[]): string =>
    [...chunks, ''].map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('');

  it.each([
    [
      'chunked without a length',
      post([FORM_TYPE, 'Transfer-Encoding: chunked'], chunked('token', '=once_x')),
      200,
      null,
    ],
    ['a repeated parameter', post([FORM_TYPE], 'token=a&token=b'), 400, 'request.malformed'],
    ['a parameter a[]', post([FORM_TYPE], 'token=a&x[]=b'), 400, 'request.malformed'],
    ['a parameter a[b]', post([FORM_TYPE], 'token=a&x%5Bb%5D=b'), 400, 'request.malformed'],
    ['1500 parameters', post([FORM_TYPE], `token=a${'&b=c'.repeat(1500)}`), 400, 'request.malformed'],
    ['a parameter name of 60 kB', post([FORM_TYPE], `${'n'.repeat(60_000)}=1`), 400, 'request.malformed'],
    ['no body', post([FORM_TYPE], ''), 400, 'request.malformed'],
    ['bytes that are not UTF-8', post([FORM_TYPE], 'token=\xff\xfe'), 400, 'request.malformed'],
    ['200 kB', post([FORM_TYPE], `token=${'a'.repeat(200_000)}`), 413, 'request.too_large'],
    [
      'a length that promises 1 GB',
      post([FORM_TYPE, 'Content-Length: 1073741824'], GOOD),
      413,
      'request.too_large',
    ],
    [
      '200 kB in chunks',
      post([FORM_TYPE, 'Transfer-Encoding: chunked'], chunked('a'.repeat(200_000))),
      413,
      'request.too_large',
    ],
    ['gzip', post([FORM_TYPE, 'Content-Encoding: gzip']), 415, 'request.wrong_media_type'],
    ['br', post([FORM_TYPE, 'Content-Encoding: br']), 415, 'request.wrong_media_type'],
    ['identity', post([FORM_TYPE, 'Content-Encoding: identity']), 415, 'request.wrong_media_type'],
  ])('%s', async (_, bytes, status, reason) => {
    const answer = await rawHttp(edge.port, Buffer.from(bytes, 'latin1'));
    expect(answer.status).toBe(status);
    expect(edge.recorded.map((one) => one.reason)).toEqual(reason === null ? [] : [reason]);
    if (status === 413) expect(answer.headers['connection']).toBe('close');
    if (reason !== null) expect(answer.headers['oncekey-reason-id']).toBe(REASON_ID);
  });
});
