import { describe, expect, test } from 'vitest'
import { DEMO_REGIONS, isRegion, regionName, successorOf } from './index.ts'

describe('regions', () => {
  test.each([
    ['510500', '泸州市'],
    ['510502', '江阳区'],
    ['510503', '纳溪区'],
    ['510504', '龙马潭区'],
    ['510521', '泸县'],
    ['510522', '合江县'],
    ['510524', '叙永县'],
    ['510525', '古蔺县'],
    ['510300', '自贡市'],
    ['510302', '自流井区'],
    ['510322', '富顺县'],
    ['511000', '内江市'],
    ['511083', '隆昌市'],
    ['511500', '宜宾市'],
    ['511529', '屏山县'],
    ['510000', '四川省'],
    ['110101', '东城区'],
    ['440301', '市辖区'],
    ['429004', '仙桃市'],
    ['100000', '全国'],
    ['810000', '香港特别行政区'],
  ])('%s is %s', (code, name) => {
    expect(isRegion(code)).toBe(true)
    expect(regionName(code)).toBe(name)
  })

  test.each([
    ['510523', '纳溪县', '510503'],
    ['511521', '宜宾县', '511504'],
    ['511522', '南溪县', '511503'],
    ['511028', '隆昌县', '511083'],
  ])('the abolished %s keeps its name %s and counts under %s', (code, name, successor) => {
    expect(regionName(code)).toBe(name)
    expect(successorOf(code)).toBe(successor)
    expect(successorOf(successor)).toBe(successor)
  })

  test('what nobody has named is no region', () => {
    expect(['990105', '519999', '5105', ''].map((code) => isRegion(code))).toEqual([
      false,
      false,
      false,
      false,
    ])
  })

  test('the demo’s regions are known where they are given, and are nowhere real', () => {
    for (const [code, name] of DEMO_REGIONS) {
      expect(code).toMatch(/^5199\d\d$/)
      expect(isRegion(code)).toBe(false)
      expect(isRegion(code, DEMO_REGIONS)).toBe(true)
      expect(regionName(code, DEMO_REGIONS)).toBe(name)
    }
  })
})
