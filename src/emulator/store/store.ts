import { type CertificateStore, createCertificateTable } from './client-certificates.ts';
import { openDatabase } from './database.ts';
import { createRestApiTables, type RestApiStore } from './rest-apis.ts';
import { createV2ApiTables, type V2ApiStore } from './v2-apis.ts';

/** What one namespace has. The same id may stand for other things in another. */
export type Store = {
  certificates: CertificateStore;
  restApis: RestApiStore;
  v2Apis: V2ApiStore;
  /**
   * Commits all writes of `run` or, if it throws, none of them. Nobody else writes meanwhile, not
   * even another process. What `run` does after an `await` does not belong to the transaction.
   */
  transaction<T>(run: () => T): T;
};

export type Stores = {
  /** A namespace costs nothing before something is stored in it. */
  of(namespace: string): Store;
  /** The namespaces that have a REST API with this id and stage, in their order. */
  namespacesWithStage(apiId: string, stageName: string): string[];
  close(): void;
};

/**
 * The stores of all namespaces, in one SQLite file or in memory. Files of older versions are
 * migrated: what they have belongs to the default account and region.
 */
export function createStores(path = ':memory:'): Stores {
  const db = openDatabase(path);
  function transaction<T>(run: () => T): T {
    db.exec('BEGIN IMMEDIATE');
    try {
      const result = run();
      db.exec('COMMIT');
      return result;
    } catch (error) {
      // After some errors, such as a full disk, SQLite has rolled back itself. Node has this
      // property since 22.16.
      if (db.isTransaction !== false) db.exec('ROLLBACK');
      throw error;
    }
  }
  const { certificates, restApis, v2Apis } = transaction(() => ({
    certificates: createCertificateTable(db),
    restApis: createRestApiTables(db),
    v2Apis: createV2ApiTables(db),
  }));
  return {
    of: (namespace) => ({
      certificates: certificates.of(namespace),
      restApis: restApis.of(namespace),
      v2Apis: v2Apis.of(namespace),
      transaction,
    }),
    namespacesWithStage: restApis.namespacesWithStage,
    close: () => db.close(),
  };
}
