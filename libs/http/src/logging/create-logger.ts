import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from '../config/shared-configuration.ts';
import { redactMembers } from './redact.ts';
import { scrubber } from './scrub.ts';

export interface LoggerOptions {
  /** Which process speaks: `broker`, `admin`. */
  readonly name: string;
  readonly level: LogLevel;
  /** Values of the configuration that must not be printed. */
  readonly secrets: readonly string[];
}

/** Lines wait for each other this long, so that a busy process does not write each by itself. */
const FLUSH_EVERY_MS = 200;
const FLUSH_AT_BYTES = 4_096;

/** Structured log: one JSON object per line, on standard output. */
export function createLogger(
  { name, level, secrets }: LoggerOptions,
  destination: DestinationStream = pino.destination({
    sync: false,
    minLength: FLUSH_AT_BYTES,
    periodicFlush: FLUSH_EVERY_MS,
  }),
): Logger {
  return pino(
    {
      name,
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: redactMembers },
      serializers: { err: (described: unknown) => described },
      hooks: { streamWrite: scrubber(secrets) },
    },
    destination,
  );
}
