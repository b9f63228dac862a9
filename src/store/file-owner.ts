/** Whose a file is: into the system's temporary folder, anybody may put some. */
import * as fs from 'node:fs';
import * as path from 'node:path';

/**
 * True for a file of this user, or of the owner of its folder. A link may lead anywhere: it is neither.
 *
 * @param opened - the inode that was found under this name before, where it must still be that one.
 */
export function isOurs(file: string, opened?: number): boolean {
  const stat = fs.lstatSync(file, { throwIfNoEntry: false });
  if (stat?.isFile() !== true || (opened !== undefined && opened !== stat.ino)) return false;
  // Windows knows no such numbers, and has a temporary folder for each user.
  const user = process.geteuid?.();
  return user === undefined || [user, fs.statSync(path.dirname(file)).uid].includes(stat.uid);
}
