import { nonce } from './page-facts.ts'

/**
 * The component library measures scroll bars and locks scrolling behind dialogs by style elements that it gives no
 * nonce, though it is told one. Style elements made by our own scripts carry the page's; what comes in as HTML does not.
 */
const value = nonce()
if (value !== '') {
  const create = document.createElement.bind(document)
  document.createElement = (name: string, options?: ElementCreationOptions) => {
    const element = create(name, options)
    if (element instanceof HTMLStyleElement) element.nonce = value
    return element
  }
}
