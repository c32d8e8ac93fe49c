import { Agent, request as requestHttp, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Agent as SecureAgent, request as requestHttps } from 'node:https';
import { BrokerFailure } from './broker-failure.ts';

interface BrokerRequest {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** From the first byte sent to the last byte received. */
  readonly timeoutMs: number;
}

export interface BrokerAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/**
 * Connections to the broker, kept open between requests. Plain `node:http`: with the built-in `fetch` a request
 * costs several times as much processor time. Redirects are not followed: they would carry tokens elsewhere.
 */
export interface BrokerConnection {
  /** Fails  BrokerFailure, passing: no connection, no answer in time, or an answer that breaks off or is too large */
  ask(request: BrokerRequest): Promise<BrokerAnswer>;
  close(): void;
}

const MAX_ANSWER_BYTES = 65_536;

const AGENT_OPTIONS = {
  keepAlive: true,
  maxSockets: 128,
  maxFreeSockets: 32,
  scheduling: 'lifo',
} as const;

export function brokerConnection(): BrokerConnection {
  const plain = new Agent(AGENT_OPTIONS);
  const secure = new SecureAgent(AGENT_OPTIONS);

  return {
    ask({ url, method, headers, body, timeoutMs }) {
      return new Promise((resolve, reject) => {
        const isSecure = url.protocol === 'https:';
        const options = {
          method,
          agent: isSecure ? secure : plain,
          headers: body === '' ? headers : { ...headers, 'content-length': Buffer.byteLength(body) },
        };
        const take = (answer: IncomingMessage): void => {
          readAnswer(answer).then(resolve, fail).finally(stop);
        };
        const request = isSecure ? requestHttps(url, options, take) : requestHttp(url, options, take);
        const stop = (): void => clearTimeout(timer);
        const fail = (cause: Error): void => {
          stop();
          request.destroy();
          reject(cause instanceof BrokerFailure ? cause : unreachable(cause));
        };
        const timer = setTimeout(
          () => fail(new BrokerFailure(`the broker did not answer in ${timeoutMs} ms`, { isPassing: true })),
          timeoutMs,
        );
        request.on('error', fail);
        request.end(body);
      });
    },
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}

function readAnswer(answer: IncomingMessage): Promise<BrokerAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    answer.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAX_ANSWER_BYTES) reject(new BrokerFailure('the answer of the broker is too large'));
      else chunks.push(chunk);
    });
    answer.on('end', () => {
      const { statusCode: status = 0, headers } = answer;
      resolve({ status, headers, text: Buffer.concat(chunks).toString('utf8') });
    });
    answer.on('error', reject);
  });
}

function unreachable(cause: Error): BrokerFailure {
  return new BrokerFailure('the broker could not be reached', { isPassing: true, cause });
}
