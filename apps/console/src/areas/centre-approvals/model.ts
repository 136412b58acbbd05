import type { GetApiConsoleApprovalsResponse } from '@xinheng/client'

export type Approval = GetApiConsoleApprovalsResponse['approvals'][number]
