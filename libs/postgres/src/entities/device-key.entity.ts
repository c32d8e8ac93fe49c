import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** The keys of devices, one device each; the same thumbprints as in the documents. */
@Entity('device_key')
export class DeviceKeyEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'device_key_pkey' })
  thumbprint: string;

  @Column('text')
  @Index('device_key_device')
  @ForeignKey('device', 'id', { name: 'device_key_device_fkey', onDelete: 'CASCADE' })
  device: string;
}
