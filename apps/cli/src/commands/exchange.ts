import { OncekeyError } from '#client';
import type { CallOptions } from '../calling/call-options.ts';
import { openClient } from '../calling/open-client.ts';
import { readRequest } from '../calling/read-request.ts';
import { tellRefusal } from '../calling/tell-refusal.ts';
import { EXIT } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

/** Earns a token for one request and prints the token response, members as on the wire (RFC 8693 §2.2.1). */
export async function exchange(
  terminal: Terminal,
  { method, url }: { method: string; url: string },
  options: CallOptions,
): Promise<number> {
  const request = await readRequest(method, url, options);
  const client = await openClient(terminal, options);
  try {
    const token = await client.exchange(request);
    terminal.print(
      JSON.stringify({
        access_token: token.accessToken,
        issued_token_type: token.issuedTokenType,
        token_type: token.tokenType,
        expires_in: token.expiresInSeconds,
        authorization_details: token.authorizationDetails,
      }),
    );
    return EXIT.done;
  } catch (error) {
    if (error instanceof OncekeyError) return tellRefusal(terminal, error, options);
    throw error;
  }
}
