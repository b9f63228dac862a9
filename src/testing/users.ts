/** The people of the stand-in. Each is computed from a number, so that millions need no memory. */
import { seededRandom } from '../random.js';

/** The campus that all are of. */
export const campus = { id: 51, name: 'Berlin', slug: 'berlin' } as const;

/** The cursus that all follow. */
export const cursus = {
  id: 21,
  created_at: '2019-07-29T08:45:17.896Z',
  name: '42cursus',
  slug: '42cursus',
  kind: 'main',
} as const;

/** A user as lists show it. */
export type LightUser = Readonly<Record<string, unknown>> & {
  readonly id: number;
  readonly login: string;
};

const FIRST_NAMES = [
  'Ada',
  'Béla',
  'Chloé',
  'Dmitri',
  'Emmy',
  'Farid',
  'Grace',
  'Hugo',
  'İpek',
  'Jürgen',
];
const LAST_NAMES = [
  'Adler',
  'Brühl',
  "O'Connor",
  'Dupont',
  'Eberl',
  'Faure',
  'García',
  'Horn',
  'Ito',
  'Jung',
];
const MONTHS = ['february', 'march', 'july', 'august', 'september'];
const FIRST_ID = 100_000;

/** The users of a stand-in. */
export class Users {
  readonly count: number;
  readonly #seed: number;
  readonly #url: string;

  constructor(count: number, seed: number, apiBase: string) {
    this.count = count;
    this.#seed = seed;
    this.#url = apiBase;
  }

  /** The number of the user with this login or id, or `undefined`. */
  indexOf(loginOrId: string): number | undefined {
    const digits = /(\d+)$/.exec(loginOrId)?.[1];
    if (digits === undefined) return undefined;
    const index = digits === loginOrId ? Number(digits) - FIRST_ID : Number(digits);
    if (index < 0 || index >= this.count) return undefined;
    return digits === loginOrId || this.login(index) === loginOrId ? index : undefined;
  }

  login(index: number): string {
    const letters = this.#lastName(index)
      .normalize('NFD')
      .toLowerCase()
      .replace(/[^a-z]/g, '');
    return `${letters.slice(0, 6)}${index}`;
  }

  /** The user as lists show it. */
  light(index: number): LightUser {
    const random = seededRandom(this.#seed * 7919 + index);
    const login = this.login(index);
    const first = FIRST_NAMES[Math.floor(random() * FIRST_NAMES.length)] as string;
    const last = this.#lastName(index);
    const joined = Date.UTC(2019, 0, 1) + index * 3_600_000;
    const hasImage = random() > 0.1;
    return {
      id: FIRST_ID + index,
      email: `${login}@student.42berlin.de`,
      login,
      first_name: first,
      last_name: last,
      usual_full_name: `${first} ${last}`,
      usual_first_name: random() > 0.9 ? first.slice(0, 3) : null,
      url: `${this.#url}/users/${login}`,
      phone: 'hidden',
      displayname: `${first} ${last}`,
      kind: random() > 0.98 ? 'admin' : 'student',
      image: image(hasImage ? login : undefined),
      'staff?': false,
      correction_point: Math.floor(random() * 20),
      pool_month: random() > 0.05 ? (MONTHS[index % MONTHS.length] ?? null) : null,
      pool_year: random() > 0.05 ? String(2019 + (index % 7)) : null,
      location:
        random() > 0.8 ? `${1 + (index % 3)}-r${1 + (index % 9)}-s${1 + (index % 12)}` : null,
      wallet: Math.floor(random() * 1000),
      anonymize_date: null,
      data_erasure_date: null,
      created_at: new Date(joined).toISOString(),
      updated_at: new Date(joined + Math.floor(random() * 1e10)).toISOString(),
      alumnized_at: null,
      'alumni?': false,
      'active?': random() > 0.3,
    };
  }

  /** The user as it is shown alone. */
  full(index: number): LightUser {
    const light = this.light(index);
    return {
      ...light,
      groups: [],
      cursus_users: [this.cursusUser(index)],
      projects_users: projects(light.id, index),
      languages_users: [{ id: light.id, language_id: 2, user_id: light.id, position: 1 }],
      achievements: [],
      titles: [],
      titles_users: [],
      partnerships: [],
      patroned: [],
      patroning: [],
      expertises_users: [],
      roles: [],
      campus: [campus],
      campus_users: [this.campusUser(index)],
    };
  }

  cursusUser(index: number): Record<string, unknown> {
    const { id, created_at, updated_at } = this.light(index);
    const level = ((index * 37) % 2100) / 100;
    return {
      id: 200_000 + index,
      begin_at: created_at,
      end_at: null,
      grade: index % 5 === 0 ? 'Member' : 'Learner',
      level,
      skills: [{ id: 10, name: 'Network & system administration', level: level / 2 }],
      cursus_id: cursus.id,
      has_coalition: true,
      blackholed_at: null,
      created_at,
      updated_at,
      user: { id, login: this.login(index), url: `${this.#url}/users/${this.login(index)}` },
      cursus,
    };
  }

  campusUser(index: number): Record<string, unknown> {
    const { id, created_at, updated_at } = this.light(index);
    return {
      id: 300_000 + index,
      user_id: id,
      campus_id: campus.id,
      is_primary: true,
      created_at,
      updated_at,
    };
  }

  #lastName(index: number): string {
    return LAST_NAMES[(index * 7 + this.#seed) % LAST_NAMES.length] as string;
  }
}

function image(login: string | undefined): Record<string, unknown> {
  const link = (size: string): string | null =>
    login === undefined ? null : `https://images.invalid/users/${size}${login}.jpg`;
  const versions = {
    large: link('large_'),
    medium: link('medium_'),
    small: link('small_'),
    micro: link('micro_'),
  };
  return { link: link(''), versions };
}

function projects(userId: number, index: number): unknown[] {
  return Array.from({ length: index % 6 }, (_, number) => ({
    id: userId * 10 + number,
    occurrence: 0,
    final_mark: 60 + ((index + number * 13) % 66),
    status: 'finished',
    'validated?': true,
    project: {
      id: 1314 + number,
      name: `Project ${number}`,
      slug: `project-${number}`,
      parent_id: null,
    },
    cursus_ids: [cursus.id],
  }));
}
