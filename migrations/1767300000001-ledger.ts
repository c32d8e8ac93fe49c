import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was used and must not be used again, and the record of everything that was decided. */
export class CreateLedger1767300000001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(SPENT_TOKENS);
    await db.query(USED_IDS);
    await db.query(AUDIT);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE audit_event, used_id_floor, used_id_0, used_id_1, used_id_2, used_id_3,
                 ledger_incarnation, ledger_0, ledger_1, ledger_2, ledger_3`);
  }
}

const RING = [0, 1, 2, 3] as const;

/**
 * Unlogged on purpose: a crash empties these tables, the incarnation among them, and with it every token that it gave
 * out is dead. They are filled and emptied as a whole, so statistics of them are always wrong: nobody gathers any.
 * Without statistics the planner takes a small table for ten pages, and reads it through its index.
 */
const SPENT_TOKENS = `
  CREATE UNLOGGED TABLE ledger_incarnation (
    singleton       boolean     PRIMARY KEY DEFAULT true CHECK (singleton),
    incarnation     text        NOT NULL,
    boot            timestamptz NOT NULL,
    relation        oid         NOT NULL,
    database        oid         NOT NULL,
    bucket_seconds  integer     NOT NULL,
    floor           bigint      NOT NULL
  );
  ${RING.map(
    (table) => `
  CREATE UNLOGGED TABLE ledger_${table} (
    jti          uuid        PRIMARY KEY,
    spender      integer,
    repeat_key   bytea,
    fingerprint  bytea,
    mismatches   smallint    NOT NULL DEFAULT 0
  ) WITH (autovacuum_enabled = false);`,
  ).join('')}`;

/** Kept through a crash: an assertion names no incarnation. The owner as UTF-8, the id as SHA-256: bytes are compared. */
const USED_IDS = `
  CREATE TABLE used_id_floor (
    singleton    boolean     PRIMARY KEY DEFAULT true CHECK (singleton),
    floor        bigint      NOT NULL
  );
  INSERT INTO used_id_floor (floor) VALUES (0);
  ${RING.map(
    (table) => `
  CREATE TABLE used_id_${table} (
    kind         smallint    NOT NULL,
    owner        bytea       NOT NULL,
    id           bytea       NOT NULL,
    PRIMARY KEY (id, owner, kind)
  ) WITH (autovacuum_enabled = false);`,
  ).join('')}`;

/**
 * Partitioned by day, so that old days are dropped and never deleted. What falls outside of the days that were made
 * ahead goes into the default partition. Row triggers are inherited by partitions; the one against TRUNCATE is not.
 */
const AUDIT = `
  CREATE TABLE audit_event (
    id           uuid        NOT NULL,
    at           timestamptz NOT NULL,
    type         text        NOT NULL,
    outcome      text        NOT NULL,
    reason       text,
    reason_id    text        NOT NULL,
    txn          text,
    event        jsonb       NOT NULL,
    PRIMARY KEY (id, at)
  ) PARTITION BY RANGE (at);

  CREATE INDEX audit_event_reason_id ON audit_event (reason_id);
  CREATE INDEX audit_event_txn ON audit_event (txn);

  CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER refuse_statement BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
  ALTER TABLE audit_event ENABLE ALWAYS TRIGGER refuse_change;
  ALTER TABLE audit_event ENABLE ALWAYS TRIGGER refuse_statement;

  CREATE TABLE audit_event_default PARTITION OF audit_event DEFAULT;
  CREATE TRIGGER refuse_statement BEFORE TRUNCATE ON audit_event_default
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
  ALTER TABLE audit_event_default ENABLE ALWAYS TRIGGER refuse_statement`;
