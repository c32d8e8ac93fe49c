import type { CatalogApi, CatalogOperation } from '../operation/catalog.ts';
import { parametersOf, readPathTemplate } from '../operation/path-template.ts';
import { groupsOfOperation } from './action-groups.ts';
import {
  CONTEXT_ATTRIBUTES,
  PRINCIPAL_ATTRIBUTES,
  type CedarType,
  type PolicyAttribute,
} from './context-attributes.ts';
import type { ClaimedType } from './policy-request.ts';

const HEADER = `// What policies may name: principals, operations, resource servers and the context of a request.
// Generated from the operation catalog.
`;

const OPERATION_MEMBERS = membersOf('operation');

/** The records of the context that are the same for every operation. */
const SHARED_RECORDS: ReadonlyMap<string, string> = new Map(
  Object.keys(CONTEXT_ATTRIBUTES)
    .map((path) => path.slice(0, path.indexOf('.')))
    .filter((name) => name !== 'operation')
    .map((name) => [name, record(membersOf(name))]),
);

/**
 * The Cedar schema of a catalog, in Cedar's own syntax. A strict validator that holds policies against it finds each
 * operation, group, API, parameter, attribute and type that does not exist. Equal catalogs give equal text, whatever
 * the order of their entries.
 *
 * In   a catalog without problems (`catalogProblems`)
 */
export function cedarSchemaOf(
  apis: readonly CatalogApi[],
  claimed: Readonly<Record<string, ClaimedType>>,
): string {
  const operations = apis
    .flatMap((api) => api.operations.map((operation) => ({ api: api.id, operation })))
    .toSorted((a, b) => compare(a.operation.id, b.operation.id));
  const groups = new Set(operations.flatMap(({ api, operation }) => groupsOfOperation(api, operation)));
  return [
    HEADER,
    entities(apis),
    ...[...SHARED_RECORDS, ['claimed', claimedRecord(claimed)] as const].map(
      ([name, record]) => `type ${typeName(name)} = ${record};`,
    ),
    '',
    ...[...groups].toSorted().map((group) => `action ${quote(group)};`),
    ...operations.map(({ api, operation }) => action(api, operation)),
    '',
  ].join('\n');
}

function entities(apis: readonly CatalogApi[]): string {
  const ids = apis.map((api) => quote(api.id)).toSorted();
  // An enumeration lets the validator refuse an API that is not in the catalog; it may not be empty.
  const api = ids.length === 0 ? 'entity Api;' : `entity Api enum [${ids.join(', ')}];`;
  const principal = record(Object.entries(PRINCIPAL_ATTRIBUTES));
  return `entity Group;\nentity User in [Group] = ${principal};\nentity Workload = ${principal};\n${api}\n`;
}

function action(apiId: string, operation: CatalogOperation): string {
  const parents = groupsOfOperation(apiId, operation).map((group) => `Action::${quote(group)}`);
  const context = [
    `    "operation": ${operationRecord(operation)},`,
    ...[...SHARED_RECORDS.keys(), 'claimed'].map((name) => `    ${quote(name)}: ${typeName(name)},`),
  ];
  return `
// ${operation.method} ${operation.path}
action ${quote(operation.id)} in [${parents.join(', ')}] appliesTo {
  principal: [User, Workload],
  resource: [Api],
  context: {
${context.join('\n')}
  },
};`;
}

function operationRecord({ path }: CatalogOperation): string {
  const template = readPathTemplate(path);
  const parameters = template === null ? [] : parametersOf(template).toSorted();
  const params = record(parameters.map((name) => [name, { type: 'String', optional: false }]));
  return record(OPERATION_MEMBERS, `"params": ${params}`);
}

function membersOf(name: string): [string, PolicyAttribute][] {
  return Object.entries(CONTEXT_ATTRIBUTES)
    .filter(([path]) => path.startsWith(`${name}.`))
    .map(([path, attribute]) => [path.slice(name.length + 1), attribute]);
}

function claimedRecord(claimed: Readonly<Record<string, ClaimedType>>): string {
  const members = Object.entries(claimed).toSorted(([a], [b]) => compare(a, b));
  return record(members.map(([name, type]) => [name, { type, optional: true }]));
}

function record(
  members: readonly (readonly [string, { type: CedarType; optional: boolean }])[],
  ...more: readonly string[]
): string {
  const texts = members.map(([name, { type, optional }]) => `${quote(name)}${optional ? '?' : ''}: ${type}`);
  const all = [...texts, ...more];
  return all.length === 0 ? '{}' : `{ ${all.join(', ')} }`;
}

/** Names come from a catalog without problems, so that nothing in them needs an escape. */
function quote(name: string): string {
  return `"${name}"`;
}

function typeName(record: string): string {
  return record.charAt(0).toUpperCase() + record.slice(1);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
