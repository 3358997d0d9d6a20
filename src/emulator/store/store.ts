import { type CertificateStore, createCertificateStore } from './client-certificates.ts';
import { openDatabase } from './database.ts';
import { createRestApiStore, type RestApiStore } from './rest-apis.ts';
import { createV2ApiStore, type V2ApiStore } from './v2-apis.ts';

export type Store = {
  certificates: CertificateStore;
  restApis: RestApiStore;
  v2Apis: V2ApiStore;
  /**
   * Commits all writes of `run` or, if it throws, none of them. Nobody else writes meanwhile, not
   * even another process. What `run` does after an `await` does not belong to the transaction.
   */
  transaction<T>(run: () => T): T;
  close(): void;
};

/** The emulator's store, in a SQLite file or in memory. */
export function createStore(path = ':memory:'): Store {
  const db = openDatabase(path);
  return {
    certificates: createCertificateStore(db),
    restApis: createRestApiStore(db),
    v2Apis: createV2ApiStore(db),
    transaction: (run) => {
      db.exec('BEGIN IMMEDIATE');
      try {
        const result = run();
        db.exec('COMMIT');
        return result;
      } catch (error) {
        db.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => db.close(),
  };
}
