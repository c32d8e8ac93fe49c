import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Workloads by whose word clients authenticate can be cut off, and admins cut off what no registration stands for. */
export class AddAdminRevocations1767400000060 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE cut_off DROP CONSTRAINT cut_off_kind_check;
      ALTER TABLE cut_off ADD CONSTRAINT cut_off_kind_check CHECK (kind IN (
        'identity_provider', 'subject', 'email', 'session', 'device', 'client', 'workload', 'workload_issuer', 'token'))`);
    await db.query(REVOKE);
    await db.query(GRANTS);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION revoke_as_admin(text[], text[], text);
      DELETE FROM cut_off WHERE kind IN ('workload', 'workload_issuer');
      ALTER TABLE cut_off DROP CONSTRAINT cut_off_kind_check;
      ALTER TABLE cut_off ADD CONSTRAINT cut_off_kind_check
        CHECK (kind IN ('identity_provider', 'subject', 'email', 'session', 'device', 'client', 'token'))`);
  }
}

/**
 * Admin processes may do just this to cut-offs; hence a function. A cut ends no block, and a lift ends nothing else. The
 * number of names that it changed.
 */
const REVOKE = `
  CREATE FUNCTION revoke_as_admin(kinds text[], ids text[], change text) RETURNS bigint LANGUAGE plpgsql AS $$
  DECLARE
    changed  bigint;
  BEGIN
    IF NOT kinds <@ ARRAY['identity_provider', 'subject', 'workload', 'workload_issuer'] THEN
      RAISE EXCEPTION 'admins revoke no %', kinds;
    ELSIF change = 'lift' THEN
      UPDATE cut_off AS c
         SET dead_until = clock_timestamp(), said_at = clock_timestamp(), recorded_at = clock_timestamp()
        FROM unnest(kinds, ids) AS named (kind, id)
       WHERE c.kind = named.kind AND c.id = named.id AND c.source = 'administration' AND c.dead_until = 'infinity';
    ELSIF change IN ('cut', 'block') THEN
      INSERT INTO cut_off AS c (kind, id, source, dead_until)
      SELECT kind, id, 'administration', CASE change WHEN 'block' THEN 'infinity' ELSE clock_timestamp() END
        FROM unnest(kinds, ids) AS named (kind, id)
      ON CONFLICT ON CONSTRAINT cut_off_pkey DO UPDATE
         SET dead_until = greatest(c.dead_until, excluded.dead_until), said_at = excluded.said_at,
             recorded_at = excluded.recorded_at;
    ELSE
      RAISE EXCEPTION 'a revocation is no %', change;
    END IF;
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
  END $$`;

const GRANTS = `
  DO $$
  BEGIN
    EXECUTE format(
      'ALTER FUNCTION revoke_as_admin(text[], text[], text) SECURITY DEFINER SET search_path = %I, pg_temp',
      current_schema());
  END $$;
  REVOKE EXECUTE ON FUNCTION revoke_as_admin(text[], text[], text) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION revoke_as_admin(text[], text[], text) TO oncekey_admin`;
