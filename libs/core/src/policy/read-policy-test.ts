import type { DocumentProblem } from '../registry/documents.ts';
import {
  listOf,
  object,
  oneOf,
  problemsOf,
  record,
  text,
  wholeNumber,
  type Place,
  type Shape,
} from './document-shape.ts';
import { readInstant } from './instant.ts';
import { MAX_ACTORS } from '../token/act.ts';
import { TTL_SECONDS, USES } from './obligations.ts';
import type { HypotheticalRequest, PolicyTest } from './policy-test.ts';

/** An identity provider, or the SPIFFE trust domain of a workload. */
const ISSUER = /^(?:https?:\/\/[^\s?#]+|spiffe:\/\/[a-z0-9._-]+)$/;
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const PRINTABLE = /^\P{C}+$/u;
const VISIBLE_ASCII = /^[!-~]+$/;
const CLIENT_ID = /^[!#-[\]-~]+$/;
const SEGMENT = /^[A-Za-z0-9\-._~!$&'()*+,=:@%]+$/;
const QUERY = /^[A-Za-z0-9\-._~!$&'()*+,;=:@/?%]*$/;
const CLAIMED_NAME = /^[a-z][A-Za-z0-9_]{0,63}$/;
const MAX_CLAIMED_CHARS = 256;

const name = text(PRINTABLE, 1024);
const id = text(ID, 128);
const yesOrNo = oneOf(true, false);

function instant(value: unknown, place: Place): void {
  if (typeof value !== 'string' || readInstant(value) === null)
    place.problems.push({ pointer: place.pointer, message: 'must be an instant like 2026-01-31T09:30:00Z' });
}

function claimedValue(value: unknown, place: Place): void {
  const isOne =
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isSafeInteger(value)) ||
    (typeof value === 'string' && value.length <= MAX_CLAIMED_CHARS);
  if (!isOne)
    place.problems.push({
      pointer: place.pointer,
      message: `must be a whole number, true, false, or a string of at most ${MAX_CLAIMED_CHARS} characters`,
    });
}

function deviceKey(value: unknown, place: Place): void {
  if (value !== null) text(/^[A-Za-z0-9_-]+$/, 128)(value, place);
}

const POSTURE = {
  compliant: yesOrNo,
  facts: listOf(text(/^[a-z][a-z0-9_]*$/, 64), 64),
  attested_by: text(PRINTABLE, 1024),
  posture_age: wholeNumber({ least: 0, most: 315_360_000 }),
};

const DEVICE = object({ platform: text(PRINTABLE, 64) }, { owner_matches: yesOrNo, ...POSTURE });

const REQUEST: Readonly<Record<'required' | 'optional', Readonly<Record<string, Shape>>>> = {
  required: {
    principal: object(
      {
        issuer: text(ISSUER, 1024),
        subject: text(PRINTABLE, 255),
        groups: listOf(name, 256),
      },
      { email: text(PRINTABLE, 320) },
    ),
    operation: text(VISIBLE_ASCII, 128),
    time: instant,
  },
  optional: {
    parameters: record(/^[a-z][A-Za-z0-9_]{0,63}$/, text(SEGMENT, 256), 32),
    query: text(QUERY, 1024),
    client: text(CLIENT_ID, 128),
    actor: object(
      { issuer: text(ISSUER, 1024), subject: text(PRINTABLE, 255) },
      { depth: wholeNumber({ least: 1, most: MAX_ACTORS }) },
    ),
    transaction: object(
      { operation: text(VISIBLE_ASCII, 128), workloads: listOf(text(CLIENT_ID, 128), 8) },
      {},
    ),
    device_key: deviceKey,
    device: DEVICE,
    attested: object({}, POSTURE),
    has_digest: yesOrNo,
    by_scope: yesOrNo,
    content_type: text(/^[!-~]+\/[ -~]+$/, 256),
    ip: text(/^[0-9A-Fa-f:.]{2,45}$/, 45),
    acr: text(VISIBLE_ASCII, 256),
    amr: listOf(text(VISIBLE_ASCII, 256), 16),
    auth_time: instant,
    claimed: record(CLAIMED_NAME, claimedValue, 64),
    approved_by: listOf(name, 16),
  },
};

const EXPECTATION = object(
  { decision: oneOf('permit', 'deny') },
  {
    policies: listOf(id, 256),
    obligations: object(
      {},
      {
        ttl: wholeNumber(TTL_SECONDS),
        uses: wholeNumber(USES),
        digest: oneOf('required'),
        acr: text(/^[!-~]+( [!-~]+)*$/, 1024),
        max_auth_age: wholeNumber({ least: 1, most: 31_536_000 }),
        proof: oneOf('dpop'),
        target: oneOf('exact'),
        approval: listOf(name, 16),
      },
    ),
  },
);

const NAMES = { id, name: text(PRINTABLE, 200) };

const POLICY_TEST = object({ ...REQUEST.required, ...NAMES, expect: EXPECTATION }, REQUEST.optional);
const HYPOTHETICAL_REQUEST = object(REQUEST.required, { ...REQUEST.optional, ...NAMES });

/** Reads a test as a file, a body or the database holds it. The schema is closed; all problems are told at once. */
export function readPolicyTest(
  value: unknown,
): { test: PolicyTest } | { problems: readonly DocumentProblem[] } {
  const problems = problemsOf(value, POLICY_TEST);
  return isPolicyTest(value, problems) ? { test: value } : { problems };
}

/** As `readPolicyTest`, for a test without its expectation; it need not have a name. */
export function readHypotheticalRequest(
  value: unknown,
): { request: HypotheticalRequest } | { problems: readonly DocumentProblem[] } {
  const problems = problemsOf(value, HYPOTHETICAL_REQUEST);
  return isHypotheticalRequest(value, problems) ? { request: value } : { problems };
}

/** INVARIANT: what has the shape above without a problem has the type; each member of the one is in the other. */
function isPolicyTest(_: unknown, problems: readonly DocumentProblem[]): _ is PolicyTest {
  return problems.length === 0;
}

function isHypotheticalRequest(_: unknown, problems: readonly DocumentProblem[]): _ is HypotheticalRequest {
  return problems.length === 0;
}
