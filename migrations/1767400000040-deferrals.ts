import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Requests that wait for an approval. */
export class CreateDeferrals1767400000040 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(DEFERRALS);
    await db.query(GRANTS);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('REVOKE SELECT ON cut_off FROM oncekey_admin; DROP TABLE deferral');
  }
}

/**
 * `request` is read and never asked about; not as jsonb, which does not hold every string that a client may send. What it stands on is in three arrays, place by place. Of the code there is only its hash.
 */
const DEFERRALS = `
  CREATE TABLE deferral (
    id                uuid        PRIMARY KEY,
    code_hash         bytea       NOT NULL UNIQUE CHECK (octet_length(code_hash) = 32),
    client_id         text        NOT NULL,
    issuer            text        NOT NULL,
    subject           text        NOT NULL,
    binding_code      text        NOT NULL,
    request           json        NOT NULL,
    relied_kinds      text[]      NOT NULL,
    relied_ids        text[]      NOT NULL,
    relied_since      float8[]    NOT NULL,
    approvers         text[]      NOT NULL CHECK (cardinality(approvers) > 0),
    awaited           text[]      NOT NULL CHECK (awaited <@ approvers),
    approvals         jsonb       NOT NULL DEFAULT '[]',
    state             text        NOT NULL DEFAULT 'pending'
      CHECK (state IN ('pending', 'approved', 'denied', 'cancelled', 'redeemed', 'refused')),
    requested_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at        timestamptz NOT NULL,
    interval_seconds  integer     NOT NULL,
    next_poll_at      timestamptz NOT NULL,
    polled_early      boolean     NOT NULL DEFAULT false,
    CHECK (state NOT IN ('approved', 'redeemed', 'refused') OR awaited = '{}')
  );
  CREATE INDEX deferral_expires_at ON deferral (expires_at);
  CREATE INDEX deferral_of_subject ON deferral (issuer, subject) WHERE state IN ('pending', 'approved');
  CREATE INDEX deferral_of_client ON deferral (client_id) WHERE state IN ('pending', 'approved');
  CREATE INDEX deferral_awaited ON deferral USING gin (awaited) WHERE state = 'pending'`;

/** Who approves changes what an approval is, and never what was asked for, by whom or for how long. */
const GRANTS = `
  GRANT SELECT, INSERT, UPDATE, DELETE ON deferral TO oncekey_broker;
  GRANT SELECT (id, client_id, issuer, subject, binding_code, request, relied_kinds, relied_ids,
                relied_since, approvers, awaited, approvals, state,
                requested_at, expires_at),
        UPDATE (state, awaited, approvals)
    ON deferral TO oncekey_admin;
  GRANT SELECT ON cut_off TO oncekey_admin`;
