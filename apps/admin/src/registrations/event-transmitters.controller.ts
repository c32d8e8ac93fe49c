import { ADMIN_PREFIX, readEventSource } from '#core';
import { Controller, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { URI_RULES, type UriRules } from '../ports.ts';
import { EventTransmitterRegistrationDto } from './event-transmitter-registration.dto.ts';
import { problemsIn } from './problems-in.ts';
import type { RegistrationKind } from './registration-kind.ts';
import { registrationRoutes } from './registration-routes.ts';
import { Registrations } from './registrations.ts';

const FILTERS = ['issuer'];

const DESCRIBED = {
  path: 'event-transmitters',
  one: 'event transmitter',
  filters: FILTERS,
  dto: EventTransmitterRegistrationDto,
  example: { id: 'mdm', issuer: 'https://mdm.example' },
};

@ApiTags('registrations')
@Controller(`${ADMIN_PREFIX}/event-transmitters`)
export class EventTransmittersController extends registrationRoutes(DESCRIBED) {
  protected readonly kind: RegistrationKind;

  constructor(
    @Inject(Registrations) protected readonly registrations: Registrations,
    @Inject(URI_RULES) rules: UriRules,
  ) {
    super();
    this.kind = {
      kind: 'event_transmitter',
      path: DESCRIBED.path,
      idMember: 'id',
      filters: FILTERS,
      problemsOf: (document) => problemsIn(readEventSource(document, rules)),
    };
  }
}
