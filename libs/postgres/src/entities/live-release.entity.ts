import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** Which release decides; one row at most. */
@Entity('live_release')
@Check('live_release_singleton_check', 'singleton')
export class LiveReleaseEntity {
  @PrimaryColumn('boolean', { default: true, primaryKeyConstraintName: 'live_release_pkey' })
  singleton: boolean;

  @Column('integer')
  @ForeignKey('release', 'number', { name: 'live_release_number_fkey' })
  number: number;
}
