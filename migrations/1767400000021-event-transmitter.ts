import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Those who send security events and sign nobody in: the backend of a device management, for one. */
export class CreateEventTransmitter1767400000021 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(TRANSMITTERS);
    await db.query(GRANTS);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE event_transmitter');
  }
}

const TRANSMITTERS = `
  CREATE TABLE event_transmitter (
    id          text        PRIMARY KEY,
    issuer      text        NOT NULL,
    document    jsonb       NOT NULL,
    enabled     boolean     NOT NULL DEFAULT true,
    version     bigint      NOT NULL DEFAULT nextval('resource_version'),
    updated_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_by  text,
    CONSTRAINT event_transmitter_issuer_key UNIQUE (issuer)
  );

  CREATE TRIGGER bump_trust_revision AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON event_transmitter
    FOR EACH STATEMENT EXECUTE FUNCTION bump_trust_revision()`;

const GRANTS = `
  GRANT SELECT ON event_transmitter TO oncekey_broker;
  GRANT SELECT, INSERT, UPDATE, DELETE ON event_transmitter TO oncekey_admin`;
