/* The shapes of the API by short names.  All of them come from api-docs/openapi.yaml through schema.d.ts,
 * which the build writes; nothing here is made up by hand. */
import type { components, paths } from './schema'

type Schemas = components['schemas']

export type Tokens = Schemas['Tokens']
export type Me = Schemas['Me']
export type Union = Schemas['Union']
export type UnionBrief = Schemas['UnionBrief']
export type Campaign = Schemas['Campaign']
export type Participation = Schemas['Participation']
export type Question = Schemas['Question']
export type QuestionType = Schemas['QuestionType']
export type Choice = Schemas['Choice']
export type Answer = Schemas['Answer']
export type OpenAttempt = Schemas['OpenAttempt']
export type AttemptResult = Schemas['Result']
export type ResultSummary = Schemas['ResultSummary']
export type HandedIn = Schemas['HandedIn']
export type Marked = Schemas['Marked']
export type Places = Schemas['Places']
export type Place = Schemas['Place']
export type UnionPlace = Schemas['UnionPlace']
export type ProblemCode = Schemas['ProblemCode']
export type PeriodKind = Schemas['PeriodKind']

export type Method = 'get' | 'put' | 'post' | 'patch' | 'delete'

/* The paths of the document that know a method. */
export type PathsOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never
}[keyof paths]

export type Operation<P extends keyof paths, M extends Method> = M extends keyof paths[P] ? paths[P][M] : never

type JsonOf<R> = R extends { content: { 'application/json': infer B } } ? B : never

/* What an operation answers when all is well; nothing for a 204. */
export type OkOf<O> = O extends { responses: infer R }
  ? 204 extends keyof R
    ? void
    : JsonOf<R[keyof R & (200 | 201)]>
  : never

export type BodyOf<O> = O extends { requestBody?: infer R } ? JsonOf<NonNullable<R>> : never
export type PathOf<O> = O extends { parameters: { path: infer P } } ? P : undefined
export type QueryOf<O> = O extends { parameters: { query?: infer Q } } ? Q : undefined

export type Standing = OkOf<Operation<'/v1/campaigns/{campaign}/standing', 'get'>>
export type PeopleBoard = OkOf<Operation<'/v1/campaigns/{campaign}/boards/people', 'get'>>
export type PeopleRow = PeopleBoard['items'][number]
export type UnionBoard = OkOf<Operation<'/v1/campaigns/{campaign}/boards/unions', 'get'>>
export type UnionRow = UnionBoard['items'][number]
export type AttemptPage = OkOf<Operation<'/v1/campaigns/{campaign}/attempts', 'get'>>
export type HandInBody = BodyOf<Operation<'/v1/campaigns/{campaign}/attempts/{ordinal}/submission', 'post'>>
export type Saved = OkOf<Operation<'/v1/campaigns/{campaign}/attempts/{ordinal}/answers', 'put'>>
export type Topics = OkOf<Operation<'/v1/campaigns/{campaign}/topics', 'get'>>
export type Topic = Topics['items'][number]
export type PracticePage = OkOf<Operation<'/v1/campaigns/{campaign}/practice', 'get'>>
export type PracticeQuery = NonNullable<QueryOf<Operation<'/v1/campaigns/{campaign}/practice', 'get'>>>
export type Reviews = OkOf<Operation<'/v1/me/reviews', 'get'>>
/* A question to practise, with the campaign it is practised in. */
export type Card = PracticePage['items'][number] & { campaign: string }
export type CardAnswer = BodyOf<Operation<'/v1/campaigns/{campaign}/practice/{question}', 'post'>>
export type Verdict = OkOf<Operation<'/v1/campaigns/{campaign}/practice/{question}', 'post'>>
export type MistakePage = OkOf<Operation<'/v1/me/mistakes', 'get'>>
export type Mistake = MistakePage['items'][number]
export type FavouritePage = OkOf<Operation<'/v1/me/favourites', 'get'>>
export type Favourite = FavouritePage['items'][number]
export type Retention = OkOf<Operation<'/v1/me/retention', 'get'>>
export type UnionPage = OkOf<Operation<'/v1/unions', 'get'>>
export type FoundUnion = UnionPage['items'][number]
export type OneUnion = OkOf<Operation<'/v1/unions/{code}', 'get'>>
export type PeopleQuery = NonNullable<QueryOf<Operation<'/v1/campaigns/{campaign}/boards/people', 'get'>>>
export type UnionsQuery = NonNullable<QueryOf<Operation<'/v1/campaigns/{campaign}/boards/unions', 'get'>>>
export type Measure = UnionBoard['measure']
