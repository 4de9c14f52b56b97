//! Problem details (RFC 9457) as the platform sends them, and the ones only a browser can see.

export interface Problem {
  /** Stable machine word, such as `title-not-found`. */
  code: string
  title: string
  /** HTTP status; 0 when no answer came at all. */
  status: number
  detail?: string
  request_id?: string
  /** As `Retry-After` says. */
  retry_after_s?: number
  /** Members beside the known ones, as RFC 9457 allows: the streams of `too-many-streams`, the tries left of `pin-wrong`. */
  more?: Record<string, unknown>
}

export const UNREACHABLE = 'unreachable'

/** True when asking again later may help and nothing was wrong with the question. */
export function isPassing(problem: Problem): boolean {
  return problem.status === 0 || problem.status === 429 || problem.status >= 500
}

export function unreachable(): Problem {
  return { code: UNREACHABLE, title: 'The platform does not answer', status: 0 }
}

const KNOWN = new Set(['type', 'code', 'title', 'status', 'detail', 'request_id', 'error', 'error_description', 'bijou_code'])

/** Reads a problem from any failed answer, also from one that some proxy on the way wrote. */
export async function readProblem(response: Response): Promise<Problem> {
  const request_id = response.headers.get('x-request-id') ?? undefined
  const retry_after_s = Number(response.headers.get('retry-after') ?? Number.NaN)
  const fallback: Problem = {
    code: `http-${response.status}`,
    title: response.statusText || `Status ${response.status}`,
    status: response.status,
    ...(request_id && { request_id }),
    ...(retry_after_s >= 0 && { retry_after_s }),
  }
  const media = response.headers.get('content-type') ?? ''
  if (!media.includes('json')) return fallback
  try {
    const body = (await response.json()) as Record<string, unknown>
    // `/oauth/*` answers by RFC 6749 5.2: `error` and `error_description`, with our own code beside them.
    const code = body['code'] ?? body['bijou_code'] ?? body['error']
    const detail = body['detail'] ?? body['error_description']
    const more = Object.fromEntries(Object.entries(body).filter(([name]) => !KNOWN.has(name)))
    return {
      ...fallback,
      ...(typeof code === 'string' && { code }),
      ...(typeof body['title'] === 'string' && { title: body['title'] }),
      ...(typeof detail === 'string' && { detail }),
      ...(typeof body['request_id'] === 'string' && { request_id: body['request_id'] }),
      ...(Object.keys(more).length > 0 && { more }),
    }
  } catch {
    return fallback
  }
}
