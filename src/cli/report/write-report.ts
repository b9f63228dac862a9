import { rename, rm, writeFile } from 'node:fs/promises';

/**
 * Writes a file so that it is there as a whole or not at all; a file of that name is replaced.
 * Rejects with Node's error when it cannot be written.
 */
export async function writeReport(file: string, page: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, page);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
