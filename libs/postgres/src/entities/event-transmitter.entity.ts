import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

@Entity('event_transmitter')
@Unique('event_transmitter_issuer_key', ['issuer'])
export class EventTransmitterEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'event_transmitter_pkey' })
  id: string;

  @Column('text')
  issuer: string;

  @Column('jsonb')
  document: unknown;

  @Column('boolean', { default: true })
  enabled: boolean;

  /** Never the same as any other, of no other resource either. */
  @Column('bigint', { default: () => "nextval('resource_version')" })
  version: string;

  @Column('timestamptz', { name: 'updated_at', default: () => 'clock_timestamp()' })
  updatedAt: Date;

  /** `issuer|subject`; null for what a seed or an admin process wrote. */
  @Column('text', { name: 'updated_by', nullable: true })
  updatedBy: string | null;
}
