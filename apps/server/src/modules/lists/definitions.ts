import { type CatalogueItem, itemCodeOfList, type ListDefinition } from '@xinheng/core'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { Catalogue } from '../catalogue/index.ts'

/** The lists that there are, as policy defines them. */
export class Lists {
  readonly #catalogue: Catalogue

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue
  }

  /** In force on a day, in the order of their items. */
  current(day: string): ListDefinition[] {
    return this.#catalogue.lists(day)
  }

  /** @throws DomainError `list.unknown` */
  list(code: string, day: string): ListDefinition {
    const list = this.current(day).find((one) => one.code === code)
    if (list === undefined)
      throw new DomainError('list.unknown', {
        zh: `没有名单“${code}”。`,
        en: `There is no list “${code}”.`,
        remedyZh: '从名单目录中选择。',
        remedyEn: 'Choose one from the lists.',
        status: 404,
      })
    return list
  }

  /** The item that holds the entries of a list. */
  itemOf(list: ListDefinition, day: string): CatalogueItem {
    return this.#catalogue.item(itemCodeOfList(list), day)
  }
}
