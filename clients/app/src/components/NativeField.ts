/* #ifdef H5 */
import { defineComponent, h } from 'vue'

/**
 * A real <input>, for H5 only. uni-app's own wraps one that cannot be given a name, an autocomplete or a description;
 * in a template `input` would become that one, so this is drawn by hand. Words still being composed are not sent.
 */
export default defineComponent({
  name: 'NativeField',
  props: { value: { type: String, default: '' } },
  emits: ['input', 'enter', 'leave', 'enterField'],
  setup(props, { emit, attrs }) {
    let composing = false
    const send = (event: Event) => emit('input', (event.target as HTMLInputElement).value)
    return () => h('input', {
      ...attrs,
      value: props.value,
      onInput: (event: Event) => { if (!composing) send(event) },
      onCompositionstart: () => { composing = true },
      onCompositionend: (event: Event) => { composing = false; send(event) },
      onKeydown: (event: KeyboardEvent) => { if (event.key === 'Enter' && !event.isComposing) emit('enter') },
      onFocus: () => emit('enterField'),
      onBlur: () => emit('leave'),
    })
  },
})
/* #endif */
