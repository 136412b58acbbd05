/** What the server wrote into the page itself. */
const meta = (name: string) => document.querySelector(`meta[name="${name}"]`)?.getAttribute('content') ?? ''

/** Empty under the development server, where the server has not written it. */
export const CITY = meta('city').startsWith('__') ? '示例市' : meta('city')
/** The demo city: every page says that it is fictional. */
export const FICTIONAL = meta('fictional') === 'true'

/** The value that the page's policy allows style elements by. */
export function nonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
}
