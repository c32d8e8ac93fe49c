import type { ReleaseDocument } from '../policy/release.ts';
import { ADMIN_API } from './admin-catalog.ts';

/** A release as it is compiled: with the admin API in its catalog, which no document brings itself. */
export function administered(document: ReleaseDocument): ReleaseDocument {
  return { ...document, apis: [...document.apis, ADMIN_API] };
}
