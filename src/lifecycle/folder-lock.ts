import Database from 'better-sqlite3';
import { errorCode } from './system-error.js';

/**
 * A file that one process holds: an SQLite file locked exclusively, the one lock of the system that Node's packages here
 * offer on every platform. It ends with the process, however that ends.
 */
export class FolderLock {
  private constructor(private readonly database: Database.Database) {}

  /**
   * Takes the lock; undefined where another process has it.
   * @param file made where it is missing; its folder must be there
   * @param waitMs how long to wait for a process that is about to end
   * @throws Error where the file cannot be opened
   */
  static take(file: string, waitMs = 0): FolderLock | undefined {
    const database = new Database(file, { timeout: waitMs });
    try {
      // A journal would be a second file, which a full disk does not take.
      database.pragma('journal_mode = MEMORY');
      database.exec('BEGIN EXCLUSIVE');
      return new FolderLock(database);
    } catch (error) {
      database.close();
      if (errorCode(error)?.startsWith('SQLITE_BUSY')) return undefined;
      throw error;
    }
  }

  release(): void {
    this.database.close();
  }
}
