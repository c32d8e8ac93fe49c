import { readHypotheticalRequest, type HypotheticalRequest } from '#core';
import type { AdminOptions } from '../administration/open-admin.ts';
import { readInput } from '../calling/read-input.ts';
import { EXIT, Failure } from '../failure.ts';
import { formatProblem, SeedSource } from '../seed/seed-source.ts';

/** Options of `policy simulate`, as commander hands them over. */
export interface SimulateOptions extends AdminOptions {
  readonly file?: string;
  readonly against?: string;
  readonly issuer?: string;
  readonly subject?: string;
  readonly group?: readonly string[];
  readonly email?: string;
  readonly param?: readonly string[];
  readonly client?: string;
  readonly actor?: string;
  readonly deviceKey?: string;
  readonly digest?: boolean;
  readonly ip?: string;
  readonly acr?: string;
  readonly amr?: readonly string[];
  readonly authTime?: string;
  readonly claimed?: readonly string[];
  readonly time?: string;
}

/**
 * The request to ask about: from a file, or from options.
 *
 * Fails  Failure when it is not one, with each problem on a line
 */
export async function readCase(
  operation: string | undefined,
  options: SimulateOptions,
): Promise<HypotheticalRequest> {
  if (options.file === undefined) {
    if (operation === undefined) throw new Failure('name an operation, or --file', EXIT.usage);
    return checked(fromOptions(operation, options), (pointer, message) => `${pointer} ${message}`);
  }
  if (operation !== undefined) throw new Failure('the operation is named in --file', EXIT.usage);
  const text = new TextDecoder().decode(await readInput(options.file));
  const source = new SeedSource(options.file, text);
  const [problem] = source.problems;
  if (problem !== undefined) throw new Failure(formatProblem(problem));
  return checked(source.value, (pointer, message) => formatProblem(source.problem(pointer, message)));
}

function checked(value: unknown, say: (pointer: string, message: string) => string): HypotheticalRequest {
  const read = readHypotheticalRequest(value);
  if ('request' in read) return read.request;
  const lines = read.problems.map(({ pointer, message }) => `\n  ${say(pointer, message)}`);
  throw new Failure(`nobody can make this request:${lines.join('')}`, EXIT.usage);
}

function fromOptions(operation: string, options: SimulateOptions): Record<string, unknown> {
  const { issuer, subject, group = [], email, client, deviceKey, digest, ip, acr, amr, authTime } = options;
  const members = {
    principal: { issuer, subject, groups: group, ...(email === undefined ? {} : { email }) },
    operation,
    parameters: options.param === undefined ? undefined : pairs(options.param),
    client,
    actor: options.actor === undefined ? undefined : actorFrom(options.actor),
    device_key: deviceKey,
    has_digest: digest,
    ip,
    acr,
    amr,
    auth_time: authTime,
    time: options.time ?? new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    claimed: options.claimed === undefined ? undefined : typed(pairs(options.claimed)),
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** `<issuer>|<sub>`, as policies name users. */
function actorFrom(text: string): object {
  const at = text.indexOf('|');
  if (at < 1) throw new Failure(`"${text}" is not <issuer>|<sub>`, EXIT.usage);
  return { issuer: text.slice(0, at), subject: text.slice(at + 1) };
}

function pairs(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw new Failure(`"${text}" is not name=value`, EXIT.usage);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

/** Whole numbers, `true` and `false` are what they look like; all else is text. */
function typed(values: Record<string, string>): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(values).map(([name, text]) => {
      if (text === 'true' || text === 'false') return [name, text === 'true'];
      return [name, /^-?[0-9]{1,15}$/.test(text) ? Number(text) : text];
    }),
  );
}
