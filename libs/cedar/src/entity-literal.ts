import { isJsonObject } from '#core';

export interface EntityLiteral {
  readonly type: string;
  readonly id: string;
}

/** An entity in Cedar's JSON form, with or without its `__entity` wrapping; null for anything else. */
export function entityLiteral(value: unknown): EntityLiteral | null {
  if (!isJsonObject(value)) return null;
  const { type, id } = isJsonObject(value['__entity']) ? value['__entity'] : value;
  return typeof type === 'string' && typeof id === 'string' ? { type, id } : null;
}
