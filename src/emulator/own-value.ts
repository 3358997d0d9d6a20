/**
 * The value that a map has under a name that somebody else has chosen. Names that every object
 * inherits, such as `constructor`, have none.
 */
export const ownValue = <T>(map: Record<string, T> | undefined, name: string): T | undefined =>
  map && Object.hasOwn(map, name) ? map[name] : undefined;
