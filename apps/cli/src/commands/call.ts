import { OncekeyError, type OncekeyClient } from '#client';
import type { CallOptions } from '../calling/call-options.ts';
import { openClient } from '../calling/open-client.ts';
import { readRequest } from '../calling/read-request.ts';
import { tellRefusal } from '../calling/tell-refusal.ts';
import { EXIT } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

/** What an API answered. */
interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** By which the audit log knows the call; null when nobody said. */
  readonly auditId: string | null;
}

/**
 * Earns a token for one request, sends the request with it, and prints the answer. With `replay`, sends the token a
 * second time, with a proof of its own. Out: 1 when the API refuses the first, or does not refuse the second.
 */
export async function call(
  terminal: Terminal,
  { method, url }: { method: string; url: string },
  options: CallOptions,
): Promise<number> {
  const request = await readRequest(method, url, options);
  const client = await openClient(terminal, options);
  try {
    const [first, again = null] = await answersOf(client, request, options.replay === true);
    if (first === undefined) return EXIT.refused;
    if (options.json === true) {
      const { status, headers, body } = first;
      const replay = again === null ? {} : { replay: { status: again.status, headers: again.headers } };
      terminal.print(JSON.stringify({ status, headers, body: readJson(body), ...replay }));
    } else {
      tell(terminal, first);
      if (again !== null) {
        terminal.remark('the same token again:');
        tell(terminal, again);
      }
    }
    return isOk(first) && (again === null || !isOk(again)) ? EXIT.done : EXIT.refused;
  } catch (error) {
    if (error instanceof OncekeyError) return tellRefusal(terminal, error, options);
    throw error;
  }
}

async function answersOf(
  client: OncekeyClient,
  request: Request,
  isTwice: boolean,
): Promise<readonly Answered[]> {
  if (!isTwice) return [await read(await client.fetch(request))];
  const token = await client.exchange(request);
  const first = await read(await client.call(request, token));
  return [first, await read(await client.call(request, token))];
}

async function read(response: Response): Promise<Answered> {
  const { status, headers } = response;
  // The first is the broker's; the second is how the quickstart's API tells the transaction.
  const auditId = headers.get('oncekey-reason-id') ?? headers.get('oncekey-txn');
  return { status, headers: Object.fromEntries(headers), body: await response.text(), auditId };
}

function isOk({ status }: Answered): boolean {
  return status >= 200 && status < 300;
}

function tell({ print, remark, colours }: Terminal, answered: Answered): void {
  const { status, body, auditId } = answered;
  remark(isOk(answered) ? colours.green(`HTTP ${status}`) : colours.red(`HTTP ${status}`));
  if (body !== '') print(body);
  if (auditId !== null) remark(`more: npx oncekey explain ${auditId}`);
}

function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
