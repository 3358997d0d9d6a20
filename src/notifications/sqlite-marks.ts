import { DatabaseSync } from 'node:sqlite';
import type { Logger } from 'pino';
import { ConfigError } from '../settings/config.ts';
import type { Clock } from '../time/clock.ts';
import { CLAIM_MS, type Claim, type MarkStore, type Marks, rememberingMarks } from './marks.ts';

/** Claims are for a timer's `notify`, which may run beside the service with the same file. While that writes, all else waits, too. */
const TABLES = `
PRAGMA busy_timeout = 250;
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS sent
  (sink TEXT, place TEXT, id TEXT, about TEXT, PRIMARY KEY (sink, place, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS claims
  (sink TEXT, place TEXT, id TEXT, holder TEXT, until_ms INTEGER, PRIMARY KEY (sink, place, id)) WITHOUT ROWID;`;

/** A claim that ends later than a new one would was made before the clock was set back. */
const CLAIM = `
INSERT INTO claims VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET holder = excluded.holder, until_ms = excluded.until_ms
WHERE holder = excluded.holder OR until_ms <= ? OR until_ms > excluded.until_ms`;

/** An open file is never emptied. */
const ERA = 'one';

export type SqliteMarksOptions = {
  path: string;
  /** Names this process. */
  holder: string;
  log: Pick<Logger, 'warn'>;
  clock: Pick<Clock, 'now'>;
};

/** Marks in a file, which is made if it does not exist. Throws a `ConfigError` if it cannot be used at the start. */
export function createSqliteMarks(options: SqliteMarksOptions): Marks {
  const db = open(options.path);
  return {
    in: (sink, place) => rememberingMarks(storeIn(db, sink, place, options)),
    areKept: true,
    close: () => {
      if (db.isOpen) db.close();
    },
  };
}

function storeIn(
  db: DatabaseSync,
  sink: string,
  place: string,
  { holder, log, clock }: SqliteMarksOptions,
): MarkStore {
  const select = db.prepare('SELECT id, about FROM sent WHERE sink = ? AND place = ?');
  const find = db.prepare('SELECT 1 FROM sent WHERE sink = ? AND place = ? AND id = ?');
  const insert = db.prepare('INSERT OR REPLACE INTO sent VALUES (?, ?, ?, ?)');
  const remove = db.prepare('DELETE FROM sent WHERE sink = ? AND place = ? AND id = ?');
  const take = db.prepare(CLAIM);
  const release = db.prepare('DELETE FROM claims WHERE sink = ? AND place = ? AND id = ? AND holder = ?');

  function claimOne(id: string): Claim {
    if (find.get(sink, place, id)) return 'sent';
    const nowMs = clock.now().getTime();
    return take.run(sink, place, id, holder, nowMs + CLAIM_MS, nowMs).changes === 1 ? 'mine' : 'busy';
  }

  /** Undefined if the disk is full, for example. */
  function attempt<R>(run: () => R): R | undefined {
    try {
      return run();
    } catch (error) {
      log.warn({ reason: String(error) }, 'could not use the file of NOTIFY_PATH');
      return undefined;
    }
  }

  const together = <R>(run: () => R): R | undefined =>
    attempt(() => {
      db.exec('BEGIN IMMEDIATE');
      try {
        const result = run();
        db.exec('COMMIT');
        return result;
      } catch (error) {
        // After some errors, such as a full disk, SQLite has rolled back itself. Node has this property since 22.16.
        if (db.isTransaction !== false) db.exec('ROLLBACK');
        throw error;
      }
    });

  return {
    // No transaction, so that what is there is also read while nothing can be written.
    sent: async () =>
      attempt(() => ({
        era: ERA,
        marks: select.all(sink, place).map(({ id, about }) => ({ id: String(id), about: String(about) })),
      })),
    claim: async (ids) => together(() => new Map(ids.map((id) => [id, claimOne(id)]))),
    release: async (ids) =>
      together(() => {
        for (const id of ids) release.run(sink, place, id, holder);
      }),
    add: async (marks) =>
      together(() => {
        for (const { id, about } of marks) {
          insert.run(sink, place, id, about);
          release.run(sink, place, id, holder);
        }
        return ERA;
      }),
    remove: async (ids) =>
      together(() => {
        for (const id of ids) remove.run(sink, place, id);
      }),
  };
}

function open(path: string): DatabaseSync {
  try {
    const db = new DatabaseSync(path);
    db.exec(TABLES);
    return db;
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new ConfigError(`NOTIFY_PATH: cannot use "${path}" as a database: ${reason}`);
  }
}
