import type { DocumentProblem, DraftResource, DraftRow, JsonObject } from '#core';

/** One kind of things that a draft is made of. */
export interface DraftPart {
  readonly kind: DraftResource;
  /** Below the prefix of the API: `policies`. */
  readonly path: string;
  readonly one: string;
  /** The member that names it. */
  readonly idMember: 'id' | 'name';
  /** Parameters that a list is narrowed by, as members of the document. */
  readonly filters: readonly string[];
  /** Parameters that it is narrowed by otherwise. */
  readonly looks: Readonly<Record<string, (represented: JsonObject, value: string) => boolean>>;
  read(body: JsonObject): { readonly row: DraftRow } | { readonly problems: readonly DocumentProblem[] };
  /** As it is sent. */
  readonly example: JsonObject;
}
