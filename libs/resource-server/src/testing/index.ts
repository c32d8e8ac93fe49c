/** `@oncekey/resource-server/testing`: for unit tests of an API, and for nothing else. */
export {
  createTestBroker,
  type TestBroker,
  type TestBrokerOptions,
  type TestCredentials,
  type TestOperation,
} from './create-test-broker.ts';
export type { TestGrant } from './test-grant.ts';
