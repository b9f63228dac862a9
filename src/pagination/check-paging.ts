/** Checks what a caller, or an API, says of how pages are to be asked for. */
import { z } from 'zod';
import { checkOptions } from '../check-options.js';
import type { PaginateOptions, PaginationOptions } from './pagination.js';
import { pagingOf } from './paging.js';

const text = z.string().min(1).meta({ expected: 'a string that is not empty' });
const path = z.string().min(1).meta({ expected: 'a path into the body' });
const flag = z.boolean().meta({ expected: 'true or false' });
const atLeast1 = z.int().min(1).meta({ expected: 'a whole number of at least 1' });
const isPlainObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const aFunction = (value: unknown): boolean => typeof value === 'function';

const pagination = {
  style: z
    .enum(['auto', 'page', 'offset', 'link', 'cursor', 'next-url'])
    .optional()
    .meta({ expected: 'one of auto, page, offset, link, cursor, next-url' }),
  pageSize: atLeast1.optional(),
  parameters: z
    .strictObject({
      page: text.optional(),
      size: text.optional(),
      offset: text.optional(),
      cursor: text.optional(),
    })
    .optional(),
  firstPage: z.int().min(0).optional().meta({ expected: 'a whole number, 0 or more' }),
  items: path.optional(),
  total: path.optional(),
  more: path.optional(),
  next: path.optional(),
  cursor: z
    .union([
      z.strictObject({ path }),
      z.strictObject({ header: text }),
      z.strictObject({ ofLastItem: path }),
    ])
    .optional()
    .meta({ expected: 'one of { path }, { header }, { ofLastItem }' }),
  untilEmpty: flag.optional(),
};

const paginationSchema = z.strictObject(pagination);

/** Options that all requests have are left to the request's own check. */
const requestPart = z.unknown().optional();
const ofList = {
  method: z.enum(['GET', 'POST']).optional().meta({ expected: "'GET' or 'POST'" }),
  json: z.custom(isPlainObject).optional().meta({ expected: 'an object' }),
  query: requestPart,
  headers: requestPart,
  priority: requestPart,
  timeoutMs: requestPart,
  parse: z.custom(aFunction).optional().meta({ expected: 'a function' }),
  onMoved: z.custom(aFunction).optional().meta({ expected: 'a function' }),
};
const pageRunSchema = z.strictObject({ ...pagination, ...ofList });
const paginateSchema = z.strictObject({
  ...pagination,
  ...ofList,
  signal: requestPart,
  ahead: atLeast1.optional(),
  uniqueBy: z
    .union([path, z.custom(aFunction)])
    .optional()
    .meta({ expected: 'a path into the item, or a function' }),
});

/** Checks what an API says of its pages. @throws HydraError `HYDRA_INVALID_OPTION`. */
export function checkPagination(given: PaginationOptions): void {
  pagingOf(checkOptions(paginationSchema, given) as PaginationOptions, {});
}

/** Checks the options of `hydra.paginate()`. @throws HydraError `HYDRA_INVALID_OPTION`. */
export function checkPaginateOptions<T>(given: PaginateOptions<T>): void {
  checkOptions(paginateSchema, given);
}

/** Checks those of `hydra.runPages()` that are not of runs. @throws HydraError `HYDRA_INVALID_OPTION`. */
export function checkPageRunOptions(given: object): void {
  checkOptions(pageRunSchema, given);
}
