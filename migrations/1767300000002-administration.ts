import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What admins edit before it is released, and who may. */
export class CreateAdministration1767300000002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(VERSIONS);
    await db.query(REGISTRATIONS);
    await db.query(DRAFT);
    await db.query(RELEASES);
    await db.query(SHADOW);
    await db.query(ENROLMENT);
    await db.query(AUDIT);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION make_audit_partitions(integer);
      DROP INDEX audit_event_subject;
      DROP TABLE idempotent_answer, enrolment, shadow_difference, shadow_count, shadow, draft_author, draft_state,
                 draft_context_attribute, draft_operation, draft_policy_test, draft_policy, role_binding, device_key,
                 device, admin_key;
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

  -- A key stands for one device.
  CREATE TABLE device_key (
    thumbprint  text        PRIMARY KEY,
    device      text        NOT NULL REFERENCES device (id) ON DELETE CASCADE
  );
  CREATE INDEX device_key_device ON device_key (device);

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

/** Every change of a part gives the draft another version, and so waits for whoever changes another part. */
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
  );
  CREATE INDEX idempotent_answer_created_at ON idempotent_answer (created_at)`;

/**
 * Ids of events are ordered by time: the log needs no index of its own for that. Making a partition takes the owner of
 * the log, and no broker is that; hence a function that does just this.
 */
const AUDIT = `
  CREATE INDEX audit_event_subject ON audit_event ((event -> 'subject' ->> 'subject'));

  CREATE FUNCTION make_audit_partitions(days integer) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    day   date;
    name  text;
  BEGIN
    IF days NOT BETWEEN 0 AND 31 THEN
      RAISE EXCEPTION 'days must be from 0 to 31' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- The letters "once", as for every advisory lock of the ledger, and the audit log's number.
    IF NOT pg_try_advisory_xact_lock(x'6f6e6365'::integer, 3) THEN
      RETURN;
    END IF;
    FOR day IN
      SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date + n FROM generate_series(0, days) AS n
    LOOP
      name := 'audit_event_' || to_char(day, 'YYYYMMDD');
      CONTINUE WHEN to_regclass(name) IS NOT NULL;
      EXECUTE format(
        'CREATE TABLE %I PARTITION OF audit_event FOR VALUES FROM (%L) TO (%L)',
        name, to_char(day, 'YYYY-MM-DD') || ' 00:00:00+00', to_char(day + 1, 'YYYY-MM-DD') || ' 00:00:00+00');
      EXECUTE format(
        'CREATE TRIGGER refuse_statement BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
        name);
      EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER refuse_statement', name);
    END LOOP;
  END $$`;
