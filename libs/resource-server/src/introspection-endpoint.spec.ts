import { closeAll, metadataOf, refuses, standInBroker } from '../test/stand-in-broker.ts';
import { introspectionEndpoint } from './introspection-endpoint.ts';
import { nodeConnection } from './node/node-connection.ts';

const connection = nodeConnection();

afterEach(closeAll);
afterAll(() => connection.close());

describe('introspectionEndpoint', () => {
  it('finds the endpoint once', async () => {
    const { issuer, discoveries } = await standInBroker([refuses]);
    const find = introspectionEndpoint(issuer, connection, 200);
    const found = await Promise.all([find(), find()]);
    found.push(await find());
    expect(found.map((url) => url.href)).toEqual(Array(3).fill(`${issuer}/introspect`));
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
    const find = introspectionEndpoint(issuer, connection, 200);
    await expect(find()).rejects.toMatchObject({ name: 'BrokerFailure' });
    await expect(find()).rejects.toMatchObject({ isPassing: false });
    expect(discoveries()).toBe(2);
  });

  it('remembers no failure to connect', async () => {
    const { issuer } = await standInBroker([refuses]);
    await closeAll();
    const find = introspectionEndpoint(issuer, connection, 200);
    await expect(find()).rejects.toMatchObject({ name: 'BrokerFailure', isPassing: true });
  });
});
