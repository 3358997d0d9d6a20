import { chmodSync, closeSync, openSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

export type Database = DatabaseSync;

/**
 * Opens a SQLite file, or a database in memory. In a file, each write is on disk before it returns,
 * so it survives a killed process (https://www.sqlite.org/pragma.html#pragma_synchronous). Since
 * private keys are in it, only its owner can read the file from then on, and deleted content is
 * overwritten.
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
  if (path !== ':memory:') for (const file of [path, `${path}-wal`, `${path}-shm`]) takeFromOthers(file);
  return db;
}

/** Makes an empty file. If the file exists, it stays; if it cannot exist, SQLite will say why. */
function makePrivately(path: string): void {
  try {
    closeSync(openSync(path, 'ax', 0o600));
  } catch {}
}

/** A missing file stays missing, and the mode of one of somebody else is only changed by root. */
function takeFromOthers(file: string): void {
  try {
    if (statSync(file).isFile()) chmodSync(file, 0o600);
  } catch {}
}
