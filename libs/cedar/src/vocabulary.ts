import {
  CLAIMED,
  CONTEXT_ATTRIBUTES,
  groupsOfOperation,
  PARAMETERS,
  parametersOf,
  PRINCIPAL_ATTRIBUTES,
  readPathTemplate,
  type CatalogApi,
  type CatalogOperation,
  type ClaimedType,
} from '#core';
import { canMatchAction, type PolicyScope } from './policy-scope.ts';

/** The entity types of the schema. */
export const ENTITY_TYPES = ['User', 'Workload', 'Group', 'Api', 'Action'];

interface KnownOperation {
  readonly operation: CatalogOperation;
  readonly groups: readonly string[];
}

/** Everything that a policy over one catalog can name. */
export class Vocabulary {
  readonly apis: readonly string[];
  /** Operations and action groups. */
  readonly actions: ReadonlySet<string>;
  readonly principalPaths: ReadonlySet<string> = new Set(Object.keys(PRINCIPAL_ATTRIBUTES));
  private readonly operations: readonly KnownOperation[];
  private readonly sharedPaths: readonly string[];

  constructor(apis: readonly CatalogApi[], claimed: Readonly<Record<string, ClaimedType>>) {
    this.apis = apis.map((api) => api.id);
    this.operations = apis.flatMap((api) =>
      api.operations.map((operation) => ({ operation, groups: groupsOfOperation(api.id, operation) })),
    );
    this.actions = new Set(this.operations.flatMap(({ operation, groups }) => [operation.id, ...groups]));
    const attributes = Object.keys(CONTEXT_ATTRIBUTES);
    this.sharedPaths = [
      ...attributes,
      ...attributes.map((path) => path.slice(0, path.indexOf('.'))),
      ...[PARAMETERS, CLAIMED, ...Object.keys(claimed).map((name) => `${CLAIMED}.${name}`)],
    ];
  }

  /** Attributes and records of the context that a policy with this scope can meet. */
  contextPaths({ actions }: Pick<PolicyScope, 'actions'>): ReadonlySet<string> {
    const inScope = this.operations.filter(({ operation, groups }) =>
      canMatchAction(actions, operation.id, groups),
    );
    const parameters = inScope.flatMap(({ operation }) => parameterNames(operation));
    return new Set([...this.sharedPaths, ...parameters.map((name) => `${PARAMETERS}.${name}`)]);
  }
}

export function parameterNames({ path }: CatalogOperation): readonly string[] {
  const template = readPathTemplate(path);
  return template === null ? [] : parametersOf(template);
}
