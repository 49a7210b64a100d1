#include "api/routes.h"

const struct route *const api_routes[] = {
    &health_get, &ready_get, &metrics_get,
    &docs_index, &docs_file, &openapi_get,
    &app_page, &app_assets, &app_static, &wall_index, &wall_page, &wall_assets,
    &sessions_post, &sessions_refresh, &sessions_delete, &sessions_delete_all,
    &me_get, &me_put, &me_patch,
    &unions_list, &unions_get,
    &campaigns_list, &campaigns_get,
    &participation_get, &participation_put,
    &attempts_post, &attempts_list, &attempts_get,
    &answers_put, &submission_post, &standing_get,
    &people_board_get, &union_board_get, &wall_get,
    &results_get,
    &organizer_people, &organizer_unions, &organizer_attempts, &void_post,
    &imports_post, &imports_get, &imports_apply, &questions_list, &questions_template,
    NULL,
};
