import { Entity, PrimaryColumn } from 'typeorm';
import { RegisteredEntity } from './registered.entity.ts';

@Entity('client')
export class ClientEntity extends RegisteredEntity {
  @PrimaryColumn('text', { name: 'client_id', primaryKeyConstraintName: 'client_pkey' })
  clientId: string;
}
