// What each request of the run must get, from its number alone: so that any body can be judged.

/** The path of a request. */
export function pathOf(id) {
  return `/items/${id}`;
}

/** Some requests are refused for good, so that failures are recorded, too. */
export function mustFail(id) {
  return id % 97 === 13;
}

/** The body that a request must get: JSON of 40 bytes to 5 KB. */
export function bodyOf(id) {
  const words = Array.from({ length: ((id * 7919) % 640) + 1 }, (_, word) => (id + word) % 1e6);
  return JSON.stringify({ id, words });
}
