import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** Raised by the database with every change of registrations or of the live release; one row. */
@Entity('trust_revision')
@Check('trust_revision_singleton_check', 'singleton')
export class TrustRevisionEntity {
  @PrimaryColumn('boolean', { default: true, primaryKeyConstraintName: 'trust_revision_pkey' })
  singleton: boolean;

  @Column('bigint')
  revision: string;
}
