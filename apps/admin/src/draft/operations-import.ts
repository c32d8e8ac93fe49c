import {
  ADMIN_API_ID,
  AdminProblem,
  assembleRelease,
  detailsOfDocument,
  diffOperations,
  draftRowsOf,
  importOpenApi,
  type AdminStore,
  type CatalogOperation,
  type OperationsDiff,
  type PolicyProblem,
  type ReleaseDocument,
} from '#core';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { keptAnswer } from '../calls/answer-resource.ts';
import { changeAnswer } from '../calls/change-answer.ts';
import { digestOf } from '../calls/digest-of.ts';
import type { VersionedCall } from '../calls/versioned.ts';
import { POLICY_TOOLS, type PolicyTools } from '../policy/policy-tools.ts';
import { ADMIN_STORE } from '../ports.ts';
import type { ImportDto, ImportPreviewDto } from './operations-import.dto.ts';

interface Imported {
  readonly diff: OperationsDiff;
  readonly after: ReleaseDocument;
}

/** The operations of an API out of its OpenAPI document. */
@Injectable()
export class OperationsImport {
  constructor(
    @Inject(ADMIN_STORE) private readonly store: AdminStore,
    @Inject(POLICY_TOOLS) private readonly tools: PolicyTools,
  ) {}

  /** What an import would change. Nothing is written. */
  async preview(body: ImportPreviewDto): Promise<object> {
    const operations = await this.operationsOf(body);
    const { document } = await this.store.draft();
    const { diff, after } = imported(document, { api: body.api, operations, remove: false });
    return this.render(diff, after, body.api);
  }

  /** All of it in one transaction, or nothing. */
  async apply(call: VersionedCall & { reply: FastifyReply }, body: ImportDto): Promise<void> {
    const { caller, idempotency, version, reply } = call;
    const operations = await this.operationsOf(body);
    const { api, remove = false } = body;
    const target = `operations-import/${api}`;
    await changeAnswer({ store: this.store, reply }, { caller, idempotency, target }, async (transaction) => {
      const before = await transaction.lockDraft();
      const { diff, after } = imported(before.document, { api, operations, remove });
      const draft = await transaction.replaceDraft(after, version);
      const rendered = this.render(remove ? diff : { ...diff, removed: [] }, after, api);
      const act = {
        operation: caller.question.action,
        target,
        before: digestOf(before.document),
        after: digestOf(draft.document),
      };
      return { acts: [act], answer: keptAnswer({ body: rendered, version: draft.version }) };
    });
  }

  /** Fails  AdminProblem admin.invalid with a pointer to whatever the catalog cannot say */
  private async operationsOf({ api, openapi }: ImportPreviewDto): Promise<readonly CatalogOperation[]> {
    if (api === ADMIN_API_ID) {
      throw new AdminProblem('admin.invalid', [{ detail: `${api} is built in`, pointer: '#/api' }]);
    }
    const server = await this.store.read('resource_server', api);
    const resource = server?.document['resource'];
    const read = importOpenApi(openapi, { api, resource: typeof resource === 'string' ? resource : null });
    if ('operations' in read) return read.operations;
    throw new AdminProblem('admin.invalid', detailsOfDocument(read.problems, '#/openapi'));
  }

  /** Fails  AdminProblem admin.invalid when the operations do not fit into the rest of the catalog */
  private render({ added, changed, removed }: OperationsDiff, after: ReleaseDocument, api: string): object {
    const permitted = this.permitted(after);
    const operations = after.apis.find(({ id }) => id === api)?.operations ?? [];
    return {
      added: added.map((operation) => ({ ...operation, api })),
      changed: changed.map((operation) => ({ ...operation, api })),
      removed,
      unpermitted: operations.map(({ id }) => id).filter((id) => !permitted.has(id)),
    };
  }

  /** Operations that a permit can match. Policies that the import breaks permit nothing. */
  private permitted(document: ReleaseDocument): ReadonlySet<string> {
    const compiled = this.tools.compile(0, document);
    if ('release' in compiled) {
      const permits = compiled.release.policies.filter(({ effect }) => effect === 'permit');
      return new Set(permits.flatMap(({ operations }) => operations));
    }
    demandCatalog(compiled.problems);
    const broken = new Set(compiled.problems.map(({ policy }) => policy));
    const policies = document.policies.filter(({ id }) => !broken.has(id));
    return policies.length < document.policies.length ? this.permitted({ ...document, policies }) : new Set();
  }
}

function imported(
  document: ReleaseDocument,
  { api, operations, remove }: { api: string; operations: readonly CatalogOperation[]; remove: boolean },
): Imported {
  const present = document.apis.find(({ id }) => id === api)?.operations ?? [];
  const diff = diffOperations(present, operations);
  const replaced = new Set(operations.map(({ id }) => id));
  const kept = remove ? [] : present.filter(({ id }) => !replaced.has(id));
  const apis = [
    ...document.apis.filter(({ id }) => id !== api),
    { id: api, operations: [...kept, ...operations] },
  ];
  return { diff, after: assembleRelease(draftRowsOf({ ...document, apis })) };
}

function demandCatalog(problems: readonly PolicyProblem[]): void {
  const faults = problems.filter(({ policy }) => policy.startsWith('catalog'));
  if (faults.length === 0) return;
  throw new AdminProblem(
    'admin.invalid',
    faults.map(({ policy, message }) => ({ detail: `${policy}: ${message}`, pointer: '#/openapi' })),
  );
}
