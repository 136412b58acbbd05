import { GlobalOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { switchLanguage, useLanguage } from '../language.ts'

export function LanguageSwitch() {
  const other = useLanguage() === 'zh' ? 'en' : 'zh'
  return (
    <Button
      type="text"
      icon={<GlobalOutlined />}
      lang={other === 'zh' ? 'zh-CN' : 'en'}
      onClick={() => switchLanguage(other)}
    >
      {other === 'zh' ? '中文' : 'English'}
    </Button>
  )
}
