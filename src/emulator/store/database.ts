import { DatabaseSync } from 'node:sqlite';

export type Database = DatabaseSync;

/**
 * Opens a SQLite file, or a database in memory. In a file each write is on disk before it returns, so that it outlives
 * a killed process (https://www.sqlite.org/pragma.html#pragma_synchronous).
 */
export function openDatabase(path: string): Database {
  const db = new DatabaseSync(path);
  db.exec(`
    PRAGMA busy_timeout = 2000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
  `);
  return db;
}
