import { setFlagsFromString } from 'node:v8';

/**
 * Node 20 inlines calls from JavaScript into WebAssembly, and aborts the whole process when such a caller has to be
 * deoptimised while the call runs and the result is an object, as all results of this engine are. It takes a few
 * thousand decisions and bad luck. Later versions have it mended; this costs a call some nanoseconds.
 */
if (Number.parseInt(process.versions.node, 10) < 22) {
  setFlagsFromString('--no-turbo-inline-js-wasm-calls');
}

/**
 * The engine stays with the code of the compiler that is fast itself. The one that optimises takes a second of every
 * process and keeps 60 MB, for decisions that are hardly faster afterwards: they are mostly JSON.
 */
for (const flag of ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering']) setFlagsFromString(flag);
