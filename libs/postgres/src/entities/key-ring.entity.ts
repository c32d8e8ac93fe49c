import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('key_ring')
@Check('key_ring_use_check', `use IN ('seal', 'sign')`)
export class KeyRingEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'key_ring_pkey' })
  kid: string;

  @Column('text')
  use: 'seal' | 'sign';

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'active_from' })
  activeFrom: Date;

  /** Encrypted under the key-encryption key. */
  @Column('text', { name: 'sealed_jwk' })
  sealedJwk: string;
}
