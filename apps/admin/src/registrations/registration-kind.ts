import type { AdminCaller, AdminTransaction, DocumentProblem, JsonObject, RegistrationResource } from '#core';

/** One change of one registration. */
export interface RegistrationChange {
  readonly caller: AdminCaller;
  readonly id: string;
  /** Null: it is created. */
  readonly before: JsonObject | null;
  /** Null: it is deleted. */
  readonly after: JsonObject | null;
  /** As it will be; false for what is deleted. */
  readonly enabled: boolean;
}

/** What one kind of registration has of its own. */
export interface RegistrationKind {
  readonly kind: RegistrationResource;
  /** Below the prefix of the API: `clients`. */
  readonly path: string;
  /** The member that names it. */
  readonly idMember: 'id' | 'client_id';
  /** Parameters by which a list is narrowed. */
  readonly filters: readonly string[];
  /** What a document of the right shape says wrongly. */
  problemsOf(document: JsonObject): readonly DocumentProblem[];
  /** Before the transaction, for what takes time. Fails  AdminProblem */
  examine?(change: RegistrationChange): Promise<void>;
  /** Inside the transaction, when the change is done and not yet in force. Fails  AdminProblem */
  settle?(transaction: AdminTransaction, change: RegistrationChange): Promise<void>;
}
