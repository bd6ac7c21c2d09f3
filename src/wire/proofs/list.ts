import { invalidArgument } from '../../domain/errors.js';
import type { JobHeader } from '../../domain/job/changes.js';
import type { JobStatus } from '../../domain/job/job-state.js';
import type { ListRequest, ListResponse } from '../generated/proofloom/v1/proofs.js';
import { fromStates, toJobSummary } from './job.js';

const DEFAULT_PAGE = 100;
const PAGE_TOKEN = /^(\d{1,15})?$/;

/** Which jobs a list asks for. */
export interface ListedJobs {
  readonly states: JobStatus['kind'][];
  readonly labels: Readonly<Record<string, string>>;
  /** Position after which the page begins; null for the first one. */
  readonly after: number | null;
  readonly limit: number;
}

/** @throws DomainError INVALID_ARGUMENT naming the field */
export function toJobQuery({ states, labels, pageSize, pageToken }: ListRequest): ListedJobs {
  if (!PAGE_TOKEN.test(pageToken)) {
    throw invalidArgument('page_token', pageToken.slice(0, 40), 'the next_page_token of an earlier answer');
  }
  const after = pageToken === '' ? null : Number(pageToken);
  return { states: fromStates(states), labels, after, limit: pageSize || DEFAULT_PAGE };
}

export function toListResponse(page: {
  readonly jobs: readonly JobHeader[];
  readonly next: number | null;
}): ListResponse {
  return { jobs: page.jobs.map(toJobSummary), nextPageToken: page.next === null ? '' : String(page.next) };
}
