import { readFileSync, statSync } from 'node:fs';
import type { Logger } from 'pino';

/** How often files are compared with what was read of them. */
const CHECK_FILES_MS = 5000;

/** Certificates, keys and entries of settings take some kilobytes, the documents of many pages a megabyte. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

export type FollowOptions = {
  log: Logger;
  /** Calls `run` every `ms` milliseconds. */
  every: (ms: number, run: () => void) => void;
};

/** The text of a file; throws an `Error` that says why there is none, with the path and nothing of the text. */
export function textOfFile(path: string): string {
  const { size } = statSync(path); // throws with the path in its message
  if (size > MAX_FILE_BYTES) throw new Error(`${path} has more than ${MAX_FILE_BYTES} bytes`);
  return readFileSync(path, 'utf8');
}

/**
 * Calls `take` with the texts of some files whenever one of them has changed since `texts`, together. If a file cannot be read, or
 * `take` throws, the log says so once, and what was taken before stays. The texts are compared, not the times of the files: that also
 * notices a symbolic link that leads elsewhere, as in volumes of Kubernetes.
 */
export function followFiles(
  setting: string,
  paths: readonly string[],
  texts: readonly string[],
  take: (texts: string[]) => void,
  { log, every }: FollowOptions,
): void {
  let taken = texts;
  let refused = '';

  function refuse(state: string, error: unknown): void {
    if (state !== refused)
      log.error({ reason: reasonOf(error) }, `${setting}: the new file is refused, the old stays`);
    refused = state;
  }

  every(CHECK_FILES_MS, () => {
    let state = '';
    try {
      const now = paths.map(textOfFile);
      state = JSON.stringify(now);
      if (now.every((text, i) => text === taken[i])) refused = '';
      else if (state !== refused) {
        take(now);
        taken = now;
        refused = '';
        log.info(`${setting}: the new file is used`);
      }
    } catch (error) {
      refuse(state || reasonOf(error), error);
    }
  });
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
