import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import { RegisteredEntity } from './registered.entity.ts';

@Entity('event_transmitter')
@Unique('event_transmitter_issuer_key', ['issuer'])
export class EventTransmitterEntity extends RegisteredEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'event_transmitter_pkey' })
  id: string;

  @Column('text')
  issuer: string;
}
