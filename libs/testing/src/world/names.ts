import { createHash } from 'node:crypto';

export const NOW = 1_800_000_000_000;
export const ISSUER = 'https://broker.example';
export const API = 'https://api.example/v1';
export const PROVIDER = 'https://idp.example';

/** The digest of `{"amount":5}`. */
export const DIGEST = createHash('sha256').update('{"amount":5}').digest('base64');
