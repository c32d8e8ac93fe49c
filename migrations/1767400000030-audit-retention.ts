import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How long the audit log is kept, and which days of it are gone. */
export class CreateAuditRetention1767400000030 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(RETENTION);
    await db.query(DROP_OLD_DAY);
    await db.query(GRANTS);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION drop_old_audit_day();
      DROP TABLE audit_day_dropped;
      DROP TABLE audit_retention`);
  }
}

/** No row: the log is kept for ever. That a day is gone stays on record. */
const RETENTION = `
  CREATE TABLE audit_retention (
    only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    days      integer NOT NULL CHECK (days BETWEEN 30 AND 36500)
  );

  CREATE TABLE audit_day_dropped (
    day         date        PRIMARY KEY,
    bytes       bigint      NOT NULL,
    dropped_at  timestamptz NOT NULL DEFAULT clock_timestamp()
  );
  CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_day_dropped
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
  ALTER TABLE audit_day_dropped ENABLE ALWAYS TRIGGER refuse_change`;

/**
 * Drops the oldest day, if it is older than the owner of the database wants to keep. One at a time, because each waits
 * for whoever reads the log. It takes no argument, so that whoever may call it only brings about what is due anyway.
 */
const DROP_OLD_DAY = `
  CREATE FUNCTION drop_old_audit_day() RETURNS date LANGUAGE plpgsql AS $$
  DECLARE
    oldest  date;
    name    text;
    bytes   bigint;
  BEGIN
    SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date - days INTO oldest FROM audit_retention;
    -- The same lock as for making days: one process tends the log at a time.
    IF oldest IS NULL OR NOT pg_try_advisory_xact_lock(x'6f6e6365'::integer, 3) THEN
      RETURN NULL;
    END IF;
    SELECT relname, pg_total_relation_size(pg_class.oid) INTO name, bytes
      FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
     WHERE inhparent = 'audit_event'::regclass AND relname ~ '^audit_event_[0-9]{8}$'
     ORDER BY relname LIMIT 1;
    IF name IS NULL OR to_date(right(name, 8), 'YYYYMMDD') >= oldest THEN
      RETURN NULL;
    END IF;
    EXECUTE format('DROP TABLE %I', name);
    INSERT INTO audit_day_dropped (day, bytes) VALUES (to_date(right(name, 8), 'YYYYMMDD'), bytes);
    RETURN to_date(right(name, 8), 'YYYYMMDD');
  END $$`;

const GRANTS = `
  DO $$
  BEGIN
    EXECUTE format('ALTER FUNCTION drop_old_audit_day() SECURITY DEFINER SET search_path = %I, pg_temp', current_schema());
  END $$;
  REVOKE EXECUTE ON FUNCTION drop_old_audit_day() FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION drop_old_audit_day() TO oncekey_broker;
  GRANT SELECT ON audit_retention, audit_day_dropped TO oncekey_broker, oncekey_admin`;
