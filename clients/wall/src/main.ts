import { createApp } from 'vue'
import './style/index.css'
import { readAddress } from './address'
import App from './App.vue'
import { setLanguage } from './texts'

const address = readAddress(location.pathname, location.search)
setLanguage(address.language)
document.documentElement.lang = address.language === 'en' ? 'en' : 'zh-CN'
document.documentElement.className = `${address.theme === 'light' ? 'theme-light' : 'theme-dark hall'} size-normal lang-${address.language}`
createApp(App, { address }).mount('#wall')
