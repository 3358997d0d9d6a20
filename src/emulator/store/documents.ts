import type { Database } from './database.ts';
import { createTable } from './namespaces.ts';

/**
 * The JSON documents of one kind in one namespace. `parent` is the id of the resource that they
 * belong to, or `''`.
 */
export type Documents<T> = {
  /** Returns false, and stores nothing, if the id is taken. */
  insert(parent: string, id: string, document: T): boolean;
  get(parent: string, id: string): T | undefined;
  /** Replaces or adds a document. */
  set(parent: string, id: string, document: T): void;
  /** Returns false if there was no such document. */
  delete(parent: string, id: string): boolean;
  deleteAll(parent: string): void;
  /** At most `limit` documents by ascending id, after `afterId` if it is given. */
  page(parent: string, limit: number, afterId?: string): T[];
  all(parent: string): T[];
  count(parent: string): number;
  /** Whether a document of any parent has this text as the value of a member. */
  isAnyWith(member: string, text: string): boolean;
};

/** The documents of one kind in all namespaces. They share their prepared statements. */
export type DocumentTable<T> = {
  of(namespace: string): Documents<T>;
};

/** `table` is a name from the code and not quoted. */
export function createDocumentTable<T>(db: Database, table: string): DocumentTable<T> {
  createTable(db, table, 'parent TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL', 'parent, id');
  const one = 'namespace = ? AND parent = ? AND id = ?';
  const many = 'namespace = ? AND parent = ?';
  const insert = db.prepare(`INSERT OR IGNORE INTO ${table} VALUES (?, ?, ?, ?)`);
  const get = db.prepare(`SELECT document FROM ${table} WHERE ${one}`);
  const set = db.prepare(`INSERT OR REPLACE INTO ${table} VALUES (?, ?, ?, ?)`);
  const remove = db.prepare(`DELETE FROM ${table} WHERE ${one}`);
  const removeAll = db.prepare(`DELETE FROM ${table} WHERE ${many}`);
  const page = db.prepare(`SELECT document FROM ${table} WHERE ${many} AND id > ? ORDER BY id LIMIT ?`);
  const count = db.prepare(`SELECT count(*) AS n FROM ${table} WHERE ${many}`);
  const isAnyWith = db.prepare(`SELECT 1 FROM ${table} WHERE namespace = ? AND document ->> ? = ? LIMIT 1`);
  const parse = (row: Record<string, unknown>): T => JSON.parse(String(row['document']));

  return {
    of: (namespace) => ({
      insert: (parent, id, document) =>
        insert.run(namespace, parent, id, JSON.stringify(document)).changes === 1,
      get: (parent, id) => {
        const row = get.get(namespace, parent, id);
        return row && parse(row);
      },
      set: (parent, id, document) => void set.run(namespace, parent, id, JSON.stringify(document)),
      delete: (parent, id) => remove.run(namespace, parent, id).changes === 1,
      deleteAll: (parent) => void removeAll.run(namespace, parent),
      page: (parent, limit, afterId = '') => page.all(namespace, parent, afterId, limit).map(parse),
      all: (parent) => page.all(namespace, parent, '', -1).map(parse),
      count: (parent) => Number(count.get(namespace, parent)?.['n']),
      isAnyWith: (member, text) => isAnyWith.get(namespace, member, text) !== undefined,
    }),
  };
}
