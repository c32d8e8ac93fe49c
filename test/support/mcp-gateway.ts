import { OncekeyError, type OncekeyClient } from '#client';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  ListToolsRequestSchema,
  type CallToolResult,
} from '@modelcontextprotocol/sdk/types.js';

/** A tool is one operation of the catalog, under the name that policies know it by. */
export interface OperationTool {
  readonly name: string;
  readonly description: string;
  readonly method: string;
  /** Path template below the resource; its parameters are arguments of the tool. */
  readonly path: string;
  /** JSON Schema of the body, which is the argument `body`; absent: no body. */
  readonly body?: object;
}

export interface GatewayOptions {
  readonly resource: string;
  readonly tools: readonly OperationTool[];
  /** A client for the user of this session, with the agent's own token as `actorToken`. */
  readonly clientFor: (sessionId: string | undefined) => OncekeyClient;
}

/** Tool call -> operation -> token -> one request. The model chooses arguments; what they come to, policies decide. */
export function mcpGateway({ resource, tools, clientFor }: GatewayOptions): Server {
  const server = new Server({ name: 'oncekey-gateway', version: '1.0.0' }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: tools.map((tool) => ({
      name: tool.name,
      description: tool.description,
      inputSchema: {
        type: 'object' as const,
        properties: {
          ...Object.fromEntries(parametersOf(tool).map((name) => [name, { type: 'string' }])),
          ...(tool.body === undefined ? {} : { body: tool.body }),
        },
        required: [...parametersOf(tool), ...(tool.body === undefined ? [] : ['body'])],
      },
    })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { sessionId }) => {
    const tool = tools.find(({ name }) => name === params.name);
    const url = tool === undefined ? null : urlOf(tool, resource, params.arguments ?? {});
    if (tool === undefined || url === null) return failed('there is no such operation');
    const body = tool.body === undefined ? null : JSON.stringify(params.arguments?.['body'] ?? null);
    try {
      const response = await clientFor(sessionId).fetch(url, {
        method: tool.method,
        body,
        headers: body === null ? {} : { 'content-type': 'application/json' },
      });
      const text = await response.text();
      return response.ok
        ? { content: [{ type: 'text', text }] }
        : failed(`the API answered ${response.status}`);
    } catch (failure) {
      if (failure instanceof OncekeyError) return failed(`not permitted: ${failure.message}`);
      throw failure;
    }
  });
  return server;
}

const PARAMETER = /\{(\w+)\}/g;

function parametersOf({ path }: OperationTool): string[] {
  return [...path.matchAll(PARAMETER)].map(([, name = '']) => name);
}

/** Each argument fills exactly one segment, whatever a model or a prompt has put into it. */
function urlOf(tool: OperationTool, resource: string, given: Record<string, unknown>): string | null {
  const values = parametersOf(tool).map((name) => given[name]);
  const areSegments = values.every((value) => typeof value === 'string' && !/^\.{0,2}$|[/\\;]/.test(value));
  if (!areSegments) return null;
  return (
    resource + tool.path.replaceAll(PARAMETER, (_, name: string) => encodeURIComponent(String(given[name])))
  );
}

function failed(text: string): CallToolResult {
  return { isError: true, content: [{ type: 'text', text }] };
}
