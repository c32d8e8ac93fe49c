import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whom the broker trusts, what it permits, and the keys that it seals with. */
export class CreateRegistry1767300000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(REGISTRATIONS);
    await db.query(CALLER_IDS);
    await db.query(RELEASES);
    await db.query(KEY_RING);
    await db.query(TRUST_REVISION);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE trust_revision, key_ring, live_release, release, caller_id, resource_server, client,
                 identity_provider;
      DROP FUNCTION bump_trust_revision(), notify_keys(), refuse_change(), claim_caller_id()`);
  }
}

const REGISTRATIONS = `
  CREATE TABLE identity_provider (
    id          text        PRIMARY KEY,
    issuer      text        NOT NULL UNIQUE,
    document    jsonb       NOT NULL,
    enabled     boolean     NOT NULL DEFAULT true,
    updated_at  timestamptz NOT NULL DEFAULT clock_timestamp()
  );

  CREATE TABLE client (
    client_id   text        PRIMARY KEY,
    document    jsonb       NOT NULL,
    enabled     boolean     NOT NULL DEFAULT true,
    updated_at  timestamptz NOT NULL DEFAULT clock_timestamp()
  );

  -- The number goes into the ledger as the spender; it is never given to another resource server.
  CREATE TABLE resource_server (
    id          text        PRIMARY KEY,
    number      integer     NOT NULL GENERATED ALWAYS AS IDENTITY UNIQUE,
    client_id   text        NOT NULL UNIQUE,
    resource    text        NOT NULL UNIQUE,
    document    jsonb       NOT NULL,
    enabled     boolean     NOT NULL DEFAULT true,
    updated_at  timestamptz NOT NULL DEFAULT clock_timestamp()
  )`;

/** Clients and resource servers share one space of client ids; a primary key settles every race for a name. */
const CALLER_IDS = `
  CREATE TABLE caller_id (
    client_id   text        PRIMARY KEY,
    kind        text        NOT NULL CHECK (kind IN ('client', 'resource_server'))
  );

  CREATE FUNCTION claim_caller_id() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF TG_OP = 'UPDATE' AND NEW.client_id = OLD.client_id THEN
      RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
      DELETE FROM caller_id WHERE client_id = OLD.client_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
      INSERT INTO caller_id (client_id, kind) VALUES (NEW.client_id, TG_TABLE_NAME);
    END IF;
    RETURN NULL;
  END $$;

  CREATE TRIGGER claim_caller_id AFTER INSERT OR DELETE OR UPDATE OF client_id ON client
    FOR EACH ROW EXECUTE FUNCTION claim_caller_id();
  CREATE TRIGGER claim_caller_id AFTER INSERT OR DELETE OR UPDATE OF client_id ON resource_server
    FOR EACH ROW EXECUTE FUNCTION claim_caller_id()`;

const RELEASES = `
  CREATE TABLE release (
    number        integer     PRIMARY KEY CHECK (number > 0),
    document      jsonb       NOT NULL,
    author        text        NOT NULL,
    message       text        NOT NULL,
    published_at  timestamptz NOT NULL DEFAULT clock_timestamp()
  );

  CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION '% is immutable', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END $$;

  CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON release
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
  ALTER TABLE release ENABLE ALWAYS TRIGGER refuse_change;

  CREATE TABLE live_release (
    singleton  boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    number     integer NOT NULL REFERENCES release (number)
  )`;

const KEY_RING = `
  CREATE TABLE key_ring (
    kid          text        PRIMARY KEY,
    use          text        NOT NULL CHECK (use IN ('seal', 'sign')),
    created_at   timestamptz NOT NULL,
    active_from  timestamptz NOT NULL,
    sealed_jwk   text        NOT NULL
  );

  CREATE FUNCTION notify_keys() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    NOTIFY oncekey_keys;
    RETURN NULL;
  END $$;

  CREATE TRIGGER notify_keys AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON key_ring
    FOR EACH STATEMENT EXECUTE FUNCTION notify_keys()`;

/**
 * One number that every change of trust raises. The row is locked until the change commits, so a reader that sees
 * revision n sees all of its change and nothing of the next one.
 */
const TRUST_REVISION = `
  CREATE TABLE trust_revision (
    singleton  boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    revision   bigint  NOT NULL
  );
  INSERT INTO trust_revision (revision) VALUES (1);

  CREATE FUNCTION bump_trust_revision() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE trust_revision SET revision = revision + 1;
    NOTIFY oncekey_trust;
    RETURN NULL;
  END $$;

  CREATE TRIGGER bump_trust_revision AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON identity_provider
    FOR EACH STATEMENT EXECUTE FUNCTION bump_trust_revision();
  CREATE TRIGGER bump_trust_revision AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON client
    FOR EACH STATEMENT EXECUTE FUNCTION bump_trust_revision();
  CREATE TRIGGER bump_trust_revision AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON resource_server
    FOR EACH STATEMENT EXECUTE FUNCTION bump_trust_revision();
  CREATE TRIGGER bump_trust_revision AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON live_release
    FOR EACH STATEMENT EXECUTE FUNCTION bump_trust_revision()`;
