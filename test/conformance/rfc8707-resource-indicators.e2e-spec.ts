import { expectError, useBroker } from '../support/deployment/conforming-broker.ts';
import { API, OTHER_API } from '../support/deployment/deployment.ts';

/** RFC 8707: exactly one resource server, which every token is for. */
const broker = useBroker();

it.each<[string, string | undefined]>([
  ['check 41, RFC 8707 §2.1: no resource', undefined],
  ['check 42, RFC 8707 §2: a resource with a fragment', `${API}#x`],
  ['check 42, RFC 8707 §2: a relative resource', '/v1'],
  ['check 43, RFC 8693 §2.2.2: a resource that nobody has registered', 'https://unknown.example/'],
  ['check 43, RFC 8693 §2.2.2: a path below a registered resource', `${API}/orders`],
])('%s is an invalid_target', async (_, resource) => {
  expectError(await broker.caller.exchange({ resource }), '400 invalid_target');
});

it('check 44, RFC 8693 §2.1.1: two resources are an invalid_target, since a token is for one', async () => {
  const form = new URLSearchParams(broker.caller.parameters() as Record<string, string>);
  form.append('resource', OTHER_API);
  const headers = { DPoP: broker.caller.proof() };
  const response = await fetch(`${broker.caller.url}/token`, { method: 'POST', headers, body: form });
  const text = await response.text();
  const { status, headers: answered } = response;
  expectError(
    { status, headers: answered, text, body: JSON.parse(text) as object as never },
    '400 invalid_target',
  );
});

it('RFC 8707 §2.2: the token is for the resource as it is registered', async () => {
  const { body } = await broker.caller.introspect(await broker.caller.token());
  expect(body).toMatchObject({ active: true, aud: API });
});
