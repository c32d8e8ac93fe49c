import { closeAll, givingMetadata, metadataOf, refuses, standInBroker } from '../test/stand-in-broker.ts';
import { brokerEndpoints } from './broker-endpoints.ts';
import { nodeConnection } from './node/node-connection.ts';

const connection = nodeConnection();

afterEach(closeAll);
afterAll(() => connection.close());

describe('brokerEndpoints', () => {
  it('finds the endpoint once', async () => {
    const { issuer, discoveries } = await standInBroker([refuses]);
    const find = brokerEndpoints(issuer, connection, 200);
    const found = await Promise.all([find(), find()]);
    found.push(await find());
    expect(found.map(({ introspection }) => introspection.href)).toEqual(
      Array(3).fill(`${issuer}/introspect`),
    );
    expect(discoveries()).toBe(1);
  });

  it.each<{ name: string; metadata: (issuer: string) => object }>([
    { name: 'of another issuer', metadata: (issuer) => ({ ...metadataOf(issuer), issuer: `${issuer}/` }) },
    { name: 'without an endpoint', metadata: (issuer) => ({ issuer }) },
    {
      name: 'in the clear',
      metadata: (issuer) => ({ issuer, introspection_endpoint: 'http://broker.example/i' }),
    },
    { name: 'that is no object', metadata: () => [] },
  ])('does not believe metadata $name, and asks again the next time', async ({ metadata }) => {
    const { issuer, discoveries } = await standInBroker([refuses], metadata);
    const find = brokerEndpoints(issuer, connection, 200);
    await expect(find()).rejects.toMatchObject({ name: 'BrokerFailure' });
    await expect(find()).rejects.toMatchObject({ isPassing: false });
    expect(discoveries()).toBe(2);
  });

  it('remembers no failure to connect', async () => {
    const { issuer } = await standInBroker([refuses]);
    await closeAll();
    const find = brokerEndpoints(issuer, connection, 200);
    await expect(find()).rejects.toMatchObject({ name: 'BrokerFailure', isPassing: true });
  });

  it.each<{ name: string; changes: (issuer: string) => object; expected: string | null }>([
    { name: 'the token endpoint', changes: () => ({}), expected: '/token' },
    { name: 'none without the grant', changes: () => ({ grant_types_supported: ['x'] }), expected: null },
    {
      name: 'none where introspection takes no bearer token',
      changes: () => ({ introspection_endpoint_auth_methods_supported: ['private_key_jwt'] }),
      expected: null,
    },
    {
      name: 'none in the clear',
      changes: () => ({ token_endpoint: 'http://x.example/token' }),
      expected: null,
    },
    { name: 'none where it says nothing', changes: () => ({ grant_types_supported: 'x' }), expected: null },
  ])('finds $name for caller tokens', async ({ changes, expected }) => {
    const { issuer } = await standInBroker([refuses], (of) => ({ ...givingMetadata(of), ...changes(of) }));
    const { token } = await brokerEndpoints(issuer, connection, 1_000)();
    expect(token?.href ?? null).toBe(expected === null ? null : `${issuer}${expected}`);
  });
});
