/* What quiz and overview both say. */
import { computed, onUnmounted, ref } from 'vue'
import { attempt } from '@/attempt'
import { isEmpty } from '@/attempt/answers'

export const questions = computed(() => attempt.value.paper?.questions ?? [])
export const answered = computed(() => questions.value.filter((one) => !isEmpty(attempt.value.answers[one.number])).length)
export const open = computed(() => questions.value.length - answered.value)

/* Answers that no server has. */
export const onThisPhone = computed(() => Object.values(attempt.value.answerStates).filter((state) => state === 'only_on_this_phone').length)

/* A word that goes away by itself. */
export function useToast(ms = 4500) {
  const toast = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined
  const say = (text: string) => {
    clearTimeout(timer)
    toast.value = text
    timer = setTimeout(() => { toast.value = '' }, ms)
  }
  onUnmounted(() => clearTimeout(timer))
  return { toast, say }
}
