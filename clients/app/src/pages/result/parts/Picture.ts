/* #ifdef H5 */
import { defineComponent, h } from 'vue'

/* A real <img>, for H5 only: it has a name, and WeChat's browser lets a long press keep it. */
export default defineComponent({
  name: 'Picture',
  setup: (_props, { attrs }) => () => h('img', attrs),
})
/* #endif */
