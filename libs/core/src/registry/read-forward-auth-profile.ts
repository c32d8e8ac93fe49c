import { isJsonObject, type JsonObject } from '../shared/strict-json.ts';
import { readIpNetwork, type IpNetwork } from '../shared/ip-network.ts';
import { isTexts, type DocumentReader } from './document-reader.ts';
import { BODY_CHECKS, GATEWAY_DIALECTS, type ForwardAuthProfile } from './forward-auth-profile.ts';

const MEMBERS = ['from', 'dialect', 'body', 'request_id', 'resource_metadata'];
const MAX_NETWORKS = 16;

/** Anything wider is not where somebody's gateway stands. */
const WIDEST = { 4: 8, 6: 16 } as const;

/** A header of the deployment's own: none that callers or proxies use for something else. */
const REQUEST_ID = /^x-[a-z0-9-]{1,62}$/i;
const METADATA = /^https?:\/\/[!#-;=?-[\]^-~]{1,1000}$/;

/** Reads `forward_auth` of a resource server's document; what is wrong is told to the reader. Null: nobody may ask. */
export function readForwardAuthProfile(read: DocumentReader): ForwardAuthProfile | null {
  const value = read.value('forward_auth');
  if (value === undefined) return null;
  if (!isJsonObject(value) || !Object.keys(value).every((name) => MEMBERS.includes(name))) {
    read.refuse('forward_auth', `must be an object with ${MEMBERS.join(', ')}, and nothing else`);
    return null;
  }
  const { body = 'none' } = value;
  const dialect = GATEWAY_DIALECTS.find((one) => one === value['dialect']);
  const check = BODY_CHECKS.find((one) => one === body);
  if (dialect === undefined)
    read.refuse('forward_auth/dialect', `must be one of ${GATEWAY_DIALECTS.join(', ')}`);
  if (check === undefined) read.refuse('forward_auth/body', `must be one of ${BODY_CHECKS.join(', ')}`);
  return {
    from: readNetworks(read, value['from']),
    dialect: dialect ?? 'original',
    body: check ?? 'none',
    requestId: readText(read, value, { member: 'request_id', pattern: REQUEST_ID })?.toLowerCase() ?? null,
    resourceMetadata: readText(read, value, { member: 'resource_metadata', pattern: METADATA }),
  };
}

function readNetworks(read: DocumentReader, value: unknown): readonly IpNetwork[] {
  const texts = isTexts(value) ? value : [];
  const networks = texts.flatMap((text) => readIpNetwork(text) ?? []);
  const isFine = networks.length === texts.length && networks.length > 0 && networks.length <= MAX_NETWORKS;
  if (!isFine || networks.some(({ version, prefix }) => prefix < WIDEST[version])) {
    read.refuse(
      'forward_auth/from',
      `must be 1 to ${MAX_NETWORKS} networks such as 10.0.3.0/24, none wider than /${WIDEST[4]} or, of IPv6, /${WIDEST[6]}`,
    );
  }
  return networks;
}

function readText(
  read: DocumentReader,
  value: JsonObject,
  { member, pattern }: { member: string; pattern: RegExp },
): string | null {
  const text = value[member];
  if (text === undefined) return null;
  if (typeof text === 'string' && pattern.test(text)) return text;
  read.refuse(`forward_auth/${member}`, `must be a string like ${pattern.source}`);
  return null;
}
