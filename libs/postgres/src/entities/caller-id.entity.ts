import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** The client ids that are taken, by clients and resource servers alike. Written by the database itself. */
@Entity('caller_id')
@Check('caller_id_kind_check', `kind IN ('client', 'resource_server')`)
export class CallerIdEntity {
  @PrimaryColumn('text', { name: 'client_id', primaryKeyConstraintName: 'caller_id_pkey' })
  clientId: string;

  @Column('text')
  kind: 'client' | 'resource_server';
}
