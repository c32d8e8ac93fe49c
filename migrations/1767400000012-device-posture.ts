import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is reported of devices: by events, which brokers take, and through the admin API. */
export class CreateDevicePosture1767400000012 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(POSTURE);
    await db.query(REPORT);
    await db.query(GRANTS);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION report_device_posture(text, text, boolean, jsonb);
      DROP TABLE device_posture;
      REVOKE SELECT ON device, device_key FROM oncekey_broker`);
  }
}

/** The latest report of each device. `facts` holds what was said of each by its name: true or false. */
const POSTURE = `
  CREATE TABLE device_posture (
    device       text        PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
    compliant    boolean,
    facts        jsonb       NOT NULL DEFAULT '{}',
    learnt_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    learnt_from  text        NOT NULL
  )`;

/**
 * A whole report: what it does not say is not known any more. A device that is not compliant is frozen with it, until
 * the same source says that it is again. Admin processes may do just this to cut-offs; hence a function. False where
 * there is no such device.
 */
const REPORT = `
  CREATE FUNCTION report_device_posture(device_id text, source text, is_compliant boolean, named jsonb)
  RETURNS boolean LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO device_posture (device, compliant, facts, learnt_from)
    SELECT id, is_compliant, named, source FROM device WHERE id = device_id
    ON CONFLICT (device) DO UPDATE
       SET compliant = excluded.compliant, facts = excluded.facts, learnt_at = excluded.learnt_at,
           learnt_from = excluded.learnt_from;
    IF NOT FOUND THEN
      RETURN false;
    END IF;
    IF is_compliant IS FALSE THEN
      INSERT INTO cut_off AS c (kind, id, source, dead_until) VALUES ('device', device_id, source, 'infinity')
      ON CONFLICT ON CONSTRAINT cut_off_pkey DO UPDATE
         SET dead_until = excluded.dead_until, said_at = excluded.said_at, recorded_at = excluded.recorded_at;
    ELSIF is_compliant THEN
      UPDATE cut_off AS c
         SET dead_until = clock_timestamp(), said_at = clock_timestamp(), recorded_at = clock_timestamp()
       WHERE c.kind = 'device' AND c.id = device_id AND c.source = report_device_posture.source
         AND c.dead_until = 'infinity';
    END IF;
    RETURN true;
  END $$`;

const GRANTS = `
  DO $$
  BEGIN
    EXECUTE format(
      'ALTER FUNCTION report_device_posture(text, text, boolean, jsonb) SECURITY DEFINER SET search_path = %I, pg_temp',
      current_schema());
  END $$;
  REVOKE EXECUTE ON FUNCTION report_device_posture(text, text, boolean, jsonb) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION report_device_posture(text, text, boolean, jsonb) TO oncekey_admin;
  GRANT SELECT ON device_posture TO oncekey_admin;
  GRANT SELECT ON device, device_key TO oncekey_broker;
  GRANT SELECT, INSERT, UPDATE ON device_posture TO oncekey_broker`;
