import { Entity, PrimaryColumn } from 'typeorm';
import { RegisteredEntity } from './registered.entity.ts';

@Entity('role_binding')
export class RoleBindingEntity extends RegisteredEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'role_binding_pkey' })
  id: string;
}
