import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

@Entity('identity_provider')
@Unique('identity_provider_issuer_key', ['issuer'])
export class IdentityProviderEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'identity_provider_pkey' })
  id: string;

  @Column('text')
  issuer: string;

  @Column('jsonb')
  document: unknown;

  @Column('boolean', { default: true })
  enabled: boolean;

  @Column('timestamptz', { name: 'updated_at', default: () => 'clock_timestamp()' })
  updatedAt: Date;
}
