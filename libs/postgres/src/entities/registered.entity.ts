import { Column } from 'typeorm';

/** The columns that every kind of registration has, beside what names it. */
export abstract class RegisteredEntity {
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
