import { Converter } from 'opencc-js/t2cn'

let convert: ((text: string) => string) | undefined

/** Traditional characters of Taiwan and Hong Kong in their simplified forms; made on first use, its tables are large. */
export function foldForms(text: string): string {
  convert ??= Converter({ from: 't', to: 'cn' }) as (text: string) => string
  return convert(text)
}
