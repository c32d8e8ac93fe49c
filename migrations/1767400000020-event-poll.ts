import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whose turn it is to fetch the events of a transmitter, and how the last polls went. */
export class CreateEventPoll1767400000020 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(POLLS);
    await db.query(GRANTS);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE event_poll');
  }
}

/** Nobody polls before `not_before`; of the others, who does is the holder until `leased_until`. */
const POLLS = `
  CREATE TABLE event_poll (
    issuer        text        PRIMARY KEY,
    holder        uuid        NOT NULL,
    leased_until  timestamptz NOT NULL,
    not_before    timestamptz NOT NULL DEFAULT '-infinity',
    failures      integer     NOT NULL DEFAULT 0,
    events        bigint      NOT NULL DEFAULT 0,
    succeeded_at  timestamptz,
    failed_at     timestamptz,
    failure       text
  )`;

const GRANTS = `
  GRANT SELECT, INSERT, UPDATE ON event_poll TO oncekey_broker;
  GRANT SELECT ON event_poll TO oncekey_admin`;
