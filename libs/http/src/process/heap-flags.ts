import { setFlagsFromString } from 'node:v8';

/**
 * V8 puts objects where only a full collection takes them away when most of those that were made at the same place
 * outlived a quick one. In a server these are whatever was under way at that moment: it means that 64 MB of bodies and
 * values pile up within seconds under load, and a tenth of a second of full collection each time.
 */
setFlagsFromString('--no-allocation-site-pretenuring');
