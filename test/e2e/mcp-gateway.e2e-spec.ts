import { readFile } from 'node:fs/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { createOncekeyClient } from '#client';
import { createGuard, type Grant, type Guard } from '#resource-server';
import { API, deploy, type Deployment } from '../support/deployment/deployment.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { mcpGateway, type OperationTool } from '../support/mcp-gateway.ts';

const POLICIES = {
  'no-briefs-by-agents': `forbid (principal, action == Action::"orders.brief", resource)
when { context.actor.depth > 0 };`,
};

const tool = (name: string, method: string, path: string, body?: object): OperationTool => ({
  name,
  description: name,
  method,
  path,
  ...(body === undefined ? {} : { body }),
});

const TOOLS = [
  tool('orders.read', 'GET', '/orders/{id}'),
  tool('orders.refund', 'POST', '/orders/{id}/refund', { type: 'object' }),
  tool('orders.brief', 'POST', '/orders/{id}/brief'),
  tool('orders.secure', 'POST', '/orders/{id}/secure'),
];

/** The recipe of docs/mcp-gateway.md with the public MCP SDK, a broker, and an API behind a guard. */
describe('an MCP gateway', () => {
  let deployment: Deployment;
  let guard: Guard;
  const agent = new Client({ name: 'agent', version: '1.0.0' });
  const served: { grant: Grant; body: string }[] = [];

  beforeAll(async () => {
    const { url } = await freshDatabase();
    deployment = await deploy({ databaseUrl: url, policies: POLICIES });
    const { client, server } = deployment.keys;
    guard = createGuard({
      issuer: deployment.issuer,
      clientId: 'orders-api',
      privateKey: server.privateKey,
      keyId: server.kid,
      resource: API,
    });
    const oncekey = createOncekeyClient({
      issuer: deployment.issuer,
      clientId: 'desk',
      clientKey: { ...client.privateKey.export({ format: 'jwk' }), kty: 'EC', kid: client.kid },
      subjectToken: () => deployment.issuerServer.idToken(),
      actorToken: () => deployment.issuerServer.idToken({ sub: 'agent-7', aud: 'agents', groups: [] }),
      resources: [API],
      fetch: fetchOrServe,
    });
    const gateway = mcpGateway({ resource: API, tools: TOOLS, clientFor: () => oncekey });
    const [near, far] = InMemoryTransport.createLinkedPair();
    await Promise.all([gateway.connect(far), agent.connect(near)]);
  }, 60_000);
  beforeEach(() => served.splice(0));
  afterAll(async () => {
    await agent.close();
    guard.close();
    await deployment.stop();
  });

  async function fetchOrServe(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    if (!request.url.startsWith(API)) return fetch(request);
    const rawBody = new Uint8Array(await request.arrayBuffer());
    const decision = await guard.check({
      method: request.method,
      rawUrl: request.url.slice('https://api.example'.length),
      rawHeaders: ['Host', 'api.example', ...[...request.headers].flat()],
      rawBody,
    });
    if (!decision.granted) return Response.json(decision.refusal.body, { status: decision.refusal.status });
    served.push({ grant: decision.grant, body: Buffer.from(rawBody).toString() });
    return Response.json({ done: true });
  }

  const call = (name: string, args: Record<string, unknown>) => agent.callTool({ name, arguments: args });

  it('offers operations as tools', async () => {
    const { tools } = await agent.listTools();
    expect(tools.map(({ name, inputSchema }) => [name, inputSchema.required])).toEqual([
      ['orders.read', ['id']],
      ['orders.refund', ['id', 'body']],
      ['orders.brief', ['id']],
      ['orders.secure', ['id']],
    ]);
  });

  it('turns each tool call into one operation with a token of its own', async () => {
    for (const id of ['42', '43']) {
      const { isError, content } = await call('orders.refund', { id, body: { amount: 5 } });
      expect([isError, content]).toEqual([undefined, [{ type: 'text', text: '{"done":true}' }]]);
    }
    expect(served.map(({ grant, body }) => [grant.method, grant.targetUri, body])).toEqual([
      ['POST', `${API}/orders/42/refund`, '{"amount":5}'],
      ['POST', `${API}/orders/43/refund`, '{"amount":5}'],
    ]);
    expect(new Set(served.map(({ grant }) => grant.tokenId)).size).toBe(2);
    for (const { grant } of served) {
      expect([grant.subject, grant.actors.map(({ subject }) => subject)]).toEqual(['ada', ['agent-7']]);
    }
  });

  it.each(['..', '', '../admin', '42/refund', '42;x', '..\\admin'])(
    'keeps the argument %j in its segment, or refuses it',
    async (id) => {
      expect(await call('orders.read', { id })).toMatchObject({ isError: true });
      expect(served).toEqual([]);
      expect(await call('orders.read', { id: '42?all=1#x' })).not.toMatchObject({ isError: true });
      expect(served.map(({ grant }) => grant.targetUri)).toEqual([`${API}/orders/42%3Fall%3D1%23x`]);
    },
  );

  it.each([
    { name: 'check 50: what agents may not do', operation: 'orders.brief', says: 'invalid_request' },
    {
      name: 'check 65: what takes another sign-in of the user',
      operation: 'orders.secure',
      says: 'insufficient_user_authentication',
    },
    { name: 'what no tool is', operation: 'orders.burn', says: 'no such operation' },
  ])('tells the agent of a refusal, and calls no API: $name', async ({ operation, says }) => {
    const { isError, content } = await call(operation, { id: '42' });
    expect([isError, JSON.stringify(content)]).toEqual([true, expect.stringContaining(says)]);
    expect(served).toEqual([]);
  });

  it('is the recipe of the documentation, to the letter', async () => {
    const [recipe, page] = await Promise.all([
      readFile('test/support/mcp-gateway.ts', 'utf8'),
      readFile('docs/mcp-gateway.md', 'utf8'),
    ]);
    expect(page).toContain(recipe.replace("'#client'", "'@oncekey/client'"));
  });
});
