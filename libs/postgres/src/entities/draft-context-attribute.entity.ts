import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('draft_context_attribute')
export class DraftContextAttributeEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'draft_context_attribute_pkey' })
  id: string;

  @Column('jsonb')
  document: unknown;

  /** Never the same as any other, of no other resource either. */
  @Column('bigint', { default: () => "nextval('resource_version')" })
  version: string;

  @Column('timestamptz', { name: 'updated_at', default: () => 'clock_timestamp()' })
  updatedAt: Date;

  /** `issuer|subject`; null for what a seed or an admin process wrote. */
  @Column('text', { name: 'updated_by', nullable: true })
  updatedBy: string | null;
}
