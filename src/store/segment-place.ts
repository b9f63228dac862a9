/** A place that outcomes may be written to, and how a segment is begun there. */
import { existsSync } from 'node:fs';
import * as path from 'node:path';
import type { Clock } from '../clock.js';
import type { Outcome } from '../request/request.js';
import type { LineBatch } from './line-batch.js';
import { decodeLine } from './outcome-line.js';
import { encodeText } from './outcome-text.js';
import { SegmentFile, syncFolder } from './segment-file.js';
import { compressedEnding, type SegmentFormat, type SegmentTemplate } from './segment-template.js';

/** What must be known to begin segments. */
export interface PlaceParts {
  readonly template: SegmentTemplate;
  readonly durability: 'os' | 'fsync';
  readonly clock: Clock;
  readonly temporaryFolder: string;
  /** What names in the temporary folder begin with. */
  readonly temporaryPrefix: string;
}

/** A folder, and how outcomes stand in the files there. */
export interface Place {
  readonly folder: string;
  readonly format: SegmentFormat;
  readonly fileName: SegmentTemplate['fileName'];
  /** The one that is written to now. */
  segment: SegmentFile | undefined;
}

/** JSON in the proper folder, text there, JSON in the temporary folder, text there. */
export function placesOf({
  template,
  temporaryFolder,
  temporaryPrefix,
}: PlaceParts): readonly [Place, Place, Place, Place] {
  const { folder, format, fileName } = template;
  const elsewhere: SegmentTemplate['fileName'] = (part, seconds) =>
    `${temporaryPrefix}${fileName(part, seconds).replace(/^\.+/, '')}`;
  return [
    { folder, format, fileName, segment: undefined },
    { folder, format: 'text', fileName: asText(fileName), segment: undefined },
    { folder: temporaryFolder, format, fileName: elsewhere, segment: undefined },
    { folder: temporaryFolder, format: 'text', fileName: asText(elsewhere), segment: undefined },
  ];
}

/**
 * Makes the file of a part.
 *
 * @throws the file system's error.
 */
export function beginSegment(place: Place, part: number, parts: PlaceParts): SegmentFile {
  let seconds = Math.floor(parts.clock.wallNow() / 1000);
  for (;;) {
    const file = path.join(place.folder, place.fileName(part, seconds));
    const segment = makeFile(file, place.format, part, parts.template);
    if (segment !== undefined) {
      if (parts.durability === 'fsync') syncFolder(place.folder);
      return segment;
    }
    seconds += 1;
  }
}

/** `undefined` where the name is taken: by another hydra of the same second. */
function makeFile(
  file: string,
  format: SegmentFormat,
  part: number,
  { isSingleFile, compression }: SegmentTemplate,
): SegmentFile | undefined {
  try {
    const segment = new SegmentFile(file, format, part, isSingleFile === true ? 'append' : 'new');
    const isTaken = compression !== undefined && existsSync(file + compressedEnding(compression));
    if (isTaken) segment.discard();
    return isTaken ? undefined : segment;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return undefined;
  }
}

/** Lines of a batch as texts, from number `from` on, `to` left out. */
export function linesAsText(batch: LineBatch, from: number, to: number): Buffer {
  const texts: Buffer[] = [];
  for (let index = from; index < to; index++) texts.push(textOf(decodeLine(batch.line(index))));
  return Buffer.concat(texts);
}

/** The text of an outcome, with what parts it from the next. */
export function textOf(outcome: Outcome): Buffer {
  const [facts, body] = encodeText(outcome);
  return Buffer.concat([Buffer.from(facts), body, Buffer.from('\n')]);
}

function asText(fileName: SegmentTemplate['fileName']): SegmentTemplate['fileName'] {
  return (part, seconds) => `${fileName(part, seconds)}.txt`;
}
