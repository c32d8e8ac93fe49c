import { Column, Entity, Generated, PrimaryColumn, Unique } from 'typeorm';
import { RegisteredEntity } from './registered.entity.ts';

@Entity('resource_server')
@Unique('resource_server_number_key', ['number'])
@Unique('resource_server_client_id_key', ['clientId'])
@Unique('resource_server_resource_key', ['resource'])
export class ResourceServerEntity extends RegisteredEntity {
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
}
