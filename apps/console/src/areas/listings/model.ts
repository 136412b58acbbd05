import type { GetApiConsoleListingCasesByIdResponse } from '@xinheng/client'

export type ListingCase = GetApiConsoleListingCasesByIdResponse
