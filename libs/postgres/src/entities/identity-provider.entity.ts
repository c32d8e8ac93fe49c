import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import { RegisteredEntity } from './registered.entity.ts';

@Entity('identity_provider')
@Unique('identity_provider_issuer_key', ['issuer'])
export class IdentityProviderEntity extends RegisteredEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'identity_provider_pkey' })
  id: string;

  @Column('text')
  issuer: string;
}
