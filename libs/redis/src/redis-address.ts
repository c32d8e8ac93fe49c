/** Where a Redis or Valkey is, and how it wants to be spoken to. */
export interface RedisAddress {
  /** Of a cluster any of its nodes: the others are learnt from them. */
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly isCluster: boolean;
  readonly usesTls: boolean;
  readonly username: string | null;
  readonly password: string | null;
  /** A cluster has but number 0. */
  readonly database: number;
}

const MAX_CHARS = 4_096;
const MAX_NODES = 64;
const DEFAULT_PORT = 6_379;

/** Scheme, cluster, user and password, nodes, database. */
const FORM = /^(rediss?)(\+cluster)?:\/\/(?:([^/@]*)@)?([^/@?#]+)(?:\/(\d{1,4})?)?$/;
const NODE = /^(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9._-]{1,253}))(?::(\d{1,5}))?$/i;

/**
 * Reads `redis://[user:password@]host[:port][/database]`, with `rediss` for TLS, or
 * `redis+cluster://[user:password@]host[:port],host[:port]...`, with `rediss+cluster` for TLS. User and password are
 * percent-encoded.
 *
 * Fails  RangeError that says what is wrong and shows nothing of the text, which may hold a password
 */
export function readRedisAddress(text: string): RedisAddress {
  const match = text.length > MAX_CHARS ? null : FORM.exec(text);
  if (match === null) {
    throw new RangeError(
      'must be redis://[user:password@]host[:port][/database] or redis+cluster://[user:password@]host[:port],...; rediss for TLS',
    );
  }
  const [, scheme, cluster, credentials, hosts = '', database] = match;
  const nodes = hosts.split(',').map(readNode);
  const isCluster = cluster !== undefined;
  if (!isCluster && nodes.length > 1) throw new RangeError('only redis+cluster names several nodes');
  if (nodes.length > MAX_NODES) throw new RangeError(`names more than ${MAX_NODES} nodes`);
  if (isCluster && database !== undefined) throw new RangeError('a cluster has no numbered databases');
  return {
    nodes,
    isCluster,
    usesTls: scheme === 'rediss',
    ...readCredentials(credentials),
    database: Number(database ?? 0),
  };
}

function readNode(text: string): RedisAddress['nodes'][0] {
  const match = NODE.exec(text);
  const port = Number(match?.[3] ?? DEFAULT_PORT);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || port < 1 || port > 65_535) throw new RangeError('a node is not host[:port]');
  return { host, port };
}

/** A lone word before the @ is a user without a password, which no server has a use for. */
function readCredentials(text: string | undefined): Pick<RedisAddress, 'username' | 'password'> {
  if (text === undefined) return { username: null, password: null };
  const colon = text.indexOf(':');
  if (colon === -1 || colon === text.length - 1) throw new RangeError('names a user and no password');
  try {
    const username = decodeURIComponent(text.slice(0, colon));
    return {
      username: username === '' ? null : username,
      password: decodeURIComponent(text.slice(colon + 1)),
    };
  } catch {
    throw new RangeError('user and password must be percent-encoded');
  }
}
