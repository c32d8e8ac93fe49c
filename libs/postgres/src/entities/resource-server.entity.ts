import { Column, Entity, Generated, PrimaryColumn, Unique } from 'typeorm';

@Entity('resource_server')
@Unique('resource_server_number_key', ['number'])
@Unique('resource_server_client_id_key', ['clientId'])
@Unique('resource_server_resource_key', ['resource'])
export class ResourceServerEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'resource_server_pkey' })
  id: string;

  /** Given by the database (`GENERATED ALWAYS AS IDENTITY`). */
  @Column({ type: 'integer', generatedIdentity: 'ALWAYS' })
  @Generated('increment')
  number: number;

  @Column('text', { name: 'client_id' })
  clientId: string;

  @Column('text')
  resource: string;

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
