const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * An identifier of IAM, such as `AROA…` for a role, of at most 36 characters
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids).
 * The same `bytes` make the same.
 */
export const uniqueId = (prefix: string, length: number, bytes: Buffer): string =>
  prefix + Array.from(bytes.subarray(0, length - prefix.length), (byte) => ALPHABET[byte % 32]).join('');
