#pragma once
#include "api/app.h"

/* Every endpoint, each at the end of its own file. */
extern const struct route health_get, ready_get, metrics_get;
extern const struct route docs_index, docs_file, openapi_get;
extern const struct route app_page, app_assets, app_static;
extern const struct route wall_index, wall_page, wall_assets;
extern const struct route sessions_post, sessions_refresh;
extern const struct route sessions_delete, sessions_delete_all;
extern const struct route me_get, me_put, me_patch;
extern const struct route unions_list, unions_get;
extern const struct route campaigns_list, campaigns_get;
extern const struct route participation_get, participation_put;
extern const struct route attempts_post, attempts_list, attempts_get;
extern const struct route answers_put, submission_post, standing_get;
extern const struct route people_board_get, union_board_get, wall_get;
extern const struct route topics_get, practice_list, practice_answer;
extern const struct route mistakes_get, reviews_get, retention_get;
extern const struct route favourites_get, favourites_put, favourites_delete;
extern const struct route results_get;
extern const struct route organizer_people, organizer_unions, organizer_attempts;
extern const struct route organizer_questions, organizer_topics, organizer_suspects;
extern const struct route organizer_retention, void_post;
extern const struct route corrections_post, corrections_list, corrections_get, moved_list;
extern const struct route question_get, question_put;
extern const struct route imports_post, imports_get, imports_apply;
extern const struct route questions_list, questions_template;
