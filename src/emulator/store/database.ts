import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

export type Database = DatabaseSync;

/**
 * Opens a SQLite file, or a database in memory. In a file each write is on disk before it returns, so that it outlives
 * a killed process (https://www.sqlite.org/pragma.html#pragma_synchronous). A new file is readable by its owner alone, and
 * what is deleted is overwritten, since private keys are in it.
 */
export function openDatabase(path: string): Database {
  if (path !== ':memory:') makePrivately(path);
  const db = new DatabaseSync(path);
  db.exec(`
    PRAGMA busy_timeout = 2000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA secure_delete = ON;
  `);
  return db;
}

/** An empty file, unless there is one, or SQLite will say why there cannot be any. */
function makePrivately(path: string): void {
  try {
    closeSync(openSync(path, 'ax', 0o600));
  } catch {}
}
