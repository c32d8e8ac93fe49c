import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when the polls of a transmitter have failed, for whoever looks. */
export class AddFailingSince1767400000061 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE event_poll ADD COLUMN failing_since timestamptz');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE event_poll DROP COLUMN failing_since');
  }
}
