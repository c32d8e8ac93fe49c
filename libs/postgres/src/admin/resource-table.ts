import { DRAFT_KINDS, type DraftResource, type ResourceKind } from '#core';

/** Where the resources of one kind lie. Every name of a table or column in a statement comes from here. */
export interface ResourceTable {
  readonly table: string;
  /** Column of the id, and what the document calls it. */
  readonly id: string;
  readonly idMember: string;
  /** Members of the document that are columns too. */
  readonly names: readonly string[];
  readonly hasEnabled: boolean;
  /** What a list can be narrowed by: SQL that is true of a row, from SQL for the value. */
  readonly filters: ReadonlyMap<string, (value: string) => string>;
}

const member =
  (path: string) =>
  (value: string): string =>
    `document #>> '{${path}}' = ${value}`;
const optional =
  (name: string, fallback: string) =>
  (value: string): string =>
    `coalesce(document ->> '${name}', '${fallback}') = ${value}`;
const listed =
  (name: string) =>
  (value: string): string =>
    `document -> '${name}' ? ${value}`;

const registration = { id: 'id', idMember: 'id', names: [], hasEnabled: true, filters: new Map() };
const draftPart = { ...registration, hasEnabled: false };

export const RESOURCE_TABLES: Readonly<Record<ResourceKind, ResourceTable>> = {
  identity_provider: {
    ...registration,
    table: 'identity_provider',
    names: ['issuer'],
    filters: new Map([['issuer', (value) => `issuer = ${value}`]]),
  },
  event_transmitter: {
    ...registration,
    table: 'event_transmitter',
    names: ['issuer'],
    filters: new Map([['issuer', (value) => `issuer = ${value}`]]),
  },
  client: {
    ...registration,
    table: 'client',
    id: 'client_id',
    idMember: 'client_id',
    filters: new Map([['resource_server', listed('resource_servers')]]),
  },
  resource_server: {
    ...registration,
    table: 'resource_server',
    names: ['client_id', 'resource'],
    filters: new Map([
      ['binding', optional('binding', 'enforced')],
      ['proof', optional('proof', 'dpop')],
    ]),
  },
  device: {
    ...registration,
    table: 'device',
    filters: new Map([
      ['issuer', member('owner,issuer')],
      ['subject', member('owner,subject')],
    ]),
  },
  role_binding: {
    ...registration,
    table: 'role_binding',
    filters: new Map(['role', 'issuer', 'subject', 'group'].map((name) => [name, member(name)])),
  },
  policy: { ...draftPart, table: 'draft_policy' },
  policy_test: {
    ...draftPart,
    table: 'draft_policy_test',
    filters: new Map([['operation', member('operation')]]),
  },
  operation: {
    ...draftPart,
    table: 'draft_operation',
    filters: new Map([
      ['api', member('api')],
      ['method', member('method')],
      ['tag', listed('tags')],
    ]),
  },
  context_attribute: { ...draftPart, table: 'draft_context_attribute', idMember: 'name' },
};

/** What of a row becomes a StoredResource. */
export function columnsOf({ id, hasEnabled }: ResourceTable): string {
  return `${id} AS id, version::text AS version, document, ${hasEnabled ? 'enabled' : 'true AS enabled'},
          updated_at AS "updatedAt", updated_by AS "updatedBy"`;
}

export function isDraftKind(kind: ResourceKind): kind is DraftResource {
  return DRAFT_KINDS.some((one) => one === kind);
}
