import type {
  GetApiConsoleUploadsByIdResponse,
  GetApiConsoleUploadsResponse,
  PostApiConsoleUploadsResponse,
} from '@xinheng/client'
import { fetchAnswer, Problem, read, send } from '../../api.ts'

/** One request's bytes: small enough that progress is seen, large enough that a good line is used. */
const CHUNK_BYTES = 2 << 20
/** Larger files are not read twice to be hashed. */
const HASHED_UP_TO_BYTES = 128 << 20
const RETRY_MS = [500, 1500, 4000, 8000, 15_000]

export interface UploadProgress {
  readonly sent: number
  readonly bytes: number
  /** The network is away; it goes on by itself. */
  readonly paused: boolean
}

/**
 * Sends a file in pieces. A broken line is taken up where it broke; the same file dropped again after a closed browser
 * goes on too, where its digest says that it is the same.
 * @returns the upload's id
 */
export async function upload(
  file: File,
  tell: (progress: UploadProgress) => void,
  signal: AbortSignal,
): Promise<string> {
  const sha256 = await digestOf(file)
  const { uploads } = await read<GetApiConsoleUploadsResponse>('/api/console/uploads')
  const begun = uploads.find((one) => !one.complete && one.name === file.name && one.bytes === file.size)
  const { upload: id, offset: from } =
    begun !== undefined && sha256 !== undefined
      ? begun
      : await send<PostApiConsoleUploadsResponse>('POST', '/api/console/uploads', {
          name: file.name,
          bytes: file.size,
          ...(sha256 === undefined ? {} : { sha256 }),
        })
  let offset = from
  let failures = 0
  while (offset < file.size) {
    signal.throwIfAborted()
    tell({ sent: offset, bytes: file.size, paused: false })
    try {
      const answer = await fetchAnswer(`/api/console/uploads/${id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) },
        body: file.slice(offset, offset + CHUNK_BYTES),
        signal,
      })
      offset = Number(answer.headers.get('upload-offset'))
      failures = 0
    } catch (error) {
      const wait = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] as number
      failures += 1
      // A line that broke, or a server that knows better how far it is.
      const worthAnother = error instanceof Problem && [0, 409, 423, 429, 502, 503].includes(error.status)
      if (!worthAnother || signal.aborted) throw error
      tell({ sent: offset, bytes: file.size, paused: error.status === 0 })
      await new Promise((resolve) => setTimeout(resolve, wait))
      offset = await offsetOf(id).catch(() => offset)
    }
  }
  tell({ sent: file.size, bytes: file.size, paused: false })
  return id
}

async function offsetOf(id: string): Promise<number> {
  return (await read<GetApiConsoleUploadsByIdResponse>(`/api/console/uploads/${id}`)).offset
}

async function digestOf(file: File): Promise<string | undefined> {
  // Only where the browser trusts the address has it the means.
  if (file.size > HASHED_UP_TO_BYTES || crypto.subtle === undefined) return undefined
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
