import { OncekeyError } from '#client';
import { AdminClient, type AdminCall } from './admin-client.ts';

function clientOf(answer: Response | Error): { client: AdminClient; asked: Request[] } {
  const asked: Request[] = [];
  const fetch = (input: string | URL | Request): Promise<Response> => {
    asked.push(input as Request);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { client: new AdminClient('https://admin.example/base/', { fetch }), asked };
}

const CALL: AdminCall = { method: 'GET', path: '/policies' };

describe('AdminClient', () => {
  it('sends what a call says, below the URL of the admin API', async () => {
    const { client, asked } = clientOf(Response.json({ id: 'a' }, { headers: { etag: '"7"' } }));
    const { body, etag } = await client.call({
      method: 'POST',
      path: '/policies',
      query: { limit: '2', cursor: undefined },
      body: { id: 'a' },
      ifMatch: '"6"',
      idempotencyKey: 'k',
    });
    expect([body.text('id'), etag]).toEqual(['a', '"7"']);
    const [request] = asked;
    expect([request?.method, request?.url, await request?.text()]).toEqual([
      'POST',
      'https://admin.example/base/admin/v1/policies?limit=2',
      '{"id":"a"}',
    ]);
    expect(['if-match', 'idempotency-key', 'content-type'].map((name) => request?.headers.get(name))).toEqual(
      ['"6"', '"k"', 'application/json'],
    );
  });

  it('takes an answer without a body', async () => {
    const { client } = clientOf(new Response(null, { status: 204 }));
    expect((await client.call(CALL)).body.value).toBeNull();
  });

  it('makes a failure of a problem, each error on a line', async () => {
    const { client } = clientOf(
      Response.json(
        {
          type: 'urn:oncekey:problem:admin.invalid',
          title: 'the document was not accepted',
          status: 422,
          errors: [
            { detail: 'no such operation', policy: 'a', line: 3, column: 7, suggestion: 'orders.refund' },
            { detail: 'must be a list', pointer: '#/apis' },
          ],
        },
        { status: 422 },
      ),
    );
    await expect(client.call(CALL)).rejects.toMatchObject({
      reason: 'admin.invalid',
      exitCode: 1,
      message:
        'the document was not accepted (admin.invalid)\n  a:3:7 no such operation (orders.refund)\n  #/apis must be a list',
    });
  });

  it.each<{ name: string; answer: Response | Error; exitCode: number; says: RegExp }>([
    {
      name: 'a refusal that is no problem document',
      answer: new Response('<html>', { status: 502 }),
      exitCode: 1,
      says: /status 502/,
    },
    {
      name: 'an admin API that cannot answer now',
      answer: new Response('{}', { status: 503 }),
      exitCode: 3,
      says: /503/,
    },
    {
      name: 'an admin API that is not there',
      answer: new TypeError('fetch failed'),
      exitCode: 3,
      says: /admin\.example.* does not answer/,
    },
    {
      name: 'a policy that says no',
      answer: new OncekeyError('invalid_target', { status: 400, reasonId: 'r1' }),
      exitCode: 1,
      says: /oncekey explain r1/,
    },
    {
      name: 'a policy that wants another sign-in',
      answer: new OncekeyError('insufficient_user_authentication', {
        status: 400,
        stepUp: { acrValues: ['phr', 'phrh'], maxAgeSeconds: 60 },
      }),
      exitCode: 1,
      says: /oncekey login --acr-values 'phr phrh' --max-age 60/,
    },
    {
      name: 'a broker that is not there',
      answer: new OncekeyError('unreachable'),
      exitCode: 3,
      says: /unreachable/,
    },
  ])('fails for $name', async ({ answer, exitCode, says }) => {
    const { client } = clientOf(answer);
    await expect(client.call(CALL)).rejects.toMatchObject({ exitCode, message: expect.stringMatching(says) });
  });
});
