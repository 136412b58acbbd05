const TYPES = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

/** A file to be saved, never shown in the page. */
export function fileHeaders(name: string, kind: keyof typeof TYPES): Record<string, string> {
  return {
    'content-type': TYPES[kind],
    'content-disposition': `attachment; filename="file.${kind}"; filename*=UTF-8''${encodeURIComponent(name)}`,
    'cache-control': 'no-store',
  }
}
