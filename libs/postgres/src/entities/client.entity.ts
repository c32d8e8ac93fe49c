import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('client')
export class ClientEntity {
  @PrimaryColumn('text', { name: 'client_id', primaryKeyConstraintName: 'client_pkey' })
  clientId: string;

  @Column('jsonb')
  document: unknown;

  @Column('boolean', { default: true })
  enabled: boolean;

  @Column('timestamptz', { name: 'updated_at', default: () => 'clock_timestamp()' })
  updatedAt: Date;
}
