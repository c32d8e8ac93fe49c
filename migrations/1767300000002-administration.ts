import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What admins edit before it is released, who may, and what tells two database roles apart. */
export class CreateAdministration1767300000002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(VERSIONS);
    await db.query(REGISTRATIONS);
    await db.query(DRAFT);
    await db.query(RELEASES);
    await db.query(SHADOW);
    await db.query(ENROLMENT);
    await db.query(AUDIT_INDEXES);
    await db.query(ROLES);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP OWNED BY oncekey_broker, oncekey_admin;
      DROP FUNCTION make_audit_partitions(integer);
      DROP INDEX audit_event_at, audit_event_subject;
      DROP TABLE idempotent_answer, enrolment, shadow_difference, shadow_count, shadow, draft_author, draft_state,
                 draft_context_attribute, draft_operation, draft_policy_test, draft_policy, role_binding, device,
                 admin_key;
      DROP FUNCTION note_draft_change();
      ALTER TABLE release DROP COLUMN rollback_of;
      ALTER TABLE identity_provider DROP COLUMN version, DROP COLUMN updated_by;
      ALTER TABLE client DROP COLUMN version, DROP COLUMN updated_by;
      ALTER TABLE resource_server DROP COLUMN version, DROP COLUMN updated_by;
      DROP SEQUENCE resource_version`);
  }
}

/** One sequence for all resources: a version that was seen once never comes again, after a deletion neither. */
const VERSIONS = `
  CREATE SEQUENCE resource_version AS bigint;
  ${['identity_provider', 'client', 'resource_server']
    .map(
      (table) => `
  ALTER TABLE ${table}
    ADD COLUMN version bigint NOT NULL DEFAULT nextval('resource_version'),
    ADD COLUMN updated_by text;`,
    )
    .join('')}`;

const REGISTRATIONS = `
  CREATE TABLE device (
    id          text        PRIMARY KEY,
    document    jsonb       NOT NULL,
    enabled     boolean     NOT NULL DEFAULT true,
    version     bigint      NOT NULL DEFAULT nextval('resource_version'),
    updated_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_by  text
  );

  CREATE TABLE role_binding (
    id          text        PRIMARY KEY,
    document    jsonb       NOT NULL,
    enabled     boolean     NOT NULL DEFAULT true,
    version     bigint      NOT NULL DEFAULT nextval('resource_version'),
    updated_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_by  text
  );

  CREATE TRIGGER bump_trust_revision AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON role_binding
    FOR EACH STATEMENT EXECUTE FUNCTION bump_trust_revision();

  -- Admin processes make a key when they start and say so here; nobody carries one in.
  CREATE TABLE admin_key (
    kid          text        PRIMARY KEY,
    jwk          jsonb       NOT NULL,
    seen_at      timestamptz NOT NULL DEFAULT clock_timestamp()
  )`;

const draftTable = (name: string): string => `
  CREATE TABLE ${name} (
    id          text        PRIMARY KEY,
    document    jsonb       NOT NULL,
    version     bigint      NOT NULL DEFAULT nextval('resource_version'),
    updated_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_by  text
  );
  CREATE TRIGGER note_draft_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON ${name}
    FOR EACH STATEMENT EXECUTE FUNCTION note_draft_change();`;

/** The row of `draft_state` is the lock under which every part of the draft changes. */
const DRAFT = `
  CREATE TABLE draft_state (
    singleton  boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    version    bigint  NOT NULL DEFAULT nextval('resource_version')
  );
  INSERT INTO draft_state DEFAULT VALUES;

  -- Who has changed the draft since it was last the same as a release.
  CREATE TABLE draft_author (
    author  text PRIMARY KEY
  );

  CREATE FUNCTION note_draft_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE draft_state SET version = nextval('resource_version');
    RETURN NULL;
  END $$;
  ${['draft_policy', 'draft_policy_test', 'draft_operation', 'draft_context_attribute'].map(draftTable).join('')}`;

const RELEASES = `
  ALTER TABLE release ADD COLUMN rollback_of integer REFERENCES release (number)`;

/** Counts are unlogged: they are observations, and a crash may take them. */
const SHADOW = `
  CREATE TABLE shadow (
    singleton   boolean     PRIMARY KEY DEFAULT true CHECK (singleton),
    id          uuid        NOT NULL UNIQUE,
    document    jsonb       NOT NULL,
    started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    started_by  text        NOT NULL
  );
  CREATE TRIGGER bump_trust_revision AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON shadow
    FOR EACH STATEMENT EXECUTE FUNCTION bump_trust_revision();

  CREATE UNLOGGED TABLE shadow_count (
    shadow    uuid    PRIMARY KEY,
    compared  bigint  NOT NULL,
    skipped   bigint  NOT NULL
  );
  CREATE UNLOGGED TABLE shadow_difference (
    shadow             uuid    NOT NULL,
    kind               text    NOT NULL CHECK (kind IN ('newly_allowed', 'newly_denied')),
    policy             text    NOT NULL,
    operation          text    NOT NULL,
    count              bigint  NOT NULL,
    example_reason_id  text    NOT NULL,
    PRIMARY KEY (shadow, kind, policy, operation)
  )`;

/** Of an enrolment code only the hash is kept; using it up is one UPDATE. */
const ENROLMENT = `
  CREATE TABLE enrolment (
    code_hash   bytea       PRIMARY KEY,
    purpose     text        NOT NULL CHECK (purpose IN ('first_admin', 'break_glass')),
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz
  );

  CREATE TABLE idempotent_answer (
    caller       text        NOT NULL,
    key          text        NOT NULL,
    fingerprint  bytea       NOT NULL,
    status       integer     NOT NULL,
    headers      jsonb       NOT NULL,
    body         text        NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (caller, key)
  )`;

const AUDIT_INDEXES = `
  CREATE INDEX audit_event_at ON audit_event (at);
  CREATE INDEX audit_event_subject ON audit_event ((event -> 'subject' ->> 'subject'))`;

/**
 * Group roles that the processes take on when they connect. The broker cannot change what it is told to trust; the
 * admin process cannot reach keys, ledger or used ids. Roles belong to the whole server: another database may have
 * made them.
 */
const ROLES = `
  DO $$
  BEGIN
    CREATE ROLE oncekey_broker NOLOGIN;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
  END $$;
  DO $$
  BEGIN
    CREATE ROLE oncekey_admin NOLOGIN;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
  END $$;`;
