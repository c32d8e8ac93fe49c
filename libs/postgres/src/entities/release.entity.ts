import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A published release. The database refuses to change or remove one. */
@Entity('release')
@Check('release_number_check', 'number > 0')
export class ReleaseEntity {
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'release_pkey' })
  number: number;

  @Column('jsonb')
  document: unknown;

  @Column('text')
  author: string;

  @Column('text')
  message: string;

  @Column('timestamptz', { name: 'published_at', default: () => 'clock_timestamp()' })
  publishedAt: Date;

  /** The release whose content this one brought back. */
  @Column('integer', { name: 'rollback_of', nullable: true })
  @ForeignKey('release', 'number', { name: 'release_rollback_of_fkey' })
  rollbackOf: number | null;
}
