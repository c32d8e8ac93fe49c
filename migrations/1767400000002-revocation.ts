import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was cut off before its time, and the security events that said so. */
export class CreateRevocation1767400000002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(CUT_OFFS);
    await db.query(EVENTS);
    await db.query(REGISTRATIONS);
    await db.query(GRANTS);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      ${TRIGGERS.map(([table]) => `DROP TRIGGER cut_off_registration ON ${table};`).join('')}
      DROP FUNCTION cut_off_registration();
      DROP TABLE security_event, cut_off`);
  }
}

/**
 * Logged: a revocation that was answered outlives a crash. What one source has cut off, no other restores, so that
 * of several the strictest holds. Until `dead_until` whatever was vouched for is dead, and with `infinity` all of it;
 * tokens that were issued before `recorded_at` are dead besides. `said_at` is the time of the source's own word.
 */
const CUT_OFFS = `
  CREATE TABLE cut_off (
    kind         text        NOT NULL
      CHECK (kind IN ('identity_provider', 'subject', 'email', 'session', 'device', 'client', 'token')),
    id           text        NOT NULL,
    source       text        NOT NULL,
    dead_until   timestamptz NOT NULL,
    said_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (kind, id, source)
  );
  CREATE INDEX cut_off_recorded_at ON cut_off (recorded_at)`;

/** An event takes effect once: its transmitter's name for it is kept for as long as it may deliver it again. */
const EVENTS = `
  CREATE TABLE security_event (
    issuer       text        NOT NULL,
    jti          text        NOT NULL,
    received_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (issuer, jti)
  );
  CREATE INDEX security_event_received_at ON security_event (received_at)`;

/** Table, its column that tokens know, and the kind of the cut-off. */
const TRIGGERS = [
  ['client', 'client_id', 'client'],
  ['identity_provider', 'issuer', 'identity_provider'],
  ['device', 'id', 'device'],
] as const;

/** Whoever is disabled, renamed or deleted takes his tokens with him, in the transaction that does it. */
const REGISTRATIONS = `
  CREATE FUNCTION cut_off_registration() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    before  text;
    after   text;
  BEGIN
    IF TG_OP <> 'INSERT' THEN
      before := to_jsonb(OLD) ->> TG_ARGV[0];
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.enabled THEN
      after := to_jsonb(NEW) ->> TG_ARGV[0];
      UPDATE cut_off SET dead_until = clock_timestamp(), recorded_at = clock_timestamp()
       WHERE kind = TG_ARGV[1] AND id = after AND source = 'registration' AND dead_until = 'infinity';
    END IF;
    IF before IS DISTINCT FROM after AND before IS NOT NULL THEN
      INSERT INTO cut_off (kind, id, source, dead_until) VALUES (TG_ARGV[1], before, 'registration', 'infinity')
      ON CONFLICT (kind, id, source) DO UPDATE
         SET dead_until = excluded.dead_until, recorded_at = excluded.recorded_at;
    END IF;
    RETURN NULL;
  END $$;
  ${TRIGGERS.map(
    ([table, column, kind]) => `
  CREATE TRIGGER cut_off_registration AFTER INSERT OR UPDATE OF enabled, ${column} OR DELETE ON ${table}
    FOR EACH ROW EXECUTE FUNCTION cut_off_registration('${column}', '${kind}');`,
  ).join('')}`;

/** The trigger writes for whoever may change a registration, and nobody else may have it written. */
const GRANTS = `
  DO $$
  BEGIN
    EXECUTE format(
      'ALTER FUNCTION cut_off_registration() SECURITY DEFINER SET search_path = %I, pg_temp', current_schema());
  END $$;
  REVOKE EXECUTE ON FUNCTION cut_off_registration() FROM PUBLIC;
  GRANT SELECT, INSERT, UPDATE, DELETE ON cut_off TO oncekey_broker;
  GRANT SELECT, INSERT, DELETE ON security_event TO oncekey_broker`;
