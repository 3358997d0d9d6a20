import type { InputIssue } from '../../errors/errors.ts';
import { lengthIssues, textIssues } from '../../errors/input-issues.ts';

/** AWS documents no limit. This is enough for any sentence. */
const MAX_DESCRIPTION_LENGTH = 1024;

export function descriptionIssues(description: string, path: string[]): InputIssue[] {
  return [...lengthIssues(description, 0, MAX_DESCRIPTION_LENGTH, path), ...textIssues(description, path)];
}

/** The case-folded description of a certificate; `''` if it has none. */
export type FoldedDescriptions = (certificate: { readonly description: string | null }) => string;

/** Folds each description once, as long as the certificate is in use. */
export function createFoldedDescriptions(): FoldedDescriptions {
  const known = new WeakMap<object, string>();
  return (certificate) => {
    const there = known.get(certificate);
    if (there !== undefined) return there;
    const text = folded(certificate.description ?? '');
    known.set(certificate, text);
    return text;
  };
}

/**
 * Folds a text for comparison, ignoring case and the encoding of accents. JavaScript has no case folding
 * (https://www.unicode.org/versions/latest/core-spec/chapter-3/#G53253), but upper case has one form for `ß` and `ss`, and
 * for both small sigmas. Characters that only look alike stay different: `m²` is not `m2`, as it would be by NFKC.
 */
export function folded(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  const upper = text.normalize('NFC').toLowerCase().toUpperCase();
  return upper.toLowerCase().replaceAll('ς', 'σ').normalize('NFC');
}

const ASCII = /^[\0-\x7f]*$/;
