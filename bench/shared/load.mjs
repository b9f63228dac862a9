// How much is asked of a server where cost is measured, by us and by others.

/** Requests under way at once. */
export const CONCURRENCY = 100;

/** What all apps together are allowed a second: more than anybody can do. */
export const ALLOWED_PER_SECOND = 100_000;
