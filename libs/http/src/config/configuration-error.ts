/** The process cannot start as it is configured. Lists every fault; values of variables are not among them. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly faults: readonly string[]) {
    super(['the configuration is not usable:', ...faults.map((fault) => `  - ${fault}`)].join('\n'));
  }
}
