import type { RegistrationRows, ReleaseDocument } from '#core';

interface ReleaseRow {
  readonly number: number;
  readonly document: ReleaseDocument;
}

/** A candidate that brokers ask beside the live release. Under its id it never changes. */
interface ShadowRow {
  readonly id: string;
  readonly document: ReleaseDocument;
}

/** What decisions are made by: the live release, and the candidate that runs in its shadow. */
export interface DecidingRows {
  readonly release: ReleaseRow | null;
  readonly shadow: ShadowRow | null;
}

/** Everything that trust is made of, at one revision. */
export interface TrustRows extends DecidingRows {
  readonly registrations: RegistrationRows;
}

/** As the statement answers: what the reader knows already has no document. */
export interface TrustRow {
  readonly revision: string;
  readonly identityProviders: readonly unknown[];
  readonly eventTransmitters: readonly unknown[];
  readonly clients: readonly unknown[];
  readonly resourceServers: RegistrationRows['resourceServers'];
  readonly roleBindings: readonly unknown[];
  readonly releaseNumber: number | null;
  readonly releaseDocument: ReleaseDocument | null;
  readonly shadowId: string | null;
  readonly shadowDocument: ReleaseDocument | null;
}

export const READ_REVISION = {
  name: 'trust-revision',
  text: `SELECT revision::text, extract(epoch FROM clock_timestamp())::float8 * 1000 AS "databaseTime"
           FROM trust_revision`,
};

export interface RevisionRow {
  readonly revision: string;
  readonly databaseTime: number;
}

/** One statement sees one snapshot: the revision and exactly what belongs to it. $1 and $2: the release and the shadow that are known. */
export const READ_TRUST = {
  name: 'trust-rows',
  text: `
    SELECT revision::text,
           (SELECT coalesce(jsonb_agg(document ORDER BY id), '[]') FROM identity_provider WHERE enabled)
             AS "identityProviders",
           (SELECT coalesce(jsonb_agg(document ORDER BY id), '[]') FROM event_transmitter WHERE enabled)
             AS "eventTransmitters",
           (SELECT coalesce(jsonb_agg(document ORDER BY client_id), '[]') FROM client WHERE enabled) AS "clients",
           (SELECT coalesce(jsonb_agg(jsonb_build_object('number', number, 'version', version::text, 'document', document)
                                    ORDER BY number), '[]')
              FROM resource_server WHERE enabled) AS "resourceServers",
           (SELECT coalesce(jsonb_agg(document ORDER BY id), '[]') FROM role_binding WHERE enabled)
             AS "roleBindings",
           live.number AS "releaseNumber",
           CASE WHEN live.number IS DISTINCT FROM $1::int THEN release.document END AS "releaseDocument",
           shadow.id::text AS "shadowId",
           CASE WHEN shadow.id IS DISTINCT FROM $2::uuid THEN shadow.document END AS "shadowDocument"
      FROM trust_revision
      LEFT JOIN live_release live ON true
      LEFT JOIN release ON release.number = live.number
      LEFT JOIN shadow ON true`,
};

/** `known` is what was read before. Releases and shadows never change, so that their objects are used again. */
export function toTrustRows(row: TrustRow, known: DecidingRows): TrustRows {
  const { releaseNumber, releaseDocument, shadowId, shadowDocument, ...registrations } = row;
  return {
    registrations,
    release: toReleaseRow(releaseNumber, releaseDocument, known.release),
    shadow: toShadowRow(shadowId, shadowDocument, known.shadow),
  };
}

function toReleaseRow(
  number: number | null,
  document: ReleaseDocument | null,
  known: ReleaseRow | null,
): ReleaseRow | null {
  if (number === null) return null;
  if (document !== null) return { number, document };
  if (known?.number !== number) throw new Error(`release ${number} has no document`);
  return known;
}

function toShadowRow(
  id: string | null,
  document: ReleaseDocument | null,
  known: ShadowRow | null,
): ShadowRow | null {
  if (id === null) return null;
  if (document !== null) return { id, document };
  if (known?.id !== id) throw new Error(`shadow ${id} has no document`);
  return known;
}
