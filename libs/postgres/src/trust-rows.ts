import type { RegistrationRows, ReleaseDocument } from '#core';

export interface ReleaseRow {
  readonly number: number;
  readonly document: ReleaseDocument;
}

/** Everything that trust is made of, at one revision. */
export interface TrustRows {
  readonly registrations: RegistrationRows;
  readonly release: ReleaseRow | null;
}

/** As the statement answers: `release` has no document where the reader knows it already. */
export interface TrustRow {
  readonly revision: string;
  readonly identityProviders: readonly unknown[];
  readonly clients: readonly unknown[];
  readonly resourceServers: readonly { number: number; document: unknown }[];
  readonly releaseNumber: number | null;
  readonly releaseDocument: ReleaseDocument | null;
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

/** One statement sees one snapshot: the revision and exactly what belongs to it. $1 is the release that is known. */
export const READ_TRUST = {
  name: 'trust-rows',
  text: `
    SELECT revision::text,
           (SELECT coalesce(jsonb_agg(document ORDER BY id), '[]') FROM identity_provider WHERE enabled)
             AS "identityProviders",
           (SELECT coalesce(jsonb_agg(document ORDER BY client_id), '[]') FROM client WHERE enabled) AS "clients",
           (SELECT coalesce(jsonb_agg(jsonb_build_object('number', number, 'document', document) ORDER BY number), '[]')
              FROM resource_server WHERE enabled) AS "resourceServers",
           live.number AS "releaseNumber",
           CASE WHEN live.number IS DISTINCT FROM $1::int THEN release.document END AS "releaseDocument"
      FROM trust_revision
      LEFT JOIN live_release live ON true
      LEFT JOIN release ON release.number = live.number`,
};

/** `known` is the release that was read before. Published releases never change, so that its object is used again. */
export function toTrustRows(row: TrustRow, known: ReleaseRow | null): TrustRows {
  const { releaseNumber, releaseDocument, ...registrations } = row;
  if (releaseNumber === null) return { registrations, release: null };
  if (releaseDocument !== null) {
    return { registrations, release: { number: releaseNumber, document: releaseDocument } };
  }
  if (known?.number !== releaseNumber) throw new Error(`release ${releaseNumber} has no document`);
  return { registrations, release: known };
}
