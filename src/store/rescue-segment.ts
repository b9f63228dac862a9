import type { Outcome } from '../request/request.js';
import type { LineBatch } from './line-batch.js';
import { decodeText } from './outcome-text.js';
import type { SegmentFile } from './segment-file.js';
import { linesOf } from './segment-lines.js';
import { textsOf } from './segment-texts.js';

/**
 * Takes what is in an open segment that somebody has removed, to be written once more.
 *
 * @param lines - gets what stands there as JSON.
 * @param texts - gets what stands there as text.
 * @throws when it cannot be read; `lines` and `texts` hold what could be.
 */
export function rescueSegment(segment: SegmentFile, lines: LineBatch, texts: Outcome[]): void {
  const bytes = segment.contents();
  if (segment.format !== 'text') {
    for (const [id, line] of linesOf(bytes)) lines.appendLine(id, line);
    return;
  }
  for (const { id, offset, length } of textsOf(bytes)) {
    if (id !== undefined) texts.push(decodeText(bytes.subarray(offset, offset + length)));
  }
}
