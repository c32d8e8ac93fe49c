import { ADMIN_PREFIX } from '#core';
import { Controller, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DEVICE_KIND } from './device-kind.ts';
import { DeviceDto } from './device.dto.ts';
import { registrationRoutes } from './registration-routes.ts';
import { Registrations } from './registrations.ts';

const DESCRIBED = {
  path: DEVICE_KIND.path,
  one: 'device',
  filters: DEVICE_KIND.filters,
  dto: DeviceDto,
  example: {
    id: 'adas-laptop',
    owner: { issuer: 'https://login.example', subject: 'ada' },
    keys: ['NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs'],
    platform: 'macos',
  },
};

@ApiTags('registrations')
@Controller(`${ADMIN_PREFIX}/devices`)
export class DevicesController extends registrationRoutes(DESCRIBED) {
  protected readonly kind = DEVICE_KIND;

  constructor(@Inject(Registrations) protected readonly registrations: Registrations) {
    super();
  }
}
