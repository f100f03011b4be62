/** Small readers of the canonical form, whose types the loader has made sure of. */
import type { Json } from './project.ts';

export type JsonMap = { readonly [key: string]: Json };

export function mapOf(value: Json | undefined): JsonMap {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonMap) : {};
}

export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function textsOf(value: Json | undefined): readonly string[] {
  return listOf(value).filter((item) => typeof item === 'string');
}

export function pairsOf(value: Json | undefined): Readonly<Record<string, string>> {
  return mapOf(value) as Readonly<Record<string, string>>;
}

/** `{[key]: value}`, or nothing when there is no value. */
export function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}

/** Each value of a map turned into something else, under the same key. */
export function mapEach<T>(
  value: Json | undefined,
  make: (item: JsonMap, key: string) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(mapOf(value)).map(([key, item]) => [key, make(mapOf(item), key)]));
}
