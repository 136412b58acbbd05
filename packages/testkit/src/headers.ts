/** Chinese headers of the official columns, with the brackets, stars and prefixes that deliveries have. */
export const CHINESE_HEADERS: Readonly<Record<string, string>> = {
  XK_XDR_MC: '行政相对人名称', XK_XDR_LB: '行政相对人类别', XK_XDR_SHXYM: '行政相对人代码_1(统一社会信用代码)', XK_FRDB: '法定代表人', XK_XKWS: '行政许可决定文书名称', XK_WSH: '行政许可决定书文号', XK_XKLB: '许可类别', XK_XKZS: '许可证书名称', XK_XKBH: '许可编号', XK_NR: '许可内容', XK_JDRQ: '许可决定日期', XK_YXQZ: '有效期自', XK_YXQZI: '有效期至', XK_XKJG: '许可机关', XK_XKJGDM: '许可机关统一社会信用代码', XK_ZT: '当前状态', XK_LYDW: '数据来源单位', XK_LYDWDM: '数据来源单位统一社会信用代码', BZ: '备注',
  CF_XDR_MC: '行政相对人名称*', CF_XDR_LB: '行政相对人类别', CF_XDR_SHXYM: '行政相对人代码_1（统一社会信用代码）', CF_FRDB: '法定代表人', CF_WSH: '行政处罚决定书文号', CF_WFXW: '违法行为类型', CF_SY: '违法事实', CF_YJ: '处罚依据', CF_CFLB: '处罚类别', CF_NR: '处罚内容', CF_NR_FK: '罚款金额（万元）', CF_NR_WFFF: '没收违法所得、没收非法财物的金额（万元）', CF_NR_ZKDX: '暂扣或吊销证照名称及编号', CF_JDRQ: '处罚决定日期', CF_YXQ: '处罚有效期', CF_CFJG: '处罚机关', CF_CFJGDM: '处罚机关统一社会信用代码', CF_SJLY: '数据来源单位', CF_SJLYDM: '数据来源单位统一社会信用代码',
}

/** Columns of the layout before 2018. */
export const OLDER_HEADERS: Readonly<Record<string, string>> = {
  XK_XDR_MC: 'XK_XDR', XK_XKWS: 'XK_XMMC', XK_XKLB: 'XK_SPLB', XK_YXQZI: 'XK_JZQ', XK_XKJG: 'XK_XZJG', XK_FRDB: 'XK_FR',
  CF_XDR_MC: 'CF_XDR', CF_WFXW: 'CF_CFMC', CF_CFLB: 'CF_CFLB1', CF_NR: 'CF_JG', CF_CFJG: 'CF_XZJG', CF_FRDB: 'CF_FR',
}
