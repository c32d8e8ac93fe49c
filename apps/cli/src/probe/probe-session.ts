import type { OneTimeToken } from '#client';
import type { AdminClient } from '../administration/admin-client.ts';
import { listAll } from '../administration/list-all.ts';
import { outcomeOf, type Attempt, type Heard } from './attempt.ts';
import type { ProbeCaller, Scheme, SignedRequest } from './probe-caller.ts';
import { sendRaw, type RawAnswer } from './send-raw.ts';

export interface SessionParts {
  readonly admin: Pick<AdminClient, 'get'>;
  readonly caller: ProbeCaller;
  readonly scheme: Scheme;
  /** Of the probe's operations, which nothing else answers. */
  readonly url: string;
  readonly via: string | undefined;
  readonly signal: AbortSignal;
}

/** A token, the request that it is for, and what the broker has been asked about it. */
export interface Ticket {
  readonly token: OneTimeToken;
  readonly request: Request;
  asked: number;
}

const ASKED: ReadonlySet<string> = new Set(['token.introspect', 'token.forward_auth']);
const BODY = '{"oncekey_probe":1}';

/** Sends requests to the gateway and looks up, for each, what the broker was asked because of it. */
export class ProbeSession {
  /** Headers of the last answer, which may say what the gateway is. */
  lastHeaders: RawAnswer['headers'] = {};

  constructor(private readonly parts: SessionParts) {}

  get scheme(): Scheme {
    return this.parts.scheme;
  }

  read(): Promise<Ticket> {
    return this.ticketFor(new Request(this.parts.url));
  }

  write(): Promise<Ticket> {
    const headers = { 'content-type': 'application/json' };
    return this.ticketFor(new Request(this.parts.url, { method: 'POST', body: BODY, headers }));
  }

  /** The ticket's request as its owner sends it, or another one with the same token. */
  async sign(
    { token, request }: Ticket,
    change: { request?: Request; asStranger?: boolean } = {},
  ): Promise<SignedRequest> {
    const signed = await this.parts.caller.sign(change.request ?? request, token, change);
    if (this.scheme === 'dpop') return signed;
    const headers = signed.headers
      .filter(([name]) => name !== 'dpop')
      .map(
        ([name, value]) => [name, name === 'authorization' ? `Bearer ${token.accessToken}` : value] as const,
      );
    return { ...signed, headers };
  }

  async send(ticket: Ticket, says: string, signed: SignedRequest): Promise<Attempt> {
    const { via, signal } = this.parts;
    const { status, headers } = await sendRaw(signed, { via, signal });
    this.lastHeaders = headers;
    return { says, status, outcome: outcomeOf(status), heard: await this.heardOf(ticket) };
  }

  private async ticketFor(request: Request): Promise<Ticket> {
    return { token: await this.parts.caller.earn(request), request, asked: 0 };
  }

  /** What is new in the audit log, the oldest first: it is written before the broker answers. */
  private async heardOf(ticket: Ticket): Promise<readonly Heard[]> {
    const { txn } = ticket.token;
    if (txn === null) throw new Error('the broker does not tell what it calls the transaction');
    const events = await listAll(this.parts.admin, { path: '/audit', query: { txn } });
    const asked = events.filter((event) => ASKED.has(event.text('type'))).toReversed();
    const fresh = asked.slice(ticket.asked);
    ticket.asked = asked.length;
    return fresh.map((event) => ({ outcome: event.text('outcome'), reason: event.text('reason') }));
  }
}
