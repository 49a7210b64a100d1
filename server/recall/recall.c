#include "recall/recall.h"

#include <math.h>

const double recall_parameters[RECALL_PARAMETERS] = {
    0.212,  1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194,
    0.001,  1.8722, 0.1666, 0.796,  1.4835, 0.0614, 0.2629,
    1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
};

static const double *const w = recall_parameters;
static const double least_stability = 0.001;

static double within(double value, double least, double most)
{
    return fmin(fmax(value, least), most);
}

/* f of the forgetting curve. */
static double factor(void)
{
    return pow(0.9, -1 / w[20]) - 1;
}

static double first_difficulty(enum rating rating)
{
    return w[4] - exp(w[5] * ((int)rating - 1)) + 1;
}

struct recall recall_first(enum rating rating)
{
    return (struct recall){
        .stability = fmax(w[rating - 1], least_stability),
        .difficulty = within(first_difficulty(rating), 1, 10),
    };
}

double recall_chance(const struct recall *recall, double days)
{
    return pow(1 + factor() * days / recall->stability, -w[20]);
}

static double next_difficulty(double difficulty, enum rating rating)
{
    double damped = difficulty - w[6] * ((int)rating - 3) * (10 - difficulty) / 9;

    return within(w[7] * first_difficulty(RATING_EASY) + (1 - w[7]) * damped, 1, 10);
}

static double same_day(double stability, enum rating rating)
{
    double gain = exp(w[17] * ((int)rating - 3 + w[18])) * pow(stability, -w[19]);

    return stability * (rating >= RATING_GOOD ? fmax(gain, 1) : gain);
}

static double forgotten(const struct recall *was, double chance)
{
    double kept = w[11] * pow(was->difficulty, -w[12]) *
                  (pow(was->stability + 1, w[13]) - 1) * exp(w[14] * (1 - chance));

    return fmin(kept, was->stability / exp(w[17] * w[18]));
}

static double recalled(const struct recall *was, double chance, enum rating rating)
{
    double bonus = rating == RATING_HARD ? w[15] : rating == RATING_EASY ? w[16] : 1;

    return was->stability *
           (1 + exp(w[8]) * (11 - was->difficulty) * pow(was->stability, -w[9]) *
                    (exp(w[10] * (1 - chance)) - 1) * bonus);
}

struct recall recall_next(const struct recall *was, enum rating rating, int days)
{
    double chance = recall_chance(was, days);
    double stability = days < 1                 ? same_day(was->stability, rating)
                       : rating == RATING_AGAIN ? forgotten(was, chance)
                                                : recalled(was, chance, rating);

    return (struct recall){
        .stability = fmax(stability, least_stability),
        .difficulty = next_difficulty(was->difficulty, rating),
    };
}

int recall_interval(const struct recall *recall, double retention)
{
    double days = recall->stability / factor() * (pow(retention, -1 / w[20]) - 1);

    return (int)within(round(days), 1, RECALL_MAX_DAYS);
}
