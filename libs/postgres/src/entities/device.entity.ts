import { Entity, PrimaryColumn } from 'typeorm';
import { RegisteredEntity } from './registered.entity.ts';

@Entity('device')
export class DeviceEntity extends RegisteredEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'device_pkey' })
  id: string;
}
