import { OncekeyError } from '#client';
import type { CallOptions } from '../calling/call-options.ts';
import { openClient } from '../calling/open-client.ts';
import { readRequest } from '../calling/read-request.ts';
import { tellRefusal } from '../calling/tell-refusal.ts';
import { EXIT } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

/** Earns a token for one request, sends the request with it, and prints the answer. */
export async function call(
  terminal: Terminal,
  { method, url }: { method: string; url: string },
  options: CallOptions,
): Promise<number> {
  const request = await readRequest(method, url, options);
  const client = await openClient(options);
  try {
    const response = await client.fetch(request);
    // The first is the broker's; the second is how the quickstart's API tells the transaction.
    const auditId = response.headers.get('oncekey-reason-id') ?? response.headers.get('oncekey-txn');
    const body = await response.text();
    if (options.json === true) {
      terminal.print(
        JSON.stringify({
          status: response.status,
          headers: Object.fromEntries(response.headers),
          body: readJson(body),
        }),
      );
    } else {
      const status = `HTTP ${response.status}`;
      terminal.remark(response.ok ? terminal.colours.green(status) : terminal.colours.red(status));
      if (body !== '') terminal.print(body);
      if (auditId !== null) terminal.remark(`more: npx oncekey explain ${auditId}`);
    }
    return response.ok ? EXIT.done : EXIT.refused;
  } catch (error) {
    if (error instanceof OncekeyError) return tellRefusal(terminal, error, options);
    throw error;
  }
}

function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
