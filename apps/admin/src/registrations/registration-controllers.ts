import { ClientsController } from './clients.controller.ts';
import { DeviceEnrolmentsController } from './device-enrolments.controller.ts';
import { DevicesController } from './devices.controller.ts';
import { EventTransmittersController } from './event-transmitters.controller.ts';
import { IdentityProvidersController } from './identity-providers.controller.ts';
import { PostureController } from './posture.controller.ts';
import { ResourceServersController } from './resource-servers.controller.ts';
import { RoleBindingsController } from './role-bindings.controller.ts';

export const REGISTRATION_CONTROLLERS = [
  IdentityProvidersController,
  EventTransmittersController,
  ClientsController,
  ResourceServersController,
  DevicesController,
  DeviceEnrolmentsController,
  PostureController,
  RoleBindingsController,
];
