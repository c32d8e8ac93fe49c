import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What tells brokers and admin processes apart for the database itself. */
export class CreateDatabaseRoles1767300000003 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(ROLES);
    await db.query(GRANTS);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(REVOKES);
  }
}

const NAMES = ['oncekey_broker', 'oncekey_admin'] as const;

/**
 * Group roles that the processes take on when they connect. The broker cannot change what it is told to trust; the
 * admin process cannot reach keys, ledger or used ids. Roles belong to the whole server: another database may have
 * made them, or be at it.
 */
const ROLES = `
  DO $$
  DECLARE
    name  text;
    does  text := CASE WHEN current_setting('server_version_num')::integer < 160000 THEN 'MEMBER' ELSE 'SET' END;
  BEGIN
    FOREACH name IN ARRAY ARRAY['${NAMES.join("', '")}'] LOOP
      BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
          EXECUTE format('CREATE ROLE %I NOLOGIN', name);
        END IF;
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
      END;
      BEGIN
        IF NOT pg_has_role(current_user, name, does) THEN
          EXECUTE format('GRANT %I TO %I', name, current_user);
        END IF;
      EXCEPTION WHEN unique_violation THEN NULL;
      END;
    END LOOP;
  EXCEPTION WHEN insufficient_privilege THEN
    RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = format(
      'the database role %s is missing, or %s may not take it on; once on this server, a user with CREATEROLE runs: '
      'CREATE ROLE oncekey_broker NOLOGIN; CREATE ROLE oncekey_admin NOLOGIN; '
      'GRANT oncekey_broker, oncekey_admin TO %I;', name, current_user, current_user);
  END $$`;

/** Functions that write where the role of whoever sets them off may not. */
const TRUSTED_FUNCTIONS = [
  'bump_trust_revision()',
  'claim_caller_id()',
  'note_draft_change()',
  'make_audit_partitions(integer)',
] as const;

/** Runs with the rights of the owner and with names that nobody can put others in front of. */
const onTrustedFunctions = (change: string): string => `
  DO $$
  DECLARE
    name  text;
  BEGIN
    FOREACH name IN ARRAY ARRAY['${TRUSTED_FUNCTIONS.join("', '")}'] LOOP
      EXECUTE format('ALTER FUNCTION %s ${change}', name, current_schema());
    END LOOP;
  END $$;`;

const RING = [0, 1, 2, 3] as const;
const LEDGER = RING.map((table) => `ledger_${table}`).join(', ');
const USED_IDS = RING.map((table) => `used_id_${table}`).join(', ');
const DRAFT_PARTS = 'draft_policy, draft_policy_test, draft_operation, draft_context_attribute';

/** Table by table and verb by verb: what is not here is refused. */
const GRANTS = `
  ${onTrustedFunctions('SECURITY DEFINER SET search_path = %I, pg_temp')}
  REVOKE EXECUTE ON FUNCTION ${TRUSTED_FUNCTIONS.join(', ')} FROM PUBLIC;

  DO $$
  BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO ${NAMES.join(', ')}', current_schema());
  END $$;
  GRANT EXECUTE ON FUNCTION make_audit_partitions(integer) TO ${NAMES.join(', ')};
  GRANT SELECT, INSERT ON audit_event TO ${NAMES.join(', ')};
  GRANT SELECT ON trust_revision TO ${NAMES.join(', ')};

  GRANT SELECT ON identity_provider, client, resource_server, role_binding, release, live_release, shadow
    TO oncekey_broker;
  GRANT SELECT, INSERT, DELETE ON key_ring TO oncekey_broker;
  GRANT SELECT, INSERT, UPDATE ON ledger_incarnation TO oncekey_broker;
  GRANT SELECT, INSERT, UPDATE, TRUNCATE ON ${LEDGER} TO oncekey_broker;
  GRANT SELECT, UPDATE ON used_id_floor TO oncekey_broker;
  GRANT SELECT, INSERT, TRUNCATE ON ${USED_IDS} TO oncekey_broker;
  GRANT SELECT, INSERT, UPDATE ON shadow_count, shadow_difference TO oncekey_broker;

  GRANT USAGE ON SEQUENCE resource_version TO oncekey_admin;
  GRANT SELECT, INSERT, UPDATE, DELETE
    ON identity_provider, client, resource_server, device, device_key, role_binding, ${DRAFT_PARTS}, draft_author,
       shadow, admin_key, idempotent_answer
    TO oncekey_admin;
  GRANT SELECT ON draft_state TO oncekey_admin;
  GRANT SELECT, INSERT ON release TO oncekey_admin;
  GRANT SELECT, INSERT, UPDATE ON live_release, enrolment TO oncekey_admin;
  GRANT SELECT, DELETE ON shadow_count, shadow_difference TO oncekey_admin`;

/** The roles stay: other databases of the server may have them too. */
const REVOKES = `
  ${onTrustedFunctions('SECURITY INVOKER RESET search_path')}
  GRANT EXECUTE ON FUNCTION ${TRUSTED_FUNCTIONS.join(', ')} TO PUBLIC;
  DO $$
  DECLARE
    kind  text;
  BEGIN
    EXECUTE format('REVOKE ALL ON SCHEMA %I FROM ${NAMES.join(', ')}', current_schema());
    FOREACH kind IN ARRAY ARRAY['TABLES', 'SEQUENCES', 'FUNCTIONS'] LOOP
      EXECUTE format('REVOKE ALL ON ALL %s IN SCHEMA %I FROM ${NAMES.join(', ')}', kind, current_schema());
    END LOOP;
  END $$`;
