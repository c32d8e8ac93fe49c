import {
  CLAIMED,
  CONTEXT_ATTRIBUTES,
  groupsOfOperation,
  PARAMETERS,
  PRINCIPAL_ATTRIBUTES,
  type CatalogApi,
  type ClaimedType,
  type ContextPath,
  type PrincipalAttribute,
} from '#core';
import type { EntityJson } from './engine.ts';
import { refersTo, type References } from './references.ts';
import { parameterNames } from './vocabulary.ts';

/** What of a request a slice can look at. Nothing else is given to Cedar, since each member costs a microsecond or two. */
export interface LeanPlan {
  readonly principalItself: boolean;
  readonly principalAttributes: readonly PrincipalAttribute[];
  readonly groups: ReadonlySet<string>;
  /** Records of the context that have to be there, with or without members: `operation`, `operation.params`. */
  readonly records: readonly string[];
  readonly attributes: readonly ContextPath[];
  readonly parameters: readonly string[];
  readonly claimed: readonly string[];
  /** The operation with its groups as an entity, by operation id; none where no policy asks for its groups. */
  readonly actionEntities: ReadonlyMap<string, EntityJson>;
  /** Requests of the same people come back with the same values, so that verdicts are worth remembering. */
  readonly recurs: boolean;
}

/** Attributes that are another with nearly every request. */
const NEVER_THE_SAME: ReadonlySet<ContextPath> = new Set([
  ...(['operation.target_uri', 'operation.path', 'device.key', 'device.posture_age', 'network.ip'] as const),
  ...(['auth.auth_time', 'auth.age', 'time.now'] as const),
]);

export function planFor(
  { context, principal, principalItself, entities }: References,
  api: CatalogApi,
  claimed: Readonly<Record<string, ClaimedType>>,
): LeanPlan {
  const attributes = keysOf(CONTEXT_ATTRIBUTES).filter((path) => refersTo(context, path));
  const parameters = [...new Set(api.operations.flatMap(parameterNames))].filter((name) =>
    refersTo(context, `${PARAMETERS}.${name}`),
  );
  const claims = Object.keys(claimed).filter((name) => refersTo(context, `${CLAIMED}.${name}`));
  const mentioned = (type: string): ReadonlySet<string> =>
    new Set(entities.flatMap((entity) => (entity.type === type ? [entity.id] : [])));
  const recurs =
    parameters.length === 0 && claims.length === 0 && !attributes.some((path) => NEVER_THE_SAME.has(path));
  return {
    principalItself,
    principalAttributes: keysOf(PRINCIPAL_ATTRIBUTES).filter((name) => refersTo(principal, name)),
    groups: mentioned('Group'),
    records: recordsOf(context),
    attributes,
    parameters,
    claimed: claims,
    actionEntities: actionEntitiesOf(api, mentioned('Action')),
    recurs,
  };
}

/** All records that the paths run through or stand for. */
function recordsOf(paths: ReadonlySet<string>): readonly string[] {
  const attributes: readonly string[] = [...Object.keys(CONTEXT_ATTRIBUTES), PARAMETERS];
  const tops = attributes.map((path) => path.slice(0, path.indexOf('.')));
  const records = [...new Set([...tops, PARAMETERS, CLAIMED])];
  return records.filter(
    (record) => refersTo(paths, record) || [...paths].some((path) => path.startsWith(`${record}.`)),
  );
}

/** Groups can only be named by literals: an operation need not be told to be in one that nobody names. */
function actionEntitiesOf(api: CatalogApi, named: ReadonlySet<string>): ReadonlyMap<string, EntityJson> {
  const entities = new Map<string, EntityJson>();
  for (const operation of api.operations) {
    const groups = groupsOfOperation(api.id, operation).filter((group) => named.has(group));
    if (groups.length === 0) continue;
    entities.set(operation.id, {
      uid: { type: 'Action', id: operation.id },
      attrs: {},
      parents: groups.map((id) => ({ type: 'Action', id })),
    });
  }
  return entities;
}

function keysOf<Key extends string>(table: Readonly<Record<Key, unknown>>): readonly Key[] {
  const keys: Key[] = [];
  for (const key in table) keys.push(key);
  return keys;
}
