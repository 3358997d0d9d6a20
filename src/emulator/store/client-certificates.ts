import type { SQLOutputValue } from 'node:sqlite';
import type { Database } from './database.ts';

export type StoredCertificate = {
  id: string;
  description: string;
  pem: string;
  createdDate: Date;
  expirationDate: Date;
  tags: Record<string, string>;
};

export type CertificateStore = {
  /** False, and nothing stored, where `quota` certificates are there already. */
  insert(certificate: StoredCertificate, quota: number): boolean;
  get(id: string): StoredCertificate | undefined;
  /** At most `limit` certificates by ascending id, those after `afterId` where it is given. */
  page(limit: number, afterId?: string): StoredCertificate[];
  count(): number;
  setDescription(id: string, description: string): void;
  setTags(id: string, tags: Record<string, string>): void;
  /** False where there was none. */
  delete(id: string): boolean;
};

export function createCertificateStore(db: Database): CertificateStore {
  db.exec(`
    CREATE TABLE IF NOT EXISTS client_certificates (
      id TEXT PRIMARY KEY,
      description TEXT NOT NULL,
      pem TEXT NOT NULL,
      created_ms INTEGER NOT NULL,
      expires_ms INTEGER NOT NULL,
      tags TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `);
  const insert = db.prepare(`
    INSERT INTO client_certificates
    SELECT ?, ?, ?, ?, ?, ? WHERE (SELECT count(*) FROM client_certificates) < ?
  `);
  const get = db.prepare('SELECT * FROM client_certificates WHERE id = ?');
  const page = db.prepare('SELECT * FROM client_certificates WHERE id > ? ORDER BY id LIMIT ?');
  const count = db.prepare('SELECT count(*) AS n FROM client_certificates');
  const setDescription = db.prepare('UPDATE client_certificates SET description = ? WHERE id = ?');
  const setTags = db.prepare('UPDATE client_certificates SET tags = ? WHERE id = ?');
  const remove = db.prepare('DELETE FROM client_certificates WHERE id = ?');

  return {
    insert: ({ id, description, pem, createdDate, expirationDate, tags }, quota) =>
      insert.run(
        id,
        description,
        pem,
        createdDate.getTime(),
        expirationDate.getTime(),
        JSON.stringify(tags),
        quota,
      ).changes === 1,
    get: (id) => {
      const row = get.get(id);
      return row && fromRow(row);
    },
    page: (limit, afterId = '') => page.all(afterId, limit).map(fromRow),
    count: () => Number(count.get()?.['n']),
    setDescription: (id, description) => void setDescription.run(description, id),
    setTags: (id, tags) => void setTags.run(JSON.stringify(tags), id),
    delete: (id) => remove.run(id).changes === 1,
  };
}

const fromRow = (row: Record<string, SQLOutputValue>): StoredCertificate => ({
  id: String(row['id']),
  description: String(row['description']),
  pem: String(row['pem']),
  createdDate: new Date(Number(row['created_ms'])),
  expirationDate: new Date(Number(row['expires_ms'])),
  tags: JSON.parse(String(row['tags'])),
});
