import { readDevice } from '#core';
import { problemsIn } from './problems-in.ts';
import type { RegistrationKind } from './registration-kind.ts';

/** Devices, whoever registers them. */
export const DEVICE_KIND: RegistrationKind = {
  kind: 'device',
  path: 'devices',
  idMember: 'id',
  filters: ['issuer', 'subject'],
  problemsOf: (document) => problemsIn(readDevice(document)),
};
