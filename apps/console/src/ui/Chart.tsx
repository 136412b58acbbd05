import { BarChart, LineChart, PieChart } from 'echarts/charts'
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
} from 'echarts/components'
import type { EChartsCoreOption } from 'echarts/core'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { useLanguage } from '../language.ts'

use([
  BarChart,
  LineChart,
  PieChart,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  MarkLineComponent,
  AriaComponent,
  CanvasRenderer,
])

const COLOURS = ['#0b5c7d', '#d08a1d', '#4f8f6c', '#a3453b', '#7a6aa8', '#5f7c8a']

/**
 * A chart. It is a picture: what it shows must also stand beside it as text or table.
 * @param label what a screen reader says in its place
 */
export function Chart({
  option,
  label,
  height = 240,
}: {
  option: EChartsCoreOption
  label: string
  height?: number
}) {
  const place = useRef<HTMLDivElement>(null)
  const language = useLanguage()
  useEffect(() => {
    const element = place.current
    if (element === null) return
    const chart = init(element, undefined, { renderer: 'canvas', locale: language === 'zh' ? 'ZH' : 'EN' })
    chart.setOption({
      color: COLOURS,
      textStyle: { fontFamily: 'inherit' },
      animationDuration: 250,
      ...option,
      // Tooltips as HTML would carry inline styles, which the page's policy forbids.
      tooltip: { renderMode: 'richText', ...(option.tooltip as object | undefined) },
    })
    const watcher = new ResizeObserver(() => chart.resize())
    watcher.observe(element)
    return () => {
      watcher.disconnect()
      chart.dispose()
    }
  }, [option, language])
  return <div ref={place} role="img" aria-label={label} style={{ height }} />
}
