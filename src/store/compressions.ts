import { rm } from 'node:fs/promises';
import type { Logger } from '../logger.js';
import { compressSegment } from './compress-segment.js';
import type { SegmentFile } from './segment-file.js';
import type { SegmentCompression } from './segment-template.js';

/** Compresses ended segments in the background, one after the other. */
export class Compressions {
  readonly #logger: Logger;
  readonly #isWanted: (segment: SegmentFile) => boolean;
  #last: Promise<void> = Promise.resolve();

  /** @param isWanted - false for a segment that was let go of meanwhile. */
  constructor(logger: Logger, isWanted: (segment: SegmentFile) => boolean) {
    this.#logger = logger;
    this.#isWanted = isWanted;
  }

  add(segment: SegmentFile, compression: SegmentCompression): void {
    this.#last = this.#last.then(() => this.#compress(segment, compression));
  }

  /** Resolves when all are done. */
  async settled(): Promise<void> {
    await this.#last;
  }

  async #compress(segment: SegmentFile, compression: SegmentCompression): Promise<void> {
    const plain = segment.path;
    try {
      if (!this.#isWanted(segment)) return;
      const compressed = await compressSegment(plain, compression, segment.count);
      if (!this.#isWanted(segment)) {
        await rm(compressed);
        return;
      }
      // Before the plain file goes, so that a reader finds the one or the other.
      segment.path = compressed;
      segment.isUnsynced = true;
    } catch (error) {
      if (!this.#isWanted(segment)) return;
      this.#logger.error(
        `${plain} stays as it is, since it cannot be compressed: ${(error as Error).message}`,
      );
      return;
    }
    await rm(plain, { force: true }).catch((error: Error) => {
      this.#logger.error(`${plain} is compressed and cannot be removed: ${error.message}`);
    });
  }
}
